//! `GET /openapi.json`: the surface of the bank, described for machines (OpenAPI 3.1).

use axum::response::IntoResponse;
use http::header;

/// The document, written by hand; the tests hold every answer of the bank against it.
const OPENAPI: &str = include_str!("../openapi.json");

/// Serves the document.
pub(crate) async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI)
}
