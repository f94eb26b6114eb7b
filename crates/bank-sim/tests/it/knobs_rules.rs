//! Rules for one person or one path apply wherever the bank knows whom and what it is about.

use std::time::Duration;

use bank_sim::{ApiReply, Knob, RevokeReply, Role, Rule, State, WebFlow};
use serde_json::Value;

use crate::browser::Browser;
use crate::world::{CALLBACK, CLIENT, SECRET, World, basic, query};

const MINE: &str = "jana";

fn text<'a>(tokens: &'a Value, name: &str) -> &'a str {
    tokens[name].as_str().unwrap()
}

impl World {
    async fn tokens_of_two(&self) -> [Value; 2] {
        [self.connect(MINE, "aisp").await, self.connect("petr", "aisp").await]
    }

    async fn status(&self, tokens: &Value) -> u16 {
        self.api(text(tokens, "access_token"), "/my/accounts").await.status.as_u16()
    }

    /// Where a person who agrees is sent.
    async fn sent_to(&self, url: &str) -> (u16, String) {
        let mut browser = Browser::new(self);
        browser.walk(self, MINE, url).await;
        (browser.page.status.as_u16(), browser.left_to)
    }
}

#[tokio::test]
async fn the_api_knows_whose_token_it_refuses() {
    let world = World::start().await;
    let [jana, petr] = world.tokens_of_two().await;
    world.bank.update_knobs(|knobs| {
        knobs.expired_status = Knob::always(401).with(Rule::to(403).user(MINE));
        knobs.no_psd_status = Knob::always(403).with(Rule::to(401).user(MINE));
        knobs.strict_headers = Knob::always(true).with(Rule::to(false).user(MINE));
    });
    let bare = async |tokens: &Value, tpp: &reqwest::Client| {
        let request = tpp.get(world.tls("/psd2-cobs/cobs/2.0/my/accounts"));
        let request = request.bearer_auth(text(tokens, "access_token"));
        request.send().await.unwrap().status().as_u16()
    };
    let [jana_status, petr_status] = [bare(&jana, &world.tpp).await, bare(&petr, &world.tpp).await];
    assert_eq!((jana_status, petr_status), (200, 400), "headers");
    let unlicensed = world.tpp_with(vec![Role::AccountInformation], None);
    let [jana_status, petr_status] =
        [bare(&jana, &unlicensed).await, bare(&petr, &unlicensed).await];
    assert_eq!((jana_status, petr_status), (401, 403), "licence");
    world.clock.advance(Duration::from_mins(6));
    assert_eq!((world.status(&jana).await, world.status(&petr).await), (403, 401), "expired");
}

#[tokio::test]
async fn an_expired_token_still_names_its_person() {
    let world = World::start().await;
    let [jana, petr] = world.tokens_of_two().await;
    world.clock.advance(Duration::from_mins(6));
    let rule = Rule::to(ApiReply::Status(503)).user(MINE);
    world.bank.update_knobs(|knobs| knobs.api_reply = Knob::default().with(rule));
    assert_eq!((world.status(&jana).await, world.status(&petr).await), (503, 401));
}

#[tokio::test]
async fn the_sandbox_is_about_its_first_customer() {
    let world = World::start().await;
    let sandbox = world.bank.sandbox_addr().unwrap();
    let status = async |token: &str| {
        let tpp = world.without_certificate();
        let request = world.call_at(sandbox, &tpp, reqwest::Method::GET, "/my/accounts");
        request.bearer_auth(token).send().await.unwrap().status().as_u16()
    };
    for (user, expected) in [(MINE, 503), ("petr", 200)] {
        let rule = Rule::to(ApiReply::Status(503)).user(user);
        world.bank.update_knobs(|knobs| knobs.api_reply = Knob::default().with(rule));
        assert_eq!(status("token-aisp").await, expected, "{user}");
        assert_eq!(status("token-other").await, 401, "it names nobody");
    }
}

#[tokio::test]
async fn a_token_to_be_revoked_names_its_person() {
    let world = World::start().await;
    let [jana, petr] = world.tokens_of_two().await;
    let rule = Rule::to(RevokeReply::Status(503)).user(MINE);
    world.bank.update_knobs(|knobs| knobs.revoke_reply = Knob::default().with(rule));
    let revoke = async |tokens: &Value, name| {
        let token = [("token", text(tokens, name))];
        world.post("token/revoke", Some(basic(CLIENT, SECRET)), &token).await.status.as_u16()
    };
    assert_eq!(revoke(&jana, "refresh_token").await, 503);
    world.clock.advance(Duration::from_mins(6));
    assert_eq!(revoke(&jana, "access_token").await, 503, "expired");
    assert_eq!(revoke(&petr, "access_token").await, 200);
}

#[tokio::test]
async fn codes_and_tokens_tell_the_generation_whom_it_is_about() {
    let world = World::start().await;
    let [jana, petr] = world.tokens_of_two().await;
    let code = world.code(MINE, "pisp").await;
    let rule = Rule::to(WebFlow::V1_5).user(MINE);
    world.bank.update_knobs(|knobs| knobs.web_flow = Knob::default().with(rule));
    assert_eq!(world.refresh(text(&jana, "refresh_token")).await.status, 404);
    assert_eq!(world.refresh(text(&petr, "refresh_token")).await.status, 200);
    assert_eq!(world.exchange(&code).await.status, 404);
    let token = [("token", text(&jana, "access_token"))];
    let good = || Some(basic(CLIENT, SECRET));
    assert_eq!(world.post("check_token", good(), &token).await.status, 404);
    assert_eq!(world.post_to("oauth2/introspect", good(), &token).await.status, 200);
    assert_eq!(world.post_to("oauth2/revoke", good(), &token).await.status, 200);
}

#[tokio::test]
async fn the_redirect_back_follows_rules_for_its_path() {
    let world = World::start().await;
    let at = |path: &str| path.to_owned();
    for (path, applies) in [(at("/oauth/authorize"), true), (at("/oauth/other"), false)] {
        world.bank.update_knobs(|knobs| {
            let extra = vec![("x".to_owned(), "1".to_owned())];
            let iss = Some("https://bank.example".to_owned());
            knobs.state = Knob::default().with(Rule::to(State::Drop).path(&path).user(MINE));
            knobs.iss = Knob::default().with(Rule::to(iss).path(&path));
            knobs.redirect_extra = Knob::default().with(Rule::to(extra).path(&path));
            knobs.redirect_status = Knob::always(303).with(Rule::to(302).path(&path));
        });
        let (status, place) = world.sent_to(&world.authorize_url("aisp")).await;
        assert_eq!(status, if applies { 302 } else { 303 }, "{path}");
        assert_eq!(query(&place, "state").is_none(), applies, "{place}");
        assert_eq!(query(&place, "iss").is_some(), applies, "{place}");
        assert_eq!(query(&place, "x").is_some(), applies, "{place}");
    }
    let rule = Rule::to(bank_sim::Pkce::Enforced).path("/oauth/authorize");
    world.bank.update_knobs(|knobs| knobs.pkce = Knob::default().with(rule));
    let url = world.authorize_url("aisp").replace("code_challenge", "x");
    let (_, place) = world.sent_to(&url).await;
    assert!(place.starts_with(&format!("{CALLBACK}?error=invalid_request")), "{place}");
}
