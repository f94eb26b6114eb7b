//! How a call fails, on its way to JavaScript: a code from a closed list and what the broker said.
//!
//! A [`Failure`] becomes a plain object; the TypeScript shell turns it into a `BankConnectError`.
//! Texts are fixed English for logs. They never hold a query, a code, a token or text of a bank.

use js_sys::{Array, Object, Reflect};
use protocol::problem;
use wasm_bindgen::JsValue;
use web_sys::Response;

/// What went wrong, in the words of `BankConnectError.code`.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub(crate) enum Code {
    /// The broker said so.
    Broker(problem::Code),
    /// The page set us up wrongly: mend the program.
    Config,
    /// This browser, or this frame, cannot do it.
    Unsupported,
    /// `sessionStorage` is blocked or full.
    StorageUnavailable,
    /// The person closed the window or pressed cancel, or the caller aborted.
    Closed,
    /// The authorization URL is not one of the bank's.
    UntrustedUrl,
    /// The return belongs to no attempt of this tab or of an open page.
    StateMismatch,
    /// No answer from the broker.
    Network,
    /// No answer from the broker in time.
    Timeout,
    /// An answer that is not the broker's contract.
    InvalidResponse,
}

impl Code {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Broker(code) => code.as_str(),
            Self::Config => "config",
            Self::Unsupported => "unsupported",
            Self::StorageUnavailable => "storage_unavailable",
            Self::Closed => "closed",
            Self::UntrustedUrl => "untrusted_url",
            Self::StateMismatch => "state_mismatch",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::InvalidResponse => "invalid_response",
        }
    }

    /// True when the same call may succeed later with nothing changed, so what it needs is kept.
    pub(crate) fn retryable(self) -> bool {
        use problem::Code::{BankUnavailable, RateLimited};
        matches!(self, Self::Network | Self::Timeout | Self::Broker(RateLimited | BankUnavailable))
    }
}

/// A failed call.
pub(crate) struct Failure {
    pub(crate) code: Code,
    message: &'static str,
    /// The broker's answer, and the checked problem in it.
    answer: Option<(JsValue, Option<Object>)>,
}

/// Short for a failure that no answer of the broker caused.
pub(crate) fn failure(code: Code, message: &'static str) -> Failure {
    Failure { code, message, answer: None }
}

impl Failure {
    /// The broker's answer was not a success. `body` is what it sent, when that was JSON.
    ///
    /// A status of a gateway without a problem of ours means that the broker was not reached.
    pub(crate) fn from_answer(response: &Response, body: &JsValue) -> Self {
        let named = text(body, "code");
        let known =
            problem::Code::ALL.into_iter().find(|code| named.as_deref() == Some(code.as_str()));
        match known {
            Some(code) => Self {
                code: Code::Broker(code),
                message: "the broker refused the call",
                answer: Some((JsValue::clone(response), Some(body.clone().into()))),
            },
            None if matches!(response.status(), 502..=504) => Self {
                code: Code::Network,
                message: "a gateway could not reach the broker",
                answer: Some((JsValue::clone(response), None)),
            },
            None => Self::not_the_contract(response),
        }
    }

    /// The answer is not what the contract with the broker says.
    pub(crate) fn not_the_contract(response: &Response) -> Self {
        let message = "the answer is not one of a bankconnect broker; is brokerUrl right?";
        Self {
            code: Code::InvalidResponse,
            message,
            answer: Some((JsValue::clone(response), None)),
        }
    }

    /// The plain object that the TypeScript shell expects. `asked`: the URL whose answer has no problem of ours,
    /// of which the shell takes away what belongs to the person.
    pub(crate) fn into_js(self) -> JsValue {
        let out = Object::new();
        set(&out, "code", &self.code.as_str().into());
        set(&out, "retryable", &self.code.retryable().into());
        set(&out, "message", &self.message.into());
        let Some((response, problem)) = self.answer else { return out.into() };
        set(&out, "status", &get(&response, "status"));
        let Some(problem) = problem else {
            set(&out, "asked", &get(&response, "url"));
            return out.into();
        };
        if let Some(detail) = text(&problem, "detail").or_else(|| text(&problem, "title")) {
            set(&out, "message", &detail.into());
        }
        if let Some(id) = text(&problem, "request_id") {
            set(&out, "requestId", &id.into());
        }
        if let Some(seconds) = get(&problem, "retry_after").as_f64() {
            set(&out, "retryAfter", &seconds.into());
        }
        let codes = get(&problem, "bank_codes");
        if Array::is_array(&codes) {
            set(&out, "bankCodes", &codes);
        }
        out.into()
    }
}

/// A property of a value that came from JSON; `undefined` where there is none.
pub(crate) fn get(value: &JsValue, name: &str) -> JsValue {
    Reflect::get(value, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A property that is a string.
pub(crate) fn text(value: &JsValue, name: &str) -> Option<String> {
    get(value, name).as_string()
}

/// Sets a property of an object of our own making, which cannot fail.
pub(crate) fn set(object: &Object, name: &str, value: &JsValue) {
    drop(Reflect::set(object, &name.into(), value));
}

/// The parts as one text; smaller in the page than the general `concat`.
pub(crate) fn joined(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        text.push_str(part);
    }
    text
}
