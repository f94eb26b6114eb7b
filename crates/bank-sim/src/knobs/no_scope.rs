//! How the API words one refusal.

use serde::{Deserialize, Serialize};

/// Refusals of a token without the scope of the resource (bank-api fact 7.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
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
