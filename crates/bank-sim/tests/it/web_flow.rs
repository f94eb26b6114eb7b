//! The two generations of Web Flow: bank-api facts 5.1, 5.3, 5.5, 5.6 and 5.8; RFC 7009, 7636, 7662.

use std::time::Duration;

use bank_sim::{ClientAuth, Knob, Pkce, Rule, WebFlow};
use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::world::{
    Answer, CALLBACK, CHALLENGE, CLIENT, OTHER, OTHER_SECRET, SECRET, World, basic, query,
};

const VERIFIER: &str = "verifier-verifier-verifier-verifier-verifier-00";

async fn newer() -> World {
    let world = World::start().await;
    world.bank.update_knobs(|knobs| knobs.web_flow = WebFlow::V1_5.into());
    world
}

fn mine() -> String {
    basic(CLIENT, SECRET)
}

fn url(world: &World) -> String {
    world.authorize_url("aisp").replace("/oauth/authorize", "/oauth2/authorize")
}

async fn code(world: &World, url: &str) -> String {
    let mut browser = Browser::new(world);
    browser.walk(world, "jana", url).await;
    query(&browser.left_to, "code").unwrap_or_else(|| panic!("no code: {:?}", browser.page))
}

async fn exchange(world: &World, code: &str, verifier: Option<&str>) -> Answer {
    let fields = [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", CALLBACK)];
    let verifier = verifier.map(|verifier| ("code_verifier", verifier));
    let fields: Vec<_> = fields.into_iter().chain(verifier).collect();
    world.post_to("oauth2/token", Some(mine()), &fields).await
}

async fn connect(world: &World) -> Value {
    let code = code(world, &url(world)).await;
    let answer = exchange(world, &code, Some(VERIFIER)).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

async fn introspect(world: &World, token: &Value) -> Value {
    let fields = [("token", token.as_str().unwrap())];
    let answer = world.post_to("oauth2/introspect", Some(mine()), &fields).await;
    assert_eq!(answer.status, 200);
    answer.json()
}

async fn revoke(world: &World, authorization: String, token: &Value) -> Answer {
    let fields = [("token", token.as_str().unwrap())];
    world.post_to("oauth2/revoke", Some(authorization), &fields).await
}

#[tokio::test]
async fn paths_of_the_other_generation_do_not_exist() {
    let older = ["authorize", "token", "token/revoke", "check_token", "token_key"];
    let older = older.map(|path| format!("oauth/{path}"));
    let newer = ["authorize", "token", "revoke", "introspect"].map(|path| format!("oauth2/{path}"));
    let world = World::start().await;
    for (on, off, position) in
        [(&older[..], &newer[..], WebFlow::V1_4), (&newer, &older, WebFlow::V1_5)]
    {
        world.bank.update_knobs(|knobs| knobs.web_flow = position.into());
        for (paths, exist) in [(on, true), (off, false)] {
            for path in paths {
                for method in [Method::GET, Method::POST] {
                    let url = world.tls(&format!("/powerauth-webflow/{path}"));
                    let answer = world.tpp.request(method, url).send().await.unwrap();
                    assert_eq!(answer.status() != 404, exist, "{position:?} {path}");
                }
            }
        }
        let shared = ["oauth/error", "resources/style.css", "authenticate"];
        for path in shared {
            let url = world.tls(&format!("/powerauth-webflow/{path}"));
            assert_ne!(world.tpp.get(url).send().await.unwrap().status(), 404, "{path}");
        }
    }
}

#[tokio::test]
async fn a_person_connects_by_the_newer_paths() {
    let world = newer().await;
    let url = url(&world).replace("state=s-1", "state=k3Jx0bUu0Zr9sWQm4nH7yA");
    let code = code(&world, &url).await;
    assert_eq!(code.len(), 128);
    let tokens = exchange(&world, &code, Some(VERIFIER)).await.json();
    assert_eq!(tokens["expires_in"], 300);
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(world.api(access, "/my/accounts").await.status, 200);
    let refresh = ("refresh_token", tokens["refresh_token"].as_str().unwrap());
    let fields = [("grant_type", "refresh_token"), refresh];
    let next = world.post_to("oauth2/token", Some(mine()), &fields).await.json();
    assert_eq!(next["refresh_token"], tokens["refresh_token"]);
    assert_ne!(next["access_token"], tokens["access_token"]);
    let again = exchange(&world, &code, Some(VERIFIER)).await;
    assert_eq!(again.oauth_error(), (400, "invalid_grant".to_owned()));
    assert_eq!(world.bank.violations(), ["code that has been shown before"]);
}

#[tokio::test]
async fn codes_end_after_five_minutes() {
    let world = newer().await;
    for (age, status) in [(299, 200), (300, 400)] {
        let code = code(&world, &url(&world)).await;
        world.clock.advance(Duration::from_secs(age));
        assert_eq!(exchange(&world, &code, Some(VERIFIER)).await.status, status);
    }
    world.bank.update_knobs(|knobs| knobs.code_ttl = Some(Duration::from_hours(1)).into());
    let code = code(&world, &url(&world)).await;
    world.clock.advance(Duration::from_mins(59));
    assert_eq!(exchange(&world, &code, Some(VERIFIER)).await.status, 200);
}

#[tokio::test]
async fn a_challenge_is_honoured_where_one_was_sent() {
    let world = newer().await;
    let bound = url(&world);
    let bare = bound
        .replace(&format!("&code_challenge={CHALLENGE}"), "")
        .replace("&code_challenge_method=S256", "");
    let other = "x".repeat(43);
    let cases = [
        (Pkce::Normal, &bound, Some(VERIFIER), 200),
        (Pkce::Normal, &bound, Some(&*other), 400),
        (Pkce::Normal, &bound, None, 400),
        (Pkce::Normal, &bare, None, 200),
        (Pkce::Normal, &bare, Some(&*other), 200),
        (Pkce::Honoured, &bound, None, 400),
        (Pkce::Honoured, &bare, None, 200),
        (Pkce::Ignored, &bound, None, 200),
        (Pkce::Enforced, &bound, Some(VERIFIER), 200),
        (Pkce::Enforced, &bound, None, 400),
    ];
    for (position, url, verifier, status) in cases {
        world.bank.update_knobs(|knobs| knobs.pkce = position.into());
        let answer = exchange(&world, &code(&world, url).await, verifier).await;
        assert_eq!(answer.status, status, "{position:?} {verifier:?}");
        if status == 400 {
            assert_eq!(answer.oauth_error(), (400, "invalid_grant".to_owned()));
        }
    }
    let plain = bound.replace("code_challenge_method=S256", "code_challenge_method=plain");
    for (position, url) in
        [(Pkce::Enforced, &bare), (Pkce::Enforced, &plain), (Pkce::Normal, &plain)]
    {
        world.bank.update_knobs(|knobs| knobs.pkce = position.into());
        let mut browser = Browser::new(&world);
        browser.walk(&world, "jana", url).await;
        let error = query(&browser.left_to, "error");
        assert_eq!(error.as_deref(), Some("invalid_request"), "{position:?}");
    }
}

#[tokio::test]
async fn clients_authenticate_by_basic_only() {
    let world = newer().await;
    let tokens = connect(&world).await;
    let refresh = ("refresh_token", tokens["refresh_token"].as_str().unwrap());
    let credentials = [("client_id", CLIENT), ("client_secret", SECRET)];
    let by_form = [&[("grant_type", "refresh_token"), refresh], &credentials[..]].concat();
    let token = [&[("token", refresh.1)], &credentials[..]].concat();
    for (path, fields) in
        [("oauth2/token", &by_form), ("oauth2/revoke", &token), ("oauth2/introspect", &token)]
    {
        let refused = world.post_to(path, None, fields).await;
        assert_eq!(refused.status, 401, "{path}");
        assert_eq!(refused.header("www-authenticate"), "Basic realm=\"oauth2/client\"");
    }
    world.bank.update_knobs(|knobs| knobs.client_auth = ClientAuth::Post.into());
    assert_eq!(world.post_to("oauth2/token", None, &by_form).await.status, 200);
}

#[tokio::test]
async fn introspection_is_that_of_rfc_7662() {
    let world = newer().await;
    let tokens = connect(&world).await;
    let known = introspect(&world, &tokens["access_token"]).await;
    let expected = json!({
        "active": true, "scope": "aisp", "client_id": CLIENT, "username": "jana", "sub": "jana",
        "exp": 1_773_479_100, "token_type": "Bearer",
    });
    assert_eq!(known, expected);
    let refresh = introspect(&world, &tokens["refresh_token"]).await;
    assert_eq!((&refresh["active"], refresh.get("token_type")), (&json!(true), None));
    assert_eq!(introspect(&world, &json!("x")).await, json!({ "active": false }));
    world.clock.advance(Duration::from_mins(5));
    let over = introspect(&world, &tokens["access_token"]).await;
    assert_eq!(over, json!({ "active": false }));

    let missing = world.post_to("oauth2/introspect", Some(mine()), &[]).await;
    assert_eq!(missing.oauth_error(), (400, "invalid_request".to_owned()));
    let url = world.tls("/powerauth-webflow/oauth2/introspect?token=x");
    assert_eq!(world.tpp.get(url).send().await.unwrap().status(), 405);
}

#[tokio::test]
async fn revocation_is_that_of_rfc_7009_and_an_access_token_goes_alone() {
    let world = newer().await;
    let tokens = connect(&world).await;
    assert_eq!(revoke(&world, mine(), &json!("unknown")).await.status, 200);
    let stranger = basic(OTHER, OTHER_SECRET);
    let refused = revoke(&world, stranger, &tokens["refresh_token"]).await;
    assert_eq!(refused.oauth_error(), (400, "invalid_client".to_owned()));
    assert_eq!(introspect(&world, &tokens["access_token"]).await["active"], true);

    let done = revoke(&world, mine(), &tokens["access_token"]).await;
    assert_eq!((done.status.as_u16(), &*done.text), (200, ""));
    assert_eq!(introspect(&world, &tokens["access_token"]).await["active"], false);
    assert_eq!(introspect(&world, &tokens["refresh_token"]).await["active"], true);
    assert_eq!(revoke(&world, mine(), &tokens["access_token"]).await.status, 200, "again");

    let next = connect(&world).await;
    assert_eq!(next["refresh_token"], tokens["refresh_token"]);
    assert_eq!(revoke(&world, mine(), &next["refresh_token"]).await.status, 200);
    assert!(world.bank.live_tokens().is_empty());
    let missing = world.post_to("oauth2/revoke", Some(mine()), &[]).await;
    assert_eq!(missing.oauth_error(), (400, "invalid_request".to_owned()));
}

#[tokio::test]
async fn a_success_without_state_strands_the_person() {
    let world = newer().await;
    let mut browser = Browser::new(&world);
    browser.walk(&world, "jana", &url(&world).replace("&state=s-1", "")).await;
    assert_eq!((browser.page.status.as_u16(), &*browser.left_to), (500, ""));
    assert!(browser.page.text.contains("Přihlášení nelze dokončit"));
    // the older one does not mind
    world.bank.update_knobs(|knobs| knobs.web_flow = WebFlow::V1_4.into());
    browser.walk(&world, "jana", &world.authorize_url("aisp").replace("&state=s-1", "")).await;
    assert!(browser.left_to.starts_with(&format!("{CALLBACK}?code=")), "{}", browser.left_to);
}

#[tokio::test]
async fn cancelling_is_the_same_in_both() {
    let world = newer().await;
    let mut browser = Browser::new(&world);
    browser.open(&url(&world)).await;
    browser.cancel().await;
    assert_eq!(query(&browser.left_to, "error").as_deref(), Some("access_denied"));
    assert_eq!(query(&browser.left_to, "state").as_deref(), Some("s-1"));
}

#[tokio::test]
async fn a_login_goes_back_to_the_generation_it_came_from() {
    let world = newer().await;
    let mut browser = Browser::new(&world);
    browser.open(&url(&world)).await;
    world.bank.update_knobs(|knobs| knobs.web_flow = WebFlow::V1_4.into());
    browser.log_in(&world, "jana").await;
    browser.confirm_sms().await;
    let account = browser.values("account").remove(0);
    browser.submit(&[("account", &account)]).await;
    browser.submit(&[("consent", "yes")]).await;
    assert_eq!((browser.page.status.as_u16(), &*browser.left_to), (404, ""));
}

#[tokio::test]
async fn a_rule_can_move_one_endpoint() {
    let world = World::start().await;
    let rule = Rule::to(WebFlow::V1_5).path("/oauth2/introspect");
    world.bank.update_knobs(|knobs| knobs.web_flow = Knob::default().with(rule));
    let tokens = world.connect("jana", "aisp").await;
    assert_eq!(introspect(&world, &tokens["access_token"]).await["active"], true);
    assert_eq!(revoke(&world, mine(), &tokens["access_token"]).await.status, 404);
}
