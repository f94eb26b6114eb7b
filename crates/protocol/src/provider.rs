//! What can be connected.

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// One configured environment of one bank, as `GET /providers` lists it.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Provider {
    /// Stable id, chosen by the operator, e.g. `cnb`.
    pub id: String,
    /// Name for people, e.g. `Česká národní banka`.
    pub name: String,
    /// ISO 3166-1 alpha-2 country of the bank, e.g. `CZ`.
    pub country: String,
    /// Whether real money is behind it.
    pub environment: Environment,
    /// How a connection is made.
    pub connect: Connect,
    /// Scopes the operator's licence and certificate cover here, e.g. `["aisp"]`.
    pub scopes: Vec<String>,
    /// How many scopes one authorization may ask for; ČNB: 1.
    pub scopes_per_authorization: u8,
    /// Origin of the bank's login pages; the browser navigates nowhere else. `null` when
    /// `connect` is `prepared_token`.
    pub authorization_origin: Option<String>,
    /// Names of prepared tokens; empty when `connect` is `authorization`.
    pub prepared_tokens: Vec<String>,
    /// Names of certificates a prepared token may be paired with; may be empty.
    pub prepared_certificates: Vec<String>,
    /// Version of the Czech Open Banking Standard that the bank's API speaks.
    pub cobs_version: CobsVersion,
    /// Days until the person has to connect again; `null` where nothing ends a connection.
    pub consent_days: Option<u16>,
    /// Where the bank's picture is, below the broker's prefix; `null` where there is none.
    pub logo: Option<String>,
}

/// A version of the Czech Open Banking Standard (COBS), which says what the API offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum CobsVersion {
    /// Accounts and payments.
    #[serde(rename = "2.0")]
    V2,
    /// Standing orders, batches, awaiting payments, authorizations and consents as well.
    #[serde(rename = "5.0")]
    V5,
}

impl CobsVersion {
    /// All, the oldest first.
    pub const ALL: [Self; 2] = [Self::V2, Self::V5];

    /// As it stands in JSON, in the configuration and in the API's paths.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V2 => "2.0",
            Self::V5 => "5.0",
        }
    }
}

/// Whether real money is behind a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Environment {
    /// Real accounts.
    Production,
    /// Test accounts.
    Sandbox,
}

/// How a connection to a provider is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Connect {
    /// The person logs in at the bank (`POST /authorizations`).
    Authorization,
    /// The sandbox hands out tokens by name (`POST /connections`).
    PreparedToken,
}

/// Answer to `GET /providers`.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Providers {
    /// In the order of the operator's configuration.
    pub providers: Vec<Provider>,
}
