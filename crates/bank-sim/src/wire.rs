//! One accepted connection, between HTTP and the socket: it hears what comes in, for the journal,
//! and can be cut with a reset.

mod tap;
mod unread;

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use crate::bank::Bank;
use crate::call::Line;
use crate::journal::{KEPT_BODY, TlsSession};
use crate::listen::Paced;
use crate::sync::lock;

use tap::Tap;

pub(crate) use tap::Raw;

/// What a connection's stream and its requests share.
#[derive(Debug)]
pub(crate) struct Wire {
    tap: Mutex<Tap>,
    tls: Option<Arc<TlsSession>>,
    reset: AtomicBool,
}

impl Wire {
    /// A connection whose requests are recorded.
    pub(crate) fn new(tls: Option<TlsSession>) -> Self {
        let http2 = tls.as_ref().and_then(|tls| tls.alpn.as_deref()) == Some("h2");
        let tap = if http2 { Tap::deaf() } else { Tap::default() };
        Self { tap: Mutex::new(tap), tls: tls.map(Arc::new), reset: AtomicBool::new(false) }
    }

    /// A connection whose requests are not.
    pub(crate) fn deaf() -> Self {
        Self { tap: Mutex::new(Tap::deaf()), tls: None, reset: AtomicBool::new(false) }
    }

    pub(crate) fn tls(&self) -> Option<&Arc<TlsSession>> {
        self.tls.as_ref()
    }

    /// The HTTP/1 request being answered, as it came; `whole` when its body was read to the end.
    pub(crate) fn take(&self, whole: bool) -> Option<Raw> {
        lock(&self.tap).take(whole)
    }

    /// Lets the next write end the connection with a reset (TCP RST) instead of a farewell.
    pub(crate) fn reset(&self) {
        self.reset.store(true, Ordering::Release);
    }

    fn broken(&self) -> io::Result<()> {
        if self.reset.load(Ordering::Acquire) {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }
}

/// A stream with a socket below it.
pub(crate) trait Socket: AsyncRead + Unpin {
    /// The socket.
    fn socket(&self) -> &TcpStream;
}

impl Socket for TcpStream {
    fn socket(&self) -> &TcpStream {
        self
    }
}

impl Socket for TlsStream<Paced> {
    fn socket(&self) -> &TcpStream {
        self.get_ref().0.socket()
    }
}

/// The stream of a connection, as HTTP reads and writes it.
pub(crate) struct Wired<S: Socket> {
    stream: S,
    wire: Arc<Wire>,
    bank: Arc<Bank>,
    line: Line,
}

impl<S: Socket> Wired<S> {
    pub(crate) fn new(stream: S, bank: Arc<Bank>, line: Line) -> Self {
        Self { stream, wire: line.wire.clone(), bank, line }
    }
}

impl<S: Socket> Drop for Wired<S> {
    fn drop(&mut self) {
        if self.wire.broken().is_err() {
            // without lingering the system sends RST for what is left
            let _ = self.stream.socket().set_zero_linger();
        }
        let mut rest = lock(&self.wire.tap).rest();
        if !rest.is_empty() {
            rest.extend(arrived(&mut self.stream));
            unread::record(&self.bank, &self.line, rest);
        }
    }
}

/// What has come in without being asked for: HTTP stops reading where it stops understanding.
fn arrived(stream: &mut (impl AsyncRead + Unpin)) -> Vec<u8> {
    let mut bytes = vec![0; KEPT_BODY];
    let mut buffer = ReadBuf::new(&mut bytes);
    let _ = Pin::new(stream).poll_read(&mut Context::from_waker(Waker::noop()), &mut buffer);
    buffer.filled().to_owned()
}

impl<S: Socket> AsyncRead for Wired<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        lock(&self.wire.tap).hear(&buffer.filled()[before..]);
        read
    }
}

impl<S: Socket + AsyncWrite> AsyncWrite for Wired<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.wire.broken()?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.wire.broken()?;
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.wire.broken()?;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.wire.broken()?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
