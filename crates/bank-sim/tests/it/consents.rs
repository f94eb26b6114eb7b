//! Consents by the API: bank-api fact 14.

use bank_sim::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::later::Later;
use crate::world::LICENCE;

const PATH: &str = "/my/consents";

#[tokio::test]
async fn a_consent_names_what_it_opens_by_account() {
    let later = Later::start("jana").await;
    let told = later.read(PATH).await.json();
    assert_eq!(later.pay(Method::GET, PATH, None).await.json(), told);
    let consents = told["consents"].as_array().unwrap();
    assert_eq!(consents.len(), later.payer.accounts.len());
    for (consent, account) in consents.iter().zip(&later.payer.accounts) {
        let expected = json!({
            "identification": account["identification"],
            "accesses": ["AISP.accounts", "AISP.balances", "AISP.transactions", "PIS"],
            // 180 days
            "validUntil": "2026-09-10T11:00:00.0+02:00",
        });
        assert_eq!(*consent, expected);
    }
    let id = told["consentId"].as_str().unwrap();
    assert_eq!(id.len(), 36);
    assert_eq!(later.read(PATH).await.json()["consentId"], id, "the name stays");
}

#[tokio::test]
async fn withdrawing_it_ends_the_tokens_of_that_person_and_application() {
    let later = Later::start("jana").await;
    let petr = later.payer.world.connect("petr", "aisp").await;
    let petr = petr["access_token"].as_str().unwrap();
    let id = later.read(PATH).await.json()["consentId"].as_str().unwrap().to_owned();
    let gone = (404, "NOT_FOUND".to_owned(), String::new());
    let path = format!("{PATH}/{id}");
    assert_eq!(later.send(petr, Method::DELETE, &path, None).await.error(), gone);
    let other = format!("{PATH}/00000000-0000-4000-8000-000000000000");
    assert_eq!(later.pay(Method::DELETE, &other, None).await.error(), gone);
    let withdrawn = later.pay(Method::DELETE, &path, None).await;
    assert_eq!((withdrawn.status.as_u16(), &*withdrawn.text), (204, ""));
    assert_eq!(later.read(PATH).await.status, 401);
    assert_eq!(later.pay(Method::GET, "/my/authorizations", None).await.status, 401);
    let live = later.payer.world.bank.live_tokens();
    assert!(live.iter().all(|token| token.user == "petr") && !live.is_empty(), "{live:?}");
    // a new consent is another one
    let token = later.token("aisp").await;
    let again = later.send(&token, Method::GET, PATH, None).await.json();
    assert_ne!(again["consentId"], json!(id));
    let accesses = &again["consents"][0]["accesses"];
    assert_eq!(*accesses, json!(["AISP.accounts", "AISP.balances", "AISP.transactions"]));
}

#[tokio::test]
async fn the_role_goes_with_the_scope_of_the_token() {
    let later = Later::start("jana").await;
    let world = &later.payer.world;
    for (role, good) in
        [(Role::AccountInformation, &later.reading), (Role::PaymentInitiation, &later.payer.token)]
    {
        let tpp = world.tpp_with(vec![role], Some(LICENCE));
        for token in [&later.reading, &later.payer.token] {
            let answer = later.by(&tpp, token, PATH).await;
            let expected = if token == good { 200 } else { 403 };
            assert_eq!(answer.status, expected, "{role:?}");
        }
    }
}

#[tokio::test]
async fn the_resource_may_be_missing() {
    let later = Later::start("jana").await;
    later.payer.world.bank.update_knobs(|knobs| knobs.consents_resource = false.into());
    let gone = (404, "NOT_FOUND".to_owned(), String::new());
    assert_eq!(later.read(PATH).await.error(), gone);
    let path = format!("{PATH}/x");
    assert_eq!(later.pay(Method::DELETE, &path, None).await.error(), gone);
    assert_ne!(later.read("/my/accounts").await.json(), Value::Null);
}
