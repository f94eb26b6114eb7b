//! The second half of a connection: the callback page hands what the bank sent to the broker.

use js_sys::Object;
use protocol::path::CALLBACK;
use wasm_bindgen::JsValue;

use crate::attempt::{self, Attempt};
use crate::error::{Code, Failure, failure, get, set, text};
use crate::fetch::{Call, json};
use crate::hand_over;
use crate::query;
use crate::settings::Settings;
use crate::shape::CONNECTION;

/// What the bank's redirect brought to a page, already gone from its address bar (B07).
pub(crate) struct Landing {
    /// Origin and path of the page.
    pub(crate) redirect_uri: String,
    /// The whole query without its `?`, as it stood (B09).
    pub(crate) query: String,
    /// Both, as they were given.
    pub(crate) object: JsValue,
}

impl Landing {
    /// From `{redirectUri, query}`, as the shell and a popup's callback page write it.
    pub(crate) fn read(given: &JsValue) -> Option<Self> {
        let (redirect_uri, query) = (text(given, "redirectUri")?, text(given, "query")?);
        Some(Self { redirect_uri, query, object: given.clone() })
    }
}

/// Finishes the attempt a landing belongs to, if this tab started it; else hands the landing over
/// to the page that did. `undefined` when the landing is not ours or was handed over.
///
/// Errors: `state_mismatch` when nobody on this origin waits for it; those of [`finish`].
pub(crate) async fn land(settings: &Settings, landing: &Landing) -> Result<JsValue, Failure> {
    let Some(state) = query::own_state(&landing.query) else {
        return Ok(JsValue::UNDEFINED);
    };
    if let Some(attempt) = attempt::find(settings, &state)? {
        return finish(settings, &attempt, landing).await;
    }
    if hand_over::to_opener(settings, &state, landing).await? {
        return Ok(JsValue::NULL);
    }
    let message = "this return belongs to no attempt of this tab or of an open page";
    Err(failure(Code::StateMismatch, message))
}

/// Posts a landing with the verifier of its attempt. Returns `{connection, appState, rest}`.
///
/// The attempt is kept while the same landing may be tried again: the broker gives an answer that got
/// lost once more.
///
/// Errors: those of [`Call::send`], `invalid_response`.
pub(crate) async fn finish(
    settings: &Settings,
    attempt: &Attempt,
    landing: &Landing,
) -> Result<JsValue, Failure> {
    let body = Object::new();
    set(&body, "redirect_uri", &(&*landing.redirect_uri).into());
    set(&body, "query", &(&*landing.query).into());
    set(&body, "code_verifier", &attempt.verifier.expose().into());
    let call = Call { body: json(&body), ..Call::new("POST", CALLBACK) };
    let answer = call.send(settings).await;
    if !answer.as_ref().is_err_and(|failure| failure.code.retryable()) {
        attempt.forget(settings);
    }
    let result = Object::new();
    set(&result, "connection", &answer?.shaped(CONNECTION)?);
    for name in ["appState", "rest"] {
        set(&result, name, &get(&attempt.record, name));
    }
    Ok(result.into())
}
