//! What a bank is started with: its doors, its registered applications, its behaviour, its time.

use std::net::{Ipv4Addr, SocketAddr};

use crate::{Clock, Knobs, Population, Random};

/// Settings of one bank. All doors default to a free port of 127.0.0.1.
#[derive(Clone, Debug)]
pub struct Options {
    /// Plain HTTP for people's browsers. Of `0.0.0.0`, for this and all doors, the bank tells
    /// `127.0.0.1`.
    pub front: SocketAddr,
    /// How people's browsers and software reach `front`, where something stands before it (a proxy,
    /// a container): `https://bank.example`. `None`: as it is.
    pub front_url: Option<String>,
    /// TLS; the client certificate is asked for, and demanded by token, revocation and API.
    pub tls: SocketAddr,
    /// TLS with the same server certificate and without client certificates: the sandbox.
    pub sandbox: Option<SocketAddr>,
    /// Plain HTTP for tests: knobs, journal, customers, clock. It shows tokens and passwords.
    pub control: Option<SocketAddr>,
    /// Lets `control` stand on an address that is not loopback, and be called by any name.
    pub control_anywhere: bool,
    /// How the bank learns the client's certificate outside the sandbox.
    pub client_certificate: CertificateSource,
    /// Names in the server certificate, beside 127.0.0.1.
    pub host_names: Vec<String>,
    /// Registered applications.
    pub clients: Vec<Client>,
    /// Initial behaviour.
    pub knobs: Knobs,
    /// Time.
    pub clock: Clock,
    /// Randomness of codes, tokens and sessions.
    pub random: Random,
    /// Seed of customers and their accounts.
    pub seed: u64,
    /// Customers and movements beside the four named customers, for load.
    pub population: Population,
}

impl Default for Options {
    fn default() -> Self {
        let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            front: any_port,
            front_url: None,
            tls: any_port,
            sandbox: None,
            control: None,
            control_anywhere: false,
            client_certificate: CertificateSource::default(),
            host_names: vec!["localhost".to_owned(), "aboktpp.cnb.cz".to_owned()],
            clients: Vec::new(),
            knobs: Knobs::default(),
            clock: Clock::system(),
            random: Random::system(),
            seed: 1,
            population: Population::default(),
        }
    }
}

/// Where the client's certificate comes from (bank-api fact 6.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CertificateSource {
    /// From the handshake at the TLS door; `X-Client-Certificate` is refused as an attempt to be
    /// somebody else.
    #[default]
    Tls,
    /// From `X-Client-Certificate`, at the front and the TLS door, which asks for none itself:
    /// for a proxy that terminates TLS. What the proxy has to check, the bank does not.
    ProxyHeader,
}

/// A registered application of a third party (bank-api fact 4.1).
#[derive(Clone, Debug)]
pub struct Client {
    /// `client_id`.
    pub client_id: String,
    /// `client_secret`; the bank keeps a digest only.
    pub client_secret: String,
    /// Registered redirect URIs.
    pub redirect_uris: Vec<String>,
    /// Registered scopes: `aisp`, `pisp`.
    pub scopes: Vec<String>,
    /// `organizationIdentifier` that the client's certificate must carry.
    pub licence: String,
    /// Name shown to people.
    pub name: String,
}

/// Why a bank did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A door could not be opened.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// The system's answer.
        source: std::io::Error,
    },
    /// The control endpoint would be open to others.
    #[error(
        "the control endpoint shows tokens, and {address} is not loopback; `control_anywhere` allows it"
    )]
    ControlExposed {
        /// The address asked for.
        address: SocketAddr,
    },
    /// A certificate could not be made.
    #[error("cannot make a certificate")]
    Certificate(#[from] rcgen::Error),
    /// TLS could not be configured.
    #[error("cannot configure TLS")]
    Tls(#[from] rustls::Error),
    /// The verifier of client certificates could not be built.
    #[error("cannot verify client certificates")]
    Verifier(#[from] rustls::server::VerifierBuilderError),
}
