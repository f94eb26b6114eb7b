//! What calls may say: JSON bodies, scopes, providers, and the words the browser draws.

use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{problem, world};

const STATE: &str = "bc1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

fn start() -> Value {
    json!({ "provider": "cnb", "scopes": ["aisp"], "state": STATE, "code_challenge": CHALLENGE })
}

/// A body that is not what the call takes: broken, incomplete, of another type, with a field too
/// many. The answer quotes nothing of it.
#[tokio::test]
async fn a_body_that_is_not_the_json_of_the_call_is_refused() {
    let world = world().await;
    let browser = world.browser();
    let good = start().to_string();
    let mut more = start();
    more["canary"] = json!(1);
    for path in ["/authorizations", "/authorizations/callback", "/connections"] {
        for body in ["", "{", "[]", "null", "\"x\"", "{}", "{\"provider\":1}", &more.to_string()] {
            let request = browser.request(&Method::POST, path);
            let request = request.header("content-type", "application/json").body(body.to_owned());
            let answer = browser.send(request).await.unwrap();
            problem(&answer, 400, "invalid_request");
            assert!(!answer.text.contains("canary"), "{}", answer.text);
        }
    }
    let twice = good.replace('{', "{\"provider\":\"cnb\",");
    let request = browser.request(&Method::POST, "/authorizations");
    let request = request.header("content-type", "application/json").body(twice);
    problem(&browser.send(request).await.unwrap(), 400, "invalid_request");
    for media in [None, Some("text/plain"), Some("application/x-www-form-urlencoded")] {
        let mut request = browser.request(&Method::POST, "/authorizations").body(good.clone());
        if let Some(media) = media {
            request = request.header("content-type", media);
        }
        problem(&browser.send(request).await.unwrap(), 400, "invalid_request");
    }
    assert!(browser.cookie_header().is_none(), "nobody got a session by it");
}

/// P18: 100 KiB, announced or in chunks.
#[tokio::test]
async fn a_body_too_large_is_refused() {
    let world = world().await;
    let browser = world.browser();
    let mut body = start();
    body["provider"] = json!("x".repeat(100 * 1024));
    let body = body.to_string();
    problem(&browser.post("/authorizations", &json!(body)).await.unwrap(), 413, "too_large");
    let mut wire = format!(
        "POST /bank/authorizations HTTP/1.1\r\nhost: app.example\r\norigin: https://app.example\r\n\
         x-bankconnect: 1\r\ncontent-type: application/json\r\nconnection: close\r\n\
         transfer-encoding: chunked\r\n\r\n{:x}\r\n",
        body.len()
    );
    wire.push_str(&body);
    wire.push_str("\r\n0\r\n\r\n");
    let answer = crate::common::raw(&world, &wire).await;
    assert_eq!((answer.status, &*answer.code()), (413, "too_large"), "{}", answer.text);
}

/// ČNB takes one scope per authorization, of those the provider offers.
#[tokio::test]
async fn scopes_are_checked_before_the_bank_sees_them() {
    let world = world().await;
    let browser = world.browser();
    for scopes in [
        json!([]),
        json!(["aisp", "pisp"]),
        json!(["aisp", "aisp"]),
        json!(["AISP"]),
        json!(["cisp"]),
        json!(["aisp pisp"]),
        json!([""]),
    ] {
        let mut body = start();
        body["scopes"] = scopes;
        let answer = browser.post("/authorizations", &body).await.unwrap();
        problem(&answer, 400, "invalid_request");
    }
    assert!(world.bank.requests().is_empty());
}

/// K03: only what the package draws is taken for a state or a challenge.
#[tokio::test]
async fn malformed_state_or_challenge_is_refused() {
    let world = world().await;
    let browser = world.browser();
    for state in ["", "bc1.", "x", &STATE[4..], &format!("{STATE}A"), "bc1.\u{e1}"] {
        let mut body = start();
        body["state"] = json!(state);
        let answer = browser.post("/authorizations", &body).await.unwrap();
        problem(&answer, 400, "invalid_request");
    }
    for challenge in ["", "x", &CHALLENGE[1..], &format!("{CHALLENGE}A"), &"=".repeat(43)] {
        let mut body = start();
        body["code_challenge"] = json!(challenge);
        let answer = browser.post("/authorizations", &body).await.unwrap();
        problem(&answer, 400, "invalid_request");
    }
}

/// K05: a state stands for one attempt; the second start under it must not take the first one's
/// place, and is the caller's mistake, not the broker's failure.
#[tokio::test]
async fn a_state_used_twice_is_refused() {
    let world = world().await;
    let browser = world.browser();
    assert_eq!(browser.post("/authorizations", &start()).await.unwrap().status, 200);
    let twice = browser.post("/authorizations", &start()).await.unwrap();
    problem(&twice, 400, "invalid_request");
    let stranger = world.browser().post("/authorizations", &start()).await.unwrap();
    problem(&stranger, 400, "invalid_request");
}

/// Each provider is connected in its own way.
#[tokio::test]
async fn a_provider_is_connected_by_its_own_call() {
    let world = world().await;
    let browser = world.browser();
    let mut body = start();
    for provider in ["", "nobody", "CNB", "../cnb"] {
        body["provider"] = json!(provider);
        problem(&browser.post("/authorizations", &body).await.unwrap(), 404, "not_found");
        let prepared = json!({ "provider": provider, "token": "token-aisp" });
        problem(&browser.post("/connections", &prepared).await.unwrap(), 404, "not_found");
    }
    body["provider"] = json!("cnb-sandbox");
    problem(&browser.post("/authorizations", &body).await.unwrap(), 400, "invalid_request");
    let prepared = json!({ "provider": "cnb", "token": "token-aisp" });
    problem(&browser.post("/connections", &prepared).await.unwrap(), 400, "invalid_request");
    assert!(world.bank.requests().is_empty());
}

/// T25: a session has at most sixteen attempts open; the oldest gives way.
#[tokio::test]
async fn the_oldest_attempt_gives_way() {
    let world = crate::common::stepped().await;
    let browser = world.browser();
    let oldest = browser.start("cnb", "aisp").await.unwrap();
    let landing = browser.consent(&oldest).await.unwrap();
    let mut newest = None;
    for _ in 0..16 {
        world.advance(std::time::Duration::from_secs(1));
        newest = Some(browser.start("cnb", "pisp").await.unwrap());
    }
    let answer = browser.finish(&oldest, &landing).await.unwrap();
    problem(&answer, 400, "authorization_expired");
    let newest = newest.unwrap();
    let landing = browser.consent(&newest).await.unwrap();
    assert_eq!(browser.finish(&newest, &landing).await.unwrap().status, 200);
    assert_eq!(browser.cookie_header().unwrap().matches('=').count(), 1, "K26: one cookie");
}

/// C37: parameters of the page's own URL never shape the authorization request.
#[tokio::test]
async fn extra_parameters_do_not_reach_the_authorization_url() {
    let world = world().await;
    let browser = world.browser();
    let path = "/authorizations?scope=pisp&redirect_uri=https://evil.example&prompt=none";
    let answer = browser.post(path, &start()).await.unwrap();
    let url = answer.json()["authorization_url"].as_str().unwrap().to_owned();
    assert!(!url.contains("evil") && !url.contains("pisp") && !url.contains("prompt"), "{url}");
}
