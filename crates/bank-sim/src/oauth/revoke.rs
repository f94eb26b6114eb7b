//! `POST /oauth/token/revoke` of Web Flow 1.4 (bank-api fact 5.8): Basic only, either token takes
//! its pair along, and an unknown token is an error, unlike RFC 7009.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{Method, StatusCode};
use serde_json::json;

use super::client_auth::{Demand, authenticate};
use super::refusal::no_store;
use super::{OauthError, method_not_allowed};
use crate::bank::Bank;
use crate::call::Call;
use crate::fault;
use crate::knobs::{ClientAuth, Occasion, RevokeReply};
use crate::sync::lock;

/// The revocation endpoint.
pub(crate) async fn revoke(
    State(bank): State<Arc<Bank>>,
    Extension(call): Extension<Arc<Call>>,
) -> Response {
    if call.method != Method::POST {
        return method_not_allowed(&call.method);
    }
    let position = bank.meet(Occasion::of(&call), |knobs| &mut knobs.revoke_reply);
    match position {
        RevokeReply::Normal | RevokeReply::DropAfterCommit => {}
        RevokeReply::Status(status) => {
            return StatusCode::from_u16(status).unwrap_or_default().into_response();
        }
        RevokeReply::OkUnknown => return no_store(StatusCode::OK.into_response()),
        RevokeReply::Hang => match fault::hang().await {},
    }
    let answer = match serve(&bank, &call) {
        Ok(true) => no_store(StatusCode::OK.into_response()),
        Ok(false) => no_store((StatusCode::BAD_REQUEST, Json(failed())).into_response()),
        Err(refusal) => refusal.into_response(),
    };
    if position == RevokeReply::DropAfterCommit { fault::lose() } else { answer }
}

fn serve(bank: &Bank, call: &Call) -> Result<bool, OauthError> {
    let form = call.form();
    let demand = Demand::beside_token(bank, ClientAuth::Basic);
    let client = authenticate(bank, call, &form, demand)?;
    let token = form.first("token");
    Ok(token.is_some_and(|token| lock(&bank.grants).revoke(token, &client.client_id)))
}

fn failed() -> serde_json::Value {
    json!({
        "status": "ERROR",
        "responseObject": { "code": "ERROR_GENERIC", "message": "Token revocation failed" },
    })
}
