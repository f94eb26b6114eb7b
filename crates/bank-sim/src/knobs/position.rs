//! The positions of the knobs: what a bank may do to its client (security facts D.3 and D.4, RFC 6749
//! for what would be right).

use std::time::Duration;

/// Ways of the token endpoint to answer. All but `Normal` and `DropAfterCommit` (and those that
/// spoil the form of a good answer) leave the bank's records as they were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenReply {
    /// As Web Flow does.
    #[default]
    Normal,
    /// A redirect, which a client must not follow with its secrets.
    Redirect {
        /// 301, 302, 303, 307 or 308.
        status: u16,
        /// Value of `Location`.
        location: String,
    },
    /// A bare status.
    Status {
        /// The status.
        status: u16,
        /// Value of `Retry-After`, if any.
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
}

/// How one field of the token reply is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Field {
    /// As the bank means it.
    #[default]
    Normal,
    /// Left out.
    Absent,
    /// This JSON text, unchecked: `"mac"` with its quotes, `-1`, `1e300`, `null`.
    Raw(String),
}

/// Refresh tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Refresh {
    /// None are issued (Web Flow before 1.4.0).
    None,
    /// One for the whole life of the consent (Web Flow 1.4).
    #[default]
    Keep,
    /// A new one with each refresh; the old one dies.
    Rotate,
    /// As `Rotate`; showing an old one kills the whole family (RFC 9700, 4.14.2).
    RotateWithReuseDetection,
}

/// Refusals of a good refresh token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RevokeReply {
    /// As Web Flow does.
    #[default]
    Normal,
    /// A bare status, nothing revoked.
    Status(u16),
    /// No answer, nothing revoked.
    Hang,
}

/// What the redirect back does with `state`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pkce {
    /// `code_challenge` is recorded and forgotten.
    #[default]
    Ignored,
    /// A code with an S256 challenge needs its verifier; a challenge is demanded.
    Enforced,
}

/// Ways of the API to answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ApiReply {
    /// As COBS says.
    #[default]
    Normal,
    /// A COBS error of that status.
    Status(u16),
    /// 401 `UNAUTHORISED`, as if the access token had just expired.
    /// `Knob::next(1, ApiReply::Expired)` expires once.
    Expired,
    /// An HTML page with status 200.
    Html(String),
    /// The good answer, with this `Set-Cookie`.
    SetCookie(String),
    /// The right answer under a `Content-Encoding` that nobody asked for.
    Coded(String),
    /// 302 to this place.
    Redirect(String),
    /// A JSON body of that many bytes, streamed.
    Huge {
        /// Length of the body.
        bytes: u64,
    },
    /// The good answer, byte by byte.
    Drip {
        /// Wait before each byte.
        delay: Duration,
    },
    /// No answer at all.
    Hang,
    /// The good answer, cut in the middle.
    Truncated,
}

/// Accepted client authentication (RFC 6749, 2.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClientAuth {
    /// Basic and form fields.
    #[default]
    Both,
    /// `client_secret_basic` only.
    Basic,
    /// `client_secret_post` only.
    Post,
}

/// Refusals of a token without the scope of the resource (bank-api fact 7.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoScope {
    /// 403 `FORBIDDEN` of COBS.
    #[default]
    Forbidden,
    /// 401 `UNAUTHORISED` of COBS.
    Unauthorised,
    /// The library's own answer: 403 with the OAuth body `insufficient_scope` and its challenge
    /// (RFC 6750, 3.1).
    Spring,
}
