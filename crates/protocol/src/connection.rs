//! A standing consent, its one truth, and its end.

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Body of `POST /connections`: connect a sandbox that hands out tokens by name.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ConnectPrepared {
    /// Id of a provider whose `connect` is `prepared_token`.
    pub provider: String,
    /// One of the provider's `prepared_tokens`, e.g. `token-aisp`.
    pub token: String,
    /// One of the provider's `prepared_certificates`, e.g. `certificate-all`.
    #[serde(default)]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub certificate: Option<String>,
}

/// One person's standing consent at one provider. Times are RFC 3339 in UTC.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Connection {
    /// Opaque id.
    pub id: String,
    /// The provider's id.
    pub provider: String,
    /// The provider's name for people.
    pub provider_name: String,
    /// Whether real money is behind it.
    pub environment: crate::provider::Environment,
    /// What the bank granted, e.g. `["aisp"]`.
    pub scopes: Vec<String>,
    /// Whether data can be read now.
    pub status: Status,
    /// Why the person must connect again; `null` while `status` is `connected`.
    pub reason: Option<Reason>,
    /// When the person confirmed at the bank.
    pub connected_at: String,
    /// Until when data can be read without the person connecting again. With `status` `reconnect`
    /// it has passed, unless access ended early (`ended_by_bank`, `lost_rotation`). `null` where
    /// nothing ends it (sandbox).
    pub reconnect_by: Option<String>,
    /// When data was last read; `null` if never.
    pub last_used_at: Option<String>,
}

/// Whether data can be read through a connection now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Status {
    /// Yes.
    Connected,
    /// No: the person must go through the bank again.
    Reconnect,
}

/// Why a person must connect again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Reason {
    /// The consent ran its legal time (180 days unless configured; RTS SCA art. 10a).
    ConsentExpired,
    /// The bank gave no refresh token and the access token has run out.
    AccessExpired,
    /// The bank no longer accepts the grant: withdrawn there, or ended by the bank.
    EndedByBank,
    /// The bank renewed the access and its answer got lost on the way, with the key to the next
    /// renewal in it. Nobody withdrew anything.
    LostRotation,
}

/// Answer to `GET /connections`.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Connections {
    /// Oldest first.
    pub connections: Vec<Connection>,
}

/// Answer to `DELETE /connections/{id}` and `GET /receipts/{id}`: proof of the end, for the person and the auditor.
/// Times are RFC 3339 in UTC.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Receipt {
    /// The receipt's own id; `GET /receipts/{id}` tells its newest state.
    pub id: String,
    /// The id the connection had.
    pub connection: String,
    /// The provider's id.
    pub provider: String,
    /// What the bank had granted.
    pub scopes: Vec<String>,
    /// When the connection began.
    pub connected_at: String,
    /// When it ended here. From then on nothing can be read through it.
    pub disconnected_at: String,
    /// Who ended it, and why.
    pub cause: Cause,
    /// What became of the tokens at the bank.
    pub at_bank: AtBank,
    /// When the bank said that it has forgotten the last of the tokens; `null` where it has not.
    pub acknowledged_at: Option<String>,
    /// How often the bank was asked.
    pub tries: u32,
}

/// Answer to `GET /receipts`.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Receipts {
    /// Newest first, 100 at most.
    pub receipts: Vec<Receipt>,
}

/// Who ended a connection, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Cause {
    /// The person disconnected.
    Disconnected,
    /// The person connected anew, and the new connection has taken its place.
    Renewed,
    /// The browser's session ended, so that nobody could reach it.
    SessionEnded,
    /// The browser never showed its cookie, so that nobody could reach it.
    NeverShown,
    /// The operator of the broker ended it.
    Operator,
}

/// What became of the tokens at the bank on disconnect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum AtBank {
    /// The bank acknowledged the revocation.
    Revoked,
    /// The bank did not answer yet; the broker goes on asking.
    Pending,
    /// The bank offers no revocation: the tokens were destroyed here.
    NotOffered,
    /// Another connection of the same person lives on the very same tokens (Web Flow hands out
    /// one pair per user, client and scope), so they were kept for it.
    Shared,
    /// The bank was asked for weeks and never said yes, or the tokens could not be read any more.
    GivenUp,
}
