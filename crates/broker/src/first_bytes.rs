//! A connection that sends nothing is closed.
//!
//! hyper bounds the time for a request's head, but only once it knows which HTTP it speaks: until
//! then, for up to 24 bytes, nothing bounds a silent or trickling connection.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// Bytes of the HTTP/2 connection preface (RFC 9113 §3.4).
const PREFACE: usize = 24;

/// Accepts as `inner` does, and gives each connection `patience` to send its first bytes.
#[derive(Clone)]
pub(crate) struct FirstBytes<A> {
    pub(crate) inner: A,
    pub(crate) patience: Duration,
}

impl<A, I, S> Accept<I, S> for FirstBytes<A>
where
    A: Accept<I, S, Future: Send + 'static>,
{
    type Stream = Expected<A::Stream>;
    type Service = A::Service;
    type Future = Pin<Box<dyn Future<Output = io::Result<(Self::Stream, A::Service)>> + Send>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        let (accepted, patience) = (self.inner.accept(stream, service), self.patience);
        Box::pin(async move {
            let (stream, service) = accepted.await?;
            let until = Some(Box::pin(tokio::time::sleep(patience)));
            Ok((Expected { stream, missing: PREFACE, until }, service))
        })
    }
}

/// A connection whose first bytes are expected in time.
pub(crate) struct Expected<S> {
    stream: S,
    missing: usize,
    /// `None` once they are there.
    until: Option<Pin<Box<Sleep>>>,
}

impl<S: AsyncRead + Unpin> AsyncRead for Expected<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(until) = &mut self.until
            && until.as_mut().poll(cx).is_ready()
        {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        if self.until.is_some() {
            let come = buffer.filled().len() - before;
            self.missing = self.missing.saturating_sub(come);
            if self.missing == 0 || come == 0 {
                self.until = None;
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Expected<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    fn expected(
        patience: Duration,
    ) -> (tokio::io::DuplexStream, Expected<tokio::io::DuplexStream>) {
        let (peer, stream) = duplex(1024);
        let until = Some(Box::pin(tokio::time::sleep(patience)));
        (peer, Expected { stream, missing: PREFACE, until })
    }

    #[tokio::test]
    async fn silence_and_trickles_end() {
        let (_silent, mut connection) = expected(Duration::from_millis(20));
        let error = connection.read(&mut [0; 64]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);

        let (mut trickling, mut connection) = expected(Duration::from_millis(20));
        trickling.write_all(b"PRI * HTTP/2").await.unwrap();
        assert_eq!(connection.read(&mut [0; 64]).await.unwrap(), 12);
        let error = connection.read(&mut [0; 64]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn what_has_begun_may_pause() {
        let (mut peer, mut connection) = expected(Duration::from_millis(20));
        peer.write_all(b"GET /bank/providers HTTP/1.1\r\n").await.unwrap();
        assert_eq!(connection.read(&mut [0; 64]).await.unwrap(), 30);
        tokio::time::sleep(Duration::from_millis(60)).await;
        peer.write_all(b"\r\n").await.unwrap();
        assert_eq!(connection.read(&mut [0; 64]).await.unwrap(), 2);
    }
}
