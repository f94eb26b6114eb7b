//! Everything that can go wrong while answering: one enum, one match to HTTP.
//!
//! Each error has two readers. The caller gets a problem (RFC 9457) with a code from the closed
//! list and a fixed sentence (where the bank gave a known code, that code's, in Czech or English); the
//! operator gets `Display` with its chain of sources, and what the bank's code means, once, in the
//! request's log line. No text from the bank, the store or a library reaches a body.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::connection::Reason;
use protocol::problem::{Code, MEDIA_TYPE, Problem, TYPE_PREFIX};

use crate::ambient::NoRandomness;
use crate::bank::{BankError, Language, words};
use crate::store::StoreError;
use crate::vault::VaultError;

/// Why a call is not answered with what it asked for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The call is malformed; the sentence says what it should be.
    #[error("invalid request: {0}")]
    InvalidRequest(&'static str),
    /// The body is not the JSON this call takes.
    #[error("invalid body: {0}")]
    InvalidBody(&'static str),
    /// No such path, provider, connection or resource.
    #[error("not found: {0}")]
    NotFound(&'static str),
    /// The method is not offered here.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// The body is larger than the broker takes.
    #[error("request too large")]
    TooLarge,
    /// A check against forgery failed.
    #[error("refused: {0}")]
    Refused(&'static str),
    /// What came back from the bank is not what this authorization waits for.
    #[error("callback refused: {0}")]
    CallbackRefused(&'static str),
    /// A connection of this browser is being finished: to be asked again in a second.
    #[error("a connection of this browser is being finished")]
    Unfinished,
    /// The same order is on its way to the bank: to be asked for again in a second.
    #[error("the same order is on its way")]
    OrderInFlight,
    /// As many acts go on at this bank, or of this connection, as may: to be asked again in a second.
    #[error("too many acts at once")]
    Crowded,
    /// The connection has entered as many orders as are remembered at a time.
    #[error("too many orders of one connection")]
    TooManyOrders,
    /// The connection is bound to another subject.
    #[error("the connection is bound to another subject")]
    BoundOtherwise,
    /// The private door's key is missing or wrong.
    #[error("wrong key")]
    WrongKey,
    /// The account has been read as often without its owner as the law allows.
    #[error("the account's reads without the person are used up")]
    UnattendedLimit {
        /// Seconds until the next may be made.
        retry_after: u32,
    },
    /// The authorization is unknown, too old or used up.
    #[error("authorization unknown, expired or used up")]
    AuthorizationExpired,
    /// The person said no at the bank.
    #[error("the person cancelled at the bank")]
    Cancelled,
    /// There is no session, or it has no such connection.
    #[error("not connected")]
    NotConnected,
    /// The connection was not granted the scope that the route needs.
    #[error("the connection lacks the scope {0}")]
    ScopeMissing(&'static str),
    /// Our certificate, as it is now, has no PSD2 role for the scope.
    #[error("the certificate lacks the role {role} for the scope {scope}")]
    Uncovered {
        /// What was asked for.
        scope: String,
        /// What is missing.
        role: &'static str,
    },
    /// The consent has ended.
    #[error("reconnect: {0:?}")]
    Reconnect(Reason),
    /// The bank said no, or nothing useful.
    #[error(transparent)]
    Bank(#[from] BankError),
    /// Our store failed.
    #[error("store")]
    Store(#[from] StoreError),
    /// Sealing failed.
    #[error("vault")]
    Vault(#[from] VaultError),
    /// No random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// A handler panicked or a task was lost.
    #[error("internal: {0}")]
    Internal(&'static str),
}

/// What the log line says about a failed call; travels in the response's extensions.
#[derive(Clone)]
pub(crate) struct Logged {
    pub(crate) code: Code,
    pub(crate) cause: String,
    /// What the bank's code means, for the operator.
    pub(crate) advice: Option<&'static str>,
}

impl Error {
    /// The code a page acts on.
    pub fn code(&self) -> Code {
        self.answer().1
    }

    /// Status, code and sentence for the caller.
    fn answer(&self) -> (StatusCode, Code, &'static str) {
        use StatusCode as S;
        match self {
            Self::InvalidRequest(what) => (S::BAD_REQUEST, Code::InvalidRequest, what),
            Self::InvalidBody(_) => (
                S::BAD_REQUEST,
                Code::InvalidRequest,
                "The body is not the JSON that this call takes; see /openapi.json.",
            ),
            Self::NotFound(what) => (S::NOT_FOUND, Code::NotFound, what),
            Self::MethodNotAllowed => (
                S::METHOD_NOT_ALLOWED,
                Code::NotFound,
                "This path does not offer the method; see /openapi.json.",
            ),
            Self::TooLarge => {
                (S::PAYLOAD_TOO_LARGE, Code::TooLarge, "The body is larger than the broker takes.")
            }
            Self::Refused(what) => (S::FORBIDDEN, Code::Refused, what),
            Self::CallbackRefused(what) => (S::BAD_REQUEST, Code::Refused, what),
            Self::BoundOtherwise => (S::CONFLICT, Code::Refused, BOUND),
            Self::WrongKey => (S::UNAUTHORIZED, Code::Refused, NO_KEY),
            Self::UnattendedLimit { .. } => (S::TOO_MANY_REQUESTS, Code::RateLimited, READ_ENOUGH),
            Self::AuthorizationExpired => (
                S::BAD_REQUEST,
                Code::AuthorizationExpired,
                "This authorization is unknown, too old or used up; start a new one.",
            ),
            Self::Unfinished => (S::TOO_MANY_REQUESTS, Code::RateLimited, BEING_FINISHED),
            Self::OrderInFlight => (S::TOO_MANY_REQUESTS, Code::RateLimited, ON_ITS_WAY),
            Self::Crowded => (S::TOO_MANY_REQUESTS, Code::RateLimited, AT_ONCE),
            Self::TooManyOrders => (S::TOO_MANY_REQUESTS, Code::RateLimited, ORDERED_ENOUGH),
            Self::Cancelled => (S::FORBIDDEN, Code::Cancelled, "The person cancelled at the bank."),
            Self::NotConnected => {
                (S::UNAUTHORIZED, Code::NotConnected, "Nothing is connected in this browser.")
            }
            Self::ScopeMissing(_) => (
                S::FORBIDDEN,
                Code::ScopeMissing,
                "The connection was not granted the scope this call needs.",
            ),
            Self::Uncovered { .. } => (
                S::SERVICE_UNAVAILABLE,
                Code::BankUnavailable,
                "The certificate of this service does not cover this scope; the operator has to act.",
            ),
            Self::Reconnect(reason) => (S::UNAUTHORIZED, Code::Reconnect, sentence(*reason)),
            Self::Bank(error) => error.answer(),
            Self::Store(_) => (
                S::SERVICE_UNAVAILABLE,
                Code::Internal,
                "The broker's store does not answer; try again later.",
            ),
            Self::Vault(_) | Self::NoRandomness(_) | Self::Internal(_) => (
                S::INTERNAL_SERVER_ERROR,
                Code::Internal,
                "The broker failed; quote the request id.",
            ),
        }
    }
}

const BEING_FINISHED: &str = "A connection of this browser is just being finished; ask again.";
const ON_ITS_WAY: &str = "The same order is on its way to the bank; ask again.";
const AT_ONCE: &str = "Too much is being done at the bank at this moment; ask again.";
const ORDERED_ENOUGH: &str =
    "This connection has entered 200 orders that are still remembered; forget some, or wait.";
const BOUND: &str = "The connection is bound to another subject, and stays so.";
const NO_KEY: &str = "Send a key of admin.api_key_file: `Authorization: Bearer …`.";
const READ_ENOUGH: &str =
    "The account has been read without the person as often as 24 hours allow.";

fn sentence(reason: Reason) -> &'static str {
    match reason {
        Reason::ConsentExpired => "The consent ran its legal time; connect again.",
        Reason::AccessExpired => "The bank's access ran out and cannot be renewed; connect again.",
        Reason::EndedByBank => "The bank no longer accepts this consent; connect again.",
        Reason::LostRotation => "The bank's answer to a renewal got lost; connect again.",
    }
}

/// One short sentence per code, the same for every problem of this code.
fn title(code: Code) -> &'static str {
    match code {
        Code::InvalidRequest => "The call is wrong",
        Code::AuthorizationExpired => "Start the connection again",
        Code::NotConnected => "Not connected",
        Code::Reconnect => "Connect again",
        Code::Refused => "Refused",
        Code::Cancelled => "Cancelled at the bank",
        Code::ScopeMissing => "Not covered by the consent",
        Code::NotFound => "Not found",
        Code::TooLarge => "Too large",
        Code::BankRefused => "The bank refused",
        Code::RateLimited => "Too many calls",
        Code::Internal => "The broker failed",
        Code::BankUnavailable => "The bank is not available",
        Code::OutcomeUnknown => "The outcome is unknown",
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, code, detail) = self.answer();
        let (bank_codes, retry_after) = match &self {
            Self::Bank(error) => (error.codes(), error.retry_after()),
            Self::Unfinished | Self::OrderInFlight | Self::Crowded => (Vec::new(), Some(1)),
            Self::TooManyOrders => (Vec::new(), Some(3600)),
            Self::UnattendedLimit { retry_after } => (Vec::new(), Some(*retry_after)),
            _ => (Vec::new(), None),
        };
        let problem = Problem {
            kind: format!("{TYPE_PREFIX}{}", code.as_str()),
            title: title(code).to_owned(),
            status: status.as_u16(),
            code,
            detail: Some(detail.to_owned()),
            request_id: String::new(), // the log layer knows it and writes it in
            bank_codes,
            retry_after,
        };
        let advice = problem.bank_codes.first().and_then(|code| words(code));
        let advice = advice.map(|words| words.operator);
        let mut response = status.into_response();
        response.extensions_mut().insert(Logged { code, cause: chain(&self), advice });
        response.extensions_mut().insert(Unsent(problem));
        response
    }
}

/// A problem that still lacks its request id.
#[derive(Clone)]
struct Unsent(Problem);

/// Writes the body of a problem, now that the request id is known. What the bank said by a known code is
/// told in the person's language.
pub(crate) fn finish(mut response: Response, request_id: &str, language: Language) -> Response {
    let Some(Unsent(mut problem)) = response.extensions_mut().remove::<Unsent>() else {
        return response;
    };
    request_id.clone_into(&mut problem.request_id);
    if let Some(words) = problem.bank_codes.first().and_then(|code| words(code)) {
        problem.detail = Some(words.person(language).to_owned());
        let tag = HeaderValue::from_static(language.tag());
        response.headers_mut().insert(header::CONTENT_LANGUAGE, tag);
    }
    if let Some(seconds) = problem.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    let media_type = HeaderValue::from_static(MEDIA_TYPE);
    response.headers_mut().insert(header::CONTENT_TYPE, media_type);
    *response.body_mut() = serde_json::to_vec(&problem).unwrap_or_default().into();
    response
}

/// The error and its sources, each once.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        let more = source.to_string();
        if !text.ends_with(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        next = source.source();
    }
    text
}
