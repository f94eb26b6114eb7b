//! Standing orders: the list (bank-api fact 9.7), within ČNB's limits (fact 1.5), and from 5.0 on all
//! that fact 13.3 does with one of them. Listed are those in force, whoever has set them up: the
//! customers' own and those of all third parties.

mod detail;
mod enter;
mod terms;

use http::StatusCode;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::query::{By, Paging, day, known, sort};
use super::resource::Version;
use super::{Refusal, entry};
use crate::bank::Bank;
use crate::call::Call;
use crate::data::Account;
use crate::data::standing::{self, Interval, Standing};
use crate::form::Fields;
use crate::knobs::Occasion;
use crate::oauth::Authorized;
use crate::orders::{Order, Status};
use crate::sync::lock;

pub(super) use detail::detail;
pub(super) use enter::{change, delete, enter};

/// A period with one end only reaches so many days.
const USUAL_PERIOD: i64 = 365;

/// A line of the list.
struct Row<'a> {
    id: String,
    instruction: String,
    account: &'a Account,
    currency: &'static str,
    amount: i64,
    alias: Option<String>,
    /// Whether it has a last day.
    ends: bool,
    interval: &'static str,
    due: i8,
}

/// The standing orders of the accounts that the token opens; in 2.0 with a period those that are paid
/// in it.
///
/// Errors: 400 `PARAMETER_INVALID`, `PAGE_NOT_FOUND`.
pub(super) fn list(
    bank: &Bank,
    call: &Call,
    version: Version,
    authorized: &Authorized,
    query: &Fields,
) -> Result<Value, Refusal> {
    let names = ["size", "page", "sort", "order", "fromDate", "toDate", "currency"];
    // the last three are gone in 5.0 (bank-api fact 9.1)
    known(query, if version == Version::V2 { &names } else { &names[..4] })?;
    let paging = Paging::read(query)?;
    let currency = currency(query)?;
    let period = period(query, bank.clock.today())?;
    let mut rows = rows(bank, authorized, period)?;
    rows.retain(|row| {
        authorized.accounts.contains(&row.account.id)
            && currency.is_none_or(|currency| currency == row.account.currency)
    });
    sort(&mut rows, query, &fields())?;
    let occasion = Occasion::of(call).about(Some(&authorized.user));
    let short = bank.meet(occasion, |knobs| &mut knobs.short_due_mode);
    paging.envelope("standingOrders", &rows, StatusCode::BAD_REQUEST, |row| render(row, short))
}

/// All standing orders of the person that are in force.
fn rows<'a>(
    bank: &'a Bank,
    authorized: &Authorized,
    period: Option<(Date, Date)>,
) -> Result<Vec<Row<'a>>, Refusal> {
    let customer = bank.ledger.customer(&authorized.user).ok_or_else(Refusal::not_found)?;
    let own = standing::of(customer).into_iter().filter_map(|order| {
        let account = customer.accounts.get(order.account)?;
        period.is_none_or(|(from, to)| order.falls(from, to)).then(|| own(&order, account))
    });
    let mut rows: Vec<Row<'_>> = own.collect();
    let orders = lock(&bank.orders);
    rows.extend(orders.of(&authorized.user).into_iter().filter_map(|order| {
        let id = &order.payment()?.account;
        entered(order, period, customer.accounts.iter().find(|account| account.id == *id)?)
    }));
    Ok(rows)
}

/// One that the customer has given the bank.
fn own<'a>(order: &Standing, account: &'a Account) -> Row<'a> {
    let (interval, due) = match order.interval {
        Interval::Monthly(day) => ("MONTHLY", day),
        Interval::Yearly(month) => ("YEARLY", month),
    };
    Row {
        instruction: reference(order),
        id: order.id.clone(),
        account,
        currency: account.currency,
        amount: order.amount,
        alias: Some(order.alias.to_owned()),
        ends: order.ends,
        interval,
        due,
    }
}

/// The customer's own reference.
fn reference(order: &Standing) -> String {
    format!("SO-{}", &order.id[2..])
}

/// One that a third party's app has set up, if it is in force.
fn entered<'a>(
    order: &Order,
    period: Option<(Date, Date)>,
    account: &'a Account,
) -> Option<Row<'a>> {
    let standing = order.standing().filter(|_| order.status == Status::Acsp)?;
    let schedule = &standing.schedule;
    period.is_none_or(|(from, to)| schedule.falls(from, to)).then(|| Row {
        id: order.id.clone(),
        instruction: standing.payment.instruction.clone(),
        account,
        currency: standing.payment.currency,
        amount: standing.payment.amount,
        alias: standing.alias.clone(),
        ends: schedule.last.is_some(),
        interval: schedule.interval.code(),
        due: schedule.due,
    })
}

/// A currency, which no account need have.
fn currency(query: &Fields) -> Result<Option<&str>, Refusal> {
    match query.single("currency") {
        Some(asked) if asked.len() != 3 || !asked.bytes().all(|byte| byte.is_ascii_uppercase()) => {
            Err(Refusal::parameter("currency"))
        }
        asked => Ok(asked),
    }
}

fn period(query: &Fields, today: Date) -> Result<Option<(Date, Date)>, Refusal> {
    let (from, to) = match (day(query, "fromDate")?, day(query, "toDate")?) {
        (None, None) => return Ok(None),
        (from, Some(to)) => (from.unwrap_or(today.min(to)), to),
        (Some(from), None) => (from, from.saturating_add(USUAL_PERIOD.days())),
    };
    if from > to { Err(Refusal::parameter("fromDate")) } else { Ok(Some((from, to))) }
}

/// What standing orders can be sorted by.
fn fields<'a>() -> [(&'static str, By<Row<'a>>); 6] {
    [
        ("standingOrderIdentification.transactionIdentification", |a, b| a.id.cmp(&b.id)),
        ("amount", |a, b| a.amount.cmp(&b.amount)),
        ("amount.instructedAmount.value", |a, b| a.amount.cmp(&b.amount)),
        ("standingOrder.alias", |a, b| a.alias.cmp(&b.alias)),
        ("debtorAccount.id", |a, b| a.account.id.cmp(&b.account.id)),
        ("debtorAccount.identification.iban", |a, b| {
            a.account.number.iban().cmp(&b.account.number.iban())
        }),
    ]
}

fn render(row: &Row<'_>, short: bool) -> Value {
    json!({
        "standingOrderIdentification": {
            "instructionIdentification": row.instruction,
            "transactionIdentification": row.id,
        },
        "amount": {
            "instructedAmount": { "value": entry::number(row.amount), "currency": row.currency },
        },
        "standingOrder": { "alias": row.alias, "execution": execution(row, short) },
        "debtorAccount": {
            "id": row.account.id,
            "identification": { "iban": row.account.number.iban() },
            "currency": row.account.currency,
        },
    })
}

fn execution(row: &Row<'_>, short: bool) -> Value {
    json!({
        "mode": if row.ends { "UNTIL_DATE" } else { "UNTIL_CANCELLATION" },
        "modeDue": if short { "DUE_DAY" } else { "DUE_DAY_OF_MONTH" },
        "interval": row.interval,
        "intervalDue": row.due,
    })
}
