//! An application as the registration describes it (bank-api fact 4.2): the fields of the request,
//! those that were given, and what the bank adds. Never the secret.

use serde_json::{Map, Value, json};

use crate::registry::{Application, ApplicationType};

/// `api_key` of a bank that has none.
pub(super) const NO_KEY: &str = "NOT_PROVIDED";

/// The fields of create and change, with the identifier.
pub(super) fn full(application: &Application) -> Map<String, Value> {
    let mut body = lasting(application);
    let passing = [
        ("client_name#en-US", &application.localized_name),
        ("logo_uri", &application.logo_uri),
        ("contact", &application.contact),
    ];
    for (name, value) in passing {
        if let Some(value) = value {
            body.insert(name.to_owned(), json!(value));
        }
    }
    body
}

/// The same without those fields that the product has no column for (bank-api fact 4.4).
pub(super) fn lasting(application: &Application) -> Map<String, Value> {
    let application_type = match application.application_type {
        ApplicationType::Web => "web",
        ApplicationType::Native => "native",
    };
    let fields = [
        ("client_id", json!(application.client_id)),
        ("client_secret_expires_at", json!(0)),
        ("application_type", json!(application_type)),
        ("redirect_uris", json!(application.redirect_uris)),
        ("client_name", json!(application.name)),
        ("scopes", json!(application.scopes)),
    ];
    fields.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
}
