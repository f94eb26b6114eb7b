//! Several brokers on one store: one of them presents a refresh token, whatever the others want.

use std::sync::Arc;
use std::time::Duration;

use bank_sim::{Knob, Knobs, Refresh, Rule};
use demo::browser::Browser;
use demo::node::Node;
use demo::{Options, World};
use tokio::task::JoinSet;

use crate::common::{
    REVOKE, accounts, api_calls, connected, eventually, hasty, live_tokens, problem, refreshes,
    seen, start,
};
use crate::database::Database;

/// Five minutes and a second: the access token is over.
const OVER: Duration = Duration::from_secs(301);

/// A bank that needs some time for each refresh.
async fn slow(refresh: Refresh, delay: Knob<Duration>) -> World {
    let knobs = Knobs { refresh: refresh.into(), token_delay: delay, ..Knobs::default() };
    start(Options { knobs, ..Options::stepped() }).await
}

async fn stop(nodes: Vec<Node>) {
    for node in nodes {
        node.stop().await;
    }
}

/// D.4 `refresh_delay=10s x 50 callers x 3 nodes`: T07, T08, T09, C21; two seconds prove nearly the same as ten.
#[tokio::test]
async fn of_fifty_callers_of_three_brokers_one_refreshes() {
    fifty_callers(Duration::from_secs(2)).await;
}

/// The same to the letter.
#[tokio::test]
#[ignore = "long: just test-long"]
async fn of_fifty_callers_of_a_bank_that_takes_ten_seconds_one_refreshes() {
    fifty_callers(Duration::from_secs(10)).await;
}

async fn fifty_callers(takes: Duration) {
    let delay = Knob::next(1, Duration::ZERO).then(takes);
    let world = slow(Refresh::RotateWithReuseDetection, delay).await;
    let (browser, id) = connected(&world).await;
    let nodes = vec![world.join().await.unwrap(), world.join().await.unwrap()];
    let browsers = [world.address, nodes[0].address, nodes[1].address];
    let browsers = browsers.map(|address| Arc::new(browser.through(address)));
    world.advance(OVER);
    let mut calls = JoinSet::new();
    for browser in browsers.iter().cycle().take(150) {
        let (browser, id) = (browser.clone(), id.clone());
        calls.spawn(async move { accounts(&browser, &id).await.status.as_u16() });
    }
    assert_eq!(calls.join_all().await, vec![200; 150]);
    assert_eq!((refreshes(&world).len(), api_calls(&world).len()), (1, 150));
    assert_eq!(world.bank.violations(), Vec::<String>::new());
    stop(nodes).await;
}

/// T07, C22: a presenter whose lease ran out, for it was too slow, and the one that took it then: the last
/// word of the bank counts, and nobody is left with tokens that it takes no more.
#[tokio::test]
async fn a_presenter_that_was_overtaken_costs_nothing() {
    // the second call of the token endpoint, the first refresh, takes three seconds
    let delay = Knob::default().with(Rule::to(Duration::from_secs(3)).after(1).times(1));
    let world = slow(Refresh::Keep, delay).await;
    let (browser, id) = connected(&world).await;
    let node = world.join().await.unwrap();
    let other = browser.through(node.address);
    world.advance(OVER);
    let slow = tokio::spawn({
        let (browser, id) = (browser.through(world.address), id.clone());
        async move { accounts(&browser, &id).await.status.as_u16() }
    });
    eventually("the slow refresh begins", || refreshes(&world).len() == 1).await;
    world.advance(Duration::from_mins(1)); // as a clock that is set right may
    assert_eq!(accounts(&other, &id).await.status, 200);
    assert_eq!(refreshes(&world).len(), 2);
    assert_eq!(slow.await.unwrap(), 200);
    world.bank.clear_requests();
    let answer = accounts(&browser, &id).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(world.bank.violations(), Vec::<String>::new());
    stop(vec![node]).await;
}

/// T09, refresh algorithm 11: whoever waits at his limit is told to come again; he never presents the
/// token himself. A lease whose holder is gone runs out.
#[tokio::test]
async fn waiters_at_their_limit_come_again() {
    let world = hasty(|_| ()).await;
    let (browser, id) = connected(&world).await;
    world.advance(OVER);
    hold(&world, 17).await;
    for _ in 0..2 {
        let body = problem(&accounts(&browser, &id).await, 503, "bank_unavailable");
        assert_eq!(body["retry_after"], 17);
    }
    assert!(refreshes(&world).is_empty(), "nobody presented it");
    world.advance(Duration::from_secs(17));
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(refreshes(&world).len(), 1);
}

/// T09: while the tokens in use are still good, nobody waits for another's refresh at all costs.
#[tokio::test]
async fn good_tokens_are_used_while_another_refreshes() {
    let world = hasty(|_| ()).await;
    let (browser, id) = connected(&world).await;
    world.advance(Duration::from_secs(250));
    hold(&world, 17).await;
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert!(refreshes(&world).is_empty());
}

/// T16, T17: a disconnect at one broker wins over the refresh under way at another; what the bank
/// hands out late goes back to it.
#[tokio::test]
async fn a_disconnect_wins_over_a_refresh_elsewhere() {
    let delay = Knob::next(1, Duration::ZERO).then(Duration::from_secs(2));
    let world = slow(Refresh::Rotate, delay).await;
    let (browser, id) = connected(&world).await;
    let node = world.join().await.unwrap();
    let other = browser.through(node.address);
    world.advance(OVER);
    let late = tokio::spawn({
        let (browser, id) = (browser.through(world.address), id.clone());
        async move { accounts(&browser, &id).await.status.as_u16() }
    });
    eventually("the refresh begins", || refreshes(&world).len() == 1).await;
    assert_eq!(other.delete(&format!("/connections/{id}")).await.unwrap().status, 200);
    assert_eq!(late.await.unwrap(), 401, "nothing is read through it");
    world.advance(Duration::from_secs(61));
    eventually("revocation of the late tokens", || live_tokens(&world).is_empty()).await;
    stop(vec![node]).await;
}

/// K41: brokers that share a queue of revocations do not ask for the same one at once.
#[tokio::test]
async fn one_broker_asks_for_a_revocation() {
    let knobs = Knobs {
        revoke_reply: Knob::next(1, bank_sim::RevokeReply::Status(503)),
        ..Knobs::default()
    };
    let world = start(Options { knobs, ..Options::stepped() }).await;
    let (browser, id) = connected(&world).await;
    browser.delete(&format!("/connections/{id}")).await.unwrap();
    let nodes = vec![world.join().await.unwrap(), world.join().await.unwrap()];
    world.advance(Duration::from_secs(61));
    eventually("revocation", || live_tokens(&world).is_empty()).await;
    stop(nodes).await;
    world.stop_broker().await;
    assert_eq!(seen(&world, REVOKE).len(), 3, "503, then each token once");
}

/// K05, K12: the same callback at two brokers is one exchange.
#[tokio::test]
async fn of_callbacks_at_two_brokers_one_is_exchanged() {
    let knobs = Knobs { token_delay: Duration::from_secs(1).into(), ..Knobs::default() };
    let world = start(Options { knobs, ..Options::default() }).await;
    let (browser, attempt, landing) = crate::common::landed(&world).await;
    let node = world.join().await.unwrap();
    let other: Browser = browser.through(node.address);
    let (a, b) = tokio::join!(browser.finish(&attempt, &landing), other.finish(&attempt, &landing));
    let mut told = [a.unwrap().status.as_u16(), b.unwrap().status.as_u16()];
    told.sort_unstable();
    assert_eq!(told, [200, 429], "the other is asked to come again");
    assert_eq!(crate::common::exchanges(&world).len(), 1);
    stop(vec![node]).await;
}

/// As a broker does that holds the lease of the only grant and has died.
async fn hold(world: &World, seconds: u64) {
    let until = world.now() + seconds;
    let take = format!("update grants set lease = lease + 1, leased_until = {until}");
    assert_eq!(Database::of(world).await.execute(&take).await, 1);
}
