//! An application from its registration to its end: bank-api facts 4.2 and 4.4.

use bank_sim::{Knob, Role};
use reqwest::Method;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::registration_body::{application, create, send};
use crate::world::{Answer, LICENCE, World, basic, form, query};

const CALLBACK: &str = "https://tpp.example/cb";

fn text(body: &Value, name: &str) -> String {
    body[name].as_str().unwrap_or_else(|| panic!("no {name}: {body}")).to_owned()
}

fn keys(body: &Value) -> Vec<&str> {
    body.as_object().unwrap().keys().map(String::as_str).collect()
}

async fn on(world: &World, method: Method, id: &str, act: &str, body: Option<&Value>) -> Answer {
    send(world, &world.tpp, method, &format!("/{id}{act}"), body).await
}

/// A token request of the client.
async fn token(world: &World, id: &str, secret: &str, fields: &[(&str, &str)]) -> Answer {
    let request = world
        .tpp
        .post(world.tls("/powerauth-webflow/oauth/token"))
        .header("authorization", basic(id, secret))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form(fields));
    Answer::read(request.send().await.unwrap()).await
}

/// Login and consent of jana; the code.
async fn code(world: &World, id: &str) -> String {
    let front = world.bank.front_url();
    let fields = form(&[
        ("response_type", "code"),
        ("client_id", id),
        ("redirect_uri", CALLBACK),
        ("scope", "aisp"),
        ("state", "s-1"),
    ]);
    let mut browser = Browser::new(world);
    browser
        .walk(world, "jana", &format!("{front}/powerauth-webflow/oauth/authorize?{fields}"))
        .await;
    query(&browser.left_to, "code").unwrap_or_else(|| panic!("no code: {}", browser.left_to))
}

async fn connect(world: &World, id: &str, secret: &str) -> Value {
    let code = code(world, id).await;
    let fields =
        [("grant_type", "authorization_code"), ("code", &*code), ("redirect_uri", CALLBACK)];
    let answer = token(world, id, secret, &fields).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

#[tokio::test]
async fn a_created_application_is_described_as_the_table_says() {
    let world = World::start().await;
    let created = create(&world, &application()).await;
    assert_eq!(created.status, 201);
    for (name, value) in [
        ("content-type", "application/json"),
        ("cache-control", "no-store"),
        ("pragma", "no-cache"),
    ] {
        assert_eq!(created.header(name), value);
    }
    let mut body = created.json();
    let (id, secret) = (text(&body, "client_id"), text(&body, "client_secret"));
    for uuid in [&id, &secret] {
        assert_eq!((uuid.len(), uuid.matches('-').count()), (36, 4), "{uuid}");
    }
    assert_ne!(id, secret);
    let fields = body.as_object_mut().unwrap();
    for name in ["client_id", "client_secret"] {
        fields.remove(name);
    }
    assert_eq!(fields.remove("client_secret_expires_at"), Some(json!(0)));
    assert_eq!(fields.remove("api_key"), Some(json!("NOT_PROVIDED")));
    assert_eq!(body, application());

    let detail = on(&world, Method::GET, &id, "", None).await;
    assert_eq!(detail.status, 200);
    let mut expected = application();
    expected["client_id"] = json!(id);
    expected["client_secret_expires_at"] = json!(0);
    expected["api_key"] = json!("NOT_PROVIDED");
    assert_eq!(detail.json(), expected);
    let listed = send(&world, &world.tpp, Method::GET, "", None).await;
    assert_eq!(listed.status, 200);
    assert_eq!(keys(&listed.json()), ["applications"]);
    let listed = listed.json()["applications"].as_array().unwrap().clone();
    assert_eq!(listed.len(), 3);
    assert!(listed.contains(&expected), "{listed:?}");

    let minimal = json!({
        "application_type": "web", "redirect_uris": [CALLBACK], "client_name": "Malá",
        "contact": null, "scopes": ["aisp"], "unknown": 1,
    });
    let created = create(&world, &minimal).await.json();
    assert_eq!(
        keys(&created),
        [
            "api_key",
            "application_type",
            "client_id",
            "client_name",
            "client_secret",
            "client_secret_expires_at",
            "redirect_uris",
            "scopes"
        ]
    );
}

#[tokio::test]
async fn fields_without_a_column_may_be_forgotten() {
    let world = World::start().await;
    world.bank.update_knobs(|knobs| knobs.registration_keeps_contact = Knob::always(false));
    let created = create(&world, &application()).await.json();
    let id = text(&created, "client_id");
    let passing = ["client_name#en-US", "logo_uri", "contact"];
    assert!(passing.iter().all(|name| created[name].is_string()));
    let detail = on(&world, Method::GET, &id, "", None).await.json();
    assert!(passing.iter().all(|name| detail.get(name).is_none()), "{detail}");
    assert_eq!(detail["client_name"], created["client_name"]);
    let listed = send(&world, &world.tpp, Method::GET, "", None).await;
    assert!(!listed.text.contains("ops@tpp.example"));
    let changed = on(&world, Method::PUT, &id, "", Some(&application())).await.json();
    assert!(passing.iter().all(|name| changed[name].is_string()));
}

#[tokio::test]
async fn an_application_lives_and_dies() {
    let world = World::start().await;
    let created = create(&world, &application()).await.json();
    let (id, secret) = (text(&created, "client_id"), text(&created, "client_secret"));
    let tokens = connect(&world, &id, &secret).await;
    let (access, refresh) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
    assert_eq!(world.api(&access, "/my/accounts").await.status, 200);
    let by_refresh = [("grant_type", "refresh_token"), ("refresh_token", &*refresh)];

    // a new secret ends the old one, and nothing else
    let renewed = on(&world, Method::POST, &id, "/renewSecret", None).await;
    assert_eq!(renewed.status, 200);
    assert_eq!(renewed.header("cache-control"), "no-store");
    let renewed = renewed.json();
    assert_eq!(keys(&renewed), ["client_id", "client_secret", "client_secret_expires_at"]);
    let new_secret = text(&renewed, "client_secret");
    assert_ne!(new_secret, secret);
    assert_eq!(world.api(&access, "/my/accounts").await.status, 200);
    assert_eq!(token(&world, &id, &secret, &by_refresh).await.status, 401);
    let access = text(&token(&world, &id, &new_secret, &by_refresh).await.json(), "access_token");

    // other names leave tokens alone, other scopes end the access token
    let mut body = application();
    body["client_name"] = json!("Nové jméno");
    body["scopes"] = json!(["pisp", "aisp"]);
    let changed = on(&world, Method::PUT, &id, "", Some(&body)).await;
    assert_eq!(changed.status, 200);
    let mut expected = body.clone();
    expected["client_id"] = json!(id);
    expected["client_secret_expires_at"] = json!(0);
    assert_eq!(changed.json(), expected);
    assert_eq!(world.api(&access, "/my/accounts").await.status, 200);
    body["scopes"] = json!(["aisp"]);
    body.as_object_mut().unwrap().remove("contact");
    let changed = on(&world, Method::PUT, &id, "", Some(&body)).await.json();
    assert!(changed.get("contact").is_none());
    assert_eq!(world.api(&access, "/my/accounts").await.status, 401);
    let access = text(&token(&world, &id, &new_secret, &by_refresh).await.json(), "access_token");
    let known = world.bank.applications().into_iter().find(|known| known.client_id == id).unwrap();
    assert_eq!((&*known.name, &*known.licence), ("Nové jméno", LICENCE));
    assert_eq!((known.scopes, known.contact), (vec!["aisp".to_owned()], None));

    // and with the application everything goes, codes included
    let waiting = code(&world, &id).await;
    let gone = on(&world, Method::DELETE, &id, "", None).await;
    assert_eq!((gone.status.as_u16(), &*gone.text), (204, ""));
    assert_eq!(world.api(&access, "/my/accounts").await.status, 401);
    assert_eq!(token(&world, &id, &new_secret, &by_refresh).await.status, 401);
    let unknown = (401, "invalid_client".to_owned());
    assert_eq!(on(&world, Method::GET, &id, "", None).await.oauth_error(), unknown);
    assert_eq!(on(&world, Method::DELETE, &id, "", None).await.oauth_error(), unknown);
    assert!(world.bank.live_tokens().iter().all(|live| live.client_id != id));
    let stale =
        [("grant_type", "authorization_code"), ("code", &*waiting), ("redirect_uri", CALLBACK)];
    let other = world.token(&stale).await;
    assert_eq!(other.oauth_error(), (400, "invalid_grant".to_owned()));
    world
        .bank
        .update_knobs(|knobs| knobs.registration_delete_status = Knob::next(1, 201).then(204));
    let created = create(&world, &application()).await.json();
    let gone = on(&world, Method::DELETE, &text(&created, "client_id"), "", None).await;
    assert_eq!((gone.status.as_u16(), &*gone.text), (201, ""));
}

#[tokio::test]
async fn secrets_are_shown_once() {
    let world = World::start().await;
    let created = create(&world, &application()).await.json();
    let (id, first) = (text(&created, "client_id"), text(&created, "client_secret"));
    let renewed = on(&world, Method::POST, &id, "/renewSecret", None).await.json();
    let secrets = [first, text(&renewed, "client_secret")];
    let mut taken = application();
    taken["client_name"] = json!("Účty <pohromadě>");
    let answers = [
        on(&world, Method::GET, &id, "", None).await.text,
        send(&world, &world.tpp, Method::GET, "", None).await.text,
        on(&world, Method::PUT, &id, "", Some(&application())).await.text,
        on(&world, Method::PUT, &id, "", Some(&taken)).await.text,
        on(&world, Method::DELETE, "unknown", "", None).await.text,
        format!("{:?}", world.bank.applications()),
    ];
    for answer in answers {
        assert!(!answer.is_empty());
        assert!(!answer.contains("client_secret\""), "{answer}");
        assert!(secrets.iter().all(|secret| !answer.contains(secret)), "{answer}");
    }
}

#[tokio::test]
async fn a_revoked_certificate_registers_nothing() {
    let world = World::start().await;
    let identity = world.bank.pki().issue(crate::world::certificate(
        vec![Role::AccountInformation, Role::PaymentInitiation],
        Some(LICENCE),
    ));
    let tpp = crate::world::client_with(&world.bank, Some(&identity));
    assert_eq!(send(&world, &tpp, Method::GET, "", None).await.status, 200);
    world.bank.revoke_certificate(&identity).unwrap();
    let answer = send(&world, &tpp, Method::POST, "", Some(&application())).await;
    assert_eq!(answer.oauth_error(), (401, "unauthorized_client".to_owned()));
}
