//! Walk two, paths and queries: one reader decides, and what it does not know stays here.

use demo::World;
use demo::browser::Browser;
use reqwest::Method;
use serde_json::Value;

use crate::common::{accounts, api_calls, connected, problem, raw, raw_get, world};

const BASE: &str = "/psd2-cobs/cobs/2.0";

async fn account(browser: &Browser, id: &str) -> String {
    let list = accounts(browser, id).await.json();
    list["accounts"][0]["id"].as_str().unwrap().to_owned()
}

fn targets(world: &World) -> Vec<String> {
    let calls = api_calls(world).into_iter();
    // a request in absolute form is recorded with its host
    calls.map(|call| call.target.split(BASE).nth(1).unwrap_or_default().to_owned()).collect()
}

/// P01, P02, C07, on the wire as it stands: no resource, no call.
#[tokio::test]
async fn path_tricks_are_no_resource() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let account = account(&browser, &id).await;
    world.bank.clear_requests();
    for path in [
        "/api//my/accounts",
        "//api/my/accounts",
        "/api/my//accounts",
        "/api/my/accounts/",
        "/api/my/accounts//",
        "/api/./my/accounts",
        "/api/my/./accounts",
        "/api/my/%2e/accounts",
        "/api/../api/my/accounts",
        "/api/%2e%2e/api/my/accounts",
        "/api/my/accounts/../accounts",
        "/api/my/accounts/%2e%2e/accounts",
        "/api/my/accounts/%2E%2E/balance",
        "/api/my/accounts/.%2e/balance",
        "/api/my/accounts/%252e%252e/balance",
        "/api/my%2faccounts",
        "/api/my%2Faccounts",
        "/api%2fmy/accounts",
        "/api/my%5caccounts",
        "/api/my\\accounts",
        "/api/my/accounts;v=1",
        "/api/my;/accounts",
        "/api/my/accounts/a;b/balance",
        "/api/my/accounts/a%3bb/balance",
        "/api/my/accounts/a%00/balance",
        "/api/my/accounts%00",
        "/api/my/accounts%20",
        "/api/my/accounts%0d%0a",
        "/api/my/accounts/%c0%ae%c0%ae/balance",
        "/api/my/accounts/%/balance",
        "/api/my/accounts/%zz/balance",
        "/api/my/accounts/a%23/balance",
        "/api/my/accounts/a%3f/balance",
        "/api/MY/accounts",
        "/API/my/accounts",
        "/api/my/accounts/a/balance/b",
        "/api/my/accounts/a",
        "/api/my/payments",
        "/api/my/accounts%23/public",
        "/api",
        "/api/",
        "/apimy/accounts",
        "/api/http://evil.example/my/accounts",
    ] {
        let path = path.replace("/a/", &format!("/{account}/"));
        let target = format!("/bank/connections/{id}{path}");
        let answer = raw_get(&world, &browser, &target, "").await;
        assert!(matches!(answer.status, 400 | 404), "{target}: {}", answer.text);
        assert!(matches!(&*answer.code(), "not_found" | ""), "{target}: {}", answer.text);
    }
    assert!(api_calls(&world).is_empty(), "{:?}", targets(&world));
}

/// P02: what is equal after one decoding is the same resource, and is sent in its one form.
#[tokio::test]
async fn equal_paths_are_sent_in_one_form() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let account = account(&browser, &id).await;
    let encoded = format!("%{:02x}{}", account.as_bytes()[0], &account[1..]);
    for path in ["my/accounts", "%6dy/accounts", "my/%61ccounts", "my/accounts#/public"] {
        world.bank.clear_requests();
        let target = format!("/bank/connections/{id}/api/{path}");
        let answer = raw_get(&world, &browser, &target, "").await;
        if path.contains('#') && answer.status == 400 {
            continue; // RFC 9112 §3.2 has no fragment in a request target
        }
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        assert_eq!(targets(&world), ["/my/accounts"], "{path}");
    }
    for name in [&account, &encoded] {
        world.bank.clear_requests();
        let target = format!("/bank/connections/{id}/api/my/accounts/{name}/balance");
        let answer = raw_get(&world, &browser, &target, "").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(targets(&world), [format!("/my/accounts/{account}/balance")]);
    }
}

/// P04: host, scheme and port come from the configuration only.
#[tokio::test]
async fn absolute_form_and_host_lead_nowhere_else() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let cookie = browser.cookie_header().unwrap();
    world.bank.clear_requests();
    let fixed = format!("cookie: {cookie}\r\nx-bankconnect: 1\r\nconnection: close\r\n\r\n");
    let path = format!("/bank/connections/{id}/api/my/accounts");
    for head in [
        format!("GET http://evil.example{path} HTTP/1.1\r\nhost: evil.example\r\n"),
        format!("GET https://169.254.169.254{path} HTTP/1.1\r\nhost: app.example\r\n"),
        format!("GET {path} HTTP/1.1\r\nhost: evil.example\r\n"),
        format!("GET {path} HTTP/1.1\r\nhost: evil.example@app.example:0\r\n"),
    ] {
        world.bank.clear_requests();
        let answer = raw(&world, &format!("{head}{fixed}")).await;
        assert!(matches!(answer.status, 200 | 400), "{head}: {}", answer.text);
        if answer.status == 200 {
            let [call] = &api_calls(&world)[..] else { panic!("one call for {head}") };
            assert_eq!(targets(&world), ["/my/accounts"]);
            let host = call.header("host").unwrap_or_default();
            assert!(!format!("{}{host}", call.target).contains("evil"), "{head}");
        }
    }
    for target in ["*", "app.example:443", "evil.example/bank/providers", ""] {
        let answer = raw(&world, &format!("GET {target} HTTP/1.1\r\nhost: x\r\n{fixed}")).await;
        assert!(matches!(answer.status, 0 | 400 | 404), "{target}: {}", answer.text);
    }
}

/// P10: one framing, or none.
#[tokio::test]
async fn ambiguous_framing_is_refused() {
    let world = world().await;
    let browser = world.browser();
    drop(browser);
    let head = "POST /bank/authorizations HTTP/1.1\r\nhost: a\r\norigin: https://app.example\r\n\
                x-bankconnect: 1\r\ncontent-type: application/json\r\nconnection: close\r\n";
    let smuggled = "GET /bank/providers HTTP/1.1\r\nhost: a\r\nx-bankconnect: 1\r\n\r\n";
    for framing in [
        "content-length: 3\r\ncontent-length: 5\r\n\r\n{}",
        "content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "transfer-encoding: chunked\r\n\r\n-1\r\n\r\n",
        "content-length: +2\r\n\r\n{}",
        "content-length : 2\r\n\r\n{}",
        "x: a\r\n b\r\ncontent-length: 2\r\n\r\n{}",
    ] {
        let answer = raw(&world, &format!("{head}{framing}{smuggled}")).await;
        assert!(matches!(answer.status, 0 | 400), "{framing}: {}", answer.text);
        assert_eq!(answer.text.matches("HTTP/1.1 ").count(), usize::from(answer.status != 0));
        assert!(!answer.text.contains("providers"), "{}", answer.text);
    }
}

/// P01: an unknown resource is 404 before a session or a token is looked at.
#[tokio::test]
async fn unknown_resources_are_not_found_with_and_without_session() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    world.bank.clear_requests();
    let stranger = world.browser();
    for who in [&browser, &stranger] {
        for path in
            ["/my/cards", "/my/payments/awaiting/x", "/my/accounts/a/b", "/applications", "/x"]
        {
            for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
                let target = format!("/connections/{id}/api{path}");
                let request = who.request(&method, &target);
                problem(&who.send(request).await.unwrap(), 404, "not_found");
            }
        }
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            let request = who.request(&method, &format!("/connections/{id}/api/my/accounts"));
            problem(&who.send(request).await.unwrap(), 404, "not_found");
        }
    }
    let known = stranger.get(&format!("/connections/{id}/api/my/accounts")).await.unwrap();
    problem(&known, 401, "not_connected");
    assert!(world.bank.requests().is_empty());
}

/// P03, C08: parameters the resource knows, each once; nothing else goes up.
#[tokio::test]
async fn unknown_or_doubled_parameters_are_refused() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    world.bank.clear_requests();
    let long = format!("size={}", "1".repeat(129));
    for query in [
        "path=/public",
        "access_token=canary",
        "page=0&page=1",
        "page=0&p%61ge=1",
        "currency=CZK",
        "page=%0d%0aX-Evil:1",
        "sort=%00",
        "=1",
        &long,
    ] {
        let path = format!("/connections/{id}/api/my/accounts?{query}");
        problem(&browser.get(&path).await.unwrap(), 400, "invalid_request");
    }
    assert!(world.bank.requests().is_empty());
    let path = format!("/connections/{id}/api/my/accounts?size=1&page=1&sort=iban&order=desc");
    let answer = browser.get(&path).await.unwrap();
    assert_eq!((answer.status.as_u16(), &answer.json()["pageNumber"]), (200, &Value::from(1)));
    assert_eq!(targets(&world), ["/my/accounts?size=1&page=1&sort=iban&order=desc"]);
}

/// P33: a payment consent opens no accounts.
#[tokio::test]
async fn a_connection_without_the_scope_is_told_so() {
    let world = world().await;
    let browser = world.browser();
    let id = browser.connect("cnb", "pisp").await.unwrap();
    world.bank.clear_requests();
    problem(&accounts(&browser, &id).await, 403, "scope_missing");
    assert!(world.bank.requests().is_empty());
}

/// P12: a connection is one provider's; its id opens nothing under another form.
#[tokio::test]
async fn a_connection_id_is_read_literally() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    world.bank.clear_requests();
    let encoded = format!("%{:02x}{}", id.as_bytes()[0], &id[1..]);
    for other in [encoded, id.to_uppercase() + "x", format!("{id}%00"), "%27%20or%201=1".to_owned()]
    {
        let target = format!("/bank/connections/{other}/api/my/accounts");
        let answer = raw_get(&world, &browser, &target, "").await;
        assert!(matches!(answer.status, 400 | 401 | 404), "{other}: {}", answer.text);
    }
    assert!(world.bank.requests().is_empty());
}
