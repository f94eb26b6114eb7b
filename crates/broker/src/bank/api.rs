//! The resource API: one request over mutual TLS, the answer streamed back.
//!
//! hyper-util directly: it adds nothing of its own (no redirects, cookies, proxies, decompression)
//! and costs less than half of what a general client does per call.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Body as _, Incoming};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;
use serde::Deserialize;

use super::body::Bounded;
use super::codes::{known_cobs, known_oauth};
use super::resolve::Resolver;
use super::{Bank, BankError, Fault, Involved};
use crate::config::{Limits, Network};
use crate::error::Error;
use crate::grant::Tokens;

pub(super) type Client =
    hyper_util::client::legacy::Client<HttpsConnector<HttpConnector<Resolver>>, Body>;

/// Bytes of an error body worth reading.
const LARGEST_ERROR: usize = 64 * 1024;

/// What the API answered.
pub enum ApiReply {
    /// Content, to be passed on: headers as the bank sent them, body bounded.
    Content(Response<Body>),
    /// 401: the access token is not accepted, or not any more.
    Unauthorised,
}

/// `idle` connections are kept for later calls.
pub(super) fn client(tls: ClientConfig, network: &Network, limits: Limits, idle: usize) -> Client {
    let mut tcp = HttpConnector::new_with_resolver(Resolver::new(&network.resolve));
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_connect_timeout(Some(limits.connect));
    let connector = hyper_rustls::HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http() // http only where the configuration let a loopback address through
        .enable_http1()
        .enable_http2()
        .wrap_connector(tcp);
    hyper_util::client::legacy::Client::builder(TokioExecutor::new())
        .pool_idle_timeout(Duration::from_secs(30))
        .pool_max_idle_per_host(idle)
        .pool_timer(TokioTimer::new())
        .timer(TokioTimer::new())
        .build(connector)
}

/// What is sent to the API.
pub struct ApiCall<'a> {
    /// HTTP method.
    pub method: Method,
    /// The canonical path below the provider's `api_url`, with query, starting with `/`.
    pub target: &'a str,
    /// JSON, or nothing.
    pub body: Bytes,
    /// Whether the same call may go out twice.
    pub repeatable: bool,
}

impl<'a> ApiCall<'a> {
    /// A call that reads.
    pub fn read(target: &'a str) -> Self {
        Self { method: Method::GET, target, body: Bytes::new(), repeatable: true }
    }
}

impl Bank {
    /// Calls the API. `request_id` names this one call (COBS `X-Request-ID`).
    pub async fn call(
        &self,
        call: ApiCall<'_>,
        tokens: &Tokens,
        involved: &Involved,
        request_id: &str,
    ) -> Result<ApiReply, Error> {
        let line = self.open_line()?;
        let base = self.provider.api_url.as_str().trim_end_matches('/');
        let uri: Uri =
            [base, call.target].concat().parse().map_err(|_| Error::Internal("API address"))?;
        let mut request = Request::new(Body::from(call.body));
        *request.method_mut() = call.method;
        *request.uri_mut() = uri;
        *request.headers_mut() =
            self.standing.with(tokens, involved, request_id, self.ambient.now());
        let client = if call.repeatable { &line.api } else { &line.acts };
        let answer = client.request(request);
        let answer = tokio::time::timeout(self.limits.first_byte, answer).await;
        let answer = answer.map_err(|_| BankError::from(Fault::TimedOut))?;
        let answer = answer.map_err(|error| self.unanswered(unreachable(error)))?;
        self.at_peace(false);
        self.compare_clocks(answer.headers());
        Ok(self.sort(answer).await?)
    }

    async fn sort(&self, answer: Response<Incoming>) -> Result<ApiReply, BankError> {
        let status = answer.status();
        if status.is_success() {
            return self.content(answer).map(ApiReply::Content).map_err(BankError::from);
        }
        match status {
            StatusCode::UNAUTHORIZED => Ok(ApiReply::Unauthorised),
            StatusCode::TOO_MANY_REQUESTS => {
                Err(BankError::RateLimited { retry_after: retry_after(answer.headers()) })
            }
            _ if status.is_redirection() => Err(Fault::Redirect(status).into()),
            // 501: it does not offer this (bank-api fact 10.6)
            _ if status.is_client_error() || status == StatusCode::NOT_IMPLEMENTED => {
                let codes = self.codes(answer).await;
                Err(BankError::ApiRefused { status, codes })
            }
            _ => {
                let retry_after = retry_after(answer.headers());
                Err(Fault::Status { status, retry_after }.into())
            }
        }
    }

    /// JSON only (requirement P22), and not larger than allowed where the size is told.
    fn content(&self, answer: Response<Incoming>) -> Result<Response<Body>, Fault> {
        // a withdrawn consent is answered with nothing at all (bank-api fact 14)
        if !is_json(answer.headers()) && !answer.body().is_end_stream() {
            return Err(Fault::Malformed("API answer is not JSON"));
        }
        let coding = answer.headers().get(CONTENT_ENCODING).map(HeaderValue::as_bytes);
        if coding.is_some_and(|coding| !coding.eq_ignore_ascii_case(b"identity")) {
            return Err(Fault::Malformed("API answer is compressed, which nobody asked for"));
        }
        let told = answer.headers().get(CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse().ok());
        if told.is_some_and(|length: u64| length > self.limits.response_bytes) {
            return Err(Fault::TooLarge);
        }
        Ok(answer.map(|body| Body::new(Bounded::new(body, self.limits))))
    }

    /// The known codes of an error body; COBS first, then OAuth (bank-api facts 2.4, 7.4).
    async fn codes(&self, answer: Response<Incoming>) -> Vec<&'static str> {
        let body = Limited::new(answer.into_body(), LARGEST_ERROR).collect();
        let Ok(Ok(body)) = tokio::time::timeout(self.limits.idle, body).await else {
            return Vec::new();
        };
        let Ok(body) = serde_json::from_slice::<ErrorBody>(&body.to_bytes()) else {
            return Vec::new();
        };
        let cobs = body.errors.iter().filter_map(|error| known_cobs(&error.error));
        let oauth = body.error.iter().filter_map(|error| known_oauth(error));
        cobs.chain(oauth).take(8).collect()
    }
}

#[derive(Deserialize)]
struct ErrorBody {
    #[serde(default)]
    errors: Vec<OneError>,
    error: Option<String>,
}

#[derive(Deserialize)]
struct OneError {
    error: String,
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let media_type = value.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/json")
}

/// `Retry-After` in seconds (RFC 9110 §10.2.3); a date is not worth a clock comparison.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<u32> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()
}

pub(super) fn unreachable(error: hyper_util::client::legacy::Error) -> Fault {
    if error.is_connect() { Fault::Unreachable(error.into()) } else { Fault::Broken(error.into()) }
}
