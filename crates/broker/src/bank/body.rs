//! An answer's body on its way to the page: streamed, bounded in size, pauses and length of stay.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout, timeout_at};

use super::Fault;
use crate::config::Limits;

/// Pieces waiting for a slow page.
const AHEAD: usize = 4;

/// Passes pieces on as they come and breaks off at a bound; the page then sees a broken transfer,
/// never a short one that looks whole.
pub(super) struct Bounded {
    pieces: mpsc::Receiver<Piece>,
    size: SizeHint,
    whole: bool,
}

enum Piece {
    Data(Bytes),
    Broken(Fault),
    End,
}

impl Bounded {
    /// A task of its own carries the body, so that the bounds hold for a page that stops reading
    /// too; it ends, and with it the call to the bank, when the page goes away.
    pub(super) fn new(inner: Incoming, limits: Limits) -> Self {
        let size = inner.size_hint();
        let (send, pieces) = mpsc::channel(AHEAD);
        tokio::spawn(async move {
            let until = Instant::now() + limits.total;
            // out of time: the channel closes without an end, which breaks the transfer off
            let _in_time = timeout_at(until, pump(inner, limits, send)).await;
        });
        Self { pieces, size, whole: false }
    }
}

async fn pump(mut inner: Incoming, limits: Limits, send: mpsc::Sender<Piece>) {
    let mut left = limits.response_bytes;
    loop {
        let piece = match timeout(limits.idle, inner.frame()).await {
            Err(_) => Piece::Broken(Fault::TimedOut),
            Ok(None) => Piece::End,
            Ok(Some(Err(error))) => Piece::Broken(Fault::Broken(error.into())),
            Ok(Some(Ok(frame))) => match frame.into_data() {
                Err(_trailers) => continue, // nobody's business
                Ok(data) => match left.checked_sub(data.len() as u64) {
                    None => Piece::Broken(Fault::TooLarge),
                    Some(rest) => {
                        left = rest;
                        Piece::Data(data)
                    }
                },
            },
        };
        let more = matches!(piece, Piece::Data(_));
        if let Piece::Broken(fault) = &piece {
            // the request's own line is written by now, with the status the bank gave
            tracing::warn!(cause = crate::error::chain(fault), "an answer of the bank breaks off");
        }
        if send.send(piece).await.is_err() || !more {
            return;
        }
    }
}

impl Body for Bounded {
    type Data = Bytes;
    type Error = Fault;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Fault>>> {
        if self.whole {
            return Poll::Ready(None);
        }
        Poll::Ready(match ready!(self.pieces.poll_recv(cx)) {
            Some(Piece::Data(data)) => Some(Ok(Frame::data(data))),
            Some(Piece::Broken(fault)) => Some(Err(fault)),
            None => Some(Err(Fault::TimedOut)),
            Some(Piece::End) => {
                self.whole = true;
                None
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        self.whole || self.size.exact() == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.size
    }
}
