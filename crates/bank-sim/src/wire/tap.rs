//! Hears what a connection receives and tells its HTTP/1 requests apart, so that each can be kept
//! as it came: order and spelling of its headers, its transfer coding, its oddities.

use httparse::{EMPTY_HEADER, Header, Request, Status};

use crate::journal::KEPT_BODY;

/// More than the largest request that is read whole: its body, and what hyper takes for a head.
const MOST: usize = 1024 * 1024 + 512 * 1024;
const MOST_HEADERS: usize = 128;
/// What every HTTP/2 connection begins with (RFC 9113, 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n";

/// The bytes that no request has claimed yet.
#[derive(Debug, Default)]
pub(crate) struct Tap {
    bytes: Vec<u8>,
    deaf: bool,
}

/// One request as it came.
#[derive(Debug)]
pub(crate) struct Raw {
    /// The request target, fragment included.
    pub(crate) target: String,
    /// Names as spelt, in order.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    /// Head and, up to its limit, body.
    pub(crate) bytes: Vec<u8>,
}

impl Tap {
    /// A tap that hears nothing, for a connection of another protocol.
    pub(crate) fn deaf() -> Self {
        Self { bytes: Vec::new(), deaf: true }
    }

    pub(crate) fn hear(&mut self, bytes: &[u8]) {
        if self.deaf {
            return;
        }
        self.bytes.extend_from_slice(&bytes[..bytes.len().min(MOST - self.bytes.len())]);
        if self.bytes.starts_with(PREFACE) {
            *self = Self::deaf();
        }
    }

    /// The first request, whose head HTTP has read, and its body if it is `whole`. One that is not,
    /// or that is understood otherwise than HTTP did, is the last of its connection that can be told.
    pub(crate) fn take(&mut self, whole: bool) -> Option<Raw> {
        let raw = self.told(whole);
        if raw.is_none() || !whole {
            *self = Self::deaf();
        }
        raw
    }

    fn told(&mut self, whole: bool) -> Option<Raw> {
        let Head { length: head, target, headers, framing } = Head::read(&self.bytes)?;
        let body = &self.bytes[head..];
        let length = if whole { framing.length(body)? } else { body.len() };
        let kept = self.bytes[..head + length.min(KEPT_BODY)].to_owned();
        self.bytes.drain(..head + length);
        Some(Raw { target, headers, bytes: kept })
    }

    /// What no request has claimed, empty lines apart.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        let mut rest = std::mem::take(&mut self.bytes);
        if rest.iter().all(|byte| matches!(byte, b'\r' | b'\n')) {
            rest.clear();
        }
        rest.truncate(2 * KEPT_BODY);
        rest
    }
}

/// How the end of a body is told (RFC 9112, 6.3).
enum Framing {
    Chunked,
    Length(usize),
}

impl Framing {
    fn of(headers: &[Header<'_>]) -> Self {
        let named = |name: &'static str| {
            headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name))
        };
        let length = named("content-length").find_map(|header| {
            // a list of equal lengths is one length
            let first = std::str::from_utf8(header.value).ok()?.split(',').next()?;
            first.trim().parse().ok()
        });
        match named("transfer-encoding").next() {
            Some(_) => Self::Chunked,
            None => Self::Length(length.unwrap_or(0)),
        }
    }

    /// How many bytes of `bytes` are the body.
    fn length(&self, bytes: &[u8]) -> Option<usize> {
        match self {
            Self::Length(length) => (*length <= bytes.len()).then_some(*length),
            Self::Chunked => chunked(bytes),
        }
    }
}

struct Head {
    length: usize,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    framing: Framing,
}

impl Head {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut headers = [EMPTY_HEADER; MOST_HEADERS];
        let mut request = Request::new(&mut headers);
        let Ok(Status::Complete(length)) = request.parse(bytes) else { return None };
        let target = request.path.unwrap_or("").to_owned();
        let spelt = request.headers.iter();
        let spelt = spelt.map(|header| (header.name.to_owned(), header.value.to_owned()));
        let (headers, framing) = (spelt.collect(), Framing::of(request.headers));
        Some(Self { length, target, headers, framing })
    }
}

/// The length of a chunked body with its trailers (RFC 9112, 7.1).
fn chunked(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let Ok(Status::Complete((line, size))) = httparse::parse_chunk_size(bytes.get(at..)?)
        else {
            return None;
        };
        at += line;
        if size == 0 {
            break;
        }
        at += usize::try_from(size).ok()? + 2;
    }
    let mut trailers = [EMPTY_HEADER; MOST_HEADERS];
    match httparse::parse_headers(bytes.get(at..)?, &mut trailers) {
        Ok(Status::Complete((length, _))) => Some(at + length),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(bytes: &[u8]) -> Tap {
        let mut tap = Tap::default();
        bytes.chunks(7).for_each(|bytes| tap.hear(bytes));
        tap
    }

    #[test]
    fn requests_are_told_apart() {
        let requests: [&[u8]; 4] = [
            b"GET /a HTTP/1.1\r\nHost: x\r\nX-a: 1\r\nx-A: 2\r\n\r\n",
            b"POST /b HTTP/1.1\r\nContent-Length: 4\r\n\r\n\r\n\r\n",
            b"POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: u\r\n\r\n",
            b"GET /d HTTP/1.1\r\n\r\n",
        ];
        let mut tap = heard(&requests.concat());
        for request in requests {
            assert_eq!(tap.take(true).unwrap().bytes, request);
        }
        assert!(tap.rest().is_empty());
    }

    #[test]
    fn nothing_is_told_after_a_misunderstanding() {
        let mut tap = heard(b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc");
        assert!(tap.take(true).is_none());
        tap.hear(b"GET / HTTP/1.1\r\n\r\n");
        assert!(tap.take(true).is_none() && tap.rest().is_empty());
    }

    #[test]
    fn order_and_spelling_are_kept() {
        let raw = heard(b"GET / HTTP/1.1\r\nB: 1\r\na: 2\r\nb: 3\r\n\r\n").take(true).unwrap();
        let names: Vec<_> = raw.headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["B", "a", "b"]);
    }

    #[test]
    fn what_cannot_be_read_is_left_over() {
        let bad = b"\r\nGET / HTTP/9\r\n\r\n";
        assert_eq!(heard(bad).rest(), bad);
        assert!(heard(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").rest().is_empty());
        assert!(heard(b"\r\n\r\n").rest().is_empty());
    }
}
