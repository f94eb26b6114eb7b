//! Payments bound to be signed at once: bank-api fact 13.5.

use std::time::Duration;

use bank_sim::Knob;
use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::later::{Entered, Later, missing};
use crate::payer::reference;
use crate::payments_table::{bodies, errors, fresh, set};
use crate::world::{Answer, CALLBACK};

const PATH: &str = "/my/batchpayments";

fn body(payments: &[&Entered]) -> Value {
    let signs = payments.iter().map(|payment| json!({ "signId": payment.sign }));
    json!({ "exchangeIdentification": reference(), "payments": signs.collect::<Vec<_>>() })
}

/// So many payments of the first account, and another amount for each.
async fn payments(later: &Later, count: i32) -> Vec<Entered> {
    let mut payments = Vec::new();
    for at in 1..=count {
        let mut body = later.payer.domestic();
        set(&mut body, "amount.instructedAmount.value", json!(100 * at));
        payments.push(later.enter("/my/payments", &body).await);
    }
    payments
}

async fn bind(later: &Later, payments: &[Entered]) -> Entered {
    later.enter(PATH, &body(&payments.iter().collect::<Vec<_>>())).await
}

async fn refused(later: &Later, body: &Value) -> Answer {
    let answer = later.pay(Method::POST, PATH, Some(body)).await;
    assert_eq!(answer.status, 400, "{answer:?}");
    answer
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
    let begun = later.pay(Method::POST, &path, Some(&begin)).await.json();
    let mut browser = Browser::new(&later.payer.world);
    browser.open(begun["href"]["url"].as_str().unwrap()).await;
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
    let begun = later.pay(Method::POST, &path, Some(&begin)).await;
    assert_eq!(begun.error(), exceeded("signId"));
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

#[tokio::test]
async fn every_field_is_examined() {
    let later = Later::on_monday("jana").await;
    let payments = payments(&later, 1).await;
    let good = body(&[&payments[0]]);
    let name = "exchangeIdentification";
    for (path, value, code, scope) in [
        (name, Value::Null, "FIELD_MISSING", name),
        (name, json!("x".repeat(19)), "FIELD_INVALID", name),
        (name, json!(true), "FIELD_INVALID", name),
        (name, json!("č"), "RR10", name),
        ("instructionName", json!(1), "FIELD_INVALID", "instructionName"),
        ("payments", Value::Null, "FIELD_MISSING", "payments"),
        ("payments", json!([]), "FIELD_MISSING", "payments"),
        ("payments", json!("sgn"), "FIELD_INVALID", "payments"),
        ("payments", json!(["sgn"]), "FIELD_INVALID", "payments"),
        ("payments", json!([{ "signId": 1 }]), "FIELD_INVALID", "payments[0].signId"),
        ("payments", json!([{ "signId": "a" }, { "x": 1 }]), "FIELD_INVALID", "payments[1].x"),
        ("colour", json!("red"), "FIELD_INVALID", "colour"),
    ] {
        let mut body = good.clone();
        set(&mut body, path, value.clone());
        let found = errors(&refused(&later, &body).await);
        assert_eq!(found[0], (code.to_owned(), scope.to_owned()), "{path} {value}");
    }
    let broken = later.pay(Method::POST, PATH, Some(&json!("x"))).await;
    assert_eq!(broken.error(), (400, "FF01".to_owned(), String::new()));
    let narrative = Some("closed".to_owned());
    later.payer.world.bank.update_knobs(|knobs| knobs.narrative = Knob::next(1, narrative));
    assert_eq!(refused(&later, &good).await.error().1, "NARR");
    // nothing of all that has used the reference up
    later.enter(PATH, &good).await;
    let again = body(&[&later.enter("/my/payments", &later.payer.domestic()).await]);
    let mut twice = again.clone();
    twice[name] = good[name].clone();
    assert_eq!(errors(&refused(&later, &twice).await), [("RF01".to_owned(), name.to_owned())]);
}

#[tokio::test]
async fn only_open_signatures_can_be_bound() {
    let later = Later::on_monday("jana").await;
    let payments = payments(&later, 4).await;
    later.sign(&payments[0].path, &payments[0].sign).await;
    bind(&later, &payments[1..2]).await;
    let petr = later.payer.world.connect("petr", "pisp").await;
    let standing = later.enter("/my/standingorders", &later.standing()).await;
    let signs = [
        (payments[0].sign.as_str(), "State DONE"),
        (&payments[1].sign, "Bound into a batch"),
        ("sgn-nobody", "Unknown"),
        (&standing.sign, "Unknown"),
    ];
    let all = signs.map(|(sign, _)| json!({ "signId": sign }));
    let body = json!({ "exchangeIdentification": reference(), "payments": all });
    let answer = refused(&later, &body).await.json();
    for (at, (sign, why)) in signs.iter().enumerate() {
        let expected = json!({
            "error": "INCORRECT_SIGNID",
            "scope": format!("payments[{at}].signId"),
            "parameters": { "signID": sign, "error": why },
            "message": null,
        });
        assert_eq!(answer["errors"][at], expected);
    }
    let twice = self::body(&[&payments[2], &payments[2]]);
    let answer = refused(&later, &twice).await.json();
    assert_eq!(answer["errors"][0]["parameters"]["error"], "Repeated");
    // another person of the same third party
    let token = petr["access_token"].as_str().unwrap();
    let theirs = later.send(token, Method::POST, PATH, Some(&self::body(&[&payments[2]]))).await;
    assert_eq!(theirs.json()["errors"][0]["parameters"]["error"], "Unknown");
}

#[tokio::test]
async fn payments_of_a_batch_are_alike_and_not_too_many() {
    let later = Later::on_monday("tomas").await;
    let first = later.enter("/my/payments", &later.payer.domestic()).await;
    let mut other = later.payer.domestic();
    set(&mut other, "debtorAccount.identification.iban", json!(later.payer.iban(1)));
    let other = later.enter("/my/payments", &other).await;
    let mut euros = fresh(&bodies_of(&later)[1]);
    set(&mut euros, "debtorAccount.identification.iban", json!(later.payer.iban(0)));
    let euros = later.enter("/my/payments", &euros).await;
    let scope = |at: i32, codes: &[&str]| -> Vec<(String, String)> {
        let scope = format!("payments[{at}].signId");
        codes.iter().map(|code| ((*code).to_owned(), scope.clone())).collect()
    };
    let found = errors(&refused(&later, &body(&[&first, &other])).await);
    assert_eq!(found, scope(1, &["ACC_DIFFERENT"]));
    let found =
        errors(&refused(&later, &body(&[&first, &first_again(&later).await, &euros])).await);
    assert_eq!(found, scope(2, &["CURR_DIFFERENT", "TYPE_DIFFERENT"]));
    later.payer.world.bank.update_knobs(|knobs| knobs.batch_payments = 1.into());
    let again = first_again(&later).await;
    let many = body(&[&first, &again]);
    let found = errors(&refused(&later, &many).await);
    assert_eq!(found, [("TOO_MANY_PMTS".to_owned(), "payments".to_owned())]);
    later.enter(PATH, &body(&[&first])).await;
}

async fn first_again(later: &Later) -> Entered {
    later.enter("/my/payments", &later.payer.domestic()).await
}

/// The euro account of a person with four accounts is the last one.
fn bodies_of(later: &Later) -> [Value; 4] {
    bodies(&later.payer)
}
