//! The life of a standing order that an app enters: bank-api facts 13.3 and 9.6.

use reqwest::Method;
use serde_json::{Value, json};

use crate::later::{DAY, Entered, Later, missing};
use crate::payments_table::set;

const VALUE: &str = "amount.instructedAmount.value";
const EXECUTION: &str = "standingOrder.execution";

#[tokio::test]
async fn the_answer_echoes_the_request() {
    let later = Later::on_monday("jana").await;
    let body = later.standing();
    let entered = later.enter("/my/standingorders", &body).await;
    let mut expected = body.clone();
    expected["standingOrderIdentification"]["transactionIdentification"] = json!(entered.id);
    expected["paymentTypeInformation"] =
        json!({ "instructionPriority": "NORM", "serviceLevel": { "code": "DMCT" } });
    expected["signInfo"] = json!({ "state": "OPEN", "signId": entered.sign });
    expected["instructionStatus"] = json!("ACTC");
    expected["statusChangeInfo"] = Value::Null;
    assert_eq!(entered.body, expected);
    // both scopes read it, the list of accounts does not know it yet
    assert_eq!(later.pay(Method::GET, &entered.path, None).await.json(), expected);
    assert_eq!(later.read(&entered.path).await.json(), expected);
    assert!(!is_listed(&later, &entered).await);
    let waiting =
        json!({ "instructionStatus": "ACTC", "statusChangeInfo": null, "realizedPayments": [] });
    assert_eq!(later.status(&entered.path).await, waiting);
}

pub(crate) async fn is_listed(later: &Later, entered: &Entered) -> bool {
    let orders = later.list("/my/standingorders", "standingOrders").await;
    let name =
        |order: &Value| order["standingOrderIdentification"]["transactionIdentification"].clone();
    orders.iter().any(|order| name(order) == entered.id)
}

#[tokio::test]
async fn it_pays_month_after_month_until_its_last_day() {
    let mut later = Later::on_monday("jana").await;
    let mut body = later.standing();
    set(&mut body, "standingOrder.execution.mode", json!("UNTIL_DATE"));
    set(&mut body, "standingOrder.validity.lastExecutionDate", json!("2026-06-30"));
    let entered = later.signed(&body).await;
    assert_eq!(later.status(&entered.path).await["instructionStatus"], "ACSP");
    assert!(is_listed(&later, &entered).await);
    // Thursday, then Friday the 20th
    later.wait(3 * DAY).await;
    assert_eq!(later.paid(&entered.path).await, [""; 0]);
    later.wait(DAY).await;
    assert_eq!(later.paid(&entered.path).await, ["2026-03-20"]);
    // the 20th of June is a Saturday
    later.wait(100 * DAY).await;
    let days = ["2026-03-20", "2026-04-20", "2026-05-20", "2026-06-22"];
    assert_eq!(later.paid(&entered.path).await, days);
    assert_eq!(later.status(&entered.path).await["instructionStatus"], "ACSC");
    assert!(!is_listed(&later, &entered).await);
    assert_eq!(later.pay(Method::GET, &entered.path, None).await.error(), missing());
    assert_eq!(later.pay(Method::DELETE, &entered.path, None).await.error(), missing());
    let again = later.pay(Method::PUT, &entered.path, Some(&later.standing())).await;
    assert_eq!(again.error(), missing());
}

#[tokio::test]
async fn money_moves_as_a_standing_order() {
    let mut later = Later::on_monday("jana").await;
    let petr = Later::owner_of(&later, "petr").await;
    let mut body = later.standing();
    set(&mut body, "creditorAccount.identification.iban", json!(petr.1));
    set(&mut body, "remittanceInformation.unstructured", json!("/VS/42"));
    let entered = later.signed(&body).await;
    later.wait(4 * DAY).await;
    let id = later.payer.accounts[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/my/accounts/{id}/transactions?fromDate=2026-03-20");
    let entries = later.list(&path, "transactions").await;
    let name = format!("{}-1", entered.id);
    let entry = entries.iter().find(|entry| entry["entryReference"] == name.as_str()).unwrap();
    assert_eq!(entry["bankTransactionCode"]["proprietary"]["code"], "10000105000");
    assert_eq!(entry["amount"], json!({ "value": 500.0, "currency": "CZK" }));
    assert_eq!(entry["bookingDate"]["date"], "2026-03-20");
    let references = &entry["entryDetails"]["transactionDetails"]["references"];
    let own = &body["standingOrderIdentification"]["instructionIdentification"];
    assert_eq!(
        (&references["paymentId"], &references["instructionIdentification"]),
        (&json!(name), own)
    );
    let realized = &later.status(&entered.path).await["realizedPayments"];
    assert_eq!(*realized, json!([{ "transactionIdentification": name, "date": "2026-03-20" }]));
    let tokens = later.payer.world.connect("petr", "aisp").await;
    let path = format!("/my/accounts/{}/transactions?fromDate=2026-03-20", petr.0);
    let theirs =
        later.send(tokens["access_token"].as_str().unwrap(), Method::GET, &path, None).await;
    let credit = format!("{name}-K");
    let mut theirs = theirs.json()["transactions"].as_array().unwrap().clone();
    theirs.retain(|entry| entry["entryReference"] == credit.as_str());
    assert_eq!(theirs[0]["bankTransactionCode"]["proprietary"]["code"], "10000107000");
}

impl Later {
    /// Name and number of somebody's first account.
    async fn owner_of(&self, user: &str) -> (String, String) {
        let tokens = self.payer.world.connect(user, "aisp").await;
        let token = tokens["access_token"].as_str().unwrap();
        let account =
            self.send(token, Method::GET, "/my/accounts", None).await.json()["accounts"][0].clone();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&account["id"]), text(&account["identification"]["iban"]))
    }
}

#[tokio::test]
async fn a_late_signature_moves_the_first_payment() {
    let mut later = Later::on_monday("jana").await;
    let mut all = Vec::new();
    for interval in ["DAILY", "MONTHLY"] {
        let mut body = later.standing();
        set(&mut body, "requestedExecutionDate", json!("2026-03-16"));
        set(&mut body, "standingOrder.execution.interval", json!(interval));
        all.push(later.enter("/my/standingorders", &body).await);
    }
    // the day ends at five
    later.wait(DAY / 3).await;
    for entered in &all {
        later.sign(&entered.path, &entered.sign).await;
    }
    later.payer.world.clock.advance(std::time::Duration::from_mins(1));
    for entered in &all {
        assert_eq!(later.paid(&entered.path).await, [""; 0]);
    }
    // of the two days of which one was missed, one is paid
    later.wait(DAY).await;
    for entered in &all {
        assert_eq!(later.paid(&entered.path).await, ["2026-03-17"]);
    }
}

#[tokio::test]
async fn every_interval_is_kept() {
    let mut later = Later::on_monday("tomas").await;
    let mut entered = Vec::new();
    for (interval, due, days) in [
        ("DAILY", json!(1), vec!["2026-03-20", "2026-03-23", "2026-03-24", "2026-03-25"]),
        ("WEEKLY", json!("2"), vec!["2026-03-20", "2026-03-24"]),
        ("MONTHLY", json!(25), vec!["2026-03-20", "2026-03-25"]),
        ("QUARTERLY", json!(1), vec!["2026-03-20"]),
    ] {
        let mut body = later.standing();
        set(&mut body, "standingOrder.execution.interval", json!(interval));
        set(&mut body, "standingOrder.execution.intervalDue", due);
        set(&mut body, "standingOrder.execution.modeDue", json!("DUE_DAY"));
        set(&mut body, VALUE, json!(1));
        entered.push((later.signed(&body).await, days));
    }
    later.wait(9 * DAY).await;
    for (entered, days) in &entered {
        assert_eq!(later.paid(&entered.path).await, *days, "{}", entered.body[EXECUTION]);
    }
    later.wait(31 * DAY).await;
    assert_eq!(later.paid(&entered[3].0.path).await, ["2026-03-20", "2026-04-20"]);
}

#[tokio::test]
async fn stoppages_and_breaks_are_left_out_in_every_spelling() {
    let mut later = Later::on_monday("tomas").await;
    let april = json!({ "validFromDate": "2026-04-01", "validToDate": "2026-04-30" });
    let mut entered = Vec::new();
    for exceptions in [
        json!({ "stopages": ["APRIL"] }),
        json!({ "stoppages": ["APRIL"] }),
        json!({ "breaks": april }),
        json!({ "breaks": [april] }),
    ] {
        let mut body = later.standing();
        set(&mut body, "standingOrder.exceptions", exceptions);
        entered.push(later.signed(&body).await);
    }
    later.wait(70 * DAY).await;
    for entered in entered {
        assert_eq!(later.paid(&entered.path).await, ["2026-03-20", "2026-05-20"]);
    }
}

#[tokio::test]
async fn without_money_one_payment_is_left_out() {
    let mut later = Later::on_monday("jana").await;
    let mut body = later.standing();
    set(&mut body, VALUE, json!(99_999_999));
    let entered = later.signed(&body).await;
    later.wait(5 * DAY).await;
    let expected =
        json!({ "instructionStatus": "ACSP", "statusChangeInfo": "AM04", "realizedPayments": [] });
    assert_eq!(later.status(&entered.path).await, expected);
    assert!(is_listed(&later, &entered).await);
}
