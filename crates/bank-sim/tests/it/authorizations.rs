//! What waits for a signature: bank-api fact 13.6.

use std::time::Duration;

use bank_sim::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::later::Later;

const PATH: &str = "/my/authorizations";

async fn pending(later: &Later) -> Vec<(Value, Value)> {
    let answer = later.pay(Method::GET, PATH, None).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let all = answer.json()["authorizations"].as_array().unwrap().clone();
    let mut all: Vec<_> = all
        .iter()
        .map(|one| (one["type"].clone(), one["transactionIdentification"].clone()))
        .collect();
    all.sort_by_key(|(kind, id)| (kind.to_string(), id.to_string()));
    all
}

#[tokio::test]
async fn each_kind_of_order_waits_until_it_is_signed() {
    let mut later = Later::on_monday("jana").await;
    assert_eq!(pending(&later).await, []);
    let payment = later.enter("/my/payments", &later.payer.domestic()).await;
    let answer = later.pay(Method::GET, PATH, None).await.json();
    assert_eq!(
        answer,
        json!({ "authorizations": [{
            "type": "PAYMENT",
            "transactionIdentification": payment.id,
            "validUntil": "2026-03-17T10:00:00.0+01:00",
            "scenarios": [["USERAGENT_REDIRECT"], ["SMS"]],
            "signInfo": { "state": "OPEN", "signId": payment.sign },
        }] })
    );
    let standing = later.enter("/my/standingorders", &later.standing()).await;
    let one = |kind: &str, id: &str| (json!(kind), json!(id));
    let (of_payment, of_standing) =
        (one("PAYMENT", &payment.id), one("STANDINGORDER", &standing.id));
    assert_eq!(pending(&later).await, [of_payment, of_standing.clone()]);
    let body = json!({
        "exchangeIdentification": "b-1",
        "payments": [{ "signId": payment.sign }],
    });
    let batch = later.enter("/my/batchpayments", &body).await;
    let of_batch = one("BATCHPAYMENT", &batch.id);
    assert_eq!(pending(&later).await, [of_batch, of_standing.clone()]);
    later.sign(&batch.path, &batch.sign).await;
    later.sign(&standing.path, &standing.sign).await;
    assert_eq!(pending(&later).await, []);
    // what becomes of a standing order in force
    later.pay(Method::DELETE, &standing.path, None).await;
    assert_eq!(pending(&later).await, [of_standing]);
    later.wait(Duration::from_hours(24)).await;
    assert_eq!(pending(&later).await, []);
}

#[tokio::test]
async fn they_are_those_of_the_person_and_the_third_party() {
    let later = Later::on_monday("jana").await;
    later.enter("/my/payments", &later.payer.domestic()).await;
    let petr = later.payer.world.connect("petr", "pisp").await;
    let token = petr["access_token"].as_str().unwrap();
    let theirs = later.send(token, Method::GET, PATH, None).await;
    assert_eq!(theirs.json(), json!({ "authorizations": [] }));
    assert_eq!(later.read(PATH).await.error().1, "FORBIDDEN");
    let unknown = later.pay(Method::GET, &format!("{PATH}?page=1"), None).await;
    assert_eq!(unknown.error(), (400, "PARAMETER_INVALID".to_owned(), "page".to_owned()));
    let world = &later.payer.world;
    let readers = world.tpp_with(vec![Role::AccountInformation], Some(crate::world::LICENCE));
    assert_eq!(later.by(&readers, &later.payer.token, PATH).await.error().1, "FORBIDDEN");
}
