//! What the tests of all themes share: how a world is started, how a problem is judged, what the
//! bank saw, and raw HTTP for requests that no client library would send.

use std::time::{Duration, Instant};

use bank_sim::{CertificateRequest, Knobs, RecordedRequest, Role};
use demo::browser::{Answer, Attempt, Browser};
use demo::{Options, World};
use reqwest::Url;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The bank's token endpoint.
pub(crate) const TOKEN: &str = "/powerauth-webflow/oauth/token";
/// The bank's revocation endpoint.
pub(crate) const REVOKE: &str = "/powerauth-webflow/oauth/token/revoke";
/// Name of the session cookie.
pub(crate) const COOKIE: &str = "__Host-Http-bankconnect";
/// Longest wait for work that goes on by itself; a test ends as soon as it is done.
const PATIENCE: Duration = Duration::from_secs(30);

/// A world as in production.
pub(crate) async fn world() -> World {
    start(Options::default()).await
}

/// A world whose clock stands still until [`World::advance`].
pub(crate) async fn stepped() -> World {
    start(Options::stepped()).await
}

/// A world with a bank that misbehaves, and limits of two seconds.
pub(crate) async fn hasty(turn: impl FnOnce(&mut Knobs)) -> World {
    let mut knobs = Knobs::default();
    turn(&mut knobs);
    let limit_settings =
        "first_byte_seconds = 2\nidle_seconds = 2\ntotal_seconds = 2\nresponse_mib = 1".to_owned();
    start(Options { knobs, limit_settings, ..Options::stepped() }).await
}

/// Any world.
pub(crate) async fn start(mut options: Options) -> World {
    crate::logs::listen();
    options.store_url = crate::place::store_url().await;
    Box::pin(World::start(options)).await.unwrap()
}

/// A world whose broker has a file of its own, whatever the others have: for what that file is about.
pub(crate) async fn on_file(options: Options) -> World {
    crate::logs::listen();
    Box::pin(World::start(options)).await.unwrap()
}

/// A browser that has been at the bank and is back, the callback not yet handed over.
pub(crate) async fn landed(world: &World) -> (Browser, Attempt, Url) {
    let browser = world.browser();
    let attempt = browser.start("cnb", "aisp").await.unwrap();
    let landing = browser.consent(&attempt).await.unwrap();
    (browser, attempt, landing)
}

/// A connected browser and its connection's id.
pub(crate) async fn connected(world: &World) -> (Browser, String) {
    let browser = world.browser();
    let id = browser.connect("cnb", "aisp").await.unwrap();
    // as the package does: the new cookie takes effect when it is first shown
    assert_eq!(browser.get(&format!("/connections/{id}")).await.unwrap().status, 200);
    (browser, id)
}

/// Hands a landing over, and asks again where the broker asks for a moment, as the package does.
pub(crate) async fn finish_patiently(
    browser: &Browser,
    attempt: &Attempt,
    landing: &Url,
) -> Answer {
    let begun = Instant::now();
    loop {
        let answer = browser.finish(attempt, landing).await.unwrap();
        if answer.code() != "rate_limited" {
            return answer;
        }
        assert!(begun.elapsed() < PATIENCE, "never finished: {}", answer.text);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Reads the accounts.
pub(crate) async fn accounts(browser: &Browser, id: &str) -> Answer {
    browser.get(&format!("/connections/{id}/api/my/accounts")).await.unwrap()
}

/// What `GET /health/providers` says of one provider.
pub(crate) async fn health(world: &World, provider: &str) -> Value {
    let body = world.browser().get("/health/providers").await.unwrap().json();
    let all = body["providers"].as_array().unwrap();
    all.iter().find(|one| one["id"] == provider).expect("a provider of that id").clone()
}

/// Requests the bank got at exactly this path, oldest first.
pub(crate) fn seen(world: &World, path: &str) -> Vec<RecordedRequest> {
    world.bank.requests().into_iter().filter(|request| request.path() == path).collect()
}

/// Calls of the bank's API, oldest first.
pub(crate) fn api_calls(world: &World) -> Vec<RecordedRequest> {
    let requests = world.bank.requests().into_iter();
    requests.filter(|request| request.path().starts_with("/psd2-cobs/")).collect()
}

/// Exchanges at the token endpoint, oldest first.
pub(crate) fn exchanges(world: &World) -> Vec<RecordedRequest> {
    by_grant(world, "authorization_code")
}

/// Refreshes at the token endpoint, oldest first.
pub(crate) fn refreshes(world: &World) -> Vec<RecordedRequest> {
    by_grant(world, "refresh_token")
}

fn by_grant(world: &World, grant_type: &str) -> Vec<RecordedRequest> {
    let requests = seen(world, TOKEN).into_iter();
    requests.filter(|request| request.form("grant_type").as_deref() == Some(grant_type)).collect()
}

/// Every token that is good at the bank now.
pub(crate) fn live_tokens(world: &World) -> Vec<String> {
    let tokens = world.bank.live_tokens().into_iter();
    tokens.flat_map(|token| [token.access_token, token.refresh_token]).flatten().collect()
}

/// Judges a whole problem body (RFC 9457; requirement K34) and hands it out.
pub(crate) fn problem(answer: &Answer, status: u16, code: &str) -> Value {
    assert_eq!((answer.status.as_u16(), &*answer.code()), (status, code), "{}", answer.text);
    let header = |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok());
    assert_eq!(header("content-type"), Some("application/problem+json"));
    assert_eq!(header("cache-control"), Some("no-store"));
    assert!(header("www-authenticate").is_none() && header("location").is_none());
    let body = answer.json();
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    assert_eq!(text("type"), format!("urn:bankconnect:problem:{code}"));
    assert!(!text("title").is_empty() && !text("detail").is_empty(), "{body}");
    assert_eq!(body["status"], status);
    assert_eq!(text("request_id").len(), 36, "{body}");
    assert_eq!(header("x-request-id"), Some(&*text("request_id")));
    let mut known = vec!["type", "title", "status", "code", "detail", "request_id"];
    if code == "bank_refused" {
        known.push("bank_codes");
    }
    if body["retry_after"].is_u64() {
        known.push("retry_after");
        assert_eq!(header("retry-after"), Some(&*body["retry_after"].to_string()));
    }
    let fields: Vec<_> = body.as_object().unwrap().keys().collect();
    assert!(fields.iter().all(|field| known.contains(&field.as_str())), "{body}");
    body
}

/// Waits until work that goes on by itself is done; fails after half a minute.
pub(crate) async fn eventually(what: &str, mut done: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < PATIENCE, "never happened: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// An answer off the wire.
pub(crate) struct Raw {
    /// The status; 0 where the broker closed without a word.
    pub(crate) status: u16,
    /// Everything that came.
    pub(crate) text: String,
}

impl Raw {
    /// The problem's code; empty where it is no problem.
    pub(crate) fn code(&self) -> String {
        let body = self.text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        body["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// Writes a request as it stands and reads until the broker closes; it must ask for `close`.
pub(crate) async fn raw(world: &World, request: &str) -> Raw {
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes)).await;
    read.expect("the broker closes").unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    Raw { status, text }
}

/// A `GET` as the page sends it, with the request target and more headers as they are.
pub(crate) async fn raw_get(world: &World, browser: &Browser, target: &str, more: &str) -> Raw {
    let cookie = browser.cookie_header().unwrap_or_default();
    let request = format!(
        "GET {target} HTTP/1.1\r\nhost: app.example\r\ncookie: {cookie}\r\nx-bankconnect: 1\r\n\
         sec-fetch-site: same-origin\r\n{more}connection: close\r\n\r\n"
    );
    raw(world, &request).await
}

/// Whether `bytes` hold `text` anywhere.
pub(crate) fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// A certificate like the one a world begins with, still to be issued.
pub(crate) fn our_request() -> CertificateRequest {
    CertificateRequest {
        roles: vec![Role::AccountInformation, Role::PaymentInitiation],
        licence: Some("PSDCZ-CNB-12345678".to_owned()),
        organisation: "Ukazkova fintech a.s.".to_owned(),
        common_name: "tpp.example".to_owned(),
        ..CertificateRequest::default()
    }
}
