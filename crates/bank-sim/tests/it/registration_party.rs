//! Who may register what: bank-api facts 4.5 and 7.5.

use bank_sim::{Knob, Role};
use reqwest::Method;
use serde_json::{Value, json};

use crate::registration_body::{application, create, send};
use crate::world::{Answer, CLIENT, LICENCE, World, certificate, client_with};

const AI: Role = Role::AccountInformation;
const PI: Role = Role::PaymentInitiation;

fn scoped(name: &str, scopes: &[&str]) -> Value {
    let mut body = application();
    body["client_name"] = json!(name);
    body["scopes"] = json!(scopes);
    body
}

#[tokio::test]
async fn the_certificate_must_be_that_of_a_licensed_party() {
    let world = World::start().await;
    let path = format!("/{CLIENT}");
    let renew = format!("{path}/renewSecret");
    let calls = [
        (Method::POST, ""),
        (Method::GET, ""),
        (Method::GET, &path),
        (Method::PUT, &path),
        (Method::DELETE, &path),
        (Method::POST, &renew),
    ];
    let cases = [
        (world.without_certificate(), "unauthorized_client"),
        (world.tpp_with(vec![AI], None), "access_denied"),
        (world.tpp_with(vec![AI], Some("VATCZ-12345678")), "access_denied"),
        (world.tpp_with(vec![], Some(LICENCE)), "access_denied"),
    ];
    for (tpp, error) in cases {
        for (method, path) in calls.clone() {
            let answer = send(&world, &tpp, method, path, None).await;
            assert_eq!(answer.oauth_error(), (401, error.to_owned()), "{path}");
        }
    }
    let nameless = bank_sim::CertificateRequest {
        organisation: String::new(),
        ..certificate(vec![AI], Some(LICENCE))
    };
    let nameless = client_with(&world.bank, Some(&world.bank.pki().issue(nameless)));
    let answer = send(&world, &nameless, Method::POST, "", Some(&scoped("A", &["aisp"]))).await;
    assert_eq!(answer.oauth_error(), (400, "invalid_request".to_owned()));

    let front = format!("{}/psd2-cobs/cobs/2.0/applications", world.bank.front_url());
    let answer = Answer::read(world.tpp.get(front).send().await.unwrap()).await;
    assert_eq!(answer.oauth_error(), (401, "unauthorized_client".to_owned()));
    assert_eq!(world.bank.applications().len(), 2);
}

#[tokio::test]
async fn every_answer_of_the_registration_has_the_common_headers() {
    let world = World::start().await;
    let ask = async |tpp: &reqwest::Client, method: Method, path: &str| {
        let request = tpp.request(method, world.tls(&format!("/psd2-cobs/cobs/{path}")));
        let request = request.header("x-request-id", "r-1").header("action-id", "a-1");
        let answer = Answer::read(request.send().await.unwrap()).await;
        assert_eq!((answer.header("x-request-id"), answer.header("action-id")), ("r-1", "a-1"));
        assert_eq!(answer.header("cache-control"), "no-store");
        answer
    };
    assert_eq!(ask(&world.tpp, Method::GET, "2.0/applications").await.status, 200);
    let stranger = world.without_certificate();
    let answer = ask(&stranger, Method::GET, "2.0/applications").await;
    assert_eq!((answer.status.as_u16(), answer.header("www-authenticate")), (401, "Bearer"));
    for (method, path, status) in [
        (Method::GET, "2.0/applications/", 404),
        (Method::POST, "2.0/applications/x/renewKey", 404),
        (Method::GET, "5.0/applications/x/renewSecret/x", 404),
        (Method::GET, "9.0/applications", 404),
        (Method::DELETE, "9.0/applications/x", 404),
        (Method::DELETE, "2.0/applications", 405),
        (Method::PATCH, "5.0/applications/x", 405),
        (Method::GET, "2.0/applications/x/renewSecret", 405),
    ] {
        let answer = ask(&world.tpp, method, path).await;
        assert_eq!(answer.oauth_error(), (status, "invalid_request".to_owned()), "{path}");
        assert_eq!(answer.headers.contains_key("allow"), status == 405, "{path}");
    }
    world.bank.update_knobs(|knobs| knobs.registration_failure = Knob::next(1, Some(503)));
    let answer = ask(&world.tpp, Method::GET, "2.0/applications").await;
    assert_eq!((answer.status.as_u16(), answer.header("process-id").len()), (503, 16));
}

#[tokio::test]
async fn scopes_need_the_roles_of_the_certificate() {
    let world = World::start().await;
    let cases = [
        (vec![AI, PI], [201, 201, 201]),
        (vec![AI], [201, 403, 403]),
        (vec![PI], [403, 201, 403]),
        (vec![Role::CardInstruments], [403, 403, 403]),
    ];
    for (roles, expected) in cases {
        let tpp = world.tpp_with(roles.clone(), Some(LICENCE));
        let sets: [&[&str]; 3] = [&["aisp"], &["pisp"], &["aisp", "pisp"]];
        for (scopes, expected) in sets.into_iter().zip(expected) {
            let body = scoped(&format!("{roles:?} {scopes:?}"), scopes);
            let answer = send(&world, &tpp, Method::POST, "", Some(&body)).await;
            assert_eq!(answer.status, expected, "{roles:?} {scopes:?} {answer:?}");
            if expected == 403 {
                assert_eq!(answer.oauth_error().1, "insufficient_scope");
            }
        }
    }
}

#[tokio::test]
async fn a_party_sees_its_own_applications_only() {
    let world = World::start().await;
    let stranger = world.tpp_with(vec![AI, PI], Some("PSDCZ-CNB-87654321"));
    // the name is free for another party
    let own = create(&world, &scoped("A", &["aisp"])).await.json();
    let theirs = send(&world, &stranger, Method::POST, "", Some(&scoped("A", &["aisp"]))).await;
    assert_eq!(theirs.status, 201);
    let theirs = theirs.json();
    let listed = send(&world, &stranger, Method::GET, "", None).await.json();
    let listed = listed["applications"].as_array().unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["client_id"], theirs["client_id"]);

    let path = format!("/{}", own["client_id"].as_str().unwrap());
    let renew = format!("{path}/renewSecret");
    let body = scoped("B", &["aisp"]);
    for (method, path, body) in [
        (Method::GET, &path, None),
        (Method::PUT, &path, Some(&body)),
        (Method::DELETE, &path, None),
        (Method::POST, &renew, None),
    ] {
        let foreign = send(&world, &stranger, method.clone(), path, body).await;
        let unknown = path.replace(own["client_id"].as_str().unwrap(), "unknown");
        let unknown = send(&world, &stranger, method, &unknown, body).await;
        assert_eq!(foreign.oauth_error(), (401, "invalid_client".to_owned()));
        assert_eq!(foreign.text, unknown.text);
    }
    let noted = world.bank.violations();
    assert_eq!(noted, ["registration of another party's application"; 4]);
    assert!(
        world
            .bank
            .violation_records()
            .iter()
            .all(|noted| { noted.code == "registration_of_another_party" })
    );
    assert_eq!(world.bank.applications().len(), 4);
}

#[tokio::test]
async fn a_name_is_given_once_even_to_two_at_once() {
    let world = World::start().await;
    let body = scoped("Jen jednou", &["aisp"]);
    let (one, two) = tokio::join!(create(&world, &body), create(&world, &body));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 400]);
    let refused = if one.status == 400 { one } else { two };
    assert_eq!(refused.oauth_error().1, "invalid_request");
    let other = create(&world, &scoped("Jinak", &["aisp"])).await.json();
    let path = format!("/{}", other["client_id"].as_str().unwrap());
    let answer = send(&world, &world.tpp, Method::PUT, &path, Some(&body)).await;
    assert_eq!(answer.oauth_error(), (400, "invalid_request".to_owned()));
    let same = scoped("Jinak", &["pisp"]);
    assert_eq!(send(&world, &world.tpp, Method::PUT, &path, Some(&same)).await.status, 200);
}

#[tokio::test]
async fn a_party_cannot_register_without_end() {
    let world = World::with(|options| {
        let first = options.clients[0].clone();
        let more =
            (0..998).map(|at| bank_sim::Client { client_id: format!("{at}"), ..first.clone() });
        options.clients.extend(more.collect::<Vec<_>>());
    })
    .await;
    let refused = create(&world, &scoped("A", &["aisp"])).await;
    assert_eq!(refused.oauth_error(), (400, "invalid_request".to_owned()));
    let stranger = world.tpp_with(vec![AI], Some("PSDCZ-CNB-87654321"));
    let body = scoped("A", &["aisp"]);
    assert_eq!(send(&world, &stranger, Method::POST, "", Some(&body)).await.status, 201);
    assert_eq!(send(&world, &world.tpp, Method::DELETE, "/7", None).await.status, 204);
    assert_eq!(create(&world, &body).await.status, 201);
}

#[tokio::test]
async fn a_blocked_party_is_refused_everywhere() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    let refresh = tokens["refresh_token"].as_str().unwrap();
    world.bank.block_tpp(LICENCE);
    let answer = create(&world, &application()).await;
    assert_eq!(answer.oauth_error(), (401, "access_denied".to_owned()));
    assert_eq!(world.refresh(refresh).await.oauth_error(), (401, "invalid_client".to_owned()));
    assert_eq!(world.api(token, "/my/accounts").await.error().1, "FORBIDDEN");
    let stranger = world.tpp_with(vec![AI], Some("PSDCZ-CNB-87654321"));
    assert_eq!(send(&world, &stranger, Method::GET, "", None).await.status, 200);
    world.bank.unblock_tpp(LICENCE);
    assert_eq!(world.api(token, "/my/accounts").await.status, 200);
    assert_eq!(world.refresh(refresh).await.status, 200);
    assert_eq!(create(&world, &application()).await.status, 201);
}

async fn in_the_sandbox(
    world: &World,
    symbol: &str,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> Answer {
    let sandbox = world.bank.sandbox_addr().unwrap();
    let url = format!("https://{sandbox}/psd2-cobs/cobs/5.0/applications{path}");
    let mut request = world.without_certificate().request(method, url);
    if !symbol.is_empty() {
        request = request.header("x-client-certificate", symbol);
    }
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    Answer::read(request.send().await.unwrap()).await
}

#[tokio::test]
async fn the_sandbox_follows_table_7_5() {
    let world = World::start().await;
    let cases = [
        ("", [201, 201, 201], ""),
        ("certificate-all", [201, 201, 201], ""),
        ("certificate-aisp", [201, 403, 403], "insufficient_scope"),
        ("certificate-pisp", [403, 201, 403], "insufficient_scope"),
        ("certificate-no-psd", [401, 401, 401], "access_denied"),
        ("certificate-x", [401, 401, 401], "unauthorized_client"),
    ];
    for (symbol, expected, error) in cases {
        let sets: [&[&str]; 3] = [&["aisp"], &["pisp"], &["aisp", "pisp"]];
        for (scopes, expected) in sets.into_iter().zip(expected) {
            let body = scoped(&format!("{symbol} {scopes:?}"), scopes);
            let answer = in_the_sandbox(&world, symbol, Method::POST, "", Some(&body)).await;
            assert_eq!(answer.status, expected, "{symbol} {scopes:?}");
            if expected != 201 {
                assert_eq!(answer.oauth_error().1, error);
            }
        }
    }
    let owners =
        [("", 6), ("certificate-all", 6), ("certificate-aisp", 1), ("certificate-pisp", 1)];
    for (symbol, count) in owners {
        let listed = in_the_sandbox(&world, symbol, Method::GET, "", None).await.json();
        assert_eq!(listed["applications"].as_array().unwrap().len(), count, "{symbol}");
    }
    let listed = in_the_sandbox(&world, "certificate-aisp", Method::GET, "", None).await.json();
    let path = format!("/{}", listed["applications"][0]["client_id"].as_str().unwrap());
    let foreign = in_the_sandbox(&world, "certificate-all", Method::GET, &path, None).await;
    assert_eq!(foreign.oauth_error(), (401, "invalid_client".to_owned()));
    let own = in_the_sandbox(&world, "certificate-aisp", Method::DELETE, &path, None).await;
    assert_eq!(own.status, 204);
}
