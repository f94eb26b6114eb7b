//! What a bank can do wrong, or say no with.

use axum::http::StatusCode;
use protocol::problem::Code;

use super::Trouble;

/// A call to a bank that brought nothing.
#[derive(Debug, thiserror::Error)]
pub enum BankError {
    /// The bank did not answer usefully.
    #[error("bank: {0}")]
    Fault(#[source] Fault),
    /// The token reply may have been lost on its way; a code must not be sent twice (K12).
    #[error("bank: exchange outcome unknown")]
    ExchangeUnknown(#[source] Fault),
    /// The bank may have got what it was asked to do; nobody knows what it made of it (P15, P27).
    #[error("bank: outcome unknown")]
    OutcomeUnknown(#[source] Fault),
    /// The bank asks for patience.
    #[error("bank: too many calls")]
    RateLimited {
        /// Seconds, from `Retry-After`.
        retry_after: Option<u32>,
    },
    /// The bank does not accept our client id, secret or certificate: the operator's business.
    #[error("bank: refuses our client id, secret or certificate; no consent is lost by it")]
    ClientRejected {
        /// How clearly it says so.
        rejected: Rejected,
    },
    /// The token endpoint refused this code or refresh token.
    #[error("bank: token endpoint says {0}")]
    TokenRefused(&'static str),
    /// The authorization endpoint sent the person back with an error.
    #[error("bank: authorization endpoint says {0}")]
    AuthorizationRefused(&'static str),
    /// The API refused the call.
    #[error("bank: API answers {status} {codes:?}")]
    ApiRefused {
        /// The bank's status.
        status: StatusCode,
        /// Known codes of its body.
        codes: Vec<&'static str>,
    },
}

/// How a bank says that it does not accept us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejected {
    /// In a word that means nothing else; another secret may help.
    Client,
    /// By 401 and no word of the standards; another secret may help.
    Wordless,
    /// In a word that may concern one grant only; our secret is good.
    Unclear,
}

/// How a bank fails to answer usefully.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// No connection or no TLS: the bank got nothing.
    #[error("not reachable")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// An operator has frozen the bank: nobody asked it.
    #[error("frozen by an operator")]
    Frozen,
    /// No TLS for a certificate, ours or the bank's: the bank has looked at nothing.
    #[error("{trouble}")]
    Certificate {
        /// Whose and why.
        trouble: Trouble,
        /// What TLS said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The connection broke: the bank may have got the request.
    #[error("connection broke")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Nothing came in time.
    #[error("no answer in time")]
    TimedOut,
    /// A redirect, which nobody follows (requirement K15, P06).
    #[error("answers with redirect {0}")]
    Redirect(StatusCode),
    /// A status that says the bank itself is in trouble.
    #[error("answers {status}")]
    Status {
        /// The status.
        status: StatusCode,
        /// Seconds, from `Retry-After`.
        retry_after: Option<u32>,
    },
    /// What was lost before is not asked for again.
    #[error("the answer to an earlier call got lost")]
    LostBefore,
    /// More bytes than allowed.
    #[error("answer too large")]
    TooLarge,
    /// Another broker is renewing access, or died at it; who waits never presents the token himself.
    #[error("another broker is renewing access")]
    RenewedElsewhere {
        /// Seconds until that one's turn is over.
        retry_after: u32,
    },
    /// The token endpoint is left alone for a while (`breaker.rs`): nothing was sent.
    #[error("the bank is not asked for a while")]
    Paused {
        /// Seconds until it is.
        retry_after: u32,
    },
    /// Access could not be renewed just now; the refresh has a log line of its own.
    #[error("access could not be renewed")]
    NotRenewed {
        /// Seconds, where the bank said when it will answer.
        retry_after: Option<u32>,
    },
    /// The API refuses tokens that the token endpoint has just made: a certificate, a gateway.
    #[error("API refuses fresh tokens")]
    RefusesFreshTokens,
    /// Not what the standard says.
    #[error("answer malformed: {0}")]
    Malformed(&'static str),
}

impl BankError {
    /// A 401 that no refresh can mend (prepared sandbox tokens).
    pub(crate) fn unauthorised() -> Self {
        Self::ApiRefused { status: StatusCode::UNAUTHORIZED, codes: vec!["UNAUTHORISED"] }
    }

    /// Status, code and sentence for the caller.
    pub(crate) fn answer(&self) -> (StatusCode, Code, &'static str) {
        use StatusCode as S;
        match self {
            Self::Fault(Fault::TimedOut) => {
                (S::GATEWAY_TIMEOUT, Code::BankUnavailable, "The bank did not answer in time.")
            }
            Self::Fault(Fault::Frozen) => (
                S::SERVICE_UNAVAILABLE,
                Code::BankUnavailable,
                "The operator has paused this bank for now. Nothing is lost; try again later.",
            ),
            Self::Fault(Fault::Certificate { .. }) => (
                S::BAD_GATEWAY,
                Code::BankUnavailable,
                "This service and the bank do not agree on a certificate; the operator has to act.",
            ),
            Self::Fault(Fault::RenewedElsewhere { .. }) => (
                S::SERVICE_UNAVAILABLE,
                Code::BankUnavailable,
                "Access is just being renewed; ask again.",
            ),
            Self::Fault(Fault::Paused { .. }) => (
                S::SERVICE_UNAVAILABLE,
                Code::BankUnavailable,
                "The bank gives no access at the moment and is not asked for a while.",
            ),
            Self::Fault(_) => {
                (S::BAD_GATEWAY, Code::BankUnavailable, "The bank did not answer usefully.")
            }
            Self::ExchangeUnknown(_) => (
                S::BAD_GATEWAY,
                Code::BankUnavailable,
                "The bank's answer got lost; start the connection again.",
            ),
            Self::OutcomeUnknown(_) => (
                S::BAD_GATEWAY,
                Code::OutcomeUnknown,
                "The bank's answer got lost; look at the state of the order before trying again.",
            ),
            Self::RateLimited { .. } => {
                (S::TOO_MANY_REQUESTS, Code::RateLimited, "The bank asks for patience.")
            }
            Self::ClientRejected { .. } => (
                S::BAD_GATEWAY,
                Code::BankUnavailable,
                "The bank does not accept this service at the moment; the operator has to act.",
            ),
            Self::TokenRefused(_) => (
                S::UNPROCESSABLE_ENTITY,
                Code::BankRefused,
                "The bank did not hand out the consent; start the connection again.",
            ),
            Self::AuthorizationRefused(_) => {
                (S::UNPROCESSABLE_ENTITY, Code::BankRefused, "The bank refused the authorization.")
            }
            Self::ApiRefused { .. } => {
                (S::UNPROCESSABLE_ENTITY, Code::BankRefused, "The bank refused the call.")
            }
        }
    }

    /// The bank's own codes, as far as the standards know them.
    pub(crate) fn codes(&self) -> Vec<String> {
        match self {
            Self::TokenRefused(code) | Self::AuthorizationRefused(code) => vec![(*code).to_owned()],
            Self::ApiRefused { codes, .. } => codes.iter().map(|&code| code.to_owned()).collect(),
            Self::Fault(_)
            | Self::ExchangeUnknown(_)
            | Self::OutcomeUnknown(_)
            | Self::RateLimited { .. }
            | Self::ClientRejected { .. } => Vec::new(),
        }
    }

    /// Seconds to wait.
    pub(crate) fn retry_after(&self) -> Option<u32> {
        match self {
            Self::RateLimited { retry_after } => *retry_after,
            Self::Fault(Fault::Status { retry_after, .. } | Fault::NotRenewed { retry_after }) => {
                *retry_after
            }
            Self::Fault(
                Fault::RenewedElsewhere { retry_after } | Fault::Paused { retry_after },
            ) => Some(*retry_after),
            _ => None,
        }
    }
}

impl Fault {
    /// Whether the bank has certainly not looked at what was sent.
    pub(crate) fn never_arrived(&self) -> bool {
        let frozen = matches!(self, Self::Frozen | Self::Paused { .. });
        frozen || matches!(self, Self::Unreachable(_) | Self::Certificate { .. })
    }

    /// What a code of the standards says about the bank itself.
    pub(crate) fn unavailable() -> Self {
        Self::Status { status: StatusCode::SERVICE_UNAVAILABLE, retry_after: None }
    }
}

impl From<Fault> for BankError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}
