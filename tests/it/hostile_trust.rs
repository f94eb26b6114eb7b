//! A bank that does not take us as its client, or whose clock is off: the operator is told by name, and nobody
//! loses a consent.

use std::time::{Duration, SystemTime};

use bank_sim::{ClientAuth, Clock, Knob, RefreshFailure};
use demo::Options;
use serde_json::json;

use crate::common::{
    accounts, connected, health, landed, problem, refreshes, start, stepped, world,
};
use crate::logs;

const OVER: Duration = Duration::from_secs(301);

/// D.4 `refresh=invalid_client`, D.3 `invalid_client` during rollover: T13; an alarm for the operator, the
/// provider shown as refusing us, not one grant lost of several, and all is well when the bank is.
#[tokio::test]
async fn a_refused_client_is_the_operators_alarm() {
    logs::begin();
    let world = stepped().await;
    let mut people = Vec::new();
    for credential in world.bank.credentials() {
        let browser = world.browser().as_customer(&credential.username, &credential.password);
        let id = browser.connect("cnb", "aisp").await.unwrap();
        people.push((browser, id));
    }
    assert!(people.len() > 2);
    assert_eq!(health(&world, "cnb").await["trouble"], json!(null));
    world.bank.update_knobs(|k| k.refresh_failure = RefreshFailure::InvalidClient.into());
    world.advance(OVER);
    for tries in 1..=3 {
        let mut told = Vec::new();
        for (browser, id) in &people {
            told.push(accounts(browser, id).await.status.as_u16());
        }
        assert!(told[0] == 502 && told[1..].iter().all(|told| *told == 503), "{told:?}");
        assert_eq!(refreshes(&world).len(), tries, "one try per pause");
        world.advance(Duration::from_mins(30));
    }
    let told = health(&world, "cnb").await;
    assert_eq!(told["trouble"], "client_refused");
    let since: jiff::Timestamp = told["since"].as_str().unwrap().parse().unwrap();
    assert_eq!(since.as_second().unsigned_abs() + 3 * 1800, world.now(), "since the first of them");
    assert_eq!(health(&world, "other").await["trouble"], json!(null), "this registration only");
    let alarms = logs::events("bank_trouble");
    assert_eq!(alarms.len(), 3);
    let named = |alarm: &serde_json::Value| (alarm["level"].clone(), alarm["trouble"].clone());
    assert!(alarms.iter().all(|alarm| named(alarm) == (json!("ERROR"), json!("client_refused"))));
    world.bank.update_knobs(|k| k.refresh_failure = RefreshFailure::Off.into());
    for (browser, id) in &people {
        let body = browser.get(&format!("/connections/{id}")).await.unwrap().json();
        assert_eq!(body["status"], "connected");
        assert_eq!(accounts(browser, id).await.status, 200, "zero grants lost");
    }
    assert_eq!(health(&world, "cnb").await["trouble"], json!(null));
    assert_eq!(logs::events("bank_trouble_over").len(), 1);
}

/// D.3 `invalid_client` during rollover, at a connect: the person is told to come later, and may.
#[tokio::test]
async fn a_client_refused_at_a_connect_is_the_same_alarm() {
    let world = stepped().await;
    world.bank.update_knobs(|knobs| knobs.client_auth = ClientAuth::Post.into());
    let (browser, attempt, landing) = landed(&world).await;
    problem(&browser.finish(&attempt, &landing).await.unwrap(), 502, "bank_unavailable");
    assert_eq!(health(&world, "cnb").await["trouble"], "client_refused");
    world.bank.update_knobs(|knobs| knobs.client_auth = ClientAuth::Both.into());
    world.advance(Duration::from_mins(1)); // the breaker's longest pause
    let id = browser.connect("cnb", "aisp").await.unwrap();
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(health(&world, "cnb").await["trouble"], json!(null));
}

/// D.4 `clock=±300s`: everything works, and how far the clocks are apart is measured and shown.
#[tokio::test]
async fn clocks_five_minutes_apart_are_no_trouble() {
    let five = Duration::from_mins(5);
    let now = SystemTime::now();
    for (ours, skew) in [(now - five, 300), (now + five, -300)] {
        logs::begin();
        let world = start(Options {
            clock: Clock::manual(ours),
            bank_clock: Some(Clock::manual(now)),
            ..Options::default()
        })
        .await;
        let (browser, id) = connected(&world).await;
        assert_eq!(accounts(&browser, &id).await.status, 200);
        assert_eq!(health(&world, "cnb").await["clock_skew_seconds"], skew);
        let events = logs::events("clock_skew");
        assert_eq!((events.len(), &events[0]["provider"]), (1, &json!("cnb")), "told once");
        assert_eq!(events[0]["skew"], skew);
        for _ in 0..2 {
            world.bank.clock().advance(OVER);
            world.advance(OVER);
            assert_eq!(accounts(&browser, &id).await.status, 200);
        }
        assert_eq!(refreshes(&world).len(), 2);
        assert_eq!(world.bank.violations(), Vec::<String>::new());
    }
}

/// K46: without a certificate the bank's token endpoint does not take us, and the operator is told.
#[tokio::test]
async fn no_certificate_at_all_is_told() {
    let world = start(Options { mutual_tls: false, ..Options::default() }).await;
    let (browser, attempt, landing) = landed(&world).await;
    problem(&browser.finish(&attempt, &landing).await.unwrap(), 502, "bank_unavailable");
    assert_eq!(health(&world, "cnb").await["trouble"], "client_refused");
}

/// P28: a bank that is only out of breath is no trouble of ours.
#[tokio::test]
async fn a_bank_out_of_breath_is_no_trouble() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    world.bank.update_knobs(|k| k.api_reply = Knob::next(1, bank_sim::ApiReply::Status(503)));
    problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
    assert_eq!(health(&world, "cnb").await["trouble"], json!(null));
}
