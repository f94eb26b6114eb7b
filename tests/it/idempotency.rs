//! One order, one key, one payment at the bank (P27, C21), whatever gets lost, dies or asks again.

use std::sync::Arc;
use std::time::Duration;

use bank_sim::ApiReply;
use demo::Options;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::common::{holds, problem, refreshes};
use crate::database::Database;
use crate::doomed::Doomed;
use crate::payer::{Payer, call, connect, key, with_json};
use crate::place::contents;

/// First byte and body of [`hasty`]'s limits, and the slack.
const LOST: Duration = Duration::from_secs(2 + 2 + 15);

/// With limits of two seconds.
async fn hasty() -> Payer {
    let limit_settings = "first_byte_seconds = 2\nidle_seconds = 2\ntotal_seconds = 2".to_owned();
    Payer::with(Options { limit_settings, ..Options::stepped() }).await
}

/// The same order under the same key is the bank's answer again, word for word; at every broker of the store.
#[tokio::test]
async fn the_same_order_is_entered_once() {
    let payer = Payer::start().await;
    let (body, key) = (payer.domestic(), key());
    let first = payer.pay(&body, &key).await;
    assert_eq!(first.status, 200, "{}", first.text);
    let node = payer.world.join().await.unwrap();
    let other = payer.browser.through(node.address);
    for browser in [&payer.browser, &other] {
        let again =
            call(browser, &payer.id, (Method::POST, "/my/payments"), Some(&body), Some(&key));
        let again = again.await;
        assert_eq!((again.status, &again.text), (first.status, &first.text));
        assert_eq!(again.headers["content-type"], "application/json");
    }
    assert_eq!(payer.sent(&Method::POST).len(), 1);
    node.stop().await;
}

/// Thirty calls at once, at two brokers: one payment; the others are told to ask again, or the answer.
#[tokio::test]
async fn of_thirty_calls_at_two_brokers_one_goes_out() {
    let payer = Payer::start().await;
    // an answer of a second or two
    payer.answers("/my/payments", ApiReply::Drip { delay: Duration::from_millis(2) });
    let node = payer.world.join().await.unwrap();
    let browsers = [payer.world.address, node.address];
    let browsers = browsers.map(|address| Arc::new(payer.browser.through(address)));
    let (body, key) = (payer.domestic(), key());
    let mut calls = JoinSet::new();
    for browser in browsers.iter().cycle().take(30) {
        let (browser, id) = (browser.clone(), payer.id.clone());
        let (body, key) = (body.clone(), key.clone());
        calls.spawn(async move {
            let target = (Method::POST, "/my/payments");
            let answer = call(&browser, &id, target, Some(&body), Some(&key)).await;
            if answer.status == 429 {
                assert_eq!(problem(&answer, 429, "rate_limited")["retry_after"], 1);
            }
            answer.status.as_u16()
        });
    }
    let told = calls.join_all().await;
    assert!(told.iter().all(|status| matches!(status, 200 | 429)), "{told:?}");
    assert!(told.contains(&200) && told.contains(&429), "{told:?}");
    assert_eq!(payer.sent(&Method::POST).len(), 1);
    let answer = payer.pay(&body, &key).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(payer.sent(&Method::POST).len(), 1);
    node.stop().await;
}

/// A key is needed where an order is entered, well formed and once; it belongs to one order.
#[tokio::test]
async fn a_key_names_one_order() {
    let payer = Payer::start().await;
    let (body, good) = (payer.domestic(), key());
    let path = format!("/connections/{}/api/my/payments", payer.id);
    for keys in [
        vec![],
        vec!["short"],
        vec!["fifteen-letters"],
        vec!["a key with blanks in it"],
        vec!["a-key-with-a-slash/in-it"],
        vec!["0123456789012345678901234567890123456789012345678901234567890123x"],
        vec!["one-key-of-a-call", "two-key-of-a-call"],
    ] {
        let request = with_json(&payer.browser, &Method::POST, &path, &body);
        let request = keys.iter().fold(request, |it, key| it.header("idempotency-key", *key));
        problem(&payer.browser.send(request).await.unwrap(), 400, "invalid_request");
    }
    assert!(payer.sent(&Method::POST).is_empty());
    assert_eq!(payer.pay(&body, &good).await.status, 200);
    let mut other = body.clone();
    other["amount"]["instructedAmount"]["value"] = json!(151);
    problem(&payer.pay(&other, &good).await, 400, "invalid_request");
    assert_eq!(payer.sent(&Method::POST).len(), 1);
}

/// A refusal of the bank is kept as well: an order that it refused is not entered behind the person's back.
#[tokio::test]
async fn a_refusal_is_told_again() {
    let payer = Payer::start().await;
    let (mut body, key) = (payer.domestic(), key());
    body["creditorAccount"]["identification"]["iban"] = json!("CZ0000000000000000000000");
    let first = problem(&payer.pay(&body, &key).await, 422, "bank_refused");
    assert!(first["bank_codes"].is_array(), "{first}");
    let again = problem(&payer.pay(&body, &key).await, 422, "bank_refused");
    assert_eq!((&again["bank_codes"], &again["detail"]), (&first["bank_codes"], &first["detail"]));
    assert_eq!(payer.sent(&Method::POST).len(), 1);
    assert_eq!(payer.orders().await[0]["outcome"], "refused");
}

/// P15, P27: the bank has entered it and its answer is lost, in every way it can be. Nobody sends it again.
#[tokio::test]
async fn a_lost_answer_is_told_as_unknown() {
    let payer = hasty().await;
    for reply in [
        ApiReply::DropAfterCommit,
        ApiReply::Reset,
        ApiReply::Truncated,
        ApiReply::BrokenJson,
        ApiReply::Hang,
        ApiReply::Status(500),
        ApiReply::Retry { status: 200, retry_after: "1".to_owned() }, // and nothing in it
        ApiReply::Retry { status: 503, retry_after: "1".to_owned() },
        ApiReply::Html("<p>canary</p>".to_owned()),
        ApiReply::Redirect("https://evil.example/canary".to_owned()),
        ApiReply::Huge { bytes: 3 * 1024 * 1024 },
        ApiReply::Drip { delay: Duration::from_millis(500) },
    ] {
        payer.world.bank.clear_requests();
        payer.answers("/my/payments", reply.clone());
        let (body, key) = (payer.domestic(), key());
        for _ in 0..3 {
            let answer = payer.pay(&body, &key).await;
            problem(&answer, 502, "outcome_unknown");
            assert!(!answer.text.contains("canary"), "{reply:?}");
        }
        assert_eq!(payer.sent(&Method::POST).len(), 1, "{reply:?}: never again");
        assert!(refreshes(&payer.world).is_empty(), "{reply:?}");
        let order = &payer.orders().await[0];
        assert_eq!(
            (&order["key"], &order["outcome"]),
            (&json!(key), &json!("unknown")),
            "{reply:?}"
        );
        assert_eq!(order["answer"], Value::Null);
    }
}

/// Where the bank has certainly not looked at it, the key is free: a certificate it does not know, a token it
/// does not take, too many calls, no bank at all.
#[tokio::test]
async fn what_certainly_did_not_arrive_may_be_tried_again() {
    let payer = Payer::start().await;
    let (body, key) = (payer.domestic(), key());
    payer.answers("/my/payments", ApiReply::InvalidToken);
    problem(&payer.pay(&body, &key).await, 422, "bank_refused");
    assert_eq!((payer.sent(&Method::POST).len(), refreshes(&payer.world).len()), (1, 0), "P15");
    payer.answers("/my/payments", ApiReply::Retry { status: 429, retry_after: "7".to_owned() });
    let patience = problem(&payer.pay(&body, &key).await, 429, "rate_limited");
    assert_eq!(patience["retry_after"], 7);
    assert!(payer.orders().await.is_empty());
    let entered = payer.pay(&body, &key).await;
    assert_eq!(entered.status, 200, "{}", entered.text);
    assert_eq!(payer.sent(&Method::POST).len(), 3);
}

/// No connection to the bank: `bank_unavailable`, and nothing is kept.
#[tokio::test]
async fn a_bank_that_cannot_be_reached_has_taken_nothing() {
    let mut payer = Payer::start().await;
    let config = payer.world.folder.join("bankconnect.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let door = payer.world.bank.tls_addr().to_string();
    std::fs::write(&config, text.replace(&door, "127.0.0.1:9")).unwrap();
    payer.world.restart_broker().await.unwrap();
    let (body, key) = (payer.domestic(), key());
    problem(&payer.pay(&body, &key).await, 502, "bank_unavailable");
    assert!(payer.orders().await.is_empty());
    std::fs::write(&config, text).unwrap();
    payer.world.restart_broker().await.unwrap();
    assert_eq!(payer.pay(&body, &key).await.status, 200);
    assert_eq!(payer.sent(&Method::POST).len(), 1);
}

/// A page that goes away takes nothing along: the call goes on, and its answer is kept.
#[tokio::test]
async fn a_page_that_goes_away_finds_its_order_again() {
    let payer = Payer::start().await;
    // an answer of a second or two
    payer.answers("/my/payments", ApiReply::Drip { delay: Duration::from_millis(2) });
    let (body, key) = (payer.domestic(), key());
    let gone = payer.pay(&body, &key);
    assert!(tokio::time::timeout(Duration::from_millis(300), gone).await.is_err());
    let path = format!("/connections/{}/orders/{key}", payer.id);
    assert_eq!(payer.browser.get(&path).await.unwrap().json()["outcome"], "in_flight");
    let in_flight = payer.browser.delete(&path).await.unwrap();
    assert_eq!(problem(&in_flight, 429, "rate_limited")["retry_after"], 1);
    let order = loop {
        let order = payer.browser.get(&path).await.unwrap().json();
        if order["outcome"] != "in_flight" {
            break order;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(order["outcome"], "answered");
    let told = payer.pay(&body, &key).await;
    assert_eq!(told.json(), order["answer"]);
    assert_eq!(payer.sent(&Method::POST).len(), 1);
}

/// `kill -9` with the order on its way, before and after the bank got it: it is in flight until no answer can
/// come any more, then unknown; and never sent by anybody else.
#[tokio::test]
async fn a_killed_broker_leaves_no_second_payment() {
    for (waypoint, sent) in [("OrderBegun", 0), ("OrderAnswered", 1)] {
        let payer = hasty().await;
        let (body, key) = (payer.domestic(), key());
        let mut doomed = Doomed::start(&payer.world, &payer.browser, waypoint).await;
        let path = format!("/connections/{}/api/my/payments", payer.id);
        let request = with_json(&doomed.browser, &Method::POST, &path, &body);
        tokio::spawn(request.header("idempotency-key", &key).send());
        doomed.arrives().await;
        doomed.kill().await;
        assert_eq!(problem(&payer.pay(&body, &key).await, 429, "rate_limited")["retry_after"], 1);
        assert_eq!(payer.orders().await[0]["outcome"], "in_flight");
        payer.world.advance(LOST);
        problem(&payer.pay(&body, &key).await, 502, "outcome_unknown");
        assert_eq!(payer.orders().await[0]["outcome"], "unknown");
        assert_eq!(payer.sent(&Method::POST).len(), sent, "{waypoint}");
    }
}

/// C18 to C20: a key is its connection's. Another connection, or another person, neither sees nor disturbs it.
#[tokio::test]
async fn a_key_is_one_connections_own() {
    let payer = Payer::start().await;
    let (body, key) = (payer.domestic(), key());
    let mine = payer.pay(&body, &key).await.json();
    let other = &payer.world.bank.credentials()[1];
    let stranger = payer.world.browser().as_customer(&other.username, &other.password);
    let theirs = connect(&stranger, "pisp").await;
    for (connection, status) in [(&payer.id, 401), (&theirs, 404)] {
        let path = format!("/connections/{connection}/orders/{key}");
        assert_eq!(stranger.get(&path).await.unwrap().status, status);
        assert_eq!(stranger.delete(&path).await.unwrap().status, status);
    }
    let listed = stranger.get(&format!("/connections/{theirs}/orders")).await.unwrap();
    assert_eq!(listed.json(), json!({ "orders": [] }));
    // the same key there is another order: the bank is asked, and says what it thinks of a foreign account
    let target = (Method::POST, "/my/payments");
    let answer = call(&stranger, &theirs, target, Some(&body), Some(&key)).await;
    assert_ne!(answer.json(), mine);
    assert_eq!(payer.sent(&Method::POST).len(), 2);
    assert_eq!(payer.pay(&body, &key).await.json(), mine);
    // nor does the person's own connection for accounts
    let path = format!("/connections/{}/orders", payer.reading);
    assert_eq!(payer.browser.get(&path).await.unwrap().json(), json!({ "orders": [] }));
}

/// T02, P34: nothing of an order lies readable in the store.
#[tokio::test]
async fn no_order_lies_readable_in_the_store() {
    let payer = Payer::start().await;
    assert_eq!(payer.pay(&payer.domestic(), &key()).await.status, 200);
    let bytes = contents(&payer.world);
    assert!(holds(&bytes, "order-key-"), "the order is there");
    let secret =
        [&payer.ibans[0], crate::payer::ELSEWHERE, "canary of the payer", "150.5", "signId"];
    for word in secret {
        assert!(!holds(&bytes, word), "{word}");
    }
}

/// Kept for 7 days, and gone with the connection at once.
#[tokio::test]
async fn orders_end() {
    let payer = Payer::start().await;
    assert_eq!(payer.pay(&payer.domestic(), &key()).await.status, 200);
    payer.world.advance(Duration::from_secs(7 * 86_400 - 1));
    assert_eq!(payer.orders().await.len(), 1);
    payer.world.advance(Duration::from_secs(1));
    assert!(payer.orders().await.is_empty());
    let answer = payer.pay(&payer.domestic(), &key()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(rows(&payer).await > 0);
    let path = format!("/connections/{}", payer.id);
    assert_eq!(payer.browser.delete(&path).await.unwrap().status, 200);
    assert_eq!(rows(&payer).await, 0);
}

/// How many orders the store holds.
async fn rows(payer: &Payer) -> i64 {
    Database::of(&payer.world).await.rows("orders").await
}
