//! The bank's clock, turned from outside: consents and tokens end within a test's patience, and a
//! client meets clocks that disagree.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Problem;
use super::problem::body;
use crate::bank::Bank;

/// The clock goes no further: the bank's certificates end in 2090.
const LAST: Timestamp = Timestamp::constant(3_786_912_000, 0);

/// How the clock is turned.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Turn {
    AdvanceMs(u64),
    SetBackMs(u64),
}

/// `GET /clock`: the bank's time.
pub(super) async fn show(State(bank): State<Arc<Bank>>) -> Json<Value> {
    Json(json!({ "now": bank.clock.timestamp().to_string(), "now_ms": bank.clock.millis() }))
}

/// `POST /clock`: turns it, and answers the time it shows then.
pub(super) async fn turn(
    State(bank): State<Arc<Bank>>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let acts = ["{\"advance_ms\": 300000}", "{\"set_back_ms\": 300000}"];
    let turn = serde_json::from_value(body(&bytes)?)
        .map_err(|error| Problem::bad(error.to_string()).allowing(acts))?;
    match turn {
        Turn::AdvanceMs(step) => {
            let left = LAST.as_millisecond() - bank.clock.millis();
            if i64::try_from(step).map_or(true, |step| step > left) {
                return Err(Problem::bad(format!("the clock ends at {LAST}")));
            }
            bank.clock.advance(Duration::from_millis(step));
        }
        Turn::SetBackMs(step) => bank.clock.set_back(Duration::from_millis(step)),
    }
    Ok(show(State(bank)).await)
}
