//! Whose a connection is to the app (T24): bound by its backend, kept over renewals, asked for by it.

use demo::World;
use demo::browser::Answer;
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{accounts, api_calls, connected, problem};
use crate::database::Database;
use crate::door::{ask, get, world};

async fn bind(world: &World, id: &str, subject: &str) -> Answer {
    let path = format!("/connections/{id}/subject");
    ask(world, Method::PUT, &path, Some(json!({ "subject": subject }))).await
}

async fn of_subject(world: &World, subject: &str) -> Vec<Value> {
    let body = get(world, &format!("/connections?subject={subject}")).await.json();
    body["connections"].as_array().unwrap().clone()
}

/// T24: once and for all, whoever asks how often; a call for another subject finds nothing, and asks no bank.
#[tokio::test]
async fn a_connection_is_bound_once() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let path = format!("/connections/{id}");
    assert_eq!(get(&world, &path).await.json()["subject"], json!(null));
    problem(&get(&world, &format!("{path}?subject=u-1")).await, 404, "not_found");
    for _ in 0..2 {
        let answer = bind(&world, &id, "u-1").await;
        assert_eq!((answer.status.as_u16(), &answer.json()["subject"]), (200, &json!("u-1")));
    }
    problem(&bind(&world, &id, "u-2").await, 409, "refused");
    assert_eq!(get(&world, &path).await.json(), of_subject(&world, "u-1").await[0]);
    assert!(browser.get(&path).await.unwrap().json().get("subject").is_none(), "not the page's");
    let account = accounts(&browser, &id).await.json()["accounts"][0]["id"].clone();
    let balance = format!("{path}/api/my/accounts/{}/balance", account.as_str().unwrap());
    world.bank.clear_requests();
    for wrong in ["u-2", "", "U-1", "u-1%20"] {
        problem(&get(&world, &format!("{path}?subject={wrong}")).await, 404, "not_found");
        problem(&get(&world, &format!("{balance}?subject={wrong}")).await, 404, "not_found");
    }
    let twice = format!("{balance}?subject=u-1&currency=CZK&subject=u-2");
    problem(&get(&world, &twice).await, 400, "invalid_request");
    assert!(api_calls(&world).is_empty());
    assert_eq!(get(&world, &format!("{path}?subject=u-1")).await.status, 200);
    let answer = get(&world, &format!("{balance}?currency=CZK&subject=u-1")).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(
        api_calls(&world)[0].target.ends_with("/balance?currency=CZK"),
        "the bank gets no subject"
    );
    assert_eq!(get(&world, &format!("{balance}?subject=u-1")).await.status, 200);
}

/// What is no subject, or no connection.
#[tokio::test]
async fn what_is_no_subject_is_refused() {
    let world = world().await;
    let (_, id) = connected(&world).await;
    for wrong in ["", "with space", "Dvořák", "line\nbreak", &"a".repeat(129)] {
        problem(&bind(&world, &id, wrong).await, 400, "invalid_request");
    }
    for path in ["/connections", "/connections?subject=", "/connections?subject=a%20b"] {
        problem(&get(&world, path).await, 400, "invalid_request");
    }
    problem(&get(&world, "/connections?subject=a&after=%00").await, 400, "invalid_request");
    for nobody in ["nobody", "a%00b"] {
        problem(&bind(&world, nobody, "u-1").await, 404, "not_found");
    }
    assert_eq!(bind(&world, &id, &"~".repeat(128)).await.status, 200);
}

/// A renewal on the same tokens takes the place, and the subject, also where it was bound while the new cookie was on
/// its way; the receipt of what it replaced tells whose that was.
#[tokio::test]
async fn a_renewal_on_the_same_tokens_keeps_the_subject() {
    let world = world().await;
    for before in [true, false] {
        let credential = world.bank.credentials().remove(usize::from(before));
        let user = (&*credential.username, &*credential.password);
        let browser = world.browser().as_customer(user.0, user.1);
        let id = browser.connect("cnb", "aisp").await.unwrap();
        assert_eq!(accounts(&browser, &id).await.status, 200);
        let subject = format!("u-{before}");
        if before {
            assert_eq!(bind(&world, &id, &subject).await.status, 200);
        }
        assert_eq!(browser.connect("cnb", "aisp").await.unwrap(), id);
        if !before {
            assert_eq!(bind(&world, &id, &subject).await.status, 200);
        }
        assert_eq!(accounts(&browser, &id).await.status, 200, "the new cookie is shown");
        let [one] = &of_subject(&world, &subject).await[..] else { panic!("one connection") };
        assert_eq!((&one["id"], &one["status"]), (&json!(id), &json!("connected")));
        let told = get(&world, &format!("/receipts?subject={subject}")).await.json();
        assert_eq!(told["receipts"][0]["cause"], "renewed", "{told}");
    }
}

/// Somebody else who connects in the same browser takes the place and the id of a dead connection, never its subject:
/// the backend's calls for the one before find nothing, until it binds anew.
#[tokio::test]
async fn who_connects_next_inherits_no_subject() {
    let world = world().await;
    let others = [1, 2].map(|number| world.bank.credentials().remove(number));
    for (before, other) in [true, false].into_iter().zip(others) {
        let (browser, id) = connected(&world).await;
        let theirs = accounts(&browser, &id).await.text;
        let (first, path) = (format!("u-{before}"), format!("/connections/{id}"));
        if before {
            assert_eq!(bind(&world, &id, &first).await.status, 200);
        }
        world.bank.revoke_consent(&world.bank.credentials()[0].username);
        problem(&accounts(&browser, &id).await, 401, "reconnect");
        let browser = browser.as_customer(&other.username, &other.password);
        assert_eq!(browser.connect("cnb", "aisp").await.unwrap(), id, "in its place");
        if !before {
            assert_eq!(bind(&world, &id, &first).await.status, 200, "the dead one");
        }
        let read = accounts(&browser, &id).await;
        assert!(read.status == 200 && read.text != theirs, "somebody else's: {}", read.text);
        assert_eq!(of_subject(&world, &first).await, Vec::<Value>::new());
        let nightly = format!("{path}/api/my/accounts?subject={first}");
        world.bank.clear_requests();
        problem(&get(&world, &nightly).await, 404, "not_found");
        assert!(api_calls(&world).is_empty());
        let next = bind(&world, &id, "u-next").await;
        assert_eq!((next.status.as_u16(), &next.json()["subject"]), (200, &json!("u-next")));
        let told = get(&world, &format!("/receipts?subject={first}")).await.json();
        assert_eq!(told["receipts"][0]["cause"], "renewed", "{told}");
    }
}

/// All of a subject, page by page, with their status, and none of anybody else.
#[tokio::test]
async fn the_connections_of_a_subject_are_listed() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    bind(&world, &id, "u-1").await;
    let other = world.bank.credentials().remove(1);
    let stranger = world.browser().as_customer(&other.username, &other.password);
    let strange = stranger.connect("cnb", "aisp").await.unwrap();
    assert_eq!(accounts(&stranger, &strange).await.status, 200);
    bind(&world, &strange, "u-2").await;
    let copy = "insert into connections (id, session, provider, scopes, grant_id, connected_at, subject) \
                with recursive n (n) as (select 1 union all select n + 1 from n where n < 150) \
                select 'copy-' || n, session, provider, scopes, grant_id, connected_at, subject \
                from connections, n where subject = 'u-1'";
    assert_eq!(Database::of(&world).await.execute(copy).await, 150);
    let mut found = Vec::new();
    let mut after = String::new();
    loop {
        let page = get(&world, &format!("/connections?subject=u-1{after}")).await.json();
        found.extend(page["connections"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={next}");
    }
    let mut ids: Vec<_> = found.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert!(found.iter().all(|one| one["subject"] == "u-1" && one["status"] == "connected"));
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), found.len(), ids.contains(&&*id)), (151, 151, true));
    world.bank.revoke_consent(&world.bank.credentials()[0].username);
    problem(&accounts(&browser, &id).await, 401, "reconnect");
    let page = of_subject(&world, "u-1").await;
    assert!(page.iter().all(|one| one["status"] == "reconnect"), "{page:?}");
    assert_eq!(of_subject(&world, "u-3").await, Vec::<Value>::new());
}
