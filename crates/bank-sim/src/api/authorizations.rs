//! `GET /my/authorizations` (bank-api fact 13.6): what this third party has entered for this person and
//! waits for a signature. The standard does not name a scope; it is that of what is signed, `pisp`.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::accounts::local_time;
use super::query::known;
use super::{Refusal, sign};
use crate::bank::Bank;
use crate::form::Fields;
use crate::orders::{Order, OrderKind, Owner, State};
use crate::sync::lock;

/// The pending authorizations. Payments of a batch are signed by the batch.
///
/// Errors: 400 `PARAMETER_INVALID`.
pub(super) fn list(bank: &Bank, owner: &Owner, query: &Fields) -> Result<Value, Refusal> {
    known(query, &[])?;
    let orders = lock(&bank.orders);
    let pending = orders.of(&owner.authorized.user).into_iter().filter(|order| {
        order.owner.is(owner)
            && order.is_waiting()
            && order.signing.state == State::Open
            && order.batch.is_none()
    });
    Ok(json!({ "authorizations": pending.map(render).collect::<Vec<_>>() }))
}

fn render(order: &Order) -> Value {
    let kind = match order.kind() {
        OrderKind::Payment => "PAYMENT",
        OrderKind::StandingOrder => "STANDINGORDER",
        OrderKind::Batch => "BATCHPAYMENT",
    };
    let until = Timestamp::from_millisecond(order.signing.until).unwrap_or(Timestamp::MAX);
    json!({
        "type": kind,
        "transactionIdentification": order.id,
        "validUntil": local_time(until),
        "scenarios": order.signing.scenarios,
        "signInfo": sign::info(&order.signing),
    })
}
