//! All routes on one page, all layers on one page, in order.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use crate::error::Error;
use crate::{
    Broker, authorize, callback, connections, csrf, disconnect, health, log, orders, proxy,
    receipts,
};

/// Bytes of a request body that the broker reads itself: the largest is a callback with its query.
pub(crate) const LARGEST_BODY: usize = 16 * 1024;
/// Until an answer's head is there: two refreshes (another's, then its own) and a call that reads its
/// answer whole fit in, with the longest limits that may be set.
const LONGEST: Duration = Duration::from_mins(3);

/// The broker's whole public surface, below its prefix.
pub(crate) fn router(
    broker: &Arc<Broker>,
    csrf: tower_http::csrf::CsrfLayer<csrf::Refusal>,
) -> Router {
    let calls = Router::new().route("/connections/{id}/api/{*path}", any(proxy::forward)); // bounded there
    let pages = Router::new()
        .route("/providers", get(crate::providers::list))
        .route("/authorizations", post(authorize::start))
        .route("/authorizations/callback", post(callback::finish))
        .route("/connections", get(connections::list).post(connections::connect))
        .route("/connections/{id}", get(connections::get).delete(disconnect::disconnect))
        .route("/connections/{id}/orders", get(orders::list))
        .route("/connections/{id}/orders/{key}", get(orders::get).delete(orders::forget))
        .route("/receipts", get(receipts::list))
        .route("/receipts/{id}", get(receipts::get))
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY))
        .merge(calls)
        .layer(from_fn_with_state(broker.clone(), csrf::check))
        .layer(csrf);
    let machines = Router::new()
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/health/providers", get(health::providers))
        .route("/openapi.json", get(health::openapi))
        .route("/providers/{id}/logo", get(crate::providers::logo))
        .layer(RequestBodyLimitLayer::new(LARGEST_BODY));
    let routes = pages.merge(machines).fallback(no_such_path);
    let routes = match &*broker.prefix {
        "" => routes,
        prefix => Router::new().nest(prefix, routes).fallback(no_such_path),
    };
    let routes = routes.method_not_allowed_fallback(async || Error::MethodNotAllowed);
    layered(routes, broker).with_state(broker.clone())
}

pub(crate) async fn no_such_path() -> Error {
    Error::NotFound("There is no such path; see openapi.json.")
}

/// From the inside out: what is added last sees a request first.
pub(crate) fn layered(routes: Router<Arc<Broker>>, broker: &Arc<Broker>) -> Router<Arc<Broker>> {
    routes
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, LONGEST))
        .layer(map_response(bounds_are_problems))
        .layer(CatchPanicLayer::custom(|_| Error::Internal("a handler panicked").into_response()))
        .layer(unless_set(CACHE_CONTROL, "no-store"))
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(REFERRER_POLICY, "no-referrer"))
        .layer(unless_set(
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        ))
        .layer(header(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"))
        .layer(header(STRICT_TRANSPORT_SECURITY, "max-age=31536000"))
        .layer(from_fn_with_state(broker.clone(), log::one_line))
}

fn header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}

/// For what a picture says otherwise; no header of a bank gets that far by these names.
fn unless_set(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// The layers for size and time answer in plain text; ours speak problem+json.
async fn bounds_are_problems(response: Response) -> Response {
    if response.extensions().get::<crate::error::Logged>().is_some() {
        return response;
    }
    match response.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge.into_response(),
        StatusCode::REQUEST_TIMEOUT => {
            Error::InvalidRequest("The request did not come whole in time.").into_response()
        }
        _ => response,
    }
}

/// How long a connection may take to send its first bytes, and over HTTP/1.1 each request's head, the
/// pause before it included: against slow trickles, and longer than the 60 seconds that proxies keep idle connections by default.
pub(crate) const HEAD_TIMEOUT: Duration = Duration::from_secs(75);
