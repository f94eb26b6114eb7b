//! Who may call the API, and in what form: bank-api facts 6, 7.1 and 8, and the breaches that the
//! bank notes.

use std::time::Duration;

use bank_sim::{Knob, NoScope, Role, Rule};
use reqwest::Method;

use crate::world::{Answer, LICENCE, World, certificate, client_with, http_date, request_id};

#[tokio::test]
async fn a_certificate_without_the_role_is_refused() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    let (ai, pi) = (Role::AccountInformation, Role::PaymentInitiation);
    let cases = [
        (vec![ai], Some(LICENCE), 200),
        (vec![ai, pi], Some(LICENCE), 200),
        (vec![pi], Some(LICENCE), 403),
        (vec![Role::CardInstruments], Some(LICENCE), 403),
        (vec![], Some(LICENCE), 403),
        (vec![ai], None, 403),
        (vec![ai], Some("PSDCZ-CNB-87654321"), 403),
    ];
    for (roles, licence, status) in cases {
        let tpp = world.tpp_with(roles.clone(), licence);
        let request = world.request(&tpp, "/my/accounts").bearer_auth(token);
        let answer = Answer::read(request.send().await.unwrap()).await;
        assert_eq!(answer.status.as_u16(), status, "{roles:?} {licence:?}");
        if status == 403 {
            assert_eq!(answer.error().1, "FORBIDDEN");
        }
    }
    let bare = world.without_certificate();
    let request = world.request(&bare, "/my/accounts").bearer_auth(token);
    let answer = Answer::read(request.send().await.unwrap()).await;
    assert_eq!(answer.error(), (401, "UNAUTHORISED".to_owned(), String::new()));

    let front = format!("{}/psd2-cobs/cobs/2.0/my/accounts", world.bank.front_url());
    assert_eq!(bare.get(front).bearer_auth(token).send().await.unwrap().status(), 401);
}

/// Bank-api fact 7.4, at the door of the real certificates.
#[tokio::test]
async fn refusals_may_be_worded_otherwise() {
    let world = World::start().await;
    let tokens = world.connect("jana", "pisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    world.bank.update_knobs(|knobs| {
        knobs.no_psd_status = Knob::next(1, 401).then(403);
        knobs.no_scope = Knob::always(NoScope::default())
            .with(Rule::to(NoScope::Spring).times(1).user("jana"))
            .with(Rule::to(NoScope::Unauthorised).times(1).user("petr"));
    });
    let bare = world.tpp_with(vec![], None);
    for status in [401, 403] {
        let request = world.request(&bare, "/my/accounts").bearer_auth(token);
        assert_eq!(request.send().await.unwrap().status(), status);
    }
    let refused = world.request(&world.tpp, "/my/accounts").bearer_auth(token).send().await;
    let refused = Answer::raw(refused.unwrap()).await;
    assert_eq!(refused.oauth_error(), (403, "insufficient_scope".to_owned()));
    assert_eq!(world.api(token, "/my/accounts").await.error().1, "FORBIDDEN");
}

#[tokio::test]
async fn foreign_and_expired_certificates_fail_in_the_handshake() {
    let world = World::start().await;
    let request = || certificate(vec![Role::AccountInformation], Some(LICENCE));
    let pki = world.bank.pki();
    for identity in [pki.issue_untrusted(request()), pki.issue_expired(request())] {
        let tpp = client_with(&world.bank, Some(&identity));
        let answer = world.request(&tpp, "/my/accounts").bearer_auth("x").send().await;
        assert!(answer.is_err(), "{answer:?}");
    }
    assert!(world.bank.requests().is_empty());
}

#[tokio::test]
async fn tokens_are_checked_in_order() {
    let world = World::start().await;
    let payments = world.connect("jana", "pisp").await;
    let accounts = world.connect("jana", "aisp").await;
    let payments = payments["access_token"].as_str().unwrap();
    let accounts = accounts["access_token"].as_str().unwrap();
    let unauthorised = (401, "UNAUTHORISED".to_owned(), String::new());
    let forbidden = (403, "FORBIDDEN".to_owned(), String::new());
    assert_eq!(world.api("unknown", "/my/accounts").await.error(), unauthorised);
    assert_eq!(world.api(payments, "/my/accounts").await.error(), forbidden);
    let bare = world.request(&world.tpp, "/my/accounts").send().await.unwrap();
    assert_eq!(Answer::read(bare).await.error(), unauthorised);
    let scheme = world.request(&world.tpp, "/my/accounts").header("authorization", "Basic eA==");
    assert_eq!(Answer::read(scheme.send().await.unwrap()).await.error(), unauthorised);

    world.clock.advance(Duration::from_mins(5));
    assert_eq!(world.api(accounts, "/my/accounts").await.error(), unauthorised);
    world.bank.update_knobs(|knobs| knobs.expired_status = 403.into());
    assert_eq!(world.api(accounts, "/my/accounts").await.error(), forbidden);
}

#[tokio::test]
async fn who_calls_is_asked_before_what_for() {
    let world = World::start().await;
    let unauthorised = (401, "UNAUTHORISED".to_owned(), String::new());
    let bare = world.request(&world.without_certificate(), "/my/cards").send().await.unwrap();
    assert_eq!(Answer::read(bare).await.error(), unauthorised);
    assert_eq!(world.api("unknown", "/my/cards").await.error(), unauthorised);
    let tokens = world.connect("jana", "pisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(world.api(token, "/my/cards").await.error().1, "NOT_FOUND");
    assert_eq!(world.api(token, "/my/accounts").await.error().1, "FORBIDDEN");
}

#[tokio::test]
async fn another_base_address_is_not_found() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(world.api(token, "/my/accounts").await.status, 200);
    for path in ["my/accounts", "//my/accounts", "/my//accounts", "/my/accounts/"] {
        let answer = world.api(token, path).await;
        assert_eq!(answer.error(), (404, "NOT_FOUND".to_owned(), String::new()), "{path}");
    }
}

#[tokio::test]
async fn a_certificate_is_good_for_two_years_of_the_banks_time() {
    let world = World::start().await;
    let role = vec![Role::AccountInformation];
    world.clock.advance(Duration::from_hours(729 * 24));
    let tpp = world.tpp_with(role.clone(), Some(LICENCE));
    assert_eq!(world.request(&tpp, "/my/accounts").send().await.unwrap().status(), 401);
    world.clock.advance(Duration::from_hours(2 * 24));
    let tpp = world.tpp_with(role, Some(LICENCE));
    assert!(world.request(&tpp, "/my/accounts").send().await.is_err());
}

#[tokio::test]
async fn a_withdrawn_consent_ends_the_token() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    world.bank.revoke_consent("petr");
    assert_eq!(world.api(token, "/my/accounts").await.status, 200);
    world.bank.revoke_consent("jana");
    assert_eq!(world.api(token, "/my/accounts").await.status, 401);
    assert_eq!(world.refresh(tokens["refresh_token"].as_str().unwrap()).await.status, 400);
}

/// Headers that the bank takes as they are.
fn good_headers(world: &World) -> Vec<(&'static str, String)> {
    vec![
        ("Content-Type", "application/json".to_owned()),
        ("X-Request-ID", request_id()),
        ("Date", http_date(world.clock.now())),
        ("User-Involved", "true".to_owned()),
        ("TPP-Name", "Ukázka".to_owned()),
    ]
}

/// The good headers with `value` for `name`.
fn headers_with(world: &World, name: &'static str, value: &str) -> Vec<(&'static str, String)> {
    let mut headers = good_headers(world);
    headers.retain(|(known, _)| *known != name);
    headers.push((name, value.to_owned()));
    headers
}

async fn send_headers(world: &World, token: &str, headers: &[(&str, String)]) -> Answer {
    let mut request =
        world.tpp.get(world.tls("/psd2-cobs/cobs/2.0/my/accounts")).bearer_auth(token);
    for (name, value) in headers {
        request = request.header(*name, value.as_bytes());
    }
    Answer::read(request.send().await.unwrap()).await
}

#[tokio::test]
async fn headers_are_demanded_and_echoed() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    let good = good_headers(&world);
    let with_action = [good.as_slice(), &[("Action-ID", "list-1".to_owned())]].concat();
    let answer = send_headers(&world, token, &with_action).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("x-request-id"), good[1].1);
    assert_eq!(answer.header("action-id"), "list-1");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("content-language"), "cs");

    for at in 0..good.len() {
        let mut fewer = good.clone();
        let (name, _) = fewer.remove(at);
        let refused = (400, "PARAMETER_INVALID".to_owned(), name.to_owned());
        assert_eq!(send_headers(&world, token, &fewer).await.error(), refused);
        let twice = [good.as_slice(), &[good[at].clone()]].concat();
        assert_eq!(send_headers(&world, token, &twice).await.error(), refused);
    }
    assert!(world.bank.violations().iter().any(|what| what.contains("X-Request-ID reused")));

    world.bank.update_knobs(|knobs| knobs.strict_headers = false.into());
    assert_eq!(send_headers(&world, token, &[]).await.status, 200);
}

#[tokio::test]
async fn values_of_headers_are_checked() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    let send = async |name, value: &str| {
        send_headers(&world, token, &headers_with(&world, name, value)).await
    };
    for (name, bad) in [
        ("Content-Type", "json"),
        ("X-Request-ID", "short"),
        ("Date", "Sat, 14 Mar 2026 08:54:58 GMT"),
        ("User-Involved", "TRUE"),
        ("TPP-Name", ""),
        ("TPP-Identification", ""),
        ("User-IP-Address", "192.0.2.7:443"),
        ("User-IP-Port", "https"),
        ("User-IP-Port", "65536"),
        ("User-Geo-Location", "50.1;14.4"),
        ("User-Geo-Location", "GEO:50.1"),
        ("User-Geo-Location", "GEO:91;14.4"),
        ("User-Geo-Location", "GEO:nan;14.4"),
        ("User-User-Agent", &"x".repeat(201)),
        ("Action-ID", &"x".repeat(61)),
        ("Accept", &format!("application/json;x={}", "x".repeat(40))),
        ("Accept-Language", &"cs,".repeat(17)),
    ] {
        let refused = (400, "PARAMETER_INVALID".to_owned(), name.to_owned());
        assert_eq!(send(name, bad).await.error(), refused, "{bad}");
    }
    for (name, value) in [
        ("Date", "1773478800"),
        ("TPP-Identification", LICENCE),
        ("User-IP-Address", "2001:db8::7"),
        ("User-IP-Port", "65535"),
        ("User-User-Agent", &*"x".repeat(200)),
        ("Action-ID", &"x".repeat(60)),
        ("Accept", "Application/JSON"),
        ("Accept", "text/html, application/*;q=0.8"),
        ("Accept", "application/*;q=0, application/json"),
        ("Accept-Language", "cs, en;q=0.5"),
        ("Accept-Language", "zh-Hant-TW, *;q=0"),
        ("User-Geo-Location", "GEO:50.0877;-14.4205"),
    ] {
        assert_eq!(send(name, value).await.status, 200, "{name}: {value}");
    }
    let refused = (400, "PARAMETER_INVALID".to_owned(), "Digest".to_owned());
    assert_eq!(send("Signature", "keyId=x").await.error(), refused, "a signature needs it");
    for (name, media) in [
        ("Content-Type", "text/plain"),
        ("Accept", "text/html"),
        ("Accept", "text/*, image/png"),
        ("Accept", "application/json;q=0"),
        ("Accept", "*/*, application/json;q=0.0"),
        ("Accept-Language", ";;;"),
        ("Accept-Language", "zz-"),
        ("Accept-Language", "cs;q=2"),
    ] {
        let refused = (415, "UNSUPPORTED_MEDIA_TYPE".to_owned(), name.to_owned());
        assert_eq!(send(name, media).await.error(), refused, "{media}");
    }
}

#[tokio::test]
async fn the_proxys_certificate_header_is_refused_in_any_spelling() {
    let world = World::start().await;
    let spellings = ["X-Client-Certificate", "x_client_certificate", "X-Client_Certificate"];
    for spelling in spellings {
        let request = world.request(&world.tpp, "/my/accounts").header(spelling, "certificate-all");
        let answer = Answer::read(request.send().await.unwrap()).await;
        let scope = "X-Client-Certificate".to_owned();
        assert_eq!(answer.error(), (400, "PARAMETER_INVALID".to_owned(), scope));
    }
    assert_eq!(world.bank.violations().len(), spellings.len());
}

#[tokio::test]
async fn breaches_are_noted_and_requests_recorded() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    world.bank.clear_requests();
    let path = "/my/accounts?size=1&access_token=t%41";
    let request = world.call(&world.tpp, Method::GET, path).bearer_auth(token);
    let answer = request.header("cookie", "session=1").send().await.unwrap();
    let scope = "access_token".to_owned();
    let answer = Answer::read(answer).await;
    assert_eq!(answer.error(), (400, "PARAMETER_INVALID".to_owned(), scope));
    let violations = world.bank.violations();
    assert!(violations.iter().any(|what| what.starts_with("Cookie sent to")), "{violations:?}");
    assert!(violations.iter().any(|what| what.contains("token in a query")), "{violations:?}");

    let requests = world.bank.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].target, format!("/psd2-cobs/cobs/2.0{path}"));
    assert_eq!(requests[0].path(), "/psd2-cobs/cobs/2.0/my/accounts");
    assert_eq!(requests[0].query("access_token").as_deref(), Some("tA"));
    assert_eq!(requests[0].header("tpp-name").as_deref(), Some("Ukazka"));
    assert_eq!(requests[0].peer.as_ref().unwrap().licence.as_deref(), Some(LICENCE));
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    world.bank.clear_requests();
    let ask = async |method| {
        let request = world.call(&world.tpp, method, "/my/accounts").bearer_auth(token);
        let answer = request.send().await.unwrap();
        let length = answer.headers()["content-length"].clone();
        (answer.status().as_u16(), length, answer.bytes().await.unwrap().len())
    };
    let (status, length, read) = ask(Method::GET).await;
    assert_eq!((status, length.to_str().unwrap()), (200, &*read.to_string()));
    assert_eq!(ask(Method::HEAD).await, (200, length, 0));
    assert_eq!(world.bank.violations(), [""; 0]);
}
