//! What a standing order may say (bank-api fact 13.3), within ČNB's limits (fact 1.5). Payments it
//! makes are described as single ones are.

use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::PaymentKind;
use crate::api::Refusal;
use crate::api::payments::{
    AGENT, AMOUNT, CREDITOR, CREDITOR_ACCOUNT, DEBTOR_ACCOUNT, Form, PARTY, REMITTANCE, Row, Rules,
    check, find, row, text,
};
use crate::orders::{Interval, Schedule};

/// The third party's own reference.
pub(super) const REFERENCE: &str = "standingOrderIdentification.instructionIdentification";
const LAST: &str = "standingOrder.validity.lastExecutionDate";
const DUE: &str = "standingOrder.execution.intervalDue";
const LEVEL: &str = "paymentTypeInformation.serviceLevel.code";
/// The two spellings of the standard.
const STOPPAGES: [&str; 2] =
    ["standingOrder.exceptions.stopages", "standingOrder.exceptions.stoppages"];
const BREAKS: &str = "standingOrder.exceptions.breaks";

const MONTHS: [&str; 12] = [
    "JANUARY",
    "FEBRUARY",
    "MARCH",
    "APRIL",
    "MAY",
    "JUNE",
    "JULY",
    "AUGUST",
    "SEPTEMBER",
    "OCTOBER",
    "NOVEMBER",
    "DECEMBER",
];

use Form::{Any, Code, Date as Day, Object, One, Own, Text};

const INVALID: &str = "FIELD_INVALID";

/// The body of `POST /my/standingorders` and of a change.
const STANDING_ORDER: &[Row] = &[
    row(
        "standingOrderIdentification",
        "1111",
        Object(&[
            row("instructionIdentification", "1111", Code(35)),
            row("transactionIdentification", "----", Any),
        ]),
    ),
    row(
        "paymentTypeInformation",
        "0000",
        Object(&[
            row("instructionPriority", "0000", One(&["NORM", "HIGH", "INST"], INVALID)),
            row(
                "serviceLevel",
                "0000",
                Object(&[row("code", "0000", One(&["DMCT", "ESCT", "EXCT", "NXCT"], INVALID))]),
            ),
            row("categoryPurpose", "0000", Object(EITHER)),
        ]),
    ),
    AMOUNT,
    row("requestedExecutionDate", "1111", Day),
    row(
        "standingOrder",
        "1111",
        Object(&[
            row("alias", "0000", Text(250)),
            row("execution", "1111", Object(EXECUTION)),
            row(
                "validity",
                "0000",
                Object(&[
                    row("lastExecutionDate", "0000", Day),
                    // of modes that ČNB does not have
                    row("maxIterations", "----", Any),
                    row("maxAmount", "----", Any),
                ]),
            ),
            row(
                "exceptions",
                "0000",
                Object(&[
                    row("stopages", "0000", Own(are_months)),
                    row("stoppages", "0000", Own(are_months)),
                    row("breaks", "0000", Own(are_breaks)),
                ]),
            ),
        ]),
    ),
    row("chargeBearer", "--00", One(&["DEBT", "CRED", "SHAR", "SLEV"], "BE19")),
    row("debtor", "0000", Object(PARTY)),
    DEBTOR_ACCOUNT,
    AGENT,
    CREDITOR,
    CREDITOR_ACCOUNT,
    row("purpose", "0000", Object(EITHER)),
    row("instructionForNextAgent", "0000", Text(140)),
    REMITTANCE,
];

const EXECUTION: &[Row] = &[
    row("mode", "1111", One(&["UNTIL_DATE", "UNTIL_CANCELLATION"], INVALID)),
    row("modeDue", "1111", One(&["DUE_DAY_OF_MONTH", "DUE_DAY"], INVALID)),
    row(
        "interval",
        "1111",
        One(&["DAILY", "WEEKLY", "MONTHLY", "QUARTERLY", "HALFYEARLY", "YEARLY"], INVALID),
    ),
    row("intervalDue", "1111", Own(is_due)),
];

const EITHER: &[Row] = &[row("code", "0000", Code(35)), row("proprietary", "0000", Code(35))];

/// Checks the form of a standing order, and what its fields say of each other.
///
/// Errors: those of [`check`], all together.
pub(super) fn examine(
    members: &mut Map<String, Value>,
    kind: PaymentKind,
    rules: &Rules,
) -> Result<(), Refusal> {
    let form = check(members, STANDING_ORDER, kind, rules).err();
    let body = Value::Object(members.clone());
    let mut found = Vec::new();
    match (text(&body, "standingOrder.execution.mode"), find(&body, LAST)) {
        (Some("UNTIL_DATE"), None) => found.push(Refusal::code("FIELD_MISSING", LAST)),
        (Some("UNTIL_CANCELLATION"), Some(_)) => found.push(Refusal::code(INVALID, LAST)),
        _ => {}
    }
    let interval = text(&body, "standingOrder.execution.interval").and_then(Interval::named);
    // beyond 28 the form has said it already
    if let (Some(interval), Some(due)) = (interval, find(&body, DUE).and_then(due))
        && due > interval.most()
    {
        found.push(Refusal::code(INVALID, DUE));
    }
    if text(&body, LEVEL).is_some_and(|level| level.len() == 4 && level != kind.code()) {
        found.push(Refusal::code(INVALID, LEVEL));
    }
    if months(&body).len() == MONTHS.len() {
        found.push(Refusal::code(INVALID, STOPPAGES[0]));
    }
    Refusal::all(form.into_iter().chain(found)).map_or(Ok(()), Err)
}

/// The schedule of a well-formed body that begins on `first`.
///
/// Errors: `DT01` for a last day that does not exist, or before the first one.
pub(super) fn schedule(body: &Value, first: Date) -> Result<Schedule, Refusal> {
    let last = text(body, LAST).map(str::parse::<Date>).transpose();
    let last = last.ok().filter(|last| last.is_none_or(|last| last >= first));
    let last = last.ok_or_else(|| Refusal::code("DT01", LAST))?;
    let interval = text(body, "standingOrder.execution.interval").and_then(Interval::named);
    Ok(Schedule {
        first,
        interval: interval.unwrap_or(Interval::Monthly),
        due: find(body, DUE).and_then(due).unwrap_or(1),
        last,
        stoppages: months(body),
        breaks: find(body, BREAKS).and_then(breaks).unwrap_or_default(),
    })
}

/// A number, or the same as text.
fn due(value: &Value) -> Option<i8> {
    let number = match value {
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        value => value.as_u64().and_then(|number| i8::try_from(number).ok()),
    };
    number.filter(|number| (1..=28).contains(number))
}

fn is_due(value: &Value) -> bool {
    due(value).is_some()
}

/// The months of both spellings, 1 to 12, each once.
fn months(body: &Value) -> Vec<i8> {
    let lists = STOPPAGES.iter().filter_map(|path| find(body, path)?.as_array());
    let mut months: Vec<_> = lists.flatten().filter_map(month).collect();
    months.sort_unstable();
    months.dedup();
    months
}

fn month(name: &Value) -> Option<i8> {
    let at = MONTHS.iter().position(|month| name == month)?;
    i8::try_from(at + 1).ok()
}

fn are_months(value: &Value) -> bool {
    value.as_array().is_some_and(|names| names.iter().all(|name| month(name).is_some()))
}

/// One break, or a list of them; one without an end lasts.
fn breaks(value: &Value) -> Option<Vec<(Date, Date)>> {
    let one = |value: &Value| {
        let day = |name: &str| value.get(name)?.as_str()?.parse::<Date>().ok();
        let from = day("validFromDate")?;
        let open = value.get("validToDate").is_none_or(Value::is_null);
        let to = if open { Date::MAX } else { day("validToDate")? };
        (from <= to).then_some((from, to))
    };
    match value {
        Value::Array(items) => items.iter().map(one).collect(),
        value => Some(vec![one(value)?]),
    }
}

fn are_breaks(value: &Value) -> bool {
    breaks(value).is_some()
}
