//! The table of bank-api fact 5.7, row by row: status, error, description, challenge.

use std::time::Duration;

use reqwest::Method;

use crate::world::{Answer, CLIENT, OTHER, OTHER_SECRET, SECRET, World, basic};

/// Client authentication, fields, and the expected status, error and description.
type Row<'a> = (Option<String>, &'a [(&'a str, &'a str)], u16, &'a str, &'a str);

const CODE: (&str, &str) = ("grant_type", "authorization_code");
const REFRESH: (&str, &str) = ("grant_type", "refresh_token");

/// `scheme` is that of the challenge on a 401.
async fn check_rows(world: &World, endpoint: &str, scheme: &str, rows: &[Row<'_>]) {
    for (authorization, fields, status, error, description) in rows {
        let answer = world.post(endpoint, authorization.clone(), fields).await;
        assert_eq!(answer.oauth_error(), (*status, (*error).to_owned()), "{fields:?}");
        assert_eq!(answer.json()["error_description"], *description);
        let summary = format!("error=\"{error}\", error_description=\"{description}\"");
        let challenge = if *status == 401 { format!("{scheme}{summary}") } else { String::new() };
        assert_eq!(answer.header("www-authenticate"), challenge);
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("pragma"), "no-cache");
        assert_eq!(answer.header("content-type"), "application/json;charset=UTF-8");
    }
}

#[tokio::test]
async fn credentials_in_the_form() {
    let world = World::start().await;
    let bad = "Bad client credentials";
    let (mine, wrong) = (("client_id", CLIENT), ("client_secret", "x"));
    let rows: [Row<'_>; 3] = [
        (None, &[CODE, mine, wrong], 401, "invalid_client", bad),
        (None, &[CODE, mine], 401, "invalid_client", bad),
        (None, &[CODE, ("client_id", "nobody"), wrong], 401, "invalid_client", bad),
    ];
    for endpoint in ["token", "check_token"] {
        check_rows(&world, endpoint, "Form realm=\"oauth2/client\", ", &rows).await;
    }
}

#[tokio::test]
async fn no_credentials_and_two_clients() {
    let world = World::start().await;
    let full = "Full authentication is required to access this resource";
    let other = "Given client ID does not match authenticated client";
    let good = Some(basic(CLIENT, SECRET));
    let rows: [Row<'_>; 2] = [
        (None, &[CODE], 401, "unauthorized", full),
        (good, &[CODE, ("client_id", OTHER)], 401, "invalid_client", other),
    ];
    for endpoint in ["token", "check_token"] {
        check_rows(&world, endpoint, "Bearer ", &rows).await;
    }
}

#[tokio::test]
async fn bad_basic_gets_the_answer_of_the_entry_point() {
    let world = World::start().await;
    let unreadable = ["Basic ?", "Basic bm9jb2xvbg=="].map(ToOwned::to_owned);
    let wrong = [basic(CLIENT, "x"), basic("nobody", SECRET)];
    for authorization in unreadable.into_iter().chain(wrong) {
        for endpoint in ["token", "check_token", "token/revoke"] {
            let answer = world.post(endpoint, Some(authorization.clone()), &[CODE]).await;
            assert_eq!(answer.status, 401, "{authorization}");
            assert_eq!(answer.header("www-authenticate"), "Basic realm=\"oauth2/client\"");
            assert_eq!(answer.json()["error"], "Unauthorized");
            assert!(answer.json().get("error_description").is_none());
        }
    }
}

#[tokio::test]
async fn grants() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = ("refresh_token", tokens["refresh_token"].as_str().unwrap());
    let good = || Some(basic(CLIENT, SECRET));
    let other = || Some(basic(OTHER, OTHER_SECRET));
    let no_such = "Unauthorized grant type: client_credentials";
    let unknown = "Unsupported grant type: magic";
    let no_code = "An authorization code must be supplied.";
    let bad_code = "Invalid authorization code";
    let no_token = "refresh_token parameter not provided";
    let bad_token = "Invalid refresh token";
    let not_yours = "Wrong client for this refresh token";
    let wider = "Unable to narrow the scope of the client authentication";
    let rows: [Row<'_>; 11] = [
        (good(), &[], 400, "invalid_request", "Missing grant type"),
        (good(), &[("grant_type", "")], 400, "invalid_request", "Missing grant type"),
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
    check_rows(&world, "token", "Bearer ", &rows).await;
    let wider = [REFRESH, token, ("scope", "pisp")];
    assert_eq!(world.token(&wider).await.json()["scope"], "aisp", "the scope that would be right");
    let access = tokens["access_token"].as_str().unwrap();
    assert_eq!(world.api(access, "/my/accounts").await.status, 200, "no refusal costs a token");
    let narrowed = world.token(&[REFRESH, token, ("scope", "aisp")]).await;
    assert_eq!(narrowed.status, 200);

    world.clock.advance(Duration::from_hours(365 * 24));
    let over = "Invalid refresh token (expired)";
    let rows: [Row<'_>; 2] = [
        (good(), &[REFRESH, token], 401, "invalid_token", over),
        (good(), &[REFRESH, token], 400, "invalid_grant", bad_token),
    ];
    check_rows(&world, "token", "Bearer ", &rows).await;
}

#[tokio::test]
async fn codes() {
    let world = World::start().await;
    let good = || Some(basic(CLIENT, SECRET));
    let other = Some(basic(OTHER, OTHER_SECRET));
    let code = world.code("jana", "aisp").await;
    let stolen = world.code("jana", "aisp").await;
    let (code, stolen) = (("code", &*code), ("code", &*stolen));
    let uri = ("redirect_uri", crate::world::CALLBACK);
    let mismatch = "Redirect URI mismatch.";
    let rows: [Row<'_>; 3] = [
        (good(), &[CODE, code, ("redirect_uri", "x")], 400, "invalid_grant", mismatch),
        (good(), &[CODE, code, uri], 400, "invalid_grant", "Invalid authorization code"),
        (other, &[CODE, stolen, uri], 401, "invalid_client", "Client ID mismatch"),
    ];
    check_rows(&world, "token", "Bearer ", &rows).await;
    // a scope is of no account here
    let code = world.code("jana", "aisp").await;
    let tokens = world.token(&[CODE, ("code", &code), uri, ("scope", "pisp")]).await;
    assert_eq!((tokens.status.as_u16(), &tokens.json()["scope"]), (200, &"aisp".into()));
}

#[tokio::test]
async fn only_post_is_a_token_request() {
    let world = World::start().await;
    let url = world.tls("/powerauth-webflow/oauth/token?grant_type=refresh_token");
    for method in [Method::GET, Method::PUT, Method::DELETE] {
        let request = world.tpp.request(method.clone(), &url);
        let answer = Answer::read(request.send().await.unwrap()).await;
        assert_eq!(answer.oauth_error(), (405, "method_not_allowed".to_owned()));
        let description = format!("Request method '{method}' not supported");
        assert_eq!(answer.json()["error_description"], description);
        assert_eq!(answer.header("allow"), "POST");
    }
}

#[tokio::test]
async fn the_key_of_tokens_is_nobodys() {
    let world = World::start().await;
    for authorization in [None, Some(basic(CLIENT, SECRET))] {
        let answer = world.post("token_key", authorization, &[]).await;
        assert_eq!(answer.oauth_error(), (403, "access_denied".to_owned()));
        assert_eq!(answer.json()["error_description"], "Access is denied");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    let url = world.tls("/powerauth-webflow/oauth/token_key");
    assert_eq!(world.tpp.get(url).send().await.unwrap().status(), 403);
}
