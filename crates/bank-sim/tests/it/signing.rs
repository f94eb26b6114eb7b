//! The steps of a signing, and signing by SMS: bank-api fact 10.7.

use bank_sim::Knob;
use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::payer::{Ordered, Payer};
use crate::world::{Answer, CALLBACK};

pub(crate) const REDIRECT: &str = "USERAGENT_REDIRECT";

pub(crate) async fn begin(payer: &Payer, ordered: &Ordered) -> String {
    let body = json!({ "authorizationType": REDIRECT, "redirectUrl": CALLBACK });
    let begun = payer.sign(Method::POST, ordered, body).await;
    assert_eq!(begun.status, 200, "{begun:?}");
    begun.json()["href"]["url"].as_str().unwrap().to_owned()
}

/// Step III: the state.
pub(crate) async fn state(payer: &Payer, ordered: &Ordered) -> Value {
    let body = json!({ "authorizationType": REDIRECT });
    payer.sign(Method::PUT, ordered, body).await.json()["state"].clone()
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

#[tokio::test]
async fn a_code_from_the_phone_signs_and_five_wrong_ones_cancel() {
    let payer = Payer::start("jana").await;
    let ordered = payer.initiated(&payer.domestic()).await;
    let kind = json!({ "authorizationType": "SMS" });
    let exceeded = (400, "AUTH_LIMIT_EXCEEDED".to_owned(), "authorizationType".to_owned());
    assert_eq!(payer.sign(Method::PUT, &ordered, kind.clone()).await.error(), exceeded);
    assert_eq!(payer.world.bank.sms_code("jana"), None);
    let begun = payer.sign(Method::POST, &ordered, kind.clone()).await.json();
    assert_eq!(
        begun,
        json!({
            "authorizationType": "SMS",
            "href": null,
            "method": null,
            "formData": null,
            "signInfo": { "state": "OPEN", "signId": ordered.sign },
        })
    );
    let code = payer.world.bank.sms_code("jana").unwrap();
    assert_eq!(code.len(), 8);
    let open = json!({ "state": "OPEN", "pollInterval": 5000 });
    assert_eq!(payer.sign(Method::PUT, &ordered, kind.clone()).await.json(), open);
    let with = |code: &str| json!({ "authorizationType": "SMS", "oneTimePassword": code });
    for _ in 0..4 {
        assert_eq!(payer.sign(Method::PUT, &ordered, with("0")).await.json(), open);
    }
    // a new code is no new chance
    payer.sign(Method::POST, &ordered, kind.clone()).await;
    assert_eq!(payer.sign(Method::PUT, &ordered, with("0")).await.json()["state"], "CANCELLED");
    assert_eq!(payer.status(&ordered).await, "RJCT");
    assert_eq!(payer.sign(Method::PUT, &ordered, with(&code)).await.json()["state"], "CANCELLED");
    assert_eq!(payer.world.bank.sms_code("jana"), None);
}

#[tokio::test]
async fn methods_of_no_scenario_are_refused() {
    let payer = Payer::start("jana").await;
    let scenarios = vec![vec!["SMS".to_owned(), REDIRECT.to_owned()]];
    payer.world.bank.update_knobs(|knobs| knobs.sign_scenarios = Knob::always(scenarios));
    let ordered = payer.initiated(&payer.domestic()).await;
    let exceeded = (400, "AUTH_LIMIT_EXCEEDED".to_owned(), "authorizationType".to_owned());
    for method in [REDIRECT, "RAR", "sms", ""] {
        let body = json!({ "authorizationType": method });
        assert_eq!(payer.sign(Method::POST, &ordered, body).await.error(), exceeded, "{method}");
    }
    // one after the other
    let sms = json!({ "authorizationType": "SMS" });
    payer.sign(Method::POST, &ordered, sms.clone()).await;
    let code = payer.world.bank.sms_code("jana").unwrap();
    let with = json!({ "authorizationType": "SMS", "oneTimePassword": code });
    assert_eq!(payer.sign(Method::PUT, &ordered, with).await.json()["state"], "OPEN");
    assert_eq!(payer.sign(Method::POST, &ordered, sms).await.error(), exceeded);
    let mut browser = Browser::new(&payer.world);
    browser.open(&begin(&payer, &ordered).await).await;
    browser.log_in(&payer.world, "jana").await;
    browser.confirm_sms().await;
    assert_eq!(state(&payer, &ordered).await, "DONE");
}

#[tokio::test]
async fn bodies_of_signing_are_checked() {
    let payer = Payer::start("jana").await;
    let ordered = payer.initiated(&payer.domestic()).await;
    let scope = || "authorizationType".to_owned();
    for method in [Method::POST, Method::PUT] {
        let send = async |body: Value| payer.sign(method.clone(), &ordered, body).await.error();
        assert_eq!(send(json!({})).await, (400, "FIELD_MISSING".to_owned(), scope()));
        let wrong = json!({ "authorizationType": 1 });
        assert_eq!(send(wrong).await, (400, "FIELD_INVALID".to_owned(), scope()));
        assert_eq!(send(json!([])).await, (400, "FF01".to_owned(), String::new()));
        assert_eq!(send(Value::Null).await, (400, "FF01".to_owned(), String::new()));
    }
}

#[tokio::test]
async fn an_unknown_signing_is_named_with_its_payment() {
    let payer = Payer::start("jana").await;
    let ordered = payer.initiated(&payer.domestic()).await;
    let sign = &ordered.sign;
    for path in [format!("{}/sign/sgn-x", ordered.path()), format!("/my/payments/PAY1/sign/{sign}")]
    {
        for method in [Method::GET, Method::POST, Method::PUT] {
            let body = json!({ "authorizationType": "SMS" });
            let answer = payer.send(method, &path, Some(&body)).await;
            assert_eq!(answer.status, 404, "{path}");
            let body = answer.json();
            let entries = body["errors"].as_array().unwrap().iter();
            let entries: Vec<_> = entries.map(|one| (&one["error"], &one["scope"])).collect();
            let code = json!("ID_NOT_FOUND");
            assert_eq!(entries, [(&code, &json!("signId")), (&code, &json!("paymentId"))]);
        }
    }
    for path in [format!("{}/", ordered.sign_path()), ordered.sign_path().replace("/my", "")] {
        assert_eq!(payer.send(Method::GET, &path, None).await.status, 200, "{path}");
    }
    let start = format!("{}/sign/", ordered.path());
    assert_eq!(payer.send(Method::POST, &start, None).await.json()["signInfo"]["signId"], **sign);
}
