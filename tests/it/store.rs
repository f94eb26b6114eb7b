//! The store in wrong hands: what is sealed opens in its place and under its key, or not at all.

use std::time::Duration;

use broker::ambient::Ambient;
use broker::vault::Vault;
use demo::World;
use serde_json::json;
use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::common::{accounts, connected, eventually, holds, live_tokens, problem, stepped, world};

async fn change(world: &World, statements: &[&'static str]) {
    let options = SqliteConnectOptions::new().filename(world.folder.join("bankconnect.db"));
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    for &statement in statements {
        sqlx::query(statement).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
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
    let spoil = "update grants set sealed = cast(substr(sealed, 1, length(sealed) - 1) || \
                 case substr(sealed, -1) when x'00' then x'01' else x'00' end as blob)";
    change(&world, &[spoil]).await;
    world.bank.clear_requests();
    problem(&accounts(&browser, &id).await, 500, "internal");
    assert!(world.bank.requests().is_empty());
    // the connection can still be ended, though nothing is left to revoke
    let receipt = browser.delete(&format!("/connections/{id}")).await.unwrap();
    assert_eq!(receipt.status, 200, "{}", receipt.text);
    assert_eq!(browser.get("/connections").await.unwrap().json(), json!({ "connections": [] }));
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
    Vault::create(&ring, &Ambient::system()).unwrap();
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
    change(&world, &["delete from connections"]).await;
    assert_eq!(live_tokens(&world).len(), 2);
    world.advance(Duration::from_mins(16));
    eventually("revocation", || live_tokens(&world).is_empty()).await;
    assert_eq!(browser.get("/connections").await.unwrap().json(), json!({ "connections": [] }));
}
