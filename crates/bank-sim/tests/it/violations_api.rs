//! Breaches of API calls, one at a time.

use std::time::Duration;

use bank_sim::Role;
use reqwest::{Method, Request};

use crate::world::{LICENCE, World, http_date, request_id};

impl World {
    /// The codes that a call provokes which is good but for `change`.
    async fn breaches(&self, token: &str, change: impl FnOnce(&mut Request)) -> Vec<&'static str> {
        let request = self.request(&self.tpp, "/my/accounts").bearer_auth(token);
        let mut request = request.build().unwrap();
        change(&mut request);
        self.tpp.execute(request).await.unwrap();
        self.codes()
    }

    async fn with_header(&self, token: &str, name: &'static str, value: &str) -> Vec<&'static str> {
        self.breaches(token, |request| {
            request.headers_mut().insert(name, value.parse().unwrap());
        })
        .await
    }
}

#[tokio::test]
async fn headers() {
    let world = World::start().await;
    let tokens = world.good_tokens().await;
    let token = tokens["access_token"].as_str().unwrap();
    assert!(world.breaches(token, |_| {}).await.is_empty());
    let late = http_date(world.clock.now() + Duration::from_mins(6));
    for (name, value, code) in [
        ("cookie", "a=b", "cookie_sent"),
        ("origin", "https://app.example", "browser_header"),
        ("referer", "https://app.example/", "browser_header"),
        ("sec-fetch-site", "cross-site", "browser_header"),
        ("x-client-certificate", "x", "proxy_header"),
        ("x-forwarded-for", "192.0.2.7", "proxy_header"),
        ("forwarded", "for=192.0.2.7", "proxy_header"),
        ("via", "1.1 proxy", "proxy_header"),
        ("x-request-id", "00000000000040008000000000000001-list", "request_id_malformed"),
        ("date", "today", "date_malformed"),
        ("date", &late, "date_not_current"),
        ("user-ip-address", "192.0.2.300", "user_ip_address_malformed"),
        ("user-involved", "false", "user_ip_address_without_user"),
    ] {
        assert_eq!(world.with_header(token, name, value).await, [code], "{name}: {value}");
    }
    for (name, code) in [("x-request-id", "request_id_malformed"), ("date", "date_malformed")] {
        let remove = |request: &mut Request| drop(request.headers_mut().remove(name));
        assert_eq!(world.breaches(token, remove).await, [code]);
        world.bank.update_knobs(|knobs| knobs.strict_headers = false.into());
        assert!(world.breaches(token, remove).await.is_empty(), "{name} is not demanded");
        world.bank.update_knobs(|knobs| knobs.strict_headers = true.into());
    }
    let id = request_id();
    assert!(world.with_header(token, "x-request-id", &id).await.is_empty());
    assert_eq!(world.with_header(token, "x-request-id", &id).await, ["request_id_reused"]);
}

#[tokio::test]
async fn tokens_and_parameters() {
    let world = World::start().await;
    let tokens = world.good_tokens().await;
    let token = tokens["access_token"].as_str().unwrap();
    let with_query = async |query: &str| {
        world.breaches(token, |request| request.url_mut().set_query(Some(query))).await
    };
    let query = format!("access_token={token}");
    assert_eq!(with_query(&query).await, ["access_token_in_query"]);
    assert_eq!(with_query("size=1&size=2").await, ["duplicate_parameter"]);
    assert_eq!(with_query("client_secret=x").await, ["secret_in_url"]);
    let in_body = |request: &mut Request| {
        *request.method_mut() = Method::POST;
        *request.body_mut() = Some(format!("{{\"token\":\"{token}\"}}").into());
    };
    assert_eq!(world.breaches(token, in_body).await, ["access_token_in_body"]);
    let as_form = |request: &mut Request| {
        *request.method_mut() = Method::POST;
        let media = "application/x-www-form-urlencoded".parse().unwrap();
        request.headers_mut().insert("content-type", media);
        *request.body_mut() = Some("access_token=x".into());
    };
    assert_eq!(world.breaches(token, as_form).await, ["access_token_in_body"]);
}

#[tokio::test]
async fn certificates() {
    let world = World::start().await;
    let tokens = world.good_tokens().await;
    let token = tokens["access_token"].as_str().unwrap();
    let bare = world.without_certificate();
    world.request(&bare, "/my/accounts").bearer_auth(token).send().await.unwrap();
    assert_eq!(world.codes(), ["certificate_missing"]);
    let roles = vec![Role::AccountInformation];
    let other = world.tpp_with(roles.clone(), Some("PSDCZ-CNB-87654321"));
    world.request(&other, "/my/accounts").bearer_auth(token).send().await.unwrap();
    assert_eq!(world.codes(), ["certificate_of_another_party"]);
    let good = world.tpp_with(roles, Some(LICENCE));
    world.request(&good, "/my/accounts").bearer_auth(token).send().await.unwrap();
    assert!(world.codes().is_empty());

    let front = format!("{}/psd2-cobs/cobs/2.0/my/accounts", world.bank.front_url());
    let request = world.request(&bare, "/my/accounts").build().unwrap();
    let plain = bare.get(front).headers(request.headers().clone());
    plain.send().await.unwrap();
    assert_eq!(world.codes(), ["no_tls"]);
}
