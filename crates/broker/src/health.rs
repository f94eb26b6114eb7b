//! `GET /health/live`, `GET /health/ready`, `GET /openapi.json`: for machines that look after us.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;

use crate::Broker;

/// The process answers.
pub(crate) async fn live() -> &'static str {
    "live\n"
}

/// The process can serve: its store answers and it is not shutting down.
pub(crate) async fn ready(State(broker): State<Arc<Broker>>) -> impl IntoResponse {
    if broker.is_stopping() || !broker.store.is_ready().await {
        return (StatusCode::SERVICE_UNAVAILABLE, "not ready\n");
    }
    (StatusCode::OK, "ready\n")
}

/// The description of the public HTTP surface (OpenAPI 3.1).
pub(crate) async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI)
}

/// The document, tested against the routes.
pub(crate) const OPENAPI: &str = include_str!("../openapi.json");
