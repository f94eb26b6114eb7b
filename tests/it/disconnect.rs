//! The end of a consent: here at once, at the bank as soon as it listens.

use std::time::Duration;

use bank_sim::{Field, Knob, Knobs, Refresh, RevokeReply};
use demo::browser::{Answer, Browser};
use demo::{Options, World};
use jiff::Timestamp;
use serde_json::json;

use crate::common::{
    REVOKE, accounts, connected, eventually, hasty, live_tokens, problem, refreshes, seen, start,
    stepped, world,
};
use crate::database::Database;

async fn disconnect(browser: &Browser, id: &str) -> Answer {
    let answer = browser.delete(&format!("/connections/{id}")).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer
}

async fn rows(world: &World, table: &str) -> i64 {
    Database::of(world).await.rows(table).await
}

/// Waits until work that goes on by itself has emptied a table.
async fn emptied(world: &World, table: &str) {
    for _ in 0..1000 {
        if rows(world, table).await == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{table} is never emptied");
}

/// Nothing of it is left here.
async fn gone(world: &World, browser: &Browser, id: &str) {
    problem(&accounts(browser, id).await, 401, "not_connected");
    let path = format!("/connections/{id}");
    problem(&browser.get(&path).await.unwrap(), 401, "not_connected");
    problem(&browser.delete(&path).await.unwrap(), 401, "not_connected");
    assert_eq!(browser.get("/connections").await.unwrap().json(), json!({ "connections": [] }));
    assert_eq!((rows(world, "connections").await, rows(world, "grants").await), (0, 0));
}

/// K41: the refresh token first, then the access token; the receipt says so.
#[tokio::test]
async fn the_refresh_token_is_revoked_first() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    let tokens = world.bank.live_tokens()[0].clone();
    let body = browser.get(&format!("/connections/{id}")).await.unwrap().json();
    let receipt = disconnect(&browser, &id).await.json();
    let now = &body["connected_at"]; // the clock stands
    assert!(now.as_str().unwrap().parse::<Timestamp>().is_ok());
    for (name, value) in
        [("connection", &json!(id)), ("disconnected_at", now), ("acknowledged_at", now)]
    {
        assert_eq!(&receipt[name], value, "{receipt}");
    }
    assert_eq!((&receipt["at_bank"], &receipt["tries"]), (&json!("revoked"), &json!(1)));
    let [first, second] = &seen(&world, REVOKE)[..] else { panic!("two revocations") };
    for (call, token, hint) in [
        (first, &tokens.refresh_token, "refresh_token"),
        (second, &tokens.access_token, "access_token"),
    ] {
        assert_eq!((call.method.as_str(), &call.form("token")), ("POST", token));
        assert_eq!(call.form("token_type_hint").as_deref(), Some(hint));
        assert!(call.header("authorization").unwrap().starts_with("Basic "));
        assert!(call.peer.is_some());
    }
    gone(&world, &browser, &id).await;
    assert_eq!(rows(&world, "revocations").await, 0);
    assert!(live_tokens(&world).is_empty());
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// K41, D.4 `revoke=503 / timeout`: gone here at once; the queue asks until the bank has forgotten.
#[tokio::test]
async fn a_bank_in_trouble_is_asked_again() {
    let mut worlds = Vec::new();
    for reply in [
        RevokeReply::Status(503),
        RevokeReply::Status(500),
        RevokeReply::Status(401),
        RevokeReply::Status(429),
        RevokeReply::Status(307),
        RevokeReply::Hang,
    ] {
        let world = hasty(|knobs| knobs.revoke_reply = Knob::next(1, reply)).await;
        let (browser, id) = connected(&world).await;
        let receipt = disconnect(&browser, &id).await.json();
        assert_eq!(receipt["at_bank"], "pending", "{reply:?}");
        gone(&world, &browser, &id).await;
        assert_eq!(rows(&world, "revocations").await, 1);
        assert_eq!(live_tokens(&world).len(), 2, "{reply:?}");
        world.advance(Duration::from_secs(61));
        worlds.push((world, reply));
    }
    for (world, reply) in &worlds {
        eventually(&format!("revocation after {reply:?}"), || live_tokens(world).is_empty()).await;
        eventually("the second call", || seen(world, REVOKE).len() == 3).await;
        emptied(world, "revocations").await;
    }
}

/// D.4 `revoke=200_unknown`: RFC 7009 §2.2; success, even for a token the bank does not know. Gone here in any
/// case, and not asked again.
#[tokio::test]
async fn a_bank_that_knows_no_such_token_has_forgotten_it() {
    let knobs = Knobs { revoke_reply: RevokeReply::OkUnknown.into(), ..Knobs::default() };
    let world = start(Options { knobs, ..Options::stepped() }).await;
    let (browser, id) = connected(&world).await;
    assert_eq!(disconnect(&browser, &id).await.json()["at_bank"], "revoked");
    gone(&world, &browser, &id).await;
    assert_eq!(rows(&world, "revocations").await, 0);
    assert_eq!(seen(&world, REVOKE).len(), 2);
}

/// D.4 `revoke=timeout`, D.3 revocation failure, where only the answer got lost: asked again, the bank knows the
/// token no more, and that is success.
#[tokio::test]
async fn a_lost_answer_to_a_revocation_is_asked_for_again() {
    let knobs =
        Knobs { revoke_reply: Knob::next(1, RevokeReply::DropAfterCommit), ..Knobs::default() };
    let world = start(Options { knobs, ..Options::stepped() }).await;
    let (browser, id) = connected(&world).await;
    assert_eq!(disconnect(&browser, &id).await.json()["at_bank"], "pending");
    gone(&world, &browser, &id).await;
    world.advance(Duration::from_secs(61));
    emptied(&world, "revocations").await;
    assert!(live_tokens(&world).is_empty());
}

/// The queue outlives the process, and its pauses grow.
#[tokio::test]
async fn the_queue_survives_a_restart() {
    let knobs = Knobs { revoke_reply: RevokeReply::Status(503).into(), ..Knobs::default() };
    let mut world = start(Options { knobs, ..Options::stepped() }).await;
    let (browser, id) = connected(&world).await;
    assert_eq!(disconnect(&browser, &id).await.json()["at_bank"], "pending");
    assert_eq!(seen(&world, REVOKE).len(), 1);
    world.advance(Duration::from_secs(61));
    world.restart_broker().await.unwrap();
    eventually("the second try", || seen(&world, REVOKE).len() == 2).await;
    world.advance(Duration::from_secs(30));
    world.restart_broker().await.unwrap();
    assert_eq!(browser.get("/providers").await.unwrap().status, 200);
    assert_eq!(seen(&world, REVOKE).len(), 2, "not before its time");
    world.bank.update_knobs(|knobs| knobs.revoke_reply = RevokeReply::Normal.into());
    world.advance(Duration::from_hours(24));
    world.restart_broker().await.unwrap();
    eventually("the third try", || live_tokens(&world).is_empty()).await;
}

/// Where the bank offers no revocation, the receipt says so and the tokens are destroyed here.
#[tokio::test]
async fn a_bank_without_revocation_is_not_asked_again() {
    let provider_settings = "revocation_url = \"\"".to_owned();
    let dangers = vec!["no_revocation"];
    let world = start(Options { provider_settings, dangers, ..Options::stepped() }).await;
    let (browser, id) = connected(&world).await;
    assert_eq!(disconnect(&browser, &id).await.json()["at_bank"], "not_offered");
    gone(&world, &browser, &id).await;
    assert!(seen(&world, REVOKE).is_empty());
    assert_eq!(rows(&world, "revocations").await, 0);
    for status in [404, 405] {
        let knobs = Knobs { revoke_reply: RevokeReply::Status(status).into(), ..Knobs::default() };
        let world = start(Options { knobs, ..Options::stepped() }).await;
        let (browser, id) = connected(&world).await;
        assert_eq!(disconnect(&browser, &id).await.json()["at_bank"], "not_offered");
        gone(&world, &browser, &id).await;
        assert_eq!(rows(&world, "revocations").await, 0);
    }
}

/// RFC 7009 §2.2, bank-api 5.8: tokens the bank no longer knows are as good as revoked.
#[tokio::test]
async fn tokens_the_bank_has_forgotten_are_revoked() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let user = world.bank.credentials()[0].username.clone();
    world.bank.revoke_consent(&user);
    assert_eq!(disconnect(&browser, &id).await.json()["at_bank"], "revoked");
    assert_eq!(rows(&world, "revocations").await, 0);
}

/// A connection that has ended can still be taken off the list.
#[tokio::test]
async fn an_ended_connection_can_be_disconnected() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    let user = world.bank.credentials()[0].username.clone();
    world.bank.revoke_consent(&user);
    problem(&accounts(&browser, &id).await, 401, "reconnect");
    disconnect(&browser, &id).await;
    gone(&world, &browser, &id).await;
}

/// T16, T17: a refresh that comes home after the disconnect brings nothing back; its tokens are
/// revoked like the others.
#[tokio::test]
async fn a_late_refresh_does_not_resurrect_the_connection() {
    let knobs = Knobs {
        token_delay: Knob::next(1, Duration::ZERO).then(Duration::from_secs(2)),
        revoke_reply: Knob::next(1, RevokeReply::Status(503)),
        ..Knobs::default()
    };
    let world = start(Options { knobs, ..Options::stepped() }).await;
    let (browser, id) = connected(&world).await;
    world.advance(Duration::from_secs(301));
    let path = format!("/connections/{id}/api/my/accounts");
    let request = browser.request(&reqwest::Method::GET, &path);
    let late = tokio::spawn(async move { request.send().await.unwrap().status().as_u16() });
    eventually("the refresh begins", || refreshes(&world).len() == 1).await;
    assert_eq!(disconnect(&browser, &id).await.json()["at_bank"], "pending");
    assert_eq!(late.await.unwrap(), 401, "nothing is read through it");
    gone(&world, &browser, &id).await;
    assert!(!live_tokens(&world).is_empty(), "the bank has renewed it meanwhile");
    world.advance(Duration::from_secs(61));
    eventually("revocation of the late tokens", || live_tokens(&world).is_empty()).await;
}

/// T18: when the session has ended nobody can reach the connection, so the bank forgets it too.
#[tokio::test]
async fn a_session_that_ends_takes_its_connections_along() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    assert_eq!(live_tokens(&world).len(), 2);
    world.advance(Duration::from_hours(24 * 300));
    assert_eq!(live_tokens(&world).len(), 1, "the refresh token is good for a year");
    problem(&accounts(&browser, &id).await, 401, "not_connected");
    emptied(&world, "connections").await;
    world.advance(Duration::from_secs(61));
    eventually("revocation", || live_tokens(&world).is_empty()).await;
    gone(&world, &browser, &id).await;
}

/// Tabs that disconnect at once: one receipt, one revocation. A receipt is proof for an auditor, so
/// nobody is told `shared` about tokens that were revoked.
#[tokio::test]
async fn of_parallel_disconnects_one_gets_the_receipt() {
    let world = world().await;
    let browser = world.browser();
    for _ in 0..10 {
        let id = browser.connect("cnb", "aisp").await.unwrap();
        let path = format!("/connections/{id}");
        world.bank.clear_requests();
        let end = || browser.delete(&path);
        let (a, b, c) = tokio::join!(end(), end(), end());
        let answers = [a.unwrap(), b.unwrap(), c.unwrap()];
        let told: Vec<_> = answers.iter().map(|answer| answer.json()["at_bank"].clone()).collect();
        assert_eq!(told.iter().filter(|told| **told == "revoked").count(), 1, "{told:?}");
        assert_eq!(seen(&world, REVOKE).len(), 2);
        for answer in answers.iter().filter(|answer| answer.json()["at_bank"] != "revoked") {
            problem(answer, 401, "not_connected");
        }
    }
}

/// Tokens in use and a reply kept beside them are sealed each by itself: where one does not open any more, the bank
/// forgets the other, and the receipt says that not all of them could be asked for.
#[tokio::test]
async fn what_opens_is_revoked_though_the_rest_does_not() {
    for (broken, refresh) in [("sealed", Refresh::Rotate), ("unjudged", Refresh::Keep)] {
        let knobs = Knobs { refresh: refresh.into(), ..Knobs::default() };
        let world = start(Options { knobs, ..Options::stepped() }).await;
        let (browser, id) = connected(&world).await;
        world.advance(Duration::from_secs(301));
        let mac = Field::Raw("\"mac\"".to_owned());
        world.bank.update_knobs(|knobs| knobs.token_type = Knob::next(1, mac));
        assert_ne!(accounts(&browser, &id).await.status, 200, "refused, and kept");
        let mut database = Database::of(&world).await;
        let mut sealed = database.bytes(&format!("select {broken} from grants")).await;
        *sealed.last_mut().unwrap() ^= 1;
        database.set(&format!("update grants set {broken} = $1"), &sealed).await;
        assert!(!live_tokens(&world).is_empty());
        let receipt = disconnect(&browser, &id).await.json();
        assert_eq!((&receipt["at_bank"], &receipt["tries"]), (&json!("given_up"), &json!(1)));
        assert_eq!(live_tokens(&world), Vec::<String>::new(), "{broken}");
        gone(&world, &browser, &id).await;
        assert_eq!(rows(&world, "revocations").await, 0);
    }
}

/// A revocation that stood still while another broker, or the sweep, did its work: when it goes on, its number may be
/// another's, which it leaves alone.
#[tokio::test]
async fn a_revocation_that_stood_still_leaves_others_alone() {
    let limits = "first_byte_seconds = 12\nidle_seconds = 12\ntotal_seconds = 12".to_owned();
    let knobs = Knobs { revoke_reply: Knob::next(1, RevokeReply::Hang), ..Knobs::default() };
    let world = start(Options { knobs, limit_settings: limits, ..Options::stepped() }).await;
    let (browser, id) = connected(&world).await;
    let other = world.bank.credentials().remove(1);
    let stranger = world.browser().as_customer(&other.username, &other.password);
    let strange = stranger.connect("cnb", "aisp").await.unwrap();
    assert_eq!(accounts(&stranger, &strange).await.status, 200);
    let ending = tokio::spawn({
        let (browser, id) = (browser.through(world.address), id.clone());
        async move { disconnect(&browser, &id).await.json() }
    });
    eventually("the bank hangs", || seen(&world, REVOKE).len() == 1).await;
    world.advance(Duration::from_secs(61));
    emptied(&world, "revocations").await;
    let status = RevokeReply::Status(503);
    world.bank.update_knobs(|knobs| knobs.revoke_reply = status.into());
    assert_eq!(disconnect(&stranger, &strange).await.json()["at_bank"], "pending");
    let ended = ending.await.unwrap();
    let path = format!("/receipts/{}", ended["id"].as_str().unwrap());
    for _ in 0..1000 {
        if browser.get(&path).await.unwrap().json()["tries"] == 2 {
            let attempts = "select attempts from revocations";
            assert_eq!(Database::of(&world).await.number(attempts).await, 1, "the stranger's own");
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it never went on");
}
