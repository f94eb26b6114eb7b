//! Access tokens are renewed ahead of their end, by one presenter at a time, and no grant is lost by it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bank_sim::{ApiReply, Field, Knob, Knobs, Refresh, RefreshFailure, TokenReply};
use demo::browser::Browser;
use demo::{Options, World};
use serde_json::json;
use tokio::task::JoinSet;

use crate::common::{
    accounts, api_calls, connected, eventually, exchanges, hasty, landed, problem, refreshes,
    start, stepped,
};

/// Five minutes and a second: the access token is over.
const OVER: Duration = Duration::from_secs(301);

async fn with(knobs: Knobs) -> World {
    start(Options { knobs, ..Options::stepped() }).await
}

async fn all_at_once(browser: Browser, id: &str, callers: usize) {
    let browser = Arc::new(browser);
    let mut calls = JoinSet::new();
    for _ in 0..callers {
        let (browser, id) = (browser.clone(), id.to_owned());
        calls.spawn(async move { accounts(&browser, &id).await.status.as_u16() });
    }
    assert_eq!(calls.join_all().await, vec![200; callers]);
}

/// A bank that rotates, notices reuse, and takes a second for everything after the exchange.
async fn slow() -> World {
    with(Knobs {
        refresh: Refresh::RotateWithReuseDetection.into(),
        token_delay: Knob::next(1, Duration::ZERO).then(Duration::from_secs(1)),
        ..Knobs::default()
    })
    .await
}

/// T14: half a minute to a whole one before the end, not earlier, and with nothing but what RFC 6749 §6 asks for.
#[tokio::test]
async fn access_is_renewed_ahead_of_its_end() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    world.advance(Duration::from_secs(239));
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert!(refreshes(&world).is_empty());
    let before = world.bank.live_tokens()[0].clone();
    world.advance(Duration::from_secs(31));
    assert_eq!(accounts(&browser, &id).await.status, 200);
    let [call] = &refreshes(&world)[..] else { panic!("one refresh") };
    let form = String::from_utf8(call.body.clone()).unwrap();
    let names: BTreeSet<_> = form.split('&').filter_map(|pair| pair.split('=').next()).collect();
    assert_eq!(names, BTreeSet::from(["grant_type", "refresh_token"]));
    assert_eq!(call.form("refresh_token"), before.refresh_token);
    assert!(call.peer.is_some() && call.header("cookie").is_none());
    let after = world.bank.live_tokens()[0].clone();
    assert_ne!(after.access_token, before.access_token);
    let used = api_calls(&world).pop().unwrap().header("authorization").unwrap();
    assert_eq!(used, format!("Bearer {}", after.access_token.unwrap()));
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(refreshes(&world).len(), 1, "and not again");
}

/// D.4 `refresh=rotate / keep / rotate+reuse_detect / rotate+grace30s`: T12; works with each, many times.
#[tokio::test]
async fn refresh_tokens_may_stay_or_rotate() {
    let grace = Refresh::RotateWithGrace(Duration::from_secs(30));
    for refresh in [Refresh::Keep, Refresh::Rotate, Refresh::RotateWithReuseDetection, grace] {
        let world = with(Knobs { refresh: refresh.into(), ..Knobs::default() }).await;
        let (browser, id) = connected(&world).await;
        for _ in 0..5 {
            world.advance(OVER);
            assert_eq!(accounts(&browser, &id).await.status, 200, "{refresh:?}");
        }
        let shown: Vec<_> = refreshes(&world).iter().map(|c| c.form("refresh_token")).collect();
        let distinct = shown.iter().collect::<BTreeSet<_>>().len();
        assert_eq!((shown.len(), distinct), (5, if refresh == Refresh::Keep { 1 } else { 5 }));
        assert_eq!(world.bank.violations(), Vec::<String>::new());
    }
}

/// T07, T09, P13, C21, C22: fifty callers at the end of the token's life, one refresh.
#[tokio::test]
async fn of_fifty_callers_one_refreshes() {
    let world = slow().await;
    let (browser, id) = connected(&world).await;
    world.advance(OVER);
    all_at_once(browser, &id, 50).await;
    assert_eq!((refreshes(&world).len(), api_calls(&world).len()), (1, 50));
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// T08, P13: fifty callers whose token the bank no longer takes, one refresh, a replay each.
#[tokio::test]
async fn of_fifty_callers_refused_one_refreshes() {
    let world = with(Knobs {
        refresh: Refresh::RotateWithReuseDetection.into(),
        expires_in: Field::Raw("3600".to_owned()).into(), // but it lives five minutes
        ..Knobs::default()
    })
    .await;
    let (browser, id) = connected(&world).await;
    world.advance(OVER);
    all_at_once(browser, &id, 50).await;
    assert_eq!(refreshes(&world).len(), 1);
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// P15, T13: on 401 one refresh and one replay, under an id of its own. COBS answers 401 for a
/// certificate too, so a second 401 is the bank's trouble or ours, and ends no consent.
#[tokio::test]
async fn a_refused_token_is_renewed_once_and_the_call_sent_once_more() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    world.bank.update_knobs(|knobs| knobs.api_reply = Knob::next(1, ApiReply::Expired));
    assert_eq!(accounts(&browser, &id).await.status, 200);
    let calls = api_calls(&world);
    assert_eq!((calls.len(), refreshes(&world).len()), (2, 1));
    assert_ne!(calls[0].header("x-request-id"), calls[1].header("x-request-id"));
    assert_ne!(calls[0].header("authorization"), calls[1].header("authorization"));

    world.advance(Duration::from_mins(1));
    world.bank.update_knobs(|knobs| knobs.api_reply = ApiReply::Expired.into());
    world.bank.clear_requests();
    for _ in 0..3 {
        problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
    }
    assert_eq!((api_calls(&world).len(), refreshes(&world).len()), (4, 1), "no storm");
    world.bank.update_knobs(|knobs| knobs.api_reply = ApiReply::Normal.into());
    assert_eq!(accounts(&browser, &id).await.status, 200, "no consent is lost");
}

/// P16: 403 is not a matter of the token's age.
#[tokio::test]
async fn a_forbidden_call_does_not_renew() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    world.bank.update_knobs(|knobs| knobs.api_reply = ApiReply::Status(403).into());
    for _ in 0..3 {
        let body = problem(&accounts(&browser, &id).await, 422, "bank_refused");
        assert_eq!(body["bank_codes"], json!(["FORBIDDEN"]));
    }
    assert_eq!((api_calls(&world).len(), refreshes(&world).len()), (3, 0));
}

/// T13: only the bank's clear word ends a grant, and then nobody asks again.
#[tokio::test]
async fn invalid_grant_ends_the_connection() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    world.bank.update_knobs(|k| k.refresh_failure = RefreshFailure::InvalidGrant.into());
    world.advance(OVER);
    world.bank.clear_requests();
    for _ in 0..3 {
        problem(&accounts(&browser, &id).await, 401, "reconnect");
    }
    assert_eq!((api_calls(&world).len(), refreshes(&world).len()), (0, 1));
    let body = browser.get(&format!("/connections/{id}")).await.unwrap().json();
    assert_eq!((&body["status"], &body["reason"]), (&json!("reconnect"), &json!("ended_by_bank")));
}

/// T13: a client secret that is refused for a while costs nobody anything.
#[tokio::test]
async fn a_refused_client_leaves_the_grant_alone() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    world.bank.update_knobs(|k| k.refresh_failure = RefreshFailure::InvalidClient.into());
    world.advance(Duration::from_secs(250));
    assert_eq!(accounts(&browser, &id).await.status, 200, "the old token still does");
    world.advance(OVER);
    problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
    for _ in 0..3 {
        problem(&accounts(&browser, &id).await, 503, "bank_unavailable");
    }
    let body = browser.get(&format!("/connections/{id}")).await.unwrap().json();
    assert_eq!(body["status"], "connected");
    world.bank.update_knobs(|k| k.refresh_failure = RefreshFailure::Off.into());
    world.advance(Duration::from_mins(1)); // the breaker's longest pause
    assert_eq!(accounts(&browser, &id).await.status, 200);
}

/// T10, T11, T13, C23: a reply that is lost, late or unreadable leaves the old refresh token at work.
#[tokio::test]
async fn a_reply_of_no_use_leaves_the_grant_alone() {
    let world = hasty(|_| ()).await;
    let (browser, id) = connected(&world).await;
    let location = "https://evil.example/".to_owned();
    for reply in [
        TokenReply::Status { status: 500, retry_after: None },
        TokenReply::Status { status: 503, retry_after: Some("7".to_owned()) },
        TokenReply::Status { status: 429, retry_after: Some("7".to_owned()) },
        TokenReply::Redirect { status: 307, location },
        TokenReply::DropAfterCommit,
        TokenReply::Truncated,
        TokenReply::Hang,
        TokenReply::Drip { delay: Duration::from_millis(50) },
        TokenReply::Huge { bytes: 1024 * 1024 },
        TokenReply::NotJson("<html>".to_owned()),
        TokenReply::JsonArray,
        TokenReply::DuplicateKeys,
        TokenReply::BadUtf8,
    ] {
        world.advance(OVER);
        world.bank.clear_requests();
        world.bank.update_knobs(|knobs| knobs.refresh_reply = Knob::next(1, reply.clone()));
        let answer = accounts(&browser, &id).await;
        if matches!(reply, TokenReply::Status { status: 429, .. }) {
            assert_eq!(problem(&answer, 429, "rate_limited")["retry_after"], 7);
        } else {
            problem(&answer, 502, "bank_unavailable");
        }
        assert_eq!((api_calls(&world).len(), refreshes(&world).len()), (0, 1), "{reply:?}");
        let body = browser.get(&format!("/connections/{id}")).await.unwrap().json();
        assert_eq!(body["status"], "connected", "{reply:?}");
        world.advance(Duration::from_secs(10)); // what `Retry-After` asks for
        assert_eq!(accounts(&browser, &id).await.status, 200, "{reply:?}");
    }
}

/// T11, tpp-issues 135: a rotated refresh token in a reply that is refused for something else is the
/// only key left to the consent; it must be used, not thrown away, and not be overwritten by the next
/// reply that is of no use.
#[tokio::test]
async fn a_rotated_token_in_a_refused_reply_is_not_lost() {
    let world = with(Knobs { refresh: Refresh::Rotate.into(), ..Knobs::default() }).await;
    let (browser, id) = connected(&world).await;
    world.advance(OVER);
    let mac = Field::Raw("\"mac\"".to_owned());
    world.bank.update_knobs(|knobs| knobs.token_type = Knob::next(1, mac));
    problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
    let useless = TokenReply::NotJson("<html>".to_owned());
    world.bank.update_knobs(|knobs| knobs.refresh_reply = Knob::next(1, useless));
    problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
    let answer = accounts(&browser, &id).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// Design, walk two: a page that goes away does not cut a refresh in two.
#[tokio::test]
async fn a_refresh_outlives_its_caller() {
    let world = slow().await;
    let (browser, id) = connected(&world).await;
    world.advance(OVER);
    let path = format!("/connections/{id}/api/my/accounts");
    let page = tokio::spawn(browser.request(&reqwest::Method::GET, &path).send());
    eventually("the refresh begins", || refreshes(&world).len() == 1).await;
    page.abort();
    assert!(page.await.unwrap_err().is_cancelled(), "the page has gone");
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(refreshes(&world).len(), 1);
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// K51: told to stop in the middle of a refresh, the broker keeps what the bank sends.
#[tokio::test]
async fn a_refresh_under_way_survives_a_restart() {
    let mut world = slow().await;
    let (browser, id) = connected(&world).await;
    world.advance(OVER);
    let path = format!("/connections/{id}/api/my/accounts");
    let request = browser.request(&reqwest::Method::GET, &path);
    let under_way = tokio::spawn(async move { request.send().await.map(|answer| answer.status()) });
    eventually("the refresh begins", || refreshes(&world).len() == 1).await;
    world.restart_broker().await.unwrap();
    drop(under_way.await.unwrap());
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(refreshes(&world).len(), 1);
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// Sessions, authorizations under way, connections and grants all survive a restart.
#[tokio::test]
async fn a_restart_keeps_everything() {
    let mut world = stepped().await;
    let (waiting, attempt, landing) = landed(&world).await;
    let (browser, id) = connected(&world).await;
    let before = browser.get("/connections").await.unwrap().json();
    world.restart_broker().await.unwrap();
    assert_eq!(browser.get("/connections").await.unwrap().json(), before);
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(waiting.finish(&attempt, &landing).await.unwrap().status, 200);
    world.advance(OVER);
    world.restart_broker().await.unwrap();
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!((exchanges(&world).len(), refreshes(&world).len()), (2, 1));
}
