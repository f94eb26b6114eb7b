//! Payments that have not left yet: bank-api fact 13.4.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::later::{DAY, Entered, Later};
use crate::payments_table::{fresh, set};

const ALL: &str = "/my/payments/awaiting";

async fn signed(later: &Later, body: &Value) -> Entered {
    let entered = later.enter("/my/payments", body).await;
    later.sign(&entered.path, &entered.sign).await;
    entered
}

async fn told(later: &Later, path: &str) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let one = |payment: &Value| {
        (text(&payment["paymentIdentification"]["paymentId"]), text(&payment["awaitingStatus"]))
    };
    later.list(path, "payments").await.iter().map(one).collect()
}

fn on(later: &Later, day: &str) -> Value {
    let mut body = later.payer.domestic();
    set(&mut body, "requestedExecutionDate", json!(day));
    body
}

#[tokio::test]
async fn a_signed_payment_awaits_its_day() {
    let mut later = Later::on_monday("jana").await;
    let mut body = on(&later, "2026-03-19");
    set(&mut body, "remittanceInformation.unstructured", json!("Obed"));
    let unsigned = later.enter("/my/payments", &fresh(&body)).await;
    assert_eq!(unsigned.body["instructionStatus"], "ACTC");
    let entered = signed(&later, &body).await;
    let payments = later.list(ALL, "payments").await;
    let account = &later.payer.accounts[0];
    let iban = account["identification"]["iban"].clone();
    assert_eq!(
        payments,
        [json!({
            "paymentIdentification": {
                "paymentId": entered.id,
                "instructionIdentification":
                    body["paymentIdentification"]["instructionIdentification"],
                "endToEndIdentification": null,
                "transactionIdentification": entered.id,
            },
            "paymentTypeInformation": {
                "instructionPriority": "NORM",
                "serviceLevel": { "code": "DMCT" },
            },
            "amount": body["amount"],
            "requestedExecutionDate": "2026-03-19",
            "debtorAccount": {
                "id": account["id"],
                "identification": { "iban": iban },
                "currency": "CZK",
            },
            "creditorAgent": null,
            "creditorAccount": body["creditorAccount"],
            "remittanceInformation": { "unstructured": "Obed" },
            "awaitingStatus": "FUTURE",
        })]
    );
    later.wait(3 * DAY).await;
    assert_eq!(told(&later, ALL).await, []);
}

#[tokio::test]
async fn a_payment_on_its_way_is_neither_future_nor_overdue() {
    let later = Later::on_monday("jana").await;
    let entered = signed(&later, &later.payer.domestic()).await;
    assert_eq!(told(&later, ALL).await, [(entered.id, "OTHER".to_owned())]);
    later.payer.world.clock.advance(Duration::from_secs(10));
    assert_eq!(told(&later, ALL).await, []);
}

#[tokio::test]
async fn a_payment_without_money_is_overdue_while_the_bank_waits() {
    let mut later = Later::on_monday("jana").await;
    later.payer.world.bank.update_knobs(|knobs| knobs.overdue_for = (2 * DAY).into());
    // more than there is, less than there will be
    let mut much = later.payer.domestic();
    set(&mut much, "amount.instructedAmount.value", json!(99_999_999));
    let never = signed(&later, &much).await;
    later.payer.world.clock.advance(Duration::from_secs(10));
    assert_eq!(told(&later, ALL).await, [(never.id.clone(), "OVERDUE".to_owned())]);
    later.wait(DAY).await;
    assert_eq!(later.status(&never.path).await["instructionStatus"], "ACSP");
    later.wait(DAY).await;
    assert_eq!(told(&later, ALL).await, []);
    let status = later.status(&never.path).await;
    assert_eq!(status, json!({ "instructionStatus": "RJCT", "statusChangeInfo": "AM04" }));
}

#[tokio::test]
async fn the_money_may_come_in_time() {
    let later = Later::on_monday("jana").await;
    let world = &later.payer.world;
    world.bank.update_knobs(|knobs| knobs.overdue_for = (2 * DAY).into());
    let available = async || {
        let id = later.payer.accounts[0]["id"].as_str().unwrap();
        let balances = later.read(&format!("/my/accounts/{id}/balance")).await.json();
        let one = &balances["balances"][0];
        let sign = if one["creditDebitIndicator"] == "DBIT" { -1.0 } else { 1.0 };
        sign * one["amount"]["value"].as_f64().unwrap() + 30_000.0
    };
    let mut body = later.payer.domestic();
    let value = (available().await * 100.0).round() / 100.0 + 100.0;
    set(&mut body, "amount.instructedAmount.value", json!(value));
    let entered = signed(&later, &body).await;
    world.clock.advance(Duration::from_secs(10));
    assert_eq!(told(&later, ALL).await, [(entered.id.clone(), "OVERDUE".to_owned())]);
    // a hundred crowns from savings, and some more
    let mut help = later.payer.domestic();
    set(&mut help, "debtorAccount.identification.iban", json!(later.payer.iban(1)));
    set(&mut help, "creditorAccount.identification.iban", json!(later.payer.iban(0)));
    signed(&later, &help).await;
    world.clock.advance(Duration::from_secs(10));
    // with the first look the money comes, with the second one at the latest it leaves
    later.status(&entered.path).await;
    assert_eq!(later.status(&entered.path).await["instructionStatus"], "ACSC");
    assert_eq!(told(&later, ALL).await, []);
}

#[tokio::test]
async fn they_are_listed_by_account_in_pages_and_sorted() {
    let later = Later::on_monday("tomas").await;
    let mut entered = Vec::new();
    for (at, day, value) in [(0, "2026-03-20", 5), (1, "2026-03-18", 7), (0, "2026-03-19", 6)] {
        let mut body = on(&later, day);
        set(&mut body, "amount.instructedAmount.value", json!(value));
        set(&mut body, "debtorAccount.identification.iban", json!(later.payer.iban(at)));
        entered.push(signed(&later, &body).await.id);
    }
    let ids = async |path: &str| -> Vec<String> {
        told(&later, path).await.into_iter().map(|(id, _)| id).collect()
    };
    let of = |order: [usize; 3]| order.map(|at| entered[at].clone());
    assert_eq!(ids(ALL).await, of([1, 2, 0]));
    assert_eq!(ids(&format!("{ALL}?sort=amount&order=desc")).await, of([1, 2, 0]));
    assert_eq!(ids(&format!("{ALL}?sort=requestedExecutionDate&order=desc")).await, of([0, 2, 1]));
    assert_eq!(ids(&format!("{ALL}?size=2&page=1")).await, of([1, 2, 0])[2..]);
    let page = later.read(&format!("{ALL}?size=2")).await.json();
    assert_eq!((&page["nextPage"], &page["totalCount"]), (&json!(1), &json!(3)));
    let account = later.payer.accounts[0]["id"].as_str().unwrap();
    let of_one = format!("/my/accounts/{account}/payments/awaiting");
    assert_eq!(ids(&of_one).await, of([2, 0, 1])[..2]);
    for (path, error) in [
        (format!("{ALL}?size=0"), (400, "PARAMETER_INVALID", "size")),
        (format!("{ALL}?sort=colour"), (400, "PARAMETER_INVALID", "sort")),
        (format!("{ALL}?fromDate=2026-03-16"), (400, "PARAMETER_INVALID", "fromDate")),
        (format!("{ALL}?page=9"), (400, "PAGE_NOT_FOUND", "page")),
        ("/my/accounts/acc-0/payments/awaiting".to_owned(), (404, "ID_NOT_FOUND", "id")),
    ] {
        let (status, code, scope) = error;
        let refused = later.read(&path).await.error();
        assert_eq!(refused, (status, code.to_owned(), scope.to_owned()), "{path}");
    }
    let paying = later.pay(Method::GET, ALL, None).await;
    assert_eq!(paying.error().1, "FORBIDDEN");
}

#[tokio::test]
async fn standing_orders_are_not_among_them() {
    let later = Later::on_monday("jana").await;
    later.signed(&later.standing()).await;
    assert_eq!(told(&later, ALL).await, []);
}
