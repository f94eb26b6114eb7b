//! The kill switch (T24): all connections that have something in common are ended by one command, beside running
//! brokers, in steps that are whole or not at all; nobody else's are.

use std::time::Duration;

use bank_sim::{Knob, Knobs, Refresh};
use demo::browser::Browser;
use demo::{Options, World};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::cli::{Said, at_terminal, command, run};
use crate::common::{
    REVOKE, accounts, connected, eventually, holds, live_tokens, our_request, problem, refreshes,
    seen, start,
};
use crate::database::Database;
use crate::door::{ask, get, options, world};
use crate::load::two_banks;

/// A person of the bank who has connected, bound to `u-NUMBER`.
async fn person(world: &World, number: usize, provider: &str) -> (Browser, String) {
    let credential = world.bank.credentials().remove(number);
    let browser = world.browser().as_customer(&credential.username, &credential.password);
    let id = browser.connect(provider, "aisp").await.unwrap();
    assert_eq!(accounts(&browser, &id).await.status, 200);
    let body = json!({ "subject": format!("u-{number}") });
    let bound = ask(world, Method::PUT, &format!("/connections/{id}/subject"), Some(body)).await;
    assert_eq!(bound.status, 200, "{}", bound.text);
    (browser, id)
}

/// So many more connections of `u-0`, on the same tokens.
async fn crowd(world: &World, more: u64) {
    let copy = format!(
        "insert into connections (id, session, provider, scopes, grant_id, connected_at, subject) \
         with recursive n (n) as (select 1 union all select n + 1 from n where n < {more}) \
         select 'copy-' || n, session, provider, scopes, grant_id, connected_at, subject \
         from connections, n where subject = 'u-0'"
    );
    assert_eq!(Database::of(world).await.execute(&copy).await, more);
}

async fn end(world: &World, arguments: &[&str]) -> Said {
    let all: Vec<&str> = ["end"].iter().chain(arguments).copied().collect();
    run(&world.folder, &all).await
}

async fn rows(world: &World, table: &str) -> i64 {
    Database::of(world).await.rows(table).await
}

/// Waits until the banks have answered, and hands the receipts out.
async fn settled(world: &World, number: usize) -> Vec<Value> {
    for _ in 0..1000 {
        if rows(world, "revocations").await == 0 {
            let said = run(&world.folder, &["receipts", "--json"]).await;
            let all = said.json()["receipts"].as_array().unwrap().clone();
            assert_eq!(all.len(), number);
            assert!(
                all.iter().all(|one| one["at_bank"] == "revoked" && one["cause"] == "operator")
            );
            return all;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("never revoked");
}

/// The certificate of a file, as `cert inspect` tells it.
async fn sha256(world: &World, file: &str) -> String {
    let said = run(&world.folder, &["cert", "inspect", file, "--json"]).await;
    said.json()["sha256"].as_str().unwrap().to_owned()
}

/// T24, F.7: by each selector 250 connections end, with one revocation and a receipt each, beside three brokers;
/// bystanders read on.
#[tokio::test]
async fn all_of_one_kind_end_and_bystanders_stay() {
    for kind in ["--subject", "--provider", "--certificate", "--key"] {
        let world = two_banks(options()).await;
        let nodes = [world.join().await.unwrap(), world.join().await.unwrap()];
        let victim = person(&world, 0, "cnb").await;
        crowd(&world, 249).await;
        let bystander = person(&world, 1, "other").await;
        let mut database = Database::of(&world).await;
        let others = "where provider = 'other'";
        let value = match kind {
            "--subject" => "u-0".to_owned(),
            "--provider" => "cnb".to_owned(),
            "--certificate" => {
                // as if it had come under another one
                database
                    .set(&format!("update grants set certificate = $1 {others}"), &[7; 32])
                    .await;
                sha256(&world, "certificate.pem").await
            }
            _ => {
                database.execute(&format!("update grants set kek = 'another' {others}")).await;
                let listed = run(&world.folder, &["keys", "list", "--json"]).await.json();
                listed["active"].as_str().unwrap_or_else(|| panic!("{listed}")).to_owned()
            }
        };
        let tokens = live_tokens(&world).len();
        let said = end(&world, &[kind, &value, "--dry-run", "--json"]).await;
        let counted = json!({
            "connections": 250, "ended": 0, "left": 250, "dry_run": true,
            "providers": [{ "provider": "cnb", "connections": 250, "subjects": 1, "without_subject": 0 }],
        });
        assert_eq!((said.code, said.json()), (0, counted), "{kind}");
        assert_eq!(rows(&world, "connections").await, 251, "{kind}");
        let said = end(&world, &[kind, &value, "--yes"]).await;
        assert_eq!(said.code, 0, "{kind}: {}", said.err);
        assert!(said.err.contains("100 of 250") && said.out.starts_with("250 "), "{said:?}");
        problem(&accounts(&victim.0, &victim.1).await, 401, "not_connected");
        settled(&world, 250).await;
        assert_eq!(live_tokens(&world).len(), tokens - 2, "{kind}");
        assert_eq!(
            (rows(&world, "connections").await, seen(&world, REVOKE).len()),
            (1, 2),
            "{kind}"
        );
        if kind != "--key" {
            assert_eq!(accounts(&bystander.0, &bystander.1).await.status, 200, "{kind}");
        }
        let said = end(&world, &[kind, &value]).await;
        assert!(said.code == 0 && said.out.contains("nothing to end"), "{kind}: once more");
        for node in nodes {
            node.stop().await;
        }
    }
}

/// T24: those whose tokens came under a certificate, and not those that were renewed under another one since.
#[tokio::test]
async fn a_certificate_is_known_by_what_came_under_it() {
    let world = world().await;
    let (first, first_id) = person(&world, 0, "cnb").await;
    let (renewed, renewed_id) = person(&world, 1, "cnb").await;
    let old = sha256(&world, "certificate.pem").await;
    let identity = world.bank.pki().issue(our_request());
    std::fs::write(world.folder.join("certificate.pem"), identity.cert_pem).unwrap();
    std::fs::write(world.folder.join("private-key.pem"), identity.key_pem).unwrap();
    world.reload().await;
    world.advance(Duration::from_secs(301));
    assert_eq!(accounts(&renewed, &renewed_id).await.status, 200, "renewed under the new one");
    let (new, new_id) = person(&world, 2, "cnb").await;
    // as people write it
    let pairs: Vec<_> =
        old.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).unwrap()).collect();
    let said = end(&world, &["--certificate", &pairs.join(":").to_uppercase(), "--yes"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    problem(&accounts(&first, &first_id).await, 401, "not_connected");
    for (browser, id) in [(renewed, renewed_id), (new, new_id)] {
        assert_eq!(accounts(&browser, &id).await.status, 200);
    }
}

/// One connection, and what was about to take its place: what a person began before does not bring it back.
#[tokio::test]
async fn one_connection_ends_with_its_renewal() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let (stranger, strange) = person(&world, 1, "cnb").await;
    world.bank.revoke_consent(&world.bank.credentials()[0].username);
    problem(&accounts(&browser, &id).await, 401, "reconnect");
    assert_eq!(browser.connect("cnb", "aisp").await.unwrap(), id, "its cookie is not shown yet");
    let said = end(&world, &["--connection", &id, "--yes", "--json"]).await;
    assert_eq!(said.json()["ended"], 2, "{}", said.err);
    problem(&accounts(&browser, &id).await, 401, "not_connected");
    assert_eq!(accounts(&stranger, &strange).await.status, 200);
    eventually("revocation", || live_tokens(&world).len() == 2).await;
    // without any broker, too: the next one asks the bank
    world.stop_broker().await;
    let said = end(&world, &["--connection", &strange, "--yes"]).await;
    assert_eq!((said.code, live_tokens(&world).len()), (0, 2), "{}", said.err);
    let node = world.join().await.unwrap();
    eventually("revocation", || live_tokens(&world).is_empty()).await;
    node.stop().await;
}

/// Killed in the middle: what has ended has its receipt, the rest is as it was; run again it goes on.
#[tokio::test]
async fn an_interrupted_end_goes_on() {
    let world = world().await;
    let (_, _) = person(&world, 0, "cnb").await;
    crowd(&world, 1499).await;
    let mut first = command(&world.folder, &["end", "--subject", "u-0", "--yes"]).spawn().unwrap();
    let mut said = BufReader::new(first.stderr.take().unwrap()).lines();
    assert_eq!(said.next_line().await.unwrap().as_deref(), Some("100 of 1500 have ended"));
    first.kill().await.unwrap();
    let (left, told) = (rows(&world, "connections").await, rows(&world, "receipts").await);
    assert!(left > 0 && left % 100 == 0, "steps are whole: {left}");
    assert_eq!(left + told, 1500);
    let said = end(&world, &["--subject", "u-0", "--yes", "--json"]).await;
    assert_eq!((&said.json()["ended"], &said.json()["left"]), (&json!(left), &json!(0)));
    assert_eq!((rows(&world, "connections").await, rows(&world, "grants").await), (0, 0));
    settled(&world, 1500).await;
    assert!(live_tokens(&world).is_empty());
}

/// T16: a refresh under way loses, and what it brings home goes back to the bank.
#[tokio::test]
async fn a_refresh_under_way_loses() {
    let token_delay = Knob::next(1, Duration::ZERO).then(Duration::from_secs(3));
    let knobs = Knobs { token_delay, refresh: Refresh::Rotate.into(), ..Knobs::default() };
    let world = start(Options { knobs, ..options() }).await;
    let (browser, id) = connected(&world).await;
    world.advance(Duration::from_secs(301));
    let late = tokio::spawn({
        let (browser, id) = (browser.through(world.address), id.clone());
        async move { accounts(&browser, &id).await.status.as_u16() }
    });
    eventually("the refresh begins", || refreshes(&world).len() == 1).await;
    let said = end(&world, &["--provider", "cnb", "--yes"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(late.await.unwrap(), 401, "nothing is read through it");
    world.advance(Duration::from_secs(61));
    eventually("revocation", || live_tokens(&world).is_empty()).await;
    settled(&world, 1).await;
    assert_eq!(rows(&world, "grants").await, 0);
}

/// Nothing ends that nobody confirmed, or that is not what the command line says; no answer has a token.
#[tokio::test]
async fn nothing_ends_by_mistake() {
    let world = world().await;
    let (browser, id) = person(&world, 0, "cnb").await;
    crowd(&world, 9).await;
    let secrets = live_tokens(&world);
    let mut answers = Vec::new();
    for wrong in [
        &["--subject", "u-0"][..],
        &["--subject", "u-0", "--json"],
        &["--subject", "u-0", "--provider", "cnb", "--yes"],
        &["--subject", "u 0", "--yes"],
        &["--certificate", "beef", "--yes"],
        &["--certificate", &"é".repeat(32), "--yes"],
        &["--yes"],
    ] {
        let said = end(&world, wrong).await;
        assert_eq!(said.code, 2, "{wrong:?}: {}", said.err);
        answers.extend([said.out, said.err]);
    }
    let said = at_terminal(&world.folder, &["end", "--subject", "u-0"], "yes\n").await;
    assert_eq!(said.code, 2, "{}", said.err);
    let body = json!({ "subject": "u-0", "provider": "cnb" });
    for wrong in
        [body, json!({}), json!({ "certificate": "x" }), json!({ "subject": "u-0", "all": true })]
    {
        let answer = ask(&world, Method::POST, "/incidents/end", Some(wrong)).await;
        problem(&answer, 400, "invalid_request");
    }
    assert_eq!(rows(&world, "connections").await, 10);
    assert_eq!(accounts(&browser, &id).await.status, 200);
    let said = at_terminal(&world.folder, &["end", "--subject", "u-0"], "10\n").await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("cnb") && said.err.contains("cannot be taken back"), "{}", said.err);
    answers.extend([said.out, said.err, get(&world, "/receipts").await.text]);
    for secret in secrets {
        assert!(answers.iter().all(|text| !holds(text.as_bytes(), &secret)));
    }
}

/// The private door ends a thousand at a call, and says what is left.
#[tokio::test]
async fn the_private_door_ends_them_too() {
    let world = world().await;
    person(&world, 0, "cnb").await;
    crowd(&world, 1099).await;
    person(&world, 1, "cnb").await;
    let call = async |dry_run: bool| {
        let body = json!({ "subject": "u-0", "dry_run": dry_run });
        let told = ask(&world, Method::POST, "/incidents/end", Some(body)).await.json();
        ["connections", "ended", "left"].map(|name| told[name].as_i64().unwrap())
    };
    assert_eq!(call(true).await, [1100, 0, 1100]);
    assert_eq!(call(false).await, [1100, 1000, 100]);
    assert_eq!(call(false).await, [100, 100, 0]);
    assert_eq!(call(false).await, [0, 0, 0]);
    assert_eq!(rows(&world, "connections").await, 1);
    settled(&world, 1100).await;
}
