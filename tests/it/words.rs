//! What a bank's error code means is told in words: to the person in their language, to the operator in the
//! log (requirements K34, P23).

use bank_sim::ApiReply;
use demo::World;
use demo::browser::{Answer, Browser};
use reqwest::Method;
use serde_json::json;

use crate::common::{connected, landed, problem, stepped};
use crate::logs;

const CANARY: &str = "canary of the bank";

async fn asks(browser: &Browser, id: &str, language: Option<&str>) -> Answer {
    let path = format!("/connections/{id}/api/my/accounts");
    let mut request = browser.request(&Method::GET, &path);
    if let Some(language) = language {
        request = request.header("accept-language", language);
    }
    browser.send(request).await.unwrap()
}

fn refuses(world: &World, code: &str) {
    let reply = ApiReply::Error { status: 400, code: code.to_owned() };
    world.bank.update_knobs(|knobs| knobs.api_reply = reply.into());
}

/// Each person in their language, and the operator what to do.
#[tokio::test]
async fn a_known_code_is_told_in_words() {
    logs::begin();
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    refuses(&world, " ac09");
    for (asked, told, tag) in [
        (None, "The account is not held in this currency.", "en"),
        (Some("cs-CZ,cs;q=0.9,en;q=0.8"), "Účet není veden v této měně.", "cs"),
        (Some("de,en;q=0.5,cs;q=0.4"), "The account is not held in this currency.", "en"),
    ] {
        let answer = asks(&browser, &id, asked).await;
        let body = problem(&answer, 422, "bank_refused");
        assert_eq!((&body["detail"], &body["bank_codes"]), (&json!(told), &json!(["AC09"])));
        assert_eq!(answer.headers["content-language"], tag);
    }
    let line = logs::requests().pop().unwrap();
    let advice = "The account is not held in this currency, or the bank does not support it.";
    assert_eq!((&line["level"], &line["advice"]), (&json!("WARN"), &json!(advice)));
}

/// Families of codes from all over the standards have words; a code that nobody defined has ours for that.
#[tokio::test]
async fn every_family_of_codes_has_words() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    refuses(&world, CANARY);
    let unknown = problem(&asks(&browser, &id, Some("cs")).await, 422, "bank_refused");
    assert_eq!(unknown["bank_codes"], json!(null), "left out");
    for code in [
        "FORBIDDEN",
        "ID_NOT_FOUND",
        "PARAMETER_INVALID",
        "FIELD_MISSING",
        "RR10",
        "DT01",
        "AM12",
        "AG01",
        "AUTH_LIMIT_EXCEEDED",
        "NO_PART",
        "CNOR",
        "TOO_MANY_PMTS",
        "NOT_IMPLEMENTED",
    ] {
        refuses(&world, code);
        let body = problem(&asks(&browser, &id, Some("cs")).await, 422, "bank_refused");
        assert_ne!(body["detail"], unknown["detail"], "{code}");
        assert!(!body["detail"].as_str().unwrap().contains(code), "words, no code: {body}");
    }
}

/// A refusal of the authorization server, in words.
#[tokio::test]
async fn a_refused_code_is_told_in_words() {
    let world = stepped().await;
    let (browser, attempt, landing) = landed(&world).await;
    assert_eq!(browser.finish(&attempt, &landing).await.unwrap().status, 200);
    let second = browser.start("cnb", "aisp").await.unwrap();
    let code = landing.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let query = format!("code={code}&state={}", second.state);
    let page = "https://app.example/callback";
    let answer = browser.finish_with(page, &query, &second.verifier).await.unwrap();
    let body = problem(&answer, 422, "bank_refused");
    assert_eq!(body["detail"], "The login is no longer valid. Connect the bank again.");
}
