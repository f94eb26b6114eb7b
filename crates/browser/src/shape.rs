//! What the broker's answers must look like, as tables; the browser parses the JSON, these check it.
//!
//! A test below proves every table against the types of the `protocol` crate, so a field renamed
//! there fails here. Fields that are new on the broker's side pass through unseen.

use js_sys::Array;
use wasm_bindgen::JsValue;

use crate::error::{Failure, get};
use crate::fetch::Answer;

/// What one field must be.
pub(crate) enum Field {
    Text,
    TextOrNull,
    Texts,
    Number,
    NumberOrNull,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// One of these words, or `null`.
    OneOfOrNull(&'static [&'static str]),
}

/// The fields an object must have.
pub(crate) type Shape = &'static [(&'static str, Field)];

use Field::{Number, NumberOrNull, OneOf, OneOfOrNull, Text, TextOrNull, Texts};

/// `protocol::authorization::StartedAuthorization`
pub(crate) const STARTED: Shape = &[("authorization_url", Text)];

/// `protocol::provider::Provider`
pub(crate) const PROVIDER: Shape = &[
    ("id", Text),
    ("name", Text),
    ("country", Text),
    ("environment", OneOf(&["production", "sandbox"])),
    ("connect", OneOf(&["authorization", "prepared_token"])),
    ("scopes", Texts),
    ("scopes_per_authorization", Number),
    ("authorization_origin", TextOrNull),
    ("redirect_uri", TextOrNull),
    ("prepared_tokens", Texts),
    ("prepared_certificates", Texts),
    ("cobs_version", OneOf(&["2.0", "5.0"])),
    ("consent_days", NumberOrNull),
    ("logo", TextOrNull),
];

/// `protocol::connection::Connection`
pub(crate) const CONNECTION: Shape = &[
    ("id", Text),
    ("provider", Text),
    ("provider_name", Text),
    ("environment", OneOf(&["production", "sandbox"])),
    ("scopes", Texts),
    ("status", OneOf(&["connected", "reconnect"])),
    (
        "reason",
        OneOfOrNull(&["consent_expired", "access_expired", "ended_by_bank", "lost_rotation"]),
    ),
    ("connected_at", Text),
    ("reconnect_by", TextOrNull),
    ("last_used_at", TextOrNull),
];

/// `protocol::connection::Receipt`, as far as the package shows it
pub(crate) const RECEIPT: Shape = &[
    ("connection", Text),
    ("disconnected_at", Text),
    ("at_bank", OneOf(&["revoked", "pending", "not_offered", "shared", "given_up"])),
];

impl Answer {
    /// The body, once it has this shape. Errors: `invalid_response`.
    pub(crate) fn shaped(self, shape: Shape) -> Result<JsValue, Failure> {
        let Self { response, body } = self;
        if fits(&body, shape) { Ok(body) } else { Err(Failure::not_the_contract(&response)) }
    }

    /// The array under `name`, once every item has this shape. Errors: `invalid_response`.
    pub(crate) fn items(&self, name: &str, shape: Shape) -> Result<JsValue, Failure> {
        let items = get(&self.body, name);
        let all = Array::is_array(&items) && Array::from(&items).iter().all(|it| fits(&it, shape));
        if all { Ok(items) } else { Err(Failure::not_the_contract(&self.response)) }
    }
}

fn fits(value: &JsValue, shape: Shape) -> bool {
    value.is_object() && shape.iter().all(|(name, field)| field.fits(&get(value, name)))
}

impl Field {
    fn fits(&self, value: &JsValue) -> bool {
        let one_of = |words: &[&str]| value.as_string().is_some_and(|it| words.contains(&&*it));
        match self {
            Text => value.is_string(),
            TextOrNull => value.is_null() || value.is_string(),
            Texts => {
                Array::is_array(value) && Array::from(value).iter().all(|item| item.is_string())
            }
            Number => value.as_f64().is_some(),
            NumberOrNull => value.is_null() || value.as_f64().is_some(),
            OneOf(words) => one_of(words),
            OneOfOrNull(words) => value.is_null() || one_of(words),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::authorization::StartedAuthorization;
    use protocol::connection::{AtBank, Cause, Connection, Reason, Receipt, Status};
    use protocol::provider::{CobsVersion, Connect, Environment, Provider};
    use serde_json::{Value, json, to_value};

    /// The same judgement as [`Field::fits`], on JSON that can be had outside a browser.
    fn fits(value: &Value, shape: Shape) -> bool {
        let object = value.as_object().unwrap();
        object.len() == shape.len()
            && shape.iter().all(|(name, field)| {
                match (field, value.get(name).unwrap_or(&Value::Bool(false))) {
                    (Text | TextOrNull, Value::String(_))
                    | (TextOrNull | NumberOrNull | OneOfOrNull(_), Value::Null)
                    | (Number | NumberOrNull, Value::Number(_)) => true,
                    (Texts, Value::Array(items)) => items.iter().all(Value::is_string),
                    (OneOf(words) | OneOfOrNull(words), Value::String(word)) => {
                        words.contains(&word.as_str())
                    }
                    _ => false,
                }
            })
    }

    fn words(shape: Shape, name: &str) -> usize {
        match shape.iter().find(|(field, _)| *field == name) {
            Some((_, OneOf(words) | OneOfOrNull(words))) => words.len(),
            _ => 0,
        }
    }

    fn connection(environment: Environment, status: Status, reason: Option<Reason>) -> Value {
        to_value(Connection {
            id: "c".into(),
            provider: "p".into(),
            provider_name: "P".into(),
            environment,
            scopes: vec!["aisp".into()],
            status,
            reason,
            connected_at: "2026-01-01T00:00:00Z".into(),
            reconnect_by: None,
            last_used_at: Some("2026-01-01T00:00:00Z".into()),
        })
        .unwrap()
    }

    #[test]
    fn connection_is_the_protocols() {
        let all = [
            Reason::ConsentExpired,
            Reason::AccessExpired,
            Reason::EndedByBank,
            Reason::LostRotation,
        ];
        for reason in all.into_iter().map(Some).chain([None]) {
            let reconnect = connection(Environment::Production, Status::Reconnect, reason);
            assert!(fits(&reconnect, CONNECTION));
        }
        assert!(fits(&connection(Environment::Sandbox, Status::Connected, None), CONNECTION));
        assert_eq!(words(CONNECTION, "reason"), all.len());
    }

    #[test]
    fn provider_is_the_protocols() {
        let other = [
            (Connect::Authorization, CobsVersion::V2, None),
            (Connect::PreparedToken, CobsVersion::V5, Some(180)),
        ];
        for (connect, cobs_version, consent_days) in other {
            let provider = Provider {
                id: "cnb".into(),
                name: "Česká národní banka".into(),
                country: "CZ".into(),
                environment: Environment::Production,
                connect,
                scopes: vec!["aisp".into()],
                scopes_per_authorization: 1,
                authorization_origin: None,
                redirect_uri: None,
                prepared_tokens: vec![],
                prepared_certificates: vec![],
                cobs_version,
                consent_days,
                logo: consent_days.map(|_| "/providers/cnb/logo".into()),
            };
            assert!(fits(&to_value(provider).unwrap(), PROVIDER));
        }
    }

    #[test]
    fn receipt_and_start_are_the_protocols() {
        use AtBank::{GivenUp, NotOffered, Pending, Revoked, Shared};
        for at_bank in [Revoked, Pending, NotOffered, Shared, GivenUp] {
            let receipt = Receipt {
                id: "r".into(),
                connection: "c".into(),
                provider: "cnb".into(),
                scopes: Vec::new(),
                connected_at: "2026".into(),
                disconnected_at: "2026".into(),
                cause: Cause::Disconnected,
                at_bank,
                acknowledged_at: None,
                tries: 1,
            };
            let mut receipt = to_value(receipt).unwrap();
            // the rest is handed on as it comes
            receipt
                .as_object_mut()
                .unwrap()
                .retain(|name, _| RECEIPT.iter().any(|it| it.0 == name));
            assert!(fits(&receipt, RECEIPT));
        }
        let started = StartedAuthorization { authorization_url: "https://bank.example/".into() };
        assert!(fits(&to_value(started).unwrap(), STARTED));
    }

    #[test]
    fn a_missing_or_misspelt_field_is_seen() {
        assert!(!fits(&json!({"authorisation_url": "https://bank.example/"}), STARTED));
        assert!(!fits(
            &json!({"connection": 1, "disconnected_at": "", "at_bank": "revoked"}),
            RECEIPT
        ));
        assert!(!fits(&json!({"connection": "", "disconnected_at": "", "at_bank": "x"}), RECEIPT));
        assert_eq!(words(PROVIDER, "cobs_version"), CobsVersion::ALL.len());
    }
}
