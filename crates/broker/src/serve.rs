//! Listens, by TLS of its own or behind a proxy, and stops without dropping anything.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
pub use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use hyper_util::rt::TokioTimer;
use rustls::ServerConfig;

use crate::first_bytes::FirstBytes;
use crate::http::HEAD_TIMEOUT;

/// How long calls under way may take once the process is told to stop.
pub const DRAIN: Duration = Duration::from_secs(25);

/// Why serving does not begin, or breaks off.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Which address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// The listener broke.
    #[error("serving broke off: {0}")]
    Broken(#[from] std::io::Error),
}

/// A bound listener.
pub struct Listener {
    socket: TcpListener,
    tls: Option<Arc<ServerConfig>>,
}

impl Listener {
    /// Binds; port 0 takes a free one.
    pub fn bind(address: SocketAddr, tls: Option<Arc<ServerConfig>>) -> Result<Self, ServeError> {
        let listen = |source| ServeError::Listen { address, source };
        let socket = TcpListener::bind(address).map_err(listen)?;
        socket.set_nonblocking(true).map_err(listen)?;
        Ok(Self { socket, tls })
    }

    /// Where it listens.
    pub fn address(&self) -> Result<SocketAddr, ServeError> {
        Ok(self.socket.local_addr()?)
    }

    /// Serves until `handle` says stop, then finishes calls under way.
    pub async fn serve(self, router: Router, handle: Handle<SocketAddr>) -> Result<(), ServeError> {
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        // answers stream in pieces: without `TCP_NODELAY` each small one would wait for the page's
        // delayed acknowledgement, 40 ms
        if let Some(tls) = self.tls {
            let acceptor =
                RustlsAcceptor::new(RustlsConfig::from_config(tls)).acceptor(NoDelayAcceptor);
            let acceptor = FirstBytes { inner: acceptor, patience: HEAD_TIMEOUT };
            let mut server = axum_server::from_tcp(self.socket)?.acceptor(acceptor).handle(handle);
            bound(server.http_builder());
            server.serve(service).await?;
        } else {
            let acceptor = FirstBytes { inner: NoDelayAcceptor, patience: HEAD_TIMEOUT };
            let mut server = axum_server::from_tcp(self.socket)?.acceptor(acceptor).handle(handle);
            bound(server.http_builder());
            server.serve(service).await?;
        }
        Ok(())
    }
}

/// Against slow heads, huge heads and too many streams; axum's own `serve` sets none of these.
fn bound(builder: &mut hyper_util::server::conn::auto::Builder<hyper_util::rt::TokioExecutor>) {
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_headers(64);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(128)
        .max_header_list_size(32 * 1024)
        .keep_alive_interval(Duration::from_secs(30));
}
