//! The new configuration's text. Whoever reads it has read nothing else, so each line says what it is for.

use serde_json::Value;

use super::settings::Settings;

/// Columns before a comment.
const MARGIN: usize = 45;

impl Settings {
    /// The whole file; the provider's table is its end, so that lines can be added to it.
    pub(super) fn text(&self) -> String {
        let mut lines = vec![
            "# Settings of a bankconnect broker. `bankconnect check` tells what is wrong here, and how to mend it;".to_owned(),
            "# the README of the broker explains every key. Files are looked for beside this one.".to_owned(),
        ];
        if !self.dangerous.is_empty() {
            lines.push(String::new());
            lines.push(line(
                &format!("dangerous = {}", list(&self.dangerous)),
                "unsafe, and taken into account",
            ));
        }
        for section in [self.listen(), self.app(), store(), self.tpp(), self.provider()] {
            lines.push(String::new());
            lines.extend(section);
        }
        lines.push(String::new());
        lines.join("\n")
    }

    fn listen(&self) -> Vec<String> {
        vec![
            "[listen]".to_owned(),
            line(
                &pair("address", &self.listen),
                "the proxy that serves the app passes /bank/ on to it",
            ),
            line(
                "# trusted_proxies = [\"127.0.0.1\"]",
                "the proxies whose X-Forwarded-For is believed",
            ),
        ]
    }

    fn app(&self) -> Vec<String> {
        let origins = format!("origins = {}", list(std::slice::from_ref(&self.origin)));
        let mut lines = vec![
            "[app]".to_owned(),
            line(&origins, "the app's pages, as browsers name them: no path"),
        ];
        if self.development() {
            lines.push(line(
                "development_cookie = true",
                "browsers refuse the hardened cookie by http; take this out with https",
            ));
        }
        lines
    }

    fn tpp(&self) -> Vec<String> {
        let identification = if self.tpp_identification.is_empty() {
            "# identification = \"PSDCZ-CNB-12345678\"".to_owned()
        } else {
            pair("identification", &self.tpp_identification)
        };
        vec![
            "[tpp]".to_owned(),
            line(&pair("name", &self.tpp_name), "your company; banks are told it with each call"),
            line(&identification, "your licence number"),
        ]
    }

    fn provider(&self) -> Vec<String> {
        let id = &self.provider;
        let scopes: Vec<_> = self
            .scopes
            .split(|c: char| c.is_whitespace() || c == ',')
            .filter(|scope| !scope.is_empty())
            .map(str::to_owned)
            .collect();
        let mut lines = vec![
            format!("[providers.{}]", table_name(id)),
            line(
                &pair("preset", &self.preset),
                "what the bank's portal says of it; any key beside it overrides",
            ),
            line(&format!("scopes = {}", list(&scopes)), "what your licence and certificate cover"),
        ];
        if !self.base_api_url.is_empty() {
            lines.push(line(&pair("base_api_url", &self.base_api_url), "from the bank"));
        }
        if !self.redirect_uri.is_empty() {
            lines.push(line(
                &pair("redirect_uri", &self.redirect_uri),
                "the app's callback page, exactly as the bank is to know it",
            ));
        }
        if self.people_log_in() {
            let file = |key: &str, end: &str, comment: &str| {
                line(&pair(key, &format!("{id}.{end}")), comment)
            };
            lines.push(file(
                "certificate_file",
                "crt.pem",
                "`bankconnect cert import` writes these two",
            ));
            lines.push(file("private_key_file", "key.pem", ""));
            lines.push(file(
                "client_id_file",
                "client-id",
                "`bankconnect app register` writes these two",
            ));
            lines.push(file("client_secret_file", "secret", ""));
        }
        let trust = "trust exactly these authorities, not the system's";
        if self.ca_file.is_empty() {
            lines.push(line("# ca_file = \"bank-ca.pem\"", trust));
        } else {
            lines.push(line(&pair("ca_file", &self.ca_file), trust));
        }
        lines
    }
}

fn store() -> Vec<String> {
    vec![
        "[store]".to_owned(),
        line("file = \"bankconnect.db\"", "made at the first start"),
        line(
            "key_file = \"bankconnect.keys\"",
            "seals the tokens; keep a copy, apart from the database's",
        ),
    ]
}

fn pair(key: &str, text: &str) -> String {
    format!("{key} = {}", quoted(text))
}

fn list(texts: &[String]) -> String {
    let texts: Vec<_> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(", "))
}

/// A basic string of TOML on one line: JSON's, but for one character that JSON does not escape.
fn quoted(text: &str) -> String {
    Value::from(text).to_string().replace('\u{7f}', "\\u007F")
}

/// A name that a table may bear as it is, or in quotes: those are refused later, by name.
fn table_name(id: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !id.is_empty() && id.chars().all(plain) { id.to_owned() } else { quoted(id) }
}

fn line(setting: &str, comment: &str) -> String {
    if comment.is_empty() { setting.to_owned() } else { format!("{setting:MARGIN$} # {comment}") }
}
