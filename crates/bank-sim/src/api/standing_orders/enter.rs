//! Standing orders that are entered, changed and ended by a third party's app (bank-api fact 13.3). An
//! unsigned one is changed and deleted at once; what becomes of one in force has to be signed.

use http::StatusCode;
use serde_json::{Value, json};

use super::terms::{self, REFERENCE};
use crate::api::payments::{self, Case, find, payment, text, told};
use crate::api::resource::Version;
use crate::api::{Refusal, Reply, exact, sign};
use crate::bank::Bank;
use crate::call::Call;
use crate::knobs::Occasion;
use crate::orders::{
    Order, OrderKind, Orders, Owner, StandingOrder, State, Status, Subject, Waiting,
};
use crate::sync::lock;

/// What references of standing orders are unique for.
const PURPOSE: &str = "standing order";

/// A good request.
struct Wanted {
    standing: StandingOrder,
    /// Echoed, without the bank's name for it.
    body: Value,
    amount: String,
    reference: String,
}

/// `POST /my/standingorders`.
///
/// Errors: 400 with the codes of bank-api fact 13.3, 403 `AG01`.
pub(in crate::api) fn enter(bank: &Bank, call: &Call, owner: &Owner) -> Result<Reply, Refusal> {
    let occasion = Occasion::of(call).about(Some(&owner.authorized.user));
    let mut orders = lock(&bank.orders);
    let Wanted { standing, body, amount, reference } = wanted(bank, call, owner, &orders, None)?;
    let id = orders.name(&bank.random);
    orders.note(PURPOSE, owner.licence.as_deref(), &reference);
    let mut signing = sign::open(bank, occasion);
    signing.told = true;
    let order = Order {
        body: named(body, &id),
        id,
        owner: owner.clone(),
        subject: Subject::StandingOrder(Box::new(standing)),
        amount,
        status: Status::Actc,
        change: None,
        signing,
        batch: None,
    };
    let reply = told(&order);
    orders.enter(order);
    Ok(reply)
}

/// `PUT /my/standingorders/{transactionIdentification}`: only those set up through this third party.
///
/// Errors: those of [`enter`], 404 `ID_NOT_FOUND`.
pub(in crate::api) fn change(
    bank: &Bank,
    call: &Call,
    owner: &Owner,
    id: &str,
) -> Result<Reply, Refusal> {
    let occasion = Occasion::of(call).about(Some(&owner.authorized.user));
    let mut orders = lock(&bank.orders);
    let order = theirs(&orders, owner, id)?;
    let known = text(&order.body, REFERENCE).unwrap_or("");
    let Wanted { standing, body, amount, reference } =
        wanted(bank, call, owner, &orders, Some(known))?;
    orders.note(PURPOSE, owner.licence.as_deref(), &reference);
    let mut signing = sign::open(bank, occasion);
    signing.told = true;
    let body = named(body, id);
    let mut answer = body.clone();
    answer["signInfo"] = sign::info(&signing);
    answer["instructionStatus"] = json!(Status::Actc.code());
    answer["statusChangeInfo"] = Value::Null;
    let reply = Reply { amount: Some(amount.clone()), ..Reply::from(answer) };
    orders.change(id, |order| {
        order.signing = signing;
        if order.status.is_unsigned() {
            order.subject = Subject::StandingOrder(Box::new(standing));
            (order.body, order.amount) = (body, amount);
        } else if let Subject::StandingOrder(present) = &mut order.subject {
            present.waiting = Some(Waiting::Change(Box::new(standing), body, amount));
        }
    });
    Ok(reply)
}

/// `DELETE /my/standingorders/{transactionIdentification}`: only those set up through this third
/// party.
///
/// Errors: 404 `ID_NOT_FOUND`.
pub(in crate::api) fn delete(
    bank: &Bank,
    call: &Call,
    owner: &Owner,
    id: &str,
) -> Result<Reply, Refusal> {
    let mut orders = lock(&bank.orders);
    let order = theirs(&orders, owner, id)?;
    let mut answer = json!({
        "standingOrderIdentification": order.body["standingOrderIdentification"],
    });
    if order.status.is_unsigned() {
        let mut signing = order.signing.clone();
        signing.cancel();
        orders.remove(id);
        answer["signInfo"] = sign::info(&signing);
        answer["instructionStatus"] = json!(Status::Rjct.code());
    } else {
        let occasion = Occasion::of(call).about(Some(&owner.authorized.user));
        let mut signing = sign::open(bank, occasion);
        signing.told = true;
        answer["signInfo"] = sign::info(&signing);
        answer["instructionStatus"] = json!(Status::Actc.code());
        orders.change(id, |order| {
            order.signing = signing;
            if let Subject::StandingOrder(present) = &mut order.subject {
                present.waiting = Some(Waiting::Deletion);
            }
        });
    }
    // the answer has a body, so 204 is none of its statuses
    let status = payments::deleted(bank, call, owner).status;
    let status = if status == StatusCode::CREATED { status } else { StatusCode::OK };
    Ok(Reply { status, ..Reply::from(answer) })
}

/// A standing order of this person and third party that is not at its end.
pub(super) fn theirs<'a>(
    orders: &'a Orders,
    owner: &Owner,
    id: &str,
) -> Result<&'a Order, Refusal> {
    let order = orders.find(OrderKind::StandingOrder, id);
    let order = order.filter(|order| order.owner.is(owner));
    let order = order.filter(|order| order.is_waiting() || order.status == Status::Acsp);
    order.ok_or_else(|| Refusal::order_missing(Version::V5, OrderKind::StandingOrder))
}

/// The request, examined; `known` is the reference that the order has already.
fn wanted(
    bank: &Bank,
    call: &Call,
    owner: &Owner,
    orders: &Orders,
    known: Option<&str>,
) -> Result<Wanted, Refusal> {
    let occasion = Occasion::of(call).about(Some(&owner.authorized.user));
    let (body, kind, rules) = payments::read(bank, call, occasion, terms::examine)?;
    let reference = text(&body, REFERENCE).unwrap_or("").to_owned();
    let licence = owner.licence.as_deref();
    let case = Case {
        bank,
        body: &body,
        amount: exact::amount(&call.body).unwrap_or(""),
        kind,
        authorized: &owner.authorized,
        rules: &rules,
        kinds: &bank.meet(occasion, |knobs| &mut knobs.payment_kinds),
        instant: bank.meet(occasion, |knobs| &mut knobs.instant_payments),
        reference: REFERENCE,
        workday: false,
        used: known != Some(&reference) && orders.has_used(PURPOSE, licence, &reference),
    };
    let asked = text(&body, "requestedExecutionDate").and_then(|date| date.parse().ok());
    let schedule = terms::schedule(&body, asked.unwrap_or(bank.clock.today()));
    let (verdict, schedule) = match (case.judge(), schedule) {
        (Ok(verdict), Ok(schedule)) => (verdict, schedule),
        (verdict, schedule) => {
            let all = verdict.err().into_iter().chain(schedule.err());
            return Err(Refusal::all(all).unwrap_or_else(Refusal::unreadable));
        }
    };
    let amount = case.amount.to_owned();
    let mut paid = payment(bank, occasion, &body, (REFERENCE, kind), verdict);
    paid.standing = true;
    let alias = text(&body, "standingOrder.alias").map(ToOwned::to_owned);
    let body = completed(body, paid.priority.code(), kind.code());
    Ok(Wanted { standing: StandingOrder::new(paid, schedule, alias), body, amount, reference })
}

/// The request with what the bank has found out.
fn completed(mut body: Value, priority: &str, level: &str) -> Value {
    let mut kind = find(&body, "paymentTypeInformation").cloned().unwrap_or_else(|| json!({}));
    kind["instructionPriority"] = json!(priority);
    kind["serviceLevel"] = json!({ "code": level });
    body["paymentTypeInformation"] = kind;
    body
}

/// The body with the bank's name for the order.
fn named(mut body: Value, id: &str) -> Value {
    body["standingOrderIdentification"]["transactionIdentification"] = json!(id);
    body
}

/// `signInfo` of an order that others have set up: in force, and signed by who knows what.
pub(super) fn signed() -> Value {
    json!({ "state": State::Done.code(), "signId": null })
}
