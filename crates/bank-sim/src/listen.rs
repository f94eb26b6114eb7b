//! The doors: TLS and plain HTTP. The peer's certificate goes into the extensions of each request of
//! its connection.

mod accept;
mod paced;

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum_server::accept::Accept;
use axum_server::tls_rustls::RustlsConfig;
use axum_server::{Handle, Server};
use hyper::body::Incoming;
use hyper_util::rt::TokioTimer;
use tokio::net::{TcpListener, TcpStream};

use crate::bank::Bank;
use crate::journal::Door;
use crate::options::Error;

pub(crate) use paced::Paced;

use accept::{PlainDoor, TlsDoor};

const HEADER_PATIENCE: Duration = Duration::from_secs(30);

/// An address that is taken; who knocks waits until the door there is opened.
pub(crate) struct Place {
    /// Where this machine reaches it.
    pub(crate) address: SocketAddr,
    listener: TcpListener,
}

impl Place {
    /// Takes an address; port 0 is any free one.
    pub(crate) async fn at(address: SocketAddr) -> Result<Self, Error> {
        let failed = |source| Error::Listen { address, source };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let address = reachable(listener.local_addr().map_err(failed)?);
        Ok(Self { address, listener })
    }

    /// The same for a door that may stay shut.
    pub(crate) async fn at_some(address: Option<SocketAddr>) -> Result<Option<Self>, Error> {
        match address {
            Some(address) => Self::at(address).await.map(Some),
            None => Ok(None),
        }
    }
}

/// "All addresses" is none that can be called, and cookies would not fit it: loopback stands for it.
fn reachable(bound: SocketAddr) -> SocketAddr {
    let loopback =
        if bound.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() };
    if bound.ip().is_unspecified() { SocketAddr::new(loopback, bound.port()) } else { bound }
}

/// An open door.
pub(crate) struct Listener {
    pub(crate) address: SocketAddr,
    handle: Handle<SocketAddr>,
    task: tokio::task::JoinHandle<io::Result<()>>,
}

impl Listener {
    /// Opens a plain door.
    pub(crate) fn plain(place: Place, router: Router, bank: Arc<Bank>, door: Door) -> Self {
        Self::serve(place, router, PlainDoor { bank, door })
    }

    /// Opens a TLS door.
    pub(crate) fn tls(
        place: Place,
        router: Router,
        bank: Arc<Bank>,
        door: Door,
        config: RustlsConfig,
    ) -> Self {
        Self::serve(place, router, TlsDoor { bank, config, door })
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
