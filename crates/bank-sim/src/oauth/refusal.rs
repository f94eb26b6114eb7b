//! Errors of the OAuth endpoints in the library's words (bank-api fact 5.7; RFC 6749, 5.2).

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

/// Scheme named in `WWW-Authenticate` of a 401.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// Credentials came in the form.
    Form,
    /// Credentials came by Basic, or should have: the entry point's own body.
    Basic,
    /// Any other refusal of the library.
    Bearer,
}

/// A refusal by an OAuth endpoint.
#[derive(Clone, Debug)]
pub(crate) struct OauthError {
    pub(crate) status: StatusCode,
    pub(crate) error: &'static str,
    pub(crate) description: String,
    challenge: Challenge,
    /// The scope that would be right.
    scope: Option<String>,
}

impl OauthError {
    /// 400 with a code of RFC 6749, 5.2.
    pub(crate) fn bad_request(error: &'static str, description: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error, description, Challenge::Bearer)
    }

    /// 401 after the client was known.
    pub(crate) fn unauthorized(error: &'static str, description: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, error, description, Challenge::Bearer)
    }

    /// 401 for credentials in the form.
    pub(crate) fn bad_form(error: &'static str, description: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, error, description, Challenge::Form)
    }

    /// 403 for anybody.
    pub(crate) fn denied() -> Self {
        Self::new(StatusCode::FORBIDDEN, "access_denied", "Access is denied", Challenge::Bearer)
    }

    /// 401 of the Basic entry point.
    pub(crate) fn bad_basic() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", "", Challenge::Basic)
    }

    fn new(
        status: StatusCode,
        error: &'static str,
        description: impl Into<String>,
        challenge: Challenge,
    ) -> Self {
        Self { status, error, description: description.into(), challenge, scope: None }
    }

    /// Names the scope that would be right, as `invalid_scope` does.
    pub(crate) fn with_scope(self, scope: &str) -> Self {
        Self { scope: Some(scope.to_owned()), ..self }
    }

    fn challenge(&self) -> String {
        let summary =
            format!("error=\"{}\", error_description=\"{}\"", self.error, self.description);
        match self.challenge {
            Challenge::Basic => "Basic realm=\"oauth2/client\"".to_owned(),
            Challenge::Form => format!("Form realm=\"oauth2/client\", {summary}"),
            Challenge::Bearer => format!("Bearer {summary}"),
        }
    }
}

impl IntoResponse for OauthError {
    fn into_response(self) -> Response {
        let mut body = json!({ "error": self.error, "error_description": self.description });
        if let Some(scope) = &self.scope {
            body["scope"] = json!(scope);
        }
        if self.challenge == Challenge::Basic {
            // the container's own error page, not an OAuth body
            body = json!({ "status": 401, "error": "Unauthorized", "message": "" });
        }
        let mut response = no_store((self.status, Json(body)).into_response());
        if self.status == StatusCode::UNAUTHORIZED
            && let Ok(challenge) = HeaderValue::from_str(&self.challenge())
        {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// 405 of an endpoint that takes POST only.
pub(crate) fn method_not_allowed(method: &http::Method) -> Response {
    let description = format!("Request method '{method}' not supported");
    let body = json!({ "error": "method_not_allowed", "error_description": description });
    let allow = [(header::ALLOW, "POST")];
    no_store((StatusCode::METHOD_NOT_ALLOWED, allow, Json(body)).into_response())
}

/// The headers every OAuth answer carries (RFC 6749, 5.1).
pub(crate) fn no_store(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    if headers.get(header::CONTENT_TYPE).is_some_and(|media| media == "application/json") {
        let media = HeaderValue::from_static("application/json;charset=UTF-8");
        headers.insert(header::CONTENT_TYPE, media);
    }
    response
}
