//! The redirect there and back: bank-api facts 5.4 and 5.5.

use bank_sim::{Field, Knob, Pkce, State};

use crate::browser::Browser;
use crate::world::{CALLBACK, CHALLENGE, World, query};

#[tokio::test]
async fn a_person_logs_in_chooses_consents_and_comes_back_with_a_code() {
    let world = World::start().await;
    let mut browser = Browser::new(&world);
    let state = "k3Jx0bUu0Zr9sWQm4nH7yA";
    let url = world.authorize_url("aisp").replace("state=s-1", &format!("state={state}"));
    browser.walk(&world, "jana", &url).await;

    assert_eq!(browser.page.status, 303);
    assert!(browser.left_to.starts_with(CALLBACK), "{}", browser.left_to);
    let code = query(&browser.left_to, "code").unwrap();
    assert_eq!(code.len(), 6);
    assert_eq!(query(&browser.left_to, "state").as_deref(), Some(state));
    assert!(browser.page.header("set-cookie").contains("Max-Age=0"));

    let tokens = world.exchange(&code).await;
    assert_eq!(tokens.status, 200);
    assert_eq!(tokens.header("cache-control"), "no-store");
    assert_eq!(tokens.header("pragma"), "no-cache");
    assert_eq!(tokens.header("content-type"), "application/json;charset=UTF-8");
    let tokens = tokens.json();
    assert_eq!(tokens["token_type"], "bearer");
    assert_eq!(tokens["expires_in"], 300);
    assert_eq!(tokens["scope"], "aisp");
    assert_eq!(tokens["language"], "cs");
    assert_eq!(tokens["sca"], true);
    assert_eq!(tokens["access_token"].as_str().unwrap().len(), 27);
    assert_eq!(tokens["refresh_token"].as_str().unwrap().len(), 27);
    assert!(world.bank.violations().is_empty(), "{:?}", world.bank.violations());

    let live = world.bank.live_tokens();
    assert_eq!(live.len(), 1);
    assert_eq!(live[0].user, "jana");
    assert_eq!(live[0].access_token.as_deref(), tokens["access_token"].as_str());
}

#[tokio::test]
async fn a_second_authorization_asks_for_the_password_again() {
    let world = World::start().await;
    let mut browser = Browser::new(&world);
    browser.walk(&world, "jana", &world.authorize_url("aisp")).await;
    browser.open(&world.authorize_url("aisp")).await;
    assert!(browser.page.text.contains("name=\"password\""));
}

#[tokio::test]
async fn cancelling_returns_access_denied() {
    let world = World::start().await;
    for step in 0..4 {
        let mut browser = Browser::new(&world);
        browser.open(&world.authorize_url("aisp")).await;
        if step > 0 {
            browser.log_in(&world, "petr").await;
        }
        if step > 1 {
            browser.confirm_sms().await;
        }
        if step > 2 {
            let account = browser.values("account").remove(0);
            browser.submit(&[("account", &account)]).await;
        }
        browser.cancel().await;
        assert_eq!(browser.page.status, 302);
        assert_eq!(
            browser.left_to,
            format!(
                "{CALLBACK}?error=access_denied\
                 &error_description=User%20canceled%20authentication%20request&state=s-1"
            ),
            "step {step}"
        );
    }
}

#[tokio::test]
async fn two_scopes_or_none_fail_before_the_first_page() {
    let world = World::start().await;
    for scope in ["aisp%20pisp", "openid", ""] {
        let mut browser = Browser::new(&world);
        browser.open(&world.authorize_url(scope)).await;
        assert!(!browser.page.text.contains("name=\"password\""), "{scope}");
        assert_eq!(browser.left_to, "");
    }
}

#[tokio::test]
async fn client_and_redirect_uri_are_refused_only_after_the_login() {
    let world = World::start().await;
    let cases = [("client-1", "client-x", 401), ("9%2Fcallback", "9%2Fevil", 400)];
    for (from, to, status) in cases {
        let mut browser = Browser::new(&world);
        browser.walk(&world, "eva", &world.authorize_url("aisp").replace(from, to)).await;
        assert_eq!(browser.page.status, status);
        assert_eq!(browser.left_to, "");
    }
    assert!(world.bank.violations().iter().any(|what| what.contains("redirect_uri_mismatch")));
}

#[tokio::test]
async fn the_port_of_the_redirect_uri_is_free() {
    let world = World::start().await;
    let mut browser = Browser::new(&world);
    let url = world.authorize_url("aisp").replace("%3A9%2F", "%3A4711%2F");
    browser.walk(&world, "eva", &url).await;
    assert!(browser.left_to.starts_with("http://127.0.0.1:4711/callback?code="));
    let code = query(&browser.left_to, "code").unwrap();
    let refused = world.exchange(&code).await;
    assert_eq!(refused.json()["error_description"], "Redirect URI mismatch.");
}

#[tokio::test]
async fn a_request_without_pkce_or_state_is_noted() {
    let world = World::start().await;
    let mut browser = Browser::new(&world);
    let bare = world.authorize_url("aisp").replace(CHALLENGE, "short").replace("&state=s-1", "");
    browser.open(&bare).await;
    let violations = world.bank.violations();
    assert!(violations.iter().any(|what| what.contains("code_challenge")), "{violations:?}");
    assert!(violations.iter().any(|what| what.contains("without state")), "{violations:?}");
}

#[tokio::test]
async fn knobs_change_the_redirect_back() {
    let world = World::start().await;
    world.bank.update_knobs(|knobs| {
        knobs.iss = Knob::next(1, Some("https://bank.example/".to_owned()));
        knobs.state = Knob::next(1, State::Alter);
    });
    let mut browser = Browser::new(&world);
    browser.walk(&world, "eva", &world.authorize_url("aisp")).await;
    assert_eq!(query(&browser.left_to, "state").as_deref(), Some("s-A"));
    assert!(browser.left_to.ends_with("&iss=https%3A%2F%2Fbank.example%2F"));
    browser.walk(&world, "eva", &world.authorize_url("aisp")).await;
    assert!(browser.left_to.ends_with("&state=s-1"));
}

#[tokio::test]
async fn pkce_binds_the_code_only_where_the_knob_says_so() {
    let world = World::start().await;
    let wrong = |code: String| {
        [
            ("grant_type", "authorization_code".to_owned()),
            ("code", code),
            ("redirect_uri", CALLBACK.to_owned()),
            ("code_verifier", "x".repeat(43)),
        ]
    };
    for (pkce, status) in [(Pkce::Ignored, 200), (Pkce::Enforced, 400)] {
        world.bank.update_knobs(|knobs| knobs.pkce = pkce.into());
        let fields = wrong(world.code("jana", "aisp").await);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(world.token(&fields).await.status, status);
    }
    assert!(world.bank.violations().iter().any(|what| what.contains("code_verifier")));
    let tokens = world.connect("jana", "aisp").await;
    world.bank.update_knobs(|knobs| knobs.scope = Field::Absent.into());
    let reply = world.raw_refresh(tokens["refresh_token"].as_str().unwrap()).await.unwrap();
    assert!(!reply.text().await.unwrap().contains("scope"));
}
