//! Reads the file and lays `BANKCONNECT__…` variables over it.

use std::path::Path;

use serde::Deserialize as _;
use toml::{Table, Value};

use super::file::File;
use super::{Finding, Invalid};

const PREFIX: &str = "BANKCONNECT__";

pub(super) fn read(
    path: &Path,
    text: &str,
    environment: impl Iterator<Item = (String, String)>,
) -> Result<File, Invalid> {
    let written: File = toml::from_str(text).map_err(|error| wrong_file(path, text, &error))?;
    let overrides: Vec<_> = environment.filter(|(name, _)| name.starts_with(PREFIX)).collect();
    if overrides.is_empty() {
        return Ok(written);
    }
    let mut table: Table = toml::from_str(text).map_err(|error| wrong_file(path, text, &error))?;
    for (name, value) in &overrides {
        lay_over(&mut table, name, value).ok_or_else(|| wrong_variable(name, "names no key"))?;
        // each alone, so that a wrong one can be named
        File::deserialize(table.clone()).map_err(|error| wrong_variable(name, error.message()))?;
    }
    File::deserialize(table).map_err(|error| wrong_variable(PREFIX, error.message()))
}

/// `BANKCONNECT__PROVIDERS__CNB_SANDBOX__NAME` → `providers.cnb-sandbox.name` where that table is
/// written with a hyphen, else `providers.cnb_sandbox.name`.
fn lay_over(table: &mut Table, name: &str, value: &str) -> Option<()> {
    let path = name.strip_prefix(PREFIX)?.to_ascii_lowercase();
    let (parents, key) = path.rsplit_once("__")?;
    let mut table = table;
    for part in parents.split("__") {
        let hyphened = part.replace('_', "-");
        let part = if table.contains_key(&hyphened) { hyphened } else { part.to_owned() };
        table = table.entry(part).or_insert_with(|| Value::Table(Table::new())).as_table_mut()?;
    }
    table.insert(key.to_owned(), typed(value));
    Some(())
}

/// A variable is text; numbers, booleans and lists are written as in TOML.
fn typed(text: &str) -> Value {
    let parsed = toml::from_str::<Table>(&format!("v = {text}")).ok();
    let parsed = parsed.and_then(|mut table| table.remove("v"));
    match parsed {
        Some(value @ (Value::Boolean(_) | Value::Integer(_) | Value::Array(_))) => value,
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

    fn with(name: &str, value: &str) -> Result<File, Invalid> {
        let text = "[listen]\naddress = \"127.0.0.1:1\"\n[providers.cnb-sandbox]\n";
        let environment = [(name.to_owned(), value.to_owned())].into_iter();
        read(Path::new("b.toml"), text, environment)
    }

    #[test]
    fn a_variable_overrides_its_key() {
        let file = with("BANKCONNECT__LISTEN__ADDRESS", "0.0.0.0:2").unwrap();
        assert_eq!(file.listen.address.as_deref(), Some("0.0.0.0:2"));
        let file = with("BANKCONNECT__PROVIDERS__CNB_SANDBOX__NAME", "Zkouška").unwrap();
        assert_eq!(file.providers["cnb-sandbox"].name.as_deref(), Some("Zkouška"));
        let file = with("BANKCONNECT__APP__ORIGINS", r#"["https://a.example"]"#).unwrap();
        assert_eq!(file.app.origins, ["https://a.example"]);
    }

    #[test]
    fn a_wrong_variable_is_named() {
        let Err(error) = with("BANKCONNECT__LISTEN__ADRESS", "x") else { panic!("accepted") };
        assert_eq!(error.findings[0].key, "BANKCONNECT__LISTEN__ADRESS");
    }
}
