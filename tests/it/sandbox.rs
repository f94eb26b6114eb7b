//! Providers, and the sandbox with its prepared tokens and certificates.

use serde_json::{Value, json};

use crate::common::{REVOKE, TOKEN, accounts, api_calls, connected, problem, seen, world};

const CERTIFICATES: [Option<&str>; 5] = [
    None,
    Some("certificate-aisp"),
    Some("certificate-pisp"),
    Some("certificate-all"),
    Some("certificate-no-psd"),
];

fn prepared(token: &str, certificate: Option<&str>) -> Value {
    json!({ "provider": "cnb-sandbox", "token": token, "certificate": certificate })
}

/// What a page is told before anybody is connected: nothing secret, no address but the login's.
#[tokio::test]
async fn providers_are_listed_as_configured() {
    let world = world().await;
    let answer = world.browser().get("/providers").await.unwrap();
    let bank = |id: &str, name: &str| {
        json!({
            "id": id, "name": name, "country": "CZ", "environment": "production",
            "connect": "authorization", "scopes": ["aisp", "pisp"], "scopes_per_authorization": 1,
            "authorization_origin": "https://aboktpp.cnb.cz", "prepared_tokens": [],
            "prepared_certificates": [], "cobs_version": "2.0", "consent_days": 180,
            "logo": if id == "cnb" { json!("/providers/cnb/logo") } else { Value::Null },
        })
    };
    let sandbox = json!({
        "id": "cnb-sandbox", "name": "Česká národní banka (sandbox)", "country": "CZ",
        "environment": "sandbox", "connect": "prepared_token", "scopes": ["aisp", "pisp"],
        "scopes_per_authorization": 1, "authorization_origin": null,
        "prepared_tokens": ["token-aisp", "token-pisp", "token-no-scope"],
        "prepared_certificates":
            ["certificate-aisp", "certificate-pisp", "certificate-all", "certificate-no-psd"],
        "cobs_version": "2.0", "consent_days": null, "logo": null,
    });
    let expected = [bank("cnb", "Česká národní banka"), sandbox, bank("other", "Jiná banka")];
    assert_eq!(answer.json(), json!({ "providers": expected }));
    assert!(answer.headers.get("set-cookie").is_none(), "looking around makes no session");
}

/// Bank-api table 7.2, every row and column that the product lets through, and what was sent for it.
#[tokio::test]
async fn every_token_with_every_certificate() {
    let world = world().await;
    let browser = world.browser();
    for (token, scopes) in [
        ("token-aisp", json!(["aisp"])),
        ("token-pisp", json!(["pisp"])),
        ("token-no-scope", json!([])),
    ] {
        for certificate in CERTIFICATES {
            let answer = browser.post("/connections", &prepared(token, certificate)).await.unwrap();
            assert_eq!(answer.status, 201, "{token} {certificate:?}: {}", answer.text);
            assert!(answer.headers.get("set-cookie").is_some(), "K24: renewed");
            let body = answer.json();
            assert_eq!((&body["scopes"], &body["status"]), (&scopes, &json!("connected")));
            assert_eq!(
                (&body["environment"], &body["reconnect_by"]),
                (&json!("sandbox"), &Value::Null)
            );
            world.bank.clear_requests();
            let answer = accounts(&browser, body["id"].as_str().unwrap()).await;
            let opens = !matches!(certificate, Some("certificate-pisp" | "certificate-no-psd"));
            if token == "token-aisp" && opens {
                assert_eq!(answer.status, 200, "{token} {certificate:?}: {}", answer.text);
            } else {
                let body = problem(&answer, 422, "bank_refused");
                assert_eq!(body["bank_codes"], json!(["FORBIDDEN"]), "{token} {certificate:?}");
            }
            let [call] = &api_calls(&world)[..] else { panic!("one call") };
            assert_eq!(call.listener, bank_sim::Door::Sandbox);
            assert_eq!(call.header_values("authorization"), [format!("Bearer {token}")]);
            let sent = call.header_values("x-client-certificate");
            assert_eq!(sent, Vec::from_iter(certificate.map(ToOwned::to_owned)));
            assert!(call.peer.is_none(), "no certificate of ours goes to the sandbox");
        }
    }
    let list = browser.get("/connections").await.unwrap().json();
    assert_eq!(list["connections"].as_array().unwrap().len(), 15, "each stands alone");
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// Only names of the list are sent: a page cannot make the broker send what it likes (C04).
#[tokio::test]
async fn unknown_tokens_and_certificates_are_refused() {
    let world = world().await;
    let browser = world.browser();
    for (token, certificate) in [
        ("", None),
        ("token", None),
        ("TOKEN-AISP", None),
        ("token-aisp ", None),
        ("token-aisp\r\nx: y", None),
        ("token-aisp", Some("")),
        ("token-aisp", Some("certificate")),
        ("token-aisp", Some("-----BEGIN CERTIFICATE-----")),
        ("token-aisp", Some("certificate-all\r\nx: y")),
    ] {
        let answer = browser.post("/connections", &prepared(token, certificate)).await.unwrap();
        problem(&answer, 400, "invalid_request");
    }
    assert!(browser.cookie_header().is_none());
    assert!(world.bank.requests().is_empty());
}

/// A 401 of the sandbox is the sandbox's answer: prepared tokens are not renewed.
#[tokio::test]
async fn a_refused_prepared_token_is_not_renewed() {
    let world = world().await;
    let browser = world.browser();
    let answer = browser.post("/connections", &prepared("token-aisp", None)).await.unwrap();
    let id = answer.json()["id"].as_str().unwrap().to_owned();
    world.bank.update_knobs(|knobs| knobs.api_reply = bank_sim::ApiReply::Expired.into());
    let body = problem(&accounts(&browser, &id).await, 422, "bank_refused");
    assert_eq!(body["bank_codes"], json!(["UNAUTHORISED"]));
    assert!(seen(&world, TOKEN).is_empty());
    world.bank.update_knobs(|knobs| knobs.api_reply = bank_sim::ApiReply::Normal.into());
    assert_eq!(accounts(&browser, &id).await.status, 200, "and not ended");
}

/// Bank-api 1.3: the header goes to the sandbox only, in one session with real connections.
#[tokio::test]
async fn the_certificate_header_goes_to_the_sandbox_only() {
    let world = world().await;
    let (browser, real) = connected(&world).await;
    let body = prepared("token-aisp", Some("certificate-all"));
    let answer = browser.post("/connections", &body).await.unwrap();
    let sandbox = answer.json()["id"].as_str().unwrap().to_owned();
    for _ in 0..3 {
        assert_eq!(accounts(&browser, &real).await.status, 200);
        assert_eq!(accounts(&browser, &sandbox).await.status, 200);
    }
    for call in world.bank.requests() {
        let sent = call.header("x-client-certificate").is_some();
        assert_eq!(sent, call.listener == bank_sim::Door::Sandbox, "{}", call.target);
    }
    let receipt = browser.delete(&format!("/connections/{sandbox}")).await.unwrap().json();
    assert_eq!(receipt["at_bank"], "not_offered");
    assert!(seen(&world, REVOKE).is_empty());
    assert_eq!(accounts(&browser, &real).await.status, 200);
}
