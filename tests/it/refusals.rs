//! What the callback refuses, and that the token endpoint never hears of it.

use std::time::Duration;

use bank_sim::{Knobs, State};
use demo::browser::Browser;
use demo::{Options, World};
use reqwest::Url;

use crate::common::{TOKEN, exchanges, landed, problem, seen, start, stepped, world};

const CALLBACK: &str = "https://app.example/callback";

fn no_token_call(world: &World) {
    assert!(seen(world, TOKEN).is_empty(), "the token endpoint must not be called");
}

async fn finish(browser: &Browser, query: &str, verifier: &str) -> demo::browser::Answer {
    browser.finish_with(CALLBACK, query, verifier).await.unwrap()
}

fn parameter(landing: &Url, name: &str) -> String {
    landing.query_pairs().find(|(known, _)| known == name).unwrap().1.into_owned()
}

/// K06, C13: no state is a failure, not "no check"; an altered one is unknown.
#[tokio::test]
async fn state_missing_empty_or_altered_is_refused() {
    let world = world().await;
    let (browser, attempt, landing) = landed(&world).await;
    let code = parameter(&landing, "code");
    for query in [format!("code={code}"), format!("code={code}&state="), String::new()] {
        problem(&finish(&browser, &query, &attempt.verifier).await, 400, "refused");
    }
    let altered = attempt.state.replace("bc1.", "bc2.");
    for state in ["x", "bc1.", &altered, &attempt.state.to_uppercase()] {
        let query = format!("code={code}&state={state}");
        problem(&finish(&browser, &query, &attempt.verifier).await, 400, "authorization_expired");
    }
    no_token_call(&world);
    // and none of it cost the person the authorization
    assert_eq!(browser.finish(&attempt, &landing).await.unwrap().status, 200);
}

/// K05, K06 with the bank itself as the culprit (OIDF modules on `state`).
#[tokio::test]
async fn a_bank_that_drops_or_alters_state_is_refused() {
    for (knob, status, code) in
        [(State::Drop, 400, "refused"), (State::Alter, 400, "authorization_expired")]
    {
        let knobs = Knobs { state: knob.into(), ..Knobs::default() };
        let world = start(Options { knobs, ..Options::default() }).await;
        let (browser, attempt, landing) = landed(&world).await;
        problem(&browser.finish(&attempt, &landing).await.unwrap(), status, code);
        no_token_call(&world);
    }
}

/// D.3 duplicate parameters: K11, C36; a protocol parameter twice is refused, equal values included.
#[tokio::test]
async fn doubled_parameters_are_refused() {
    let world = world().await;
    let (browser, attempt, landing) = landed(&world).await;
    let (query, state) = (landing.query().unwrap(), &attempt.state);
    let code = parameter(&landing, "code");
    for query in [
        format!("{query}&code={code}"),
        format!("{query}&code=other"),
        format!("{query}&state={state}"),
        format!("state=x&{query}"),
        format!("{query}&iss=a&iss=a"),
        format!("state={state}&error=access_denied&error=access_denied"),
        format!("{query}&%63ode={code}"),
    ] {
        problem(&finish(&browser, &query, &attempt.verifier).await, 400, "refused");
    }
    no_token_call(&world);
    assert_eq!(browser.finish(&attempt, &landing).await.unwrap().status, 200);
}

/// K05, B23: a second callback of the same page is told the same again; the code is not sent again, and
/// after ten minutes nobody remembers.
#[tokio::test]
async fn a_callback_works_once() {
    let world = stepped().await;
    let (browser, attempt, landing) = landed(&world).await;
    let first = browser.finish(&attempt, &landing).await.unwrap();
    assert_eq!(first.status, 200);
    for _ in 0..2 {
        let again = browser.finish(&attempt, &landing).await.unwrap();
        assert_eq!((again.status.as_u16(), &again.text), (200, &first.text));
        assert!(again.headers.get("set-cookie").is_none(), "the page has it");
    }
    world.advance(Duration::from_mins(10));
    let late = browser.finish(&attempt, &landing).await.unwrap();
    problem(&late, 400, "authorization_expired");
    assert_eq!(exchanges(&world).len(), 1);
    let list = browser.get("/connections").await.unwrap().json();
    assert_eq!(list["connections"].as_array().unwrap().len(), 1, "the connection stays");
}

/// K05: of many callbacks at the same moment one is exchanged.
#[tokio::test]
async fn of_parallel_callbacks_one_wins() {
    let world = world().await;
    let (browser, attempt, landing) = landed(&world).await;
    let (a, b, c) = tokio::join!(
        browser.finish(&attempt, &landing),
        browser.finish(&attempt, &landing),
        browser.finish(&attempt, &landing),
    );
    let won = [a, b, c].into_iter().filter(|answer| answer.as_ref().unwrap().status == 200).count();
    assert_eq!((won, exchanges(&world).len()), (1, 1));
}

/// K08, C14: the attacker's callback in the victim's browser, with and without a session there.
#[tokio::test]
async fn a_callback_from_another_browser_is_refused() {
    for with_session in [true, false] {
        let world = world().await;
        let (attacker, attempt, landing) = landed(&world).await;
        let victim = world.browser();
        if with_session {
            victim.start("cnb", "aisp").await.unwrap();
        }
        let answer = victim.finish(&attempt, &landing).await.unwrap();
        problem(&answer, 400, "refused");
        assert!(answer.headers.get("set-cookie").is_none());
        // used up, whatever followed
        let late = attacker.finish(&attempt, &landing).await.unwrap();
        problem(&late, 400, "authorization_expired");
        no_token_call(&world);
    }
}

/// K10, C15: an answer that comes to another provider's page is refused, in either direction.
#[tokio::test]
async fn a_callback_for_another_provider_is_refused() {
    let world = world().await;
    let (browser, attempt, landing) = landed(&world).await;
    let query = landing.query().unwrap();
    let other = "https://app.example/callback-other";
    let answer = browser.finish_with(other, query, &attempt.verifier).await.unwrap();
    problem(&answer, 400, "refused");
    let attempt = browser.start("other", "aisp").await.unwrap();
    let landing = browser.consent(&attempt).await.unwrap();
    assert!(landing.as_str().starts_with(other));
    let query = landing.query().unwrap();
    problem(&finish(&browser, query, &attempt.verifier).await, 400, "refused");
    for page in ["", "https://app.example/callback/", "http://app.example/callback", "callback"] {
        let attempt = browser.start("cnb", "aisp").await.unwrap();
        let query = format!("code=a&state={}", attempt.state);
        let answer = browser.finish_with(page, &query, &attempt.verifier).await.unwrap();
        problem(&answer, 400, "refused");
    }
    no_token_call(&world);
}

/// K05: ten minutes, not a second more; whoever comes a day later is told the same.
#[tokio::test]
async fn an_authorization_ends_after_ten_minutes() {
    for (seconds, status) in [(599, 200), (600, 400), (86_400, 400)] {
        let world = stepped().await;
        let (browser, attempt, landing) = landed(&world).await;
        world.advance(Duration::from_secs(seconds));
        let answer = browser.finish(&attempt, &landing).await.unwrap();
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
        if status == 400 {
            problem(&answer, 400, "authorization_expired");
            no_token_call(&world);
        }
    }
}

/// K04, D.4 `pkce=ignored`: the bank ignores PKCE, so the broker itself refuses.
#[tokio::test]
async fn a_wrong_verifier_is_refused_although_the_bank_would_not_care() {
    let world = world().await;
    let other = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let long = "a".repeat(129);
    for verifier in ["", "short", other, &"+".repeat(43), &long, "plain"] {
        let (browser, attempt, landing) = landed(&world).await;
        let query = landing.query().unwrap();
        problem(&finish(&browser, query, verifier).await, 400, "refused");
        let late = browser.finish(&attempt, &landing).await.unwrap();
        problem(&late, 400, "authorization_expired");
    }
    no_token_call(&world);
}

/// K12: an injected or used code ends in the bank's refusal, without a second try.
#[tokio::test]
async fn a_code_used_before_is_refused_by_the_bank() {
    let world = world().await;
    let (browser, attempt, landing) = landed(&world).await;
    assert_eq!(browser.finish(&attempt, &landing).await.unwrap().status, 200);
    let second = browser.start("cnb", "aisp").await.unwrap();
    let query = format!("code={}&state={}", parameter(&landing, "code"), second.state);
    let body = problem(&finish(&browser, &query, &second.verifier).await, 422, "bank_refused");
    assert_eq!(body["bank_codes"], serde_json::json!(["invalid_grant"]));
    assert_eq!(exchanges(&world).len(), 2);
}

/// B10: the person says no, which is nobody's failure.
#[tokio::test]
async fn a_person_who_cancels_is_no_error_of_the_bank() {
    let world = world().await;
    let browser = world.browser();
    let attempt = browser.start("cnb", "aisp").await.unwrap();
    let landing = browser.cancel(&attempt).await.unwrap();
    problem(&browser.finish(&attempt, &landing).await.unwrap(), 403, "cancelled");
    let again = browser.finish(&attempt, &landing).await.unwrap();
    problem(&again, 400, "authorization_expired");
    no_token_call(&world);
}

/// B10, K34: error redirects become codes of the closed list; no text of the bank comes through.
#[tokio::test]
async fn errors_of_the_authorization_endpoint_are_told_by_their_code() {
    let world = world().await;
    let browser = world.browser();
    for (error, told) in [
        ("invalid_request", "invalid_request"),
        ("unauthorized_client", "unauthorized_client"),
        ("unsupported_response_type", "unsupported_response_type"),
        ("invalid_scope", "invalid_scope"),
        ("UNAUTHORIZED", "unauthorized"),
    ] {
        let attempt = browser.start("cnb", "aisp").await.unwrap();
        let query = format!("error={error}&error_description=canary&state={}", attempt.state);
        let answer = finish(&browser, &query, &attempt.verifier).await;
        let body = problem(&answer, 422, "bank_refused");
        assert_eq!(body["bank_codes"], serde_json::json!([told]));
        assert!(!answer.text.contains("canary"));
    }
    for error in ["server_error", "TEMPORARILY_UNAVAILABLE"] {
        let attempt = browser.start("cnb", "aisp").await.unwrap();
        let query = format!("error={error}&state={}", attempt.state);
        problem(&finish(&browser, &query, &attempt.verifier).await, 502, "bank_unavailable");
    }
    for error in ["", "canary", "access_denied%00", "%3Cimg%20onerror%3E"] {
        let attempt = browser.start("cnb", "aisp").await.unwrap();
        let query = format!("error={error}&state={}", attempt.state);
        let answer = finish(&browser, &query, &attempt.verifier).await;
        assert!(!answer.status.is_success() && answer.code() != "cancelled", "{}", answer.text);
        assert!(!answer.text.contains("canary") && !answer.text.contains("onerror"));
    }
    no_token_call(&world);
}

/// RFC 6749 §4.1.2: one code or one error, never both, never neither.
#[tokio::test]
async fn neither_or_both_of_code_and_error_is_refused() {
    let world = world().await;
    let browser = world.browser();
    for answer in ["", "code=", "code=abcdef&error=access_denied", "code=&error=server_error"] {
        let attempt = browser.start("cnb", "aisp").await.unwrap();
        let query = format!("state={}&{answer}", attempt.state);
        problem(&finish(&browser, &query, &attempt.verifier).await, 400, "refused");
    }
    no_token_call(&world);
}

/// K09 (OIDF modules on `iss`): exact string, and missing although announced is as wrong.
#[tokio::test]
async fn the_issuer_must_be_the_announced_one() {
    let issuer = "https://aboktpp.cnb.cz/powerauth-webflow";
    for (iss, good) in [
        (Some(issuer), true),
        (None, false),
        (Some("https://aboktpp.cnb.cz/powerauth-webflow/"), false),
        (Some("https://ABOKTPP.cnb.cz/powerauth-webflow"), false),
        (Some("https://evil.example"), false),
        (Some(""), false),
    ] {
        let knobs = Knobs { iss: iss.map(ToOwned::to_owned).into(), ..Knobs::default() };
        let provider_settings = format!("issuer = \"{issuer}\"");
        let world = start(Options { knobs, provider_settings, ..Options::default() }).await;
        let (browser, attempt, landing) = landed(&world).await;
        let answer = browser.finish(&attempt, &landing).await.unwrap();
        if good {
            assert_eq!(answer.status, 200, "{}", answer.text);
        } else {
            problem(&answer, 400, "refused");
            no_token_call(&world);
        }
    }
}

/// K09: an error redirect is checked for its issuer too.
#[tokio::test]
async fn an_error_from_another_issuer_is_refused() {
    let issuer = "https://aboktpp.cnb.cz/powerauth-webflow";
    let provider_settings = format!("issuer = \"{issuer}\"");
    let world = start(Options { provider_settings, ..Options::default() }).await;
    let browser = world.browser();
    let attempt = browser.start("cnb", "aisp").await.unwrap();
    let landing = browser.cancel(&attempt).await.unwrap();
    problem(&browser.finish(&attempt, &landing).await.unwrap(), 400, "refused");
}
