//! What the page chose when it made its `BankConnect`, handed over with every call.

use js_sys::Function;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Storage, Url, Window};

use crate::error::{Code, Failure, failure, get, text};

/// The options, checked.
pub(crate) struct Settings {
    pub(crate) window: Window,
    /// Absolute URL of the broker without a slash at the end.
    pub(crate) broker: String,
    pub(crate) timeout_ms: i32,
    /// How long an attempt is waited for and remembered.
    pub(crate) attempt_ttl_ms: f64,
    storage: JsValue,
    /// Reads JSON without losing a digit of an amount.
    pub(crate) parse: Function,
}

impl Settings {
    /// Reads what the TypeScript shell keeps (`Options` in `ts/core.ts`).
    ///
    /// Errors: `unsupported` outside a window, `config` when the broker is on another origin: its
    /// cookie is `SameSite=Strict` and it grants no CORS, so nothing could work (B16).
    pub(crate) fn read(options: &JsValue) -> Result<Self, Failure> {
        let window: Window = js_sys::global().unchecked_into();
        let here = get(&window, "location");
        if here.is_undefined() {
            return Err(failure(Code::Unsupported, "there is no page here"));
        }
        let given = text(options, "brokerUrl").zip(text(&here, "href"));
        let broker = given
            .and_then(|(url, here)| Url::new_with_base(&url, &here).ok())
            .filter(|url| text(url, "origin") == text(&here, "origin"))
            .and_then(|url| text(&url, "href"))
            .ok_or_else(|| failure(Code::Config, "brokerUrl must be on the page's own origin"))?;
        let milliseconds = |name| get(options, name).as_f64().unwrap_or_default();
        #[expect(clippy::cast_possible_truncation, reason = "saturates; timers take whole numbers")]
        let timeout_ms = milliseconds("timeoutMs") as i32;
        Ok(Self {
            window,
            broker: broker.strip_suffix('/').unwrap_or(&broker).into(),
            timeout_ms,
            attempt_ttl_ms: milliseconds("attemptTtlMs"),
            storage: get(options, "storage"),
            parse: get(options, "parse").unchecked_into(),
        })
    }

    /// The store the page chose, else this tab's `sessionStorage`.
    ///
    /// Errors: `storage_unavailable` when the browser forbids it.
    pub(crate) fn storage(&self) -> Result<Storage, Failure> {
        let own = || get(&self.window, "sessionStorage"); // reading it throws where it is blocked
        let storage = if self.storage.is_object() { self.storage.clone() } else { own() };
        if storage.is_object() {
            return Ok(storage.unchecked_into()); // the page's own has the same five members
        }
        Err(failure(Code::StorageUnavailable, "sessionStorage is blocked"))
    }
}
