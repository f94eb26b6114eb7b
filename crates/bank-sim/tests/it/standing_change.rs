//! What becomes of a standing order that an app has entered, and who may see it: bank-api fact 13.3.

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::later::{DAY, Entered, Later, missing};
use crate::payments_table::set;
use crate::standing_life::is_listed;
use crate::world::{Answer, CALLBACK, query};

const DATE: &str = "requestedExecutionDate";
const VALUE: &str = "amount.instructedAmount.value";

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
    let answer: Answer = later.pay(Method::POST, &format!("{path}/sign/{sign}"), Some(&body)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let world = &later.payer.world;
    let mut browser = Browser::new(world);
    browser.open(answer.json()["href"]["url"].as_str().unwrap()).await;
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

#[tokio::test]
async fn standing_orders_are_their_third_partys_and_persons() {
    let later = Later::on_monday("jana").await;
    let entered = later.signed(&later.standing()).await;
    let petr = later.payer.world.connect("petr", "pisp").await;
    let petr = petr["access_token"].as_str().unwrap();
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let body = (method == Method::PUT).then(|| later.standing());
        let answer = later.send(petr, method, &entered.path, body.as_ref()).await;
        assert_eq!(answer.error(), missing());
    }
    // the customers' own orders are shown, with either scope, and left alone
    let own = later.list("/my/standingorders?size=1", "standingOrders").await;
    let id = own[0]["standingOrderIdentification"]["transactionIdentification"].as_str().unwrap();
    let path = format!("/my/standingorders/{id}");
    let detail = later.read(&path).await.json();
    assert_eq!(later.pay(Method::GET, &path, None).await.json(), detail);
    assert_eq!(detail["standingOrder"]["execution"], own[0]["standingOrder"]["execution"]);
    assert_eq!(detail["amount"], own[0]["amount"]);
    assert_eq!(detail["requestedExecutionDate"], "2026-04-01");
    assert_eq!(detail["signInfo"], json!({ "state": "DONE", "signId": null }));
    let changed = later.pay(Method::PUT, &path, Some(&later.standing())).await;
    assert_eq!(changed.error(), missing());
    assert_eq!(later.pay(Method::DELETE, &path, None).await.error(), missing());
    let status = later.pay(Method::GET, &format!("{path}/status"), None).await;
    assert_eq!(status.error(), missing());
    // reading is not moving money
    assert_eq!(later.read(&format!("{}/status", entered.path)).await.error().1, "FORBIDDEN");
}

/// A token that opens one account shows nothing of the others.
#[tokio::test]
async fn what_belongs_to_other_accounts_is_not_shown() {
    let later = Later::on_monday("jana").await;
    let entered = later.signed(&later.standing()).await;
    let mut body = later.payer.domestic();
    set(&mut body, DATE, json!("2026-03-20"));
    let payment = later.enter("/my/payments", &body).await;
    later.sign(&payment.path, &payment.sign).await;
    assert_eq!(later.list("/my/payments/awaiting", "payments").await.len(), 1);
    let token = later.of_savings_only().await;
    let read = async |path: &str| later.send(&token, Method::GET, path, None).await;
    assert_eq!(read("/my/payments/awaiting").await.json()["payments"], json!([]));
    let savings = later.payer.iban(1);
    let orders = read("/my/standingorders").await.json()["standingOrders"].clone();
    let orders = orders.as_array().unwrap();
    let iban = |order: &Value| order["debtorAccount"]["identification"]["iban"].clone();
    assert!(!orders.is_empty() && orders.iter().all(|order| iban(order) == savings), "{orders:?}");
    // the app may read what it has entered itself, but not what the person has
    assert_eq!(read(&entered.path).await.status, 200);
    let all = later.payer.world.connect("jana", "aisp").await;
    let all = all["access_token"].as_str().unwrap();
    let own = later.send(all, Method::GET, "/my/standingorders?size=1", None).await.json();
    let id = &own["standingOrders"][0]["standingOrderIdentification"]["transactionIdentification"];
    let path = format!("/my/standingorders/{}", id.as_str().unwrap());
    assert_eq!(later.send(all, Method::GET, &path, None).await.status, 200);
    let token = later.of_savings_only().await;
    assert_eq!(later.send(&token, Method::GET, &path, None).await.error(), missing());
}

impl Later {
    /// A token for the second account alone; the latest choice counts for all tokens.
    async fn of_savings_only(&self) -> String {
        let world = &self.payer.world;
        let mut browser = Browser::new(world);
        browser.open(&world.authorize_url("aisp")).await;
        browser.log_in(world, &self.payer.user).await;
        browser.confirm_sms().await;
        let accounts = browser.values("account");
        browser.submit(&[("account", &accounts[1])]).await;
        browser.submit(&[("consent", "yes")]).await;
        let tokens = world.exchange(&query(&browser.left_to, "code").unwrap()).await.json();
        tokens["access_token"].as_str().unwrap().to_owned()
    }
}
