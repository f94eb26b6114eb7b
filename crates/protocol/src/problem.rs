//! How a call fails: RFC 9457 problem details with a closed list of codes a page can act on.

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Media type of every error answer (RFC 9457 §3).
pub const MEDIA_TYPE: &str = "application/problem+json";

/// `type` of a problem is this, followed by its code.
pub const TYPE_PREFIX: &str = "urn:bankconnect:problem:";

/// What to do next. The list only grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Code {
    /// 400: the call itself is wrong; mend the program.
    InvalidRequest,
    /// 400: this authorization is unknown, too old or used up; start a new one.
    AuthorizationExpired,
    /// 401: nothing is connected here; show the button.
    NotConnected,
    /// 401: the consent has ended; offer to connect again.
    Reconnect,
    /// 403: a security check failed; do not retry.
    Refused,
    /// 403: the person said no at the bank; nothing is wrong.
    Cancelled,
    /// 403: the connection was not granted the scope this call needs.
    ScopeMissing,
    /// 404: no such thing; mend the program.
    NotFound,
    /// 413: the request is larger than the broker takes.
    TooLarge,
    /// 422: the bank answered and said no; `bank_codes` say why.
    BankRefused,
    /// 429: too many calls; wait `retry_after` seconds.
    RateLimited,
    /// 500: our fault; quote `request_id`.
    Internal,
    /// 502, 503 or 504: the bank did not answer usefully; try again later.
    BankUnavailable,
    /// 502: the bank was asked to act and its answer got lost; look at what became of it before
    /// anything is tried again.
    OutcomeUnknown,
}

impl Code {
    /// Every code, in the order of its status.
    pub const ALL: [Self; 14] = [
        Self::InvalidRequest,
        Self::AuthorizationExpired,
        Self::NotConnected,
        Self::Reconnect,
        Self::Refused,
        Self::Cancelled,
        Self::ScopeMissing,
        Self::NotFound,
        Self::TooLarge,
        Self::BankRefused,
        Self::RateLimited,
        Self::Internal,
        Self::BankUnavailable,
        Self::OutcomeUnknown,
    ];

    /// The code as it stands in JSON, e.g. `not_connected`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::AuthorizationExpired => "authorization_expired",
            Self::NotConnected => "not_connected",
            Self::Reconnect => "reconnect",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
            Self::ScopeMissing => "scope_missing",
            Self::NotFound => "not_found",
            Self::TooLarge => "too_large",
            Self::BankRefused => "bank_refused",
            Self::RateLimited => "rate_limited",
            Self::Internal => "internal",
            Self::BankUnavailable => "bank_unavailable",
            Self::OutcomeUnknown => "outcome_unknown",
        }
    }
}

/// Body of every error answer.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Problem {
    /// [`TYPE_PREFIX`] and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// Short English sentence, the same for every problem of this code.
    pub title: String,
    /// The HTTP status, repeated.
    pub status: u16,
    /// What to do next.
    pub code: Code,
    /// English sentence about this occurrence; never text from the bank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub detail: Option<String>,
    /// Id of the call, for the operator's log.
    pub request_id: String,
    /// Known codes of the bank's own answer, e.g. `["DT01"]`; only with `bank_refused`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<Vec<String>>"))]
    pub bank_codes: Vec<String>,
    /// Seconds to wait; with `rate_limited` and sometimes `bank_unavailable`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub retry_after: Option<u32>,
}
