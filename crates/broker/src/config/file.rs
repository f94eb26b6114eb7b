//! The configuration file as it is written: every key, nothing checked but names and types.
//!
//! `README.md` of this crate explains each key; unknown keys are refused.

use std::collections::BTreeMap;
use std::path::PathBuf;

use protocol::provider::{Connect, Environment};
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) dangerous: Vec<String>,
    pub(super) listen: Listen,
    pub(super) admin: Option<Admin>,
    pub(super) app: App,
    pub(super) store: Store,
    pub(super) tpp: Tpp,
    pub(super) limits: Limits,
    pub(super) providers: BTreeMap<String, Provider>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Listen {
    pub(super) address: Option<String>,
    pub(super) prefix: Option<String>,
    pub(super) tls: Option<Tls>,
    pub(super) trusted_proxies: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tls {
    pub(super) certificate_file: PathBuf,
    pub(super) private_key_file: PathBuf,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Admin {
    pub(super) address: Option<String>,
    pub(super) api_key_file: Option<PathBuf>,
    pub(super) tls: Option<Tls>,
    pub(super) client_ca_file: Option<PathBuf>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct App {
    pub(super) origins: Vec<String>,
    pub(super) development_cookie: bool,
    pub(super) session_days: Option<u64>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Store {
    pub(super) file: Option<PathBuf>,
    pub(super) url_file: Option<PathBuf>,
    pub(super) key_file: Option<PathBuf>,
    pub(super) key_command: Option<Vec<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Tpp {
    pub(super) name: Option<String>,
    pub(super) identification: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Limits {
    pub(super) connect_seconds: Option<u64>,
    pub(super) first_byte_seconds: Option<u64>,
    pub(super) idle_seconds: Option<u64>,
    pub(super) total_seconds: Option<u64>,
    pub(super) response_mib: Option<u64>,
    pub(super) request_kib: Option<u64>,
    pub(super) consent_days: Option<u64>,
    pub(super) receipt_days: Option<u64>,
    pub(super) reload_seconds: Option<u64>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Provider {
    pub(super) preset: Option<String>,
    pub(super) name: Option<String>,
    pub(super) country: Option<String>,
    pub(super) environment: Option<Environment>,
    pub(super) connect: Option<Connect>,
    pub(super) authorization_url: Option<String>,
    pub(super) token_url: Option<String>,
    pub(super) revocation_url: Option<String>,
    pub(super) base_api_url: Option<String>,
    pub(super) cobs_version: Option<String>,
    pub(super) issuer: Option<String>,
    pub(super) pkce: Option<Pkce>,
    pub(super) redirect_uri: Option<String>,
    pub(super) scopes: Option<Vec<String>>,
    pub(super) scopes_per_authorization: Option<u8>,
    pub(super) client_id: Option<String>,
    pub(super) client_id_file: Option<PathBuf>,
    pub(super) client_secret_file: Option<PathBuf>,
    pub(super) client_authentication: Option<ClientAuthentication>,
    pub(super) mutual_tls: Option<bool>,
    pub(super) certificate_file: Option<PathBuf>,
    pub(super) private_key_file: Option<PathBuf>,
    pub(super) certificates: Option<Vec<Tls>>,
    pub(super) ca_file: Option<PathBuf>,
    pub(super) resolve: BTreeMap<String, String>,
    pub(super) unattended_per_day: Option<u64>,
    pub(super) prepared_tokens: Option<Vec<String>>,
    pub(super) prepared_certificates: Option<Vec<String>>,
    pub(super) logo_file: Option<PathBuf>,
}

/// How the broker proves to the token endpoint who it is (RFC 6749 §2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// `Authorization: Basic`, id and secret form-encoded first.
    Basic,
    /// `client_id` and `client_secret` in the form.
    Form,
}

/// What is known of the bank's own PKCE (RFC 7636), from weak to strong: `bankconnect probe` finds it out. The
/// broker checks the verifier itself all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pkce {
    /// The bank gives tokens for a wrong verifier.
    Ignored,
    /// Nobody has tried; counts as ignored.
    Unknown,
    /// It gives none.
    Enforced,
}

impl Pkce {
    /// As the configuration has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enforced => "enforced",
            Self::Ignored => "ignored",
            Self::Unknown => "unknown",
        }
    }

    /// What stands between a forged callback and the person (RFC 9700 §2.1): the bank's PKCE only where it is
    /// known to be enforced, else `state`.
    pub fn csrf_defence(self) -> &'static str {
        match self {
            Self::Enforced => "pkce",
            Self::Ignored | Self::Unknown => "state",
        }
    }
}
