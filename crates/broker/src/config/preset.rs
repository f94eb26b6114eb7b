//! The banks known by name: every setting of their developer portals.
//!
//! Source: `developers.cnb.cz`, pages "Authenticate with OAuth 2.0" and "Supported API formats".
//! Any key written next to `preset = "…"` overrides the preset's value.

use protocol::provider::{CobsVersion, Connect, Environment};

use super::file::{ClientAuthentication, Pkce};

/// A bank's settings as its portal gives them.
pub(crate) struct Preset {
    pub(crate) id: &'static str,
    pub(super) name: &'static str,
    pub(super) country: &'static str,
    pub(super) environment: Environment,
    pub(crate) connect: Connect,
    pub(super) authorization_url: Option<&'static str>,
    pub(super) token_url: Option<&'static str>,
    pub(super) revocation_url: Option<&'static str>,
    pub(crate) base_api_url: Option<&'static str>,
    pub(super) cobs_version: CobsVersion,
    pub(super) mutual_tls: bool,
    pub(super) client_authentication: ClientAuthentication,
    pub(super) pkce: Pkce,
    pub(crate) scopes: &'static [&'static str],
    pub(super) scopes_per_authorization: u8,
    pub(super) prepared_tokens: &'static [&'static str],
    pub(super) prepared_certificates: &'static [&'static str],
}

/// Finds a preset by the name written in the configuration.
pub(crate) fn find(id: &str) -> Option<&'static Preset> {
    ALL.iter().find(|preset| preset.id == id)
}

/// The names a configuration may use.
pub(crate) fn ids() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|preset| preset.id)
}

/// The same in words.
pub(super) fn names() -> String {
    ids().map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(", ")
}

static ALL: [Preset; 2] = [CNB, CNB_SANDBOX];

const CNB: Preset = Preset {
    id: "cnb",
    name: "Česká národní banka",
    country: "CZ",
    environment: Environment::Production,
    connect: Connect::Authorization,
    authorization_url: Some("https://aboktpp.cnb.cz/powerauth-webflow/oauth/authorize"),
    token_url: Some("https://aboktpp.cnb.cz/powerauth-webflow/oauth/token"),
    // Not on the portal; the path of Web Flow 1.4, the product behind it. Where the bank does not
    // answer it (404, 405), a disconnect says so and destroys the tokens here.
    revocation_url: Some("https://aboktpp.cnb.cz/powerauth-webflow/oauth/token/revoke"),
    base_api_url: Some("https://aboktpp.cnb.cz/psd2-cobs/"),
    cobs_version: CobsVersion::V2,
    mutual_tls: true,
    // Not on the portal: both work at Web Flow 1.4, and later versions take Basic only.
    client_authentication: ClientAuthentication::Basic,
    // Not on the portal: Web Flow up to 1.4 takes challenge and verifier and looks at neither.
    pkce: Pkce::Ignored,
    scopes: &["aisp", "pisp"],
    scopes_per_authorization: 1,
    prepared_tokens: &[],
    prepared_certificates: &[],
};

const CNB_SANDBOX: Preset = Preset {
    id: "cnb-sandbox",
    name: "Česká národní banka (sandbox)",
    environment: Environment::Sandbox,
    connect: Connect::PreparedToken,
    authorization_url: None,
    token_url: None,
    revocation_url: None,
    // ČNB does not publish the sandbox's address; it is asked for at the bank
    base_api_url: None,
    mutual_tls: false,
    prepared_tokens: &["token-aisp", "token-pisp", "token-no-scope"],
    prepared_certificates: &[
        "certificate-aisp",
        "certificate-pisp",
        "certificate-all",
        "certificate-no-psd",
    ],
    ..CNB
};
