//! The served description is the truth: every documented call answers, nothing else does.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;

use crate::common::{problem, world};

const METHODS: [Method; 6] =
    [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS];

fn documented(document: &Value) -> BTreeSet<(String, Method)> {
    let mut calls = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in METHODS {
            if item.get(method.as_str().to_lowercase()).is_some() {
                calls.insert((path.clone(), method));
            }
        }
    }
    calls
}

/// Each documented path and method answers; each other method on those paths does not.
#[tokio::test]
async fn exactly_the_documented_calls_answer() {
    let world = world().await;
    let browser = world.browser();
    let answer = browser.get("/openapi.json").await.unwrap();
    assert_eq!(answer.headers["content-type"], "application/json");
    let document = answer.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let calls = documented(&document);
    let paths: BTreeSet<_> = calls.iter().map(|(path, _)| path.clone()).collect();
    assert!(paths.len() >= 10, "{paths:?}");
    for path in paths {
        let target = path.replace("{id}", "nobody").replace("{account}", "acc-1");
        let target = target.replace("{provider}", "cnb").replace("{key}", "0123456789abcdef");
        let target = target.replace("{resource}", "r-1").replace("{signId}", "s-1");
        for method in METHODS {
            let answer = browser.send(browser.request(&method, &target)).await.unwrap();
            let status = answer.status.as_u16();
            if calls.contains(&(path.clone(), method.clone())) {
                assert!(!matches!(status, 404 | 405 | 500..), "{method} {path}: {status}");
            } else {
                assert!(matches!(status, 404 | 405), "{method} {path}: {status}");
                problem(&answer, status, "not_found");
            }
        }
    }
}

/// Each route of the router and each row of the proxy's table is documented.
#[tokio::test]
async fn every_route_is_documented() {
    let world = world().await;
    let document = world.browser().get("/openapi.json").await.unwrap().json();
    let described: BTreeSet<_> = documented(&document);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/broker/src/http.rs");
    let source = std::fs::read_to_string(file).unwrap();
    let mut lines_read = 0;
    for line in source.lines().filter_map(|line| line.trim().strip_prefix(".route(\"")) {
        let (path, methods) = line.split_once('"').unwrap();
        lines_read += 1;
        if path.ends_with("{*path}") {
            continue; // its rows are in the table below
        }
        for method in METHODS {
            let name = format!("{}(", method.as_str().to_lowercase());
            let routed = methods.split([' ', ',', '.']).any(|word| word.starts_with(&name));
            let path = path.replace("/providers/{id}", "/providers/{provider}");
            let known = described.contains(&(path.clone(), method.clone()));
            assert_eq!(routed, known, "{method} {path}");
        }
    }
    assert!(lines_read >= 9, "the router was read");
    for route in broker::routes::ROUTES {
        let template = route.template.replace("/accounts/{id}", "/accounts/{account}");
        let path = format!("/connections/{{id}}/api{}", template.replace("{id}", "{resource}"));
        let method = route.method.clone();
        assert!(described.contains(&(path.clone(), method)), "{path}");
    }
}

/// The codes and fields of the document are those of the code.
#[tokio::test]
async fn the_document_knows_every_code() {
    let world = world().await;
    let text = world.browser().get("/openapi.json").await.unwrap().text;
    for code in protocol::problem::Code::ALL {
        assert!(text.contains(&format!("\"{}\"", code.as_str())), "{}", code.as_str());
    }
    for word in ["aboktpp", "127.0.0.1", "secret_file", "client_secret"] {
        assert!(!text.contains(word), "{word}");
    }
}

/// K38: health is a path that needs no header, and tells nothing but itself.
#[tokio::test]
async fn health_answers_machines() {
    let world = world().await;
    let client = demo::world::http_client(&world.bank);
    for (path, text) in [("live", "live\n"), ("ready", "ready\n")] {
        let url = format!("http://{}/bank/health/{path}", world.address);
        let answer = world.browser().send(client.get(url)).await.unwrap();
        assert_eq!((answer.status.as_u16(), &*answer.text), (200, text));
        assert!(answer.headers.get("set-cookie").is_none());
    }
    assert!(world.bank.requests().is_empty(), "asking for health asks no bank");
}
