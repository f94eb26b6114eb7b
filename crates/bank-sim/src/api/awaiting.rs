//! Payments that have been signed and have not left yet (bank-api fact 13.4), whoever has entered them.
//! The next payment of a standing order is not among them.

use http::StatusCode;
use serde_json::{Value, json};

use super::Refusal;
use super::accounts::shared;
use super::query::{By, Paging, known, sort};
use crate::bank::Bank;
use crate::data::Account;
use crate::form::Fields;
use crate::oauth::Authorized;
use crate::orders::{Order, OrderKind, Payment, Status};
use crate::sync::lock;

/// A line of the list.
struct Row<'a> {
    order: &'a Order,
    payment: &'a Payment,
    account: &'a Account,
}

/// The awaiting payments of the accounts that the token opens, or of one of them, by their days.
///
/// Errors: 400 `PARAMETER_INVALID`, `PAGE_NOT_FOUND`, 404 `ID_NOT_FOUND`.
pub(super) fn list(
    bank: &Bank,
    authorized: &Authorized,
    of: Option<&str>,
    query: &Fields,
) -> Result<Value, Refusal> {
    known(query, &["size", "page", "sort", "order"])?;
    let paging = Paging::read(query)?;
    let wanted = of.map(|id| shared(bank, authorized, id)).transpose()?;
    let orders = lock(&bank.orders);
    let rows = orders.of(&authorized.user).into_iter().filter_map(|order| {
        let signed = order.kind() == OrderKind::Payment && order.status == Status::Acsp;
        let payment = order.payment().filter(|_| signed)?;
        let account = shared(bank, authorized, &payment.account).ok()?;
        let meant = wanted.is_none_or(|wanted| wanted.id == account.id);
        meant.then_some(Row { order, payment, account })
    });
    let mut rows: Vec<Row<'_>> = rows.collect();
    rows.sort_by_key(|row| row.payment.day);
    sort(&mut rows, query, &fields())?;
    let today = bank.clock.today();
    paging.envelope("payments", &rows, StatusCode::BAD_REQUEST, |row| {
        let status = match row.payment {
            payment if payment.overdue.is_some() => "OVERDUE",
            payment if payment.day > today => "FUTURE",
            // on its way
            _ => "OTHER",
        };
        render(row, status)
    })
}

/// What awaiting payments can be sorted by.
fn fields<'a>() -> [(&'static str, By<Row<'a>>); 6] {
    [
        ("requestedExecutionDate", |a, b| a.payment.day.cmp(&b.payment.day)),
        ("amount", |a, b| a.payment.amount.cmp(&b.payment.amount)),
        ("amount.instructedAmount.value", |a, b| a.payment.amount.cmp(&b.payment.amount)),
        ("paymentIdentification.transactionIdentification", |a, b| a.order.id.cmp(&b.order.id)),
        ("debtorAccount.id", |a, b| a.account.id.cmp(&b.account.id)),
        ("debtorAccount.identification.iban", |a, b| {
            a.account.number.iban().cmp(&b.account.number.iban())
        }),
    ]
}

fn render(row: &Row<'_>, status: &str) -> Value {
    let body = &row.order.body;
    json!({
        "paymentIdentification": {
            "paymentId": row.order.id,
            "instructionIdentification": row.payment.instruction,
            "endToEndIdentification": row.payment.end_to_end,
            "transactionIdentification": row.order.id,
        },
        "paymentTypeInformation": body["paymentTypeInformation"],
        "amount": body["amount"],
        "requestedExecutionDate": body["requestedExecutionDate"],
        "debtorAccount": {
            "id": row.account.id,
            "identification": { "iban": row.account.number.iban() },
            "currency": row.account.currency,
        },
        "creditorAgent": body["creditorAgent"],
        "creditorAccount": body["creditorAccount"],
        "remittanceInformation": body["remittanceInformation"],
        "awaitingStatus": status,
    })
}
