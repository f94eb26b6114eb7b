//! The tokens that are good now, so that a test can look for them where they must not be.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::TokenInfo;
use crate::bank::Bank;
use crate::sync::lock;

/// `GET /tokens`: one entry for each person, client and scope.
pub(super) async fn live(State(bank): State<Arc<Bank>>) -> Json<Value> {
    let written = |token: &TokenInfo| {
        json!({
            "user": token.user,
            "client_id": token.client_id,
            "scope": token.scope,
            "access_token": token.access_token,
            "refresh_token": token.refresh_token,
        })
    };
    let live = lock(&bank.grants).live(bank.clock.millis());
    Json(live.iter().map(written).collect())
}
