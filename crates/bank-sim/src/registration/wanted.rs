//! What a third party wants registered: the body of create and change (bank-api facts 4.1, 4.4 and
//! 4.5). Lengths are counted in bytes of UTF-8. Unknown fields are passed over.

use serde_json::{Map, Value};

use super::redirect;
use super::{Party, Refusal};
use crate::call::Call;
use crate::json;
use crate::pki::Role;
use crate::registry::{Application, ApplicationType};

const MOST_SCOPES: usize = 10;
const LONGEST_SCOPE: usize = 255;
const MOST_URIS: usize = 3;
const LONGEST_URI: usize = 2047;

/// The fields of a good request.
pub(super) struct Wanted {
    application_type: ApplicationType,
    name: String,
    localized_name: Option<String>,
    redirect_uris: Vec<String>,
    scopes: Vec<String>,
    logo_uri: Option<String>,
    contact: Option<String>,
}

impl Wanted {
    /// Reads and checks the body.
    ///
    /// Errors: 415, 400 `invalid_request`, `invalid_scope`, `invalid_redirect_uri`, 403
    /// `insufficient_scope`.
    pub(super) fn read(call: &Call, party: &Party) -> Result<Self, Refusal> {
        let media = call.header("content-type").unwrap_or("").split(';').next().unwrap_or("");
        if !media.trim().eq_ignore_ascii_case("application/json") {
            return Err(Refusal::media_type());
        }
        let body = json::read(&call.body);
        let body = Body(body.ok_or_else(|| Refusal::request("Body is no JSON object."))?);
        let scopes = scopes(&body, party)?;
        if party.organization.as_deref().is_none_or(str::is_empty) {
            return Err(Refusal::request("Third-party name is not present."));
        }
        let application_type = match body.required("application_type", 255)? {
            "web" => ApplicationType::Web,
            "native" => ApplicationType::Native,
            _ => {
                return Err(Refusal::request(
                    "Invalid application type - must be 'native' or 'web'.",
                ));
            }
        };
        let (name, localized_name) =
            (body.required("client_name", 255)?.to_owned(), body.text("client_name#en-US", 1024)?);
        let logo_uri = body.text("logo_uri", LONGEST_URI)?;
        let contact = body.text("contact", 320)?;
        if logo_uri.as_deref().is_some_and(|uri| !redirect::fits(ApplicationType::Web, uri)) {
            return Err(Refusal::request("logo_uri is no web address."));
        }
        if contact.as_deref().is_some_and(|contact| !is_mail(contact)) {
            return Err(Refusal::request("contact is no e-mail address."));
        }
        let redirect_uris = redirect_uris(&body, application_type)?;
        Ok(Self {
            application_type,
            name,
            localized_name,
            redirect_uris,
            scopes,
            logo_uri,
            contact,
        })
    }

    /// Writes the fields into an application.
    pub(super) fn write_to(self, application: &mut Application) {
        application.application_type = self.application_type;
        application.name = self.name;
        application.localized_name = self.localized_name;
        application.redirect_uris = self.redirect_uris;
        application.scopes = self.scopes;
        application.logo_uri = self.logo_uri;
        application.contact = self.contact;
    }
}

/// Scopes that the bank has and the certificate has a role for.
fn scopes(body: &Body, party: &Party) -> Result<Vec<String>, Refusal> {
    let scopes = body.list("scopes")?;
    if scopes.len() > MOST_SCOPES || scopes.iter().any(|scope| scope.len() > LONGEST_SCOPE) {
        return Err(Refusal::request("scopes are too many or too long."));
    }
    if scopes.is_empty() {
        return Err(Refusal::scope("You must provide at least one OAuth 2.0 scope."));
    }
    let mut known = Vec::new();
    for scope in scopes {
        let role = match scope {
            "aisp" => Role::AccountInformation,
            "pisp" => Role::PaymentInitiation,
            _ => return Err(Refusal::scope(format!("You provided an invalid scope: {scope}."))),
        };
        if !known.iter().any(|(known, _)| *known == scope) {
            known.push((scope, role));
        }
    }
    match known.iter().find(|(_, role)| !party.roles.contains(role)) {
        Some((scope, _)) => Err(Refusal::insufficient_scope(scope)),
        None => Ok(known.into_iter().map(|(scope, _)| scope.to_owned()).collect()),
    }
}

/// Redirect URIs as the product stores them: joined by commas, hence without any.
fn redirect_uris(body: &Body, kind: ApplicationType) -> Result<Vec<String>, Refusal> {
    let uris = body.list("redirect_uris")?;
    if uris.iter().any(|uri| uri.len() > LONGEST_URI) {
        return Err(Refusal::request("A redirect URI is too long."));
    }
    if uris.is_empty() {
        return Err(Refusal::redirect_uri("You must provide at least one redirect URI."));
    }
    if uris.len() > MOST_URIS {
        return Err(Refusal::redirect_uri("You provided too many redirect URIs."));
    }
    match uris.iter().find(|uri| !redirect::fits(kind, uri)) {
        Some(uri) => {
            Err(Refusal::redirect_uri(format!("You provided an invalid redirect URI: {uri}.")))
        }
        None => Ok(uris.into_iter().map(|uri| uri.replace(',', "%2C")).collect()),
    }
}

fn is_mail(text: &str) -> bool {
    let parts = text.rsplit_once('@');
    parts.is_some_and(|(local, host)| !local.is_empty() && !host.is_empty())
        && !text.contains(char::is_whitespace)
}

struct Body(Map<String, Value>);

impl Body {
    /// An optional text of at most `limit` bytes; null is none.
    fn text(&self, name: &str, limit: usize) -> Result<Option<String>, Refusal> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.len() <= limit => Ok(Some(text.clone())),
            Some(Value::String(_)) => Err(Refusal::request(format!("{name} is too long."))),
            Some(_) => Err(Refusal::request(format!("{name} is no text."))),
        }
    }

    fn required(&self, name: &str, limit: usize) -> Result<&str, Refusal> {
        self.text(name, limit)?;
        let text = self.0.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        text.ok_or_else(|| Refusal::request(format!("{name} is not present.")))
    }

    fn list(&self, name: &str) -> Result<Vec<&str>, Refusal> {
        let items = self.0.get(name).and_then(Value::as_array);
        let items = items.and_then(|items| items.iter().map(Value::as_str).collect());
        items.ok_or_else(|| Refusal::request(format!("{name} is no list of texts.")))
    }
}
