//! The breaker of a token endpoint: a bank that refuses us, or is in trouble, is asked once per pause, whoever
//! calls; nobody loses a consent by it, and everything works within a minute after.

use std::time::Duration;

use bank_sim::{ClientAuth, Knob, RefreshFailure, Rule, TokenReply};
use demo::World;
use demo::browser::Browser;
use serde_json::json;

use crate::common::{accounts, eventually, exchanges, health, landed, problem, refreshes, stepped};
use crate::logs;

const OVER: Duration = Duration::from_secs(301);
const MINUTE: Duration = Duration::from_mins(1);

/// Every customer of the bank, connected.
async fn people(world: &World) -> Vec<(Browser, String)> {
    let mut people = Vec::new();
    for credential in world.bank.credentials() {
        let browser = world.browser().as_customer(&credential.username, &credential.password);
        let id = browser.connect("cnb", "aisp").await.unwrap();
        assert_eq!(accounts(&browser, &id).await.status, 200);
        people.push((browser, id));
    }
    people
}

/// T13, P28, refresh algorithm 10: `invalid_client` for an hour, callers every minute at three brokers.
#[tokio::test]
async fn an_hour_of_a_refused_client() {
    logs::begin();
    let world = stepped().await;
    let people = people(&world).await;
    let nodes = [world.join().await.unwrap(), world.join().await.unwrap()];
    let brokers = [world.address, nodes[0].address, nodes[1].address];
    world.bank.update_knobs(|k| k.refresh_failure = RefreshFailure::InvalidClient.into());
    world.advance(OVER);
    world.bank.clear_requests();
    let mut paused = 0;
    for _ in 0..60 {
        for broker in brokers {
            for (browser, id) in &people {
                let answer = accounts(&browser.through(broker), id).await;
                if answer.status == 503 {
                    let seconds = problem(&answer, 503, "bank_unavailable")["retry_after"].as_u64();
                    assert!(seconds.is_some_and(|seconds| (1..=60).contains(&seconds)));
                    paused += 1;
                } else {
                    problem(&answer, 502, "bank_unavailable");
                }
            }
        }
        world.advance(MINUTE);
    }
    let asked = refreshes(&world).len();
    assert!((60..=180).contains(&asked), "one try per broker and minute: {asked}");
    assert_eq!(paused, 60 * 3 * people.len() - asked, "all others are told at once");
    let events = logs::events("bank_paused");
    assert_eq!(events.len(), asked);
    assert!(events.iter().all(|event| event["operator"] == json!(true)), "{events:?}");
    world.bank.update_knobs(|k| k.refresh_failure = RefreshFailure::Off.into());
    world.advance(MINUTE);
    for broker in brokers {
        for (browser, id) in &people {
            assert_eq!(accounts(&browser.through(broker), id).await.status, 200, "none is lost");
        }
    }
    assert_eq!(health(&world, "cnb").await["paused_until"], json!(null));
    for node in nodes {
        node.stop().await;
    }
}

/// P28, D.4 `token=503`: a storm is asked three times in a row, then once per pause, and not at all while
/// `Retry-After` lasts.
#[tokio::test]
async fn a_storm_of_503_meets_few_calls() {
    for (retry_after, asked, pause) in [(None, 3, 5), (Some("40"), 1, 40)] {
        let world = stepped().await;
        let people = people(&world).await;
        let retry_after = retry_after.map(str::to_owned);
        let storm = TokenReply::Status { status: 503, retry_after };
        world.bank.update_knobs(|knobs| knobs.refresh_reply = storm.clone().into());
        world.advance(OVER);
        world.bank.clear_requests();
        for _ in 0..10 {
            for (browser, id) in &people {
                let status = accounts(browser, id).await.status.as_u16();
                assert!(status == 502 || status == 503, "{status}");
            }
        }
        assert_eq!(refreshes(&world).len(), asked);
        assert!(health(&world, "cnb").await["paused_until"].is_string());
        world.advance(Duration::from_secs(pause * 3 / 4 - 1));
        let (browser, id) = &people[0];
        problem(&accounts(browser, id).await, 503, "bank_unavailable");
        assert_eq!(refreshes(&world).len(), asked, "nobody asks before the pause is over");
        world.bank.update_knobs(|knobs| knobs.refresh_reply = Knob::default());
        world.advance(Duration::from_secs(pause));
        for (browser, id) in &people {
            assert_eq!(accounts(browser, id).await.status, 200);
        }
        assert_eq!(refreshes(&world).len(), asked + people.len());
    }
}

/// T13: what was in the way may be mended by new files, so they end a pause at once.
#[tokio::test]
async fn a_new_client_secret_ends_the_pause() {
    logs::begin();
    let world = stepped().await;
    let people = people(&world).await;
    let (browser, id) = &people[0];
    world.bank.update_knobs(|k| k.refresh_failure = RefreshFailure::InvalidClient.into());
    world.advance(OVER);
    problem(&accounts(browser, id).await, 502, "bank_unavailable");
    problem(&accounts(browser, id).await, 503, "bank_unavailable");
    world.bank.update_knobs(|k| k.refresh_failure = RefreshFailure::Off.into());
    world.reload().await;
    problem(&accounts(browser, id).await, 503, "bank_unavailable");
    let file = world.folder.join("cnb.secret");
    let secret = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("another-{secret}")).unwrap();
    world.reload().await;
    assert_eq!(logs::events("bank_resumed")[0]["why"], "a new client secret");
    assert_eq!(accounts(browser, id).await.status, 200);
}

/// Refresh algorithm 10 at a connect: nobody's code is shown to a bank that refuses us, and it is not used up.
#[tokio::test]
async fn a_code_is_kept_back_from_a_bank_that_refuses_us() {
    let world = stepped().await;
    world.bank.update_knobs(|knobs| knobs.client_auth = ClientAuth::Post.into());
    let (first, attempt, landing) = landed(&world).await;
    problem(&first.finish(&attempt, &landing).await.unwrap(), 502, "bank_unavailable");
    let (second, attempt, landing) = landed(&world).await;
    let answer = second.finish(&attempt, &landing).await.unwrap();
    assert!(problem(&answer, 503, "bank_unavailable")["retry_after"].is_u64());
    assert_eq!(exchanges(&world).len(), 1, "the second was not sent");
    world.bank.update_knobs(|knobs| knobs.client_auth = ClientAuth::Both.into());
    world.advance(Duration::from_secs(5));
    assert_eq!(second.finish(&attempt, &landing).await.unwrap().status, 200);
}

/// An error of RFC 6749's form.
fn error(status: u16, error: &str) -> TokenReply {
    TokenReply::Error { status, error: error.to_owned(), description: String::new() }
}

fn status(status: u16) -> TokenReply {
    TokenReply::Status { status, retry_after: None }
}

/// The bank says so to the refreshes of one person.
fn to_one(reply: &TokenReply, user: &str) -> Knob<TokenReply> {
    Knob::default().with(Rule::to(reply.clone()).user(user))
}

/// T13, P28: what a bank says to one person, whose page asks on and on, stops nobody else.
#[tokio::test]
async fn one_grant_stops_nobody() {
    let location = "https://evil.example/".to_owned();
    for reply in [
        error(400, "consent_expired"),
        error(401, "consent_expired"),
        error(400, "access_denied"),
        error(400, "unauthorized_client"),
        status(403),
        TokenReply::Redirect { status: 302, location },
        TokenReply::NotJson("<html>".to_owned()),
    ] {
        let world = stepped().await;
        let people = people(&world).await;
        let (browser, id) = &people[0];
        let user = &world.bank.credentials()[0].username;
        world.bank.update_knobs(|knobs| knobs.refresh_reply = to_one(&reply, user));
        world.advance(OVER);
        world.bank.clear_requests();
        for _ in 0..6 {
            problem(&accounts(browser, id).await, 502, "bank_unavailable");
        }
        assert_eq!(refreshes(&world).len(), 6, "{reply:?}");
        assert_eq!(health(&world, "cnb").await["paused_until"], json!(null), "{reply:?}");
        for (browser, id) in &people[1..] {
            assert_eq!(accounts(browser, id).await.status, 200, "{reply:?}");
        }
    }
}

/// T13: the one call after a pause may be of somebody whom the bank does not like; then the next one tries.
#[tokio::test]
async fn a_try_that_says_nothing_is_given_back() {
    let world = stepped().await;
    let people = people(&world).await;
    world.bank.update_knobs(|knobs| knobs.refresh_reply = status(503).into());
    world.advance(OVER);
    for (browser, id) in &people[..3] {
        problem(&accounts(browser, id).await, 502, "bank_unavailable");
    }
    problem(&accounts(&people[3].0, &people[3].1).await, 503, "bank_unavailable");
    let user = &world.bank.credentials()[0].username;
    let disliked = to_one(&error(400, "consent_expired"), user);
    world.bank.update_knobs(|knobs| knobs.refresh_reply = disliked);
    world.advance(MINUTE);
    for _ in 0..3 {
        problem(&accounts(&people[0].0, &people[0].1).await, 502, "bank_unavailable");
    }
    assert_eq!(accounts(&people[1].0, &people[1].1).await.status, 200);
}

/// T13: a word that may be meant for one grant has to be said to three in a row, and keeps back refreshes only.
#[tokio::test]
async fn an_unclear_refusal_counts_by_grants() {
    for reply in [error(401, "go_away"), error(403, "access_denied")] {
        logs::begin();
        let world = stepped().await;
        let people = people(&world).await;
        world.bank.update_knobs(|knobs| knobs.refresh_reply = reply.into());
        world.advance(OVER);
        for (browser, id) in &people[..3] {
            assert_eq!(logs::events("bank_paused").len(), 0);
            problem(&accounts(browser, id).await, 502, "bank_unavailable");
        }
        problem(&accounts(&people[3].0, &people[3].1).await, 503, "bank_unavailable");
        assert_eq!(logs::events("bank_paused")[0]["operator"], json!(false));
        let (browser, attempt, landing) = landed(&world).await;
        assert_eq!(browser.finish(&attempt, &landing).await.unwrap().status, 200);
    }
}

/// T13: whoever sends codes that the bank chokes on neither begins a pause of refreshes nor prolongs one.
#[tokio::test]
async fn bad_codes_begin_no_pause_and_prolong_none() {
    let world = stepped().await;
    let people = people(&world).await;
    let wait = TokenReply::Status { status: 503, retry_after: Some("60".to_owned()) };
    let replies = [status(403), status(500), wait, status(406), error(400, "blocked")];
    world.advance(OVER);
    bad_codes(&world, &replies).await;
    assert_eq!(health(&world, "cnb").await["paused_until"], json!(null));
    world.bank.update_knobs(|knobs| knobs.refresh_reply = status(503).into());
    for (browser, id) in &people[..3] {
        problem(&accounts(browser, id).await, 502, "bank_unavailable");
    }
    let until = health(&world, "cnb").await["paused_until"].clone();
    assert!(until.is_string());
    bad_codes(&world, &replies).await;
    assert_eq!(health(&world, "cnb").await["paused_until"], until, "not a second longer");
    world.bank.update_knobs(|knobs| knobs.refresh_reply = Knob::default());
    world.advance(Duration::from_secs(5));
    bad_codes(&world, &replies).await;
    for (browser, id) in &people {
        assert_eq!(accounts(browser, id).await.status, 200);
    }
}

/// T13: whom no connection reaches, whatever was to be sent, is in trouble.
#[tokio::test]
async fn an_exchange_that_reaches_nobody_counts() {
    let world = stepped().await;
    let people = people(&world).await;
    let mut landings = Vec::new();
    for _ in 0..4 {
        landings.push(landed(&world).await);
    }
    world.advance(OVER);
    world.bank.stop().await;
    for (browser, attempt, landing) in &landings {
        problem(&browser.finish(attempt, landing).await.unwrap(), 502, "bank_unavailable");
    }
    problem(&accounts(&people[0].0, &people[0].1).await, 503, "bank_unavailable");
}

/// One login for each reply, whose code meets it.
async fn bad_codes(world: &World, replies: &[TokenReply]) {
    for reply in replies {
        let (browser, attempt, landing) = landed(world).await;
        world.bank.update_knobs(|knobs| knobs.token_reply = Knob::next(1, reply.clone()));
        problem(&browser.finish(&attempt, &landing).await.unwrap(), 502, "bank_unavailable");
    }
}

/// T13: a clock that is set back by an hour in the middle of a pause, or of the try after it, makes neither longer.
#[tokio::test]
async fn a_clock_that_is_set_back_prolongs_no_pause() {
    let hour = Duration::from_hours(1);
    let world = stepped().await;
    let people = people(&world).await;
    world
        .bank
        .update_knobs(|knobs| knobs.refresh_failure = Knob::next(1, RefreshFailure::InvalidClient));
    world.advance(5 * hour);
    problem(&accounts(&people[0].0, &people[0].1).await, 502, "bank_unavailable");
    problem(&accounts(&people[0].0, &people[0].1).await, 503, "bank_unavailable");
    world.bank.clock().set_back(hour);
    assert_eq!(health(&world, "cnb").await["paused_until"], json!(null));
    world.bank.update_knobs(|knobs| knobs.refresh_reply = Knob::next(1, TokenReply::Hang));
    world.bank.clear_requests();
    let (browser, id) = (people[0].0.through(world.address), people[0].1.clone());
    let trying = tokio::spawn(async move { accounts(&browser, &id).await });
    eventually("somebody tries", || refreshes(&world).len() == 1).await;
    problem(&accounts(&people[1].0, &people[1].1).await, 503, "bank_unavailable");
    world.bank.clock().set_back(hour);
    assert_eq!(accounts(&people[1].0, &people[1].1).await.status, 200);
    trying.abort();
}
