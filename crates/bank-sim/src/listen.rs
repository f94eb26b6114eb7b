//! The doors: TLS 1.2/1.3 with optional client certificate (the handshake trusts the bank's own
//! authority only, and judges by the bank's clock) and plain HTTP for browsers. The peer's
//! certificate goes into the extensions of each request of its connection.

mod accept;
mod paced;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use axum::Router;
use axum_server::accept::Accept;
use axum_server::tls_rustls::RustlsConfig;
use axum_server::{Handle, Server};
use hyper::body::Incoming;
use hyper_util::rt::TokioTimer;
use rustls::crypto::aws_lc_rs;
use rustls::server::WebPkiClientVerifier;
use rustls::time_provider::TimeProvider;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::UnixTime;
use tokio::net::{TcpListener, TcpStream};

use crate::Clock;
use crate::bank::Bank;
use crate::journal::Door;
use crate::options::Error;
use crate::pki::Pki;

pub(crate) use paced::Paced;

use accept::{PlainDoor, TlsDoor};

const HEADER_PATIENCE: Duration = Duration::from_secs(30);

/// An open door.
pub(crate) struct Listener {
    pub(crate) address: SocketAddr,
    handle: Handle<SocketAddr>,
    task: tokio::task::JoinHandle<io::Result<()>>,
}

impl Listener {
    /// Opens a plain door.
    pub(crate) async fn plain(
        address: SocketAddr,
        router: Router,
        bank: Arc<Bank>,
        door: Door,
    ) -> Result<Self, Error> {
        Self::serve(address, router, PlainDoor { bank, door }).await
    }

    /// Opens a TLS door.
    pub(crate) async fn tls(
        address: SocketAddr,
        router: Router,
        bank: Arc<Bank>,
        door: Door,
        config: ServerConfig,
    ) -> Result<Self, Error> {
        let config = RustlsConfig::from_config(Arc::new(config));
        Self::serve(address, router, TlsDoor { bank, config, door }).await
    }

    /// Shuts the door, cuts its connections and waits until nobody listens.
    pub(crate) async fn close(mut self) {
        self.handle.shutdown();
        let _ = (&mut self.task).await;
    }

    async fn serve<A>(address: SocketAddr, router: Router, acceptor: A) -> Result<Self, Error>
    where
        A: Accept<TcpStream, Router> + Clone + Send + Sync + 'static,
        A::Stream: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send,
        A::Service: axum_server::service::SendService<http::Request<Incoming>> + Send,
        A::Future: Send,
    {
        let failed = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let handle = Handle::new();
        let mut server: Server<SocketAddr, A> =
            Server::from_listener(listener).acceptor(acceptor).handle(handle.clone());
        let http = server.http_builder();
        http.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_PATIENCE);
        http.http2().timer(TokioTimer::new()).max_concurrent_streams(256);
        let task = tokio::spawn(server.serve(router.into_make_service()));
        Ok(Self { address, handle, task })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.handle.shutdown();
    }
}

/// Configuration of the door with client certificates.
pub(crate) fn mutual(
    pki: &Pki,
    host_names: &[String],
    clock: &Clock,
) -> Result<ServerConfig, Error> {
    let mut roots = RootCertStore::empty();
    roots.add(pki.root().clone())?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider.clone())
        .allow_unauthenticated()
        .build()?;
    let (chain, key) = pki.server(host_names)?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)?;
    config.time_provider = Arc::new(BankTime(clock.clone()));
    Ok(speaking_http(config))
}

/// Configuration of the door that asks for no certificate.
pub(crate) fn one_sided(pki: &Pki, host_names: &[String]) -> Result<ServerConfig, Error> {
    let (chain, key) = pki.server(host_names)?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    Ok(speaking_http(config))
}

/// The bank's clock in the handshake.
#[derive(Debug)]
struct BankTime(Clock);

impl TimeProvider for BankTime {
    fn current_time(&self) -> Option<UnixTime> {
        let since_1970 = self.0.now().duration_since(UNIX_EPOCH).ok()?;
        Some(UnixTime::since_unix_epoch(since_1970))
    }
}

fn speaking_http(mut config: ServerConfig) -> ServerConfig {
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}
