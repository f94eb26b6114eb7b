//! Batches of payments (bank-api fact 13.5): payments that wait for their signatures are bound, to be
//! signed at once; until it is signed, a batch can be taken back.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::payments::{self, Form, Row, Rules, check, row, text};
use super::query::known;
use super::resource::Version;
use super::{Refusal, Reply, sign};
use crate::PaymentKind;
use crate::bank::Bank;
use crate::call::Call;
use crate::form::Fields;
use crate::knobs::Occasion;
use crate::orders::{Batch, Order, OrderKind, Orders, Owner, Status, Subject};
use crate::sync::lock;

/// What exchange identifications of batches are unique for.
const PURPOSE: &str = "batch";
const REFERENCE: &str = "exchangeIdentification";

const BATCH: &[Row] = &[
    row(REFERENCE, "1111", Form::Reference(18)),
    row("instructionName", "0000", Form::Text(140)),
    row("payments", "1111", Form::Own(are_payments)),
];

const PAYMENT: &[Row] = &[row("signId", "1111", Form::Code(35))];

/// `POST /my/batchpayments`.
///
/// Errors: 400 `FF01`; `FIELD_MISSING`, `FIELD_INVALID`, `RR10` together; `NARR`; `RF01`,
/// `TOO_MANY_PMTS`, `INCORRECT_SIGNID`, `ACC_DIFFERENT`, `CURR_DIFFERENT`, `TYPE_DIFFERENT` together.
pub(super) fn enter(bank: &Bank, call: &Call, owner: &Owner) -> Result<Reply, Refusal> {
    let occasion = Occasion::of(call).about(Some(&owner.authorized.user));
    let request: Value = crate::json::read(&call.body).ok_or_else(Refusal::unreadable)?;
    let Value::Object(mut members) = request else { return Err(Refusal::unreadable()) };
    let signings = signings(&mut members, &Rules::met(bank, occasion))?;
    if let Some(reason) = bank.meet(occasion, |knobs| &mut knobs.narrative) {
        return Err(Refusal::narrative(&reason));
    }
    // a number is as good as its digits
    let reference = text(&Value::Object(members.clone()), REFERENCE)
        .map_or_else(|| members[REFERENCE].to_string(), ToOwned::to_owned);
    let most = bank.meet(occasion, |knobs| &mut knobs.batch_payments);
    let licence = owner.licence.as_deref();
    let mut orders = lock(&bank.orders);
    let mut found = Vec::new();
    if orders.has_used(PURPOSE, licence, &reference) {
        found.push(Refusal::code("RF01", REFERENCE));
    }
    if usize::try_from(most).is_ok_and(|most| signings.len() > most) {
        found.push(Refusal::code("TOO_MANY_PMTS", "payments"));
    }
    let bound = bound(&orders, owner, &signings).map_err(|all| found.extend(all));
    let Ok(payments) = bound else {
        return Err(Refusal::all(found).unwrap_or_else(Refusal::unreadable));
    };
    if let Some(refusal) = Refusal::all(found) {
        return Err(refusal);
    }
    orders.note(PURPOSE, licence, &reference);
    let mut signing = sign::open(bank, occasion);
    signing.told = true;
    let order = Order {
        id: orders.name(&bank.random),
        owner: owner.clone(),
        subject: Subject::Batch(Batch { payments }),
        body: Value::Null,
        amount: String::new(),
        status: Status::Actc,
        change: None,
        signing,
        batch: None,
    };
    let answer = json!({
        "transactionIdentification": order.id,
        "signInfo": sign::info(&order.signing),
        "instructionStatus": order.status.code(),
        "statusChangeInfo": order.change,
    });
    orders.bind(order);
    Ok(answer.into())
}

/// `DELETE /my/batchpayments/{transactionIdentification}`: forgets a batch that nobody has signed;
/// with `allInstructions=true` its payments too, which are otherwise free again.
///
/// Errors: 400 `PARAMETER_INVALID`, 404 `ID_NOT_FOUND`.
pub(super) fn delete(
    bank: &Bank,
    call: &Call,
    owner: &Owner,
    id: &str,
    query: &Fields,
) -> Result<Reply, Refusal> {
    const ALL: &str = "allInstructions";
    known(query, &[ALL])?;
    let with_payments = match query.single(ALL) {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(Refusal::parameter(ALL)),
    };
    let mut orders = lock(&bank.orders);
    let order = orders.find(OrderKind::Batch, id);
    if !order.is_some_and(|order| payments::is_open_to(order, owner)) {
        return Err(Refusal::order_missing(Version::V5, OrderKind::Batch));
    }
    orders.unbind(id, with_payments);
    Ok(payments::deleted(bank, call, owner))
}

/// The `signId` of each payment, from a well-formed body.
fn signings(members: &mut Map<String, Value>, rules: &Rules) -> Result<Vec<String>, Refusal> {
    // batches know no kinds; all columns of the table are the same
    let kind = PaymentKind::Domestic;
    let mut found: Vec<_> = check(members, BATCH, kind, rules).err().into_iter().collect();
    let mut signings = Vec::new();
    let items = members.get_mut("payments").and_then(Value::as_array_mut);
    for (at, item) in items.into_iter().flatten().enumerate() {
        let Some(item) = item.as_object_mut() else { continue };
        let wrong = check(item, PAYMENT, kind, rules).err();
        found.extend(wrong.map(|wrong| wrong.inside(&format!("payments[{at}]"))));
        signings.extend(item.get("signId").and_then(Value::as_str).map(ToOwned::to_owned));
    }
    Refusal::all(found).map_or(Ok(signings), Err)
}

fn are_payments(value: &Value) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(Value::is_object))
}

/// The names of the payments, if all of them can be bound together.
fn bound(orders: &Orders, owner: &Owner, signings: &[String]) -> Result<Vec<String>, Vec<Refusal>> {
    let (mut payments, mut found) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for (at, sign) in signings.iter().enumerate() {
        let order = orders.by_signing(sign).filter(|order| order.owner.is(owner));
        let objection = match order {
            None => Some("Unknown".to_owned()),
            Some(order) if !order.status.is_unsigned() => {
                Some(format!("State {}", order.signing.state.code()))
            }
            Some(order) if order.batch.is_some() => Some("Bound into a batch".to_owned()),
            Some(_) if !seen.insert(sign) => Some("Repeated".to_owned()),
            Some(order) => {
                payments.push((at, order));
                None
            }
        };
        found.extend(objection.map(|why| {
            let parameters = json!({ "signID": sign, "error": why });
            let scope = format!("payments[{at}].signId");
            Refusal::with_parameters("INCORRECT_SIGNID", &scope, parameters)
        }));
    }
    found.extend(differences(&payments));
    let names = payments.into_iter().map(|(_, order)| order.id.clone());
    if found.is_empty() { Ok(names.collect()) } else { Err(found) }
}

/// What the payments do not have in common with the first of them.
fn differences(payments: &[(usize, &Order)]) -> Vec<Refusal> {
    let each = payments.iter().filter_map(|(at, order)| Some((*at, order.payment()?)));
    let each: Vec<_> = each.collect();
    let Some(((_, first), others)) = each.split_first() else { return Vec::new() };
    let mut found = Vec::new();
    for (at, other) in others {
        let checks = [
            ("ACC_DIFFERENT", other.account == first.account),
            ("CURR_DIFFERENT", other.currency == first.currency),
            ("TYPE_DIFFERENT", other.kind == first.kind),
        ];
        let scope = format!("payments[{at}].signId");
        found.extend(
            checks.iter().filter(|(_, same)| !same).map(|(code, _)| Refusal::code(code, &scope)),
        );
    }
    found
}
