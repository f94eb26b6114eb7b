//! The control endpoint, by plain HTTP as a test in any language would use it.

use std::net::SocketAddr;
use std::time::Duration;

use bank_sim::{BankSim, Error, Identity, Options, Role};
use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::world::{Answer, LICENCE, World, certificate, client_with};

const LOOPBACK: Option<SocketAddr> =
    Some(SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0));

async fn controlled() -> World {
    World::with(|options| options.control = LOOPBACK).await
}

impl World {
    fn control(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = format!("http://{}{path}", self.bank.control_addr().unwrap());
        self.without_certificate().request(method, url)
    }

    async fn act(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = self.control(method, path);
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        // openapi.json is about the bank's doors, and this is none
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Answer { status, headers, text: response.text().await.unwrap() }
    }

    async fn see(&self, path: &str) -> Value {
        let answer = self.act(Method::GET, path, None).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }
}

#[tokio::test]
async fn knobs_turn_while_the_bank_runs_and_turn_back() {
    let world = World::with(|options| {
        options.control = LOOPBACK;
        options.knobs.expired_status = 403.into();
    })
    .await;
    let start = world.see("/knobs").await;
    assert_eq!((&start["refresh"], &start["expired_status"]), (&json!("keep"), &json!(403)));

    let tokens = world.connect("jana", "aisp").await;
    let (jana, petr) = (tokens, world.connect("petr", "aisp").await);
    let [jana, petr] = [&jana, &petr].map(|tokens| tokens["access_token"].as_str().unwrap());
    let rules =
        json!([{ "to": { "status": 503 }, "user": "jana", "path": "/accounts", "times": 2 }]);
    let put = world.act(Method::PUT, "/knobs/api_reply", Some(json!({ "rules": rules }))).await;
    assert_eq!(
        (put.status.as_u16(), put.json()),
        (200, json!({ "always": "normal", "rules": rules }))
    );
    let status = async |token| world.api(token, "/my/accounts").await.status.as_u16();
    assert_eq!(status(petr).await, 200);
    assert_eq!(status(jana).await, 503);
    assert_eq!(world.see("/knobs/api_reply").await["rules"][0]["times"], 1, "one is used up");
    assert_eq!((status(jana).await, status(jana).await), (503, 200));

    let changes = json!({ "api_reply": "expired", "token_delay_ms": 5, "pkce": "enforced" });
    let patched = world.act(Method::PATCH, "/knobs", Some(changes)).await;
    assert_eq!((patched.status.as_u16(), &patched.json()["token_delay_ms"]), (200, &json!(5)));
    assert_eq!(status(petr).await, 401);

    let reset = world.act(Method::DELETE, "/knobs", None).await;
    assert_eq!((reset.status.as_u16(), reset.json()), (200, start));
    assert_eq!(status(petr).await, 200);
}

#[tokio::test]
async fn what_cannot_be_turned_turns_nothing() {
    let world = controlled().await;
    let changes = json!({ "pkce": "enforced", "refresh": "rotte" });
    let refused = world.act(Method::PATCH, "/knobs", Some(changes)).await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.header("content-type"), "application/problem+json");
    assert!(refused.json()["detail"].as_str().unwrap().contains("knob `refresh`"));
    assert_eq!(world.see("/knobs/pkce").await, "normal");

    let unknown = world.act(Method::PUT, "/knobs/refrsh", Some(json!("keep"))).await;
    assert_eq!(unknown.status, 404);
    assert!(unknown.json()["allowed"].as_array().unwrap().contains(&json!("refresh")));
    let unknown = world.act(Method::GET, "/knobs/refrsh", None).await;
    assert_eq!(unknown.status, 404);
    for bad in ["", "rotte", "{\"rules\":", "1.5"] {
        let bad = world.control(Method::PUT, "/knobs/refresh").body(bad).send().await.unwrap();
        assert_eq!(bad.status(), 400);
    }
    assert_eq!(world.act(Method::PATCH, "/knobs", Some(json!([]))).await.status, 400);
}

#[tokio::test]
async fn every_refusal_is_a_problem() {
    let world = controlled().await;
    let large = world.control(Method::PUT, "/knobs/iss").body("x".repeat(3 << 20));
    let path = world.control(Method::GET, "/requests/x/raw");
    let encoding = world.control(Method::GET, "/knobs/%FF");
    for (request, status) in [(large, 413), (path, 400), (encoding, 400)] {
        let refused = request.send().await.unwrap();
        assert_eq!(refused.status(), status);
        assert_eq!(refused.headers()["content-type"], "application/problem+json");
        let body: Value = serde_json::from_str(&refused.text().await.unwrap()).unwrap();
        assert_eq!(body["status"], status);
    }
}

#[tokio::test]
async fn what_a_knob_would_ignore_is_refused() {
    let world = controlled().await;
    for (name, bad, why) in [
        ("expired_status", json!(500), "401, 403"),
        ("no_psd_status", json!({ "rules": [{ "to": 404 }] }), "401, 403"),
        ("registration_failure", json!(502), "500, 503"),
        ("redirect_status", json!(307), "302, 303"),
        ("delete_status", json!(202), "200, 201, 204"),
        ("registration_delete_status", json!(99), "200, 201, 204"),
        ("sign_scenarios", json!([]), "empty"),
        ("sign_scenarios", json!([["SMS"], []]), "empty"),
        ("sign_scenarios", json!([["PIN"]]), "`USERAGENT_REDIRECT` or `SMS`"),
        ("token_type", json!({ "raw": "not json" }), "JSON text"),
        ("api_reply", json!({ "set_cookie": "a=b\r\nX: y" }), "header"),
        ("api_reply", json!({ "location": "/\r\n" }), "header"),
        ("api_reply", json!({ "redirect": "/\r\n" }), "header"),
        ("api_reply", json!({ "coded": "br\n" }), "header"),
        ("api_reply", json!({ "retry": { "status": 429, "retry_after": "1\n" } }), "header"),
        ("token_reply", json!({ "status": { "status": 503, "retry_after": "1\n" } }), "header"),
        ("token_reply", json!({ "redirect": { "status": 302, "location": "\n" } }), "header"),
    ] {
        let refused = world.act(Method::PUT, &format!("/knobs/{name}"), Some(bad)).await;
        assert_eq!(refused.status, 400, "{name}");
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(&format!("knob `{name}`")) && detail.contains(why), "{detail}");
    }
}

#[tokio::test]
async fn a_word_needs_no_quotes() {
    let world = controlled().await;
    for (name, word) in
        [("refresh", "rotate"), ("web_flow", "1.5"), ("narrative", "123"), ("iss", "true\n")]
    {
        let put = world.control(Method::PUT, &format!("/knobs/{name}")).body(word);
        assert_eq!(put.send().await.unwrap().status(), 200, "{name}");
        assert_eq!(world.see(&format!("/knobs/{name}")).await, word.trim());
    }
}

#[tokio::test]
async fn chances_repeat_with_the_seed() {
    let run = async |seed| {
        let world = World::with(|options| {
            (options.control, options.seed) = (LOOPBACK, seed);
        })
        .await;
        let rules = json!({ "rules": [{ "to": { "status": 503 }, "percent": 40 }] });
        world.act(Method::PUT, "/knobs/api_reply", Some(rules)).await;
        let mut seen = Vec::new();
        for _ in 0..24 {
            seen.push(world.api("x", "/my/accounts").await.status.as_u16());
        }
        seen
    };
    let first = run(7).await;
    assert!(first.contains(&503) && first.contains(&401));
    assert_eq!(run(7).await, first);
    assert_ne!(run(8).await, first);
}

#[tokio::test]
async fn pages_and_foreign_names_are_refused() {
    let world = controlled().await;
    let status = async |name: &str, value: &str| {
        let request = world.control(Method::DELETE, "/knobs").header(name, value);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(status("origin", "http://localhost:3000").await, 403);
    assert_eq!(status("origin", "null").await, 403);
    assert_eq!(status("host", "evil.example").await, 403);
    assert_eq!(status("host", "127.0.0.1.evil.example:80").await, 403);
    assert_eq!(status("host", "localhost:1").await, 200);

    let open = ([0, 0, 0, 0], 0).into();
    let options = Options { control: Some(open), ..Options::default() };
    let refused = BankSim::start(options).await.err().unwrap();
    assert!(matches!(refused, Error::ControlExposed { address } if address == open));
    let options = Options { control: Some(open), control_anywhere: true, ..Options::default() };
    let bank = BankSim::start(options).await.unwrap();
    let port = bank.control_addr().unwrap().port();
    let request = world.without_certificate().get(format!("http://127.0.0.1:{port}/health"));
    assert_eq!(request.header("host", "bank:4210").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn no_control_unless_asked_for() {
    let world = World::start().await;
    assert_eq!(world.bank.control_addr(), None);
    let front = format!("{}/knobs", world.bank.front_url());
    assert_eq!(world.without_certificate().get(front).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn other_acts_are_told_what_there_is() {
    let world = controlled().await;
    assert_eq!(world.see("/health").await["status"], "ok");
    let unknown = world.act(Method::GET, "/knob", None).await;
    assert_eq!(unknown.status, 404);
    assert_eq!(unknown.json()["allowed"].as_array().unwrap().len(), 20);
    let method = world.act(Method::POST, "/requests", None).await;
    assert_eq!(method.status, 405);
    let allowed = json!(["GET /requests", "GET /requests/{number}/raw", "DELETE /requests"]);
    assert_eq!(method.json()["allowed"], allowed);
}

#[tokio::test]
async fn requests_are_listed_by_what_they_are() {
    let world = controlled().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    let post = world.call(&world.tpp, Method::POST, "/my/payments/balanceCheck");
    post.bearer_auth(token).body(&b"\xff\xfe"[..]).send().await.unwrap();
    world.api(token, "/my/accounts?size=1").await;

    let all = world.see("/requests").await;
    let all = all.as_array().unwrap();
    let numbers: Vec<_> = all.iter().map(|request| request["number"].as_u64().unwrap()).collect();
    assert!(numbers.is_sorted() && numbers[0] == 1, "{numbers:?}");
    let last = *numbers.last().unwrap();

    let api = world.see("/requests?path=/my/accounts&door=tls").await;
    assert_eq!(api.as_array().unwrap().len(), 1);
    assert_eq!(api[0]["target"], "/psd2-cobs/cobs/2.0/my/accounts?size=1");
    assert_eq!(api[0]["peer"]["roles"], json!(["PSP_PI", "PSP_AI"]));
    assert_eq!(api[0]["tls"]["version"], "TLSv1_3");
    let headers = api[0]["headers"].as_array().unwrap();
    assert!(headers.contains(&json!({ "name": "user-involved", "value": "true" })), "{headers:?}");
    let binary = world.see(&format!("/requests?since={}&limit=1", last - 2)).await;
    assert_eq!((&binary[0]["body_base64"], &binary[0]["body"]), (&json!("//4="), &Value::Null));
    assert!(world.see("/requests?door=sandbox").await.as_array().unwrap().is_empty());
    assert_eq!(world.act(Method::GET, "/requests?door=back", None).await.status, 400);
    let bad = world.act(Method::GET, "/requests?pth=x", None).await;
    assert_eq!((bad.status.as_u16(), &bad.json()["allowed"][0]), (400, &json!("path")));

    // browsers come by HTTP/1, and so with bytes of their own
    let first = world.act(Method::GET, "/requests/1/raw", None).await;
    assert!(first.text.starts_with("GET /powerauth-webflow/oauth/authorize?"), "{}", first.text);
    let framed = world.act(Method::GET, &format!("/requests/{last}/raw"), None).await;
    assert!(framed.json()["detail"].as_str().unwrap().contains("HTTP/2.0"));
    assert_eq!(world.act(Method::GET, "/requests/99999/raw", None).await.status, 404);

    assert_eq!(world.act(Method::DELETE, "/requests", None).await.status, 204);
    assert!(world.see("/requests").await.as_array().unwrap().is_empty());
    world.api(token, "/my/accounts").await;
    assert_eq!(world.see("/requests").await[0]["number"], last + 1);
}

#[tokio::test]
async fn violations_are_listed_and_forgotten() {
    let world = controlled().await;
    let request = world.request(&world.tpp, "/my/accounts").header("x-client-certificate", "x");
    request.send().await.unwrap();
    let violations = world.see("/violations").await;
    assert_eq!(violations.as_array().unwrap().len(), 1);
    assert_eq!(violations[0]["code"], "proxy_header");
    let number = world.see("/requests").await[0]["number"].clone();
    assert_eq!(violations[0]["request"], number);
    let codes = world.see("/violations/codes").await;
    assert!(codes.as_array().unwrap().iter().any(|code| code["code"] == "proxy_header"));
    assert_eq!(world.act(Method::DELETE, "/violations", None).await.status, 204);
    assert_eq!(world.see("/violations").await, json!([]));
    assert_eq!(world.see("/requests").await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn people_log_in_and_withdraw() {
    let world = controlled().await;
    let customers = world.see("/customers").await;
    let jana = customers.as_array().unwrap().iter().find(|known| known["username"] == "jana");
    let password = jana.unwrap()["password"].as_str().unwrap();
    let none = world.act(Method::GET, "/customers/jana/sms", None).await;
    assert_eq!(none.status, 404);
    let mut browser = Browser::new(&world);
    browser.open(&world.authorize_url("aisp")).await;
    browser.submit(&[("username", "jana"), ("password", password)]).await;
    let sms = world.see("/customers/jana/sms").await["sms_code"].as_str().unwrap().to_owned();
    assert_eq!(Some(sms), world.bank.sms_code("jana"));

    let tokens = world.connect("jana", "aisp").await;
    let live = world.see("/tokens").await;
    assert_eq!((&live[0]["user"], &live[0]["scope"]), (&json!("jana"), &json!("aisp")));
    assert_eq!(live[0]["refresh_token"], tokens["refresh_token"]);
    let unknown = world.act(Method::POST, "/customers/nobody/withdraw", None).await;
    assert_eq!(unknown.status, 404);
    assert!(unknown.json()["allowed"].as_array().unwrap().contains(&json!("jana")));
    assert_eq!(world.act(Method::POST, "/customers/jana/withdraw", None).await.status, 204);
    assert_eq!(world.see("/tokens").await, json!([]));
}

#[tokio::test]
async fn the_clock_turns_both_ways() {
    let world = controlled().await;
    let before = world.clock.now();
    let turned = world.act(Method::POST, "/clock", Some(json!({ "advance_ms": 300_000 }))).await;
    assert_eq!(
        (turned.status.as_u16(), &turned.json()["now"]),
        (200, &json!("2026-03-14T09:05:00Z"))
    );
    assert_eq!(world.clock.now(), before + Duration::from_mins(5));
    world.act(Method::POST, "/clock", Some(json!({ "set_back_ms": 600_000 }))).await;
    assert_eq!(world.see("/clock").await["now"], "2026-03-14T08:55:00Z");
    for bad in [
        json!({ "advance": 5 }),
        json!({}),
        json!({ "advance_ms": -1 }),
        json!({ "advance_ms": u64::MAX }),
    ] {
        assert_eq!(world.act(Method::POST, "/clock", Some(bad)).await.status, 400);
    }
    assert_eq!(world.see("/clock").await["now_ms"], 1_773_478_500_000_u64);

    let far = json!({ "set_back_ms": 9_999_999_999_999_999_u64 });
    let start = world.act(Method::POST, "/clock", Some(far)).await;
    assert_eq!((start.status.as_u16(), &start.json()["now_ms"]), (200, &json!(0)));
    let later = world.act(Method::POST, "/clock", Some(json!({ "advance_ms": 60_000 }))).await;
    assert_eq!(later.json()["now_ms"], 60_000, "it goes on from 1970");
}

#[tokio::test]
async fn certificates_are_rolled_over_while_the_bank_runs() {
    let world = controlled().await;
    let token = world.connect("jana", "aisp").await["access_token"].as_str().unwrap().to_owned();
    let ask = async |tpp: &reqwest::Client| {
        let request = world.request(tpp, "/my/accounts").bearer_auth(&token);
        request.send().await.map(|answer| answer.status().as_u16())
    };
    let turn = async |what: Value| world.act(Method::POST, "/certificates", Some(what)).await;
    let identity =
        world.bank.pki().issue(certificate(vec![Role::AccountInformation], Some(LICENCE)));
    let fresh = || client_with(&world.bank, Some(&identity));
    assert_eq!(ask(&fresh()).await.unwrap(), 200);

    for fault in ["wrong_name", "expired", "not_yet_valid", "untrusted_authority"] {
        assert_eq!(turn(json!({ "server": fault })).await.status, 200);
        assert!(ask(&fresh()).await.unwrap_err().is_connect(), "{fault}");
    }
    turn(json!({ "server": "renew" })).await;
    assert_eq!(ask(&fresh()).await.unwrap(), 200);

    let old = fresh();
    let rotated = turn(json!({ "authority": "rotate" })).await.json();
    assert_eq!(rotated["ca_pem"], world.bank.pki().ca_pem());
    let shown = world.act(Method::GET, "/certificates/ca.pem", None).await;
    assert_eq!(shown.text, world.bank.pki().ca_pem());
    assert!(ask(&old).await.unwrap_err().is_connect(), "it does not know the new authority");
    assert_eq!(ask(&fresh()).await.unwrap(), 200, "the old client certificate is still good");
    turn(json!({ "authority": "retire_old" })).await;
    assert!(ask(&fresh()).await.is_err());

    let wanted = json!({ "issue": { "licence": LICENCE, "roles": ["PSP_AI"] } });
    let issued = turn(wanted).await.json();
    assert_eq!(issued["ca_pem"], world.bank.pki().ca_pem());
    let pem = |name: &str| issued[name].as_str().unwrap().to_owned();
    let identity = Identity { cert_pem: pem("cert_pem"), key_pem: pem("key_pem") };
    let fresh = || client_with(&world.bank, Some(&identity));
    assert_eq!(ask(&fresh()).await.unwrap(), 200);
    let peer = world.bank.requests().pop().unwrap().peer.unwrap();
    assert_eq!(peer.roles, Some(vec![Role::AccountInformation]));
    let wrong = json!({ "issue": { "licence": LICENCE, "roles": ["PSP_XY"] } });
    assert_eq!(turn(wrong).await.status, 400);
    assert_eq!(turn(json!({ "revoke": identity.cert_pem })).await.status, 200);
    assert!(ask(&fresh()).await.is_err());
    assert_eq!(turn(json!({ "revoke": "x" })).await.status, 404);
    let bad = turn(json!({ "server": "renewed" })).await;
    assert_eq!((bad.status.as_u16(), bad.json()["allowed"].as_array().unwrap().len()), (400, 6));
}
