//! Every cell of the sandbox matrix: bank-api facts 7.2 and 7.3.

use bank_sim::{Knob, NoScope, Rule};
use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::payer::{ELSEWHERE, reference};
use crate::world::{Answer, World};

const CERTIFICATES: [&str; 5] =
    ["", "certificate-aisp", "certificate-pisp", "certificate-all", "certificate-no-psd"];

async fn call(world: &World, payment: Option<&str>, token: &str, certificate: &str) -> Answer {
    Answer::read(send(world, payment, token, certificate).await).await
}

async fn send(
    world: &World,
    payment: Option<&str>,
    token: &str,
    certificate: &str,
) -> reqwest::Response {
    let sandbox = world.bank.sandbox_addr().unwrap();
    let tpp = world.without_certificate();
    let mut request = match payment {
        None => world.call_at(sandbox, &tpp, Method::GET, "/my/accounts"),
        Some(iban) => world.call_at(sandbox, &tpp, Method::POST, "/my/payments/balanceCheck").body(
            json!({
                "exchangeIdentification": reference(),
                "debtorAccount": { "identification": { "iban": iban } },
                "transactionDetails": { "currency": "CZK", "totalAmount": 10 },
            })
            .to_string(),
        ),
    };
    if !token.is_empty() {
        request = request.bearer_auth(token);
    }
    if !certificate.is_empty() {
        request = request.header("x-client-certificate", certificate);
    }
    request.send().await.unwrap()
}

async fn check(world: &World, payment: Option<&str>, token: &str, expected: [u16; 5]) {
    for (certificate, expected) in CERTIFICATES.into_iter().zip(expected) {
        let answer = call(world, payment, token, certificate).await;
        assert_eq!(answer.status.as_u16(), expected, "{token} {certificate} {answer:?}");
        match expected {
            401 => assert_eq!(answer.error().1, "UNAUTHORISED"),
            403 => assert_eq!(answer.error().1, "FORBIDDEN"),
            _ => {}
        }
    }
}

#[tokio::test]
async fn account_resources_follow_table_7_2() {
    let world = World::start().await;
    check(&world, None, "token-aisp", [200, 200, 403, 200, 403]).await;
    check(&world, None, "token-pisp", [403; 5]).await;
    check(&world, None, "token-no-scope", [403; 5]).await;
    check(&world, None, "token-other", [401, 401, 401, 401, 403]).await;
    check(&world, None, "", [401, 401, 401, 401, 403]).await;
}

#[tokio::test]
async fn payment_resources_follow_table_7_3() {
    let world = World::start().await;
    let accounts = call(&world, None, "token-aisp", "").await.json();
    let iban = accounts["accounts"][0]["identification"]["iban"].as_str().unwrap();
    let payment = Some(iban);
    check(&world, payment, "token-pisp", [200, 403, 200, 200, 403]).await;
    check(&world, payment, "token-aisp", [403; 5]).await;
    check(&world, payment, "token-no-scope", [403; 5]).await;
    check(&world, payment, "token-other", [401, 401, 401, 401, 403]).await;
    check(&world, payment, "", [401, 401, 401, 401, 403]).await;
}

/// Bank-api fact 7.4.
#[tokio::test]
async fn the_alternatives_of_the_tables_can_be_turned_on() {
    let world = World::start().await;
    world.bank.update_knobs(|knobs| {
        knobs.no_psd_status = Knob::always(403).with(Rule::to(401).times(1));
        knobs.no_scope =
            Knob::always(NoScope::Spring).with(Rule::to(NoScope::Unauthorised).times(1));
    });
    check(&world, None, "token-aisp", [200, 200, 403, 200, 401]).await;
    check(&world, None, "token-aisp", [200, 200, 403, 200, 403]).await;
    let refused = call(&world, None, "token-no-scope", "").await;
    assert_eq!(refused.error(), (401, "UNAUTHORISED".to_owned(), String::new()));
    let refused = Answer::raw(send(&world, None, "token-no-scope", "").await).await;
    assert_eq!(refused.status, 403);
    let error = "Insufficient scope for this resource";
    let body =
        json!({ "error": "insufficient_scope", "error_description": error, "scope": "aisp" });
    assert_eq!(refused.json(), body);
    let challenge = "Bearer error=\"insufficient_scope\", error_description=\"Insufficient scope for \
                     this resource\", scope=\"aisp\"";
    assert_eq!(refused.header("www-authenticate"), challenge);
    let payment = send(&world, Some("CZ6907101781240000004159"), "token-aisp", "").await;
    let payment = Answer::raw(payment).await;
    assert_eq!(payment.json()["scope"], "pisp");
}

#[tokio::test]
async fn standing_orders_follow_table_7_2() {
    let world = World::start().await;
    let list = || (Method::GET, "/my/standingorders");
    for (token, expected) in [
        ("token-aisp", [200, 200, 403, 200, 403]),
        ("token-pisp", [403; 5]),
        ("token-no-scope", [403; 5]),
        ("token-other", [401, 401, 401, 401, 403]),
        ("", [401, 401, 401, 401, 403]),
    ] {
        for (certificate, expected) in CERTIFICATES.into_iter().zip(expected) {
            let answer = pay(&world, list(), (token, certificate), &Value::Null).await;
            assert_eq!(answer.status.as_u16(), expected, "{token} {certificate}");
        }
    }
}

/// A call of a payment resource with `certificate-all` unless said otherwise.
async fn pay(
    world: &World,
    (method, path): (Method, &str),
    (token, certificate): (&str, &str),
    body: &Value,
) -> Answer {
    let sandbox = world.bank.sandbox_addr().unwrap();
    let mut request = world.call_at(sandbox, &world.without_certificate(), method, path);
    if !token.is_empty() {
        request = request.bearer_auth(token);
    }
    if !certificate.is_empty() {
        request = request.header("x-client-certificate", certificate);
    }
    Answer::read(request.body(body.to_string()).send().await.unwrap()).await
}

/// A payment of the sandbox: its path and the path of its signing.
async fn initiated(world: &World) -> (String, String) {
    let accounts = call(world, None, "token-aisp", "").await.json();
    let body = json!({
        "paymentIdentification": { "instructionIdentification": reference() },
        "amount": { "instructedAmount": { "value": 1, "currency": "CZK" } },
        "debtorAccount": { "identification": accounts["accounts"][0]["identification"]["iban"]
            .as_str().map(|iban| json!({ "iban": iban })).unwrap() },
        "creditorAccount": { "identification": { "iban": ELSEWHERE } },
    });
    let answer = pay(world, (Method::POST, "/my/payments"), ("token-pisp", ""), &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let answer = answer.json();
    let id = answer["transactionIdentification"].as_str().unwrap();
    let sign = answer["signInfo"]["signId"].as_str().unwrap();
    (format!("/my/payments/{id}"), format!("/my/payments/{id}/sign/{sign}"))
}

#[tokio::test]
async fn every_payment_resource_follows_table_7_3() {
    let world = World::start().await;
    let (payment, sign) = initiated(&world).await;
    let status = format!("{payment}/status");
    let start = format!("{payment}/sign");
    let sms = json!({ "authorizationType": "SMS" });
    let table = [
        ("token-pisp", [200, 403, 200, 200, 403]),
        ("token-aisp", [403; 5]),
        ("token-no-scope", [403; 5]),
        ("token-other", [401, 401, 401, 401, 403]),
        ("", [401, 401, 401, 401, 403]),
    ];
    for (token, expected) in table {
        for (certificate, expected) in CERTIFICATES.into_iter().zip(expected) {
            for (method, path) in [
                (Method::GET, &payment),
                (Method::POST, &start),
                (Method::GET, &sign),
                (Method::POST, &sign),
                (Method::PUT, &sign),
            ] {
                let answer = pay(&world, (method, path), (token, certificate), &sms).await;
                assert_eq!(answer.status.as_u16(), expected, "{path} {token} {certificate}");
            }
            // the status asks for the certificate only
            let answer = pay(&world, (Method::GET, &status), (token, certificate), &sms).await;
            let allowed = !matches!(certificate, "certificate-aisp" | "certificate-no-psd");
            let expected = if allowed { 200 } else { 403 };
            assert_eq!(answer.status.as_u16(), expected, "{token} {certificate}");
            let cards = (Method::POST, "/accounts/balanceCheck");
            let answer = pay(&world, cards, (token, certificate), &sms).await;
            assert_eq!(answer.error().1, "FORBIDDEN");
        }
    }
    for (certificate, expected) in CERTIFICATES.into_iter().zip([200, 403, 200, 200, 403]) {
        let (payment, _) = initiated(&world).await;
        let delete = (Method::DELETE, &*payment);
        let answer = pay(&world, delete, ("token-pisp", certificate), &Value::Null).await;
        assert_eq!(answer.status.as_u16(), expected, "{certificate}");
    }
}

#[tokio::test]
async fn a_payment_of_the_sandbox_is_signed_by_a_fixed_code_or_in_the_banks_pages() {
    let world = World::start().await;
    let who = ("token-pisp", "");
    let (payment, sign) = initiated(&world).await;
    pay(&world, (Method::POST, &sign), who, &json!({ "authorizationType": "SMS" })).await;
    let code = json!({ "authorizationType": "SMS", "oneTimePassword": "12345678" });
    let signed = pay(&world, (Method::PUT, &sign), who, &code).await.json();
    assert_eq!(signed["state"], "DONE");
    let status = pay(&world, (Method::GET, &format!("{payment}/status")), who, &code).await;
    assert_eq!(status.json()["instructionStatus"], "ACSP");
    // nobody outside sees it
    let path = format!("{}/status", payment.replace("/my", ""));
    let outside = world.request(&world.tpp, &path).send().await.unwrap();
    assert_eq!(Answer::read(outside).await.error().1, "TRANSACTION_MISSING");

    let (_, sign) = initiated(&world).await;
    let home = "https://app.example/signed";
    let body = json!({ "authorizationType": "USERAGENT_REDIRECT", "redirectUrl": home });
    let begun = pay(&world, (Method::POST, &sign), who, &body).await.json();
    let mut browser = Browser::new(&world);
    browser.open(begun["href"]["url"].as_str().unwrap()).await;
    let asks = "Platbu zadala: <strong>aplikace v sandboxu</strong>";
    assert!(browser.page.text.contains(asks), "{}", browser.page.text);
    browser.log_in(&world, "jana").await;
    browser.confirm_sms().await;
    assert!(browser.left_to.starts_with(home), "{}", browser.left_to);
    let ended = pay(&world, (Method::PUT, &sign), who, &body).await.json();
    assert_eq!(ended["state"], "DONE");
}

#[tokio::test]
async fn an_unknown_certificate_comes_before_everything_else() {
    let world = World::start().await;
    let answer = call(&world, None, "token-aisp", "certificate-x").await;
    assert_eq!(answer.error().1, "UNAUTHORISED");
}

#[tokio::test]
async fn sandbox_tokens_are_worth_nothing_in_production_and_the_other_way_round() {
    let world = World::start().await;
    assert_eq!(world.api("token-aisp", "/my/accounts").await.status, 401);
    let tokens = world.connect("jana", "aisp").await;
    let answer = call(&world, None, tokens["access_token"].as_str().unwrap(), "").await;
    assert_eq!(answer.status, 401);
}

#[tokio::test]
async fn headers_are_demanded_as_everywhere() {
    let world = World::start().await;
    let sandbox = world.bank.sandbox_addr().unwrap();
    let url = format!("https://{sandbox}/psd2-cobs/cobs/2.0/my/accounts");
    let bare = async || {
        let request = world.without_certificate().get(&url).bearer_auth("token-aisp");
        Answer::read(request.send().await.unwrap()).await
    };
    let refused = bare().await;
    assert_eq!(refused.error(), (400, "PARAMETER_INVALID".to_owned(), "Content-Type".to_owned()));
    world.bank.update_knobs(|knobs| knobs.strict_headers = false.into());
    assert_eq!(bare().await.status, 200);
}
