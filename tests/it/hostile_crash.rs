//! D.4 `kill -9 at each of 7 points of refresh`: a broker in a process of its own is killed where it hurts
//! most, beside another one on the same store, which must then do what is left to do.
//!
//! Never are there two presenters at once, and never is a token lost that the bank did not take away. The
//! bank is the strictest there is: it rotates, and kills the consent of whoever shows an old token.

use std::time::Duration;

use bank_sim::{Knob, Refresh, TokenReply};
use demo::World;
use demo::browser::Browser;
use serde_json::json;

use crate::common::{accounts, connected, eventually, hasty, problem, refreshes};
use crate::doomed::Doomed;

const OVER: Duration = Duration::from_secs(301);
/// The limits of [`hasty`] and the slack of a lease.
const LEASE: Duration = Duration::from_secs(2 + 15);

/// A call that needs a refresh; its answer never comes.
fn call(doomed: &Doomed, id: &str) {
    let path = format!("/connections/{id}/api/my/accounts");
    tokio::spawn(doomed.browser.request(&reqwest::Method::GET, &path).send());
}

/// A world in which the access token is over.
async fn over(refresh: Refresh) -> (World, Browser, String) {
    let world = hasty(|knobs| knobs.refresh = refresh.into()).await;
    let (browser, id) = connected(&world).await;
    world.advance(OVER);
    (world, browser, id)
}

/// The survivor keeps its hands off while the dead one's lease lasts.
async fn waits(world: &World, browser: &Browser, id: &str) {
    let before = refreshes(world).len();
    let body = problem(&accounts(browser, id).await, 503, "bank_unavailable");
    assert_eq!(body["retry_after"], LEASE.as_secs());
    assert_eq!(refreshes(world).len(), before, "the token is not presented by a second one");
}

/// Killed at a point of its own program: the survivor waits, then does the rest; the bank has seen
/// `presented` refreshes in all, none of them with an old token.
async fn killed(waypoint: &str, leased: bool, presented: usize) {
    let (world, browser, id) = over(Refresh::RotateWithReuseDetection).await;
    let mut doomed = Doomed::start(&world, &browser, waypoint).await;
    call(&doomed, &id);
    doomed.arrives().await;
    doomed.kill().await;
    if leased {
        waits(&world, &browser, &id).await;
        world.advance(LEASE);
    }
    let answer = accounts(&browser, &id).await;
    assert_eq!(answer.status, 200, "{waypoint}: {}", answer.text);
    assert_eq!(refreshes(&world).len(), presented, "{waypoint}");
    world.advance(OVER);
    assert_eq!(accounts(&browser, &id).await.status, 200, "{waypoint}: and the next one works");
    assert_eq!(world.bank.violations(), Vec::<String>::new(), "{waypoint}");
}

/// Point 1, before the lease: nothing has happened.
#[tokio::test]
async fn killed_before_the_lease() {
    killed("Begun", false, 1).await;
}

/// Point 2, after the lease: it has to run out.
#[tokio::test]
async fn killed_with_the_lease() {
    killed("Leased", true, 1).await;
}

/// Point 3, after the intent: nobody knows that the token did not go out, and it is good all the same.
#[tokio::test]
async fn killed_with_the_intent_written() {
    killed("Intended", true, 1).await;
}

/// Point 4, sent and no reply: the same token is shown again (T10), which is right where the bank had
/// not done anything.
#[tokio::test]
async fn killed_while_the_bank_is_silent() {
    let (world, browser, id) = over(Refresh::RotateWithReuseDetection).await;
    world.bank.update_knobs(|knobs| knobs.refresh_reply = Knob::next(1, TokenReply::Hang));
    let doomed = Doomed::start(&world, &browser, "none").await;
    call(&doomed, &id);
    eventually("the token is sent", || refreshes(&world).len() == 1).await;
    doomed.kill().await;
    waits(&world, &browser, &id).await;
    world.advance(LEASE);
    assert_eq!(accounts(&browser, &id).await.status, 200);
    let shown: Vec<_> = refreshes(&world).iter().map(|call| call.form("refresh_token")).collect();
    assert_eq!((shown.len(), &shown[0]), (2, &shown[1]));
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// Point 5, the reply in memory and not in the store: where the bank keeps the token, nothing is lost.
#[tokio::test]
async fn killed_with_the_reply_in_memory() {
    let (world, browser, id) = over(Refresh::Keep).await;
    let mut doomed = Doomed::start(&world, &browser, "Received").await;
    call(&doomed, &id);
    doomed.arrives().await;
    doomed.kill().await;
    waits(&world, &browser, &id).await;
    world.advance(LEASE);
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(refreshes(&world).len(), 2);
}

/// Point 5 with a bank that takes the old token away for ever: that, and only that, costs the consent,
/// and it is told as what it is.
#[tokio::test]
async fn killed_with_the_only_copy_of_the_token_in_memory() {
    let (world, browser, id) = over(Refresh::RotateWithReuseDetection).await;
    let mut doomed = Doomed::start(&world, &browser, "Received").await;
    call(&doomed, &id);
    doomed.arrives().await;
    doomed.kill().await;
    waits(&world, &browser, &id).await;
    world.advance(LEASE);
    problem(&accounts(&browser, &id).await, 401, "reconnect");
    let body = browser.get(&format!("/connections/{id}")).await.unwrap().json();
    assert_eq!(body["reason"], json!("lost_rotation"));
    assert_eq!(refreshes(&world).len(), 2, "and nobody asks again");
}

/// Point 6, the reply stored and not judged: it is judged, and the bank is not asked again.
#[tokio::test]
async fn killed_with_the_reply_stored() {
    killed("Kept", true, 1).await;
}

/// Point 7, the reply judged and not in use: likewise.
#[tokio::test]
async fn killed_with_the_reply_judged() {
    killed("Judged", true, 1).await;
}
