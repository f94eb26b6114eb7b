//! What happens between an accepted socket and its first request: the handshake, and a [`Line`]
//! for every request of the connection.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::middleware::AddExtension;
use axum_server::accept::Accept;
use axum_server::tls_rustls::RustlsConfig;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tower::Layer;

use super::Paced;
use crate::bank::Bank;
use crate::call::Line;
use crate::journal::Door;
use crate::knobs::Occasion;
use crate::pki::peer::PeerCertificate;
use crate::wire::{Wire, Wired};

/// How long a client may take for its handshake.
const HANDSHAKE_PATIENCE: Duration = Duration::from_mins(2);

type Accepted<S, T> = Pin<Box<dyn Future<Output = io::Result<(Wired<T>, Told<S>)>> + Send>>;
type Told<S> = AddExtension<S, Line>;

/// Takes plain connections.
#[derive(Clone)]
pub(super) struct PlainAcceptor {
    pub(super) door: Door,
}

impl<S: Send + 'static> Accept<TcpStream, S> for PlainAcceptor {
    type Stream = Wired<TcpStream>;
    type Service = Told<S>;
    type Future = Accepted<S, TcpStream>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let door = self.door;
        Box::pin(async move {
            stream.set_nodelay(true)?;
            let wire = Arc::new(Wire::default());
            let line = Line { door, peer: None, wire: wire.clone() };
            Ok((Wired::new(stream, wire), Extension(line).layer(service)))
        })
    }
}

/// Takes TLS connections.
#[derive(Clone)]
pub(super) struct TlsDoor {
    pub(super) bank: Arc<Bank>,
    pub(super) config: RustlsConfig,
    pub(super) door: Door,
}

impl<S: Send + 'static> Accept<TcpStream, S> for TlsDoor {
    type Stream = Wired<TlsStream<Paced>>;
    type Service = Told<S>;
    type Future = Accepted<S, TlsStream<Paced>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let Self { bank, config, door } = self.clone();
        Box::pin(async move {
            let stream = handshake(&bank, &config, stream).await?;
            let chain = stream.get_ref().1.peer_certificates();
            let leaf = chain.and_then(<[_]>::first);
            let peer = leaf.and_then(|leaf| PeerCertificate::read(leaf)).map(Arc::new);
            let wire = Arc::new(Wire::default());
            let line = Line { door, peer, wire: wire.clone() };
            Ok((Wired::new(stream, wire), Extension(line).layer(service)))
        })
    }
}

/// The handshake, as slow as the knobs say; afterwards the connection is as fast as any.
async fn handshake(
    bank: &Bank,
    config: &RustlsConfig,
    stream: TcpStream,
) -> io::Result<TlsStream<Paced>> {
    stream.set_nodelay(true)?;
    let occasion = Occasion::default();
    tokio::time::sleep(bank.meet(occasion, |knobs| &mut knobs.accept_delay)).await;
    let pace = bank.meet(occasion, |knobs| &mut knobs.slow_handshake);
    let acceptor = TlsAcceptor::from(config.get_inner());
    let greeted = acceptor.accept(Paced::new(stream, pace));
    let mut stream = tokio::time::timeout(HANDSHAKE_PATIENCE, greeted).await??;
    stream.get_mut().0.hurry();
    Ok(stream)
}
