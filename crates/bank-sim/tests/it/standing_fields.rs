//! Every element of a standing order (bank-api fact 13.3) within ČNB's limits (fact 1.5): what must,
//! may and must not come, and what is refused.

use reqwest::Method;
use serde_json::{Value, json};

use crate::later::{Later, missing};
use crate::payer::reference;
use crate::payments_table::Form::{
    self, Choice, Code, Currency, Date, Iban, Number, Symbols, Text,
};
use crate::payments_table::{bad, errors, good, remove, set};

const REFERENCE: &str = "standingOrderIdentification.instructionIdentification";
const CURRENCY: &str = "amount.instructedAmount.currency";
const INVALID: &str = "FIELD_INVALID";
const EXECUTION: &str = "standingOrder.execution";
const LAST: &str = "standingOrder.validity.lastExecutionDate";

async fn refused(later: &Later, body: &Value) -> Vec<(String, String)> {
    let answer = later.pay(Method::POST, "/my/standingorders", Some(body)).await;
    assert_eq!(answer.status, 400, "{body} {answer:?}");
    errors(&answer)
}

async fn accepted(later: &Later, body: &Value) {
    let answer = later.pay(Method::POST, "/my/standingorders", Some(body)).await;
    assert_eq!(answer.status, 200, "{body} {answer:?}");
}

fn one(code: &str, scope: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), scope.to_owned())]
}

fn fresh(later: &Later) -> Value {
    later.standing()
}

fn with(later: &Later, path: &str, value: Value) -> Value {
    let mut body = fresh(later);
    set(&mut body, path, value);
    body
}

#[tokio::test]
async fn every_mandatory_element_is_missed() {
    let later = Later::start("jana").await;
    for (path, named) in [
        (REFERENCE, REFERENCE),
        ("standingOrderIdentification", REFERENCE),
        ("amount.instructedAmount.value", "amount.instructedAmount.value"),
        ("amount.instructedAmount.currency", "amount.instructedAmount.currency"),
        ("requestedExecutionDate", "requestedExecutionDate"),
        ("standingOrder.execution.mode", "standingOrder.execution.mode"),
        ("standingOrder.execution.modeDue", "standingOrder.execution.modeDue"),
        ("standingOrder.execution.interval", "standingOrder.execution.interval"),
        ("standingOrder.execution.intervalDue", "standingOrder.execution.intervalDue"),
        ("debtorAccount", "debtorAccount.identification.iban"),
        ("creditorAccount", "creditorAccount.identification.iban"),
    ] {
        let mut body = fresh(&later);
        remove(&mut body, path);
        assert_eq!(refused(&later, &body).await, one("FIELD_MISSING", named), "{path}");
        let blank = with(&later, path, Value::Null);
        assert_eq!(refused(&later, &blank).await, one("FIELD_MISSING", named), "{path}");
    }
    let mut body = fresh(&later);
    remove(&mut body, "standingOrder");
    let parts = ["mode", "modeDue", "interval", "intervalDue"];
    let parts = parts.map(|part| ("FIELD_MISSING".to_owned(), format!("{EXECUTION}.{part}")));
    assert_eq!(refused(&later, &body).await, parts);
}

#[tokio::test]
async fn every_element_is_taken_in_its_form_only() {
    let later = Later::start("jana").await;
    let table: &[(&str, Form)] = &[
        (REFERENCE, Code(35)),
        ("paymentTypeInformation.instructionPriority", Choice("HIGH", INVALID)),
        ("paymentTypeInformation.serviceLevel.code", Choice("DMCT", INVALID)),
        ("paymentTypeInformation.categoryPurpose.code", Code(35)),
        ("amount.instructedAmount.value", Number),
        ("amount.instructedAmount.currency", Currency),
        ("requestedExecutionDate", Date),
        ("standingOrder.alias", Text(250)),
        ("standingOrder.execution.mode", Choice("UNTIL_CANCELLATION", INVALID)),
        ("standingOrder.execution.modeDue", Choice("DUE_DAY", INVALID)),
        ("standingOrder.execution.interval", Choice("MONTHLY", INVALID)),
        ("debtor.name", Text(70)),
        ("debtorAccount.identification.iban", Iban),
        ("purpose.code", Code(35)),
        ("instructionForNextAgent", Text(140)),
        ("remittanceInformation.unstructured", Text(140)),
        ("remittanceInformation.structured.creditorReferenceInformation.reference", Symbols),
    ];
    for (path, form) in table {
        for (value, code) in bad(*form) {
            let body = with(&later, path, value.clone());
            let found = refused(&later, &body).await;
            // without a currency it is another kind of payment, which misses more
            let meant = found.iter().take(if *path == CURRENCY { 1 } else { found.len() });
            assert!(meant.eq(&one(code, path)), "{path} {value} {found:?}");
        }
        let value = match *path {
            REFERENCE => json!(reference()),
            "debtorAccount.identification.iban" => json!(later.payer.iban(0)),
            _ => good(&later.payer, *form),
        };
        accepted(&later, &with(&later, path, value)).await;
    }
}

#[tokio::test]
async fn the_banks_limits_are_kept() {
    let later = Later::start("jana").await;
    let path = |field: &str| format!("{EXECUTION}.{field}");
    for (field, value) in [
        ("interval", json!("BI_MONTHLY")),
        ("interval", json!("IRREGULAR")),
        ("mode", json!("AFTER_MAX_ITERATION_EXCEEDED")),
        ("mode", json!("MAX_AMOUNT_EXCEEDED")),
        ("modeDue", json!("DUE_OR_BEFORE_DAY_OF_MONTH")),
        ("modeDue", json!("DUE_OR_NEXT_DAY_OF_MONTH")),
        ("modeDue", json!("DUE_LAST_DAY_OF_MONTH")),
        ("intervalDue", json!("first")),
        ("intervalDue", json!(1.5)),
        ("intervalDue", json!(-1)),
        ("intervalDue", json!([1])),
        ("intervalDue", json!("+1")),
    ] {
        let body = with(&later, &path(field), value.clone());
        assert_eq!(refused(&later, &body).await, one(INVALID, &path(field)), "{value}");
    }
    let due = path("intervalDue");
    for (interval, most) in [
        ("DAILY", 28),
        ("WEEKLY", 5),
        ("MONTHLY", 28),
        ("QUARTERLY", 3),
        ("HALFYEARLY", 6),
        ("YEARLY", 12),
    ] {
        for good in [json!(1), json!(most), json!(most.to_string())] {
            let mut body = with(&later, &path("interval"), json!(interval));
            set(&mut body, &due, good);
            accepted(&later, &body).await;
        }
        for wrong in [0, most + 1] {
            let mut body = with(&later, &path("interval"), json!(interval));
            set(&mut body, &due, json!(wrong));
            assert_eq!(refused(&later, &body).await, one(INVALID, &due), "{interval} {wrong}");
        }
    }
}

#[tokio::test]
async fn validity_goes_with_the_mode() {
    let later = Later::start("jana").await;
    let until = |last: Value| {
        let mut body = with(&later, "standingOrder.execution.mode", json!("UNTIL_DATE"));
        set(&mut body, LAST, last);
        body
    };
    assert_eq!(refused(&later, &until(Value::Null)).await, one("FIELD_MISSING", LAST));
    assert_eq!(refused(&later, &until(json!("soon"))).await, one(INVALID, LAST));
    assert_eq!(refused(&later, &until(json!("2026-06-31"))).await, one("DT01", LAST));
    assert_eq!(refused(&later, &until(json!("2026-03-19"))).await, one("DT01", LAST));
    accepted(&later, &until(json!("2026-03-20"))).await;
    let body = with(&later, LAST, json!("2026-12-31"));
    assert_eq!(refused(&later, &body).await, one(INVALID, LAST));
    for (field, value) in [
        ("standingOrder.validity.maxIterations", json!(3)),
        ("standingOrder.validity.maxAmount", json!({ "value": 1, "currency": "CZK" })),
        ("standingOrder.colour", json!("red")),
        ("ultimateDebtor", json!({ "name": "Eva" })),
        ("chargeBearer", json!("SHAR")),
        ("creditor.name", json!("Eva")),
    ] {
        let body = with(&later, field, value);
        let scope = field.strip_suffix(".name").unwrap_or(field);
        assert_eq!(refused(&later, &body).await, one(INVALID, scope), "{field}");
    }
    later.payer.world.bank.update_knobs(|knobs| knobs.strict_elements = false.into());
    accepted(&later, &with(&later, "standingOrder.validity.maxIterations", json!(3))).await;
}

#[tokio::test]
async fn exceptions_are_months_and_days() {
    let later = Later::start("jana").await;
    let all = [
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
    for spelling in ["standingOrder.exceptions.stopages", "standingOrder.exceptions.stoppages"] {
        for wrong in [json!(["MONDAY"]), json!("JULY"), json!([7])] {
            let body = with(&later, spelling, wrong.clone());
            assert_eq!(refused(&later, &body).await, one(INVALID, spelling), "{wrong}");
        }
        accepted(&later, &with(&later, spelling, json!(all[..11]))).await;
        let never = with(&later, spelling, json!(all));
        let first = "standingOrder.exceptions.stopages";
        assert_eq!(refused(&later, &never).await, one(INVALID, first));
    }
    let breaks = "standingOrder.exceptions.breaks";
    for wrong in [
        json!({ "validToDate": "2026-07-31" }),
        json!({ "validFromDate": "2026-07-31", "validToDate": "2026-07-01" }),
        json!([{ "validFromDate": "2026-07-32", "validToDate": "2026-08-01" }]),
        json!("2026-07-31"),
    ] {
        let body = with(&later, breaks, wrong.clone());
        assert_eq!(refused(&later, &body).await, one(INVALID, breaks), "{wrong}");
    }
    accepted(&later, &with(&later, breaks, json!({ "validFromDate": "2026-07-01" }))).await;
}

#[tokio::test]
async fn business_errors_are_those_of_payments() {
    let later = Later::start("jana").await;
    let (debtor, creditor) =
        ("debtorAccount.identification.iban", "creditorAccount.identification.iban");
    let own = later.payer.iban(0).to_owned();
    let savings = later.payer.iban(1).to_owned();
    let level = "paymentTypeInformation.serviceLevel.code";
    for (path, value, code) in [
        (debtor, json!("CZ6907101781240000004159"), "AC02"),
        (debtor, json!(savings), "AC12"),
        (creditor, json!("CZ6907101781240000004159"), "AC03"),
        (creditor, json!("CZ7508000000002108589435"), INVALID),
        (creditor, json!(own), "REC_SEND"),
        ("debtorAccount.currency", json!("EUR"), "AC10"),
        ("amount.instructedAmount.value", json!(0), "AM12"),
        ("amount.instructedAmount.value", json!(1.005), "AM12"),
        ("requestedExecutionDate", json!("2026-02-30"), "DT01"),
        ("requestedExecutionDate", json!("2026-03-13"), "DT01"),
        ("requestedExecutionDate", json!("2027-03-15"), "DT01"),
        ("paymentTypeInformation.instructionPriority", json!("INST"), "NO_PART"),
        (level, json!("ESCT"), INVALID),
    ] {
        let body = with(&later, path, value.clone());
        let found = refused(&later, &body).await;
        assert!(found.contains(&(code.to_owned(), path.to_owned())), "{path} {value} {found:?}");
    }
    let mut body = with(&later, CURRENCY, json!("HUF"));
    set(&mut body, creditor, json!(savings));
    assert_eq!(refused(&later, &body).await, one("AM11", CURRENCY));
    // a Sunday is moved, not refused
    accepted(&later, &with(&later, "requestedExecutionDate", json!("2026-03-22"))).await;
    let body = fresh(&later);
    accepted(&later, &body).await;
    assert_eq!(refused(&later, &body).await, one("AM05", REFERENCE));
    let broken = later.pay(Method::POST, "/my/standingorders", Some(&json!([1]))).await;
    assert_eq!(broken.error().1, "FF01");
    let narrative = Some("closed".to_owned());
    later.payer.world.bank.update_knobs(|knobs| knobs.narrative = narrative.into());
    assert_eq!(refused(&later, &fresh(&later)).await, one("NARR", ""));
}

#[tokio::test]
async fn a_change_keeps_its_reference_and_is_examined_as_well() {
    let later = Later::start("jana").await;
    let body = fresh(&later);
    let entered = later.enter("/my/standingorders", &body).await;
    let other = fresh(&later);
    accepted(&later, &other).await;
    let put = async |body: &Value| later.pay(Method::PUT, &entered.path, Some(body)).await;
    assert_eq!(put(&body).await.status, 200);
    assert_eq!(errors(&put(&other).await), one("AM05", REFERENCE));
    let path = "standingOrder.execution.interval";
    let wrong = with(&later, path, json!("IRREGULAR"));
    assert_eq!(errors(&put(&wrong).await), one(INVALID, path));
    let nobody = later.pay(Method::PUT, "/my/standingorders/PAY0", Some(&body)).await;
    assert_eq!(nobody.error(), missing());
}
