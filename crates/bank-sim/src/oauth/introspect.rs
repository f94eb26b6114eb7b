//! Introspection, for a resource server of its own: `/oauth/check_token` in the library's form
//! (bank-api fact 5.8), `/oauth2/introspect` as RFC 7662 has it. The keys that would let others
//! check tokens are closed to everybody.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::Method;
use serde_json::{Value, json};

use super::client_auth::{Demand, authenticate};
use super::refusal::no_store;
use super::{Access, OauthError, method_not_allowed};
use crate::bank::Bank;
use crate::call::Call;
use crate::form::Fields;
use crate::knobs::ClientAuth;
use crate::sync::lock;

/// `/oauth/check_token`.
pub(crate) async fn check_token(
    State(bank): State<Arc<Bank>>,
    Extension(call): Extension<Arc<Call>>,
) -> Response {
    answer(check(&bank, &call))
}

/// `/oauth2/introspect`.
pub(crate) async fn introspect(
    State(bank): State<Arc<Bank>>,
    Extension(call): Extension<Arc<Call>>,
) -> Response {
    match call.method {
        Method::POST => answer(describe(&bank, &call)),
        _ => method_not_allowed(&call.method),
    }
}

/// `/oauth/token_key`.
pub(crate) async fn token_key() -> Response {
    OauthError::denied().into_response()
}

fn answer(token: Result<Value, OauthError>) -> Response {
    token.map_or_else(IntoResponse::into_response, |token| no_store(Json(token).into_response()))
}

fn check(bank: &Bank, call: &Call) -> Result<Value, OauthError> {
    let fields = parameters(call);
    authenticate(bank, call, &fields, Demand::beside_token(bank, ClientAuth::Both))?;
    let token = fields.first("token").unwrap_or("");
    let (grants, now) = (lock(&bank.grants), bank.clock.millis());
    let invalid = |description| OauthError::bad_request("invalid_token", description);
    match grants.access(token, now) {
        Access::Unknown => Err(invalid("Token was not recognised")),
        Access::Expired => Err(invalid("Token has expired")),
        Access::Valid(authorized) => Ok(json!({
            "active": true,
            "exp": grants.active(token, now).map(|active| active.expires),
            "user_name": authorized.user,
            "scope": [authorized.scope],
            "client_id": authorized.client_id,
            "language": authorized.language,
            "sca": true,
            "organization_id": "DEFAULT",
        })),
    }
}

/// RFC 7662, 2.2. Which of its optional members Web Flow sends is not known: these are derived.
fn describe(bank: &Bank, call: &Call) -> Result<Value, OauthError> {
    let form = call.form();
    authenticate(bank, call, &form, Demand::beside_token(bank, ClientAuth::Basic))?;
    let token = form.first("token").ok_or_else(|| {
        OauthError::bad_request("invalid_request", "token parameter not provided")
    })?;
    let Some(active) = lock(&bank.grants).active(token, bank.clock.millis()) else {
        return Ok(json!({ "active": false }));
    };
    let mut description = json!({
        "active": true,
        "scope": active.authorized.scope,
        "client_id": active.authorized.client_id,
        "username": active.authorized.user,
        "sub": active.authorized.user,
        "exp": active.expires,
    });
    if active.is_access {
        description["token_type"] = json!("Bearer");
    }
    Ok(description)
}

/// Query and form together, as the servlet container hands them over.
fn parameters(call: &Call) -> Fields {
    call.query().followed_by(call.form())
}
