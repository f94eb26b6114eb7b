//! `/oauth/check_token`, introspection in the library's own form (bank-api fact 5.8).

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::Method;
use serde_json::{Value, json};

use super::client_auth::{Demand, authenticate};
use super::refusal::no_store;
use super::{Access, OauthError};
use crate::bank::Bank;
use crate::call::Call;
use crate::knobs::ClientAuth;
use crate::sync::lock;

/// The introspection endpoint.
pub(crate) async fn introspect(
    State(bank): State<Arc<Bank>>,
    Extension(call): Extension<Arc<Call>>,
) -> Response {
    match serve(&bank, &call) {
        Ok(token) => no_store(Json(token).into_response()),
        Err(refusal) => refusal.into_response(),
    }
}

fn serve(bank: &Bank, call: &Call) -> Result<Value, OauthError> {
    let fields = if call.method == Method::POST { call.form() } else { call.query() };
    authenticate(bank, call, &fields, Demand::beside_token(bank, ClientAuth::Both))?;
    let token = fields.first("token").unwrap_or("");
    let grants = lock(&bank.grants);
    let invalid = |description| OauthError::bad_request("invalid_token", description);
    match grants.access(token, bank.clock.millis()) {
        Access::Unknown => Err(invalid("Token was not recognised")),
        Access::Expired => Err(invalid("Token has expired")),
        Access::Valid(authorized) => Ok(json!({
            "active": true,
            "exp": grants.expiry(token),
            "user_name": authorized.user,
            "scope": [authorized.scope],
            "client_id": authorized.client_id,
            "language": authorized.language,
            "sca": true,
            "organization_id": "DEFAULT",
        })),
    }
}
