//! Signing in the bank's pages and by SMS: bank-api facts 10.7 and 10.8.

use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::payer::{Ordered, Payer};
use crate::world::{Answer, CALLBACK, query};

const REDIRECT: &str = "USERAGENT_REDIRECT";

async fn begin(payer: &Payer, ordered: &Ordered) -> String {
    let body = json!({ "authorizationType": REDIRECT, "redirectUrl": CALLBACK });
    let begun = payer.sign(Method::POST, ordered, body).await;
    assert_eq!(begun.status, 200, "{begun:?}");
    begun.json()["href"]["url"].as_str().unwrap().to_owned()
}

/// Step III: the state.
async fn state(payer: &Payer, ordered: &Ordered) -> Value {
    let body = json!({ "authorizationType": REDIRECT });
    payer.sign(Method::PUT, ordered, body).await.json()["state"].clone()
}

#[tokio::test]
async fn a_person_signs_in_the_banks_pages() {
    let payer = Payer::start("jana").await;
    let ordered = payer.initiated(&payer.domestic()).await;
    let offered = payer.sign(Method::GET, &ordered, Value::Null).await.json();
    assert_eq!(
        offered,
        json!({
            "scenarios": [[REDIRECT], ["SMS"]],
            "signInfo": { "state": "OPEN", "signId": ordered.sign },
        })
    );
    let body = json!({ "authorizationType": REDIRECT, "redirectUrl": CALLBACK });
    let begun = payer.sign(Method::POST, &ordered, body).await.json();
    let url = begun["href"]["url"].as_str().unwrap();
    assert_eq!(begun["authorizationType"], REDIRECT);
    assert_eq!((&begun["method"], &begun["formData"]), (&json!("GET"), &Value::Null));
    assert_eq!(begun["signInfo"], offered["signInfo"]);
    assert_eq!(query(url, "operation_id").as_deref(), begun["href"]["id"].as_str());
    assert_eq!(state(&payer, &ordered).await, "OPEN");

    let mut browser = Browser::new(&payer.world);
    browser.open(url).await;
    browser.log_in(&payer.world, "jana").await;
    let page = &browser.page.text;
    assert!(page.contains("150,50\u{a0}CZK"), "{page}");
    assert!(page.contains("2108589434/0800"), "{page}");
    browser.confirm_sms().await;
    assert_eq!(browser.page.status, 303);
    assert!(browser.left_to.starts_with(CALLBACK), "{}", browser.left_to);
    assert_eq!(query(&browser.left_to, "state"), Some(ordered.sign.clone()));
    assert_eq!(state(&payer, &ordered).await, "DONE");
    assert_eq!(payer.status(&ordered).await, "ACSP");

    let tokens = payer.world.exchange(&query(&browser.left_to, "code").unwrap()).await;
    assert_eq!((tokens.status.as_u16(), &tokens.json()["scope"]), (200, &json!("pisp")));
}

#[tokio::test]
async fn a_person_refuses_in_the_banks_pages() {
    let payer = Payer::start("jana").await;
    for step in 0..2 {
        let ordered = payer.initiated(&payer.domestic()).await;
        let mut browser = Browser::new(&payer.world);
        browser.open(&begin(&payer, &ordered).await).await;
        if step > 0 {
            browser.log_in(&payer.world, "jana").await;
        }
        browser.cancel().await;
        let back = format!(
            "{CALLBACK}?error=access_denied&error_description=User%20canceled%20authentication\
             %20request&state={}",
            ordered.sign
        );
        assert_eq!(browser.left_to, back);
        assert_eq!(state(&payer, &ordered).await, "CANCELLED");
        assert_eq!(payer.status(&ordered).await, "RJCT");
    }
}

#[tokio::test]
async fn the_scenarios_are_asked_for_where_the_initiation_does_not_name_the_signing() {
    let payer = Payer::start("jana").await;
    payer.world.bank.update_knobs(|knobs| knobs.sign_at_initiation = false.into());
    let mut ordered = payer.initiated(&payer.domestic()).await;
    assert_eq!(ordered.body["signInfo"], json!({ "state": "OPEN", "signId": null }));
    let begun: Answer = payer.send(Method::POST, &format!("{}/sign", ordered.path()), None).await;
    let sign = &begun.json()["signInfo"]["signId"];
    sign.as_str().unwrap().clone_into(&mut ordered.sign);
    payer.sign_by_sms(&ordered).await;
}
