//! The life of a standing order that an app enters: bank-api facts 13.3 and 9.6.

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::later::{DAY, Entered, Later, missing};
use crate::payments_table::set;
use crate::world::{Answer, CALLBACK};

const DATE: &str = "requestedExecutionDate";
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

async fn is_listed(later: &Later, entered: &Entered) -> bool {
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

#[tokio::test]
async fn an_unsigned_one_is_changed_and_deleted_at_once() {
    let mut later = Later::on_monday("jana").await;
    let entered = later.enter("/my/standingorders", &later.standing()).await;
    let mut body = entered_again(&entered);
    set(&mut body, VALUE, json!(600));
    let changed = later.pay(Method::PUT, &entered.path, Some(&body)).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    let sign = changed.json()["signInfo"]["signId"].as_str().unwrap().to_owned();
    assert_ne!(sign, entered.sign);
    let detail = later.pay(Method::GET, &entered.path, None).await.json();
    assert_eq!(detail, changed.json());
    // what was to be signed before is nothing any more
    let old = format!("{}/sign/{}", entered.path, entered.sign);
    let refused = later.pay(Method::GET, &old, None).await;
    assert_eq!(refused.error(), (404, "ID_NOT_FOUND".to_owned(), "signId".to_owned()));
    let deleted = later.pay(Method::DELETE, &entered.path, None).await;
    assert_eq!(
        deleted.json(),
        json!({
            "standingOrderIdentification": entered.body["standingOrderIdentification"],
            "signInfo": { "state": "CANCELLED", "signId": sign },
            "instructionStatus": "RJCT",
        })
    );
    assert_eq!(later.pay(Method::GET, &entered.path, None).await.error(), missing());
    later.wait(10 * DAY).await;
    let gone = later.pay(Method::GET, &format!("{}/status", entered.path), None).await;
    assert_eq!(gone.error(), missing());
}

/// The request of an order once more.
fn entered_again(entered: &Entered) -> Value {
    let mut body = entered.body.clone();
    for name in ["signInfo", "instructionStatus", "statusChangeInfo"] {
        body.as_object_mut().unwrap().remove(name);
    }
    let names = body["standingOrderIdentification"].as_object_mut().unwrap();
    names.remove("transactionIdentification");
    body
}

#[tokio::test]
async fn a_change_of_one_in_force_waits_for_its_signature() {
    let mut later = Later::on_monday("jana").await;
    let entered = later.signed(&later.standing()).await;
    later.wait(5 * DAY).await;
    let mut body = entered_again(&entered);
    set(&mut body, VALUE, json!(600));
    set(&mut body, DATE, json!("2026-04-01"));
    set(&mut body, "standingOrder.execution.intervalDue", json!(1));
    let put = async |later: &Later| {
        let changed = later.pay(Method::PUT, &entered.path, Some(&body)).await.json();
        assert_eq!(changed["instructionStatus"], "ACTC");
        changed["signInfo"]["signId"].as_str().unwrap().to_owned()
    };
    // given up: everything stays
    let sign = put(&later).await;
    let detail = later.pay(Method::GET, &entered.path, None).await.json();
    assert_eq!(detail["amount"], entered.body["amount"]);
    assert_eq!(detail["signInfo"], json!({ "state": "OPEN", "signId": sign }));
    assert_eq!(later.status(&entered.path).await["instructionStatus"], "ACSP");
    later.wait(2 * DAY).await;
    let path = format!("{}/sign/{sign}", entered.path);
    assert_eq!(later.pay(Method::GET, &path, None).await.json()["signInfo"]["state"], "CLOSED");
    assert_eq!(later.status(&entered.path).await["instructionStatus"], "ACSP");
    // signed: the new terms count, and what was paid stays paid
    let sign = put(&later).await;
    later.sign(&entered.path, &sign).await;
    later.wait(60 * DAY).await;
    let days = ["2026-03-20", "2026-04-01", "2026-05-04"];
    assert_eq!(later.paid(&entered.path).await, days);
    let detail = later.read(&entered.path).await.json();
    assert_eq!(detail["amount"]["instructedAmount"]["value"], 600);
}

#[tokio::test]
async fn the_end_of_one_in_force_is_signed() {
    let mut later = Later::on_monday("jana").await;
    let entered = later.signed(&later.standing()).await;
    let deleted = later.pay(Method::DELETE, &entered.path, None).await.json();
    assert_eq!(deleted["instructionStatus"], "ACTC");
    assert_eq!(deleted["signInfo"]["state"], "OPEN");
    // it pays as long as nobody has signed
    later.wait(5 * DAY).await;
    assert_eq!(later.paid(&entered.path).await, ["2026-03-20"]);
    let deleted = later.pay(Method::DELETE, &entered.path, None).await.json();
    let sign = deleted["signInfo"]["signId"].as_str().unwrap();
    later.sign(&entered.path, sign).await;
    later.wait(60 * DAY).await;
    let status = later.status(&entered.path).await;
    assert_eq!(status["instructionStatus"], "RJCT");
    assert_eq!(status["statusChangeInfo"], "DS02");
    assert_eq!(status["realizedPayments"].as_array().unwrap().len(), 1);
    assert!(!is_listed(&later, &entered).await);
}

#[tokio::test]
async fn nothing_happens_without_a_signature() {
    let mut later = Later::on_monday("jana").await;
    let entered = later.enter("/my/standingorders", &later.standing()).await;
    later.wait(10 * DAY).await;
    let expected =
        json!({ "instructionStatus": "RJCT", "statusChangeInfo": "NOAS", "realizedPayments": [] });
    assert_eq!(later.status(&entered.path).await, expected);
    let cancelled = later.enter("/my/standingorders", &later.in_april()).await;
    let mut browser = begun(&later, &cancelled.path, &cancelled.sign).await;
    browser.cancel().await;
    assert_eq!(later.status(&cancelled.path).await["statusChangeInfo"], "DS02");
}

impl Later {
    /// A standing order that begins later.
    fn in_april(&self) -> Value {
        let mut body = self.standing();
        set(&mut body, DATE, json!("2026-04-20"));
        body
    }
}

/// A browser on the page that confirms an order.
async fn begun(later: &Later, path: &str, sign: &str) -> Browser {
    let body = json!({ "authorizationType": "USERAGENT_REDIRECT", "redirectUrl": CALLBACK });
    let begun: Answer = later.pay(Method::POST, &format!("{path}/sign/{sign}"), Some(&body)).await;
    assert_eq!(begun.status, 200, "{begun:?}");
    let world = &later.payer.world;
    let mut browser = Browser::new(world);
    browser.open(begun.json()["href"]["url"].as_str().unwrap()).await;
    browser.log_in(world, &later.payer.user).await;
    browser
}

#[tokio::test]
async fn the_banks_pages_say_what_is_signed() {
    let later = Later::on_monday("jana").await;
    let entered = later.enter("/my/standingorders", &later.standing()).await;
    let mut browser = begun(&later, &entered.path, &entered.sign).await;
    for part in
        ["Potvrďte trvalý příkaz", "500,00\u{a0}CZK", "každý měsíc", "do odvolání", "Pocket money"]
    {
        assert!(browser.page.text.contains(part), "{part}: {}", browser.page.text);
    }
    browser.confirm_sms().await;
    assert!(browser.left_to.starts_with(CALLBACK), "{}", browser.left_to);
    assert_eq!(later.status(&entered.path).await["instructionStatus"], "ACSP");

    let mut body = entered_again(&entered);
    set(&mut body, VALUE, json!(700));
    let changed = later.pay(Method::PUT, &entered.path, Some(&body)).await.json();
    let sign = changed["signInfo"]["signId"].as_str().unwrap();
    let mut browser = begun(&later, &entered.path, sign).await;
    assert!(browser.page.text.contains("Potvrďte změnu"), "{}", browser.page.text);
    assert!(browser.page.text.contains("700,00\u{a0}CZK"), "{}", browser.page.text);
    browser.confirm_sms().await;

    let deleted = later.pay(Method::DELETE, &entered.path, None).await.json();
    let sign = deleted["signInfo"]["signId"].as_str().unwrap();
    let mut browser = begun(&later, &entered.path, sign).await;
    assert!(browser.page.text.contains("Potvrďte zrušení"), "{}", browser.page.text);
    browser.confirm_sms().await;
    assert_eq!(later.status(&entered.path).await["statusChangeInfo"], "DS02");
}
