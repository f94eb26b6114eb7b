//! The doors: TLS and plain HTTP. The peer's certificate goes into the extensions of each request of
//! its connection.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::middleware::AddExtension;
use axum::{Extension, Router};
use axum_server::accept::{Accept, NoDelayAcceptor};
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use axum_server::{Handle, Server};
use hyper::body::Incoming;
use hyper_util::rt::TokioTimer;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::server::TlsStream;
use tower::Layer;

use crate::call::Line;
use crate::journal::Door;
use crate::options::Error;
use crate::pki::peer::PeerCertificate;

const HEADER_PATIENCE: Duration = Duration::from_secs(30);

/// An address that is taken; who knocks waits until the door there is opened.
pub(crate) struct Place {
    pub(crate) address: SocketAddr,
    listener: TcpListener,
}

impl Place {
    /// Takes an address; port 0 is any free one.
    pub(crate) async fn at(address: SocketAddr) -> Result<Self, Error> {
        let failed = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { address, listener })
    }
}

/// An open door.
pub(crate) struct Listener {
    pub(crate) address: SocketAddr,
    handle: Handle<SocketAddr>,
    task: tokio::task::JoinHandle<io::Result<()>>,
}

impl Listener {
    /// Opens a plain door.
    pub(crate) fn plain(place: Place, router: Router) -> Self {
        let router = router.layer(Extension(Line { door: Door::Front, peer: None }));
        Self::serve(place, router, NoDelayAcceptor::new())
    }

    /// Opens a TLS door.
    pub(crate) fn tls(place: Place, router: Router, door: Door, config: RustlsConfig) -> Self {
        let acceptor = RustlsAcceptor::new(config).acceptor(NoDelayAcceptor::new());
        Self::serve(place, router, PeerAcceptor { acceptor, door })
    }

    /// Shuts the door, cuts its connections and waits until nobody listens.
    pub(crate) async fn close(mut self) {
        self.handle.shutdown();
        let _ = (&mut self.task).await;
    }

    fn serve<A>(Place { address, listener }: Place, router: Router, acceptor: A) -> Self
    where
        A: Accept<TcpStream, Router> + Clone + Send + Sync + 'static,
        A::Stream: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send,
        A::Service: axum_server::service::SendService<http::Request<Incoming>> + Send,
        A::Future: Send,
    {
        let handle = Handle::new();
        let mut server: Server<SocketAddr, A> =
            Server::from_listener(listener).acceptor(acceptor).handle(handle.clone());
        let http = server.http_builder();
        http.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_PATIENCE);
        http.http2().timer(TokioTimer::new()).max_concurrent_streams(256);
        let task = tokio::spawn(server.serve(router.into_make_service()));
        Self { address, handle, task }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.handle.shutdown();
    }
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
