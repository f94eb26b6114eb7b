//! One request on its way in: taken down in the journal first, then refused where no real bank
//! would even see it. `X-Client-Certificate` is the header in which the bank's own proxy names the
//! client (bank-api fact 6.4); where the bank terminates TLS itself it is an attempt to be somebody else.

use std::sync::Arc;

use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, Version, header};

use crate::api;
use crate::bank::Bank;
use crate::form::Fields;
use crate::journal::{Breach, Door, KEPT_BODY, RecordedRequest, during};
use crate::pki::peer::PeerCertificate;
use crate::watch::Watch;
use crate::wire::{Raw, Wire};
use crate::{CertificateSource, proxy};

const LARGEST_BODY: usize = 1024 * 1024;

/// The connection a request came by.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) door: Door,
    pub(crate) peer: Option<Arc<PeerCertificate>>,
    pub(crate) wire: Arc<Wire>,
}

/// A request with its body read. Handlers take it as `Extension<Arc<Call>>`.
pub(crate) struct Call {
    pub(crate) door: Door,
    pub(crate) peer: Option<Arc<PeerCertificate>>,
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The connection, for answers that break it.
    pub(crate) wire: Arc<Wire>,
    version: Version,
    /// Whether the target had a fragment, which only the bytes of HTTP/1 tell.
    pub(crate) fragment: bool,
    /// Whether the length of the body was told in two ways; hyper passes on one of them.
    pub(crate) length_twice: bool,
}

impl Call {
    /// The decoded query.
    pub(crate) fn query(&self) -> Fields {
        Fields::read(self.uri.query().unwrap_or(""))
    }

    /// The decoded form; empty for another media type.
    pub(crate) fn form(&self) -> Fields {
        let media = self.header("content-type").unwrap_or("");
        let media = media.split(';').next().unwrap_or("").trim();
        if !media.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Fields::default();
        }
        Fields::read(&String::from_utf8_lossy(&self.body))
    }

    /// The first value of a header, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The value of a cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        let values = self.headers.get_all("cookie").iter().filter_map(|value| value.to_str().ok());
        let mut pairs = values.flat_map(|value| value.split(';')).map(str::trim);
        pairs.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }

    /// The target as sent: HTTP/2 has no absolute form, though hyper makes one of `:authority`.
    fn target(&self) -> String {
        match self.uri.path_and_query() {
            Some(path) if self.version == Version::HTTP_2 => path.to_string(),
            _ => self.uri.to_string(),
        }
    }

    fn recorded(&self, bank: &Bank, raw: Option<Raw>) -> RecordedRequest {
        let folded = || {
            let headers = self.headers.iter();
            headers.map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_owned()))
        };
        let (target, headers, raw) = match raw {
            Some(raw) => (raw.target, raw.headers, Some(raw.bytes)),
            None => (self.target(), folded().collect(), None),
        };
        RecordedRequest {
            number: 0,
            listener: self.door,
            at: bank.clock.now(),
            http: format!("{:?}", self.version),
            method: self.method.to_string(),
            target,
            headers,
            body: self.body[..self.body.len().min(KEPT_BODY)].to_owned(),
            raw,
            peer: self.peer.as_deref().cloned(),
            tls: self.wire.tls().cloned(),
            refused: None,
        }
    }
}

/// Middleware: reads, records, refuses what is too large.
pub(crate) async fn take_down(
    State(bank): State<Arc<Bank>>,
    Extension(line): Extension<Line>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let read = to_bytes(body, LARGEST_BODY).await;
    let cut = read.as_ref().err().map(too_large);
    let by_header = by_header(&bank, line.door);
    let peer = if by_header { announced(&parts.headers) } else { line.peer };
    let mut call = Call {
        door: line.door,
        peer,
        method: parts.method.clone(),
        uri: parts.uri.clone(),
        headers: parts.headers.clone(),
        body: read.unwrap_or_default(),
        wire: line.wire,
        version: parts.version,
        fragment: false,
        length_twice: false,
    };
    let http1 = call.version <= Version::HTTP_11;
    let raw = if http1 { call.wire.take(cut.is_none()) } else { None };
    call.fragment = raw.as_ref().is_some_and(|raw| raw.target.contains('#'));
    call.length_twice = raw.as_ref().is_some_and(|raw| {
        let sent = |name| raw.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        sent("content-length") && sent("transfer-encoding")
    });
    let mut recorded = call.recorded(&bank, raw);
    let status = match cut {
        None => None,
        Some(true) => {
            recorded.refused = Some("larger than 1 MiB");
            Some(StatusCode::PAYLOAD_TOO_LARGE)
        }
        Some(false) => {
            recorded.refused = Some("unreadable or unfinished");
            Some(StatusCode::BAD_REQUEST)
        }
    };
    let number = bank.journal.record(recorded);
    match status {
        Some(status) => status.into_response(),
        None => during(number, admit(bank, call, parts, next)).await,
    }
}

/// Middleware for what is no part of the bank: it is not recorded, and the connection forgets it.
pub(crate) async fn pass_over(
    Extension(line): Extension<Line>,
    request: Request,
    next: Next,
) -> Response {
    if request.version() <= Version::HTTP_11 {
        line.wire.take(true);
    }
    next.run(request).await
}

/// Refuses the proxy's header where no proxy stands, takes a client certificate that no longer
/// stands for none, and lets everything else in.
async fn admit(bank: Arc<Bank>, mut call: Call, mut parts: Parts, next: Next) -> Response {
    let by_header = by_header(&bank, call.door);
    if by_header && matches!(proxy::peer(&call.headers), Some(Err(_))) {
        let detail = "X-Client-Certificate that cannot be read";
        bank.journal.breach(Breach::ProxyHeader, detail);
    }
    if let Some(name) = proxy_header(&bank, &call) {
        bank.journal.breach(Breach::ProxyHeader, format!("{name} sent to {}", call.uri.path()));
        let kept_nowhere = [(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")];
        return (kept_nowhere, api::Refusal::parameter("X-Client-Certificate")).into_response();
    }
    let objection = call.peer.as_ref().filter(|_| !by_header);
    let objection = objection.and_then(|peer| bank.pki.objection(peer, bank.clock.now()));
    if let Some(objection) = objection {
        let detail = format!("{objection} sent to {}", call.uri.path());
        bank.journal.breach(Breach::CertificateRefused, detail);
        call.peer = None;
    }
    let presented = Watch::inspect(&bank, &call);
    parts.extensions.insert(Arc::new(call));
    let response = next.run(Request::from_parts(parts, Body::empty())).await;
    if let Some(presented) = presented {
        presented.answered(&response);
    }
    response
}

/// Whether a body was not read because of its size.
fn too_large(error: &axum::Error) -> bool {
    let cause = std::error::Error::source(error);
    cause.is_some_and(<dyn std::error::Error>::is::<http_body_util::LengthLimitError>)
}

/// Middleware: every answer is dated by the bank's clock, not by the machine's.
pub(crate) async fn date(State(bank): State<Arc<Bank>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Ok(date) = HeaderValue::try_from(httpdate::fmt_http_date(bank.clock.now())) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

/// Whether a proxy names the client at this door.
pub(crate) fn by_header(bank: &Bank, door: Door) -> bool {
    bank.client_certificate == CertificateSource::ProxyHeader && door != Door::Sandbox
}

/// The certificate in the proxy's header; one that cannot be read counts as none.
fn announced(headers: &HeaderMap) -> Option<Arc<PeerCertificate>> {
    proxy::peer(headers)?.ok().map(Arc::new)
}

/// The proxy's header in any spelling that some proxy would take for it, where it has no business.
fn proxy_header<'a>(bank: &Bank, call: &'a Call) -> Option<&'a str> {
    let mut names = call.headers.keys().map(http::HeaderName::as_str);
    let expected = call.door == Door::Sandbox || by_header(bank, call.door);
    let spelt = |name: &&str| name.replace('_', "-") == proxy::HEADER;
    names.find(spelt).filter(|name| !expected || name.contains('_'))
}
