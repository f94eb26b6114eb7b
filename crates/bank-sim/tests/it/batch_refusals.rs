//! What cannot be bound into a batch: bank-api fact 13.5.

use bank_sim::Knob;
use reqwest::Method;
use serde_json::{Value, json};

use crate::batches::{PATH, bind, body, payments};
use crate::later::{Entered, Later};
use crate::payer::reference;
use crate::payments_table::{bodies, errors, fresh, set};
use crate::world::Answer;

async fn refused(later: &Later, body: &Value) -> Answer {
    let answer = later.pay(Method::POST, PATH, Some(body)).await;
    assert_eq!(answer.status, 400, "{answer:?}");
    answer
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
    let twice = crate::batches::body(&[&payments[2], &payments[2]]);
    let answer = refused(&later, &twice).await.json();
    assert_eq!(answer["errors"][0]["parameters"]["error"], "Repeated");
    // another person of the same third party
    let token = petr["access_token"].as_str().unwrap();
    let theirs =
        later.send(token, Method::POST, PATH, Some(&crate::batches::body(&[&payments[2]]))).await;
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
