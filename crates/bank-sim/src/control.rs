//! The control endpoint: knobs, journal, customers, certificates and clock over plain HTTP on a port of its own,
//! for tests in any language. It shows tokens and passwords, so it exists only when asked for, on
//! loopback only unless told otherwise, and never to a page in a browser.

mod admit;
mod certificates;
mod clock;
mod customers;
mod knobs;
mod problem;
mod requests;
mod tokens;
mod violations;

use std::sync::Arc;

use axum::body::to_bytes;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use http::{Method, StatusCode, Uri, header};
use serde_json::{Value, json};

use crate::bank::Bank;
use problem::Problem;

/// What there is, for those who ask for something else.
const ACTS: [&str; 20] = [
    "GET /health",
    "GET /knobs",
    "GET /knobs/{name}",
    "PUT /knobs/{name}",
    "PATCH /knobs",
    "DELETE /knobs",
    "GET /requests",
    "GET /requests/{number}/raw",
    "DELETE /requests",
    "GET /violations",
    "GET /violations/codes",
    "DELETE /violations",
    "GET /tokens",
    "GET /customers",
    "GET /customers/{user}/sms",
    "POST /customers/{user}/withdraw",
    "GET /certificates/ca.pem",
    "POST /certificates",
    "GET /clock",
    "POST /clock",
];

/// All acts on one page. With `anywhere`, the name that a client calls the host by is free.
pub(crate) fn router(bank: Arc<Bank>, anywhere: bool) -> Router {
    let knobs = get(knobs::all).patch(knobs::patch).delete(knobs::reset);
    Router::new()
        .route("/health", get(health))
        .route("/knobs", knobs)
        .route("/knobs/{name}", get(knobs::one).put(knobs::put))
        .route("/requests", get(requests::list).delete(requests::clear))
        .route("/requests/{number}/raw", get(requests::raw))
        .route("/violations", get(violations::list).delete(violations::clear))
        .route("/violations/codes", get(violations::codes))
        .route("/tokens", get(tokens::live))
        .route("/customers", get(customers::list))
        .route("/customers/{user}/sms", get(customers::sms))
        .route("/customers/{user}/withdraw", post(customers::withdraw))
        .route("/certificates", post(certificates::change))
        .route("/certificates/ca.pem", get(certificates::authority))
        .route("/clock", get(clock::show).post(clock::turn))
        .fallback(unknown)
        .method_not_allowed_fallback(unknown)
        .layer(middleware::map_response(reworded))
        .layer(middleware::from_fn(move |request, next| admit::admit(anywhere, request, next)))
        .with_state(bank)
}

/// Refusals of the framework (a bad path, too large a body) in the form of all others.
async fn reworded(response: Response) -> Response {
    let media = response.headers().get(header::CONTENT_TYPE);
    let plain = media.is_some_and(|media| media.as_bytes().starts_with(b"text/plain"));
    let status = response.status();
    if !plain || !status.is_client_error() {
        return response;
    }
    let detail = to_bytes(response.into_body(), 4096).await.unwrap_or_default();
    Problem::new(status, String::from_utf8_lossy(&detail)).into_response()
}

async fn health() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

async fn unknown(method: Method, uri: Uri) -> Problem {
    let place = |path: &str| path.split('/').nth(1).map(ToOwned::to_owned);
    let near: Vec<_> = ACTS.into_iter().filter(|act| place(act) == place(uri.path())).collect();
    let detail = format!("there is no {method} {}", uri.path());
    if near.is_empty() {
        return Problem::missing(detail).allowing(ACTS);
    }
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail).allowing(near)
}
