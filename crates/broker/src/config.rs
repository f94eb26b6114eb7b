//! The operator's settings: one TOML file, secrets as files, environment for deployment.
//!
//! The only module that reads the environment. Everything is checked before anything starts;
//! each finding names the key, its line and the fix, and all findings are told at once.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use protocol::provider::{CobsVersion, Environment};
use rustls::ServerConfig;
use url::Url;

use crate::grant::hash;
use crate::secret::Secret;
use crate::vault::RingSource;

mod bounds;
mod certificate;
mod certificates;
mod check;
mod check_admin;
mod check_certificates;
mod check_provider;
mod check_store;
mod client;
mod contradictions;
mod dangers;
mod disk;
mod draft;
mod file;
mod finding;
mod locate;
mod logo;
mod overrides;
pub(crate) mod preset;
pub(crate) mod registration;
mod secret_file;
mod tls;
mod tls_files;

pub use certificate::OwnCertificate;
pub use certificates::{Certificates, Place, Placed};
pub use client::renewing;
pub use dangers::{Accepted, Danger};
pub(crate) use disk::{rights_of_others, secret_text};
pub use file::{ClientAuthentication, Pkce};
pub use finding::{Finding, Invalid};
pub use logo::Logo;
pub use registration::Registration;
pub use secret_file::SecretFile;
pub use tls_files::{Tls, TlsContents, TlsFiles, Unusable};

/// Checked settings; holding one means that nothing is missing and nothing contradicts.
pub struct Config {
    /// Where to listen.
    pub listen: Listen,
    /// The private door, where there is one.
    pub admin: Option<Admin>,
    /// The page that embeds us.
    pub app: App,
    /// Where grants are kept.
    pub store: Store,
    /// Who we are to the banks.
    pub tpp: Tpp,
    /// Bounds on time and size.
    pub limits: Limits,
    /// At least one, in the order of their ids.
    pub providers: Vec<Provider>,
    /// Unsafe settings in force, each named by the operator.
    pub dangers: Vec<Accepted>,
}

/// Where to listen, and whom to believe.
pub struct Listen {
    /// Address and port.
    pub address: SocketAddr,
    /// Path prefix of every call: empty, or `/` and a name, without `/` at the end.
    pub prefix: String,
    /// Where the broker serves TLS itself.
    pub tls: Option<Arc<ServerConfig>>,
    /// Proxies whose `X-Forwarded-For` is believed; empty means none (requirement K37).
    pub trusted_proxies: Vec<IpNet>,
}

/// The private door, for the app's own backend.
pub struct Admin {
    /// Address and port.
    pub address: SocketAddr,
    /// Where it asks for a client certificate.
    pub tls: Option<Arc<ServerConfig>>,
    /// Who may come in.
    pub keys: AdminKeys,
}

/// Digests of the keys that open the private door.
pub struct AdminKeys(Vec<[u8; 32]>);

impl AdminKeys {
    /// One key per line.
    fn new(lines: &Secret) -> Self {
        Self(lines.expose().lines().map(|key| hash(key.as_bytes())).collect())
    }

    /// SHA-256 of each key.
    pub(crate) fn digests(&self) -> &[[u8; 32]] {
        &self.0
    }
}

/// The page that embeds us.
pub struct App {
    /// Origins of the page, as browsers send them; at least one.
    pub origins: Vec<String>,
    /// Whether the cookie for plain http on loopback is used instead of the hardened one.
    pub development_cookie: bool,
    /// How long a browser keeps its connections without the person connecting anew.
    pub session: Duration,
}

/// Where grants are kept.
pub struct Store {
    /// The database.
    pub place: crate::store::Place,
    /// Where the key ring that seals grants comes from.
    pub ring: RingSource,
}

/// Who we are to the banks (COBS headers `TPP-Name`, `TPP-Identification`); visible ASCII.
pub struct Tpp {
    /// Company name.
    pub name: String,
    /// Licence number.
    pub identification: Option<String>,
}

/// Bounds on every call to a bank.
#[derive(Clone, Copy)]
pub struct Limits {
    /// Until the TCP and TLS handshakes are done.
    pub connect: Duration,
    /// Until the answer's head has come.
    pub first_byte: Duration,
    /// Between two pieces of the answer.
    pub idle: Duration,
    /// For the whole answer.
    pub total: Duration,
    /// Bytes of an answer's body.
    pub response_bytes: u64,
    /// Bytes of the body of a call.
    pub request_bytes: usize,
    /// How long a consent lasts by law (RTS SCA art. 10a: 180 days).
    pub consent: Duration,
    /// How long a receipt is kept of a connection that has ended.
    pub receipts: Duration,
    /// Between two looks at the files of certificates.
    pub reload: Duration,
}

/// One configured environment of one bank.
pub struct Provider {
    /// Id in paths and bodies.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Whether real money is behind it.
    pub environment: Environment,
    /// Scopes our licence covers.
    pub scopes: Vec<String>,
    /// How many of them one authorization may ask for.
    pub scopes_per_authorization: u8,
    /// How a connection is made, with what it needs.
    pub access: Access,
    /// How often an account may be read in 24 hours without its owner (RTS SCA art. 36(5)(b): 4).
    pub unattended_per_day: usize,
    /// The bank's picture.
    pub logo: Option<Logo>,
    /// What the API speaks.
    pub cobs_version: CobsVersion,
    /// Base of the resources, e.g. `https://…/psd2-cobs/cobs/2.0`, without `/` at the end.
    pub api_url: Url,
    /// How to reach the bank.
    pub network: Network,
}

/// How a connection is made.
pub enum Access {
    /// OAuth 2.0 authorization code grant.
    Authorization(Box<OAuth>),
    /// Tokens handed out by name in a sandbox.
    Prepared {
        /// Names of tokens.
        tokens: Vec<String>,
        /// Names of certificates.
        certificates: Vec<String>,
    },
}

/// The bank's authorization server and our registration there.
pub struct OAuth {
    /// Login page.
    pub authorization_url: Url,
    /// Token endpoint.
    pub token_url: Url,
    /// Revocation endpoint (RFC 7009), where the bank has one.
    pub revocation_url: Option<Url>,
    /// The bank announces `iss` in callbacks (RFC 9207), with this value.
    pub issuer: Option<String>,
    /// What the configuration, or else the preset, says of the bank's own PKCE.
    pub pkce: Pkce,
    /// The configuration says it, and not the preset.
    pub pkce_written: bool,
    /// The app's callback page, exactly as registered.
    pub redirect_uri: String,
    /// From the application registration.
    pub client_id: String,
    /// Of the application registration; found good when the configuration was.
    pub client_secret_file: SecretFile,
    /// How to present the two.
    pub client_authentication: ClientAuthentication,
}

/// How to reach the bank.
#[derive(Clone)]
pub struct Network {
    /// Our client certificates, and the authorities we trust; found good when the configuration was.
    pub files: TlsFiles,
    /// Host names to connect elsewhere, as `curl --connect-to` does; names in TLS stay.
    pub resolve: Vec<(String, SocketAddr)>,
}

impl Config {
    /// Reads and checks the file; `BANKCONNECT__LISTEN__ADDRESS=…` in the environment overrides
    /// `listen.address`, and so on for every key. Relative paths start at the file's folder.
    pub fn load(path: &Path) -> Result<Self, Invalid> {
        let text = text_of(path)?;
        Self::parse(path, &text, environment())
    }

    /// What registering an application needs of one provider; nothing else of the file is checked.
    pub fn registration(path: &Path, provider: &str) -> Result<Registration, Invalid> {
        let text = text_of(path)?;
        let written = overrides::read(path, &text, environment())?;
        registration::check(path, &text, written, provider)
    }

    /// What is wrong with a configuration that is about to be written; files that other commands write into its
    /// folder may still be missing.
    pub(crate) fn draft(path: &Path, text: &str) -> Vec<Finding> {
        draft::check(path, text)
    }

    /// The same from text, with the environment handed in.
    pub fn parse(
        path: &Path,
        text: &str,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Invalid> {
        let written = overrides::read(path, text, environment)?;
        check::check(path, text, written)
    }
}

fn text_of(path: &Path) -> Result<String, Invalid> {
    std::fs::read_to_string(path).map_err(|error| Invalid {
        findings: vec![Finding {
            place: path.display().to_string(),
            key: "file".to_owned(),
            what: match error.kind() {
                std::io::ErrorKind::NotFound => "there is no such file here".to_owned(),
                kind => format!("cannot be read ({kind})"),
            },
            fix: "go to the broker's folder, name the file with --config, or begin by `bankconnect init`"
                .to_owned(),
        }],
    })
}

/// Not `vars`, which panics on, and prints, what is not UTF-8.
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// True for 127.0.0.0/8, `::1` and the name `localhost`.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(url::Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        None => false,
    }
}
