//! The store in wrong hands: what is sealed opens in its place and under its key, or not at all.

use std::time::Duration;

use demo::{Options, World};
use serde_json::json;

use crate::cli;
use crate::common::{
    accounts, connected, eventually, holds, live_tokens, on_file, problem, stepped, world,
};
use crate::database::Database;

async fn change(world: &World, statements: &[&str]) {
    let mut database = Database::of(world).await;
    for statement in statements {
        database.execute(statement).await;
    }
}

/// T02, C28, C29: tokens copied over another's do not open there; nobody reads another's accounts.
#[tokio::test]
async fn swapped_ciphertexts_do_not_open() {
    let world = world().await;
    let (first, first_id) = connected(&world).await;
    let other = world.bank.credentials().remove(1);
    let second = world.browser().as_customer(&other.username, &other.password);
    let second_id = second.connect("cnb", "aisp").await.unwrap();
    let swap = [
        "create temp table swapped as select mine.id, other.sealed \
         from grants mine join grants other on other.id <> mine.id",
        "update grants set sealed = (select sealed from swapped where swapped.id = grants.id)",
    ];
    change(&world, &swap).await;
    world.bank.clear_requests();
    for (browser, id) in [(&first, &first_id), (&second, &second_id)] {
        let answer = accounts(browser, id).await;
        problem(&answer, 500, "internal");
        assert!(!holds(answer.text.as_bytes(), "seal"), "{}", answer.text);
    }
    assert!(world.bank.requests().is_empty(), "no token was sent");
}

/// T02: a changed byte is noticed.
#[tokio::test]
async fn changed_ciphertexts_do_not_open() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let mut database = Database::of(&world).await;
    let mut sealed = database.bytes("select sealed from grants").await;
    *sealed.last_mut().unwrap() ^= 1;
    database.set("update grants set sealed = $1", &sealed).await;
    world.bank.clear_requests();
    problem(&accounts(&browser, &id).await, 500, "internal");
    assert!(world.bank.requests().is_empty());
    // the connection can still be ended, though nothing is left to revoke
    let receipt = browser.delete(&format!("/connections/{id}")).await.unwrap();
    assert_eq!(receipt.status, 200, "{}", receipt.text);
    assert_eq!(browser.get("/connections").await.unwrap().json(), json!({ "connections": [] }));
}

/// T02: the file is its owner's.
#[tokio::test]
async fn nobody_else_may_read_the_file() {
    let world = on_file(Options::default()).await;
    let metadata = std::fs::metadata(world.folder.join("bankconnect.db")).unwrap();
    assert_eq!(std::os::unix::fs::MetadataExt::mode(&metadata) & 0o777, 0o600);
}

/// T03, T04: with another key ring the broker does not start, for it would end connections whose tokens
/// nobody could revoke; with its own, everything is there again.
#[tokio::test]
async fn the_database_opens_with_its_key_ring_only() {
    let mut world = world().await;
    let (browser, id) = connected(&world).await;
    let ring = world.folder.join("bankconnect.keys");
    let kept = std::fs::read(&ring).unwrap();
    std::fs::remove_file(&ring).unwrap();
    assert_eq!(cli::run(&world.folder, &["keys", "new", "bankconnect.keys"]).await.code, 0);
    world.bank.clear_requests();
    let refused = world.restart_broker().await.unwrap_err().to_string();
    assert!(refused.contains("the key ring does not open the store"), "{refused}");
    assert!(world.bank.requests().is_empty());
    std::fs::write(&ring, kept).unwrap();
    world.restart_broker().await.unwrap();
    assert_eq!(accounts(&browser, &id).await.status, 200, "no grant was lost");
}

/// T11, T17: a broker that died between the bank's reply and the person's answer leaves a grant that
/// no connection points to; after a quarter of an hour its tokens go back to the bank.
#[tokio::test]
async fn a_grant_without_connection_goes_back_to_the_bank() {
    let world = stepped().await;
    let (browser, _) = connected(&world).await;
    let died = ["delete from connections", "update grants set loose_since = received_at"];
    change(&world, &died).await;
    assert_eq!(live_tokens(&world).len(), 2);
    world.advance(Duration::from_mins(16));
    eventually("revocation", || live_tokens(&world).is_empty()).await;
    assert_eq!(browser.get("/connections").await.unwrap().json(), json!({ "connections": [] }));
}
