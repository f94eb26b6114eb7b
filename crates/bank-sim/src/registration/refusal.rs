//! Refusals of the registration (bank-api facts 4.3 and 4.5).

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

/// A refused call: `error` in lower case, and a description.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    error: &'static str,
    description: String,
}

impl Refusal {
    /// 401: no certificate that can be read.
    pub(super) fn unauthorized_client(description: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized_client", description)
    }

    /// 401: no licence, or one that the bank has blocked.
    pub(super) fn access_denied(description: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "access_denied", description)
    }

    /// 401: no such application of the caller's.
    pub(super) fn unknown() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "invalid_client", "Application is unknown.")
    }

    /// 400: a field is missing, too long or of another kind.
    pub(super) fn request(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request", description)
    }

    /// 400: a scope that the bank does not have.
    pub(super) fn scope(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_scope", description)
    }

    /// 403: a scope that the certificate has no role for.
    pub(super) fn insufficient_scope(scope: &str) -> Self {
        let description = format!("Certificate lacks the role for scope {scope}.");
        Self::new(StatusCode::FORBIDDEN, "insufficient_scope", description)
    }

    /// 400: a redirect URI that is not taken.
    pub(super) fn redirect_uri(description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_redirect_uri", description)
    }

    /// 415: the body is announced as something else than JSON.
    pub(super) fn media_type() -> Self {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        Self::new(status, "unsupported_media_type", "Content-Type must be application/json.")
    }

    /// 404: no such resource of the registration.
    pub(super) fn no_resource() -> Self {
        Self::new(StatusCode::NOT_FOUND, "invalid_request", "There is no such resource.")
    }

    /// 405: no such method of the resource.
    pub(super) fn method() -> Self {
        let status = StatusCode::METHOD_NOT_ALLOWED;
        Self::new(status, "invalid_request", "The resource has no such method.")
    }

    /// 500 or 503.
    pub(super) fn server_error(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self::new(status, "server_error", "Registration is out of order.")
    }

    fn new(status: StatusCode, error: &'static str, description: impl Into<String>) -> Self {
        Self { status, error, description: description.into() }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.error, "error_description": self.description });
        let mut response = (self.status, Json(body)).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            // RFC 9110, 15.5.2 demands a challenge, and there is no scheme for certificates
            let challenge = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
