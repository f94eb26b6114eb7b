//! One accepted connection, between HTTP and the socket: it can be cut with a reset.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use crate::listen::Paced;

/// What a connection's stream and its requests share.
#[derive(Debug, Default)]
pub(crate) struct Wire {
    reset: AtomicBool,
}

impl Wire {
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
pub(crate) trait Socket {
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
}

impl<S: Socket> Wired<S> {
    pub(crate) fn new(stream: S, wire: Arc<Wire>) -> Self {
        Self { stream, wire }
    }
}

impl<S: Socket> Drop for Wired<S> {
    fn drop(&mut self) {
        if self.wire.broken().is_err() {
            // without lingering the system sends RST for what is left
            let _ = self.stream.socket().set_zero_linger();
        }
    }
}

impl<S: Socket + AsyncRead + Unpin> AsyncRead for Wired<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: Socket + AsyncWrite + Unpin> AsyncWrite for Wired<S> {
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
