//! The database server is killed, and started again, at each point of a refresh: no grant is lost by it, and the
//! bank sees no token twice.

use std::time::Duration;

use bank_sim::{Knobs, Refresh};
use broker::ambient::Waypoint;
use demo::{Options, World};

use crate::common::{accounts, connected, eventually, refreshes};
use crate::gates::StandStill;
use crate::server::Server;

const OVER: Duration = Duration::from_secs(301);
/// The limits of a token call and the slack of a lease.
const LEASE: Duration = Duration::from_secs(30 + 15);

/// A refresh stands at `waypoint` while the server dies. Where it is then about to ask the bank, it does so
/// before the server is back.
async fn crashed(waypoint: Waypoint) {
    crate::logs::listen();
    let mut server = Server::start().await;
    let store_url = Some(server.database("world").await);
    let knobs = Knobs { refresh: Refresh::RotateWithReuseDetection.into(), ..Knobs::default() };
    let options = Options { store_url, knobs, ..Options::stepped() };
    let world = Box::pin(World::start(options)).await.unwrap();
    let (browser, id) = connected(&world).await;
    let gates = StandStill::at(waypoint);
    let node = world.join_with(gates.clone()).await.unwrap();
    world.advance(OVER);
    let page = browser.through(node.address);
    let call = tokio::spawn({
        let id = id.clone();
        async move { accounts(&page, &id).await.status.as_u16() }
    });
    gates.arrives().await;
    server.crash();
    gates.open();
    if waypoint == Waypoint::Intended {
        eventually("the bank is asked", || refreshes(&world).len() == 1).await;
    }
    server.run().await;
    let told = call.await.unwrap();
    assert!([200, 502, 503].contains(&told), "{waypoint:?}: {told}");
    world.advance(LEASE); // where nobody could give it back
    for browser in [&browser, &browser.through(node.address)] {
        let answer = accounts(browser, &id).await;
        assert_eq!(answer.status, 200, "{waypoint:?}: {}", answer.text);
    }
    assert_eq!(refreshes(&world).len(), 1, "{waypoint:?}: a token that was received is kept");
    world.advance(OVER);
    assert_eq!(accounts(&browser, &id).await.status, 200, "{waypoint:?}: and the next one works");
    assert_eq!(world.bank.violations(), Vec::<String>::new(), "{waypoint:?}");
    node.stop().await;
}

/// Before the lease.
#[tokio::test]
async fn before_the_lease() {
    crashed(Waypoint::Begun).await;
}

/// With the lease.
#[tokio::test]
async fn with_the_lease() {
    crashed(Waypoint::Leased).await;
}

/// With the intent written: the reply comes while nobody can keep it.
#[tokio::test]
async fn with_the_intent_written() {
    crashed(Waypoint::Intended).await;
}

/// With the reply in memory.
#[tokio::test]
async fn with_the_reply_in_memory() {
    crashed(Waypoint::Received).await;
}

/// With the reply stored: what was confirmed is there after the crash.
#[tokio::test]
async fn with_the_reply_stored() {
    crashed(Waypoint::Kept).await;
}

/// With the reply judged.
#[tokio::test]
async fn with_the_reply_judged() {
    crashed(Waypoint::Judged).await;
}
