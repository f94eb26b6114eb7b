//! The positions of the knobs: what a bank may do to its client (security facts D.3 and D.4, RFC 6749
//! for what would be right).

mod api;

use std::time::Duration;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::{allowed, millis};

pub use api::{ApiReply, UnattendedReply};

/// The generation of PowerAuth Web Flow (bank-api fact 5.1). The paths of the other one answer 404.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum WebFlow {
    /// Up to 1.4, on Spring Security OAuth: `/oauth/...`.
    #[default]
    #[serde(rename = "1.4")]
    V1_4,
    /// From 1.5, on Spring Authorization Server: `/oauth2/...`. PKCE is honoured, codes are long
    /// and end after 300 s, clients authenticate by Basic, introspection and revocation follow
    /// RFC 7662 and RFC 7009, and a success without `state` strands the person.
    #[serde(rename = "1.5")]
    V1_5,
}

/// Ways of the token endpoint to answer. All but `Normal` and `DropAfterCommit` (and those that
/// spoil the form of a good answer) leave the bank's records as they were.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum TokenReply {
    /// As Web Flow does.
    #[default]
    Normal,
    /// A redirect, which a client must not follow with its secrets.
    Redirect {
        /// 301, 302, 303, 307 or 308.
        #[serde(deserialize_with = "status")]
        status: u16,
        /// Value of `Location`.
        #[serde(deserialize_with = "allowed::header")]
        location: String,
    },
    /// A bare status.
    Status {
        /// The status.
        #[serde(deserialize_with = "status")]
        status: u16,
        /// Value of `Retry-After`, if any.
        #[serde(default, deserialize_with = "allowed::header_if_any")]
        retry_after: Option<String>,
    },
    /// A body of that many bytes, streamed.
    Huge {
        /// Length of the body.
        bytes: u64,
    },
    /// The good answer, byte by byte.
    Drip {
        /// Wait before each byte.
        #[serde(rename = "delay_ms", with = "millis::time")]
        delay: Duration,
    },
    /// The good answer, cut in the middle.
    Truncated,
    /// An HTML page with status 200.
    NotJson(String),
    /// The good answer wrapped in an array.
    JsonArray,
    /// The good answer with every field twice, the second time with another value.
    DuplicateKeys,
    /// The good answer with a byte that is no UTF-8.
    BadUtf8,
    /// The bank did everything, and the answer is lost.
    DropAfterCommit,
    /// No answer at all, and nothing done.
    Hang,
    /// An error in the form of RFC 6749, 5.2, nothing done.
    Error {
        /// The status.
        #[serde(deserialize_with = "status")]
        status: u16,
        /// `error`.
        error: String,
        /// `error_description`.
        description: String,
    },
    /// The good answer under gzip, which nobody asked for.
    Gzip,
    /// A few kilobytes under gzip that become that many bytes of JSON.
    Compressed {
        /// Length once decompressed.
        bytes: u64,
    },
    /// The good answer; in its middle the connection is reset.
    Reset,
    /// The good answer with fields that no standard knows.
    ExtraFields,
    /// The good answer with this `id_token`, which nobody asked for.
    IdToken(String),
}

/// How one field of the token reply is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Field {
    /// As the bank means it.
    #[default]
    Normal,
    /// Left out.
    Absent,
    /// This JSON text, as it is: `"mac"` with its quotes, `-1`, `1e300`, `null`.
    Raw(#[serde(deserialize_with = "allowed::json_text")] String),
}

/// Refresh tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Refresh {
    /// None are issued (Web Flow before 1.4.0).
    None,
    /// One for the whole life of the consent (Web Flow 1.4).
    #[default]
    Keep,
    /// A new one with each refresh; the old one dies.
    Rotate,
    /// As `Rotate`; showing an old one kills the whole family (RFC 9700, 4.14.2): refresh and
    /// access token, and the codes of the same user, client and scope.
    RotateWithReuseDetection,
    /// As `Rotate`, but the old one still works for that long and yields the present tokens again.
    #[serde(rename = "rotate_with_grace_ms")]
    RotateWithGrace(#[serde(with = "millis::time")] Duration),
}

impl Refresh {
    /// Whether a refresh brings a new refresh token.
    pub(crate) fn rotates(self) -> bool {
        matches!(self, Self::Rotate | Self::RotateWithReuseDetection | Self::RotateWithGrace(_))
    }
}

/// Refusals of a good refresh token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RefreshFailure {
    /// No refusal.
    #[default]
    Off,
    /// 400 `invalid_grant`; the token dies.
    InvalidGrant,
    /// 401 `invalid_client`; the token stays good.
    InvalidClient,
}

/// Ways of the revocation endpoint to answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RevokeReply {
    /// As Web Flow does.
    #[default]
    Normal,
    /// A bare status, nothing revoked.
    Status(#[serde(deserialize_with = "status")] u16),
    /// No answer, nothing revoked.
    Hang,
    /// Revoked, and the answer is lost.
    DropAfterCommit,
    /// 200 although nothing was revoked, as for an unknown token in RFC 7009, 2.2.
    OkUnknown,
}

/// What the redirect back does with `state`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum State {
    /// Returned as it came.
    #[default]
    Keep,
    /// Left out.
    Drop,
    /// Returned with one symbol changed.
    Alter,
}

/// Treatment of PKCE.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Pkce {
    /// As the generation does: `Ignored` up to 1.4, `Honoured` from 1.5.
    #[default]
    Normal,
    /// `code_challenge` is recorded and forgotten.
    Ignored,
    /// A code with a challenge needs its verifier; a challenge of another method than S256 is
    /// refused.
    Honoured,
    /// As `Honoured`, and a challenge is demanded.
    Enforced,
}

/// Treatment of redirect URIs (RFC 6749, 3.1.2.3 and 4.1.3; RFC 9700, 4.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RedirectUri {
    /// As Web Flow does (bank-api fact 5.5).
    #[default]
    Normal,
    /// The authorization endpoint also takes paths below a registered one.
    Below,
    /// The token endpoint does not compare it with the code's.
    Unbound,
}

/// How the bank's page of a signing is opened: `method` of step II (bank-api fact 10.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SignPage {
    /// By its address alone.
    #[default]
    Get,
    /// By posting the form `formData` to it.
    Post,
}

/// Accepted client authentication (RFC 6749, 2.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ClientAuth {
    /// Basic and form fields; in Web Flow 1.5 Basic alone.
    #[default]
    Both,
    /// `client_secret_basic` only.
    Basic,
    /// `client_secret_post` only.
    Post,
}

fn status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    let status = u16::deserialize(deserializer)?;
    let fits = (200..600).contains(&status).then_some(status);
    fits.ok_or_else(|| D::Error::custom(format!("{status} is no status from 200 to 599")))
}
