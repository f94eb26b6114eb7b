//! The private door, for the app's own backend: a listener of its own, and a key on every call.
//!
//! It is not for browsers: no cookie is read, and nothing of it stands below the public prefix. It listens
//! on loopback, or asks for a client certificate (`config/check_admin.rs`).

use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::Router;
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use tower_http::limit::RequestBodyLimitLayer;

use crate::Broker;
use crate::config::AdminKeys;
use crate::error::Error;
use crate::grant::hash;
use crate::{freezes, health, http, incidents, metrics, receipts, subjects, unattended};

/// The description of the private door (OpenAPI 3.1), tested against the routes.
pub(crate) const OPENAPI: &str = include_str!("../openapi-admin.json");

/// The private door's whole surface.
pub fn router(broker: &Arc<Broker>, keys: AdminKeys) -> Router {
    let routes = Router::new()
        .route("/connections", get(subjects::list))
        .route("/connections/{id}/subject", put(subjects::bind))
        .route("/connections/{id}", get(unattended::connection))
        .route("/connections/{id}/api/{*path}", get(unattended::forward))
        .route("/receipts", get(receipts::audit))
        .route("/incidents/end", post(incidents::end))
        .route("/incidents/freeze", get(freezes::list).put(freezes::freeze).delete(freezes::thaw))
        .route("/findings", get(health::findings))
        .route("/metrics", get(metrics::metrics))
        .route("/openapi.json", get(openapi))
        .fallback(http::no_such_path)
        .method_not_allowed_fallback(async || Error::MethodNotAllowed)
        .layer(RequestBodyLimitLayer::new(http::LARGEST_BODY))
        .layer(from_fn_with_state(Arc::new(keys), check_key));
    http::layered(routes, broker).with_state(broker.clone())
}

/// `Authorization: Bearer KEY`, compared by digest, so that neither length nor content is told by the time
/// it takes.
async fn check_key(State(keys): State<Arc<AdminKeys>>, request: Request, next: Next) -> Response {
    let shown = request.headers().get(header::AUTHORIZATION);
    let shown = shown.and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    let shown = shown.map(hash);
    let is = |key: &[u8; 32]| {
        shown.as_ref().is_some_and(|shown| verify_slices_are_equal(shown, key).is_ok())
    };
    if keys.digests().iter().any(is) {
        next.run(request).await
    } else {
        Error::WrongKey.into_response()
    }
}

async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI)
}
