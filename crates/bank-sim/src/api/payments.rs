//! Payment initiation (bank-api facts 10.1 to 10.6): a payment is entered, looked at and deleted
//! while nobody has signed it; its status can be asked for as long as it is known.

mod business;
mod detect;
mod enter;
mod fields;
mod forms;
mod payee;
mod rows;

use http::StatusCode;
use serde_json::{Value, json};

use super::resource::Version;
use super::{Refusal, Reply, sign};
use crate::Knob;
use crate::bank::Bank;
use crate::call::Call;
use crate::knobs::{Knobs, Occasion};
use crate::orders::{Order, OrderKind, Owner};
use crate::sync::lock;

pub(super) use business::Case;
pub(super) use enter::{initiate, payment, read};
pub(super) use fields::check;
pub(super) use rows::{
    AGENT, AMOUNT, CREDITOR, CREDITOR_ACCOUNT, DEBTOR_ACCOUNT, Form, PARTY, REMITTANCE, Row, row,
};

/// What the knobs say to the form of one body.
pub(super) struct Rules {
    strict_elements: bool,
    strict_characters: bool,
    pub(super) strict_ibans: bool,
}

impl Rules {
    pub(super) fn met(bank: &Bank, occasion: Occasion<'_>) -> Self {
        let meet = |which: fn(&mut Knobs) -> &mut Knob<bool>| bank.meet(occasion, which);
        Self {
            strict_elements: meet(|knobs| &mut knobs.strict_elements),
            strict_characters: meet(|knobs| &mut knobs.strict_characters),
            strict_ibans: meet(|knobs| &mut knobs.strict_ibans),
        }
    }
}

/// `GET /payments/{paymentId}/status` of 2.0: the certificate is enough.
///
/// Errors: 404 `TRANSACTION_MISSING`, also for a payment of another third party.
pub(super) fn status(bank: &Bank, licence: Option<&str>, id: &str) -> Result<Reply, Refusal> {
    let orders = lock(&bank.orders);
    let order = orders.find(OrderKind::Payment, id);
    let order = order.filter(|order| order.owner.licence.as_deref() == licence);
    let order = order.ok_or_else(|| missing(Version::V2))?;
    let mut body = json!({ "instructionStatus": order.status.code() });
    // 2.0 has no such element, so it comes only where there is something to say
    if order.change.is_some() {
        body["statusChangeInfo"] = json!(order.change);
    }
    Ok(body.into())
}

/// `GET /my/payments/{paymentId}`: a payment that waits for its signature.
///
/// Errors: 404 `TRANSACTION_MISSING`, later `ID_NOT_FOUND`; 501.
pub(super) fn detail(
    bank: &Bank,
    call: &Call,
    version: Version,
    owner: &Owner,
    id: &str,
) -> Result<Reply, Refusal> {
    sign::optional(bank, call, owner)?;
    let orders = lock(&bank.orders);
    let order = orders.find(OrderKind::Payment, id).filter(|order| is_open_to(order, owner));
    order.map(told).ok_or_else(|| missing(version))
}

/// `DELETE /my/payments/{paymentId}`: forgets a payment that waits for its signature.
///
/// Errors: 404 `TRANSACTION_MISSING`, later `ID_NOT_FOUND`, also for a signed one; 501.
pub(super) fn delete(
    bank: &Bank,
    call: &Call,
    version: Version,
    owner: &Owner,
    id: &str,
) -> Result<Reply, Refusal> {
    sign::optional(bank, call, owner)?;
    let mut orders = lock(&bank.orders);
    let order = orders.find(OrderKind::Payment, id);
    if !order.is_some_and(|order| is_open_to(order, owner)) {
        return Err(missing(version));
    }
    orders.remove(id);
    Ok(deleted(bank, call, owner))
}

/// The answer to a deletion.
pub(super) fn deleted(bank: &Bank, call: &Call, owner: &Owner) -> Reply {
    let occasion = Occasion::of(call).about(Some(&owner.authorized.user));
    let status = bank.meet(occasion, |knobs| &mut knobs.delete_status);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    Reply { status, body: None, amount: None }
}

fn missing(version: Version) -> Refusal {
    Refusal::order_missing(version, OrderKind::Payment)
}

pub(super) fn is_open_to(order: &Order, owner: &Owner) -> bool {
    order.owner.is(owner) && order.status.is_unsigned()
}

/// The order as its initiation and its detail tell it (bank-api facts 10.3 and 13.3).
pub(super) fn told(order: &Order) -> Reply {
    let mut body = order.body.clone();
    body["signInfo"] = sign::info(&order.signing);
    body["instructionStatus"] = json!(order.status.code());
    body["statusChangeInfo"] = json!(order.change);
    Reply { amount: Some(order.amount.clone()), ..Reply::from(body) }
}

/// The element at a dotted path; what is blank counts as absent.
pub(super) fn find<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let found = path.split('.').try_fold(value, |value, name| value.get(name));
    found.filter(|value| !fields::is_blank(value))
}

/// The text at a dotted path.
pub(super) fn text<'a>(value: &'a Value, path: &str) -> Option<&'a str> {
    find(value, path).and_then(Value::as_str)
}
