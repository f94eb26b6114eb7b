//! The breaches of protocol, so that a test in any language can end with asking for none.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::Violation;
use crate::bank::Bank;

/// `GET /violations`: all, oldest first.
pub(super) async fn list(State(bank): State<Arc<Bank>>) -> Json<Value> {
    let written = |violation: &Violation| {
        json!({
            "code": violation.code,
            "detail": violation.detail,
            "request": violation.request,
            "at": Timestamp::try_from(violation.at).unwrap_or_default().to_string(),
            "standard": violation.standard,
        })
    };
    Json(bank.journal.violations().iter().map(written).collect())
}

/// `GET /violations/codes`: all kinds there are.
pub(super) async fn codes() -> Json<Value> {
    let written = |(code, standard, meaning): &(&str, &str, &str)| json!({ "code": code, "standard": standard, "meaning": meaning });
    Json(Violation::CODES.iter().map(written).collect())
}

/// `DELETE /violations`: forgets them.
pub(super) async fn clear(State(bank): State<Arc<Bank>>) -> StatusCode {
    bank.journal.clear_violations();
    StatusCode::NO_CONTENT
}
