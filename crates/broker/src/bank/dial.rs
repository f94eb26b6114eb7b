//! One connection to a bank by itself, outside of any pool: it keeps the reason why TLS does not come about, which
//! a client of many calls may lose.

use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::ServerName;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::Url;

use super::Fault;
use crate::config::Network;

/// How long a bank may take to refuse our certificate.
const VERDICT: Duration = Duration::from_secs(1);

/// How to reach a bank, and within what time.
pub(super) struct Dial<'a> {
    pub(super) network: &'a Network,
    pub(super) limit: Duration,
    /// Which of several certificates is presented hangs on it.
    pub(super) now: Timestamp,
}

impl Dial<'_> {
    /// Where a host is: by the system's resolver, or as `resolve` has it.
    pub(super) async fn addresses(
        &self,
        host: &str,
        port: u16,
    ) -> std::io::Result<Vec<SocketAddr>> {
        let exceptions = &self.network.resolve;
        if let Some((_, address)) = exceptions.iter().find(|(known, _)| known == host) {
            return Ok(vec![*address]);
        }
        Ok(tokio::net::lookup_host((host, port)).await?.collect())
    }

    /// A TCP connection to the first address that gives one.
    pub(super) async fn connect(&self, addresses: &[SocketAddr]) -> std::io::Result<TcpStream> {
        let connected = TcpStream::connect(addresses);
        tokio::time::timeout(self.limit, connected).await.unwrap_or_else(|_| {
            Err(std::io::Error::new(std::io::ErrorKind::TimedOut, "no answer in time"))
        })
    }

    /// A handshake over a connection. Whether the bank takes our certificate, TLS 1.3 tells afterwards:
    /// [`verdict`].
    pub(super) async fn handshake(
        &self,
        url: &Url,
        connection: TcpStream,
        provider: CryptoProvider,
    ) -> Result<TlsStream<TcpStream>, Fault> {
        let contents = self.network.files.read();
        let tls = contents.and_then(|contents| contents.settings_with(provider));
        let tls = tls.map_err(|unusable| Fault::Unreachable(unusable.into()))?;
        let tls = tls.client_at(self.now);
        let name = ServerName::try_from(url.host_str().unwrap_or_default().to_owned());
        let name = name.map_err(|error| Fault::Unreachable(error.into()))?;
        let handshake = TlsConnector::from(std::sync::Arc::new(tls)).connect(name, connection);
        let done = tokio::time::timeout(self.limit, handshake).await;
        done.map_err(|_| Fault::TimedOut)?.map_err(|error| Fault::Unreachable(error.into()))
    }

    /// Why TLS with this server fails, where a certificate is the cause.
    pub(super) async fn certificate_trouble(&self, url: &Url) -> Option<Fault> {
        let (host, port) = (url.host_str()?, url.port_or_known_default()?);
        let addresses = self.addresses(host, port).await.ok()?;
        let connection = self.connect(&addresses).await.ok()?;
        let shaken = self.handshake(url, connection, aws_lc_rs::default_provider()).await;
        let fault = match shaken {
            Ok(mut stream) => verdict(&mut stream).await.err()?,
            Err(fault) => fault,
        };
        Some(fault.with_cause()).filter(|fault| matches!(fault, Fault::Certificate { .. }))
    }
}

/// Whether the bank takes our certificate, or our having none: a bank that does has nothing to say.
pub(super) async fn verdict(stream: &mut TlsStream<TcpStream>) -> Result<(), Fault> {
    match tokio::time::timeout(VERDICT, stream.read_u8()).await {
        Ok(Err(error)) => Err(Fault::Broken(error.into())),
        Ok(Ok(_)) | Err(_) => Ok(()),
    }
}
