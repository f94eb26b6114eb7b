//! An operator pauses all that goes to a bank: nothing is lost by it, and what takes access away goes out (F.18).

use std::time::Duration;

use demo::World;
use reqwest::Method;
use serde_json::{Value, json};

use crate::cli::{Said, run};
use crate::common::{
    REVOKE, accounts, connected, exchanges, health, landed, live_tokens, problem, refreshes, seen,
};
use crate::door::{ask, get, options, world};
use crate::load::two_banks;
use crate::logs;

async fn freeze(world: &World, arguments: &[&str]) -> Said {
    let said = run(&world.folder, arguments).await;
    assert_eq!(said.code, 0, "{}", said.err);
    said
}

/// Waits until the broker has taken up what the store says.
async fn taken_up(world: &World, provider: &str, frozen: bool) {
    for _ in 0..1500 {
        if health(world, provider).await["frozen_since"].is_string() == frozen {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never taken up");
}

fn is_frozen(answer: &demo::browser::Answer) {
    let body = problem(answer, 503, "bank_unavailable");
    let told = body["detail"].as_str().unwrap();
    assert!(told.contains("paused") && told.contains("Nothing is lost"), "{told}");
}

/// While a bank is frozen its status is told and a disconnect reaches it; nothing else does, and no read without the
/// person is counted. Another bank is none of it.
#[tokio::test]
async fn a_frozen_bank_gets_revocations_only() {
    let world = two_banks(options()).await;
    let (browser, id) = connected(&world).await;
    let (other, going) = connected(&world).await;
    let account = accounts(&browser, &id).await.json()["accounts"][0]["id"].clone();
    let balance =
        format!("/connections/{id}/api/my/accounts/{}/balance", account.as_str().unwrap());
    let elsewhere = world.browser();
    let elsewhere_id = elsewhere.connect("other", "aisp").await.unwrap();
    logs::begin();
    let said =
        freeze(&world, &["freeze", "--provider", "cnb", "--reason", "key leaked", "--json"]).await;
    assert_eq!(said.json()["freezes"][0]["reason"], "key leaked");
    taken_up(&world, "cnb", true).await;
    world.bank.clear_requests();
    is_frozen(&accounts(&browser, &id).await);
    is_frozen(&get(&world, &balance).await);
    let (state, challenge) = (format!("bc1.{}", "a".repeat(43)), "b".repeat(43));
    let start = json!({ "provider": "cnb", "scopes": ["aisp"], "state": state, "code_challenge": challenge });
    is_frozen(&browser.post("/authorizations", &start).await.unwrap());
    assert!(world.bank.requests().is_empty(), "the bank is not touched");
    let one = browser.get(&format!("/connections/{id}")).await.unwrap().json();
    assert_eq!(one["status"], "connected");
    for path in ["/connections", "/providers", "/receipts", "/health/ready", "/health/live"] {
        assert_eq!(browser.get(path).await.unwrap().status, 200, "{path}");
    }
    assert_eq!(health(&world, "other").await["frozen_since"], Value::Null);
    assert_eq!(accounts(&elsewhere, &elsewhere_id).await.status, 200);
    let metrics = get(&world, "/metrics").await.text;
    assert!(metrics.contains("bankconnect_bank_frozen{provider=\"cnb\"} 1"), "{metrics}");
    assert!(metrics.contains("bankconnect_bank_frozen{provider=\"other\"} 0"), "{metrics}");
    let told = logs::events("frozen");
    assert!(
        told.iter().any(|line| line["reason"] == "key leaked" && line["level"] == "ERROR"),
        "{told:?}"
    );
    let doctor = run(&world.folder, &["doctor"]).await;
    assert!(doctor.code == 3 && doctor.out.contains("key leaked"), "{}", doctor.out);
    let gone = other.delete(&format!("/connections/{going}")).await.unwrap();
    assert_eq!(gone.status, 200, "{}", gone.text);
    assert!(["revoked", "shared"].contains(&gone.json()["at_bank"].as_str().unwrap()));
    freeze(&world, &["thaw", "--provider", "cnb"]).await;
    taken_up(&world, "cnb", false).await;
    for _ in 0..4 {
        let answer = get(&world, &balance).await;
        assert_eq!(answer.status, 200, "none was counted: {}", answer.text);
    }
    problem(&get(&world, &balance).await, 429, "rate_limited");
}

/// The revocation of a disconnect goes out from a frozen broker.
#[tokio::test]
async fn a_disconnect_reaches_a_frozen_bank() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    freeze(&world, &["freeze"]).await;
    taken_up(&world, "cnb", true).await;
    let gone = browser.delete(&format!("/connections/{id}")).await.unwrap().json();
    assert_eq!(gone["at_bank"], "revoked");
    assert!(live_tokens(&world).is_empty());
    assert_eq!(seen(&world, REVOKE).len(), 2);
}

/// A person who is at the bank when it is frozen loses nothing: the same callback is taken after the thaw. Tokens that
/// end meanwhile are renewed then, and no grant ends.
#[tokio::test]
async fn a_freeze_in_the_middle_costs_nothing() {
    let world = world().await;
    let (connected, id) = connected(&world).await;
    let credential = world.bank.credentials().remove(1);
    let browser = world.browser().as_customer(&credential.username, &credential.password);
    let attempt = browser.start("cnb", "aisp").await.unwrap();
    let landing = browser.consent(&attempt).await.unwrap();
    let before = exchanges(&world).len();
    freeze(&world, &["freeze", "--reason", "drill"]).await;
    taken_up(&world, "cnb", true).await;
    is_frozen(&browser.finish(&attempt, &landing).await.unwrap());
    is_frozen(&browser.finish(&attempt, &landing).await.unwrap());
    world.advance(Duration::from_secs(301));
    is_frozen(&accounts(&connected, &id).await);
    assert_eq!((exchanges(&world).len(), refreshes(&world).len()), (before, 0));
    freeze(&world, &["thaw"]).await;
    taken_up(&world, "cnb", false).await;
    assert_eq!(accounts(&connected, &id).await.status, 200);
    assert_eq!(refreshes(&world).len(), 1);
    let answer = browser.finish(&attempt, &landing).await.unwrap();
    // its code may have ended at the bank meanwhile; what counts is that it was asked, once
    assert!([200, 422].contains(&answer.status.as_u16()), "{}", answer.text);
    assert_eq!(exchanges(&world).len(), before + 1);
}

/// The same where the thaw comes in time: the person need not log in again.
#[tokio::test]
async fn a_short_freeze_asks_for_no_second_login() {
    let world = world().await;
    let (browser, attempt, landing) = landed(&world).await;
    let path = "/incidents/freeze";
    let told = ask(&world, Method::PUT, path, Some(json!({ "provider": "cnb" }))).await;
    assert_eq!(told.json()["freezes"][0]["provider"], "cnb", "{}", told.text);
    is_frozen(&browser.finish(&attempt, &landing).await.unwrap());
    ask(&world, Method::DELETE, &format!("{path}?provider=cnb"), None).await;
    assert_eq!(browser.finish(&attempt, &landing).await.unwrap().status, 200);
}

/// Every broker of the store takes it up, a new one before it answers anybody, and a restart changes nothing. What is
/// frozen by itself stays so when all are thawed.
#[tokio::test]
async fn every_broker_keeps_to_it() {
    let mut world = world().await;
    let (browser, id) = connected(&world).await;
    let node = world.join().await.unwrap();
    let other = browser.through(node.address);
    let path = "/incidents/freeze";
    let body = |provider: Value| Some(json!({ "provider": provider, "reason": "drill" }));
    ask(&world, Method::PUT, path, body(json!("cnb"))).await;
    let told = ask(&world, Method::PUT, path, body(Value::Null)).await.json();
    assert_eq!(told["freezes"].as_array().unwrap().len(), 2, "{told}");
    is_frozen(&accounts(&browser, &id).await);
    let mut frozen = false;
    for _ in 0..1500 {
        frozen = accounts(&other, &id).await.status == 503;
        if frozen {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(frozen, "the other broker has taken it up");
    world.restart_broker().await.unwrap();
    is_frozen(&accounts(&browser, &id).await);
    let third = world.join().await.unwrap();
    is_frozen(&accounts(&browser.through(third.address), &id).await);
    let prepared = json!({ "provider": "cnb-sandbox", "token": "token-aisp" });
    is_frozen(&world.browser().post("/connections", &prepared).await.unwrap());
    let told = ask(&world, Method::DELETE, path, None).await.json();
    assert_eq!(told["freezes"][0]["provider"], "cnb", "{told}");
    assert_eq!(world.browser().post("/connections", &prepared).await.unwrap().status, 201);
    is_frozen(&accounts(&browser, &id).await);
    ask(&world, Method::DELETE, &format!("{path}?provider=cnb"), None).await;
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(get(&world, path).await.json(), json!({ "freezes": [] }));
    for node in [node, third] {
        node.stop().await;
    }
}

/// What is wrong with a freeze is told, and nothing is frozen by it.
#[tokio::test]
async fn a_freeze_that_is_none_is_refused() {
    let world = world().await;
    let long = "x".repeat(201);
    for (wrong, code) in [
        (&["freeze", "--provider", "nobody"][..], 1),
        (&["freeze", "--reason", &long], 2),
        (&["freeze", "--reason", "two\nlines"], 2),
    ] {
        assert_eq!(run(&world.folder, wrong).await.code, code, "{wrong:?}");
    }
    let put = async |body: Value| ask(&world, Method::PUT, "/incidents/freeze", Some(body)).await;
    problem(&put(json!({ "provider": "nobody" })).await, 404, "not_found");
    problem(&put(json!({ "reason": long })).await, 400, "invalid_request");
    problem(&put(json!({ "all": true })).await, 400, "invalid_request");
    assert_eq!(get(&world, "/incidents/freeze").await.json(), json!({ "freezes": [] }));
    let said = run(&world.folder, &["thaw", "--provider", "cnb"]).await;
    assert!(said.code == 0 && said.out.contains("not frozen"), "{}", said.out);
}
