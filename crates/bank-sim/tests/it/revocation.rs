//! Revocation and introspection: bank-api fact 5.8.

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
