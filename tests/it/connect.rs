//! Walk one: a person connects a bank.

use std::collections::BTreeMap;
use std::time::Duration;

use bank_sim::{ClientAuth, Knobs, Refresh};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use demo::Options;
use jiff::{SignedDuration, Timestamp};
use reqwest::Url;
use serde_json::json;

use crate::common::{
    COOKIE, TOKEN, accounts, connected, exchanges, finish_patiently, holds, landed, live_tokens,
    problem, seen, start, stepped, world,
};
use crate::database::until_rows;

const DAY: Duration = Duration::from_hours(24);
const CALLBACK: &str = "https://app.example/callback";

#[tokio::test]
async fn a_person_connects_and_reads() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let answer = accounts(&browser, &id).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// The preset `cnb` is tested as shipped: the configuration adds our registration, our certificate,
/// where the bank's name leads, and whom to trust. Nothing else.
#[tokio::test]
async fn the_preset_is_used_as_shipped() {
    let world = world().await;
    let text = std::fs::read_to_string(world.folder.join("bankconnect.toml")).unwrap();
    let config: toml::Table = toml::from_str(&text).unwrap();
    let keys: Vec<_> = config["providers"]["cnb"].as_table().unwrap().keys().collect();
    let ours = [
        "ca_file",
        "certificate_file",
        "client_id",
        "client_secret_file",
        "logo_file",
        "preset",
        "private_key_file",
        "redirect_uri",
        "resolve",
    ];
    let mut sorted: Vec<_> = keys.iter().map(|key| key.as_str()).collect();
    sorted.sort_unstable();
    assert_eq!(sorted, ours);
}

/// K02, K03, K13, K14: what the bank sees of the walk, to the last parameter.
#[tokio::test]
async fn the_bank_sees_exactly_the_standard() {
    let world = world().await;
    let (browser, attempt, landing) = landed(&world).await;
    let url = Url::parse(&attempt.url).unwrap();
    let shown = format!("{}{}", url.origin().ascii_serialization(), url.path());
    assert_eq!(shown, "https://aboktpp.cnb.cz/powerauth-webflow/oauth/authorize");
    let client_id = client_id(&world.folder);
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let verifier = protocol::pkce::CodeVerifier::parse(&attempt.verifier).unwrap();
    let challenge = verifier.challenge();
    let expected = [
        ("response_type", "code"),
        ("client_id", &client_id),
        ("redirect_uri", CALLBACK),
        ("scope", "aisp"),
        ("state", &attempt.state),
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(pairs, expected);

    browser.finish(&attempt, &landing).await.unwrap();
    let [call] = &exchanges(&world)[..] else { panic!("one exchange") };
    let form = String::from_utf8(call.body.clone()).unwrap();
    let form = Url::parse(&format!("x:?{form}")).unwrap();
    let form: BTreeMap<_, _> = form.query_pairs().into_owned().collect();
    let code = landing.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let expected = [
        ("grant_type", "authorization_code"),
        ("code", &*code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", &*attempt.verifier),
    ];
    assert_eq!(form, expected.map(|(n, v)| (n.to_owned(), v.to_owned())).into());
    let secret = std::fs::read_to_string(world.folder.join("cnb.secret")).unwrap();
    let basic = format!("Basic {}", STANDARD.encode(format!("{client_id}:{secret}")));
    assert_eq!(call.header_values("authorization"), [basic]);
    assert!(call.peer.is_some(), "mutual TLS");
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// The whole answer of the callback, and of the list afterwards.
#[tokio::test]
async fn the_answer_is_the_connection() {
    let world = stepped().await;
    let (browser, attempt, landing) = landed(&world).await;
    let answer = browser.finish(&attempt, &landing).await.unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text);
    let body = answer.json();
    let connected_at: Timestamp = body["connected_at"].as_str().unwrap().parse().unwrap();
    let reconnect_by = connected_at + SignedDuration::from_hours(180 * 24);
    let expected = json!({
        "id": body["id"], "provider": "cnb", "provider_name": "Česká národní banka",
        "environment": "production", "scopes": ["aisp"], "status": "connected", "reason": null,
        "connected_at": connected_at.to_string(), "reconnect_by": reconnect_by.to_string(),
        "last_used_at": null,
    });
    assert_eq!(body, expected);
    assert_eq!(body["id"].as_str().unwrap().len(), 36);
    let list = browser.get("/connections").await.unwrap();
    assert_eq!(list.json(), json!({ "connections": [expected] }));
    for token in live_tokens(&world) {
        assert!(!holds(answer.text.as_bytes(), &token) && !holds(list.text.as_bytes(), &token));
    }
    let id = body["id"].as_str().unwrap();
    accounts(&browser, id).await;
    let one = browser.get(&format!("/connections/{id}")).await.unwrap().json();
    assert_eq!(one["last_used_at"], one["connected_at"], "read at the same moment");
}

/// K25: the cookie's attributes, exactly. K24: another value after the callback, the old one dead.
#[tokio::test]
async fn the_session_cookie_is_hardened_and_renewed() {
    let world = world().await;
    let browser = world.browser();
    let mut values = Vec::new();
    let attempt = browser.start("cnb", "aisp").await.unwrap();
    values.push(browser.cookie_header().unwrap());
    let landing = browser.consent(&attempt).await.unwrap();
    let answer = browser.finish(&attempt, &landing).await.unwrap();
    let cookies: Vec<_> = answer.headers.get_all("set-cookie").iter().collect();
    let [cookie] = cookies[..] else { panic!("one cookie") };
    let cookie = cookie.to_str().unwrap();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    let max_age = attributes.rsplit_once("; Max-Age=").expect("Max-Age comes last");
    assert_eq!(max_age.0, "Path=/; Secure; HttpOnly; SameSite=Strict", "no Domain");
    assert!(max_age.1.parse::<u64>().unwrap() >= 180 * 86_400);
    let (name, value) = pair.split_once('=').unwrap();
    assert_eq!((name, value.len()), (COOKIE, 43), "256 random bits");
    values.push(browser.cookie_header().unwrap());
    assert_ne!(values[0], values[1]);

    let id = answer.json()["id"].as_str().unwrap().to_owned();
    let thief = world.browser();
    thief.plant_cookie(COOKIE, values[0].split_once('=').unwrap().1);
    assert_eq!(thief.get("/connections").await.unwrap().json(), json!({ "connections": [] }));
    problem(&accounts(&thief, &id).await, 401, "not_connected");
    assert_eq!(accounts(&browser, &id).await.status, 200);
}

/// K14: by form, id and secret stand in the form and nowhere else, whatever characters they have.
#[tokio::test]
async fn the_client_may_authenticate_by_form() {
    let mut options = Options::default();
    options.knobs.client_auth = ClientAuth::Post.into();
    options.provider_settings = "client_authentication = \"form\"".to_owned();
    let world = start(options).await;
    let browser = world.browser();
    browser.connect("other", "aisp").await.unwrap();
    let [call] = &exchanges(&world)[..] else { panic!("one exchange") };
    assert_eq!(call.form("client_secret").as_deref(), Some("c2b8:%+ é&="));
    assert!(call.form("client_id").is_some());
    assert!(call.header("authorization").is_none());
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// K14: by Basic, id and secret are form-encoded first (RFC 6749 §2.3.1). Web Flow 1.4 does not
/// decode them, so with such a secret it says no; with the UUIDs it hands out nothing differs.
#[tokio::test]
async fn basic_encodes_id_and_secret() {
    let world = world().await;
    let browser = world.browser();
    let attempt = browser.start("other", "aisp").await.unwrap();
    let landing = browser.consent(&attempt).await.unwrap();
    browser.finish(&attempt, &landing).await.unwrap();
    let [call] = &exchanges(&world)[..] else { panic!("one exchange") };
    let header = call.header("authorization").unwrap();
    let basic = STANDARD.decode(header.strip_prefix("Basic ").unwrap()).unwrap();
    let basic = String::from_utf8(basic).unwrap();
    assert_eq!(basic.split_once(':').unwrap().1, "c2b8%3A%25%2B+%C3%A9%26%3D");
    assert!(call.form("client_secret").is_none() && call.form("client_id").is_none());
}

/// Web Flow below 1.4 hands out no refresh token: the connection says until when it can be used.
#[tokio::test]
async fn without_refresh_token_the_connection_ends_with_the_access_token() {
    let knobs = Knobs { refresh: Refresh::None.into(), ..Knobs::default() };
    let world = start(Options { knobs, ..Options::stepped() }).await;
    let (browser, id) = connected(&world).await;
    let path = format!("/connections/{id}");
    let body = browser.get(&path).await.unwrap().json();
    let at = |name: &str| body[name].as_str().unwrap().parse::<Timestamp>().unwrap();
    assert_eq!(at("reconnect_by"), at("connected_at") + SignedDuration::from_mins(5));
    assert_eq!(accounts(&browser, &id).await.status, 200);

    world.advance(Duration::from_mins(5));
    let late = browser.get(&path).await.unwrap().json();
    assert_eq!((&late["status"], &late["reason"]), (&json!("reconnect"), &json!("access_expired")));
    assert_eq!(late["reconnect_by"], body["reconnect_by"], "now in the past");
    world.bank.clear_requests();
    problem(&accounts(&browser, &id).await, 401, "reconnect");
    assert!(world.bank.requests().is_empty(), "the bank is not asked");
}

/// D.4 `sca_age=179d / 180d`: K48; on day 179 everything works, on day 180 nothing does, and the bank is not even asked.
#[tokio::test]
async fn a_consent_lasts_180_days() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    world.advance(DAY * 179);
    assert_eq!(accounts(&browser, &id).await.status, 200);
    world.advance(DAY);
    world.bank.clear_requests();
    let path = format!("/connections/{id}");
    let body = browser.get(&path).await.unwrap().json();
    assert_eq!(
        (&body["status"], &body["reason"]),
        (&json!("reconnect"), &json!("consent_expired")),
        "{body}"
    );
    problem(&accounts(&browser, &id).await, 401, "reconnect");
    assert!(world.bank.requests().is_empty(), "the bank is not asked");
}

/// B15: two tabs at once do not steal each other's authorization.
#[tokio::test]
async fn two_tabs_interleaved_both_succeed() {
    let world = world().await;
    let browser = world.browser();
    let first = browser.start("cnb", "aisp").await.unwrap();
    let second = browser.start("cnb", "pisp").await.unwrap();
    let landing = browser.consent(&second).await.unwrap();
    assert_eq!(browser.finish(&second, &landing).await.unwrap().status, 200);
    let landing = browser.consent(&first).await.unwrap();
    assert_eq!(browser.finish(&first, &landing).await.unwrap().status, 200);
    let list = browser.get("/connections").await.unwrap().json();
    assert_eq!(list["connections"].as_array().unwrap().len(), 2);
}

/// B15: both tabs come back at the same moment, each with the cookie it knew when it left.
#[tokio::test]
async fn two_tabs_that_come_back_at_once_both_succeed() {
    let world = world().await;
    let browser = world.browser();
    let first = browser.start("cnb", "aisp").await.unwrap();
    let second = browser.start("cnb", "pisp").await.unwrap();
    let first_landing = browser.consent(&first).await.unwrap();
    let second_landing = browser.consent(&second).await.unwrap();
    let (a, b) = tokio::join!(
        finish_patiently(&browser, &first, &first_landing),
        finish_patiently(&browser, &second, &second_landing)
    );
    assert_eq!((a.status.as_u16(), b.status.as_u16()), (200, 200), "{} {}", a.text, b.text);
    let list = browser.get("/connections").await.unwrap().json();
    assert_eq!(list["connections"].as_array().unwrap().len(), 2, "the last cookie sees both");
}

/// The cookie for WebKit on `http://localhost`: no prefix and no `Secure`, all the rest as ever.
#[tokio::test]
async fn the_development_cookie_keeps_what_it_can() {
    let options = Options { origin: None, development_cookie: true, ..Options::default() };
    let world = start(options).await;
    let browser = world.browser();
    let attempt = browser.start("cnb", "aisp").await.unwrap();
    let landing = browser.consent(&attempt).await.unwrap();
    let answer = browser.finish(&attempt, &landing).await.unwrap();
    let cookie = answer.headers["set-cookie"].to_str().unwrap().to_owned();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(pair.split_once('=').unwrap().0, "bankconnect-development");
    assert!(attributes.starts_with("Path=/; HttpOnly; SameSite=Strict; Max-Age="), "{cookie}");
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(accounts(&browser, &id).await.status, 200);
}

/// Connecting once more mends what is there: the dead connection comes back under its id.
#[tokio::test]
async fn connecting_again_replaces_the_dead_connection() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    let user = world.bank.credentials()[0].username.clone();
    world.bank.revoke_consent(&user);
    problem(&accounts(&browser, &id).await, 401, "reconnect");
    world.advance(Duration::from_mins(1));
    assert_eq!(browser.connect("cnb", "aisp").await.unwrap(), id);
    assert_eq!(accounts(&browser, &id).await.status, 200);
    let list = browser.get("/connections").await.unwrap().json();
    assert_eq!(list["connections"].as_array().unwrap().len(), 1);
    assert_eq!(list["connections"][0]["status"], "connected");
    // and the tokens of before are kept no longer
    world.advance(Duration::from_mins(16));
    until_rows(&world, "grants", 1).await;
    assert_eq!(accounts(&browser, &id).await.status, 200);
}

/// Web Flow hands one pair of tokens to all authorizations of a user, client and scope (bank-api
/// 5.6): the first disconnect must not take it from the second browser.
#[tokio::test]
async fn two_browsers_of_one_customer_share_the_tokens() {
    let world = world().await;
    let (first, first_id) = connected(&world).await;
    let (second, second_id) = connected(&world).await;
    assert_ne!(first_id, second_id);
    assert_eq!(world.bank.live_tokens().len(), 1, "one pair at the bank");
    let receipt = first.delete(&format!("/connections/{first_id}")).await.unwrap();
    assert_eq!(receipt.json()["at_bank"], "shared", "{}", receipt.text);
    problem(&accounts(&first, &first_id).await, 401, "not_connected");
    assert_eq!(accounts(&second, &second_id).await.status, 200);
    assert!(seen(&world, crate::common::REVOKE).is_empty());
    let receipt = second.delete(&format!("/connections/{second_id}")).await.unwrap();
    assert_eq!(receipt.json()["at_bank"], "revoked", "{}", receipt.text);
    assert!(live_tokens(&world).is_empty());
    assert_eq!(seen(&world, TOKEN).len(), 2);
}

fn client_id(folder: &std::path::Path) -> String {
    let text = std::fs::read_to_string(folder.join("bankconnect.toml")).unwrap();
    let config: toml::Table = toml::from_str(&text).unwrap();
    config["providers"]["cnb"]["client_id"].as_str().unwrap().to_owned()
}
