//! What stays of a connection that has ended (K41): for the person, for an auditor, and for how long.

use std::time::Duration;

use bank_sim::{Knob, Knobs, Refresh, RevokeReply};
use demo::browser::Browser;
use demo::{Options, World};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::cli::run;
use crate::common::{
    REVOKE, accounts, connected, eventually, holds, live_tokens, problem, refreshes, seen, start,
};
use crate::database::Database;
use crate::door::{get, options, world};

async fn disconnect(browser: &Browser, id: &str) -> Value {
    let answer = browser.delete(&format!("/connections/{id}")).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

async fn receipt(browser: &Browser, id: &Value) -> Value {
    let answer = browser.get(&format!("/receipts/{}", id.as_str().unwrap())).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

/// All receipts, as an auditor sees them.
async fn audited(world: &World) -> Vec<Value> {
    let body = get(world, "/receipts").await.json();
    body["receipts"].as_array().unwrap().clone()
}

/// Waits until an auditor sees as many receipts, none of them pending.
async fn settled(world: &World, number: usize) -> Vec<Value> {
    for _ in 0..1000 {
        let all = audited(world).await;
        if all.len() == number && all.iter().all(|one| one["at_bank"] != "pending") {
            return all;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never settled: {:?}", audited(world).await);
}

fn now(world: &World) -> String {
    Timestamp::from_second(i64::try_from(world.now()).unwrap()).unwrap().to_string()
}

/// K41: a bank that does not listen at first; the receipt follows, with the times of the clock, and ends with what the
/// bank has said. Person, auditor and command line are told the same.
#[tokio::test]
async fn a_receipt_follows_the_bank() {
    let reply = Knob::next(2, RevokeReply::Status(503));
    let knobs = Knobs { revoke_reply: reply, ..Knobs::default() };
    let world = start(Options { knobs, ..options() }).await;
    let (browser, id) = connected(&world).await;
    let began = now(&world);
    world.advance(Duration::from_secs(30));
    let ended = now(&world);
    let told = disconnect(&browser, &id).await;
    let expected = json!({
        "id": told["id"], "connection": id, "provider": "cnb", "scopes": ["aisp"],
        "connected_at": began, "disconnected_at": ended, "cause": "disconnected",
        "at_bank": "pending", "acknowledged_at": null, "tries": 1,
    });
    assert_eq!(told, expected);
    assert_eq!(receipt(&browser, &told["id"]).await, expected);
    world.advance(Duration::from_secs(31));
    eventually("the second try", || seen(&world, REVOKE).len() == 2).await;
    for _ in 0..1000 {
        if receipt(&browser, &told["id"]).await["tries"] == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(receipt(&browser, &told["id"]).await["at_bank"], "pending");
    world.advance(Duration::from_secs(61));
    let acknowledged = now(&world);
    let all = settled(&world, 1).await;
    let mut expected = expected;
    expected["at_bank"] = json!("revoked");
    expected["acknowledged_at"] = json!(acknowledged);
    expected["tries"] = json!(3);
    assert_eq!(receipt(&browser, &told["id"]).await, expected);
    assert_eq!(browser.get("/receipts").await.unwrap().json(), json!({ "receipts": [expected] }));
    expected["subject"] = json!(null);
    // SHA-256 of "200\n" and an empty body
    expected["bank_reply_sha256"] = all[0]["bank_reply_sha256"].clone();
    assert_eq!(all[0]["bank_reply_sha256"].as_str().unwrap().len(), 64);
    assert_eq!(all, vec![expected.clone()]);
    let said = run(&world.folder, &["receipts", "--json"]).await;
    assert_eq!((said.code, said.json()), (0, json!({ "receipts": [expected] })));
    let said = run(&world.folder, &["receipts", "--connection", &id]).await;
    assert!(said.out.contains(&acknowledged) && said.out.contains("disconnected"), "{}", said.out);
}

/// T16: tokens of a refresh that came home after the end are told in the same receipt, which is open until the bank
/// has forgotten them, too.
#[tokio::test]
async fn a_late_refresh_stands_in_the_receipt() {
    let token_delay = Knob::next(1, Duration::ZERO).then(Duration::from_secs(2));
    // else the bank would have nothing left to renew
    let revoke_reply = Knob::next(2, RevokeReply::OkUnknown);
    let refresh = Refresh::Rotate.into();
    let knobs = Knobs { token_delay, refresh, revoke_reply, ..Knobs::default() };
    let world = start(Options { knobs, ..options() }).await;
    let (browser, id) = connected(&world).await;
    world.advance(Duration::from_secs(301));
    let late = tokio::spawn({
        let (browser, id) = (browser.through(world.address), id.clone());
        async move { accounts(&browser, &id).await.status.as_u16() }
    });
    eventually("the refresh begins", || refreshes(&world).len() == 1).await;
    let told = disconnect(&browser, &id).await;
    assert_eq!(told["at_bank"], "revoked");
    assert_eq!(late.await.unwrap(), 401, "nothing is read through it");
    world.advance(Duration::from_secs(61));
    let again = now(&world);
    eventually("revocation of the late tokens", || live_tokens(&world).is_empty()).await;
    settled(&world, 1).await;
    let told = receipt(&browser, &told["id"]).await;
    assert_eq!((&told["acknowledged_at"], &told["tries"]), (&json!(again), &json!(2)));
}

/// Whoever ends a connection, there is one receipt: the person, who connects anew, a session that ends, a browser that
/// never shows its cookie.
#[tokio::test]
async fn every_end_has_its_receipt() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    // the bank hands out the same pair: the place is taken, and the tokens live on
    assert_eq!(browser.connect("cnb", "aisp").await.unwrap(), id);
    assert_eq!(accounts(&browser, &id).await.status, 200);
    let all = settled(&world, 1).await;
    assert_eq!((&all[0]["cause"], &all[0]["at_bank"]), (&json!("renewed"), &json!("shared")));
    let loose = "select count(*) from grants where loose_since is not null";
    assert_eq!(Database::of(&world).await.number(loose).await, 0, "the sweep need not look at it");
    // it has forgotten the consent: the new one has tokens of its own, those before go to the bank by themselves
    world.bank.revoke_consent(&world.bank.credentials()[0].username);
    problem(&accounts(&browser, &id).await, 401, "reconnect");
    world.advance(Duration::from_secs(1));
    assert_eq!(browser.connect("cnb", "aisp").await.unwrap(), id);
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(audited(&world).await[1]["at_bank"], "pending");
    world.advance(Duration::from_mins(16));
    let all = settled(&world, 2).await;
    assert_eq!((&all[1]["cause"], &all[1]["at_bank"]), (&json!("renewed"), &json!("revoked")));
    // whose answer got lost: nobody ever shows its cookie
    let other = world.bank.credentials().remove(1);
    let lost = world.browser().as_customer(&other.username, &other.password);
    lost.connect("cnb", "aisp").await.unwrap();
    world.advance(Duration::from_hours(24 * 8));
    let all = settled(&world, 3).await;
    assert_eq!((&all[2]["cause"], &all[2]["at_bank"]), (&json!("never_shown"), &json!("revoked")));
    // which never got an answer, for another one's cookie was on its way; and nobody asked again
    let third = world.bank.credentials().remove(2);
    let busy = world.browser().as_customer(&third.username, &third.password);
    let attempts =
        [busy.start("cnb", "aisp").await.unwrap(), busy.start("cnb", "pisp").await.unwrap()];
    let landings =
        [busy.consent(&attempts[0]).await.unwrap(), busy.consent(&attempts[1]).await.unwrap()];
    let before = busy.through(world.address);
    assert_eq!(busy.finish(&attempts[0], &landings[0]).await.unwrap().status, 200);
    let unanswered = before.finish(&attempts[1], &landings[1]).await.unwrap();
    problem(&unanswered, 429, "rate_limited");
    world.advance(Duration::from_hours(24 * 8));
    let all = settled(&world, 5).await;
    for one in &all[3..] {
        assert_eq!((&one["cause"], &one["at_bank"]), (&json!("never_shown"), &json!("revoked")));
    }
    world.advance(Duration::from_hours(24 * 300));
    let all = settled(&world, 6).await;
    assert_eq!((&all[5]["cause"], &all[5]["connection"]), (&json!("session_ended"), &json!(id)));
    assert!(live_tokens(&world).is_empty());
}

/// A receipt is its person's as long as the session lasts, also after a new cookie; then the auditor's alone, for as
/// long as the setting says.
#[tokio::test]
async fn a_receipt_is_its_persons() {
    let limit_settings = "receipt_days = 30".to_owned();
    let world = start(Options { limit_settings, ..options() }).await;
    let (browser, id) = connected(&world).await;
    let told = disconnect(&browser, &id).await;
    let path = format!("/receipts/{}", told["id"].as_str().unwrap());
    let (other, _) = connected(&world).await;
    problem(&other.get(&path).await.unwrap(), 404, "not_found");
    problem(&world.browser().get(&path).await.unwrap(), 401, "not_connected");
    assert_eq!(other.get("/receipts").await.unwrap().json(), json!({ "receipts": [] }));
    assert_eq!(world.browser().get("/receipts").await.unwrap().json(), json!({ "receipts": [] }));
    problem(&browser.get("/receipts/a%00b").await.unwrap(), 404, "not_found");
    browser.connect("cnb", "aisp").await.unwrap();
    assert_eq!(receipt(&browser, &told["id"]).await, told, "the session has another cookie now");
    world.advance(Duration::from_hours(24 * 29));
    assert_eq!(audited(&world).await.len(), 1);
    world.advance(Duration::from_hours(24 * 2));
    for _ in 0..1000 {
        if audited(&world).await.is_empty() {
            problem(&browser.get(&path).await.unwrap(), 404, "not_found");
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never forgotten");
}

/// An auditor asks by time, provider and connection, and gets page after page; what he gets wrong is told.
#[tokio::test]
async fn an_auditor_asks_for_what_he_wants() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let first = now(&world);
    disconnect(&browser, &id).await;
    let mut database = Database::of(&world).await;
    let copy = "insert into receipts (id, connection, session, provider, scopes, grant_id, connected_at, \
                disconnected_at, cause, outcome) with recursive n (n) as \
                (select 1 union all select n + 1 from n where n < 250) \
                select 'copy-' || n, 'other-' || n, 0, 'bank' || (n % 2), scopes, 'g', connected_at, \
                disconnected_at + n, cause, 0 from receipts, n where receipts.grant_id <> 'g'";
    assert_eq!(database.execute(copy).await, 250);
    let (mut found, mut after) = (Vec::new(), String::new());
    for expected in [100, 100, 51] {
        let body = get(&world, &format!("/receipts?{after}")).await.json();
        assert_eq!(body["receipts"].as_array().unwrap().len(), expected);
        found.extend(body["receipts"].as_array().unwrap().clone());
        after = body["next"].as_str().map(|next| format!("after={next}")).unwrap_or_default();
    }
    assert_eq!((found.len(), &*after), (251, ""));
    assert!(
        found
            .windows(2)
            .all(|two| two[0]["disconnected_at"].as_str() < two[1]["disconnected_at"].as_str())
    );
    let number = async |query: &str| {
        let body = get(&world, &format!("/receipts?{query}")).await.json();
        let first = body["receipts"][0]["connection"].clone();
        (body["receipts"].as_array().unwrap().len(), first)
    };
    let later = Timestamp::from_second(i64::try_from(world.now()).unwrap() + 240).unwrap();
    assert_eq!(number(&format!("since={later}")).await, (11, json!("other-240")));
    assert_eq!(number(&format!("since={first}&until={later}&provider=cnb")).await, (1, json!(id)));
    assert_eq!(number(&format!("until={later}&provider=bank1")).await, (100, json!("other-1")));
    assert_eq!(number("connection=other-7").await, (1, json!("other-7")));
    assert_eq!(number("connection=other-7&provider=cnb").await.0, 0);
    assert_eq!(number("subject=nobody").await.0, 0);
    let wrong = ["since=yesterday", "after=x", "after=1", "after=1.%00", "colour=blue", "subject="];
    let none = ["subject=%00", "subject=a%20b", "provider=%00", "provider=", "connection=a%00b"];
    for wrong in wrong.into_iter().chain(none) {
        problem(&get(&world, &format!("/receipts?{wrong}")).await, 400, "invalid_request");
    }
    let all = run(&world.folder, &["receipts", "--json"]).await.json();
    assert_eq!(all["receipts"].as_array().unwrap().len(), 251, "of all pages");
    let said = run(&world.folder, &["receipts", "--since", "yesterday"]).await;
    assert_eq!(said.code, 2, "{}", said.err);
}

/// A receipt holds no token and no account, wherever it is told.
#[tokio::test]
async fn a_receipt_has_no_secret() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let secrets = live_tokens(&world);
    let account = accounts(&browser, &id).await.json()["accounts"][0]["id"].clone();
    let told = disconnect(&browser, &id).await;
    let row = Database::of(&world).await.dump("receipts", "id, connection, cause, grant_id").await;
    let texts = [
        told.to_string(),
        row,
        get(&world, "/receipts").await.text,
        run(&world.folder, &["receipts"]).await.out,
    ];
    for text in texts {
        for secret in secrets.iter().map(|it| &**it).chain(account.as_str()) {
            assert!(!holds(text.as_bytes(), secret), "{text}");
        }
    }
}
