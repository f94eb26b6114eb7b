//! Revocation, by Basic only (bank-api fact 5.8). `POST /oauth/token/revoke` of Web Flow 1.4: either
//! token takes its pair along, and an unknown token is an error, unlike RFC 7009.
//! `POST /oauth2/revoke` of 1.5: as RFC 7009 has it, and an access token goes alone.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{Method, StatusCode};
use serde_json::json;

use super::client_auth::{Demand, authenticate};
use super::refusal::no_store;
use super::{OauthError, Revocation, method_not_allowed};
use crate::bank::Bank;
use crate::call::Call;
use crate::fault;
use crate::form::Fields;
use crate::journal::Breach;
use crate::knobs::{ClientAuth, Occasion, RevokeReply, WebFlow};
use crate::sync::lock;

/// The revocation endpoint.
pub(crate) async fn revoke(
    State(bank): State<Arc<Bank>>,
    Extension(generation): Extension<WebFlow>,
    Extension(call): Extension<Arc<Call>>,
) -> Response {
    if call.method != Method::POST {
        return method_not_allowed(&call.method);
    }
    let form = call.form();
    let user = form.first("token").and_then(|token| lock(&bank.grants).holder(token));
    let occasion = Occasion::of(&call).about(user.as_deref());
    let position = bank.meet(occasion, |knobs| &mut knobs.revoke_reply);
    match position {
        RevokeReply::Normal | RevokeReply::DropAfterCommit => {}
        RevokeReply::Status(status) => {
            return StatusCode::from_u16(status).unwrap_or_default().into_response();
        }
        RevokeReply::OkUnknown => return no_store(StatusCode::OK.into_response()),
        RevokeReply::Hang => match fault::hang().await {},
    }
    let answer = match serve(&bank, generation, &call, &form) {
        Ok(true) => no_store(StatusCode::OK.into_response()),
        Ok(false) => no_store((StatusCode::BAD_REQUEST, Json(failed())).into_response()),
        Err(refusal) => refusal.into_response(),
    };
    if position == RevokeReply::DropAfterCommit { fault::lose() } else { answer }
}

/// False: nothing that this client could revoke.
fn serve(bank: &Bank, generation: WebFlow, call: &Call, form: &Fields) -> Result<bool, OauthError> {
    let demand = Demand::beside_token(bank, ClientAuth::Basic);
    let client = authenticate(bank, call, form, demand)?;
    let token = form.first("token");
    if generation == WebFlow::V1_5 {
        return alone(bank, &client.client_id, token).map(|()| true);
    }
    let Some(token) = token else { return Ok(false) };
    let revocation = lock(&bank.grants).revoke(token, &client.client_id);
    if revocation == Revocation::OtherClient {
        foreign(bank);
    }
    Ok(revocation == Revocation::Done)
}

/// RFC 7009, 2.1 and 2.2: an unknown token is revoked enough, that of another client is refused.
/// The words of the refusals are derived.
fn alone(bank: &Bank, client_id: &str, token: Option<&str>) -> Result<(), OauthError> {
    let token = token.ok_or_else(|| {
        OauthError::bad_request("invalid_request", "token parameter not provided")
    })?;
    match lock(&bank.grants).revoke_alone(token, client_id) {
        Revocation::Done | Revocation::Unknown => Ok(()),
        Revocation::OtherClient => {
            foreign(bank);
            Err(OauthError::bad_request("invalid_client", "Wrong client for this token"))
        }
    }
}

fn foreign(bank: &Bank) {
    bank.journal.breach(Breach::RevokedForeign, "revocation of another client's token");
}

fn failed() -> serde_json::Value {
    json!({
        "status": "ERROR",
        "responseObject": { "code": "ERROR_GENERIC", "message": "Token revocation failed" },
    })
}
