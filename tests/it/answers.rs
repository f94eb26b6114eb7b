//! What every answer has in common, whoever asked for whatever.

use demo::browser::{Answer, Browser};
use demo::{Options, World};
use reqwest::Method;
use serde_json::json;

use crate::common::{connected, problem, raw, start, world};

/// One answer of every kind: good ones, and each refusal a router or a layer can give.
async fn all(world: &World, browser: &Browser, id: &str) -> Vec<(String, Answer)> {
    let long = format!("/{}", "x".repeat(2000));
    let mut answers = Vec::new();
    for (method, path) in [
        (Method::GET, "/providers"),
        (Method::GET, "/connections"),
        (Method::GET, "/health/live"),
        (Method::GET, "/health/ready"),
        (Method::GET, "/openapi.json"),
        (Method::GET, "/nothing"),
        (Method::GET, "/metrics"),
        (Method::GET, &long),
        (Method::GET, ""),
        (Method::PUT, "/providers"),
        (Method::PATCH, "/connections"),
        (Method::POST, "/providers"),
        (Method::DELETE, "/authorizations"),
        (Method::GET, "/authorizations"),
        (Method::POST, "/authorizations"),
        (Method::GET, "/connections/nobody"),
        (Method::GET, "/connections/nobody/api/my/accounts"),
        (Method::GET, "/connections/nobody/api/x"),
        (Method::POST, "/health/live"),
    ] {
        let answer = browser.send(browser.request(&method, path)).await.unwrap();
        answers.push((format!("{method} {path}"), answer));
    }
    let big = json!({ "provider": "x".repeat(100_000) });
    answers.push(("413".to_owned(), browser.post("/authorizations", &big).await.unwrap()));
    let path = format!("/connections/{id}/api/my/accounts");
    answers.push(("api".to_owned(), browser.get(&path).await.unwrap()));
    let client = demo::world::http_client(&world.bank);
    for path in ["/", "/elsewhere", "/bankx", "/favicon.ico", "/bank/"] {
        let request = client.get(format!("http://{}{path}", world.address));
        answers.push((path.to_owned(), browser.send(request).await.unwrap()));
    }
    let bare = client.get(format!("http://{}/bank/providers", world.address));
    answers.push(("forged".to_owned(), browser.send(bare).await.unwrap()));
    answers
}

/// K35, K36, P24: on every answer, errors and strangers included.
#[tokio::test]
async fn security_headers_stand_on_every_answer() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    for (what, answer) in all(&world, &browser, &id).await {
        let value = |name: &str| {
            let values: Vec<_> = answer.headers.get_all(name).iter().collect();
            let [value] = values[..] else { panic!("{what}: {name} {values:?}") };
            value.to_str().unwrap().to_owned()
        };
        assert_eq!(value("cache-control"), "no-store", "{what}");
        assert_eq!(value("x-content-type-options"), "nosniff", "{what}");
        assert_eq!(value("referrer-policy"), "no-referrer", "{what}");
        assert_eq!(value("cross-origin-resource-policy"), "same-origin", "{what}");
        assert!(value("strict-transport-security").starts_with("max-age="), "{what}");
        let policy = value("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{what}: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{what}: {policy}");
        assert_eq!(value("x-request-id").len(), 36, "{what}");
        for name in ["server", "x-powered-by", "location", "www-authenticate"] {
            assert!(answer.headers.get(name).is_none(), "{what}: {name}");
        }
    }
}

/// K34, C33: every error is a problem with a code of the closed list, and echoes nothing.
#[tokio::test]
async fn every_error_is_a_problem() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let mut ids = Vec::new();
    for (what, answer) in all(&world, &browser, &id).await {
        ids.push(answer.headers["x-request-id"].clone());
        if answer.status.is_success() {
            continue;
        }
        let code = match answer.status.as_u16() {
            400 => "invalid_request",
            401 => "not_connected",
            403 => "refused",
            404 | 405 => "not_found",
            413 => "too_large",
            other => panic!("{what}: {other}"),
        };
        problem(&answer, answer.status.as_u16(), code);
        assert!(!answer.text.contains("xxxx") && !answer.text.contains("nobody"), "{what}");
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count, "every answer has an id of its own");
}

/// C31, P18: odd bytes on the wire neither stop the broker nor come back.
#[tokio::test]
async fn malformed_requests_do_no_harm() {
    let world = world().await;
    let many = "x: 1\r\n".repeat(200);
    let large = format!("x: {}\r\n", "a".repeat(1024 * 1024));
    for head in [
        "GET /bank/providers\r\n\r\n".to_owned(),
        "\u{0}\u{0}\u{0}\u{0}\r\n\r\n".to_owned(),
        "GET /bank/connections HTTP/1.1\r\nhost: a\r\ncookie: \u{1}\r\nconnection: close\r\n\r\n"
            .to_owned(),
        "GET /bank/<script> HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".to_owned(),
        format!("GET /bank/providers HTTP/1.1\r\nhost: a\r\n{many}connection: close\r\n\r\n"),
        format!("GET /bank/providers HTTP/1.1\r\nhost: a\r\n{large}connection: close\r\n\r\n"),
        format!("GET /{} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", "a".repeat(70_000)),
    ] {
        let answer = raw(&world, &head).await;
        assert!(matches!(answer.status, 0 | 400..=499), "{}", answer.text);
        assert!(!answer.text.contains("<script>"), "{}", answer.text);
    }
    assert_eq!(world.browser().get("/providers").await.unwrap().status, 200);
}

/// K38, C09: no user agent, method or header opens a door; nothing internal is public.
#[tokio::test]
async fn nothing_internal_is_public() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let target = format!("http://{}/bank/connections/{id}/api/my/accounts", world.address);
    for agent in ["GoogleHC/1.0", "kube-probe/1.30", "ELB-HealthChecker/2.0"] {
        let client = demo::world::http_client(&world.bank);
        let request = client.get(&target).header("user-agent", agent);
        let answer = world.browser().send(request.header("x-bankconnect", "1")).await.unwrap();
        problem(&answer, 401, "not_connected");
    }
    for path in ["/metrics", "/debug", "/diagnostics", "/session", "/userinfo", "/token", "/.env"] {
        problem(&browser.get(path).await.unwrap(), 404, "not_found");
    }
}

/// The surface stands below the prefix the operator chose, and nowhere else.
#[tokio::test]
async fn the_prefix_is_the_operators_choice() {
    for (prefix, good, gone) in
        [("", "/providers", "/bank/providers"), ("/a/b-c", "/a/b-c/providers", "/bank/providers")]
    {
        let listen_settings = format!("prefix = \"{prefix}\"");
        let world = start(Options { listen_settings, ..Options::default() }).await;
        let client = demo::world::http_client(&world.bank);
        for (path, status) in [(good, 200), (gone, 404)] {
            let request = client.get(format!("http://{}{path}", world.address));
            let request = request.header("x-bankconnect", "1");
            let answer = world.browser().send(request).await.unwrap();
            assert_eq!(answer.status, status, "{prefix}: {path}: {}", answer.text);
            assert_eq!(answer.headers["cache-control"], "no-store");
        }
    }
}
