//! Payments bound to be signed at once: bank-api fact 13.5.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::later::{Entered, Later, missing};
use crate::payer::reference;
use crate::payments_table::{fresh, set};
use crate::world::CALLBACK;

pub(crate) const PATH: &str = "/my/batchpayments";

pub(crate) fn body(payments: &[&Entered]) -> Value {
    let signs = payments.iter().map(|payment| json!({ "signId": payment.sign }));
    json!({ "exchangeIdentification": reference(), "payments": signs.collect::<Vec<_>>() })
}

/// So many payments of the first account, and another amount for each.
pub(crate) async fn payments(later: &Later, count: i32) -> Vec<Entered> {
    let mut payments = Vec::new();
    for at in 1..=count {
        let mut body = later.payer.domestic();
        set(&mut body, "amount.instructedAmount.value", json!(100 * at));
        payments.push(later.enter("/my/payments", &body).await);
    }
    payments
}

pub(crate) async fn bind(later: &Later, payments: &[Entered]) -> Entered {
    later.enter(PATH, &body(&payments.iter().collect::<Vec<_>>())).await
}

async fn statuses(later: &Later, payments: &[Entered]) -> Vec<Value> {
    let mut all = Vec::new();
    for payment in payments {
        all.push(later.status(&payment.path).await["instructionStatus"].clone());
    }
    all
}

#[tokio::test]
async fn one_signature_signs_all() {
    let mut later = Later::on_monday("jana").await;
    let payments = payments(&later, 3).await;
    let batch = bind(&later, &payments).await;
    assert_eq!(
        batch.body,
        json!({
            "transactionIdentification": batch.id,
            "signInfo": { "state": "OPEN", "signId": batch.sign },
            "instructionStatus": "ACTC",
            "statusChangeInfo": null,
        })
    );
    let members = |state: &str| -> Value {
        let member = |payment: &Entered| {
            json!({
                "transactionIdentification": payment.id,
                "signInfo": { "state": state, "signId": payment.sign },
            })
        };
        payments.iter().map(member).collect()
    };
    let status = later.status(&batch.path).await;
    assert_eq!(status["payments"], members("OPEN"));
    later.sign(&batch.path, &batch.sign).await;
    let status = later.status(&batch.path).await;
    assert_eq!(status["payments"], members("DONE"));
    assert_eq!(
        (&status["instructionStatus"], &status["signInfo"]["state"]),
        (&json!("ACSP"), &json!("DONE"))
    );
    assert_eq!(statuses(&later, &payments).await, ["ACSP"; 3]);
    later.payer.world.clock.advance(Duration::from_secs(10));
    assert_eq!(statuses(&later, &payments).await, ["ACSC"; 3]);
    assert_eq!(later.status(&batch.path).await["instructionStatus"], "ACSC");
    later.wait(Duration::ZERO).await;
}

#[tokio::test]
async fn a_batch_ends_when_its_last_payment_does() {
    let mut later = Later::on_monday("jana").await;
    let mut bodies = [later.payer.domestic(), later.payer.domestic(), later.payer.domestic()];
    set(&mut bodies[1], "requestedExecutionDate", json!("2026-03-18"));
    set(&mut bodies[2], "amount.instructedAmount.value", json!(99_999_999));
    let mut payments = Vec::new();
    for body in &bodies {
        payments.push(later.enter("/my/payments", body).await);
    }
    let poor = later.enter("/my/payments", &fresh(&bodies[2])).await;
    let batch = bind(&later, &payments).await;
    let of_the_poor = bind(&later, &[poor]).await;
    for batch in [&batch, &of_the_poor] {
        later.sign(&batch.path, &batch.sign).await;
    }
    later.payer.world.clock.advance(Duration::from_secs(10));
    assert_eq!(statuses(&later, &payments).await, ["ACSC", "ACSP", "RJCT"]);
    assert_eq!(later.status(&batch.path).await["instructionStatus"], "ACSP");
    let rejected = later.status(&of_the_poor.path).await;
    assert_eq!(rejected["instructionStatus"], "RJCT");
    assert_eq!(rejected["statusChangeInfo"], "AM04");
    later.wait(Duration::from_hours(48)).await;
    assert_eq!(later.status(&batch.path).await["instructionStatus"], "ACSC");
}

#[tokio::test]
async fn the_banks_page_lists_all_payments_with_their_sum() {
    let later = Later::on_monday("jana").await;
    let payments = payments(&later, 3).await;
    let batch = bind(&later, &payments).await;
    let begin = json!({ "authorizationType": "USERAGENT_REDIRECT", "redirectUrl": CALLBACK });
    let path = format!("{}/sign/{}", batch.path, batch.sign);
    let href = later.pay(Method::POST, &path, Some(&begin)).await.json()["href"].clone();
    let mut browser = Browser::new(&later.payer.world);
    browser.open(href["url"].as_str().unwrap()).await;
    browser.log_in(&later.payer.world, "jana").await;
    let page = &browser.page.text;
    for part in [
        "Potvrďte platby",
        "600,00\u{a0}CZK",
        "100,00\u{a0}CZK",
        "200,00\u{a0}CZK",
        "300,00\u{a0}CZK",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert_eq!(page.matches("2108589434/0800").count(), 3, "{page}");
    browser.confirm_sms().await;
    assert!(browser.left_to.starts_with(CALLBACK), "{}", browser.left_to);
    assert_eq!(statuses(&later, &payments).await, ["ACSP"; 3]);
}

#[tokio::test]
async fn a_bound_payment_is_signed_by_the_batch_only() {
    let later = Later::on_monday("jana").await;
    let payments = payments(&later, 1).await;
    let path = format!("{}/sign/{}", payments[0].path, payments[0].sign);
    let begin = json!({ "authorizationType": "SMS" });
    assert_eq!(later.pay(Method::POST, &path, Some(&begin)).await.status, 200);
    let code = later.payer.world.bank.sms_code("jana").unwrap();
    bind(&later, &payments).await;
    let exceeded = |scope: &str| (400, "AUTH_LIMIT_EXCEEDED".to_owned(), scope.to_owned());
    // nor by what was begun before
    let end = json!({ "authorizationType": "SMS", "oneTimePassword": code });
    let ended = later.pay(Method::PUT, &path, Some(&end)).await;
    assert_eq!(ended.error(), exceeded("authorizationType"));
    let refused = later.pay(Method::POST, &path, Some(&begin)).await;
    assert_eq!(refused.error(), exceeded("signId"));
    assert_eq!(statuses(&later, &payments).await, ["ACTC"]);
}

#[tokio::test]
async fn a_batch_can_be_taken_back_alone_or_with_its_payments() {
    let later = Later::on_monday("jana").await;
    let payments = payments(&later, 2).await;
    for query in ["", "?allInstructions=false"] {
        let batch = bind(&later, &payments).await;
        let deleted = later.pay(Method::DELETE, &format!("{}{query}", batch.path), None).await;
        assert_eq!((deleted.status.as_u16(), &*deleted.text), (200, ""));
        let status = format!("{}/status", batch.path);
        assert_eq!(later.pay(Method::GET, &status, None).await.error(), missing());
        assert_eq!(later.pay(Method::DELETE, &batch.path, None).await.error(), missing());
        assert_eq!(statuses(&later, &payments).await, ["ACTC"; 2]);
    }
    // free again
    later.sign(&payments[0].path, &payments[0].sign).await;
    let batch = bind(&later, &payments[1..]).await;
    let wrong =
        later.pay(Method::DELETE, &format!("{}?allInstructions=yes", batch.path), None).await;
    assert_eq!(wrong.error(), (400, "PARAMETER_INVALID".to_owned(), "allInstructions".to_owned()));
    later.payer.world.bank.update_knobs(|knobs| knobs.delete_status = 204.into());
    let all =
        later.pay(Method::DELETE, &format!("{}?allInstructions=true", batch.path), None).await;
    assert_eq!(all.status, 204);
    let gone = later.pay(Method::GET, &payments[1].path, None).await;
    assert_eq!(gone.error(), (404, "ID_NOT_FOUND".to_owned(), "paymentId".to_owned()));
}

#[tokio::test]
async fn a_signed_batch_stays() {
    let later = Later::on_monday("jana").await;
    let payments = payments(&later, 2).await;
    let batch = bind(&later, &payments).await;
    later.sign(&batch.path, &batch.sign).await;
    assert_eq!(later.pay(Method::DELETE, &batch.path, None).await.error(), missing());
}

#[tokio::test]
async fn a_payment_taken_back_leaves_its_batch_and_the_last_one_ends_it() {
    let later = Later::on_monday("jana").await;
    let payments = payments(&later, 2).await;
    let batch = bind(&later, &payments).await;
    assert_eq!(later.pay(Method::DELETE, &payments[0].path, None).await.status, 200);
    let left = later.status(&batch.path).await["payments"].clone();
    assert_eq!(left.as_array().unwrap().len(), 1);
    assert_eq!(left[0]["transactionIdentification"], payments[1].id.as_str());
    assert_eq!(later.pay(Method::DELETE, &payments[1].path, None).await.status, 200);
    let status = format!("{}/status", batch.path);
    assert_eq!(later.pay(Method::GET, &status, None).await.error(), missing());
}

#[tokio::test]
async fn a_batch_that_is_refused_takes_its_payments_with_it() {
    let later = Later::on_monday("jana").await;
    let payments = payments(&later, 2).await;
    let batch = bind(&later, &payments).await;
    let path = format!("{}/sign/{}", batch.path, batch.sign);
    let by_sms = json!({ "authorizationType": "SMS" });
    later.pay(Method::POST, &path, Some(&by_sms)).await;
    let wrong = json!({ "authorizationType": "SMS", "oneTimePassword": "0" });
    for _ in 0..5 {
        later.pay(Method::PUT, &path, Some(&wrong)).await;
    }
    assert_eq!(later.status(&batch.path).await["statusChangeInfo"], "DS02");
    assert_eq!(statuses(&later, &payments).await, ["RJCT"; 2]);
    let members = later.status(&batch.path).await["payments"].clone();
    assert_eq!(members[1]["signInfo"]["state"], "CANCELLED");
}

/// Payments name their signing in step 0 only; there is no such step for batches and standing orders.
#[tokio::test]
async fn orders_without_step_0_name_their_signing_at_once() {
    let later = Later::on_monday("jana").await;
    later.payer.world.bank.update_knobs(|knobs| {
        knobs.sign_at_initiation = false.into();
        let both = ["USERAGENT_REDIRECT", "SMS"].map(ToOwned::to_owned);
        knobs.sign_scenarios = vec![both.to_vec()].into();
    });
    let standing = later.enter("/my/standingorders", &later.standing()).await;
    assert_eq!(standing.body["signInfo"]["signId"], standing.sign.as_str());
    let payment = later.pay(Method::POST, "/my/payments", Some(&later.payer.domestic())).await;
    let payment = payment.json();
    assert_eq!(payment["signInfo"]["signId"], Value::Null);
    let path =
        format!("/my/payments/{}/sign", payment["transactionIdentification"].as_str().unwrap());
    let sign = later.pay(Method::POST, &path, None).await.json()["signInfo"]["signId"].clone();
    let body = json!({ "exchangeIdentification": reference(), "payments": [{ "signId": sign }] });
    let batch = later.enter(PATH, &body).await;
    // the first method of the scenario comes first
    let path = format!("{}/sign/{}", batch.path, batch.sign);
    let by_sms = json!({ "authorizationType": "SMS" });
    let refused = later.pay(Method::POST, &path, Some(&by_sms)).await;
    let code = "AUTH_LIMIT_EXCEEDED".to_owned();
    assert_eq!(refused.error(), (400, code, "authorizationType".to_owned()));
}

#[tokio::test]
async fn a_batch_that_nobody_signs_closes_with_its_payments() {
    let mut later = Later::on_monday("jana").await;
    let payments = payments(&later, 2).await;
    later.wait(Duration::from_hours(12)).await;
    let batch = bind(&later, &payments).await;
    // the payments alone would be closed by now
    later.wait(Duration::from_hours(13)).await;
    assert_eq!(statuses(&later, &payments).await, ["ACTC"; 2]);
    later.wait(Duration::from_hours(11)).await;
    assert_eq!(statuses(&later, &payments).await, ["RJCT"; 2]);
    assert_eq!(later.status(&batch.path).await["statusChangeInfo"], "NOAS");
}
