//! What can be connected, what is connected, and ending it.
//!
//! Each function describes a call and what its answer must be; [`Ask::send`] carries it out.

use js_sys::{Array, Object, encode_uri_component};
use protocol::path::{CONNECTIONS, PROVIDERS};
use wasm_bindgen::JsValue;

use crate::error::{Code, Failure, failure, get, joined, set, text};
use crate::fetch::{Call, json};
use crate::settings::Settings;
use crate::shape::{CONNECTION, PROVIDER, RECEIPT, Shape};

/// A call whose checked answer goes to the page as it is.
pub(crate) struct Ask {
    pub(crate) call: Call,
    pub(crate) expect: Expect,
}

/// What an answer must be.
pub(crate) enum Expect {
    One(Shape),
    /// An array under this name.
    Many(&'static str, Shape),
    /// The shell knows.
    Any,
}

impl Ask {
    /// Errors: those of [`Call::send`], `invalid_response`.
    pub(crate) async fn send(self, settings: Settings) -> Result<JsValue, Failure> {
        let answer = self.call.send(&settings).await?;
        match self.expect {
            Expect::One(shape) => answer.shaped(shape),
            Expect::Many(name, shape) => answer.items(name, shape),
            Expect::Any => Ok(answer.body),
        }
    }
}

/// `GET /providers`
pub(crate) fn providers(given: &JsValue) -> Ask {
    let call = Call::new("GET", PROVIDERS).for_caller(given);
    Ask { call, expect: Expect::Many("providers", PROVIDER) }
}

/// The provider with the id `given.provider`, where a person logs in at the bank.
///
/// Errors: `config` when there is none; those of [`Ask::send`].
pub(crate) async fn provider(settings: &Settings, given: &JsValue) -> Result<JsValue, Failure> {
    let id = text(given, "provider");
    let wanted = |provider: &JsValue| {
        text(provider, "id") == id && text(provider, "connect").as_deref() == Some("authorization")
    };
    let answer = providers(given).call.send(settings).await?;
    let offered = Array::from(&answer.items("providers", PROVIDER)?);
    let none = || failure(Code::Config, "the broker offers no login at this provider");
    offered.iter().find(wanted).ok_or_else(none)
}

/// `POST /connections`: a sandbox that hands out tokens by name. `given` holds `provider`,
/// `token`, and where wanted `certificate`.
pub(crate) fn connect_prepared(given: &JsValue) -> Ask {
    let body = Object::new();
    for name in ["provider", "token", "certificate"] {
        set(&body, name, &get(given, name)); // `undefined` is left out of JSON
    }
    let call = Call { body: json(&body), ..Call::new("POST", CONNECTIONS).for_caller(given) };
    Ask { call, expect: Expect::One(CONNECTION) }
}

/// `GET /connections`
pub(crate) fn list(given: &JsValue) -> Ask {
    let call = Call::new("GET", CONNECTIONS).for_caller(given);
    Ask { call, expect: Expect::Many("connections", CONNECTION) }
}

/// `GET /connections/{id}`
pub(crate) fn one(given: &JsValue) -> Ask {
    Ask { call: Call::new("GET", path(given)).for_caller(given), expect: Expect::One(CONNECTION) }
}

/// `DELETE /connections/{id}`
pub(crate) fn disconnect(given: &JsValue) -> Ask {
    Ask { call: Call::new("DELETE", path(given)).for_caller(given), expect: Expect::One(RECEIPT) }
}

/// Path of the connection `given.id`; the id is escaped, so it cannot lead elsewhere.
pub(crate) fn path(given: &JsValue) -> String {
    joined(&[CONNECTIONS, "/", &escaped(&text(given, "id").unwrap_or_default())])
}

/// A path segment that stays one segment, even for `.` and `..`, which a browser would resolve.
pub(crate) fn escaped(segment: &str) -> String {
    match segment {
        "." => "%252E".into(),
        ".." => "%252E%252E".into(),
        _ => encode_uri_component(segment).into(),
    }
}
