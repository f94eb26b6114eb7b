//! What an application is to be, and the rules that a bank has for it (bank-api facts 4.1, 4.4 and 4.5), held
//! here so that all that is wrong is told at once, before anything is sent. Lengths are bytes of UTF-8.

use serde::Serialize;
use url::Url;

use crate::config::OwnCertificate;

const LONGEST_NAME: usize = 255;
const LONGEST_LOCALIZED_NAME: usize = 1024;
const LONGEST_URI: usize = 2047;
const LONGEST_CONTACT: usize = 320;
const LONGEST_SCOPE: usize = 255;
const MOST_URIS: usize = 3;
const MOST_SCOPES: usize = 10;
/// Bytes that the product keeps of all redirect URIs together, joined by commas (bank-api fact 4.4).
const KEPT_OF_URIS: usize = 256;

/// The fields of an application; a change replaces all of them.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Wanted {
    /// `web` or `native`.
    pub application_type: String,
    /// Name for people.
    pub client_name: String,
    /// The same in English.
    #[serde(rename = "client_name#en-US", skip_serializing_if = "Option::is_none")]
    pub localized_name: Option<String>,
    /// Callback pages.
    pub redirect_uris: Vec<String>,
    /// What it may ask people for.
    pub scopes: Vec<String>,
    /// Address of a logo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

/// A rule that is broken.
pub struct Breach {
    /// The bank's name of the field.
    pub field: &'static str,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub fix: String,
}

impl Wanted {
    /// Every rule that is broken; the certificate tells which scopes it covers.
    pub fn breaches(&self, certificate: Option<&OwnCertificate>) -> Vec<Breach> {
        let mut found = Found(Vec::new());
        if !matches!(&*self.application_type, "web" | "native") {
            found.add("application_type", "is neither web nor native", "--type web");
        }
        found.text("client_name", &self.client_name, LONGEST_NAME, "--name");
        if let Some(name) = &self.localized_name {
            found.text("client_name#en-US", name, LONGEST_LOCALIZED_NAME, "--name-en");
        }
        self.redirect_uris(&mut found);
        self.scopes(&mut found, certificate);
        let logo = self.logo_uri.as_deref();
        if logo.is_some_and(|uri| uri.len() > LONGEST_URI || !is_address(uri, false)) {
            let what = format!("is no web address of at most {LONGEST_URI} bytes");
            found.add("logo_uri", &what, "--logo-uri https://…/logo.png, or leave it out");
        }
        if self.contact.as_deref().is_some_and(|contact| !is_mail(contact)) {
            let what = format!("is no e-mail address of at most {LONGEST_CONTACT} bytes");
            found.add("contact", &what, "--contact NAME@HOST, or leave it out");
        }
        found.0
    }

    /// What a bank takes and makes something else of.
    pub fn cautions(&self) -> Vec<String> {
        let with_comma = self.redirect_uris.iter().filter(|uri| uri.contains(','));
        let comma = |uri| format!("the bank keeps the comma in {uri} as %2C; configure it so, too");
        let mut cautions: Vec<_> = with_comma.map(comma).collect();
        let length = self.redirect_uris.join(",").replace(',', "%2C").len();
        if length > KEPT_OF_URIS {
            cautions.push(format!(
                "the redirect URIs have {length} bytes together; the product behind ČNB keeps {KEPT_OF_URIS}"
            ));
        }
        cautions
    }

    fn redirect_uris(&self, found: &mut Found) {
        let field = "redirect_uris";
        if self.redirect_uris.is_empty() {
            found.add(field, "is missing", "--redirect-uri, or redirect_uri in the configuration");
        }
        if self.redirect_uris.len() > MOST_URIS {
            let what = format!("are {}, more than {MOST_URIS}", self.redirect_uris.len());
            found.add(field, &what, "leave some out; --redirect-uri, once for each that stays");
        }
        let own = self.application_type == "native";
        for uri in &self.redirect_uris {
            if uri.len() > LONGEST_URI {
                let what = format!("has one of {} bytes, more than {LONGEST_URI}", uri.len());
                found.add(field, &what, "name a shorter callback page");
            } else if uri.contains('#') {
                let what = format!("{uri} has a fragment");
                found.add(field, &what, "leave out # and what follows");
            } else if !is_address(uri, own) {
                let what = format!("{} is no absolute URI for type {}", uri, self.application_type);
                let fix = if own {
                    "e.g. com.example.app:/callback"
                } else {
                    "e.g. https://app.example/callback"
                };
                found.add(field, &what, fix);
            }
        }
    }

    fn scopes(&self, found: &mut Found, certificate: Option<&OwnCertificate>) {
        if self.scopes.is_empty() {
            found.add("scopes", "is missing", "--scope, or scopes in the configuration");
        }
        if self.scopes.len() > MOST_SCOPES {
            let what = format!("are {}, more than {MOST_SCOPES}", self.scopes.len());
            found.add("scopes", &what, "leave some out; --scope, once for each that stays");
        }
        for scope in &self.scopes {
            let plain = scope.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if !plain || scope.is_empty() || scope.len() > LONGEST_SCOPE {
                let what = format!("\"{scope}\" is not of 1 to {LONGEST_SCOPE} letters and digits");
                found.add("scopes", &what, "e.g. --scope aisp");
            }
        }
        for (scope, role) in certificate.map(|own| own.lacks(&self.scopes)).unwrap_or_default() {
            let what =
                format!("has {scope}, but the certificate lacks its PSD2 role {}", role.as_str());
            let fix = format!("leave {scope} out, or name a certificate for {}", role.meaning());
            found.add("scopes", &what, &fix);
        }
    }
}

struct Found(Vec<Breach>);

impl Found {
    fn add(&mut self, field: &'static str, what: &str, fix: &str) {
        self.0.push(Breach { field, what: what.to_owned(), fix: fix.to_owned() });
    }

    fn text(&mut self, field: &'static str, text: &str, limit: usize, flag: &str) {
        let fix = format!("{flag}, with 1 to {limit} bytes on one line");
        if text.trim().is_empty() {
            self.add(field, "is missing", &fix);
        } else if text.len() > limit || text.contains(char::is_control) {
            let what =
                format!("has {} bytes, more than {limit}, or more than one line", text.len());
            self.add(field, &what, &fix);
        }
    }
}

/// An absolute URI without fragment, written as it has to be (RFC 3986): of the web, or where `own` allows it of a
/// scheme that belongs to an app.
fn is_address(uri: &str, own: bool) -> bool {
    let legal =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=%".contains(&byte);
    let whole = |rest: &str| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    if !uri.bytes().all(legal) || !uri.split('%').skip(1).all(whole) {
        return false;
    }
    let Some((scheme, rest)) = uri.split_once(':') else { return false };
    let Ok(url) = Url::parse(uri) else { return false };
    if matches!(url.scheme(), "http" | "https") {
        return rest.starts_with("//") && !rest.starts_with("///") && url.has_host();
    }
    own && !scheme.is_empty() && !rest.is_empty()
}

fn is_mail(text: &str) -> bool {
    let parts = text.rsplit_once('@');
    let both = parts.is_some_and(|(local, host)| !local.is_empty() && !host.is_empty());
    both && text.len() <= LONGEST_CONTACT
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}
