//! Requests that another site, another browser or another tool caused: refused before anything looks.

use demo::World;
use demo::browser::Answer;
use reqwest::header::{COOKIE, HeaderMap};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::common::{COOKIE as NAME, accounts, connected, problem, world};
use crate::database::Database;

const APP: &str = "https://app.example";

/// Every call a page can make, with a body that would be good.
fn calls(id: &str) -> Vec<(Method, String, Option<Value>)> {
    let start = json!({
        "provider": "cnb", "scopes": ["aisp"],
        "state": "bc1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    });
    let finish = json!({ "redirect_uri": "", "query": "state=x", "code_verifier": "" });
    let prepared = json!({ "provider": "cnb-sandbox", "token": "token-aisp" });
    vec![
        (Method::GET, "/providers".to_owned(), None),
        (Method::POST, "/authorizations".to_owned(), Some(start)),
        (Method::POST, "/authorizations/callback".to_owned(), Some(finish)),
        (Method::GET, "/connections".to_owned(), None),
        (Method::POST, "/connections".to_owned(), Some(prepared)),
        (Method::GET, format!("/connections/{id}"), None),
        (Method::GET, format!("/connections/{id}/api/my/accounts"), None),
        (Method::GET, format!("/connections/{id}/api/my/payments"), None),
        (Method::HEAD, format!("/connections/{id}"), None),
        (Method::DELETE, format!("/connections/{id}"), None),
    ]
}

/// A call with exactly these headers beside the cookie.
async fn call(
    world: &World,
    (method, path, body): &(Method, String, Option<Value>),
    headers: &[(&str, &str)],
) -> Answer {
    let client = demo::world::http_client(&world.bank);
    let mut request =
        client.request(method.clone(), format!("http://{}/bank{path}", world.address));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    world.browser().send(request).await.unwrap()
}

fn no_cors(headers: &HeaderMap) {
    let cors = headers.keys().find(|name| name.as_str().starts_with("access-control-"));
    assert!(cors.is_none(), "{cors:?}");
}

/// K29, B16, C03: what a foreign site, a sandboxed frame, a navigation or a form would send, for
/// every call, reads included; and what lacks the static header.
#[tokio::test]
async fn forged_requests_are_refused_on_every_call() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let cookie = browser.cookie_header().unwrap();
    world.bank.clear_requests();
    let ours = ("x-bankconnect", "1");
    for headers in [
        &[ours, ("origin", "https://evil.example")][..],
        &[ours, ("origin", "null")],
        &[ours, ("origin", "https://app.example.evil.example")],
        &[ours, ("origin", "http://app.example")],
        &[ours, ("origin", "https://app.example:8443")],
        &[ours, ("origin", "https://APP.example")],
        &[ours, ("origin", "")],
        &[ours, ("origin", APP), ("origin", "https://evil.example")],
        &[ours, ("origin", APP), ("sec-fetch-site", "cross-site")],
        &[ours, ("origin", APP), ("sec-fetch-site", "same-site")],
        &[ours, ("origin", APP), ("sec-fetch-site", "none")],
        &[ours, ("origin", APP), ("sec-fetch-site", "SAME-ORIGIN")],
        &[ours, ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")],
        &[("origin", APP), ("sec-fetch-site", "same-origin")],
        &[("x-bankconnect", "0"), ("origin", APP), ("sec-fetch-site", "same-origin")],
        &[("x-bankconnect", ""), ("origin", APP), ("sec-fetch-site", "same-origin")],
        &[ours, ours, ("origin", APP), ("sec-fetch-site", "same-origin")],
    ] {
        for one in calls(&id) {
            let mut all = vec![("cookie", &*cookie)];
            all.extend_from_slice(headers);
            let answer = call(&world, &one, &all).await;
            no_cors(&answer.headers);
            assert!(answer.headers.get("set-cookie").is_none(), "{headers:?} {one:?}");
            if one.0 == Method::HEAD {
                assert_eq!(answer.status, 403, "{headers:?} {one:?}");
            } else {
                problem(&answer, 403, "refused");
            }
        }
    }
    assert!(world.bank.requests().is_empty(), "the bank was not called");
    assert_eq!(accounts(&browser, &id).await.status, 200, "nothing was ended");
}

/// K29: a change needs a sign that it comes from the app's own page.
#[tokio::test]
async fn a_change_without_any_sign_of_its_origin_is_refused() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let cookie = browser.cookie_header().unwrap();
    for one in calls(&id).into_iter().filter(|one| one.0 == Method::POST || one.0 == Method::DELETE)
    {
        let answer = call(&world, &one, &[("cookie", &cookie), ("x-bankconnect", "1")]).await;
        problem(&answer, 403, "refused");
    }
    assert_eq!(accounts(&browser, &id).await.status, 200);
}

/// K30, P31, C43: no answer ever grants anything to another origin; a preflight gets nothing.
#[tokio::test]
async fn preflights_are_never_granted() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let cookie = browser.cookie_header().unwrap();
    world.bank.clear_requests();
    for origin in [APP, "https://evil.example", "null"] {
        for (_, path, _) in calls(&id) {
            let options = (Method::OPTIONS, path.clone(), None);
            let headers = [
                ("origin", origin),
                ("cookie", &*cookie),
                ("access-control-request-method", "POST"),
                ("access-control-request-headers", "x-bankconnect"),
            ];
            let answer = call(&world, &options, &headers).await;
            assert!(answer.status.is_client_error(), "{origin} {path}: {}", answer.status);
            no_cors(&answer.headers);
            assert!(answer.headers.get("set-cookie").is_none());
        }
    }
    for one in calls(&id).into_iter().filter(|one| one.0 == Method::GET) {
        let ours = [("x-bankconnect", "1"), ("sec-fetch-site", "same-origin"), ("cookie", &cookie)];
        let answer = call(&world, &one, &ours).await;
        no_cors(&answer.headers);
        assert!(answer.headers.get("vary").is_none_or(|vary| vary != "*"));
    }
}

/// K24, C10: a cookie nobody knows is not adopted.
#[tokio::test]
async fn a_planted_unknown_cookie_is_not_adopted() {
    let world = world().await;
    let browser = world.browser();
    let planted = "A".repeat(43);
    browser.plant_cookie(NAME, &planted);
    browser.start("cnb", "aisp").await.unwrap();
    assert!(!browser.cookie_header().unwrap().contains(&planted));
    for odd in ["", "short", "with\"quote", &"A".repeat(4000)] {
        let browser = world.browser();
        browser.plant_cookie(NAME, odd);
        browser.start("cnb", "aisp").await.unwrap();
        let cookie = browser.cookie_header().unwrap();
        assert_eq!(cookie.len(), NAME.len() + 1 + 43, "{cookie}");
    }
}

/// K24, C10: the attacker's own good session, planted before the login, sees nothing afterwards.
#[tokio::test]
async fn a_planted_session_of_the_attacker_gains_nothing() {
    let world = world().await;
    let attacker = world.browser();
    attacker.start("cnb", "aisp").await.unwrap();
    let planted = attacker.cookie_header().unwrap();
    let victim = world.browser();
    victim.plant_cookie(NAME, planted.split_once('=').unwrap().1);
    let id = victim.connect("cnb", "aisp").await.unwrap();
    assert_ne!(victim.cookie_header().unwrap(), planted);
    assert_eq!(attacker.get("/connections").await.unwrap().json(), json!({ "connections": [] }));
    problem(&accounts(&attacker, &id).await, 401, "not_connected");
    assert_eq!(accounts(&victim, &id).await.status, 200);
}

/// K28, C11: two cookies of our name are an attack; nobody guesses between them.
#[tokio::test]
async fn a_doubled_session_cookie_is_refused() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let own = browser.cookie_header().unwrap();
    let other = format!("{NAME}={}", "B".repeat(43));
    let client = demo::world::http_client(&world.bank);
    for cookies in [
        vec![format!("{own}; {other}")],
        vec![format!("{other}; {own}")],
        vec![format!("{own};{own}")],
        vec![own.clone(), other.clone()],
        vec![format!("a=1; {other}; b=2; {own}")],
    ] {
        for (method, path) in [
            (Method::GET, "/connections".to_owned()),
            (Method::GET, format!("/connections/{id}")),
            (Method::GET, format!("/connections/{id}/api/my/accounts")),
            (Method::DELETE, format!("/connections/{id}")),
        ] {
            let answer = doubled(&client, &world, (method, &path), &cookies).await;
            problem(&answer, 403, "refused");
            assert!(answer.headers.get("set-cookie").is_none(), "no login loop");
        }
    }
    // a cookie of another name that holds ours is just another cookie
    let nested = vec![format!("x={NAME}=evil; {own}; {NAME}x=1; =;")];
    let answer = doubled(&client, &world, (Method::GET, "/connections"), &nested).await;
    assert_eq!(answer.json()["connections"][0]["id"], id);
}

async fn doubled(
    client: &Client,
    world: &World,
    (method, path): (Method, &str),
    cookies: &[String],
) -> Answer {
    let request = client.request(method, format!("http://{}/bank{path}", world.address));
    let mut request = request.header("x-bankconnect", "1").header("sec-fetch-site", "same-origin");
    for cookie in cookies {
        request = request.header(COOKIE, cookie);
    }
    world.browser().send(request).await.unwrap()
}

/// A stranger with a session of his own, and one without, see and end nothing.
#[tokio::test]
async fn a_stranger_sees_nothing() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let with = world.browser();
    with.connect("cnb", "pisp").await.unwrap();
    let without = world.browser();
    world.bank.clear_requests();
    for stranger in [&with, &without] {
        let path = format!("/connections/{id}");
        problem(&stranger.get(&path).await.unwrap(), 401, "not_connected");
        problem(&stranger.delete(&path).await.unwrap(), 401, "not_connected");
        problem(&accounts(stranger, &id).await, 401, "not_connected");
        let list = stranger.get("/connections").await.unwrap();
        assert!(!list.text.contains(&id), "{}", list.text);
    }
    assert!(world.bank.requests().is_empty());
    assert_eq!(accounts(&browser, &id).await.status, 200);
}

/// K31: `GET` is safe: of any path and query, the store stays as it is.
#[tokio::test]
async fn no_get_changes_the_store() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    browser.start("cnb", "aisp").await.unwrap();
    let before = dump(&world).await;
    assert!(before.contains(&id), "the dump is not empty");
    let queries = ["", "?provider=cnb&scopes=aisp&state=x", "?_method=DELETE", "?code=a&state=b"];
    for (_, path, _) in calls(&id) {
        for query in queries {
            for who in [&browser, &world.browser()] {
                drop(who.get(&format!("{path}{query}")).await.unwrap());
            }
        }
    }
    for path in ["/health/live", "/health/ready", "/openapi.json", "/logout", "/disconnect"] {
        drop(browser.get(path).await.unwrap());
    }
    assert_eq!(dump(&world).await, before);
}

/// Every row of every table, but for the note of the last reading.
async fn dump(world: &World) -> String {
    let mut database = Database::of(world).await;
    let mut text = String::new();
    for (table, columns) in [
        ("sessions", "id, hex(cookie_hash), created_at, ends_at"),
        ("authorizations", "hex(state_hash), session, provider, scopes, redirect_uri, ends_at"),
        ("grants", "id, hex(fingerprint), hex(sealed), hex(unjudged), ended, version"),
        ("connections", "id, session, provider, scopes, grant_id, connected_at, consent_ends_at"),
        ("revocations", "id, provider, hex(sealed), attempts, next_at"),
    ] {
        text.push_str(&database.dump(table, columns).await);
    }
    text
}
