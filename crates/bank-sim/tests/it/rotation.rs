//! What a refresh does to the refresh token, and who can take tokens away: bank-api facts 4.4 and
//! 5.6; RFC 9700, 4.14.2.

use std::time::Duration;

use bank_sim::{Knob, Reach, Refresh};
use serde_json::Value;

use crate::browser::Browser;
use crate::world::{CALLBACK, CLIENT, OTHER, OTHER_SECRET, World, basic, query};

const REUSED: (u16, &str) = (400, "invalid_grant");

async fn with(refresh: Refresh) -> World {
    let world = World::start().await;
    world.bank.update_knobs(|knobs| knobs.refresh = refresh.into());
    world
}

fn token(tokens: &Value) -> String {
    tokens["refresh_token"].as_str().unwrap().to_owned()
}

async fn api(world: &World, tokens: &Value) -> u16 {
    world.api(tokens["access_token"].as_str().unwrap(), "/my/accounts").await.status.as_u16()
}

fn refused(answer: &crate::world::Answer) {
    assert_eq!(answer.oauth_error(), (REUSED.0, REUSED.1.to_owned()));
    assert_eq!(answer.json()["error_description"], "Invalid refresh token");
}

#[tokio::test]
async fn a_rotated_token_is_refused_and_the_new_one_lives_on() {
    let world = with(Refresh::Rotate).await;
    let first = world.connect("petr", "aisp").await;
    let second = world.refresh(&token(&first)).await.json();
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    refused(&world.refresh(&token(&first)).await);
    assert_eq!(api(&world, &first).await, 401);
    assert_eq!(api(&world, &second).await, 200);
    assert_eq!(world.refresh(&token(&second)).await.status, 200);
    assert!(world.bank.violations().iter().any(|what| what.contains("again after its rotation")));
}

#[tokio::test]
async fn reuse_kills_the_whole_family_and_nobody_elses() {
    let world = with(Refresh::RotateWithReuseDetection).await;
    let first = world.connect("petr", "aisp").await;
    let others = [world.connect("petr", "pisp").await, world.connect("jana", "aisp").await];
    let second = world.refresh(&token(&first)).await.json();
    let third = world.refresh(&token(&second)).await.json();
    let code = world.code("petr", "aisp").await;
    let other_code = world.code("petr", "pisp").await;

    // another client learns nothing and breaks nothing
    let fields = [("grant_type", "refresh_token"), ("refresh_token", &*token(&first))];
    let stranger = world.post("token", Some(basic(OTHER, OTHER_SECRET)), &fields).await;
    let not_yours = "Wrong client for this refresh token";
    assert_eq!(stranger.json()["error_description"], not_yours);
    assert_eq!(api(&world, &third).await, 200);

    // an old one of any age
    refused(&world.refresh(&token(&first)).await);
    assert_eq!(api(&world, &third).await, 401);
    refused(&world.refresh(&token(&third)).await);
    refused(&world.refresh(&token(&first)).await);
    assert_eq!(world.exchange(&code).await.oauth_error(), (400, "invalid_grant".to_owned()));
    assert_eq!(world.exchange(&other_code).await.status, 200);
    for tokens in &others {
        assert_eq!(world.refresh(&token(tokens)).await.status, 200);
    }
    // a new consent is a new family
    let fresh = world.connect("petr", "aisp").await;
    assert_eq!(api(&world, &fresh).await, 200);
    refused(&world.refresh(&token(&first)).await);
    assert_eq!(api(&world, &fresh).await, 200);
}

#[tokio::test]
async fn in_its_grace_an_old_token_yields_the_same_new_tokens() {
    let world = with(Refresh::RotateWithGrace(Duration::from_secs(30))).await;
    let first = world.connect("petr", "aisp").await;
    let second = world.refresh(&token(&first)).await.json();
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    world.clock.advance(Duration::from_secs(29));
    let again = world.refresh(&token(&first)).await.json();
    assert_eq!(again["refresh_token"], second["refresh_token"]);
    assert_eq!(again["access_token"], second["access_token"]);
    assert_eq!(again["expires_in"], 271);
    world.clock.advance(Duration::from_secs(1));
    refused(&world.refresh(&token(&first)).await);
    assert_eq!(api(&world, &second).await, 200);
    assert_eq!(world.refresh(&token(&second)).await.status, 200);
}

#[tokio::test]
async fn an_access_token_that_ended_in_the_grace_is_made_anew() {
    let world = with(Refresh::RotateWithGrace(Duration::from_hours(1))).await;
    let first = world.connect("petr", "aisp").await;
    let second = world.refresh(&token(&first)).await.json();
    world.clock.advance(Duration::from_mins(5));
    let again = world.refresh(&token(&first)).await.json();
    assert_eq!(again["refresh_token"], second["refresh_token"]);
    assert_ne!(again["access_token"], second["access_token"]);
    assert_eq!(again["expires_in"], 300);
    assert_eq!(api(&world, &again).await, 200);
}

#[tokio::test]
async fn refreshes_at_once_leave_one_family() {
    for refresh in [Refresh::Keep, Refresh::RotateWithGrace(Duration::from_secs(30))] {
        let world = with(refresh).await;
        let first = token(&world.connect("petr", "aisp").await);
        let answers = tokio::join!(
            world.refresh(&first),
            world.refresh(&first),
            world.refresh(&first),
            world.refresh(&first)
        );
        let answers = [answers.0, answers.1, answers.2, answers.3];
        assert!(answers.iter().all(|answer| answer.status == 200));
        let live = world.bank.live_tokens();
        assert_eq!(live.len(), 1);
        let named = answers.iter().map(|answer| token(&answer.json()));
        assert!(named.into_iter().all(|named| live[0].refresh_token.as_ref() == Some(&named)));
    }
}

#[tokio::test]
async fn an_application_loses_its_access_tokens_or_everything() {
    let world = World::start().await;
    let mine = world.connect("jana", "aisp").await;
    let code = world.code("petr", "aisp").await;
    let others = other_client(&world).await;

    world.bank.revoke_client(CLIENT, Reach::AccessTokens);
    assert_eq!(api(&world, &mine).await, 401);
    assert_eq!(api(&world, &others).await, 200);
    let again = world.refresh(&token(&mine)).await.json();
    assert_eq!(again["refresh_token"], mine["refresh_token"]);
    assert_eq!(api(&world, &again).await, 200);

    world.bank.revoke_client(CLIENT, Reach::Everything);
    assert_eq!(api(&world, &again).await, 401);
    refused(&world.refresh(&token(&mine)).await);
    assert_eq!(world.exchange(&code).await.status, 400);
    assert_eq!(api(&world, &others).await, 200);
}

#[tokio::test]
async fn a_person_takes_back_what_one_application_was_allowed() {
    let world = World::start().await;
    let [aisp, pisp] = [world.connect("jana", "aisp").await, world.connect("jana", "pisp").await];
    let petr = world.connect("petr", "aisp").await;
    let code = world.code("jana", "aisp").await;
    let others = other_client(&world).await;
    world.bank.revoke_consent_of("jana", CLIENT);
    assert_eq!(api(&world, &aisp).await, 401);
    refused(&world.refresh(&token(&pisp)).await);
    assert_eq!(world.exchange(&code).await.status, 400);
    assert_eq!(api(&world, &petr).await, 200);
    assert_eq!(api(&world, &others).await, 200);
    world.bank.revoke_consent("jana");
    assert_eq!(api(&world, &others).await, 401);
    assert_eq!(world.bank.live_tokens().len(), 1);
}

#[tokio::test]
async fn a_knob_for_one_person_finds_them_by_an_old_token_too() {
    let world = with(Refresh::Rotate).await;
    let first = token(&world.connect("petr", "aisp").await);
    world.refresh(&first).await;
    let rule = bank_sim::Rule::to(Refresh::RotateWithReuseDetection).user("petr");
    world.bank.update_knobs(|knobs| knobs.refresh = Knob::always(Refresh::Rotate).with(rule));
    refused(&world.refresh(&first).await);
    assert!(world.bank.live_tokens().is_empty());
}

/// Tokens of jana for the other client.
async fn other_client(world: &World) -> Value {
    let mut browser = Browser::new(world);
    browser.walk(world, "jana", &world.authorize_url("aisp").replace(CLIENT, OTHER)).await;
    let code = query(&browser.left_to, "code").unwrap();
    let fields =
        [("grant_type", "authorization_code"), ("code", &*code), ("redirect_uri", CALLBACK)];
    world.post("token", Some(basic(OTHER, OTHER_SECRET)), &fields).await.json()
}
