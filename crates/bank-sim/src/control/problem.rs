//! Errors of the control endpoint (RFC 9457), with what would have been right.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::{Value, json};

/// A refused act.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    detail: String,
    allowed: Vec<String>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), allowed: Vec::new() }
    }

    /// 400.
    pub(super) fn bad(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// 404.
    pub(super) fn missing(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    /// Names what is allowed instead.
    pub(super) fn allowing(self, allowed: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { allowed: allowed.into_iter().map(Into::into).collect(), ..self }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "status": self.status.as_u16(),
            "title": self.status.canonical_reason(),
            "detail": self.detail,
        });
        if !self.allowed.is_empty() {
            body["allowed"] = Value::from(self.allowed);
        }
        let media = [(header::CONTENT_TYPE, "application/problem+json")];
        (self.status, media, body.to_string()).into_response()
    }
}

/// Reads the body of an act.
pub(super) fn body(bytes: &[u8]) -> Result<Value, Problem> {
    serde_json::from_slice(bytes).map_err(|error| Problem::bad(format!("no JSON: {error}")))
}
