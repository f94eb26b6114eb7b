//! The session and its cookie: a planted one gains nothing, a lost answer loses nothing.

use std::time::Duration;

use bank_sim::Refresh;
use demo::World;
use demo::browser::{Answer, Attempt, Browser};
use reqwest::Url;
use serde_json::json;

use crate::common::{
    COOKIE, accounts, connected, eventually, exchanges, landed, live_tokens, problem, stepped,
};

/// Afterwards an answer counts as lost for the page that asks again.
const LOST: Duration = Duration::from_secs(6);
/// Afterwards it counts as arrived or lost for everybody.
const SETTLED: Duration = Duration::from_secs(21);
const CALLBACK: &str = "https://app.example/callback";

fn value(browser: &Browser) -> String {
    let cookie = browser.cookie_header().unwrap();
    cookie.split_once('=').unwrap().1.to_owned()
}

/// A browser that holds this cookie, and nothing else.
fn with(world: &World, cookie: &str) -> Browser {
    let browser = world.browser();
    browser.plant_cookie(COOKIE, cookie);
    browser
}

async fn ids(browser: &Browser) -> Vec<String> {
    let list = browser.get("/connections").await.unwrap().json();
    let list = list["connections"].as_array().unwrap().iter();
    let mut ids: Vec<_> = list.map(|one| one["id"].as_str().unwrap().to_owned()).collect();
    ids.sort_unstable();
    ids
}

fn sorted<const N: usize>(mut ids: [&str; N]) -> [&str; N] {
    ids.sort_unstable();
    ids
}

fn id(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()["id"].as_str().unwrap().to_owned()
}

/// A victim and an attacker who planted his own cookie with them, both back from the bank.
struct Planted {
    world: World,
    victim: (Browser, Attempt, Url),
    attacker: (Browser, Attempt, Url),
}

async fn planted() -> Planted {
    let world = stepped().await;
    let other = world.bank.credentials().remove(1);
    let attacker = world.browser().as_customer(&other.username, &other.password);
    let his = attacker.start("cnb", "aisp").await.unwrap();
    let his_landing = attacker.consent(&his).await.unwrap();
    let victim = with(&world, &value(&attacker));
    let theirs = victim.start("cnb", "aisp").await.unwrap();
    let landing = victim.consent(&theirs).await.unwrap();
    assert_eq!(victim.cookie_header(), attacker.cookie_header());
    Planted { world, victim: (victim, theirs, landing), attacker: (attacker, his, his_landing) }
}

/// K24, C10: the attacker comes back after the victim; he gets neither a cookie nor a look.
#[tokio::test]
async fn a_planted_cookie_gains_nothing_after_the_victims_return() {
    let Planted { world, victim, attacker } = planted().await;
    let (victim, attempt, landing) = victim;
    let (attacker, his, his_landing) = attacker;
    let own = id(&victim.finish(&attempt, &landing).await.unwrap());
    // the victim's new cookie is on its way
    let answer = attacker.finish(&his, &his_landing).await.unwrap();
    problem(&answer, 429, "rate_limited");
    assert!(answer.headers.get("set-cookie").is_none());
    assert!(ids(&attacker).await.is_empty());
    problem(&accounts(&attacker, &own).await, 401, "not_connected");
    // it has arrived
    assert_eq!(ids(&victim).await, [own.as_str()]);
    let answer = attacker.finish(&his, &his_landing).await.unwrap();
    problem(&answer, 429, "rate_limited");
    assert!(answer.headers.get("set-cookie").is_none());
    world.advance(Duration::from_secs(61)); // his cookie is no longer taken for one on its way
    let answer = attacker.finish(&his, &his_landing).await.unwrap();
    problem(&answer, 400, "refused");
    assert!(ids(&attacker).await.is_empty());
    assert_eq!(ids(&victim).await, [own.as_str()], "nothing of the attacker's is slipped in");
    assert_eq!(accounts(&victim, &own).await.status, 200);
}

/// K24, C10: the attacker comes back first, shows his new cookie or not; he sees his own alone.
#[tokio::test]
async fn a_planted_cookie_gains_nothing_before_the_victims_return() {
    let Planted { world, victim, attacker } = planted().await;
    let (victim, attempt, landing) = victim;
    let (attacker, his, his_landing) = attacker;
    let his_own = id(&attacker.finish(&his, &his_landing).await.unwrap());
    problem(&victim.finish(&attempt, &landing).await.unwrap(), 429, "rate_limited");
    world.advance(SETTLED);
    let own = id(&victim.finish(&attempt, &landing).await.unwrap());
    assert_eq!(ids(&attacker).await, [his_own.as_str()]);
    assert_eq!(ids(&victim).await, [own.as_str()]);
    problem(&accounts(&attacker, &own).await, 401, "not_connected");
    problem(&accounts(&victim, &his_own).await, 401, "not_connected");
    assert_eq!(accounts(&victim, &own).await.status, 200);
}

/// A lost answer loses nothing: the cookie before opens what it opened, and the page, which has the
/// verifier, asks again and gets the connection. The code is exchanged once.
#[tokio::test]
async fn an_answer_that_got_lost_is_given_again() {
    let world = stepped().await;
    let (browser, first) = connected(&world).await;
    let attempt = browser.start("cnb", "pisp").await.unwrap();
    let landing = browser.consent(&attempt).await.unwrap();
    let before = value(&browser);
    let lost = browser.finish(&attempt, &landing).await.unwrap();
    let second = id(&lost);

    // the browser never saw that answer
    let browser = with(&world, &before);
    assert_eq!(ids(&browser).await, [first.as_str()], "all that was there before");
    assert_eq!(accounts(&browser, &first).await.status, 200);
    problem(&browser.finish(&attempt, &landing).await.unwrap(), 429, "rate_limited");
    world.advance(LOST);
    let again = browser.finish(&attempt, &landing).await.unwrap();
    assert_eq!(id(&again), second);
    assert_eq!(exchanges(&world).len(), 2, "one for each connection");
    let void = with(
        &world,
        lost.headers["set-cookie"].to_str().unwrap()[COOKIE.len() + 1..][..43].as_ref(),
    );
    assert!(ids(&void).await.is_empty(), "the cookie that got lost is void");
    assert_eq!(ids(&browser).await, sorted([&first, &second]));
    assert!(ids(&with(&world, &before)).await.is_empty(), "and the one before is dead now");
    let told = browser.finish(&attempt, &landing).await.unwrap();
    assert_eq!((told.text, told.headers.get("set-cookie")), (again.text, None));
    assert_eq!(live_tokens(&world).len(), 4);
}

/// K08: only the page that began it is told again: not without its verifier, not in another browser.
#[tokio::test]
async fn an_answer_is_given_again_to_its_page_only() {
    let world = stepped().await;
    let (browser, attempt, landing) = landed(&world).await;
    let before = value(&browser);
    let connection = id(&browser.finish(&attempt, &landing).await.unwrap());
    let query = landing.query().unwrap();
    let browser = with(&world, &before);
    world.advance(LOST);
    for verifier in ["", &"A".repeat(43), &attempt.state] {
        let answer = browser.finish_with(CALLBACK, query, verifier).await.unwrap();
        problem(&answer, 400, "authorization_expired");
    }
    let stranger = world.browser();
    problem(&stranger.finish(&attempt, &landing).await.unwrap(), 400, "refused");
    stranger.start("cnb", "aisp").await.unwrap();
    problem(&stranger.finish(&attempt, &landing).await.unwrap(), 429, "rate_limited");
    assert!(ids(&stranger).await.is_empty());
    assert_eq!(id(&browser.finish(&attempt, &landing).await.unwrap()), connection);
    world.advance(Duration::from_secs(601));
    let late = with(&world, &before);
    problem(&late.finish(&attempt, &landing).await.unwrap(), 400, "authorization_expired");
}

/// A connection whose cookie no browser ever shows is ended, at the bank too: nobody else could.
#[tokio::test]
async fn a_connection_nobody_came_for_is_ended() {
    let world = stepped().await;
    let (browser, attempt, landing) = landed(&world).await;
    let before = value(&browser);
    id(&browser.finish(&attempt, &landing).await.unwrap());
    drop(browser);
    assert_eq!(live_tokens(&world).len(), 2);
    world.advance(Duration::from_hours(6 * 24));
    assert_eq!(live_tokens(&world).len(), 1, "the refresh token; the access token is over");
    world.advance(Duration::from_hours(2 * 24));
    eventually("revocation", || live_tokens(&world).is_empty()).await;
    assert!(ids(&with(&world, &before)).await.is_empty());
}

/// A person who comes back days later finds the connection, though the page never read through it.
#[tokio::test]
async fn a_cookie_may_be_shown_days_later() {
    let world = stepped().await;
    let (browser, attempt, landing) = landed(&world).await;
    let connection = id(&browser.finish(&attempt, &landing).await.unwrap());
    world.advance(Duration::from_hours(5 * 24));
    assert_eq!(accounts(&browser, &connection).await.status, 200);
    world.advance(Duration::from_hours(100 * 24));
    assert_eq!(accounts(&browser, &connection).await.status, 200);
}

/// Connecting again mends a dead connection under its id; if the answer gets lost, it is as before.
#[tokio::test]
async fn a_lost_answer_leaves_the_dead_connection_as_it_was() {
    let world = stepped().await;
    world.bank.update_knobs(|knobs| knobs.refresh = Refresh::None.into());
    let (browser, first) = connected(&world).await;
    world.advance(Duration::from_mins(6));
    let attempt = browser.start("cnb", "aisp").await.unwrap();
    let landing = browser.consent(&attempt).await.unwrap();
    let before = value(&browser);
    assert_eq!(id(&browser.finish(&attempt, &landing).await.unwrap()), first, "its id stays");
    let browser = with(&world, &before);
    let list = browser.get("/connections").await.unwrap().json();
    assert_eq!(
        (&list["connections"][0]["id"], &list["connections"][0]["status"]),
        (&json!(first), &json!("reconnect"))
    );
    world.advance(LOST);
    assert_eq!(id(&browser.finish(&attempt, &landing).await.unwrap()), first);
    assert_eq!(ids(&browser).await, [first.as_str()]);
    assert_eq!(accounts(&browser, &first).await.status, 200);
}

/// B15: a start that was on its way with the cookie before neither fails nor takes the new one away.
#[tokio::test]
async fn a_start_with_the_cookie_before_belongs_to_the_session() {
    let world = stepped().await;
    let (browser, attempt, landing) = landed(&world).await;
    let before = value(&browser);
    let first = id(&browser.finish(&attempt, &landing).await.unwrap());
    assert_eq!(ids(&browser).await, [first.as_str()]);
    let late = with(&world, &before);
    let attempt = late.start("cnb", "pisp").await.unwrap();
    assert_eq!(value(&late), before, "no other cookie");
    assert!(ids(&late).await.is_empty(), "which opens nothing");
    let landing = browser.consent(&attempt).await.unwrap();
    let second = id(&browser.finish(&attempt, &landing).await.unwrap());
    assert_eq!(ids(&browser).await, sorted([&first, &second]));
    world.advance(Duration::from_secs(61));
    late.start("cnb", "aisp").await.unwrap();
    assert_ne!(value(&late), before, "later it is just unknown");
}

/// K24, C10: nor by a sandbox, whose connections need no bank: a cookie whose place was taken gets none.
#[tokio::test]
async fn a_planted_cookie_gains_nothing_by_a_sandbox() {
    let Planted { world: _world, victim, attacker } = planted().await;
    let (victim, attempt, landing) = victim;
    let (attacker, ..) = attacker;
    let own = id(&victim.finish(&attempt, &landing).await.unwrap());
    let prepared = json!({ "provider": "cnb-sandbox", "token": "token-aisp" });
    problem(&attacker.post("/connections", &prepared).await.unwrap(), 429, "rate_limited");
    assert_eq!(ids(&victim).await, [own.as_str()]);
    let answer = attacker.post("/connections", &prepared).await.unwrap();
    problem(&answer, 429, "rate_limited");
    assert!(answer.headers.get("set-cookie").is_none());
    assert!(ids(&attacker).await.is_empty());
    assert_eq!(ids(&victim).await, [own.as_str()]);
}

/// A call that cannot be answered with a cookie now leaves nothing behind: it could not be repeated.
#[tokio::test]
async fn a_sandbox_is_connected_whole_or_not_at_all() {
    let world = stepped().await;
    let (browser, attempt, landing) = landed(&world).await;
    let before = value(&browser);
    id(&browser.finish(&attempt, &landing).await.unwrap());
    let late = with(&world, &before);
    let prepared = json!({ "provider": "cnb-sandbox", "token": "token-aisp" });
    for _ in 0..3 {
        problem(&late.post("/connections", &prepared).await.unwrap(), 429, "rate_limited");
    }
    world.advance(SETTLED);
    let answer = late.post("/connections", &prepared).await.unwrap();
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(ids(&late).await.len(), 1);
}

/// Two tabs mend the same dead connection, and their answers cross: both browsers see what is theirs.
#[tokio::test]
async fn one_dead_connection_is_mended_twice() {
    let world = stepped().await;
    world.bank.update_knobs(|knobs| knobs.refresh = Refresh::None.into());
    let (browser, dead) = connected(&world).await;
    world.advance(Duration::from_mins(6));
    let first = browser.start("cnb", "aisp").await.unwrap();
    let second = browser.start("cnb", "aisp").await.unwrap();
    let first_landing = browser.consent(&first).await.unwrap();
    let second_landing = browser.consent(&second).await.unwrap();
    let before = value(&browser);
    assert_eq!(id(&browser.finish(&first, &first_landing).await.unwrap()), dead);
    let other = with(&world, &before);
    problem(&other.finish(&second, &second_landing).await.unwrap(), 429, "rate_limited");
    world.advance(SETTLED);
    id(&other.finish(&second, &second_landing).await.unwrap());
    assert_eq!(ids(&browser).await, [dead.as_str()]);
    let own = ids(&other).await;
    assert_eq!(own.len(), 1);
    assert_eq!(accounts(&other, &own[0]).await.status, 200);
    assert_eq!(accounts(&browser, &dead).await.status, 200);
}

/// Disconnecting ends what was about to take the connection's place with the same tokens, too.
#[tokio::test]
async fn what_was_disconnected_does_not_come_back() {
    let world = stepped().await;
    let (browser, first) = connected(&world).await;
    let attempt = browser.start("cnb", "aisp").await.unwrap();
    let landing = browser.consent(&attempt).await.unwrap();
    let before = value(&browser);
    assert_eq!(id(&browser.finish(&attempt, &landing).await.unwrap()), first);
    let browser = with(&world, &before);
    let receipt = browser.delete(&format!("/connections/{first}")).await.unwrap();
    assert_eq!(receipt.json()["at_bank"], "revoked", "{}", receipt.text);
    assert!(live_tokens(&world).is_empty());
    world.advance(LOST);
    problem(&browser.finish(&attempt, &landing).await.unwrap(), 400, "authorization_expired");
    assert!(ids(&browser).await.is_empty());
}

/// A new cookie shown too late for its own connection still opens all that was there before.
#[tokio::test]
async fn earlier_connections_wait_for_a_late_cookie() {
    let world = stepped().await;
    let (browser, first) = connected(&world).await;
    let attempt = browser.start("cnb", "pisp").await.unwrap();
    let landing = browser.consent(&attempt).await.unwrap();
    id(&browser.finish(&attempt, &landing).await.unwrap());
    world.advance(Duration::from_hours(8 * 24));
    eventually("the new one is ended", || live_tokens(&world).len() == 1).await;
    assert_eq!(ids(&browser).await, [first.as_str()]);
    assert_eq!(accounts(&browser, &first).await.status, 200);
}
