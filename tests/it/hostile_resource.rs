//! D.4 `resource=…`, value by value: what the API may answer, and what of it reaches the page (P06 to P30).

use std::collections::BTreeSet;
use std::time::Duration;

use bank_sim::{ApiReply, Knob, Rule};
use cobs::paging::Paging;
use demo::World;
use demo::browser::Browser;
use reqwest::header::HeaderName;
use serde_json::json;
use std::sync::Arc;
use tokio::task::JoinSet;

use crate::common::{
    accounts, api_calls, connected, hasty, problem, refreshes, start, stepped, world,
};

const EVIL: &str = "https://evil.example/canary";

fn answers(world: &World, reply: ApiReply) {
    world.bank.clear_requests();
    world.bank.update_knobs(|knobs| knobs.api_reply = reply.into());
}

/// D.4 `resource=401 invalid_token`: P15, P17; in the words of OAuth or of COBS, one refresh and one replay.
#[tokio::test]
async fn r401_invalid_token_renews_once() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    for reply in [ApiReply::InvalidToken, ApiReply::Expired, ApiReply::Status(401)] {
        world.advance(Duration::from_mins(1));
        world.bank.clear_requests();
        world.bank.update_knobs(|knobs| knobs.api_reply = Knob::next(1, reply.clone()));
        let answer = accounts(&browser, &id).await;
        assert_eq!(answer.status, 200, "{reply:?}: {}", answer.text);
        assert_eq!((api_calls(&world).len(), refreshes(&world).len()), (2, 1), "{reply:?}");
        world.advance(Duration::from_mins(1));
        answers(&world, reply.clone());
        problem(&accounts(&browser, &id).await, 502, "bank_unavailable"); // no challenge either
        assert_eq!((api_calls(&world).len(), refreshes(&world).len()), (2, 1), "{reply:?}");
        answers(&world, ApiReply::Normal);
        assert_eq!(accounts(&browser, &id).await.status, 200, "{reply:?}: no consent is lost");
    }
}

/// D.4 `resource=403 scope`: P16; no refresh, and the code is told.
#[tokio::test]
async fn r403_scope_does_not_renew() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    answers(&world, ApiReply::InsufficientScope);
    for _ in 0..3 {
        let answer = accounts(&browser, &id).await;
        let body = problem(&answer, 422, "bank_refused");
        assert_eq!(body["bank_codes"], json!(["insufficient_scope"]), "{}", answer.text);
    }
    assert_eq!((api_calls(&world).len(), refreshes(&world).len()), (3, 0));
}

/// D.4 `resource=429`, 503: P28; the bank's pause is told, and nobody tries again by himself.
#[tokio::test]
async fn r429_tells_the_pause() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    for (status, told, code) in [(429, 429, "rate_limited"), (503, 502, "bank_unavailable")] {
        for (written, seconds) in
            [("7", Some(7)), ("soon", None), ("Wed, 21 Oct 2026 07:28:00 GMT", None)]
        {
            answers(&world, ApiReply::Retry { status, retry_after: written.to_owned() });
            let body = problem(&accounts(&browser, &id).await, told, code);
            assert_eq!(body["retry_after"].as_u64(), seconds, "{status} {written}");
            assert_eq!((api_calls(&world).len(), refreshes(&world).len()), (1, 0));
        }
    }
}

/// D.4 `unattended=5th`: K49; the bank's refusal is told by its code and not tried again, at the page too.
#[tokio::test]
async fn a_daily_limit_is_told_and_not_tried_again() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    let code = "AUTH_LIMIT_EXCEEDED".to_owned();
    answers(&world, ApiReply::Error { status: 400, code });
    let body = problem(&accounts(&browser, &id).await, 422, "bank_refused");
    assert_eq!(body["bank_codes"], json!(["AUTH_LIMIT_EXCEEDED"]));
    assert_eq!((api_calls(&world).len(), refreshes(&world).len()), (1, 0));
    answers(&world, ApiReply::Retry { status: 429, retry_after: "3600".to_owned() });
    let body = problem(&accounts(&browser, &id).await, 429, "rate_limited");
    assert_eq!(body["retry_after"], 3600);
    assert_eq!((api_calls(&world).len(), refreshes(&world).len()), (1, 0));
}

/// A call with the person counts against no limit: the bank of the knobs allows none without.
#[tokio::test]
async fn calls_of_a_person_are_never_unattended() {
    let world = stepped().await;
    world.bank.update_knobs(|knobs| knobs.unattended_per_day = Some(0).into());
    let (browser, id) = connected(&world).await;
    for _ in 0..5 {
        assert_eq!(accounts(&browser, &id).await.status, 200);
    }
}

/// D.4 `resource=html`: P22; and whatever else is no JSON of the bank's.
#[tokio::test]
async fn html_never_reaches_the_page() {
    let world = hasty(|_| ()).await;
    let (browser, id) = connected(&world).await;
    for reply in [
        ApiReply::Html("<script>canary</script>".to_owned()),
        ApiReply::Coded("gzip".to_owned()),
        ApiReply::Compressed { bytes: 1 << 30 },
    ] {
        answers(&world, reply.clone());
        let answer = accounts(&browser, &id).await;
        problem(&answer, 502, "bank_unavailable");
        assert!(!answer.text.contains("canary"), "{reply:?}");
        assert_eq!(api_calls(&world).len(), 1, "{reply:?}");
    }
}

fn names(answer: &demo::browser::Answer) -> BTreeSet<&str> {
    answer.headers.keys().map(HeaderName::as_str).collect()
}

/// D.4 `resource=set-cookie / location evil`, D.3 header injection: P06, P11, P17; of the bank's headers the
/// page gets the listed ones, and none of ours is replaced.
#[tokio::test]
async fn headers_of_the_bank_stay_there() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let plain = accounts(&browser, &id).await;
    let usual = names(&plain);
    let own = |name: &str| plain.headers.get(name).cloned();
    let evil = [
        ("set-cookie", "__Host-Http-bankconnect=canary; Path=/; Secure"),
        ("set-cookie2", "canary=1"),
        ("location", EVIL),
        ("content-location", EVIL),
        ("refresh", "0; url=https://evil.example/canary"),
        ("link", "<https://evil.example/canary>; rel=preload"),
        ("access-control-allow-origin", "*"),
        ("access-control-allow-credentials", "true"),
        ("clear-site-data", "\"*\""),
        ("service-worker-allowed", "/canary"),
        ("sourcemap", EVIL),
        ("alt-svc", "h2=\"evil.example:443\""),
        ("www-authenticate", "Basic realm=canary"),
        ("content-security-policy", "default-src *"),
        ("strict-transport-security", "max-age=0"),
        ("referrer-policy", "unsafe-url"),
        ("x-request-id", "canary"),
        ("x-content-type-options", "canary"),
        ("trailer", "set-cookie"),
    ];
    let evil = evil.map(|(name, value)| (name.to_owned(), value.to_owned()));
    for reply in [
        ApiReply::Headers(evil.to_vec()),
        ApiReply::SetCookie("canary=1; Path=/".to_owned()),
        ApiReply::Location(EVIL.to_owned()),
    ] {
        answers(&world, reply.clone());
        let answer = accounts(&browser, &id).await;
        assert_eq!((answer.status.as_u16(), names(&answer)), (200, usual.clone()), "{reply:?}");
        for name in ["content-security-policy", "strict-transport-security", "referrer-policy"] {
            assert_eq!(answer.headers.get_all(name).iter().count(), 1, "{name}");
            assert_eq!(answer.headers.get(name).cloned(), own(name), "{name}");
        }
        let told = format!("{:?}", answer.headers);
        assert!(!told.contains("canary") && !told.contains("evil"), "{told}");
    }
    answers(&world, ApiReply::Redirect(EVIL.to_owned()));
    let answer = accounts(&browser, &id).await;
    problem(&answer, 502, "bank_unavailable");
    assert!(!answer.text.contains("canary"));
    assert_eq!(api_calls(&world).len(), 1, "nobody followed it");
}

/// D.4 `resource=next evil`, D.3 pagination to a foreign host: P30; the broker follows nothing, passes no
/// `Link` on, and knows pages by number only; the package reads a `nextPage` that is none as an error.
#[tokio::test]
async fn next_pages_are_numbers_of_ours() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    answers(&world, ApiReply::NextPage(EVIL.to_owned()));
    let answer = accounts(&browser, &id).await;
    assert_eq!(answer.status, 200);
    assert!(answer.headers.get("link").is_none());
    assert!(serde_json::from_str::<Paging>(&answer.text).is_err(), "no page of ours");
    assert_eq!(api_calls(&world).len(), 1);
    answers(&world, ApiReply::Normal);
    for page in ["https://evil.example/", "//evil.example", "..%2f..", "1%0d%0ahost:%20evil"] {
        let path = format!("/connections/{id}/api/my/accounts?page={page}");
        assert!(browser.get(&path).await.unwrap().status.is_client_error(), "{page}");
    }
    assert!(api_calls(&world).iter().all(|call| call.path() == "/psd2-cobs/cobs/2.0/my/accounts"));
}

/// D.3 reset mid-body, truncated, broken and doubled JSON: P18, P19; what broke off never looks whole.
#[tokio::test]
async fn a_body_that_breaks_off_never_looks_whole() {
    let world = hasty(|_| ()).await;
    let (browser, id) = connected(&world).await;
    for reply in [ApiReply::Reset, ApiReply::Truncated, ApiReply::DropAfterCommit] {
        answers(&world, reply.clone());
        let answer = browser.get(&format!("/connections/{id}/api/my/accounts")).await;
        let whole = answer.is_ok_and(|answer| answer.status.is_success());
        assert!(!whole, "{reply:?}");
        assert_eq!(api_calls(&world).len(), 1, "{reply:?}: no retry");
    }
    answers(&world, ApiReply::Normal);
    assert_eq!(accounts(&browser, &id).await.status, 200, "no harm done");
}

/// D.4 `consent=revoked_at_bank`: fifty callers at once and many afterwards: each has asked once at most,
/// the token endpoint was asked once in all, and then nobody is.
#[tokio::test]
async fn a_consent_withdrawn_at_the_bank_makes_no_storm() {
    let world = start(demo::Options::stepped()).await;
    let (browser, id) = connected(&world).await;
    let user = world.bank.credentials()[0].username.clone();
    world.bank.revoke_consent(&user);
    world.bank.clear_requests();
    let browser = Arc::new(browser);
    let mut calls = JoinSet::new();
    for _ in 0..50 {
        let (browser, id) = (browser.clone(), id.clone());
        calls.spawn(async move { accounts(&browser, &id).await.code() });
    }
    assert_eq!(calls.join_all().await, vec!["reconnect"; 50]);
    assert!(api_calls(&world).len() <= 50);
    assert_eq!(refreshes(&world).len(), 1);
    still(&world, &browser, &id).await;
}

/// D.3 consent revoked between two calls, with a bank that says 403 to what it knows no more (COBS files
/// expired tokens there): the token's own end brings the truth, and one question.
#[tokio::test]
async fn a_consent_withdrawn_at_a_bank_that_says_403_ends_with_the_token() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    let user = world.bank.credentials()[0].username.clone();
    let forbidden = Rule::to(ApiReply::Status(403));
    world.bank.update_knobs(|knobs| knobs.api_reply = Knob::default().with(forbidden));
    world.bank.revoke_consent(&user);
    problem(&accounts(&browser, &id).await, 422, "bank_refused");
    world.advance(Duration::from_secs(301));
    world.bank.clear_requests();
    problem(&accounts(&browser, &id).await, 401, "reconnect");
    assert_eq!(refreshes(&world).len(), 1);
    still(&world, &browser, &id).await;
}

/// The connection is over, and the bank is left alone.
async fn still(world: &World, browser: &Browser, id: &str) {
    world.bank.clear_requests();
    for _ in 0..10 {
        problem(&accounts(browser, id).await, 401, "reconnect");
    }
    assert!(world.bank.requests().is_empty(), "the bank is not asked any more");
    let body = browser.get(&format!("/connections/{id}")).await.unwrap().json();
    assert_eq!((&body["status"], &body["reason"]), (&json!("reconnect"), &json!("ended_by_bank")));
}
