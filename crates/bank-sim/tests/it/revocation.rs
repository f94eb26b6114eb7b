//! Revocation and introspection: bank-api fact 5.8.

use std::time::Duration;

use bank_sim::{ClientAuth, Knob};
use serde_json::json;

use crate::world::{Answer, CLIENT, OTHER, OTHER_SECRET, SECRET, World, basic, form};

#[tokio::test]
async fn revoking_either_token_removes_both() {
    let world = World::start().await;
    for name in ["access_token", "refresh_token"] {
        let tokens = world.connect("jana", "aisp").await;
        let token = tokens[name].as_str().unwrap();
        let revoke = async |authorization| {
            world.post("token/revoke", authorization, &[("token", token)]).await
        };
        assert_eq!(revoke(None).await.status, 401);
        assert_eq!(revoke(Some(basic(OTHER, OTHER_SECRET))).await.status, 400);
        let done = revoke(Some(basic(CLIENT, SECRET))).await;
        assert_eq!((done.status.as_u16(), &*done.text), (200, ""));
        assert!(world.bank.live_tokens().is_empty());
        let unknown = revoke(Some(basic(CLIENT, SECRET))).await;
        assert_eq!(unknown.status, 400);
        let response = json!({ "code": "ERROR_GENERIC", "message": "Token revocation failed" });
        assert_eq!(unknown.json(), json!({ "status": "ERROR", "responseObject": response }));
    }
}

#[tokio::test]
async fn revocation_takes_basic_only_whatever_the_token_endpoint_takes() {
    let world = World::start().await;
    for accepted in [ClientAuth::Both, ClientAuth::Basic, ClientAuth::Post] {
        world.bank.update_knobs(|knobs| knobs.client_auth = ClientAuth::Both.into());
        let tokens = world.connect("jana", "aisp").await;
        world.bank.update_knobs(|knobs| knobs.client_auth = accepted.into());
        let token = ("token", tokens["refresh_token"].as_str().unwrap());
        let by_form = [token, ("client_id", CLIENT), ("client_secret", SECRET)];
        let refused = world.post("token/revoke", None, &by_form).await;
        assert_eq!(refused.status, 401, "{accepted:?}");
        assert_eq!(refused.header("www-authenticate"), "Basic realm=\"oauth2/client\"");
        let done = world.post("token/revoke", Some(basic(CLIENT, SECRET)), &[token]).await;
        assert_eq!(done.status, 200, "{accepted:?}");
    }
}

#[tokio::test]
async fn passing_positions_of_the_token_endpoint_wait_for_the_token_endpoint() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let [access, refresh] = ["access_token", "refresh_token"].map(|name| tokens[name].as_str());
    world.bank.update_knobs(|knobs| {
        knobs.client_auth = Knob::next(1, ClientAuth::Post);
        knobs.require_mtls_at_token = Knob::next(1, false).then(true);
    });
    let authorization = || Some(basic(CLIENT, SECRET));
    let token = [("token", access.unwrap())];
    assert_eq!(world.post("check_token", authorization(), &token).await.status, 200);
    let by_form = [token[0], ("client_id", CLIENT), ("client_secret", SECRET)];
    assert_eq!(world.post("check_token", None, &by_form).await.status, 200);
    let unknown = [("token", "x")];
    assert_eq!(world.post("token/revoke", authorization(), &unknown).await.status, 400);
    let bare = world.without_certificate().post(world.tls("/powerauth-webflow/oauth/token/revoke"));
    let bare = bare.header("authorization", basic(CLIENT, SECRET)).send().await.unwrap();
    assert_eq!(bare.status(), 401, "the lasting position holds");

    assert_eq!(world.bank.knobs().client_auth.position(), &ClientAuth::Post);
    assert!(!world.bank.knobs().require_mtls_at_token.position());
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", refresh.unwrap())];
    assert_eq!(world.post("token", authorization(), &refresh).await.status, 401, "here it is met");
    assert_eq!(world.post("token", authorization(), &refresh).await.status, 200);
}

#[tokio::test]
async fn introspection_tells_user_scope_and_end() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = ("token", tokens["access_token"].as_str().unwrap());
    let expected = json!({
        "active": true, "exp": 1_773_479_100, "user_name": "jana", "scope": ["aisp"],
        "client_id": CLIENT, "language": "cs", "sca": true, "organization_id": "DEFAULT",
    });
    let credentials = [("client_id", CLIENT), ("client_secret", SECRET)];
    let by_form = [&[token], &credentials[..]].concat();
    let good = || Some(basic(CLIENT, SECRET));
    let query = format!("check_token?{}", form(&[token]));
    let with_secret = format!("check_token?{}", form(&by_form));
    let answers = [
        world.post("check_token", good(), &[token]).await,
        world.post("check_token", None, &by_form).await,
        world.post(&query, good(), &[]).await,
        world.post(&query, None, &credentials).await,
        get(&world, &query, good()).await,
        get(&world, &with_secret, None).await,
    ];
    for answer in answers {
        assert_eq!((answer.status.as_u16(), answer.json()), (200, expected.clone()));
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("content-type"), "application/json;charset=UTF-8");
    }
    assert_eq!(get(&world, &query, None).await.oauth_error(), (401, "unauthorized".to_owned()));

    let refused = async |token: &str| {
        let answer = world.post("check_token", good(), &[("token", token)]).await;
        assert_eq!(answer.oauth_error(), (400, "invalid_token".to_owned()));
        answer.json()["error_description"].as_str().unwrap().to_owned()
    };
    assert_eq!(refused("x").await, "Token was not recognised");
    let refresh = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(refused(refresh).await, "Token was not recognised");
    world.clock.advance(Duration::from_mins(5));
    assert_eq!(refused(token.1).await, "Token has expired");
}

async fn get(world: &World, path: &str, authorization: Option<String>) -> Answer {
    let mut request = world.tpp.get(world.tls(&format!("/powerauth-webflow/oauth/{path}")));
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    Answer::read(request.send().await.unwrap()).await
}
