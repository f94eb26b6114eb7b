//! Brokers that share a PostgreSQL database: what becomes of people when its server goes away and comes back.
//! That all else holds there as in a file, the other tests prove; `./just test` runs them on both.

use std::time::Duration;

use demo::{Options, World};

use crate::cli;
use crate::common::{accounts, connected, problem};
use crate::database::Database;
use crate::server::Server;

/// A world on a server of its own.
async fn world() -> (Server, World) {
    crate::logs::listen();
    let server = Server::start().await;
    let store_url = Some(server.database("world").await);
    let world = Box::pin(World::start(Options { store_url, ..Options::default() })).await.unwrap();
    (server, world)
}

/// E 5: connections that the server has closed are not used again, and nobody notices.
#[tokio::test]
async fn stale_connections_are_made_anew() {
    let (_server, world) = world().await;
    let (browser, id) = connected(&world).await;
    for _ in 0..3 {
        let end = "select pg_terminate_backend(pid) from pg_stat_activity \
                   where application_name = 'bankconnect'";
        assert!(Database::of(&world).await.execute(end).await > 0);
        assert_eq!(accounts(&browser, &id).await.status, 200);
    }
}

/// E 5: while the server is away everybody is told to come again; when it is back nobody has to log in.
#[tokio::test]
async fn a_server_that_dies_and_comes_back_logs_nobody_out() {
    let (mut server, world) = world().await;
    let (browser, id) = connected(&world).await;
    let other = world.join().await.unwrap();
    for _ in 0..2 {
        server.kill();
        problem(&accounts(&browser, &id).await, 503, "internal");
        problem(&browser.get("/connections").await.unwrap(), 503, "internal");
        assert_eq!(browser.get("/health/ready").await.unwrap().status, 503);
        server.run().await;
        for browser in [&browser, &browser.through(other.address)] {
            assert_eq!(accounts(browser, &id).await.status, 200);
        }
        let (newcomer, id) = connected(&world).await;
        assert_eq!(accounts(&newcomer, &id).await.status, 200);
    }
    other.stop().await;
}

/// E 5, T19: a server that answers nothing at all, as after a loss of power, is told as away, and holds nobody up.
#[tokio::test]
async fn a_server_that_hangs_is_told_as_away() {
    let (server, world) = world().await;
    let (browser, id) = connected(&world).await;
    server.signal("-STOP");
    let told = tokio::time::timeout(Duration::from_mins(1), accounts(&browser, &id)).await;
    server.signal("-CONT");
    problem(&told.expect("an answer"), 503, "internal");
    assert_eq!(accounts(&browser, &id).await.status, 200);
}

/// T07: leases are times of each broker's own clock, so that clocks which are apart are no place to start at.
#[tokio::test]
async fn a_broker_whose_clock_is_wrong_does_not_start() {
    let (server, mut world) = world().await;
    for (name, offset) in [("early", "-7 seconds"), ("late", "7 seconds")] {
        let url = server.database(name).await;
        let clock = format!(
            "create function public.clock_timestamp() returns timestamptz language sql as \
             'select pg_catalog.clock_timestamp() + interval ''{offset}'''"
        );
        server.execute(name, &clock).await;
        let first = format!("alter database {name} set search_path = public, pg_catalog");
        server.execute(name, &first).await;
        std::fs::write(world.folder.join("store.url"), url).unwrap();
        let refused = world.restart_broker().await.unwrap_err().to_string();
        assert!(refused.contains("seconds ahead of this machine's"), "{refused}");
    }
}

/// T03: of brokers that start together with rings of their own, one begins; the others would seal what it
/// cannot open.
#[tokio::test]
async fn brokers_with_different_rings_do_not_share_a_store() {
    let (server, world) = world().await;
    world.stop_broker().await;
    let url = server.database("empty").await;
    std::fs::write(world.folder.join("store.url"), url).unwrap();
    let first = world.join().await.unwrap();
    let ring = world.folder.join("bankconnect.keys");
    std::fs::remove_file(&ring).unwrap();
    assert_eq!(cli::run(&world.folder, &["keys", "new", "bankconnect.keys"]).await.code, 0);
    let refused = world.join().await.err().unwrap().to_string();
    assert!(refused.contains("the key ring does not open the store"), "{refused}");
    first.stop().await;
}

/// P02: an id that is none of ours is nobody's, whatever the database makes of its characters.
#[tokio::test]
async fn strange_ids_are_not_there() {
    let (_server, world) = world().await;
    let (browser, id) = connected(&world).await;
    for strange in ["%00", "a%00b", &"a".repeat(65)] {
        for path in ["", "/orders", "/api/my/accounts"] {
            let path = format!("/connections/{strange}{path}");
            problem(&browser.get(&path).await.unwrap(), 401, "not_connected");
        }
        let path = format!("/connections/{id}/orders/{strange}");
        problem(&browser.get(&path).await.unwrap(), 404, "not_found");
        problem(&browser.delete(&path).await.unwrap(), 404, "not_found");
    }
}

/// Brokers that start together on an empty database take turns at its schema; what one of them keeps, all have.
#[tokio::test]
async fn brokers_start_together() {
    let (server, world) = world().await;
    world.stop_broker().await;
    let url = server.database("empty").await;
    std::fs::write(world.folder.join("store.url"), url).unwrap();
    let (a, b, c) = tokio::join!(world.join(), world.join(), world.join());
    let nodes = [a.unwrap(), b.unwrap(), c.unwrap()];
    let browser = world.browser().through(nodes[0].address);
    let id = browser.connect("cnb", "aisp").await.unwrap();
    for node in &nodes {
        assert_eq!(accounts(&browser.through(node.address), &id).await.status, 200);
    }
    for node in nodes {
        node.stop().await;
    }
}

/// `doctor`, `check` and `probe` look into the database without a change; its URL, which holds a password, is
/// told by none of them.
#[tokio::test]
async fn the_programs_look_into_the_database() {
    let (mut server, world) = world().await;
    connected(&world).await;
    let url = std::fs::read_to_string(world.folder.join("store.url")).unwrap();
    std::fs::write(world.folder.join("store.url"), url.replace("broker@", "broker:canary-word@"))
        .unwrap();
    let told = cli::run(&world.folder, &["doctor"]).await;
    assert!(told.out.contains("1 connections"), "{}", told.out);
    let checked = cli::run(&world.folder, &["check"]).await;
    assert!(checked.out.contains("PostgreSQL: who else may read it"), "{}", checked.out);
    world.stop_broker().await;
    server.kill();
    let away = cli::run(&world.folder, &["doctor"]).await;
    assert!(away.out.contains("the server must run"), "{}", away.out);
    let refused = cli::run(&world.folder, &["serve"]).await;
    assert!(refused.err.contains("store.url_file"), "{}", refused.err);
    for said in [told, checked, away, refused] {
        assert!(!(said.out + &said.err).contains("canary-word"));
    }
}
