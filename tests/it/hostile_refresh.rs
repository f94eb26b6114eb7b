//! Refreshes at a bank that loses, spoils or refuses them: what it took away is told as that, and nothing
//! else is lost.

use std::time::Duration;

use bank_sim::{Field, Knob, Knobs, Refresh, RefreshFailure, TokenReply};
use demo::browser::Browser;
use demo::{Options, World};
use serde_json::json;

use crate::common::{accounts, api_calls, connected, problem, refreshes, start, stepped};
use crate::logs;

/// Five minutes and a second: the access token is over.
const OVER: Duration = Duration::from_secs(301);

async fn with(refresh: Refresh) -> World {
    start(Options {
        knobs: Knobs { refresh: refresh.into(), ..Knobs::default() },
        ..Options::stepped()
    })
    .await
}

async fn reason(browser: &Browser, id: &str) -> serde_json::Value {
    browser.get(&format!("/connections/{id}")).await.unwrap().json()["reason"].clone()
}

fn spoil(world: &World, reply: TokenReply) {
    world.bank.update_knobs(|knobs| knobs.refresh_reply = Knob::next(1, reply));
}

/// T15, RFC 9700 §4.14.2: a grant that dies although its last refresh went well and nothing was lost may have had a
/// token in other hands; one that was never refreshed was withdrawn.
#[tokio::test]
async fn a_grant_that_dies_after_success_is_a_security_event() {
    logs::begin();
    for (name, refreshed) in [("grant_ended", false), ("grant_ended_after_success", true)] {
        let world = with(Refresh::RotateWithReuseDetection).await;
        let (browser, id) = connected(&world).await;
        if refreshed {
            world.advance(OVER);
            assert_eq!(accounts(&browser, &id).await.status, 200);
        }
        world.bank.update_knobs(|k| k.refresh_failure = RefreshFailure::InvalidGrant.into());
        world.advance(OVER);
        problem(&accounts(&browser, &id).await, 401, "reconnect");
        assert_eq!(reason(&browser, &id).await, json!("ended_by_bank"));
        let [event] = &logs::events(name)[..] else { panic!("{name}") };
        assert_eq!(event["level"], if refreshed { "ERROR" } else { "WARN" });
    }
}

/// D.4 `refresh=drop_after_commit`, then `invalid_grant`: C23, T13; one reconnect with a reason of its own,
/// counted by one event, and nobody asks the bank again.
#[tokio::test]
async fn a_lost_rotation_is_told_as_what_it_is() {
    logs::begin();
    for refresh in [Refresh::Rotate, Refresh::RotateWithReuseDetection] {
        let world = with(refresh).await;
        let (browser, id) = connected(&world).await;
        world.advance(OVER);
        spoil(&world, TokenReply::DropAfterCommit);
        problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
        assert_eq!(reason(&browser, &id).await, json!(null), "nothing is certain yet");
        world.bank.clear_requests();
        for _ in 0..3 {
            problem(&accounts(&browser, &id).await, 401, "reconnect");
        }
        assert_eq!((refreshes(&world).len(), api_calls(&world).len()), (1, 0));
        assert_eq!(reason(&browser, &id).await, "lost_rotation");
        world.advance(Duration::from_mins(1));
        assert_eq!(browser.connect("cnb", "aisp").await.unwrap(), id, "one reconnect mends it");
        assert_eq!(accounts(&browser, &id).await.status, 200);
    }
    let events = logs::events("lost_rotation");
    assert_eq!(events.len(), 2, "one for each");
    assert!(events.iter().all(|event| event["level"] == "ERROR" && event["provider"] == "cnb"));
    assert!(logs::events("grant_ended").is_empty());
}

/// D.4 `refresh=drop_after_commit` where the bank keeps the token: the same one again does.
#[tokio::test]
async fn a_lost_reply_costs_nothing_where_the_token_stays() {
    let world = with(Refresh::Keep).await;
    let (browser, id) = connected(&world).await;
    world.advance(OVER);
    spoil(&world, TokenReply::DropAfterCommit);
    problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
    assert_eq!(accounts(&browser, &id).await.status, 200);
    // and what was open is settled: a later refusal is the bank's own
    world.bank.update_knobs(|k| k.refresh_failure = RefreshFailure::InvalidGrant.into());
    world.advance(OVER);
    problem(&accounts(&browser, &id).await, 401, "reconnect");
    assert_eq!(reason(&browser, &id).await, "ended_by_bank");
}

/// D.4 `refresh=rotate+grace30s`: T10; the same token again within the grace brings what got lost, and after it
/// the loss has its name.
#[tokio::test]
async fn a_lost_reply_costs_nothing_within_the_grace() {
    let world = with(Refresh::RotateWithGrace(Duration::from_secs(30))).await;
    let (browser, id) = connected(&world).await;
    for (seconds, status) in [(29, 200), (29, 200), (31, 401)] {
        world.advance(OVER);
        world.bank.clear_requests();
        spoil(&world, TokenReply::DropAfterCommit);
        problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
        world.advance(Duration::from_secs(seconds));
        assert_eq!(accounts(&browser, &id).await.status, status, "{seconds}");
        let shown = refreshes(&world);
        assert_eq!(shown.len(), 2);
        assert_eq!(shown[0].form("refresh_token"), shown[1].form("refresh_token"));
    }
    assert_eq!(reason(&browser, &id).await, "lost_rotation");
}

/// T13: after an answer that says for certain that nothing was renewed, a refusal is the bank's own; after
/// one that may hide a renewal it is not, whatever came in between.
#[tokio::test]
async fn only_an_open_question_makes_a_refusal_a_loss() {
    let status = |status| TokenReply::Status { status, retry_after: None };
    let html = TokenReply::NotJson("<html>".to_owned());
    for (replies, told) in [
        (vec![], "ended_by_bank"),
        (vec![status(429)], "ended_by_bank"),
        (vec![status(504)], "lost_rotation"),
        (vec![status(500), status(429)], "lost_rotation"),
        (vec![TokenReply::Truncated], "lost_rotation"),
        (vec![html], "lost_rotation"),
    ] {
        let world = with(Refresh::Rotate).await;
        let (browser, id) = connected(&world).await;
        world.advance(OVER);
        for reply in replies.clone() {
            spoil(&world, reply);
            assert_ne!(accounts(&browser, &id).await.status, 200);
        }
        world.bank.update_knobs(|k| k.refresh_failure = RefreshFailure::InvalidGrant.into());
        problem(&accounts(&browser, &id).await, 401, "reconnect");
        assert_eq!(reason(&browser, &id).await, told, "{replies:?}");
    }
}

/// D.4 `id_token=bad` on refresh: T11, tpp-issues 135; nobody asked for one, so nothing of it can cost the
/// new refresh token that comes with it.
#[tokio::test]
async fn a_bad_id_token_costs_no_refresh_token() {
    let world = with(Refresh::RotateWithReuseDetection).await;
    let (browser, id) = connected(&world).await;
    for bad in ["\"not.a.jwt\"", "\"eyJhbGciOiJub25lIn0.e30.\"", "7", "null", "{\"iss\":[]}"] {
        world.advance(OVER);
        let field = Field::Raw(format!("300,\"id_token\":{bad}"));
        world.bank.update_knobs(|knobs| knobs.expires_in = Knob::next(1, field));
        assert_eq!(accounts(&browser, &id).await.status, 200, "{bad}");
    }
    world.advance(OVER);
    assert_eq!(accounts(&browser, &id).await.status, 200, "the last one was kept, too");
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// OIDF `client-refresh-token-test` (D.2): the API says 401 until the access was renewed twice, and the first
/// renewal brings a new refresh token.
#[tokio::test]
async fn a_second_renewal_uses_the_token_of_the_first() {
    let world = with(Refresh::RotateWithReuseDetection).await;
    let (browser, id) = connected(&world).await;
    for _ in 0..2 {
        world.advance(Duration::from_mins(1));
        let expired = Knob::next(1, bank_sim::ApiReply::Expired);
        world.bank.update_knobs(|knobs| knobs.api_reply = expired);
        assert_eq!(accounts(&browser, &id).await.status, 200);
    }
    let shown: Vec<_> = refreshes(&world).iter().map(|call| call.form("refresh_token")).collect();
    assert_eq!(shown.len(), 2);
    assert_ne!(shown[0], shown[1]);
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// D.4 `scope=narrower / wider` on refresh: T11; a refresh cannot widen what the person allowed, and what a
/// bank says about it ends nothing.
#[tokio::test]
async fn a_refresh_widens_no_consent() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    for scope in ["\"aisp pisp\"", "\"pisp\"", "\"\""] {
        world.advance(OVER);
        let field = Field::Raw(scope.to_owned());
        world.bank.update_knobs(|knobs| knobs.scope = Knob::next(1, field));
        assert_eq!(accounts(&browser, &id).await.status, 200, "{scope}");
        let body = browser.get(&format!("/connections/{id}")).await.unwrap().json();
        assert_eq!(body["scopes"], json!(["aisp"]), "{scope}");
    }
}
