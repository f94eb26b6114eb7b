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
use rustls::{HandshakeKind, ProtocolVersion, ServerConnection};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tower::Layer;

use super::Paced;
use crate::bank::Bank;
use crate::call::Line;
use crate::journal::{Breach, Door, TlsSession};
use crate::knobs::Occasion;
use crate::pki::peer::PeerCertificate;
use crate::wire::{Wire, Wired};

/// How long a client may take for its handshake.
const HANDSHAKE_PATIENCE: Duration = Duration::from_mins(2);
/// How long what a refused client still sends is read.
const FAREWELL: Duration = Duration::from_secs(1);

type Accepted<S, T> = Pin<Box<dyn Future<Output = io::Result<(Wired<T>, Told<S>)>> + Send>>;
type Told<S> = AddExtension<S, Line>;

/// Takes plain connections.
#[derive(Clone)]
pub(super) struct PlainDoor {
    pub(super) bank: Arc<Bank>,
    pub(super) door: Door,
}

impl<S: Send + 'static> Accept<TcpStream, S> for PlainDoor {
    type Stream = Wired<TcpStream>;
    type Service = Told<S>;
    type Future = Accepted<S, TcpStream>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let Self { bank, door } = self.clone();
        Box::pin(async move {
            stream.set_nodelay(true)?;
            let wire = if door == Door::Control { Wire::deaf() } else { Wire::new(None) };
            let line = Line { door, peer: None, wire: Arc::new(wire) };
            Ok((Wired::new(stream, bank, line.clone()), Extension(line).layer(service)))
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
            let agreed = &stream.get_ref().1;
            let leaf = agreed.peer_certificates().and_then(<[_]>::first);
            let peer = leaf.and_then(|leaf| PeerCertificate::read(leaf)).map(Arc::new);
            let wire = Arc::new(Wire::new(Some(session(agreed))));
            let line = Line { door, peer, wire };
            Ok((Wired::new(stream, bank, line.clone()), Extension(line).layer(service)))
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
    let greeted = acceptor.accept(Paced::new(stream, pace)).into_fallible();
    match tokio::time::timeout(HANDSHAKE_PATIENCE, greeted).await? {
        Ok(mut stream) => {
            stream.get_mut().0.hurry();
            Ok(stream)
        }
        Err((error, socket)) => {
            note(bank, &error);
            tokio::spawn(take_leave(socket));
            Err(error)
        }
    }
}

/// Closes a connection so that the alert arrives: a socket closed over unread bytes is reset, and
/// the client, which in TLS 1.3 has long begun to send its request, would see the reset alone.
async fn take_leave(mut socket: Paced) {
    let farewell = async {
        socket.shutdown().await?;
        tokio::io::copy(&mut socket, &mut tokio::io::sink()).await
    };
    let _ = tokio::time::timeout(FAREWELL, farewell).await;
}

/// Notes a handshake that failed by the client's fault.
fn note(bank: &Bank, error: &io::Error) {
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>());
    match cause {
        Some(rustls::Error::PeerIncompatible(cause)) => {
            bank.journal.breach(Breach::TlsIncompatible, format!("TLS handshake: {cause:?}"));
        }
        Some(rustls::Error::InvalidCertificate(cause)) => {
            let detail = format!("client certificate refused: {cause:?}");
            bank.journal.breach(Breach::CertificateRefused, detail);
        }
        _ => tracing::debug!(%error, "TLS handshake"),
    }
}

/// What a finished handshake has agreed.
fn session(agreed: &ServerConnection) -> TlsSession {
    let named = |version: ProtocolVersion| version.as_str().map(ToOwned::to_owned);
    let suite = agreed.negotiated_cipher_suite().map(|suite| suite.suite());
    let group = agreed.negotiated_key_exchange_group();
    let alpn = agreed.alpn_protocol();
    TlsSession {
        version: agreed.protocol_version().and_then(named).unwrap_or_default(),
        cipher_suite: suite.and_then(|suite| suite.as_str()).unwrap_or_default().to_owned(),
        key_exchange: group.map(|group| format!("{:?}", group.name())),
        alpn: alpn.map(|alpn| String::from_utf8_lossy(alpn).into_owned()),
        server_name: agreed.server_name().map(ToOwned::to_owned),
        client_certificate: agreed.peer_certificates().is_some(),
        resumed: agreed.handshake_kind() == Some(HandshakeKind::Resumed),
    }
}
