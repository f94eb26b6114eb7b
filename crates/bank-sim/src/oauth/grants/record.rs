//! What goes into the records of consents, and what is read from them.

use std::time::Duration;

use crate::knobs::Refresh;

/// What a person has allowed a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Authorized {
    pub(crate) user: String,
    pub(crate) client_id: String,
    pub(crate) scope: String,
    pub(crate) accounts: Vec<String>,
    pub(crate) language: &'static str,
}

impl Authorized {
    /// Whether both are for the same user, client and scope.
    pub(super) fn is_owned_as(&self, other: &Self) -> bool {
        (&self.user, &self.client_id, &self.scope) == (&other.user, &other.client_id, &other.scope)
    }
}

/// An authorization code that waits for its exchange.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub(crate) authorized: Authorized,
    /// The resolved redirect URI, which the exchange must repeat.
    pub(crate) redirect_uri: String,
    /// False when the client relied on its only registered URI.
    pub(crate) redirect_uri_given: bool,
    pub(crate) challenge: Option<String>,
    /// Whether it came from the signing of an order: then it gives no consent, and is good only for
    /// the tokens of the consent as it stands.
    pub(crate) of_signing: bool,
    /// Milliseconds since 1970.
    pub(crate) issued: i64,
}

/// Tokens that are good now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenInfo {
    /// User name at the bank.
    pub user: String,
    /// The client they were issued to.
    pub client_id: String,
    /// Their scope.
    pub scope: String,
    /// The access token, unless it has expired.
    pub access_token: Option<String>,
    /// The refresh token, if there is one.
    pub refresh_token: Option<String>,
}

/// What an access token is worth.
pub(crate) enum Access {
    Unknown,
    Expired,
    Valid(Authorized),
}

/// An access or refresh token that is good now.
pub(crate) struct Active {
    pub(crate) authorized: Authorized,
    /// Seconds since 1970.
    pub(crate) expires: i64,
    pub(crate) is_access: bool,
}

/// What became of a revocation (RFC 7009, 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Revocation {
    Done,
    Unknown,
    OtherClient,
}

/// How much of a client's grants goes (bank-api fact 4.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Access tokens only, as when the scopes of an application change.
    AccessTokens,
    /// Codes, access and refresh tokens, as when an application is deleted.
    Everything,
}

/// How long new tokens live and what a refresh does. Times in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) now: i64,
    pub(crate) access_ttl: Duration,
    pub(crate) refresh_ttl: Duration,
    pub(crate) refresh: Refresh,
}

/// Why a refresh was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RefreshRefusal {
    Unknown,
    OtherClient,
    Expired,
    /// More scope was asked for than this.
    Wider {
        granted: String,
    },
    Reused,
}

/// The tokens of one reply.
#[derive(Clone, Debug)]
pub(crate) struct Issued {
    pub(crate) authorized: Authorized,
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    pub(crate) expires_in: i64,
}
