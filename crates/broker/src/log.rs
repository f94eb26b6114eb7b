//! One structured line per request, and the request's id.
//!
//! Never logged: cookies, tokens, codes, state, verifiers, queries, raw paths (they hold account
//! ids), bodies, texts of the bank. The route's template stands for the path (requirements P34, C25).

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::{HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use protocol::problem::Code;

use crate::Broker;
use crate::bank::Language;
use crate::error::{self, Error, Logged};

/// The id of the request being answered; the bank gets the same one (requirement P24).
#[derive(Clone)]
pub(crate) struct RequestId(pub(crate) String);

/// Gives the request an id, lets it be answered, writes the line.
pub(crate) async fn one_line(
    State(broker): State<Arc<Broker>>,
    mut request: Request,
    next: Next,
) -> Response {
    let begun = Instant::now();
    let Ok(request_id) = broker.ambient.uuid() else {
        return Error::Internal("no randomness").into_response();
    };
    request.extensions_mut().insert(RequestId(request_id.clone()));
    let language = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let language = Language::preferred(language);
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let aborted = Aborted { method: &method, route: route.as_ref(), request_id: &request_id };
    let answer = next.run(request).await;
    std::mem::forget(aborted);
    let mut response = error::finish(answer, &request_id, language);
    if let Ok(id) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert("x-request-id", id);
    }
    let status = response.status().as_u16();
    let route = route.as_ref().map_or("(none)", MatchedPath::as_str);
    let ms = begun.elapsed().as_millis();
    let ms = u64::try_from(ms).unwrap_or(u64::MAX);
    match response.extensions_mut().remove::<Logged>() {
        None => tracing::info!(%method, route, status, ms, request_id, "request"),
        Some(Logged { code: Code::Internal, cause, .. }) => {
            tracing::error!(%method, route, status, ms, request_id, code = "internal", cause, "request");
        }
        Some(Logged { code, cause, advice }) => {
            let code = code.as_str();
            tracing::warn!(%method, route, status, ms, request_id, code, cause, advice, "request");
        }
    }
    response
}

/// Writes the line of a request whose caller went away before it was answered.
struct Aborted<'a> {
    method: &'a Method,
    route: Option<&'a MatchedPath>,
    request_id: &'a str,
}

impl Drop for Aborted<'_> {
    fn drop(&mut self) {
        let Self { method, request_id, route } = self;
        let route = route.map_or("(none)", MatchedPath::as_str);
        tracing::info!(%method, route, request_id, aborted = true, "request");
    }
}
