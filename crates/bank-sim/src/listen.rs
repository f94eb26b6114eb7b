//! The doors: TLS 1.2/1.3 with optional client certificate (the handshake trusts the bank's own
//! authority only, and judges by the bank's clock) and plain HTTP for browsers. The peer's
//! certificate goes into the extensions of each request of its connection.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use axum::middleware::AddExtension;
use axum::{Extension, Router};
use axum_server::accept::{Accept, NoDelayAcceptor};
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use axum_server::{Handle, Server};
use hyper::body::Incoming;
use hyper_util::rt::TokioTimer;
use rustls::crypto::aws_lc_rs;
use rustls::server::WebPkiClientVerifier;
use rustls::time_provider::TimeProvider;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::UnixTime;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::server::TlsStream;
use tower::Layer;

use crate::Clock;
use crate::call::Line;
use crate::journal::Door;
use crate::options::Error;
use crate::pki::Pki;
use crate::pki::peer::PeerCertificate;

const HEADER_PATIENCE: Duration = Duration::from_secs(30);

/// An open door.
pub(crate) struct Listener {
    pub(crate) address: SocketAddr,
    handle: Handle<SocketAddr>,
    task: tokio::task::JoinHandle<io::Result<()>>,
}

impl Listener {
    /// Opens a plain door.
    pub(crate) async fn plain(address: SocketAddr, router: Router) -> Result<Self, Error> {
        let router = router.layer(Extension(Line { door: Door::Front, peer: None }));
        Self::serve(address, router, NoDelayAcceptor::new()).await
    }

    /// Opens a TLS door.
    pub(crate) async fn tls(
        address: SocketAddr,
        router: Router,
        door: Door,
        config: ServerConfig,
    ) -> Result<Self, Error> {
        let config = RustlsConfig::from_config(Arc::new(config));
        let acceptor = RustlsAcceptor::new(config).acceptor(NoDelayAcceptor::new());
        Self::serve(address, router, PeerAcceptor { acceptor, door }).await
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

/// Wraps the TLS acceptor and puts the peer's certificate into the request extensions.
#[derive(Clone)]
struct PeerAcceptor {
    acceptor: RustlsAcceptor<NoDelayAcceptor>,
    door: Door,
}

impl<S: Send + 'static> Accept<TcpStream, S> for PeerAcceptor {
    type Stream = TlsStream<TcpStream>;
    type Service = AddExtension<S, Line>;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, Self::Service)>> + Send>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let (handshake, door) = (self.acceptor.accept(stream, service), self.door);
        Box::pin(async move {
            let (stream, service) = handshake.await?;
            let chain = stream.get_ref().1.peer_certificates();
            let leaf = chain.and_then(<[_]>::first);
            let peer = leaf.and_then(|leaf| PeerCertificate::read(leaf)).map(Arc::new);
            Ok((stream, Extension(Line { door, peer }).layer(service)))
        })
    }
}
