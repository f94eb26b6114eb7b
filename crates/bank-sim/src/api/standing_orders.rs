//! `GET /my/standingorders` (bank-api fact 9.7), within ČNB's limits (fact 1.5).

use http::StatusCode;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::query::{By, Paging, day, known, sort};
use super::{Refusal, entry};
use crate::bank::Bank;
use crate::call::Call;
use crate::data::Account;
use crate::data::standing::{self, Interval, Standing};
use crate::form::Fields;
use crate::knobs::Occasion;
use crate::oauth::Authorized;

/// A period with one end only reaches so many days.
const USUAL_PERIOD: i64 = 365;

type Row<'a> = (Standing, &'a Account);

/// The standing orders of the accounts that the token opens; with a period those that are paid in it.
///
/// Errors: 400 `PARAMETER_INVALID`, `PAGE_NOT_FOUND`.
pub(super) fn list(
    bank: &Bank,
    call: &Call,
    authorized: &Authorized,
    query: &Fields,
) -> Result<Value, Refusal> {
    known(query, &["fromDate", "toDate", "currency", "size", "page", "sort", "order"])?;
    let paging = Paging::read(query)?;
    let currency = currency(query)?;
    let period = period(query, bank.clock.today())?;
    let customer = bank.ledger.customer(&authorized.user).ok_or_else(Refusal::not_found)?;
    let rows = standing::of(customer).into_iter().filter_map(|order| {
        let account = customer.accounts.get(order.account)?;
        let wanted = authorized.accounts.contains(&account.id)
            && currency.is_none_or(|currency| currency == account.currency)
            && period.is_none_or(|(from, to)| order.falls(from, to));
        wanted.then_some((order, account))
    });
    let mut rows: Vec<Row<'_>> = rows.collect();
    sort(&mut rows, query, &fields())?;
    let occasion = Occasion::of(call).about(Some(&authorized.user));
    let short = bank.meet(occasion, |knobs| &mut knobs.short_due_mode);
    paging.envelope("standingOrders", &rows, StatusCode::BAD_REQUEST, |row| render(row, short))
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
        ("standingOrderIdentification.transactionIdentification", |a, b| a.0.id.cmp(&b.0.id)),
        ("amount", |a, b| a.0.amount.cmp(&b.0.amount)),
        ("amount.instructedAmount.value", |a, b| a.0.amount.cmp(&b.0.amount)),
        ("standingOrder.alias", |a, b| a.0.alias.cmp(b.0.alias)),
        ("debtorAccount.id", |a, b| a.1.id.cmp(&b.1.id)),
        ("debtorAccount.identification.iban", |a, b| a.1.number.iban().cmp(&b.1.number.iban())),
    ]
}

fn render((order, account): &Row<'_>, short: bool) -> Value {
    let (interval, due) = match order.interval {
        Interval::Monthly(day) => ("MONTHLY", day),
        Interval::Yearly(month) => ("YEARLY", month),
    };
    json!({
        "standingOrderIdentification": {
            "instructionIdentification": format!("SO-{}", &order.id[2..]),
            "transactionIdentification": order.id,
        },
        "amount": {
            "instructedAmount": {
                "value": entry::number(order.amount),
                "currency": account.currency,
            },
        },
        "standingOrder": {
            "alias": order.alias,
            "execution": {
                "mode": if order.ends { "UNTIL_DATE" } else { "UNTIL_CANCELLATION" },
                "modeDue": if short { "DUE_DAY" } else { "DUE_DAY_OF_MONTH" },
                "interval": interval,
                "intervalDue": due,
            },
        },
        "debtorAccount": {
            "id": account.id,
            "identification": { "iban": account.number.iban() },
            "currency": account.currency,
        },
    })
}
