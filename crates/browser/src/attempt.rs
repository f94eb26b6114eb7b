//! Attempts to connect, kept in this tab's `sessionStorage` under their own `state`.
//!
//! Each attempt has its own key and there is no lock, so two tabs, or an abandoned attempt, never
//! stand in each other's way (B15). The device's clock only tidies up; whether an authorization
//! is too old is the broker's word (B24).

use js_sys::{Date, JSON, Object};
use protocol::pkce::CodeVerifier;
use protocol::state::State;
use wasm_bindgen::JsValue;
use web_sys::Storage;

use crate::error::{Code, Failure, failure, get, joined, set, text};
use crate::settings::Settings;

const PREFIX: &str = "bankconnect:";

/// One pending attempt.
pub(crate) struct Attempt {
    key: String,
    pub(crate) verifier: CodeVerifier,
    /// Holds `appState` and `rest`, which the page gets back with the result.
    pub(crate) record: JsValue,
}

/// Remembers a new attempt, after forgetting old ones.
///
/// Errors: `storage_unavailable`.
pub(crate) fn keep(
    settings: &Settings,
    state: &State,
    verifier: &CodeVerifier,
    app_state: &JsValue,
    rest: &JsValue,
) -> Result<(), Failure> {
    let storage = settings.storage()?;
    sweep(&storage, Date::now() - settings.attempt_ttl_ms);
    let record = Object::new();
    set(&record, "verifier", &verifier.expose().into());
    set(&record, "since", &Date::now().into());
    set(&record, "appState", app_state);
    set(&record, "rest", rest);
    let unusable = |_| failure(Code::Config, "appState must be plain JSON");
    let record = String::from(JSON::stringify(&record).map_err(unusable)?);
    storage
        .set_item(&key(state), &record)
        .map_err(|_| failure(Code::StorageUnavailable, "sessionStorage is full"))
}

/// The pending attempt with this state; `None` when this tab has none.
///
/// Errors: `storage_unavailable`.
pub(crate) fn find(settings: &Settings, state: &State) -> Result<Option<Attempt>, Failure> {
    let key = key(state);
    let record = settings.storage()?.get_item(&key).ok().flatten();
    Ok(record.and_then(|record| read(key, &record)))
}

/// Forgets the attempt with this state. Nothing can be done about a store that fails now.
pub(crate) fn forget(settings: &Settings, state: &State) {
    if let Ok(storage) = settings.storage() {
        drop(storage.remove_item(&key(state)));
    }
}

impl Attempt {
    /// Forgets this attempt.
    pub(crate) fn forget(&self, settings: &Settings) {
        if let Ok(storage) = settings.storage() {
            drop(storage.remove_item(&self.key));
        }
    }
}

fn key(state: &State) -> String {
    joined(&[PREFIX, state.as_str()])
}

fn read(key: String, record: &str) -> Option<Attempt> {
    let record = JSON::parse(record).ok()?;
    let verifier = CodeVerifier::parse(&text(&record, "verifier")?).ok()?;
    Some(Attempt { key, verifier, record })
}

/// Forgets attempts from before `oldest` (milliseconds since 1970) and unreadable ones.
fn sweep(storage: &Storage, oldest: f64) {
    let count = storage.length().unwrap_or(0);
    let keys: Vec<String> = (0..count).filter_map(|at| storage.key(at).ok().flatten()).collect();
    for key in keys.iter().filter(|key| key.starts_with(PREFIX)) {
        let record = storage.get_item(key).ok().flatten();
        let record = record.and_then(|record| JSON::parse(&record).ok());
        let since = record.and_then(|record| get(&record, "since").as_f64());
        if !since.is_some_and(|since| since > oldest) {
            drop(storage.remove_item(key));
        }
    }
}
