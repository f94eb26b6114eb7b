//! `kill -9` at each point of a callback and of a disconnect: what the bank gave is in a connection that the
//! person gets, or comes to him when he connects again, or is revoked. Nothing is left that nobody can end.

use std::time::Duration;

use demo::World;
use demo::browser::{Attempt, Browser};
use reqwest::Url;

use crate::common::{
    accounts, connected, eventually, exchanges, finish_patiently, landed, live_tokens, problem,
    stepped,
};
use crate::database::Database;
use crate::doomed::Doomed;

/// Longer than a grant is given to find a connection, and than an exchange may take.
const GIVEN_UP: Duration = Duration::from_secs(901);
/// When the queue takes over from the first try, and once more after what a dead broker took out of it.
const QUEUE: Duration = Duration::from_secs(181);

/// A callback that is handed to a broker which is killed at `waypoint`.
async fn killed_in_callback(waypoint: &str) -> (World, Browser, Attempt, Url) {
    let world = stepped().await;
    let (browser, attempt, landing) = landed(&world).await;
    let mut doomed = Doomed::start(&world, &browser, waypoint).await;
    let page = doomed.browser.through(doomed.address);
    let handed_over = tokio::spawn({
        let attempt = Attempt {
            state: attempt.state.clone(),
            verifier: attempt.verifier.clone(),
            url: attempt.url.clone(),
        };
        let landing = landing.clone();
        async move { page.finish(&attempt, &landing).await.is_ok() }
    });
    doomed.arrives().await;
    doomed.kill().await;
    assert!(!handed_over.await.unwrap(), "{waypoint}: no answer came");
    (world, browser, attempt, landing)
}

/// The person connects again, reads, and leaves; after that the bank has nothing of his.
async fn connects_again(world: &World, browser: &Browser) {
    let id = browser.connect("cnb", "aisp").await.unwrap();
    assert_eq!(accounts(browser, &id).await.status, 200);
    assert_eq!(browser.delete(&format!("/connections/{id}")).await.unwrap().status, 200);
    assert!(live_tokens(world).is_empty());
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// The code is not sent, or nobody knows: the page is told to start anew, and may.
async fn starts_anew(waypoint: &str, sent: usize) {
    let (world, browser, attempt, landing) = killed_in_callback(waypoint).await;
    assert_eq!(exchanges(&world).len(), sent, "{waypoint}");
    problem(&browser.finish(&attempt, &landing).await.unwrap(), 429, "rate_limited");
    world.advance(GIVEN_UP);
    let answer = finish_patiently(&browser, &attempt, &landing).await;
    problem(&answer, 400, "authorization_expired");
    assert_eq!(exchanges(&world).len(), sent, "{waypoint}: a code is sent once");
    connects_again(&world, &browser).await;
}

/// K05: the authorization is used up, the code is not sent.
#[tokio::test]
async fn in_a_callback_with_the_authorization_taken() {
    starts_anew("CallbackTaken", 0).await;
}

/// The same a moment later.
#[tokio::test]
async fn in_a_callback_before_the_code_is_sent() {
    starts_anew("CodeNext", 0).await;
}

/// K12: the reply is in memory only. Nobody has the tokens, till the bank hands them to the next login.
#[tokio::test]
async fn in_a_callback_with_the_reply_in_memory() {
    starts_anew("CodeReceived", 1).await;
}

/// T11, K41: the reply is in the store, and no connection will ever use it: it is revoked.
async fn is_revoked(waypoint: &str) {
    let (world, browser, ..) = killed_in_callback(waypoint).await;
    assert!(!live_tokens(&world).is_empty(), "{waypoint}");
    world.advance(GIVEN_UP);
    eventually("its tokens are revoked", || live_tokens(&world).is_empty()).await;
    assert_eq!(Database::of(&world).await.rows("grants").await, 0, "{waypoint}");
    connects_again(&world, &browser).await;
}

/// The reply is kept and not judged.
#[tokio::test]
async fn in_a_callback_with_the_reply_kept() {
    is_revoked("CodeKept").await;
}

/// Its tokens are in use by nobody.
#[tokio::test]
async fn in_a_callback_with_the_tokens_settled() {
    is_revoked("CodeSettled").await;
}

/// The connection is written and its answer lost: the page asks again and gets it.
#[tokio::test]
async fn in_a_callback_with_the_connection_written() {
    let (world, browser, attempt, landing) = killed_in_callback("Connected").await;
    let answer = browser.finish(&attempt, &landing).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text);
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(exchanges(&world).len(), 1);
    connects_again(&world, &browser).await;
}

/// A disconnect at a broker which is killed at `waypoint`; the connection is still there, or not.
async fn killed_in_disconnect(waypoint: &str, still_there: bool) {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    let path = format!("/connections/{id}");
    let mut doomed = Doomed::start(&world, &browser, waypoint).await;
    let (page, at) = (doomed.browser.through(doomed.address), path.clone());
    let asked = tokio::spawn(async move { page.delete(&at).await.is_ok() });
    doomed.arrives().await;
    doomed.kill().await;
    assert!(!asked.await.unwrap(), "{waypoint}: no answer came");
    if still_there {
        assert_eq!(accounts(&browser, &id).await.status, 200);
        assert_eq!(browser.delete(&path).await.unwrap().status, 200);
    }
    problem(&accounts(&browser, &id).await, 401, "not_connected");
    world.advance(QUEUE);
    eventually("the bank has forgotten", || live_tokens(&world).is_empty()).await;
    let mut database = Database::of(&world).await;
    for _ in 0..1000 {
        if database.rows("revocations").await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(database.rows("revocations").await, 0, "{waypoint}: and nothing is left to ask");
    assert_eq!(database.rows("grants").await, 0);
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// Nothing is done yet.
#[tokio::test]
async fn in_a_disconnect_before_anything() {
    killed_in_disconnect("EndBegun", true).await;
}

/// K41: ended here, the bank not asked.
#[tokio::test]
async fn in_a_disconnect_with_the_end_written() {
    killed_in_disconnect("Ended", false).await;
}

/// The same a moment later.
#[tokio::test]
async fn in_a_disconnect_before_the_bank_is_asked() {
    killed_in_disconnect("RevocationNext", false).await;
}

/// The bank has forgotten, and the queue does not know: it asks again, of tokens that the bank knows no more.
#[tokio::test]
async fn in_a_disconnect_with_the_answer_in_memory() {
    killed_in_disconnect("RevocationAnswered", false).await;
}

/// All is done.
#[tokio::test]
async fn in_a_disconnect_with_the_answer_noted() {
    killed_in_disconnect("RevocationNoted", false).await;
}
