//! D.4 `state=…`, `iss=…`, `code=…`, `pkce=…`, and the attacks on a callback of D.3: refused before anything
//! is sent, with an event for the operator, and the person can start again.

use std::time::Duration;

use bank_sim::{BankSim, Knob, Knobs, Pkce, State};
use demo::browser::{Answer, Attempt, Browser};
use demo::{Options, World};
use reqwest::Url;
use serde_json::json;

use crate::common::{
    TOKEN, accounts, exchanges, health, landed, live_tokens, problem, seen, start, stepped, world,
};
use crate::logs;

const ISSUER: &str = "https://aboktpp.cnb.cz/powerauth-webflow";

/// Refused, with one event, and the token endpoint has not heard of it.
fn refused(world: &World, answer: &Answer, code: &str) {
    let body = problem(answer, 400, code);
    assert!(seen(world, TOKEN).is_empty(), "no token call");
    let events = logs::events("callback_refused");
    let [event] = &events[..] else { panic!("one event: {events:?}") };
    assert_eq!(event["level"], "WARN");
    assert_eq!(event["request_id"], body["request_id"]);
    logs::begin();
}

fn parameter(landing: &Url, name: &str) -> String {
    landing.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned()
}

/// Hands over a query to the page of `cnb`.
async fn hand_over(browser: &Browser, query: &str, attempt: &Attempt) -> Answer {
    let page = "https://app.example/callback";
    browser.finish_with(page, query, &attempt.verifier).await.unwrap()
}

async fn anew(browser: &Browser) {
    let id = browser.connect("cnb", "aisp").await.unwrap();
    assert_eq!(accounts(browser, &id).await.status, 200, "a new attempt works");
}

/// D.4 `state=drop / alter`: K05, K06 (OIDF modules on state).
#[tokio::test]
async fn state_dropped_or_altered() {
    for (position, code) in [(State::Drop, "refused"), (State::Alter, "authorization_expired")] {
        let knobs = Knobs { state: Knob::next(1, position), ..Knobs::default() };
        let world = start(Options { knobs, ..Options::default() }).await;
        let (browser, attempt, landing) = landed(&world).await;
        logs::begin();
        refused(&world, &browser.finish(&attempt, &landing).await.unwrap(), code);
        anew(&browser).await;
    }
}

/// D.4 `state=replay`, D.3 state reuse: K05; a state that has brought a connection brings no other, whatever
/// code and verifier come with it, and none can be started under it.
#[tokio::test]
async fn state_replayed() {
    let world = stepped().await;
    let (browser, attempt, landing) = landed(&world).await;
    assert_eq!(browser.finish(&attempt, &landing).await.unwrap().status, 200);
    let other = browser.start("cnb", "pisp").await.unwrap();
    let other_landing = browser.consent(&other).await.unwrap();
    world.bank.clear_requests();
    logs::begin();
    let query = format!("code={}&state={}", parameter(&other_landing, "code"), attempt.state);
    refused(&world, &hand_over(&browser, &query, &other).await, "authorization_expired");
    let answer = hand_over(&browser, &query, &attempt).await;
    assert_eq!(answer.status, 200, "its own page is told its own connection again");
    assert!(seen(&world, TOKEN).is_empty());
    let again = json!({
        "provider": "cnb", "scopes": ["aisp"], "state": attempt.state,
        "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    });
    problem(&browser.post("/authorizations", &again).await.unwrap(), 400, "invalid_request");
    world.advance(Duration::from_mins(10));
    refused(&world, &hand_over(&browser, &query, &attempt).await, "authorization_expired");
}

/// D.4 `state=other_browser`, D.3 replay in another browser: K08, C14.
#[tokio::test]
async fn state_of_another_browser() {
    let world = world().await;
    let (attacker, attempt, landing) = landed(&world).await;
    let victim = world.browser();
    victim.start("cnb", "aisp").await.unwrap();
    logs::begin();
    refused(&world, &victim.finish(&attempt, &landing).await.unwrap(), "refused");
    refused(&world, &attacker.finish(&attempt, &landing).await.unwrap(), "authorization_expired");
    anew(&victim).await;
}

/// D.4 `state=other_provider`: K10, C15.
#[tokio::test]
async fn state_of_another_provider() {
    let world = world().await;
    let (browser, attempt, landing) = landed(&world).await;
    let other = browser.start("other", "aisp").await.unwrap();
    logs::begin();
    let query = format!("code={}&state={}", parameter(&landing, "code"), other.state);
    refused(&world, &hand_over(&browser, &query, &other).await, "refused");
    let page = "https://app.example/callback-other";
    let answer = browser.finish_with(page, landing.query().unwrap(), &attempt.verifier).await;
    refused(&world, &answer.unwrap(), "refused");
    anew(&browser).await;
}

/// D.4 `iss=wrong / missing / trailing_slash`: K09 (OIDF modules on iss), by the bank itself.
#[tokio::test]
async fn iss_wrong_missing_or_with_a_slash() {
    let slash = format!("{ISSUER}/");
    for iss in [Some("https://evil.example"), None, Some(&*slash), Some("")] {
        let knobs = Knobs { iss: iss.map(str::to_owned).into(), ..Knobs::default() };
        let provider_settings = format!("issuer = \"{ISSUER}\"");
        let world = start(Options { knobs, provider_settings, ..Options::default() }).await;
        let (browser, attempt, landing) = landed(&world).await;
        world.bank.clear_requests();
        logs::begin();
        refused(&world, &browser.finish(&attempt, &landing).await.unwrap(), "refused");
        assert!(world.bank.requests().is_empty(), "{iss:?}: no other call either");
        world.bank.update_knobs(|knobs| knobs.iss = Some(ISSUER.to_owned()).into());
        anew(&browser).await;
    }
}

/// D.4 `iss=dup`, D.3 duplicate parameters: K11, C36, by the bank itself, with the same value or another; what
/// nobody asked for is ignored, line breaks and all.
#[tokio::test]
async fn parameters_doubled_by_the_bank() {
    let doubled = [
        ("iss", ISSUER),
        ("iss", "https://evil.example"),
        ("state", "other"),
        ("code", "other"),
        ("error", "access_denied"),
    ];
    for (name, value) in doubled {
        let knobs = Knobs { iss: Some(ISSUER.to_owned()).into(), ..Knobs::default() };
        let provider_settings = format!("issuer = \"{ISSUER}\"");
        let world = start(Options { knobs, provider_settings, ..Options::default() }).await;
        let extra = vec![(name.to_owned(), value.to_owned())];
        world.bank.update_knobs(|knobs| knobs.redirect_extra = Knob::next(1, extra));
        let (browser, attempt, landing) = landed(&world).await;
        world.bank.clear_requests();
        logs::begin();
        refused(&world, &browser.finish(&attempt, &landing).await.unwrap(), "refused");
        assert!(world.bank.requests().is_empty(), "{name}={value}: no other call either");
        let odd = vec![("x".to_owned(), "1\r\nset-cookie: canary=1".to_owned())];
        world.bank.update_knobs(|knobs| knobs.redirect_extra = odd.into());
        anew(&browser).await;
    }
}

/// The bank has refused the code: one exchange, no loop, and a new attempt works.
async fn exchange_failed(world: &World, browser: &Browser, attempt: &Attempt, landing: &Url) {
    world.bank.clear_requests();
    let answer = browser.finish(attempt, landing).await.unwrap();
    let body = problem(&answer, 422, "bank_refused");
    assert_eq!(body["bank_codes"], json!(["invalid_grant"]));
    problem(&browser.finish(attempt, landing).await.unwrap(), 400, "authorization_expired");
    assert_eq!(exchanges(world).len(), 1, "the code is sent once");
    world.bank.update_knobs(|knobs| knobs.code_ttl = None.into());
    anew(browser).await;
}

/// D.4 `code=expired`: K12.
#[tokio::test]
async fn code_expired() {
    let knobs = Knobs { code_ttl: Some(Duration::from_mins(1)).into(), ..Knobs::default() };
    let world = start(Options { knobs, ..Options::stepped() }).await;
    let (browser, attempt, landing) = landed(&world).await;
    world.advance(Duration::from_mins(2));
    exchange_failed(&world, &browser, &attempt, &landing).await;
}

/// A landing with another code in it.
fn with_code(landing: &Url, code: &str) -> Url {
    let pairs: Vec<(String, String)> = landing.query_pairs().into_owned().collect();
    let mut landing = landing.clone();
    landing.query_pairs_mut().clear();
    for (name, value) in pairs {
        let value = if name == "code" { code } else { &value };
        landing.query_pairs_mut().append_pair(&name, value);
    }
    landing
}

/// D.4 `code=reused`, D.3 code injection between two sessions, after the owner was quicker: K12.
#[tokio::test]
async fn code_reused() {
    let world = world().await;
    let (victim, attempt, landing) = landed(&world).await;
    assert_eq!(victim.finish(&attempt, &landing).await.unwrap().status, 200);
    let (attacker, own, own_landing) = landed(&world).await;
    let stolen = with_code(&own_landing, &parameter(&landing, "code"));
    exchange_failed(&world, &attacker, &own, &stolen).await;
}

/// D.3 code injection between two sessions, before the owner has used it: what binds a code to its session is
/// PKCE at the bank; where the bank enforces it, the thief gets nothing. (Where it does not, nothing can:
/// SECURITY.md.)
#[tokio::test]
async fn code_of_another_session() {
    let knobs = Knobs { pkce: Pkce::Enforced.into(), ..Knobs::default() };
    let world = start(Options { knobs, ..Options::default() }).await;
    let (_victim, _attempt, landing) = landed(&world).await;
    let (attacker, own, own_landing) = landed(&world).await;
    let stolen = with_code(&own_landing, &parameter(&landing, "code"));
    exchange_failed(&world, &attacker, &own, &stolen).await;
}

/// D.4 `code=other_client`: K10, K12; and a stranger's code is no alarm for the operator.
#[tokio::test]
async fn code_of_another_client() {
    let world = world().await;
    let browser = world.browser();
    let other = browser.start("other", "aisp").await.unwrap();
    let other_landing = browser.consent(&other).await.unwrap();
    let attempt = browser.start("cnb", "aisp").await.unwrap();
    let landing = browser.consent(&attempt).await.unwrap();
    let foreign = with_code(&landing, &parameter(&other_landing, "code"));
    assert!(live_tokens(&world).is_empty());
    exchange_failed(&world, &browser, &attempt, &foreign).await;
    assert_eq!(health(&world, "cnb").await["trouble"], json!(null));
    assert_eq!(live_tokens(&world).len(), 2, "those of the new attempt");
}

/// D.3 verifier reuse: K03; a verifier belongs to one authorization and opens no other.
#[tokio::test]
async fn verifier_reused() {
    let world = world().await;
    let (browser, attempt, landing) = landed(&world).await;
    assert_eq!(browser.finish(&attempt, &landing).await.unwrap().status, 200);
    let other = browser.start("cnb", "pisp").await.unwrap();
    let other_landing = browser.consent(&other).await.unwrap();
    world.bank.clear_requests();
    logs::begin();
    let query = other_landing.query().unwrap();
    refused(&world, &hand_over(&browser, query, &attempt).await, "refused");
}

/// D.3 AS that ignores PKCE, D.4 `pkce=ignored`: K04; the flow is safe by state and by the broker's own check.
#[tokio::test]
async fn pkce_ignored() {
    let world = world().await;
    let (browser, attempt, landing) = landed(&world).await;
    let wrong = Attempt {
        state: attempt.state.clone(),
        verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned(),
        url: String::new(),
    };
    logs::begin();
    refused(&world, &browser.finish(&wrong, &landing).await.unwrap(), "refused");
    anew(&browser).await;
}

/// D.3 mix-up with two live servers: K10, RFC 9700 4.4; a person who chose the evil bank is sent on to the good
/// one with the evil attempt's state. The good bank's code must not reach the evil one, nor be used at all.
#[tokio::test]
async fn mix_up_of_two_live_banks() {
    let mut world = world().await;
    let evil = BankSim::start(bank_sim::Options::default()).await.unwrap();
    let path = world.folder.join("bankconnect.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, other) = text.split_once("[providers.other]").unwrap();
    let good = world.bank.tls_addr().to_string();
    let other = other.replacen(&good, &evil.tls_addr().to_string(), 1);
    std::fs::write(&path, format!("{before}[providers.other]{other}")).unwrap();
    world.restart_broker().await.unwrap();
    let browser = world.browser();
    let lure = browser.start("cnb", "aisp").await.unwrap(); // to know the good bank's address
    let chosen = browser.start("other", "aisp").await.unwrap();
    let url = lure.url.replace(&lure.state, &chosen.state);
    let sent_on = Attempt { state: chosen.state, verifier: chosen.verifier, url };
    let landing = browser.consent(&sent_on).await.unwrap();
    assert_eq!(parameter(&landing, "state"), sent_on.state);
    world.bank.clear_requests();
    logs::begin();
    refused(&world, &browser.finish(&sent_on, &landing).await.unwrap(), "refused");
    assert!(world.bank.requests().is_empty() && evil.requests().is_empty(), "nobody was called");
}
