//! The made-up people: how they log in, what they are asked, and their change of mind.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use http::StatusCode;
use serde_json::{Value, json};

use super::Problem;
use crate::bank::Bank;
use crate::sync::lock;

/// `GET /customers`: user names and passwords.
pub(super) async fn list(State(bank): State<Arc<Bank>>) -> Json<Value> {
    let customers = bank.ledger.customers.iter().map(|customer| {
        json!({
            "username": customer.username,
            "password": customer.password,
            "display_name": customer.name,
        })
    });
    Json(customers.collect())
}

/// `GET /customers/{user}/sms`: the code of the login under way.
pub(super) async fn sms(
    State(bank): State<Arc<Bank>>,
    Path(user): Path<String>,
) -> Result<Json<Value>, Problem> {
    known(&bank, &user)?;
    let code = lock(&bank.flows).sms_code(&user, bank.clock.millis());
    let code = code.ok_or_else(|| Problem::missing("no login of theirs waits for an SMS code"))?;
    Ok(Json(json!({ "sms_code": code })))
}

/// `POST /customers/{user}/withdraw`: they withdraw every consent at the bank itself.
pub(super) async fn withdraw(
    State(bank): State<Arc<Bank>>,
    Path(user): Path<String>,
) -> Result<StatusCode, Problem> {
    known(&bank, &user)?;
    lock(&bank.grants).withdraw(&user);
    Ok(StatusCode::NO_CONTENT)
}

fn known(bank: &Bank, user: &str) -> Result<(), Problem> {
    if bank.ledger.customer(user).is_some() {
        return Ok(());
    }
    // a bank may have thousands
    let some = bank.ledger.customers.iter().take(20).map(|customer| customer.username.clone());
    Err(Problem::missing(format!("unknown customer `{user}`")).allowing(some))
}
