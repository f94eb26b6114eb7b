//! Which resources a bank has: by the version of the standard that its provider is configured with.

use bank_sim::{ApiReply, ClientAuth};
use protocol::provider::CobsVersion;
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{accounts, api_calls, problem, start};
use crate::payer::{LATER, Payer, call, connect, key};

/// What only the later version has.
fn later_only() -> impl Iterator<Item = &'static broker::routes::Route> {
    broker::routes::ROUTES.iter().filter(|route| !route.versions.contains(&CobsVersion::V2))
}

/// P01: what the version does not have is no resource; the bank is not asked, and no token is opened.
#[tokio::test]
async fn what_2_0_has_not_is_no_resource() {
    let payer = Payer::start().await;
    assert!(later_only().count() > 15);
    for route in later_only().filter(|route| route.template != "/my/standingorders") {
        let path = route.template.replace("{id}", "x-1").replace("{signId}", "y-1");
        for connection in [&payer.id, &payer.reading] {
            let target = (route.method.clone(), &*path);
            let answer = call(&payer.browser, connection, target, Some(&json!({})), None).await;
            problem(&answer, 404, "not_found");
        }
    }
    for nobody in ["/payments/x/status", "/accounts/balanceCheck", "/my/accounts/x/directdebits"] {
        problem(&payer.send(Method::GET, nobody, None).await, 404, "not_found");
    }
    assert!(api_calls(&payer.world).is_empty());
}

/// 2.0 reads the list of standing orders, with dates and currency; 5.0 without.
#[tokio::test]
async fn standing_orders_are_read_in_both() {
    let query = "/my/standingorders?currency=CZK&size=5";
    let payer = Payer::start().await;
    let target = (Method::GET, query);
    let listed = call(&payer.browser, &payer.reading, target, None, None).await;
    assert!(listed.json()["standingOrders"].is_array(), "{}", listed.text);
    let payer = Payer::later().await;
    let target = (Method::GET, query);
    let answer = call(&payer.browser, &payer.reading, target, None, None).await;
    problem(&answer, 400, "invalid_request");
    let target = (Method::GET, "/my/standingorders?size=5");
    let listed = call(&payer.browser, &payer.reading, target, None, None).await;
    assert!(listed.json()["standingOrders"].is_array(), "{}", listed.text);
}

/// P33: each row asks for its own scope; some take either.
#[tokio::test]
async fn a_row_needs_its_scope() {
    let payer = Payer::later().await;
    payer.world.bank.clear_requests();
    for route in broker::routes::ROUTES {
        let path = route.template.replace("{id}", "x-1").replace("{signId}", "y-1");
        for (connection, scope) in [(&payer.id, "pisp"), (&payer.reading, "aisp")] {
            if route.scopes.contains(&scope) || !route.versions.contains(&CobsVersion::V5) {
                continue;
            }
            let key = key();
            let target = (route.method.clone(), &*path);
            let answer =
                call(&payer.browser, connection, target, Some(&json!({})), Some(&key)).await;
            problem(&answer, 403, "scope_missing");
        }
    }
    assert!(api_calls(&payer.world).is_empty());
}

/// What waits, and what is allowed; a consent withdrawn at the bank has no body, and ends the connection.
#[tokio::test]
async fn a_consent_is_read_and_withdrawn() {
    let payer = Payer::later().await;
    let reads = async |path: &'static str| {
        let answer = call(&payer.browser, &payer.reading, (Method::GET, path), None, None).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        answer.json()
    };
    assert!(reads("/my/payments/awaiting?size=3").await["payments"].is_array());
    let list = accounts(&payer.browser, &payer.reading).await.json();
    let account = list["accounts"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/my/accounts/{account}/payments/awaiting");
    let target = (Method::GET, &*path);
    let answer = call(&payer.browser, &payer.reading, target, None, None).await;
    assert!(answer.json()["payments"].is_array(), "{}", answer.text);
    let consents = reads("/my/consents").await;
    assert_eq!(payer.get("/my/consents").await, consents, "either scope");
    let consent = consents["consentId"].as_str().unwrap();
    let gone = payer.send(Method::DELETE, &format!("/my/consents/{consent}"), None).await;
    assert_eq!((gone.status.as_u16(), &*gone.text), (204, ""));
    problem(&accounts(&payer.browser, &payer.reading).await, 401, "reconnect");
    assert_eq!(payer.world.bank.violations(), Vec::<String>::new());
}

/// Two providers, two versions: the connection says which.
#[tokio::test]
async fn each_connection_has_its_banks_version() {
    // the other bank's secret has characters that Web Flow 1.4 takes by form only
    let mut options = demo::Options::stepped();
    options.knobs.client_auth = ClientAuth::Post.into();
    options.provider_settings = "client_authentication = \"form\"".to_owned();
    let mut world = start(options).await;
    let config = world.folder.join("bankconnect.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let changed = text.replace("[providers.other]\n", &format!("[providers.other]\n{LATER}\n"));
    std::fs::write(&config, changed).unwrap();
    world.restart_broker().await.unwrap();
    let browser = world.browser();
    let early = connect(&browser, "aisp").await;
    let later = browser.connect("other", "aisp").await.unwrap();
    assert_eq!(browser.get(&format!("/connections/{later}")).await.unwrap().status, 200);
    let target = || (Method::GET, "/my/consents");
    problem(&call(&browser, &early, target(), None, None).await, 404, "not_found");
    let consents = call(&browser, &later, target(), None, None).await;
    assert!(consents.json()["consentId"].is_string(), "{}", consents.text);
    let paths: Vec<_> = api_calls(&world).iter().map(|call| call.path().to_owned()).collect();
    assert_eq!(paths, ["/psd2-cobs/cobs/5.0/my/consents"]);
}

/// P18, P22, C08: a body is a JSON object that all readers read alike, bounded, and called what it is.
#[tokio::test]
async fn bodies_are_objects_within_bounds() {
    let payer = Payer::start().await;
    let path = format!("/connections/{}/api/my/payments", payer.id);
    let sends = async |media_type: &str, body: Vec<u8>| {
        let request = payer.browser.request(&Method::POST, &path).body(body);
        let request = request.header("content-type", media_type).header("idempotency-key", key());
        payer.browser.send(request).await.unwrap()
    };
    let json = "application/json";
    for body in [
        "",
        " ",
        "null",
        "[]",
        "[{}]",
        "\"x\"",
        "1",
        "{",
        "{}{}",
        "{} x",
        "{\"a\":1,}",
        "{'a':1}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"\\u0062\":2}}",
        "{\"a\":[{\"b\":1,\"b\":1}]}",
        "\u{feff}{}",
    ] {
        problem(&sends(json, body.as_bytes().to_vec()).await, 400, "invalid_request");
    }
    problem(&sends(json, b"{\"a\":\"\xff\"}".to_vec()).await, 400, "invalid_request");
    problem(
        &sends(json, [b"{\"a\":".repeat(200), b"1".to_vec()].concat()).await,
        400,
        "invalid_request",
    );
    let good = payer.domestic().to_string().into_bytes();
    for media_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""] {
        problem(&sends(media_type, good.clone()).await, 400, "invalid_request");
    }
    let padded = |kib: usize| {
        let mut body = good.clone();
        body.resize(kib * 1024, b' ');
        body
    };
    problem(&sends(json, [padded(64), b" ".to_vec()].concat()).await, 413, "too_large");
    assert!(payer.sent(&Method::POST).is_empty(), "none of it went to the bank");
    assert_eq!(sends("application/json; charset=utf-8", padded(64)).await.status, 200);
    let [call] = &payer.sent(&Method::POST)[..] else { panic!("one call") };
    assert_eq!((call.body.len(), call.header("content-type").as_deref()), (64 * 1024, Some(json)));
    // a body of no use stays here
    let read = payer.browser.request(&Method::GET, &path.replace("payments", "payments/x"));
    payer.browser.send(read.header("content-type", json).body(good)).await.unwrap();
    assert!(payer.sent(&Method::GET)[0].body.is_empty());
}

/// P03: the query of an act is read as that of a read.
#[tokio::test]
async fn a_query_smuggles_nothing() {
    let payer = Payer::later().await;
    for query in
        ["?access_token=x", "?a=b", "?allInstructions=true&allInstructions=true", "?%0d%0a"]
    {
        for (method, path) in [
            (Method::POST, "/my/payments"),
            (Method::DELETE, "/my/batchpayments/x"),
            (Method::PUT, "/my/payments/x/sign/y"),
        ] {
            let target = format!("{path}{query}");
            let target = (method, &*target);
            let answer =
                call(&payer.browser, &payer.id, target, Some(&json!({})), Some(&key())).await;
            problem(&answer, 400, "invalid_request");
        }
    }
    assert!(api_calls(&payer.world).is_empty());
}

/// P15: acts without a key are not sent again either.
#[tokio::test]
async fn no_act_is_sent_twice() {
    let payer = Payer::start().await;
    let (payment, sign) = payer.entered("/my/payments", &payer.domestic()).await;
    let by_sms = json!({ "authorizationType": "SMS" });
    for (method, path, body) in [
        (Method::POST, &sign, Some(&by_sms)),
        (Method::PUT, &sign, Some(&by_sms)),
        (Method::DELETE, &payment, None::<&Value>),
    ] {
        for (reply, status, code) in [
            (ApiReply::InvalidToken, 422, "bank_refused"),
            (ApiReply::DropAfterCommit, 502, "outcome_unknown"),
        ] {
            payer.world.bank.clear_requests();
            payer.answers("/my/payments", reply);
            problem(&payer.send(method.clone(), path, body).await, status, code);
            assert_eq!(payer.sent(&method).len(), 1, "{method}");
        }
    }
    assert_eq!(payer.orders().await.len(), 1, "only what has a key is kept");
}
