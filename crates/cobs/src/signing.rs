//! Signing of payments, standing orders and batches (COBS 2.0 §3.2.6 to §3.2.9), the same for all.
//!
//! A scenario is a list of methods, done one after another; the person picks a scenario.

use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

use crate::order::{SignInfo, SignState};

/// A method of signing. `USERAGENT_REDIRECT` in the bank's own pages, `SMS` by a code. A bank may have
/// more.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(
    feature = "typescript",
    derive(ts_rs::TS),
    ts(type = "'USERAGENT_REDIRECT' | 'SMS' | (string & {})")
)]
pub struct AuthorizationType(pub String);

/// Body of `POST …/sign` (step 0) and `GET …/sign/{signId}` (step I): what can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct SigningOffer {
    /// Each a list of methods.
    pub scenarios: Option<Vec<Vec<AuthorizationType>>>,
    /// The signing.
    pub sign_info: SignInfo,
}

/// Body of `POST …/sign/{signId}` (step II): a method is begun.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct SigningBeginRequest {
    /// The method.
    pub authorization_type: String,
    /// Where the bank's pages send the person afterwards.
    pub redirect_url: Option<String>,
}

/// Answer of step II.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct SigningBegun {
    /// The method.
    pub authorization_type: Option<AuthorizationType>,
    /// The bank's page.
    pub href: Option<SigningPage>,
    /// How it is opened: `GET`, or `POST` with `formData`.
    pub method: Option<String>,
    /// Fields of the form to post.
    pub form_data: Option<FormData>,
    /// The signing.
    pub sign_info: Option<SignInfo>,
}

/// A page of the bank.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct SigningPage {
    /// Its address, opened as it stands.
    pub url: Option<String>,
    /// Id of the call.
    pub id: Option<String>,
}

/// Fields of a form that is posted to the bank's page.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct FormData {
    /// SAML request. The OpenAPI file calls it `url`.
    #[serde(rename = "SAMLRequest", alias = "url")]
    pub saml_request: Option<String>,
    /// Handed back. The OpenAPI file calls it `id`.
    #[serde(alias = "id")]
    pub relay_state: Option<String>,
}

/// Body of `PUT …/sign/{signId}` (step III): a method is ended, or its state asked for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct SigningEndRequest {
    /// The method.
    pub authorization_type: String,
    /// The code the person was sent.
    pub one_time_password: Option<String>,
}

/// Answer of step III.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct SigningProgress {
    /// How far it is.
    pub state: Option<SignState>,
    /// Ask again after so many milliseconds, while it is not at its end.
    pub poll_interval: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_are_read() {
        let offer = r#"{"scenarios":[["USERAGENT_REDIRECT"],["SMS","NEW"]],
            "signInfo":{"state":"OPEN","signId":"s"}}"#;
        let offer = serde_json::from_str::<SigningOffer>(offer).unwrap();
        assert_eq!(offer.scenarios.unwrap()[1][1], AuthorizationType("NEW".into()));
        let begun = r#"{ "authorizationType": "USERAGENT_REDIRECT",
            "href": {"url": "https://sim.local/?a=1&b=2", "id": "op-42"},
            "method": "GET", "formData": null, "signInfo": {"state": "OPEN", "signId": "s"} }"#;
        let begun = serde_json::from_str::<SigningBegun>(begun).unwrap();
        let page = begun.href.and_then(|href| href.url);
        assert_eq!(page.as_deref(), Some("https://sim.local/?a=1&b=2"));
        let progress = r#"{"state":"DONE","pollInterval":5000}"#;
        let progress = serde_json::from_str::<SigningProgress>(progress).unwrap();
        assert_eq!(progress.poll_interval, Some(5000.0));
    }

    #[test]
    fn a_form_is_read_by_both_names() {
        for json in [r#"{"SAMLRequest":"a","relayState":"b"}"#, r#"{"url":"a","id":"b"}"#] {
            let form = serde_json::from_str::<FormData>(json).unwrap();
            assert_eq!(
                (form.saml_request.unwrap(), form.relay_state.unwrap()),
                ("a".into(), "b".into())
            );
        }
    }
}
