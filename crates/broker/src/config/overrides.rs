//! Reads the file and lays `BANKCONNECT__…` variables over it.

use std::path::Path;

use serde::Deserialize as _;
use toml::{Table, Value};

use super::file::File;
use super::{Finding, Invalid};

const PREFIX: &str = "BANKCONNECT__";

/// A variable takes the place of a list, not of an entry of it.
const IN_LIST: &str = "leads into a list, which only one variable can hold as a whole, as in TOML: \
                       [{ certificate_file = \"…\", private_key_file = \"…\" }]";

/// What is written, in the file and in the environment.
pub(super) struct Written {
    pub(super) file: File,
    /// Keys that variables override, e.g. `listen.address`, each with the variable's name.
    pub(super) overridden: Vec<(String, String)>,
}

/// One variable: where it goes, and what it says.
struct Override {
    name: String,
    /// Tables and key, e.g. `providers`, `cnb-sandbox`, `name`.
    path: Vec<String>,
    value: Value,
}

pub(super) fn read(
    path: &Path,
    text: &str,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<Written, Invalid> {
    let file: File = toml::from_str(text).map_err(|error| wrong_file(path, text, &error))?;
    let table: Table = toml::from_str(text).map_err(|error| wrong_file(path, text, &error))?;
    let mut overrides = Vec::new();
    for (name, value) in environment.filter(|(name, _)| name.starts_with(PREFIX)) {
        let path = path_of(&name, &table).ok_or_else(|| wrong_variable(&name, "names no key"))?;
        if let Some((list, [_, ..])) = path.split_at_checked(3)
            && matches!(list, [providers, _, key] if providers == "providers" && key == "certificates")
        {
            return Err(wrong_variable(&name, IN_LIST));
        }
        let value = typed(&path, &value);
        overrides.push(Override { name, path, value });
    }
    if overrides.is_empty() {
        return Ok(Written { file, overridden: Vec::new() });
    }
    // together, for some keys come in pairs
    let file = with(&table, overrides.iter()).map_err(|error| {
        let guilty = overrides.iter().find(|one| {
            let others = overrides.iter().filter(|other| other.name != one.name);
            with(&table, others).is_ok()
        });
        wrong_variable(guilty.map_or(PREFIX, |one| &one.name), &error)
    })?;
    let overridden = overrides.into_iter().map(|one| (one.path.join("."), one.name)).collect();
    Ok(Written { file, overridden })
}

/// `BANKCONNECT__PROVIDERS__CNB_SANDBOX__NAME` → `providers.cnb-sandbox.name` where that table is
/// written with a hyphen, else `providers.cnb_sandbox.name`.
fn path_of(name: &str, table: &Table) -> Option<Vec<String>> {
    let written = name.strip_prefix(PREFIX)?.to_ascii_lowercase();
    let (parents, key) = written.rsplit_once("__").unwrap_or(("", &*written));
    let (mut path, mut table) = (Vec::new(), Some(table));
    for part in parents.split("__").filter(|_| !parents.is_empty()) {
        let hyphened = part.replace('_', "-");
        let is_hyphened = table.is_some_and(|table| table.contains_key(&hyphened));
        let part = if is_hyphened { hyphened } else { part.to_owned() };
        table = table.and_then(|table| table.get(&part)?.as_table());
        path.push(part);
    }
    path.push(key.to_owned());
    Some(path)
}

fn with<'a>(table: &Table, overrides: impl Iterator<Item = &'a Override>) -> Result<File, String> {
    let mut table = table.clone();
    for one in overrides {
        lay_over(&mut table, &one.path, one.value.clone()).ok_or("names no key")?;
    }
    File::deserialize(table).map_err(|error| error.message().to_owned())
}

fn lay_over(table: &mut Table, path: &[String], value: Value) -> Option<()> {
    let (key, parents) = path.split_last()?;
    let mut table = table;
    for part in parents {
        let inner = table.entry(part).or_insert_with(|| Value::Table(Table::new()));
        table = inner.as_table_mut()?;
    }
    table.insert(key.clone(), value);
    Some(())
}

/// A variable is text; where its key takes a number, a boolean or a list, it is written as in TOML.
fn typed(path: &[String], text: &str) -> Value {
    let parsed = toml::from_str::<Table>(&format!("v = {text}")).ok();
    let parsed = parsed.and_then(|mut table| table.remove("v"));
    let alone = |value: &Value| {
        let mut table = Table::new();
        lay_over(&mut table, path, value.clone());
        File::deserialize(table).is_ok()
    };
    match parsed {
        Some(value @ (Value::Boolean(_) | Value::Integer(_) | Value::Array(_)))
            if alone(&value) =>
        {
            value
        }
        _ => Value::String(text.to_owned()),
    }
}

fn wrong_file(path: &Path, text: &str, error: &toml::de::Error) -> Invalid {
    let start = error.span().map_or(0, |span| span.start.min(text.len()));
    let line = text[..start].matches('\n').count() + 1;
    let written = text.lines().nth(line - 1).unwrap_or_default().trim();
    Invalid {
        findings: vec![Finding {
            place: format!("{}:{line}", path.display()),
            key: written.split('=').next().unwrap_or_default().trim().to_owned(),
            what: error.message().to_owned(),
            fix: "write the key as the README's table of keys has it, or take the line out"
                .to_owned(),
        }],
    }
}

fn wrong_variable(name: &str, what: &str) -> Invalid {
    Invalid {
        findings: vec![Finding {
            place: "environment".to_owned(),
            key: name.to_owned(),
            what: what.to_owned(),
            fix: "name an existing key, e.g. BANKCONNECT__LISTEN__ADDRESS, or unset it".to_owned(),
        }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Result<File, Invalid> {
        let text = "[listen]\naddress = \"127.0.0.1:1\"\n[providers.cnb-sandbox]\n";
        let environment =
            variables.iter().map(|&(name, value)| (name.to_owned(), value.to_owned()));
        read(Path::new("b.toml"), text, environment).map(|written| written.file)
    }

    #[test]
    fn a_variable_overrides_its_key() {
        let file = with(&[("BANKCONNECT__LISTEN__ADDRESS", "0.0.0.0:2")]).unwrap();
        assert_eq!(file.listen.address.as_deref(), Some("0.0.0.0:2"));
        let file = with(&[("BANKCONNECT__PROVIDERS__CNB_SANDBOX__NAME", "Zkouška")]).unwrap();
        assert_eq!(file.providers["cnb-sandbox"].name.as_deref(), Some("Zkouška"));
        let file = with(&[("BANKCONNECT__APP__ORIGINS", r#"["https://a.example"]"#)]).unwrap();
        assert_eq!(file.app.origins, ["https://a.example"]);
    }

    #[test]
    fn text_that_looks_like_a_number_is_text_where_text_is_wanted() {
        let file = with(&[
            ("BANKCONNECT__TPP__IDENTIFICATION", "48136450"),
            ("BANKCONNECT__LIMITS__CONSENT_DAYS", "90"),
            ("BANKCONNECT__PROVIDERS__CNB__CLIENT_ID", "true"),
        ]);
        let file = file.unwrap();
        assert_eq!(file.tpp.identification.as_deref(), Some("48136450"));
        assert_eq!(file.limits.consent_days, Some(90));
        assert_eq!(file.providers["cnb"].client_id.as_deref(), Some("true"));
    }

    #[test]
    fn keys_that_come_in_pairs_come_together() {
        let certificate = ("BANKCONNECT__LISTEN__TLS__CERTIFICATE_FILE", "a.pem");
        let key = ("BANKCONNECT__LISTEN__TLS__PRIVATE_KEY_FILE", "a.key");
        assert!(with(&[certificate, key]).unwrap().listen.tls.is_some());
        let Err(error) = with(&[certificate]) else { panic!("accepted") };
        assert_eq!(error.findings[0].key, certificate.0);
    }

    #[test]
    fn a_wrong_variable_is_named() {
        let right = ("BANKCONNECT__LISTEN__ADDRESS", "0.0.0.0:2");
        let wrong = ("BANKCONNECT__LISTEN__ADRESS", "x");
        let Err(error) = with(&[right, wrong]) else { panic!("accepted") };
        assert_eq!(error.findings[0].key, wrong.0);
    }
}
