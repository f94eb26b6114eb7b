//! How a connection begins: start an authorization, come back from the bank, finish it.

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// Body of `POST /authorizations`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct StartAuthorization {
    /// Id of a provider from `GET /providers`.
    pub provider: String,
    /// What to ask the person for, e.g. `["aisp"]`. ČNB takes exactly one per authorization.
    pub scopes: Vec<String>,
    /// [`State`](crate::state::State) drawn by the browser.
    pub state: String,
    /// [`CodeChallenge`](crate::pkce::CodeChallenge) (S256) of the verifier the browser keeps.
    pub code_challenge: String,
}

/// Answer to `POST /authorizations`.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct StartedAuthorization {
    /// Where to send the person; its origin is the provider's `authorization_origin`.
    pub authorization_url: String,
}

/// Body of `POST /authorizations/callback`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct FinishAuthorization {
    /// Origin and path of the page the bank redirected to, without query and fragment.
    pub redirect_uri: String,
    /// The whole query of that page, as it stood in the address bar, without the leading `?`.
    /// Nothing is filtered: the broker refuses duplicates itself (requirements B09, K11).
    pub query: String,
    /// The PKCE verifier kept since the start.
    pub code_verifier: String,
}
