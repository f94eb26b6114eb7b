//! `GET /my/standingorders/{transactionIdentification}` (bank-api fact 13.3). Shown are the standing
//! orders in force of the accounts that the token opens, and those this third party has entered.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::enter::{signed, theirs};
use super::{entry, execution, own, reference};
use crate::api::payments::told;
use crate::api::resource::Version;
use crate::api::{Refusal, Reply};
use crate::bank::Bank;
use crate::call::Call;
use crate::data::standing::{self, Standing};
use crate::data::{Account, Customer};
use crate::knobs::Occasion;
use crate::orders::{OrderKind, Owner, Status};
use crate::sync::lock;

/// When the instalments of those end that end.
const LAST: Date = Date::constant(2045, 12, 1);

/// One standing order.
///
/// Errors: 404 `ID_NOT_FOUND`.
pub(in crate::api) fn detail(
    bank: &Bank,
    call: &Call,
    owner: &Owner,
    id: &str,
) -> Result<Reply, Refusal> {
    let missing = || Refusal::order_missing(Version::V5, OrderKind::StandingOrder);
    let authorized = &owner.authorized;
    let orders = lock(&bank.orders);
    if let Ok(order) = theirs(&orders, owner, id) {
        return Ok(told(order));
    }
    let open = |account: &str| authorized.accounts.iter().any(|open| open == account);
    if let Some(order) = orders.find(OrderKind::StandingOrder, id) {
        let shown = order.owner.authorized.user == authorized.user
            && order.status == Status::Acsp
            && order.payment().is_some_and(|payment| open(&payment.account));
        let mut reply = told(order);
        if let Some(body) = reply.body.as_mut().filter(|_| shown) {
            // whose signature another app waits for is none of this app's business
            body["signInfo"] = signed();
            return Ok(reply);
        }
        return Err(missing());
    }
    drop(orders);
    let customer = bank.ledger.customer(&authorized.user).ok_or_else(missing)?;
    let mut known = standing::of(customer).into_iter();
    let order = known.find(|order| order.id == id).ok_or_else(missing)?;
    let account = customer.accounts.get(order.account).filter(|account| open(&account.id));
    let account = account.ok_or_else(missing)?;
    let occasion = Occasion::of(call).about(Some(&authorized.user));
    let short = bank.meet(occasion, |knobs| &mut knobs.short_due_mode);
    Ok(of_customer(bank, customer, &order, account, short).into())
}

/// A standing order that the customer has given the bank. The bank does not know its first day any
/// more, so the next one stands in its place.
fn of_customer(
    bank: &Bank,
    customer: &Customer,
    order: &Standing,
    account: &Account,
    short: bool,
) -> Value {
    let today = bank.clock.today();
    let mut days = (0..380_i64).map(|days| today.saturating_add(days.days()));
    let next = days.find(|day| order.is_due(*day)).unwrap_or(today);
    let last = order.ends.then(|| LAST.to_string());
    let row = own(order, account);
    json!({
        "standingOrderIdentification": {
            "instructionIdentification": reference(order),
            "transactionIdentification": order.id,
        },
        "paymentTypeInformation": {
            "instructionPriority": "NORM",
            "serviceLevel": { "code": "DMCT" },
        },
        "amount": {
            "instructedAmount": {
                "value": entry::number(order.amount),
                "currency": account.currency,
            },
        },
        "requestedExecutionDate": next.to_string(),
        "standingOrder": {
            "alias": order.alias,
            "execution": execution(&row, short),
            "validity": { "lastExecutionDate": last },
        },
        "debtorAccount": {
            "identification": { "iban": account.number.iban() },
            "currency": account.currency,
        },
        "creditorAccount": { "identification": { "iban": order.payee(customer) } },
        "remittanceInformation": { "unstructured": order.alias },
        "signInfo": signed(),
        "instructionStatus": Status::Acsp.code(),
        "statusChangeInfo": null,
    })
}
