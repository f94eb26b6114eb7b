//! The token endpoint: bank-api facts 5.3, 5.6, 5.7, 5.8.

use std::time::Duration;

use crate::world::{
    Answer, CALLBACK, CLIENT, OTHER, OTHER_SECRET, SECRET, World, basic, client_with, form,
};
use bank_sim::{ClientAuth, Pkce, Refresh, RefreshFailure};

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
async fn a_code_burns_whatever_later_check_fails() {
    let world = World::start().await;
    world.bank.update_knobs(|knobs| knobs.pkce = Pkce::Enforced.into());
    let mine = || Some(basic(CLIENT, SECRET));
    let verifier = ("code_verifier", "verifier-verifier-verifier-verifier-verifier-00");
    let wrong = ("code_verifier", "another-another-another-another-another-another");
    let (uri, other) = (("redirect_uri", CALLBACK), ("redirect_uri", "https://x/"));
    let stranger = Some(basic(OTHER, OTHER_SECRET));
    let cases = [
        (mine(), vec![other, verifier], "Redirect URI mismatch."),
        (mine(), vec![verifier], "Redirect URI mismatch."),
        (stranger, vec![uri, verifier], "Client ID mismatch"),
        (mine(), vec![uri, wrong], "Invalid code verifier"),
        (mine(), vec![uri], "Invalid code verifier"),
    ];
    for (client, fields, refused) in cases {
        let code = world.code("jana", "aisp").await;
        let fields = [&[("grant_type", "authorization_code"), ("code", &*code)], &*fields].concat();
        let answer = world.post("token", client, &fields).await;
        assert_eq!(answer.json()["error_description"], refused);
        let burnt = world.exchange(&code).await;
        assert_eq!(burnt.json()["error_description"], "Invalid authorization code", "{refused}");
    }
    // an expired one as well, should the bank then let codes live longer
    world.bank.update_knobs(|knobs| knobs.code_ttl = Some(Duration::from_mins(1)).into());
    let code = world.code("jana", "aisp").await;
    world.clock.advance(Duration::from_mins(1));
    assert_eq!(world.exchange(&code).await.status, 400);
    world.bank.update_knobs(|knobs| knobs.code_ttl = None.into());
    assert_eq!(world.exchange(&code).await.status, 400);
    assert!(world.bank.live_tokens().is_empty());
}

#[tokio::test]
async fn a_client_that_is_not_known_does_not_burn_a_code() {
    let world = World::start().await;
    let code = world.code("jana", "aisp").await;
    let fields = [("grant_type", "authorization_code"), ("code", &*code)];
    let refused = world.post("token", Some(basic(CLIENT, "x")), &fields).await;
    assert_eq!(refused.status, 401);
    assert_eq!(world.exchange(&code).await.status, 200);
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

    world.clock.advance(Duration::from_hours(365 * 24));
    let fourth = world.connect("jana", "aisp").await;
    assert_ne!(fourth["refresh_token"], first["refresh_token"], "it had expired");
    assert_eq!(fourth["expires_in"], 300);
    assert_eq!(world.bank.live_tokens().len(), 1);
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
