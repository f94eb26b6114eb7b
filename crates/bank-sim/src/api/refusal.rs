//! The COBS error body (bank-api fact 2.4): `errors[]` with code, scope, parameters and a message
//! for logs, nulls written out.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::resource::Version;
use crate::orders::OrderKind;

/// A refused call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refusal {
    status: StatusCode,
    errors: Vec<Value>,
    /// The scope that is missing, where the OAuth library answers instead of COBS.
    missing_scope: Option<&'static str>,
}

impl Refusal {
    /// 401: token or certificate missing or invalid.
    pub(super) fn unauthorised(message: &str) -> Self {
        Self::one(StatusCode::UNAUTHORIZED, "UNAUTHORISED", None, Some(message))
    }

    /// 403: licence, role or scope do not fit.
    pub(super) fn forbidden(message: &str) -> Self {
        Self::one(StatusCode::FORBIDDEN, "FORBIDDEN", None, Some(message))
    }

    /// 403 of the OAuth library in front of the resource (RFC 6750, 3.1).
    pub(super) fn insufficient_scope(scope: &'static str) -> Self {
        Self { missing_scope: Some(scope), ..Self::forbidden("") }
    }

    /// 400 `PARAMETER_INVALID` for a query parameter or header.
    pub(crate) fn parameter(name: &str) -> Self {
        Self::one(StatusCode::BAD_REQUEST, "PARAMETER_INVALID", Some(name), None)
    }

    /// 400 `PARAMETER_INVALID` for several; `None` for none.
    pub(super) fn parameters<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        Self::all(names.into_iter().map(Self::parameter))
    }

    /// Several refusals in one, with the status of the first; `None` for none.
    pub(super) fn all(refusals: impl IntoIterator<Item = Self>) -> Option<Self> {
        refusals.into_iter().reduce(|mut all, next| {
            all.errors.extend(next.errors);
            all
        })
    }

    /// The same with its scopes inside an element.
    pub(super) fn inside(mut self, element: &str) -> Self {
        for error in &mut self.errors {
            if let Some(scope) = error["scope"].as_str() {
                error["scope"] = json!(format!("{element}.{scope}"));
            }
        }
        self
    }

    /// A code in `scope`, 400.
    pub(super) fn code(code: &str, scope: &str) -> Self {
        Self::one(StatusCode::BAD_REQUEST, code, Some(scope), None)
    }

    /// A code alone.
    pub(super) fn bare(status: StatusCode, code: &str) -> Self {
        Self::one(status, code, None, None)
    }

    /// 400 with parameters of the code.
    pub(super) fn with_parameters(code: &str, scope: &str, parameters: Value) -> Self {
        let mut refusal = Self::code(code, scope);
        refusal.errors[0]["parameters"] = parameters;
        refusal
    }

    /// A page beyond the end; the status differs by resource.
    pub(super) fn page_not_found(status: StatusCode) -> Self {
        Self::one(status, "PAGE_NOT_FOUND", Some("page"), None)
    }

    /// 404: no such account, or not for this token.
    pub(super) fn id_not_found() -> Self {
        Self::one(StatusCode::NOT_FOUND, "ID_NOT_FOUND", Some("id"), None)
    }

    pub(super) fn is_forbidden(&self) -> bool {
        self.status == StatusCode::FORBIDDEN
    }

    /// 404: no such order, or not for this caller. `TRANSACTION_MISSING` in 2.0, later
    /// `ID_NOT_FOUND` (bank-api facts 10.5, 13.3 and 15).
    pub(super) fn order_missing(version: Version, kind: OrderKind) -> Self {
        let code = match version {
            Version::V2 => "TRANSACTION_MISSING",
            Version::V5 => "ID_NOT_FOUND",
        };
        Self::one(StatusCode::NOT_FOUND, code, Some(path_parameter(kind)), None)
    }

    /// 404: no such signing of such an order; the standard names both (bank-api fact 10.7).
    pub(super) fn signing_not_found(kind: OrderKind) -> Self {
        let missing = |scope| Self::one(StatusCode::NOT_FOUND, "ID_NOT_FOUND", Some(scope), None);
        let mut refusal = missing("signId");
        refusal.errors.extend(missing(path_parameter(kind)).errors);
        refusal
    }

    /// 403 `AG01`: the person has not allowed this.
    pub(super) fn not_allowed(scope: &str) -> Self {
        Self::one(StatusCode::FORBIDDEN, "AG01", Some(scope), None)
    }

    /// 400 `NARR` with the reason in words.
    pub(super) fn narrative(reason: &str) -> Self {
        Self::one(StatusCode::BAD_REQUEST, "NARR", None, Some(reason))
    }

    /// 404: no such resource.
    pub(super) fn not_found() -> Self {
        Self::one(StatusCode::NOT_FOUND, "NOT_FOUND", None, None)
    }

    /// 400 `FF01`: the body is no JSON, so no part of it can be named.
    pub(super) fn unreadable() -> Self {
        Self::one(StatusCode::BAD_REQUEST, "FF01", None, None)
    }

    /// 415 for the header `name`: `Content-Type` or `Accept` (bank-api fact 2.3).
    pub(super) fn unsupported_media_type(name: &str) -> Self {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        Self::one(status, "UNSUPPORTED_MEDIA_TYPE", Some(name), None)
    }

    /// 501: no such operation on the resource (bank-api fact 2.3).
    pub(super) fn unsupported() -> Self {
        Self::one(StatusCode::NOT_IMPLEMENTED, "NOT_IMPLEMENTED", None, None)
    }

    /// Any status, with the code that the catalogue (bank-api fact 15) has for it; without a body
    /// where it has none, 429 among them: such an answer is a gateway's.
    pub(super) fn with_status(status: StatusCode) -> Self {
        let code = match status.as_u16() {
            400 => "PARAMETER_INVALID",
            401 => "UNAUTHORISED",
            403 => "FORBIDDEN",
            404 => "NOT_FOUND",
            415 => "UNSUPPORTED_MEDIA_TYPE",
            422 => "UNPROCESSABLE_ENTITY",
            500 | 503 => "NARR",
            501 => "NOT_IMPLEMENTED",
            _ => return Self { status, errors: Vec::new(), missing_scope: None },
        };
        Self::one(status, code, None, None)
    }

    fn one(status: StatusCode, code: &str, scope: Option<&str>, message: Option<&str>) -> Self {
        let error =
            json!({ "error": code, "scope": scope, "parameters": null, "message": message });
        Self { status, errors: vec![error], missing_scope: None }
    }
}

/// The name of an order in the paths of its kind.
fn path_parameter(kind: OrderKind) -> &'static str {
    match kind {
        OrderKind::Payment => "paymentId",
        OrderKind::StandingOrder | OrderKind::Batch => "transactionIdentification",
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        if let Some(scope) = self.missing_scope {
            return of_the_library(self.status, scope);
        }
        if self.errors.is_empty() {
            return self.status.into_response();
        }
        let unauthorized = self.status == StatusCode::UNAUTHORIZED;
        let mut response = (self.status, Json(json!({ "errors": self.errors }))).into_response();
        if unauthorized {
            let challenge = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// `InsufficientScopeException` of Spring Security OAuth as its resource server writes it.
fn of_the_library(status: StatusCode, scope: &str) -> Response {
    let (error, description) = ("insufficient_scope", "Insufficient scope for this resource");
    let body = json!({ "error": error, "error_description": description, "scope": scope });
    let challenge =
        format!("Bearer error=\"{error}\", error_description=\"{description}\", scope=\"{scope}\"");
    (status, [(header::WWW_AUTHENTICATE, challenge)], Json(body)).into_response()
}
