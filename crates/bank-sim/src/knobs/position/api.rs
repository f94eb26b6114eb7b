//! The positions of the API's knobs: what a resource may do to its reader (security facts D.3 and
//! D.4).

use std::time::Duration;

use http::{HeaderName, HeaderValue};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::status;
use crate::knobs::{allowed, millis};

/// Ways of the API to answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum ApiReply {
    /// As COBS says.
    #[default]
    Normal,
    /// A COBS error of that status.
    Status(#[serde(deserialize_with = "status")] u16),
    /// 401 `UNAUTHORISED`, as if the access token had just expired.
    /// `Knob::next(1, ApiReply::Expired)` expires once.
    Expired,
    /// An HTML page with status 200.
    Html(String),
    /// The good answer, with this `Set-Cookie`.
    SetCookie(#[serde(deserialize_with = "allowed::header")] String),
    /// The right answer under a `Content-Encoding` that nobody asked for.
    Coded(#[serde(deserialize_with = "allowed::header")] String),
    /// 302 to this place.
    Redirect(#[serde(deserialize_with = "allowed::header")] String),
    /// A JSON body of that many bytes, streamed.
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
    /// No answer at all.
    Hang,
    /// The good answer, cut in the middle.
    Truncated,
    /// The good answer with this `nextPage` (JSON text, or else a string) and, as RFC 8288 has
    /// it, in a `Link` header.
    NextPage(#[serde(deserialize_with = "allowed::json_or_string")] String),
    /// The good answer with this `Location`.
    Location(#[serde(deserialize_with = "allowed::header")] String),
    /// A bare status.
    Retry {
        /// The status.
        #[serde(deserialize_with = "status")]
        status: u16,
        /// Value of `Retry-After`.
        #[serde(deserialize_with = "allowed::header")]
        retry_after: String,
    },
    /// A COBS error.
    Error {
        /// The status.
        #[serde(deserialize_with = "status")]
        status: u16,
        /// The code, such as `AUTH_LIMIT_EXCEEDED`.
        code: String,
    },
    /// 401 in the words of the bank's OAuth library, not of COBS.
    InvalidToken,
    /// 403 in the words of the bank's OAuth library.
    InsufficientScope,
    /// The bank did everything, and the answer is lost.
    DropAfterCommit,
    /// The first half of the good answer, as if it were whole.
    BrokenJson,
    /// The good answer with every field twice, the second time with another value.
    DuplicateKeys,
    /// The good answer with more headers.
    Headers(#[serde(deserialize_with = "headers")] Vec<(String, String)>),
    /// A few kilobytes under gzip that become that many bytes of JSON.
    Compressed {
        /// Length once decompressed.
        bytes: u64,
    },
    /// The good answer; in its middle the connection is reset.
    Reset,
}

/// Refusals of a call beyond the daily number without the person.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum UnattendedReply {
    /// 429 without a body.
    #[default]
    TooManyRequests,
    /// 400 `AUTH_LIMIT_EXCEEDED`.
    AuthLimitExceeded,
}

fn headers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, String)>, D::Error> {
    let headers = Vec::<(String, String)>::deserialize(deserializer)?;
    let bad = headers.iter().find(|(name, value)| {
        HeaderName::try_from(name).is_err() || HeaderValue::try_from(value).is_err()
    });
    match bad {
        Some((name, _)) => Err(D::Error::custom(format!("`{name}` is no header that can be sent"))),
        None => Ok(headers),
    }
}
