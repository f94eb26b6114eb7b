//! Certificates that do not fit, on either side: nothing secret is sent, no consent is lost.

use bank_sim::{BankSim, CertificateRequest, Identity, Role};
use demo::{Options, World};
use serde_json::json;

use crate::common::{
    accounts, api_calls, connected, exchanges, landed, live_tokens, our_request, problem, start,
    world,
};

fn present(world: &World, identity: &Identity) {
    std::fs::write(world.folder.join("certificate.pem"), &identity.cert_pem).unwrap();
    std::fs::write(world.folder.join("private-key.pem"), &identity.key_pem).unwrap();
}

/// T13: without our certificate the bank hands out nothing; the operator has to act.
#[tokio::test]
async fn without_client_certificate_there_are_no_tokens() {
    let world = start(Options { mutual_tls: false, ..Options::default() }).await;
    let (browser, attempt, landing) = landed(&world).await;
    problem(&browser.finish(&attempt, &landing).await.unwrap(), 502, "bank_unavailable");
    let [call] = &exchanges(&world)[..] else { panic!("one exchange") };
    assert!(call.peer.is_none());
    assert!(live_tokens(&world).is_empty());
}

/// K46: a certificate for payments only opens no accounts, and the page is told by the bank's code.
#[tokio::test]
async fn a_certificate_of_another_role_is_refused_by_the_api() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let roles = vec![Role::PaymentInitiation];
    present(&world, &world.bank.pki().issue(CertificateRequest { roles, ..our_request() }));
    world.reload().await;
    let answer = accounts(&browser, &id).await;
    let body = problem(&answer, 422, "bank_refused");
    assert_eq!(body["bank_codes"], json!(["FORBIDDEN"]));
    assert!(!answer.text.contains("lacks"), "P23: not a word of the bank's message");
    assert_eq!(api_calls(&world).len(), 1);
}

/// A certificate of an authority the bank does not know ends in the handshake.
#[tokio::test]
async fn a_certificate_of_a_foreign_authority_is_refused_in_the_handshake() {
    let world = start(Options { foreign_certificate: true, ..Options::default() }).await;
    let (browser, attempt, landing) = landed(&world).await;
    problem(&browser.finish(&attempt, &landing).await.unwrap(), 502, "bank_unavailable");
    assert!(exchanges(&world).is_empty());
}

/// T13, K46: our certificate expires, then is replaced: nobody has to connect again.
#[tokio::test]
async fn an_expired_certificate_costs_nobody_a_grant() {
    let mut world = world().await;
    let (browser, id) = connected(&world).await;
    present(&world, &world.bank.pki().issue_expired(our_request()));
    world.restart_broker().await.unwrap();
    world.bank.clear_requests();
    problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
    assert!(api_calls(&world).is_empty());
    present(&world, &world.bank.pki().issue(our_request()));
    world.restart_broker().await.unwrap();
    assert_eq!(accounts(&browser, &id).await.status, 200);
}

/// K15, P32: a server that is not the bank gets neither code nor secret nor token.
#[tokio::test]
async fn a_bank_of_an_unknown_authority_gets_nothing() {
    let mut world = world().await;
    let (browser, id) = connected(&world).await;
    let other = BankSim::start(bank_sim::Options::default()).await.unwrap();
    std::fs::write(world.folder.join("bank-ca.pem"), other.pki().ca_pem()).unwrap();
    world.restart_broker().await.unwrap();
    world.bank.clear_requests();
    problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
    let attempt = browser.start("cnb", "pisp").await.unwrap();
    let landing = browser.consent(&attempt).await.unwrap();
    world.bank.clear_requests();
    problem(&browser.finish(&attempt, &landing).await.unwrap(), 502, "bank_unavailable");
    let receipt = browser.delete(&format!("/connections/{id}")).await.unwrap().json();
    assert_eq!(receipt["at_bank"], "pending");
    assert!(world.bank.requests().is_empty(), "nothing was sent");
}

/// P32: the certificate must name the host the configuration names, whatever address it leads to.
#[tokio::test]
async fn a_bank_under_another_name_gets_nothing() {
    let mut world = world().await;
    let (browser, id) = connected(&world).await;
    let path = world.folder.join("bankconnect.toml");
    let text = std::fs::read_to_string(&path).unwrap();
    let base = "base_api_url = \"https://wrong.example/psd2-cobs/\"\n\
                token_url = \"https://wrong.example/powerauth-webflow/oauth/token\"\n";
    let text =
        text.replace("\n[providers.cnb.resolve]", &format!("\n{base}\n[providers.cnb.resolve]"));
    let text = text.replace("\"aboktpp.cnb.cz\" =", "\"wrong.example\" =");
    std::fs::write(&path, text).unwrap();
    world.restart_broker().await.unwrap();
    world.bank.clear_requests();
    problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
    let attempt = browser.start("cnb", "pisp").await.unwrap();
    let landing = browser.consent(&attempt).await.unwrap();
    world.bank.clear_requests();
    problem(&browser.finish(&attempt, &landing).await.unwrap(), 502, "bank_unavailable");
    assert!(world.bank.requests().is_empty(), "nothing was sent");
}

/// P14: each provider shows its own certificate, on connections of its own.
#[tokio::test]
async fn the_certificate_belongs_to_the_registration() {
    let mut world = world().await;
    let (browser, id) = connected(&world).await;
    let licence = Some("PSDCZ-CNB-87654321".to_owned());
    let stranger = world.bank.pki().issue(CertificateRequest { licence, ..our_request() });
    present(&world, &stranger);
    world.restart_broker().await.unwrap();
    let body = problem(&accounts(&browser, &id).await, 422, "bank_refused");
    assert_eq!(body["bank_codes"], json!(["FORBIDDEN"]));
    let attempt = browser.start("cnb", "pisp").await.unwrap();
    let landing = browser.consent(&attempt).await.unwrap();
    problem(&browser.finish(&attempt, &landing).await.unwrap(), 502, "bank_unavailable");
    present(&world, &world.bank.pki().issue(our_request()));
    world.restart_broker().await.unwrap();
    assert_eq!(accounts(&browser, &id).await.status, 200, "no grant was lost");
}
