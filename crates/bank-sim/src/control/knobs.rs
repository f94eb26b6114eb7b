//! Looking at knobs and turning them while requests are being answered: all of a change, or nothing.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use serde_json::{Map, Value};

use super::Problem;
use super::problem::body;
use crate::bank::Bank;
use crate::{KnobError, Knobs};

/// `GET /knobs`: all of them.
pub(super) async fn all(State(bank): State<Arc<Bank>>) -> Json<Value> {
    Json(Value::Object(bank.knobs(|knobs| knobs.to_json())))
}

/// `GET /knobs/{name}`: one; rules with `times` or `after` tell what is left of them.
pub(super) async fn one(
    State(bank): State<Arc<Bank>>,
    Path(name): Path<String>,
) -> Result<Json<Value>, Problem> {
    let mut knobs = bank.knobs(|knobs| knobs.to_json());
    let known = knobs.keys().cloned().collect::<Vec<_>>();
    let found = knobs.remove(&name).map(Json);
    found.ok_or_else(|| Problem::missing(format!("unknown knob `{name}`")).allowing(known))
}

/// `PUT /knobs/{name}`: turns one by JSON or a word, and answers how it stands now.
pub(super) async fn put(
    State(bank): State<Arc<Bank>>,
    Path(name): Path<String>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let text = std::str::from_utf8(&bytes).map(str::trim).unwrap_or_default();
    if text.is_empty() {
        return Err(Problem::bad("no position in the body"));
    }
    let mut knobs = turn(&bank, |knobs| knobs.worded(&name, text))?;
    Ok(Json(knobs.remove(&name).unwrap_or_default()))
}

/// `PATCH /knobs`: turns several, or none if one cannot be turned; answers all.
pub(super) async fn patch(
    State(bank): State<Arc<Bank>>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let Value::Object(changes) = body(&bytes)? else {
        return Err(Problem::bad("not a JSON object of knobs"));
    };
    turn(&bank, |knobs| knobs.patched(&changes)).map(Value::Object).map(Json)
}

/// `DELETE /knobs`: back to what the bank was started with.
pub(super) async fn reset(State(bank): State<Arc<Bank>>) -> Json<Value> {
    let knobs = bank.knobs(|knobs| {
        knobs.clone_from(&bank.start);
        knobs.to_json()
    });
    Json(Value::Object(knobs))
}

fn turn(
    bank: &Bank,
    change: impl FnOnce(&Knobs) -> Result<Knobs, KnobError>,
) -> Result<Map<String, Value>, Problem> {
    let turned = bank.knobs(|knobs: &mut Knobs| {
        *knobs = change(knobs)?;
        Ok(knobs.to_json())
    });
    turned.map_err(|error: KnobError| match error {
        KnobError::Unknown { name, known } => {
            Problem::missing(format!("unknown knob `{name}`")).allowing(known)
        }
        other => Problem::bad(other.to_string()),
    })
}
