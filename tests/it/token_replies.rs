//! The token endpoint's replies to a code: hostile, broken and lost ones. The code is sent once, the
//! person can start again, and what the bank handed out in vain goes back to it.

use std::net::TcpListener;
use std::time::Duration;

use bank_sim::{Field, Knobs, Refresh, TokenReply};
use demo::browser::Answer;
use demo::{Options, World};
use jiff::{SignedDuration, Timestamp};

use crate::common::{
    REVOKE, accounts, eventually, exchanges, finish_patiently, hasty, holds, landed, live_tokens,
    problem, seen, start, stepped,
};
use crate::place::contents;

/// A connect whose token reply is spoilt once; then the callback again; then a connect anew.
async fn spoilt(reply: TokenReply) -> (World, Answer) {
    let world = hasty(|knobs| knobs.token_reply = bank_sim::Knob::next(1, reply.clone())).await;
    let (browser, attempt, landing) = landed(&world).await;
    let answer = browser.finish(&attempt, &landing).await.unwrap();
    assert_eq!(exchanges(&world).len(), 1, "{reply:?}: the code is sent once");
    for token in live_tokens(&world) {
        assert!(!answer.text.contains(&token), "{reply:?}: {}", answer.text);
    }
    let again = browser.finish(&attempt, &landing).await.unwrap();
    problem(&again, 400, "authorization_expired");
    assert_eq!(exchanges(&world).len(), 1, "{reply:?}: nor by a second callback");
    let list = browser.get("/connections").await.unwrap();
    assert_eq!(list.json(), serde_json::json!({ "connections": [] }), "{reply:?}");
    assert!(contents(&world).len() < 1024 * 1024, "{reply:?}: K18, nobody fills the store");
    let id = browser.connect("cnb", "aisp").await.unwrap();
    assert_eq!(accounts(&browser, &id).await.status, 200, "{reply:?}: the next attempt works");
    (world, answer)
}

/// D.4 `token=302 / 307`: K15, C26; a redirect of the token endpoint is not followed, by nobody, with nothing.
#[tokio::test]
async fn a_redirect_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
        elsewhere.set_nonblocking(true).unwrap();
        let location = format!("http://{}/steal", elsewhere.local_addr().unwrap());
        let (_world, answer) = spoilt(TokenReply::Redirect { status, location }).await;
        problem(&answer, 502, "bank_unavailable");
        let none = elsewhere.accept().map(|_| ()).unwrap_err();
        assert_eq!(none.kind(), std::io::ErrorKind::WouldBlock, "nobody came");
    }
}

/// K12, K18, D.4 `token=…`: never a hang, never a second try, never a token in a body.
#[tokio::test]
async fn a_reply_of_no_use_ends_the_attempt() {
    for reply in [
        TokenReply::Status { status: 500, retry_after: None },
        TokenReply::Status { status: 503, retry_after: Some("7".to_owned()) },
        TokenReply::Status { status: 404, retry_after: None },
        TokenReply::Huge { bytes: 10 * 1024 * 1024 },
        TokenReply::NotJson("<html>canary</html>".to_owned()),
        TokenReply::JsonArray,
        TokenReply::DuplicateKeys,
        TokenReply::BadUtf8,
    ] {
        let (_world, answer) = spoilt(reply).await;
        problem(&answer, 502, "bank_unavailable");
        assert!(!answer.text.contains("canary"));
    }
}

/// K12, P19: replies that do not come, or not whole.
#[tokio::test]
async fn a_lost_reply_ends_the_attempt() {
    for reply in [
        TokenReply::Drip { delay: Duration::from_millis(50) },
        TokenReply::Truncated,
        TokenReply::DropAfterCommit,
        TokenReply::Hang,
    ] {
        let (_world, answer) = spoilt(reply).await;
        problem(&answer, 502, "bank_unavailable");
    }
}

/// T11: a page that goes away during the exchange does not cost the person the consent.
#[tokio::test]
async fn an_exchange_outlives_its_caller() {
    let knobs = Knobs { token_delay: Duration::from_secs(1).into(), ..Knobs::default() };
    let world = start(Options { knobs, ..Options::default() }).await;
    let (browser, attempt, landing) = landed(&world).await;
    let body = serde_json::json!({
        "redirect_uri": "https://app.example/callback",
        "query": landing.query(),
        "code_verifier": attempt.verifier,
    });
    let hurried = browser.request(&reqwest::Method::POST, "/authorizations/callback");
    let hurried = hurried.header("content-type", "application/json").body(body.to_string());
    let page = tokio::spawn(hurried.send());
    eventually("the exchange begins", || exchanges(&world).len() == 1).await;
    page.abort();
    assert!(page.await.unwrap_err().is_cancelled(), "the page has gone");
    problem(&browser.finish(&attempt, &landing).await.unwrap(), 429, "rate_limited");
    let answer = finish_patiently(&browser, &attempt, &landing).await;
    let id = answer.json()["id"].as_str().expect("the connection is made").to_owned();
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(exchanges(&world).len(), 1);
}

/// T13, K12: the bank asks for patience, and says for how long. It did not look at the code, so the
/// person need not log in once more: the same callback may come again.
#[tokio::test]
async fn too_many_calls_are_told_with_their_pause() {
    let reply = TokenReply::Status { status: 429, retry_after: Some("7".to_owned()) };
    let world = hasty(|knobs| knobs.token_reply = bank_sim::Knob::next(1, reply)).await;
    let (browser, attempt, landing) = landed(&world).await;
    let body = problem(&browser.finish(&attempt, &landing).await.unwrap(), 429, "rate_limited");
    assert_eq!(body["retry_after"], 7);
    assert_eq!(browser.finish(&attempt, &landing).await.unwrap().status, 200);
    assert_eq!(exchanges(&world).len(), 2);

    let reply = TokenReply::Status { status: 429, retry_after: None };
    world.bank.update_knobs(|knobs| knobs.token_reply = reply.into());
    let attempt = browser.start("cnb", "pisp").await.unwrap();
    let landing = browser.consent(&attempt).await.unwrap();
    problem(&browser.finish(&attempt, &landing).await.unwrap(), 429, "rate_limited");
    world.advance(Duration::from_mins(10));
    let late = browser.finish(&attempt, &landing).await.unwrap();
    problem(&late, 400, "authorization_expired"); // K05: not a second beyond its ten minutes
}

/// T13: our secret is refused: the operator's business, nobody's consent is lost.
#[tokio::test]
async fn a_refused_client_costs_nobody_a_grant() {
    let world = stepped().await;
    let browser = world.browser();
    let id = browser.connect("cnb", "aisp").await.unwrap();
    world.bank.update_knobs(|knobs| knobs.client_auth = bank_sim::ClientAuth::Post.into());
    let attempt = browser.start("cnb", "pisp").await.unwrap();
    let landing = browser.consent(&attempt).await.unwrap();
    problem(&browser.finish(&attempt, &landing).await.unwrap(), 502, "bank_unavailable");
    world.bank.update_knobs(|knobs| knobs.client_auth = bank_sim::ClientAuth::Both.into());
    assert_eq!(accounts(&browser, &id).await.status, 200);
    world.advance(Duration::from_secs(400));
    assert_eq!(accounts(&browser, &id).await.status, 200);
}

/// D.4 `token_type=bEARER`: K17; the type in any letters.
#[tokio::test]
async fn bearer_is_read_in_any_case() {
    let token_type = Field::Raw("\"bEARER\"".to_owned()).into();
    let knobs = Knobs { token_type, ..Knobs::default() };
    let world = start(Options { knobs, ..Options::default() }).await;
    let browser = world.browser();
    let id = browser.connect("cnb", "aisp").await.unwrap();
    assert_eq!(accounts(&browser, &id).await.status, 200);
}

/// D.4 `token_type=mac / absent`: K17, T11; another type cannot be used (RFC 6749 §7.1), and its tokens go back to the bank.
#[tokio::test]
async fn a_reply_of_another_type_is_refused_and_revoked() {
    let mut worlds = Vec::new();
    for token_type in [Field::Raw("\"mac\"".to_owned()), Field::Absent] {
        let knobs = Knobs { token_type: token_type.clone().into(), ..Knobs::default() };
        let world = start(Options { knobs, ..Options::default() }).await;
        let (browser, attempt, landing) = landed(&world).await;
        let answer = browser.finish(&attempt, &landing).await.unwrap();
        problem(&answer, 502, "bank_unavailable");
        worlds.push((world, token_type));
    }
    for (world, token_type) in &worlds {
        let what = format!("revocation after token_type {token_type:?}");
        eventually(&what, || live_tokens(world).is_empty()).await;
    }
}

/// D.4 `expires_in=absent / "60" / -1 / 1e300 / null`: T22, C44, OIDF
/// `token-endpoint-response-without-expires_in`; absurd lives are a safe default.
#[tokio::test]
async fn absurd_lives_are_read_with_care() {
    for (written, seconds) in [
        (Field::Absent, 300),
        (Field::Raw("\"60\"".to_owned()), 60),
        (Field::Raw("-1".to_owned()), 300),
        (Field::Raw("1e300".to_owned()), 300),
        (Field::Raw("null".to_owned()), 300),
        (Field::Raw("\"soon\"".to_owned()), 300),
        (Field::Raw("9007199254740993".to_owned()), 180 * 86_400),
        (Field::Raw("18446744073709551615".to_owned()), 180 * 86_400),
    ] {
        // without refresh token the access token's end is what the page is told
        let knobs = Knobs {
            expires_in: written.clone().into(),
            refresh: Refresh::None.into(),
            ..Knobs::default()
        };
        let world = start(Options { knobs, ..Options::stepped() }).await;
        let browser = world.browser();
        let id = browser.connect("cnb", "aisp").await.unwrap();
        let body = browser.get(&format!("/connections/{id}")).await.unwrap().json();
        let at = |name: &str| body[name].as_str().unwrap().parse::<Timestamp>().unwrap();
        let lives = at("reconnect_by").duration_since(at("connected_at"));
        assert_eq!(lives, SignedDuration::from_secs(seconds), "{written:?}");
    }
}

/// D.4 `scope=wider`: K19; more or other scope than asked is refused, and what it came with is revoked; the same scope,
/// unsaid or nulled, is what was asked.
#[tokio::test]
async fn a_scope_nobody_asked_for_is_refused_and_revoked() {
    let mut worlds = Vec::new();
    for scope in ["\"aisp pisp\"", "\"pisp\"", "\"\"", "\"AISP\""] {
        let knobs = Knobs { scope: Field::Raw(scope.to_owned()).into(), ..Knobs::default() };
        let world = start(Options { knobs, ..Options::default() }).await;
        let (browser, attempt, landing) = landed(&world).await;
        let answer = browser.finish(&attempt, &landing).await.unwrap();
        problem(&answer, 400, "refused");
        let list = browser.get("/connections").await.unwrap();
        assert_eq!(list.json(), serde_json::json!({ "connections": [] }));
        worlds.push(world);
    }
    for world in &worlds {
        eventually("revocation", || live_tokens(world).is_empty()).await;
        assert!(!seen(world, REVOKE).is_empty());
    }
    for scope in [Field::Absent, Field::Raw("null".to_owned()), Field::Raw("\"aisp\"".to_owned())] {
        let knobs = Knobs { scope: scope.into(), ..Knobs::default() };
        let world = start(Options { knobs, ..Options::default() }).await;
        let browser = world.browser();
        let id = browser.connect("cnb", "aisp").await.unwrap();
        let body = browser.get(&format!("/connections/{id}")).await.unwrap().json();
        assert_eq!(body["scopes"], serde_json::json!(["aisp"]));
    }
}

/// D.4 `scope=narrower`: K19; less than was asked for is recorded, shown, and is what the connection is good for.
#[tokio::test]
async fn a_narrower_scope_is_recorded() {
    let provider_settings = "scopes_per_authorization = 2".to_owned();
    let world = start(Options { provider_settings, ..Options::stepped() }).await;
    let browser = world.browser();
    let probe = browser.start("cnb", "aisp").await.unwrap(); // for its state and verifier alone
    let verifier = protocol::pkce::CodeVerifier::parse(&probe.verifier).unwrap();
    let state = probe.state.replace("bc1.", "bc1.A");
    let state = state[..state.len() - 1].to_owned();
    let body = serde_json::json!({
        "provider": "cnb", "scopes": ["aisp", "pisp"], "state": state,
        "code_challenge": verifier.challenge().as_str(),
    });
    let started = browser.post("/authorizations", &body).await.unwrap().json();
    let url = started["authorization_url"].as_str().unwrap();
    assert!(url.contains("scope=aisp+pisp"), "{url}");
    // the person allows the one and not the other, which this bank asks for one at a time
    let url = url.replace("scope=aisp+pisp", "scope=aisp");
    let attempt = demo::browser::Attempt { state, verifier: probe.verifier, url };
    let landing = browser.consent(&attempt).await.unwrap();
    let answer = browser.finish(&attempt, &landing).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.json()["scopes"], serde_json::json!(["aisp"]));
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(accounts(&browser, &id).await.status, 200);
}

/// T02, T05, T11: neither the tokens in use, nor a raw reply that was refused, nor secret, state,
/// code, verifier or cookie lie readable in the database.
#[tokio::test]
async fn the_database_holds_nothing_in_clear() {
    let world = stepped().await;
    let (browser, attempt, landing) = landed(&world).await;
    let started = browser.cookie_header().unwrap();
    browser.finish(&attempt, &landing).await.unwrap();
    let mut canaries = live_tokens(&world);
    world.bank.update_knobs(|knobs| knobs.scope = Field::Raw("\"aisp pisp\"".to_owned()).into());
    world.bank.update_knobs(|knobs| knobs.revoke_reply = bank_sim::RevokeReply::Status(503).into());
    let refused = browser.start("cnb", "pisp").await.unwrap();
    let second = browser.consent(&refused).await.unwrap();
    problem(&browser.finish(&refused, &second).await.unwrap(), 400, "refused");
    canaries.extend(live_tokens(&world));
    assert!(canaries.len() >= 6);
    for value in [&started, &browser.cookie_header().unwrap()] {
        canaries.push(value.split_once('=').unwrap().1.to_owned());
    }
    for (attempt, landing) in [(&attempt, &landing), (&refused, &second)] {
        canaries.extend([attempt.state.clone(), attempt.verifier.clone()]);
        let code = landing.query_pairs().find(|(name, _)| name == "code").unwrap().1;
        canaries.push(format!("code={code}"));
    }
    for file in ["cnb.secret", "other.secret"] {
        canaries.push(std::fs::read_to_string(world.folder.join(file)).unwrap());
    }
    let ring = std::fs::read_to_string(world.folder.join("bankconnect.keys")).unwrap();
    let ring: toml::Table = toml::from_str(&ring).unwrap();
    let keys = ring["keys"].as_table().unwrap().values();
    canaries.extend(keys.map(|key| key.as_str().unwrap().to_owned()));
    let bytes = contents(&world);
    assert!(bytes.len() > 4096);
    for canary in &canaries {
        assert!(canary.len() > 8 && !holds(&bytes, canary), "{canary}");
    }
}
