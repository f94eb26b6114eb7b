//! `GET /my/accounts/{id}/transactions` (bank-api fact 9.4). Without a period: the last 90 days,
//! newest first.

use std::borrow::Cow;

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
    ("bookingDate", |a, b| a.booked.cmp(&b.booked)),
    ("bookingDate.date", |a, b| a.booked.cmp(&b.booked)),
    ("valueDate", |a, b| a.day().cmp(&b.day())),
    ("valueDate.date", |a, b| a.day().cmp(&b.day())),
    ("amount", |a, b| a.amount().abs().cmp(&b.amount().abs())),
    ("amount.value", |a, b| a.amount().abs().cmp(&b.amount().abs())),
    ("creditDebitIndicator", |a, b| (a.amount() < 0).cmp(&(b.amount() < 0))),
    ("entryReference", |a, b| a.entry().reference.cmp(&b.entry().reference)),
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
    let stretch =
        rows.partition_point(|row| row.booked > to)..rows.partition_point(|row| row.booked >= from);
    let rows = &rows[stretch];
    // the usual question asks for the order they are in; a page of a long list then costs a page
    let rows = if as_they_are(query) { Cow::Borrowed(rows) } else { sorted(rows, query, &FIELDS)? };
    paging.envelope("transactions", &rows, StatusCode::NOT_FOUND, |row| {
        entry::render(version, &row.entry(), account, today)
    })
}

/// Whether the query asks for the newest booking first.
fn as_they_are(query: &Fields) -> bool {
    let asked = (query.single("sort"), query.single("order"));
    matches!(asked, (Some("bookingDate" | "bookingDate.date"), Some("desc" | "DESC")))
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
