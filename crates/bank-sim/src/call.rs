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
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, Version, header};

use crate::api;
use crate::bank::Bank;
use crate::form::Fields;
use crate::journal::{Door, KEPT_BODY, RecordedRequest};
use crate::pki::peer::PeerCertificate;
use crate::wire::Wire;
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

    fn recorded(&self, bank: &Bank) -> RecordedRequest {
        let headers = self.headers.iter();
        RecordedRequest {
            listener: self.door,
            at: bank.clock.now(),
            method: self.method.to_string(),
            target: self.target(),
            headers: headers
                .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_owned()))
                .collect(),
            body: self.body[..self.body.len().min(KEPT_BODY)].to_owned(),
            peer: self.peer.as_deref().cloned(),
        }
    }
}

/// Middleware: reads, records, refuses the proxy's header where no proxy stands, and takes a client
/// certificate that no longer stands for none.
pub(crate) async fn take_down(
    State(bank): State<Arc<Bank>>,
    Extension(line): Extension<Line>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let by_header = by_header(&bank, line.door);
    let peer = if by_header { announced(&bank, &parts.headers) } else { line.peer };
    let mut call = Call {
        door: line.door,
        peer,
        method: parts.method.clone(),
        uri: parts.uri.clone(),
        headers: parts.headers.clone(),
        body,
        wire: line.wire,
        version: parts.version,
    };
    bank.journal.record(call.recorded(&bank));
    if let Some(name) = proxy_header(&bank, &call) {
        bank.journal.violation(format!("{name} sent to {}", call.uri.path()));
        let kept_nowhere = [(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")];
        return (kept_nowhere, api::Refusal::parameter("X-Client-Certificate")).into_response();
    }
    let objection = call.peer.as_ref().filter(|_| !by_header);
    let objection = objection.and_then(|peer| bank.pki.objection(peer, bank.clock.now()));
    if let Some(objection) = objection {
        bank.journal.violation(format!("{objection} sent to {}", call.uri.path()));
        call.peer = None;
    }
    parts.extensions.insert(Arc::new(call));
    next.run(Request::from_parts(parts, Body::empty())).await
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
fn by_header(bank: &Bank, door: Door) -> bool {
    bank.client_certificate == CertificateSource::ProxyHeader && door != Door::Sandbox
}

/// The certificate in the proxy's header; one that cannot be read counts as none.
fn announced(bank: &Bank, headers: &HeaderMap) -> Option<Arc<PeerCertificate>> {
    let Ok(peer) = proxy::peer(headers)? else {
        bank.journal.violation("X-Client-Certificate that cannot be read");
        return None;
    };
    Some(Arc::new(peer))
}

/// The proxy's header in any spelling that some proxy would take for it, where it has no business.
fn proxy_header<'a>(bank: &Bank, call: &'a Call) -> Option<&'a str> {
    let mut names = call.headers.keys().map(http::HeaderName::as_str);
    let expected = call.door == Door::Sandbox || by_header(bank, call.door);
    let spelt = |name: &&str| name.replace('_', "-") == proxy::HEADER;
    names.find(spelt).filter(|name| !expected || name.contains('_'))
}
