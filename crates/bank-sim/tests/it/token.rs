//! The token endpoint: bank-api facts 5.3, 5.6, 5.7, 5.8.

use std::time::Duration;

use bank_sim::{ClientAuth, Refresh, RefreshFailure};
use reqwest::Method;

use crate::world::{
    Answer, CALLBACK, CLIENT, OTHER, OTHER_SECRET, SECRET, World, basic, client_with, form,
};

#[tokio::test]
async fn a_code_is_good_for_one_exchange() {
    let world = World::start().await;
    let code = world.code("jana", "aisp").await;
    assert_eq!(world.exchange(&code).await.status, 200);
    let again = world.exchange(&code).await;
    assert_eq!(again.oauth_error(), (400, "invalid_grant".to_owned()));
    assert_eq!(again.json()["error_description"], "Invalid authorization code");
}

#[tokio::test]
async fn a_code_burns_even_when_a_later_check_fails() {
    let world = World::start().await;
    let code = world.code("jana", "aisp").await;
    let grant = ("grant_type", "authorization_code");
    let wrong = world.token(&[grant, ("code", &code), ("redirect_uri", "https://x/")]).await;
    assert_eq!(wrong.json()["error_description"], "Redirect URI mismatch.");
    let burnt = world.exchange(&code).await;
    assert_eq!(burnt.json()["error_description"], "Invalid authorization code");
}

#[tokio::test]
async fn codes_live_for_ever_unless_the_knob_says_otherwise() {
    let world = World::start().await;
    let code = world.code("jana", "aisp").await;
    world.clock.advance(Duration::from_hours(24));
    assert_eq!(world.exchange(&code).await.status, 200);
    world.bank.update_knobs(|knobs| knobs.code_ttl = Some(Duration::from_mins(5)).into());
    let code = world.code("jana", "aisp").await;
    world.clock.advance(Duration::from_mins(5));
    assert_eq!(world.exchange(&code).await.oauth_error(), (400, "invalid_grant".to_owned()));
}

#[tokio::test]
async fn the_code_of_another_client_is_refused() {
    let world = World::start().await;
    let code = world.code("jana", "aisp").await;
    let fields =
        [("grant_type", "authorization_code"), ("code", &*code), ("redirect_uri", CALLBACK)];
    let refused = world.post("token", Some(basic(OTHER, OTHER_SECRET)), &fields).await;
    assert_eq!(refused.oauth_error(), (401, "invalid_client".to_owned()));
    assert_eq!(refused.json()["error_description"], "Client ID mismatch");
}

#[tokio::test]
async fn the_same_user_client_and_scope_share_one_pair() {
    let world = World::start().await;
    let first = world.connect("jana", "aisp").await;
    world.clock.advance(Duration::from_secs(100));
    let second = world.connect("jana", "aisp").await;
    assert_eq!(second["access_token"], first["access_token"]);
    assert_eq!(second["refresh_token"], first["refresh_token"]);
    assert_eq!(second["expires_in"], 200);

    world.clock.advance(Duration::from_secs(201));
    let third = world.connect("jana", "aisp").await;
    assert_ne!(third["access_token"], first["access_token"]);
    assert_eq!(third["refresh_token"], first["refresh_token"]);

    let other = world.connect("jana", "pisp").await;
    assert_ne!(other["refresh_token"], first["refresh_token"]);
}

#[tokio::test]
async fn a_refresh_keeps_the_refresh_token_and_kills_the_access_token() {
    let world = World::start().await;
    let first = world.connect("jana", "aisp").await;
    let refresh_token = first["refresh_token"].as_str().unwrap();
    let second = world.refresh(refresh_token).await.json();
    assert_eq!(second["refresh_token"], refresh_token);
    assert_ne!(second["access_token"], first["access_token"]);
    let old = world.api(first["access_token"].as_str().unwrap(), "/my/accounts").await;
    assert_eq!(old.status, 401);
    let new = world.api(second["access_token"].as_str().unwrap(), "/my/accounts").await;
    assert_eq!(new.status, 200);
}

#[tokio::test]
async fn refresh_tokens_can_rotate_and_their_reuse_can_be_punished() {
    let world = World::start().await;
    for (policy, survives) in [(Refresh::Rotate, true), (Refresh::RotateWithReuseDetection, false)]
    {
        world.bank.update_knobs(|knobs| knobs.refresh = policy.into());
        let first = world.connect("petr", "aisp").await;
        let old = first["refresh_token"].as_str().unwrap();
        let second = world.refresh(old).await.json();
        let new = second["refresh_token"].as_str().unwrap().to_owned();
        assert_ne!(new, old);
        assert_eq!(world.refresh(old).await.oauth_error(), (400, "invalid_grant".to_owned()));
        assert_eq!(world.refresh(&new).await.status.is_success(), survives);
        world.bank.revoke_consent("petr");
    }
}

#[tokio::test]
async fn refresh_tokens_can_be_missing() {
    let world = World::start().await;
    world.bank.update_knobs(|knobs| knobs.refresh = Refresh::None.into());
    assert!(world.connect("jana", "aisp").await.get("refresh_token").is_none());
    assert_eq!(world.refresh("any").await.oauth_error(), (401, "invalid_client".to_owned()));
}

#[tokio::test]
async fn refreshes_fail_as_told() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    let failing = |failure: RefreshFailure| {
        world.bank.update_knobs(|knobs| knobs.refresh_failure = bank_sim::Knob::next(1, failure));
    };
    failing(RefreshFailure::InvalidClient);
    let refused = world.refresh(refresh_token).await;
    assert_eq!(refused.oauth_error(), (401, "invalid_client".to_owned()));
    assert_eq!(world.refresh(refresh_token).await.status, 200);
    failing(RefreshFailure::InvalidGrant);
    let refused = world.refresh(refresh_token).await;
    assert_eq!(refused.oauth_error(), (400, "invalid_grant".to_owned()));
    assert_eq!(world.refresh(refresh_token).await.status, 400);
    assert!(world.bank.live_tokens().is_empty());
}

#[tokio::test]
async fn an_expired_refresh_token_is_an_invalid_token() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    world.clock.advance(Duration::from_hours(365 * 24));
    let refused = world.refresh(tokens["refresh_token"].as_str().unwrap()).await;
    assert_eq!(refused.oauth_error(), (401, "invalid_token".to_owned()));
}

/// Client authentication, fields, and the expected status, error and description.
type Row<'a> = (Option<String>, &'a [(&'a str, &'a str)], u16, &'a str, &'a str);

const CODE: (&str, &str) = ("grant_type", "authorization_code");
const REFRESH: (&str, &str) = ("grant_type", "refresh_token");

async fn check_rows(world: &World, rows: &[Row<'_>]) {
    for (authorization, fields, status, error, description) in rows {
        let answer = world.post("token", authorization.clone(), fields).await;
        assert_eq!(answer.oauth_error(), (*status, (*error).to_owned()), "{fields:?}");
        assert_eq!(answer.json()["error_description"], *description);
        assert_eq!(*status == 401, answer.headers.contains_key("www-authenticate"));
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn client_errors_are_those_of_the_table() {
    let world = World::start().await;
    let bad = "Bad client credentials";
    let full = "Full authentication is required to access this resource";
    let other = "Given client ID does not match authenticated client";
    let (mine, wrong) = (("client_id", CLIENT), ("client_secret", "x"));
    let good = Some(basic(CLIENT, SECRET));
    let rows: [Row<'_>; 4] = [
        (None, &[CODE], 401, "unauthorized", full),
        (None, &[CODE, mine, wrong], 401, "invalid_client", bad),
        (None, &[CODE, ("client_id", "nobody"), wrong], 401, "invalid_client", bad),
        (good, &[CODE, ("client_id", OTHER)], 401, "invalid_client", other),
    ];
    check_rows(&world, &rows).await;
    let form = world.post("token", None, &[CODE, mine, wrong]).await;
    assert!(form.header("www-authenticate").starts_with("Form realm=\"oauth2/client\""));
    let wrong = world.post("token", Some(basic(CLIENT, "x")), &[CODE]).await;
    assert_eq!(wrong.status, 401);
    assert_eq!(wrong.header("www-authenticate"), "Basic realm=\"oauth2/client\"");
}

#[tokio::test]
async fn grant_errors_are_those_of_the_table() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = ("refresh_token", tokens["refresh_token"].as_str().unwrap());
    let good = || Some(basic(CLIENT, SECRET));
    let other = || Some(basic(OTHER, OTHER_SECRET));
    let no_grant = "Missing grant type";
    let no_such = "Unauthorized grant type: client_credentials";
    let unknown = "Unsupported grant type: magic";
    let no_code = "An authorization code must be supplied.";
    let bad_code = "Invalid authorization code";
    let no_token = "refresh_token parameter not provided";
    let bad_token = "Invalid refresh token";
    let not_yours = "Wrong client for this refresh token";
    let wider = "Unable to narrow the scope of the client authentication";
    let rows: [Row<'_>; 10] = [
        (good(), &[], 400, "invalid_request", no_grant),
        (good(), &[("grant_type", "client_credentials")], 401, "invalid_client", no_such),
        (good(), &[("grant_type", "magic")], 400, "unsupported_grant_type", unknown),
        (good(), &[CODE], 400, "invalid_request", no_code),
        (good(), &[CODE, ("code", "nope42")], 400, "invalid_grant", bad_code),
        (good(), &[REFRESH], 400, "invalid_request", no_token),
        (good(), &[REFRESH, ("refresh_token", "x")], 400, "invalid_grant", bad_token),
        (other(), &[REFRESH, token], 400, "invalid_grant", not_yours),
        (other(), &[REFRESH, token, ("scope", "pisp")], 400, "invalid_grant", not_yours),
        (good(), &[REFRESH, token, ("scope", "aisp pisp")], 400, "invalid_scope", wider),
    ];
    check_rows(&world, &rows).await;
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(world.api(access, "/my/accounts").await.status, 200, "no refusal costs a token");
    let narrowed = world.token(&[REFRESH, token, ("scope", "aisp")]).await;
    assert_eq!(narrowed.status, 200);
}

#[tokio::test]
async fn only_post_is_a_token_request() {
    let world = World::start().await;
    let url = world.tls("/powerauth-webflow/oauth/token?grant_type=refresh_token");
    let answer = Answer::read(world.tpp.request(Method::GET, url).send().await.unwrap()).await;
    assert_eq!(answer.oauth_error(), (405, "method_not_allowed".to_owned()));
}

#[tokio::test]
async fn form_credentials_work_unless_the_knob_forbids_them() {
    let world = World::start().await;
    let exchange = async || {
        let code = world.code("jana", "aisp").await;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", &*code),
            ("redirect_uri", CALLBACK),
            ("client_id", CLIENT),
            ("client_secret", SECRET),
        ];
        world.post("token", None, &fields).await.status.as_u16()
    };
    assert_eq!(exchange().await, 200);
    world.bank.update_knobs(|knobs| knobs.client_auth = ClientAuth::Basic.into());
    assert_eq!(exchange().await, 401);
    world.bank.update_knobs(|knobs| knobs.client_auth = ClientAuth::Post.into());
    assert_eq!(exchange().await, 200);
    let code = world.code("jana", "aisp").await;
    assert_eq!(world.exchange(&code).await.status, 401);
}

#[tokio::test]
async fn tokens_are_only_for_the_licensed_certificate() {
    let world = World::start().await;
    let url = world.tls("/powerauth-webflow/oauth/token");
    let fields = [("grant_type", "refresh_token"), ("refresh_token", "x")];
    let role = vec![bank_sim::Role::AccountInformation];
    let strangers = [
        world.without_certificate(),
        world.tpp_with(role.clone(), Some("PSDCZ-CNB-87654321")),
        world.tpp_with(role, None),
    ];
    for stranger in strangers {
        let request = stranger.post(&url).body(form(&fields));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let request = request.header("authorization", basic(CLIENT, SECRET));
        let answer = Answer::read(request.send().await.unwrap()).await;
        assert_eq!(answer.oauth_error(), (401, "invalid_client".to_owned()));
    }
    let front = format!("{}/powerauth-webflow/oauth/token", world.bank.front_url());
    let plain = client_with(&world.bank, None);
    let plain = plain.post(front).header("authorization", basic(CLIENT, SECRET)).send().await;
    assert_eq!(plain.unwrap().status(), 401);

    world.bank.update_knobs(|knobs| knobs.require_mtls_at_token = false.into());
    let request = world.without_certificate().post(&url).body(form(&fields));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let request = request.header("authorization", basic(CLIENT, SECRET));
    assert_eq!(request.send().await.unwrap().status(), 400);
}
