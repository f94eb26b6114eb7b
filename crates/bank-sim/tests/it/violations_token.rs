//! Breaches at the token endpoint and its neighbours, one at a time.

use std::time::Duration;

use bank_sim::{Knob, Refresh, WebFlow};
use reqwest::Method;

use crate::violations::Draw;
use crate::world::{CALLBACK, CLIENT, OTHER, OTHER_SECRET, SECRET, World, basic, form};

const CODE: (&str, &str) = ("grant_type", "authorization_code");
const REFRESH: (&str, &str) = ("grant_type", "refresh_token");

fn good() -> String {
    basic(CLIENT, SECRET)
}

impl World {
    /// The codes that a token request provokes.
    async fn asked(
        &self,
        authorization: Option<String>,
        fields: &[(&str, &str)],
    ) -> Vec<&'static str> {
        self.post("token", authorization, fields).await;
        self.codes()
    }

    /// A fresh code of a good authorization, with its verifier.
    async fn fresh_code(&self) -> (String, String) {
        let draw = Draw::new();
        (self.drawn_code(&draw).await, draw.verifier)
    }

    async fn fresh_refresh(&self) -> String {
        self.good_tokens().await["refresh_token"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn codes() {
    let world = World::start().await;
    let (code, verifier) = world.fresh_code().await;
    let at = ("redirect_uri", CALLBACK);
    let fields = [CODE, ("code", &*code), at, ("code_verifier", &*verifier)];
    assert!(world.asked(Some(good()), &fields).await.is_empty());
    assert_eq!(world.asked(Some(good()), &fields).await, ["code_reused"]);
    let fields = [CODE, ("code", "nope42"), at, ("code_verifier", &*verifier)];
    assert_eq!(world.asked(Some(good()), &fields).await, ["code_unknown"]);

    let (code, verifier) = world.fresh_code().await;
    let fields = [CODE, ("code", &*code), at, ("code_verifier", &*verifier)];
    let other = Some(basic(OTHER, OTHER_SECRET));
    assert_eq!(world.asked(other, &fields).await, ["code_of_another_client"]);
    let (code, verifier) = world.fresh_code().await;
    let elsewhere = ("redirect_uri", "https://app.example/");
    let fields = [CODE, ("code", &*code), elsewhere, ("code_verifier", &*verifier)];
    assert_eq!(world.asked(Some(good()), &fields).await, ["redirect_uri_differs"]);
}

#[tokio::test]
async fn verifiers() {
    let world = World::start().await;
    let at = ("redirect_uri", CALLBACK);
    let (code, _) = world.fresh_code().await;
    assert_eq!(
        world.asked(Some(good()), &[CODE, ("code", &code), at]).await,
        ["pkce_verifier_differs"]
    );
    for (verifier, codes) in [
        ("x".repeat(43), vec!["pkce_verifier_differs"]),
        ("x".repeat(42), vec!["pkce_verifier_differs", "pkce_verifier_malformed"]),
        ("x".repeat(129), vec!["pkce_verifier_differs", "pkce_verifier_malformed"]),
        ("+".repeat(43), vec!["pkce_verifier_differs", "pkce_verifier_malformed"]),
    ] {
        let (code, _) = world.fresh_code().await;
        let fields = [CODE, ("code", &*code), at, ("code_verifier", &*verifier)];
        assert_eq!(world.asked(Some(good()), &fields).await, codes, "{verifier}");
    }
}

#[tokio::test]
async fn client_authentication() {
    let world = World::start().await;
    let token = world.fresh_refresh().await;
    let token = ("refresh_token", &*token);
    let (mine, secret) = (("client_id", CLIENT), ("client_secret", SECRET));
    assert!(world.asked(None, &[REFRESH, token, mine, secret]).await.is_empty());
    let none = world.asked(None, &[REFRESH, token, mine]).await;
    assert_eq!(none, ["client_authentication_missing"]);
    let two = world.asked(Some(good()), &[REFRESH, token, mine, secret]).await;
    assert_eq!(two, ["client_authentication_twice"]);
    let other = world.asked(Some(good()), &[REFRESH, token, ("client_id", OTHER)]).await;
    assert_eq!(other, ["client_id_differs"]);
    world.post("token/revoke", None, &[("token", "x")]).await;
    assert_eq!(world.codes(), ["client_authentication_missing"]);
}

#[tokio::test]
async fn refresh_tokens() {
    let world = World::start().await;
    let token = world.fresh_refresh().await;
    let shown = [REFRESH, ("refresh_token", &*token)];
    assert!(world.asked(Some(good()), &shown).await.is_empty());
    let other = Some(basic(OTHER, OTHER_SECRET));
    assert_eq!(world.asked(other, &shown).await, ["refresh_token_of_another_client"]);
    let wider = [REFRESH, shown[1], ("scope", "aisp pisp")];
    assert_eq!(world.asked(Some(good()), &wider).await, ["refresh_scope_wider"]);
    let unknown = [REFRESH, ("refresh_token", "x")];
    assert_eq!(world.asked(Some(good()), &unknown).await, ["refresh_token_unknown"]);
    world.bank.update_knobs(|knobs| knobs.refresh = Refresh::Rotate.into());
    assert!(world.asked(Some(good()), &shown).await.is_empty());
    assert_eq!(world.asked(Some(good()), &shown).await, ["refresh_token_reused"]);
}

#[tokio::test]
async fn revocations() {
    let world = World::start().await;
    let token = world.fresh_refresh().await;
    let other = || Some(basic(OTHER, OTHER_SECRET));
    assert_eq!(world.post("token/revoke", other(), &[("token", &token)]).await.status, 400);
    assert_eq!(world.codes(), ["revocation_of_another_client"]);
    assert_eq!(world.post("token/revoke", other(), &[("token", "x")]).await.status, 400);
    assert!(world.codes().is_empty(), "an unknown token is nobody's");
    world.bank.update_knobs(|knobs| knobs.web_flow = WebFlow::V1_5.into());
    world.post_to("oauth2/revoke", other(), &[("token", &token)]).await;
    assert_eq!(world.codes(), ["revocation_of_another_client"]);
}

#[tokio::test]
async fn a_refresh_token_in_two_requests_at_once() {
    let world = World::start().await;
    let token = world.fresh_refresh().await;
    let shown = [REFRESH, ("refresh_token", &*token)];
    world.bank.update_knobs(|knobs| knobs.token_delay = Duration::from_millis(300).into());
    let both = async || {
        tokio::join!(
            world.post("token", Some(good()), &shown),
            world.post("token", Some(good()), &shown)
        )
    };
    let (one, other) = both().await;
    assert!(one.status.is_success() && other.status.is_success());
    assert_eq!(world.codes(), ["refresh_token_concurrent"]);

    // a client that gave up gets no answer, and may ask again
    world.bank.update_knobs(|knobs| {
        knobs.token_delay = Knob::next(1, Duration::from_hours(1));
    });
    let request = world.tpp.post(world.tls("/powerauth-webflow/oauth/token"));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let request = request.header("authorization", basic(CLIENT, SECRET)).body(form(&shown));
    let gone = request.timeout(Duration::from_millis(300)).send().await;
    assert!(gone.unwrap_err().is_timeout());
    assert!(world.asked(Some(good()), &shown).await.is_empty());
}

#[tokio::test]
async fn manners() {
    let world = World::start().await;
    let token = world.fresh_refresh().await;
    let shown = [REFRESH, ("refresh_token", &*token)];
    let doubled = [REFRESH, shown[1], shown[1]];
    assert_eq!(world.asked(Some(good()), &doubled).await, ["duplicate_parameter"]);
    let url = world.tls("/powerauth-webflow/oauth/token");
    let send = async |url: &str, name: &'static str, value: &str| {
        let request = world.tpp.post(url).header(name, value).body(form(&shown));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.header("authorization", basic(CLIENT, SECRET)).send().await.unwrap();
        world.codes()
    };
    assert_eq!(send(&url, "cookie", "a=b").await, ["cookie_sent"]);
    assert_eq!(send(&url, "origin", "https://app.example").await, ["browser_header"]);
    assert_eq!(send(&format!("{url}?x=1"), "accept", "*/*").await, ["query_at_endpoint"]);
    let secret = format!("{url}?client_secret=x");
    assert_eq!(send(&secret, "accept", "*/*").await, ["query_at_endpoint", "secret_in_url"]);
    let plain = format!("{}/powerauth-webflow/oauth/token", world.bank.front_url());
    assert_eq!(send(&plain, "accept", "*/*").await, ["no_tls"]);

    let asked = world.tls("/powerauth-webflow/oauth/check_token?token=x");
    let request = world.tpp.request(Method::GET, asked).header("authorization", good());
    request.send().await.unwrap();
    assert_eq!(world.codes(), ["other"]);
}

#[tokio::test]
async fn certificates() {
    let world = World::start().await;
    let token = world.fresh_refresh().await;
    let shown = [REFRESH, ("refresh_token", &*token)];
    let url = world.tls("/powerauth-webflow/oauth/token");
    let send = async |client: reqwest::Client| {
        let request = client.post(&url).body(form(&shown));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.header("authorization", basic(CLIENT, SECRET)).send().await.unwrap();
        world.codes()
    };
    assert_eq!(send(world.without_certificate()).await, ["certificate_missing"]);
    let roles = vec![bank_sim::Role::AccountInformation];
    let other = world.tpp_with(roles, Some("PSDCZ-CNB-87654321"));
    assert_eq!(send(other).await, ["certificate_of_another_party"]);
    world.bank.update_knobs(|knobs| knobs.require_mtls_at_token = false.into());
    assert!(send(world.without_certificate()).await.is_empty(), "it is not demanded");
}
