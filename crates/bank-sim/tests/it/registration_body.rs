//! The body of a registration, field by field: bank-api facts 4.1, 4.3, 4.4 and 4.5.

use reqwest::Method;
use serde_json::{Value, json};

use crate::world::{Answer, LICENCE, World};

/// A complete request.
pub(crate) fn application() -> Value {
    json!({
        "application_type": "web",
        "redirect_uris": ["https://tpp.example/cb"],
        "client_name": "Ukázková aplikace",
        "client_name#en-US": "Sample app",
        "logo_uri": "https://tpp.example/logo.png",
        "contact": "ops@tpp.example",
        "scopes": ["aisp", "pisp"],
    })
}

pub(crate) async fn send(
    world: &World,
    tpp: &reqwest::Client,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> Answer {
    let url = world.tls(&format!("/psd2-cobs/cobs/2.0/applications{path}"));
    let mut request = tpp.request(method, url);
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    Answer::read(request.send().await.unwrap()).await
}

pub(crate) async fn create(world: &World, body: &Value) -> Answer {
    send(world, &world.tpp, Method::POST, "", Some(body)).await
}

/// The request with `value` for `name`; null leaves it out.
fn with(name: &str, value: Value) -> Value {
    let mut body = application();
    let fields = body.as_object_mut().unwrap();
    fields.remove(name);
    if !value.is_null() {
        fields.insert(name.to_owned(), value);
    }
    body
}

fn long(length: usize) -> Value {
    json!("x".repeat(length))
}

fn address(length: usize) -> String {
    format!("https://tpp.example/{}", "x".repeat(length - 20))
}

/// Checks create and change alike; neither may leave anything behind.
async fn refused(world: &World, body: &Value, status: u16, error: &str) {
    let before = format!("{:?}", world.bank.applications());
    let path = format!("/{}", crate::world::CLIENT);
    for (method, path) in [(Method::POST, ""), (Method::PUT, &*path)] {
        let answer = send(world, &world.tpp, method, path, Some(body)).await;
        assert_eq!(answer.oauth_error(), (status, error.to_owned()), "{body} {answer:?}");
        let fields = answer.json();
        let names: Vec<_> = fields.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["error", "error_description"]);
        assert!(!fields["error_description"].as_str().unwrap().is_empty());
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert_eq!(format!("{:?}", world.bank.applications()), before);
}

#[tokio::test]
async fn mandatory_fields_are_demanded() {
    let world = World::start().await;
    for name in ["application_type", "redirect_uris", "client_name", "scopes"] {
        refused(&world, &with(name, Value::Null), 400, "invalid_request").await;
    }
    refused(&world, &with("client_name", json!("")), 400, "invalid_request").await;
    refused(&world, &with("application_type", json!("spa")), 400, "invalid_request").await;
    refused(&world, &with("redirect_uris", json!([])), 400, "invalid_redirect_uri").await;
    refused(&world, &with("scopes", json!([])), 400, "invalid_scope").await;
}

#[tokio::test]
async fn mistyped_fields_are_refused() {
    let world = World::start().await;
    for (name, value) in application().as_object().unwrap() {
        let wrong = if value.is_array() { json!("aisp") } else { json!(["web"]) };
        for wrong in [wrong, json!(7), json!({}), json!([7])] {
            refused(&world, &with(name, wrong), 400, "invalid_request").await;
        }
    }
    for (name, value) in [
        ("contact", "tpp.example"),
        ("contact", "@tpp.example"),
        ("contact", "o ps@tpp.example"),
        ("logo_uri", "logo.png"),
        ("logo_uri", "data:image/png;base64,AAAA"),
    ] {
        refused(&world, &with(name, json!(value)), 400, "invalid_request").await;
    }
    for body in [json!([]), json!("text"), json!(null)] {
        refused(&world, &body, 400, "invalid_request").await;
    }
}

#[tokio::test]
async fn limits_count_bytes() {
    let world = World::start().await;
    // a letter of two bytes: 127 of them and one byte are 255
    let name = |letters: usize| json!(format!("{}x", "č".repeat(letters)));
    let mail = |length: usize| json!(format!("{}@tpp.example", "x".repeat(length - 12)));
    for (name, fits, exceeds) in [
        ("client_name", name(127), name(128)),
        ("client_name#en-US", long(1024), long(1025)),
        ("logo_uri", json!(address(2047)), json!(address(2048))),
        ("contact", mail(320), mail(321)),
        ("redirect_uris", json!([address(2047)]), json!([address(2048)])),
    ] {
        refused(&world, &with(name, exceeds), 400, "invalid_request").await;
        let taken = create(&world, &with(name, fits.clone())).await;
        assert_eq!(taken.status, 201, "{name} {taken:?}");
        assert_eq!(taken.json()[name], fits);
        let path = format!("/{}", taken.json()["client_id"].as_str().unwrap());
        assert_eq!(send(&world, &world.tpp, Method::DELETE, &path, None).await.status, 204);
    }
    let uris = |count: usize| {
        json!((0..count).map(|at| format!("https://tpp.example/{at}")).collect::<Vec<_>>())
    };
    refused(&world, &with("redirect_uris", uris(4)), 400, "invalid_redirect_uri").await;
    refused(&world, &with("scopes", vec!["aisp"; 11].into()), 400, "invalid_request").await;
    refused(&world, &with("scopes", json!([long(256)])), 400, "invalid_request").await;
    let mut body = with("redirect_uris", uris(3));
    body["scopes"] =
        json!(["pisp", "aisp", "pisp", "aisp", "aisp", "aisp", "aisp", "aisp", "aisp", "aisp"]);
    let taken = create(&world, &body).await;
    assert_eq!(taken.status, 201, "{taken:?}");
    assert_eq!(taken.json()["redirect_uris"], uris(3));
    assert_eq!(taken.json()["scopes"], json!(["pisp", "aisp"]));
}

#[tokio::test]
async fn scopes_are_those_of_the_bank() {
    let world = World::start().await;
    for scope in ["AISP", "cisp", "aisp.accounts", "aisp pisp", "", "x"] {
        refused(&world, &with("scopes", json!(["aisp", scope])), 400, "invalid_scope").await;
    }
    let longest = "x".repeat(255);
    refused(&world, &with("scopes", json!([longest])), 400, "invalid_scope").await;
}

#[tokio::test]
async fn redirect_uris_fit_the_kind_of_application() {
    let world = World::start().await;
    for uri in [
        "tpp.example/cb",
        "/cb",
        "https://tpp.example/cb#fragment",
        "https://tpp.example/a b",
        "https:///cb",
        "example.app://cb",
        "http://a;sandbox/cb",
    ] {
        let uris = json!(["https://tpp.example/cb", uri]);
        refused(&world, &with("redirect_uris", uris), 400, "invalid_redirect_uri").await;
    }
    let mut native = with("redirect_uris", json!(["example.app://cb", "http://127.0.0.1/cb"]));
    native["application_type"] = json!("native");
    let taken = create(&world, &native).await;
    assert_eq!(taken.status, 201, "{taken:?}");
    assert_eq!(taken.json()["redirect_uris"], native["redirect_uris"]);
    native["redirect_uris"] = json!(["example.app://cb#"]);
    refused(&world, &native, 400, "invalid_redirect_uri").await;

    let mut commas = with("redirect_uris", json!(["https://tpp.example/cb?a=1,2"]));
    commas["client_name"] = json!("Čárky");
    let taken = create(&world, &commas).await;
    assert_eq!(taken.json()["redirect_uris"], json!(["https://tpp.example/cb?a=1%2C2"]));
}

#[tokio::test]
async fn what_is_wrong_first_is_said() {
    let world = World::start().await;
    let only_accounts = world.tpp_with(vec![bank_sim::Role::AccountInformation], Some(LICENCE));
    let mut body = json!({ "scopes": ["pisp", "x"], "redirect_uris": ["x"] });
    let steps: [(&str, Value, &str); 4] = [
        ("scopes", json!(["pisp"]), "invalid_scope"),
        ("scopes", json!(["aisp"]), "insufficient_scope"),
        ("client_name", json!("A"), "invalid_request"),
        ("application_type", json!("web"), "invalid_request"),
    ];
    for path in ["", "/unknown"] {
        let method = if path.is_empty() { Method::POST } else { Method::PUT };
        for (name, mended, error) in steps.clone() {
            let answer = send(&world, &only_accounts, method.clone(), path, Some(&body)).await;
            assert_eq!(answer.oauth_error().1, error, "{body}");
            body[name] = mended;
        }
        let answer = send(&world, &only_accounts, method.clone(), path, Some(&body)).await;
        assert_eq!(answer.oauth_error(), (400, "invalid_redirect_uri".to_owned()));
        body["redirect_uris"] = json!(["https://tpp.example/cb"]);
        let answer = send(&world, &only_accounts, method, path, Some(&body)).await;
        match path {
            "" => assert_eq!(answer.status, 201),
            _ => assert_eq!(answer.oauth_error(), (401, "invalid_client".to_owned())),
        }
        body = json!({ "scopes": ["pisp", "x"], "redirect_uris": ["x"] });
    }
}

#[tokio::test]
async fn the_body_is_json() {
    let world = World::start().await;
    let url = world.tls("/psd2-cobs/cobs/5.0/applications");
    let post = async |media: Option<&str>, body: &str| {
        let mut request = world.tpp.post(&url).body(body.to_owned());
        if let Some(media) = media {
            request = request.header("content-type", media);
        }
        Answer::read(request.send().await.unwrap()).await
    };
    let body = application().to_string();
    for media in [None, Some("text/plain"), Some("application/x-www-form-urlencoded")] {
        let answer = post(media, &body).await;
        assert_eq!(answer.oauth_error(), (415, "unsupported_media_type".to_owned()));
    }
    for broken in ["", "{", "{}x", "\u{1}"] {
        let answer = post(Some("application/json"), broken).await;
        assert_eq!(answer.oauth_error(), (400, "invalid_request".to_owned()), "{broken}");
    }
    assert_eq!(post(Some("Application/JSON; charset=utf-8"), &body).await.status, 201);
    let patched = world.tpp.patch(&url).send().await.unwrap();
    assert_eq!(patched.status(), 405);
    assert!(patched.headers()["allow"].to_str().unwrap().contains("POST"));
    let other = world.tls("/psd2-cobs/cobs/4.0/applications");
    let other = Answer::read(world.tpp.get(other).send().await.unwrap()).await;
    assert_eq!(other.oauth_error(), (404, "invalid_request".to_owned()));
}

#[tokio::test]
async fn a_registration_out_of_order_does_nothing() {
    let world = World::start().await;
    world.bank.update_knobs(|knobs| {
        knobs.registration_failure = bank_sim::Knob::always(None)
            .with(bank_sim::Rule::to(Some(500)).times(1))
            .with(bank_sim::Rule::to(Some(503)).times(1));
    });
    let before = world.bank.applications().len();
    for status in [500, 503] {
        let answer = create(&world, &application()).await;
        assert_eq!(answer.oauth_error(), (status, "server_error".to_owned()));
    }
    assert_eq!(world.bank.applications().len(), before);
    assert_eq!(create(&world, &application()).await.status, 201);
}
