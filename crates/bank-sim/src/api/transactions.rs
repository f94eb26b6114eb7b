//! `GET /my/accounts/{id}/transactions` (bank-api fact 9.4). Without a period: the last 90 days,
//! newest first.

use http::StatusCode;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::accounts::shared;
use super::query::{By, Paging, currency, day, known, sorted};
use super::resource::Version;
use super::{Refusal, entry};
use crate::bank::Bank;
use crate::data::{HISTORY, Row};
use crate::form::Fields;
use crate::oauth::Authorized;
use crate::orders;

const USUAL_PERIOD: i64 = 90;

const FIELDS: [(&str, By<Row>); 8] = [
    ("bookingDate", |a, b| a.0.cmp(&b.0)),
    ("bookingDate.date", |a, b| a.0.cmp(&b.0)),
    ("valueDate", |a, b| a.1.day.cmp(&b.1.day)),
    ("valueDate.date", |a, b| a.1.day.cmp(&b.1.day)),
    ("amount", |a, b| a.1.amount.abs().cmp(&b.1.amount.abs())),
    ("amount.value", |a, b| a.1.amount.abs().cmp(&b.1.amount.abs())),
    ("creditDebitIndicator", |a, b| (a.1.amount < 0).cmp(&(b.1.amount < 0))),
    ("entryReference", |a, b| a.1.reference.cmp(&b.1.reference)),
];

/// The movements of one account.
pub(super) fn list(
    bank: &Bank,
    version: Version,
    authorized: &Authorized,
    (id, query): (&str, &Fields),
) -> Result<Value, Refusal> {
    known(query, &["fromDate", "toDate", "currency", "size", "page", "sort", "order"])?;
    let paging = Paging::read(query)?;
    let account = shared(bank, authorized, id)?;
    currency(query, account.currency)?;
    let today = bank.clock.today();
    let (from, to) = period(query, today)?;
    let statement = orders::statement(bank, &authorized.user, id);
    let rows = statement.ok_or_else(Refusal::id_not_found)?.rows;
    // newest first, so the period is one stretch
    let stretch = rows.partition_point(|row| row.0 > to)..rows.partition_point(|row| row.0 >= from);
    let rows = sorted(&rows[stretch], query, &FIELDS)?;
    paging.envelope("transactions", &rows, StatusCode::NOT_FOUND, |(_, one)| {
        entry::render(version, one, account, today)
    })
}

/// The period asked for, `toDate` included.
///
/// Errors: `DT01` for days the bank does not have, `PARAMETER_INVALID` for a turned period.
fn period(query: &Fields, today: Date) -> Result<(Date, Date), Refusal> {
    let oldest = today.saturating_sub(HISTORY.days());
    let wrong =
        |name: &str, why: &str| Err(Refusal::with_parameters("DT01", name, json!({ "DATE": why })));
    let (from, to) = (day(query, "fromDate")?, day(query, "toDate")?);
    for (name, date) in [("fromDate", from), ("toDate", to)] {
        match date {
            Some(date) if date > today => return wrong(name, "DATE_IN_FUTURE"),
            // the misspelling is the standard's
            Some(date) if date < oldest => return wrong(name, "DATE_TO_OLD"),
            _ => {}
        }
    }
    let to = to.unwrap_or(today);
    let from = from.unwrap_or_else(|| to.saturating_sub(USUAL_PERIOD.days()).max(oldest));
    if from > to { Err(Refusal::parameter("fromDate")) } else { Ok((from, to)) }
}
