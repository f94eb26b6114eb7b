//! Revocation and introspection: bank-api fact 5.8.

use bank_sim::{ClientAuth, Knob};

use crate::world::{CLIENT, OTHER, OTHER_SECRET, SECRET, World, basic};

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
        assert_eq!(unknown.json()["responseObject"]["code"], "ERROR_GENERIC");
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
    let token = tokens["access_token"].as_str().unwrap();
    let authorization = || Some(basic(CLIENT, SECRET));
    let known = world.post("check_token", authorization(), &[("token", token)]).await.json();
    assert_eq!(known["user_name"], "jana");
    assert_eq!(known["scope"][0], "aisp");
    assert_eq!(known["exp"], 1_773_479_100);
    let unknown = world.post("check_token", authorization(), &[("token", "x")]).await;
    assert_eq!(unknown.oauth_error(), (400, "invalid_token".to_owned()));
}
