//! Broken answers, byte by byte: slow, endless, cut and lost ones (security facts D.4).

mod gzip;

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::response::Response;
use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http_body::Frame;
use http_body_util::BodyExt;
use tokio::sync::mpsc;

use crate::wire::Wire;

pub(crate) use gzip::{bomb, compress};

/// An answer that never comes.
pub(crate) async fn hang() -> Infallible {
    std::future::pending().await
}

/// Marks an answer that its client does not get, or not whole.
#[derive(Clone, Copy)]
pub(crate) struct Lost;

/// `response`, sent byte by byte with a wait before each.
pub(crate) async fn drip(response: Response, delay: Duration) -> Response {
    respond(response, async move |bytes: Bytes, line: Line| {
        for at in 0..bytes.len() {
            tokio::time::sleep(delay).await;
            if line.send(Ok(bytes.slice(at..=at))).await.is_err() {
                return;
            }
        }
    })
    .await
}

/// `response`, whose connection breaks in the middle of the body.
pub(crate) async fn truncate(response: Response) -> Response {
    respond(response, async |bytes: Bytes, line: Line| {
        let _ = line.send(Ok(bytes.slice(..bytes.len() / 2))).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        let _ = line.send(Err(Broken)).await;
    })
    .await
}

/// `response`, in the middle of which the connection is reset.
pub(crate) async fn reset(response: Response, wire: &Arc<Wire>) -> Response {
    let wire = wire.clone();
    respond(response, async move |bytes: Bytes, line: Line| {
        let _ = line.send(Ok(bytes.slice(..bytes.len() / 2))).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        wire.reset();
        let _ = line.send(Err(Broken)).await;
    })
    .await
}

/// An answer that is lost: the connection ends before a byte of it has left.
pub(crate) fn lose() -> Response {
    let (line, body) = channel();
    let _ = line.try_send(Err(Broken));
    let mut response = Response::new(Body::new(body));
    response.extensions_mut().insert(Lost);
    response
}

/// A body of `length` bytes: one endless JSON string.
pub(crate) fn huge(length: u64) -> Body {
    const CHUNK: u64 = 64 * 1024;
    let (line, body) = channel();
    tokio::spawn(async move {
        let chunk = Bytes::from(vec![b'a'; 64 * 1024]);
        let mut left = length.saturating_sub(2);
        let mut alive = line.send(Ok(Bytes::from_static(b"{\""))).await.is_ok();
        while left > 0 && alive {
            let part = usize::try_from(left.min(CHUNK)).unwrap_or(0);
            alive = line.send(Ok(chunk.slice(..part))).await.is_ok();
            left -= left.min(CHUNK);
        }
    });
    Body::new(body)
}

type Line = mpsc::Sender<Result<Bytes, Broken>>;

/// Sends the body of `response` by `play`, its length announced.
async fn respond<P, F>(response: Response, play: P) -> Response
where
    P: FnOnce(Bytes, Line) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let (mut parts, body) = response.into_parts();
    let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    parts.headers.insert(CONTENT_LENGTH, bytes.len().into());
    parts.extensions.insert(Lost);
    let (line, body) = channel();
    tokio::spawn(play(bytes, line));
    Response::from_parts(parts, Body::new(body))
}

fn channel() -> (Line, Played) {
    let (line, body) = mpsc::channel(4);
    (line, Played(body))
}

/// The connection broke, on purpose.
#[derive(Debug, thiserror::Error)]
#[error("the connection broke")]
struct Broken;

/// A body that somebody else writes.
struct Played(mpsc::Receiver<Result<Bytes, Broken>>);

impl HttpBody for Played {
    type Data = Bytes;
    type Error = Broken;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        self.0.poll_recv(context).map(|part| part.map(|part| part.map(Frame::data)))
    }
}
