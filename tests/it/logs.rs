//! The log at its loudest holds nothing secret, and one line per request.

use std::cell::{Cell, RefCell};
use std::io::Write;
use std::sync::{Mutex, Once};
use std::time::Duration;

use bank_sim::{Field, Knob};
use demo::World;
use serde_json::{Value, json};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::dynamic_filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::common::{accounts, live_tokens, stepped};

/// tower-http's CSRF layer writes the raw path at TRACE, and a path holds account ids. The program
/// runs at INFO and offers no way to a louder log, so that line is nobody's; no other is excused.
const RAW_PATH: &str = "tower_http::csrf::service";

thread_local! {
    /// Whether the log of this thread is wanted: a test runs its whole world on one.
    static WANTED: Cell<bool> = const { Cell::new(false) };
    static LINES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// What the database says, which works on threads of its own.
static ELSEWHERE: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Listens to every thread that wants it. Called before any world starts, because a log statement
/// remembers at its first use whether anybody listens.
pub(crate) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let wanted = dynamic_filter_fn(|statement, _| {
            WANTED.get() || statement.target().starts_with("sqlx")
        });
        let json = tracing_subscriber::fmt::layer().json().flatten_event(true);
        let lines = json.with_writer(|| Lines).with_filter(wanted);
        // some crates speak through `log`, and are heard too
        tracing_subscriber::registry().with(lines).try_init().unwrap();
    });
}

/// Where lines go.
struct Lines;

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if WANTED.get() {
            LINES.with_borrow_mut(|lines| lines.extend_from_slice(bytes));
        } else {
            ELSEWHERE.lock().unwrap().extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// This thread's log so far; it starts anew.
fn taken() -> String {
    String::from_utf8_lossy(&LINES.take()).into_owned()
}

/// From here on this thread's log is wanted.
pub(crate) fn begin() {
    listen();
    LINES.take();
    WANTED.set(true);
}

/// The broker's structured events of this name since [`begin`]; a test's whole world is on its thread.
pub(crate) fn events(name: &str) -> Vec<Value> {
    heard(|line| line["event"] == name)
}

/// The broker's lines with this message since [`begin`].
pub(crate) fn messages(text: &str) -> Vec<Value> {
    heard(|line| line["message"] == text)
}

/// The broker's lines on requests since [`begin`].
pub(crate) fn requests() -> Vec<Value> {
    messages("request")
}

fn heard(wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
    let lines = LINES.with_borrow(|lines| String::from_utf8_lossy(lines).into_owned());
    let lines = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let ours =
        lines.filter(|line| line["target"].as_str().is_some_and(|t| t.starts_with("broker")));
    ours.filter(wanted).collect()
}

/// Walks everything once and collects what must not be told.
async fn walk(world: &World) -> Vec<String> {
    let browser = world.browser();
    let mut canaries = Vec::new();
    let attempt = browser.start("cnb", "aisp").await.unwrap();
    canaries.push(browser.cookie_header().unwrap().split_once('=').unwrap().1.to_owned());
    let landing = browser.consent(&attempt).await.unwrap();
    let code = landing.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    canaries.extend([format!("code={code}"), format!("\"{code}\"")]);
    canaries.extend([attempt.state.clone(), attempt.verifier.clone()]);
    let answer = browser.finish(&attempt, &landing).await.unwrap();
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    canaries.push(browser.cookie_header().unwrap().split_once('=').unwrap().1.to_owned());
    canaries.extend(live_tokens(world));
    let list = accounts(&browser, &id).await.json();
    for account in list["accounts"].as_array().unwrap() {
        let name = account["id"].as_str().unwrap();
        canaries.push(name.to_owned());
        canaries.push(account["identification"]["iban"].as_str().unwrap().to_owned());
        for resource in ["balance", "transactions?size=3", "payments"] {
            let path = format!("/connections/{id}/api/my/accounts/{name}/{resource}");
            browser.get(&path).await.unwrap();
        }
    }
    world.advance(Duration::from_secs(301));
    accounts(&browser, &id).await;
    canaries.extend(live_tokens(world));
    failures(world, &browser, &mut canaries).await;
    let body = json!({ "provider": "cnb-sandbox", "token": "token-aisp" });
    browser.post("/connections", &body).await.unwrap();
    browser.delete(&format!("/connections/{id}")).await.unwrap();
    canaries
}

/// Errors are where logs grow talkative.
async fn failures(world: &World, browser: &demo::browser::Browser, canaries: &mut Vec<String>) {
    for reply in [
        bank_sim::TokenReply::JsonArray,
        bank_sim::TokenReply::BadUtf8,
        bank_sim::TokenReply::DuplicateKeys,
        bank_sim::TokenReply::Truncated,
        bank_sim::TokenReply::NotJson("canary-of-the-bank".to_owned()),
    ] {
        world.bank.update_knobs(|knobs| knobs.token_reply = Knob::next(1, reply));
        let attempt = browser.start("cnb", "pisp").await.unwrap();
        let landing = browser.consent(&attempt).await.unwrap();
        browser.finish(&attempt, &landing).await.unwrap();
        browser.finish(&attempt, &landing).await.unwrap();
        canaries.extend(live_tokens(world));
        canaries.extend([attempt.state, attempt.verifier]);
    }
    let wide = Field::Raw("\"aisp pisp\"".to_owned());
    world.bank.update_knobs(|knobs| knobs.scope = Knob::next(1, wide));
    let attempt = browser.start("cnb", "pisp").await.unwrap();
    let landing = browser.consent(&attempt).await.unwrap();
    browser.finish(&attempt, &landing).await.unwrap();
    let query = format!("error=x&error_description=canary-of-the-bank&state={}", attempt.state);
    let page = "https://app.example/callback";
    browser.finish_with(page, &query, &attempt.verifier).await.unwrap();
    browser.get("/connections/canary-of-the-page?canary-of-the-page=1").await.unwrap();
    canaries.extend(["canary-of-the-bank".to_owned(), "canary-of-the-page".to_owned()]);
}

/// C25, P34, K12: at TRACE, from every crate on every thread of the walk, through failures too.
#[tokio::test]
async fn the_log_holds_no_secret() {
    WANTED.set(true);
    let world = stepped().await;
    let mut canaries = walk(&world).await;
    WANTED.set(false);
    for file in ["cnb.secret", "other.secret", "private-key.pem", "bankconnect.keys"] {
        let text = std::fs::read_to_string(world.folder.join(file)).unwrap();
        canaries.extend(text.lines().filter(|l| l.len() > 10 && !l.contains(' ')).map(Into::into));
        canaries.extend(text.split('"').nth(3).map(Into::into));
    }
    let text = taken() + &String::from_utf8_lossy(&ELSEWHERE.lock().unwrap());
    for sign in ["TRACE", "hyper", "rustls", "sqlx", "broker::log"] {
        assert!(text.contains(sign), "{sign}: the log is as loud as can be");
    }
    for canary in &canaries {
        assert!(canary.len() >= 8, "{canary}");
        let line = text.lines().find(|line| line.contains(canary) && !line.contains(RAW_PATH));
        assert!(line.is_none(), "{canary} in {}", line.unwrap_or_default());
    }
}

/// P34: one line per request with the route's template, the answer's status, code and id.
#[tokio::test]
async fn each_request_has_one_line() {
    let world = stepped().await;
    let browser = world.browser();
    let id = browser.connect("cnb", "aisp").await.unwrap();
    let one = format!("/connections/{id}");
    WANTED.set(true);
    let mut expected = Vec::new();
    for (method, path, route, status, code) in [
        ("GET", "/providers", "/bank/providers", 200, None),
        ("GET", "/connections", "/bank/connections", 200, None),
        ("GET", &one, "/bank/connections/{id}", 200, None),
        ("GET", &format!("{one}/api/my/accounts"), "/bank/connections/{id}/api/{*path}", 200, None),
        (
            "GET",
            &format!("{one}/api/x"),
            "/bank/connections/{id}/api/{*path}",
            404,
            Some("not_found"),
        ),
        ("GET", "/connections/x", "/bank/connections/{id}", 401, Some("not_connected")),
        ("PUT", "/providers", "/bank/providers", 405, Some("not_found")),
        ("POST", "/authorizations", "/bank/authorizations", 400, Some("invalid_request")),
        ("GET", "/health/live", "/bank/health/live", 200, None),
        ("DELETE", &one, "/bank/connections/{id}", 200, None),
    ] {
        let method: reqwest::Method = method.parse().unwrap();
        let answer = browser.send(browser.request(&method, path)).await.unwrap();
        let id = answer.headers["x-request-id"].to_str().unwrap().to_owned();
        expected.push(json!([method.as_str(), route, status, code, id]));
    }
    let all = taken();
    let all = all.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let ours = all.filter(|line| line["target"] == "broker::log");
    let requests = ours.filter(|line| line["message"] == "request");
    let found: Vec<_> = requests
        .map(|l| json!([l["method"], l["route"], l["status"], l["code"], l["request_id"]]))
        .collect();
    assert_eq!(found, expected);
}
