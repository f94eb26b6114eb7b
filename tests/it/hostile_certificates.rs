//! Certificates that end, change or never fitted, ours and the bank's: each cause has a name that the operator
//! is told, nothing secret is sent, and nobody loses a consent.

use std::time::Duration;

use bank_sim::{CertificateRequest, Identity, Role, ServerFault};
use demo::{Options, World};
use serde_json::{Value, json};

use crate::common::{
    accounts, api_calls, connected, eventually, exchanges, health, our_request, problem, refreshes,
    stepped,
};
use crate::{cli, logs};

const OVER: Duration = Duration::from_secs(301);

fn write(world: &World, identity: &Identity) {
    std::fs::write(world.folder.join("certificate.pem"), &identity.cert_pem).unwrap();
    std::fs::write(world.folder.join("private-key.pem"), &identity.key_pem).unwrap();
}

async fn present(world: &mut World, identity: &Identity) {
    write(world, identity);
    world.restart_broker().await.unwrap();
}

/// D.4 `cert=expired`, D.3 certificate expiring mid-session: K46, T13; the reason has a name, and with a new
/// certificate (the operator's path: files and a restart) everybody goes on.
#[tokio::test]
async fn an_expired_certificate_is_told_by_name() {
    logs::begin();
    let mut world = stepped().await;
    let (browser, id) = connected(&world).await;
    let expired = world.bank.pki().issue_expired(our_request());
    present(&mut world, &expired).await;
    world.bank.clear_requests();
    world.advance(OVER);
    problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
    assert_eq!(health(&world, "cnb").await["trouble"], "certificate_expired");
    let alarms = logs::events("bank_trouble");
    assert!(alarms.iter().all(|alarm| alarm["trouble"] == "certificate_expired"));
    assert!(!alarms.is_empty());
    // the handshake was the end: nothing is open about the refresh token
    assert!(world.bank.requests().is_empty());
    let good = world.bank.pki().issue(our_request());
    present(&mut world, &good).await;
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(health(&world, "cnb").await["trouble"], json!(null));
}

/// D.3 certificate expiring mid-session, at its very moment: two years after the bank opened, both have the
/// same broker, and the connection of the morning is closed.
#[tokio::test]
async fn a_certificate_expires_under_a_running_broker() {
    let world = stepped().await;
    connected(&world).await;
    world.advance(Duration::from_hours(24 * 731));
    // a provider of its own has connections of its own, none of them open yet
    let browser = world.browser();
    let attempt = browser.start("other", "aisp").await.unwrap();
    let landing = browser.consent(&attempt).await.unwrap();
    problem(&browser.finish(&attempt, &landing).await.unwrap(), 502, "bank_unavailable");
    assert_eq!(health(&world, "other").await["trouble"], "certificate_expired");
    assert_eq!(exchanges(&world).len(), 1, "the first one's, two years ago");
}

/// D.4 `cert=swapped`: a certificate of an authority the bank does not know, or of another firm; each has its
/// reason, and the grants are still there when the right one is back.
#[tokio::test]
async fn a_swapped_certificate_is_told_by_name() {
    let mut world = stepped().await;
    let (browser, id) = connected(&world).await;
    let foreign = world.bank.pki().issue_untrusted(our_request());
    present(&mut world, &foreign).await;
    problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
    assert_eq!(health(&world, "cnb").await["trouble"], "certificate_unknown_authority");
    let licence = Some("PSDCZ-CNB-87654321".to_owned());
    let stranger = world.bank.pki().issue(CertificateRequest { licence, ..our_request() });
    present(&mut world, &stranger).await;
    let body = problem(&accounts(&browser, &id).await, 422, "bank_refused");
    assert_eq!(body["bank_codes"], json!(["FORBIDDEN"]), "the bank's own word");
    world.advance(OVER);
    problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
    assert_eq!(
        health(&world, "cnb").await["trouble"],
        "client_refused",
        "and the token endpoint's"
    );
    let good = world.bank.pki().issue(our_request());
    present(&mut world, &good).await;
    assert_eq!(accounts(&browser, &id).await.status, 200);
}

/// D.4 `cert=swapped`, every case that a bank tells apart: the reason, and that the right one mends it.
#[tokio::test]
async fn every_bad_certificate_has_its_name() {
    let mut world = stepped().await;
    let (browser, id) = connected(&world).await;
    let identities = world.bank.identities("PSDCZ-CNB-12345678").unwrap();
    let identity = |name| identities.iter().find(|(known, _)| *known == name).unwrap().1.clone();
    for (name, trouble) in [
        ("expired", "certificate_expired"),
        ("untrusted", "certificate_unknown_authority"),
        ("revoked", "certificate_revoked"),
        ("not-yet-valid", "certificate_expired"), // TLS has one alert for both
    ] {
        present(&mut world, &identity(name)).await;
        world.bank.clear_requests();
        problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
        assert_eq!(health(&world, "cnb").await["trouble"], trouble, "{name}");
        assert!(world.bank.requests().is_empty(), "{name}: the handshake was the end");
        present(&mut world, &identity("all")).await;
        assert_eq!(accounts(&browser, &id).await.status, 200, "{name}");
        assert_eq!(health(&world, "cnb").await["trouble"], json!(null), "{name}");
    }
}

/// D.4 `cert=ca_rotated`: the bank moves to a new authority. Who does not know it sends nothing and says why;
/// with old and new in `ca_file` everybody goes on; in the end the old one no longer covers our certificate.
#[tokio::test]
async fn a_new_authority_of_the_bank_is_told_by_name() {
    let mut world = stepped().await;
    let (browser, id) = connected(&world).await;
    let file = world.folder.join("bank-ca.pem");
    let old = std::fs::read(&file).unwrap();
    world.bank.rotate_authority().unwrap();
    world.restart_broker().await.unwrap();
    world.bank.clear_requests();
    problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
    assert_eq!(health(&world, "cnb").await["trouble"], "bank_certificate_unknown_authority");
    assert!(world.bank.requests().is_empty(), "nothing was sent");
    std::fs::write(&file, [world.bank.pki().ca_pem().into_bytes(), old].concat()).unwrap();
    world.restart_broker().await.unwrap();
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(health(&world, "cnb").await["trouble"], json!(null));
    world.bank.retire_old_authority().unwrap();
    world.restart_broker().await.unwrap();
    problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
    assert_eq!(health(&world, "cnb").await["trouble"], "certificate_unknown_authority");
    let good = world.bank.pki().issue(our_request());
    present(&mut world, &good).await;
    assert_eq!(accounts(&browser, &id).await.status, 200, "no grant was lost");
}

/// K15, P32: a certificate of the bank's that is no good, by name; a renewed one needs nobody's help.
#[tokio::test]
async fn every_bad_certificate_of_the_bank_has_its_name() {
    let mut world = stepped().await;
    let (browser, id) = connected(&world).await;
    for (fault, trouble) in [
        (ServerFault::Expired, "bank_certificate_expired"),
        (ServerFault::WrongName, "bank_certificate_wrong_name"),
        (ServerFault::UntrustedAuthority, "bank_certificate_unknown_authority"),
        (ServerFault::NotYetValid, "bank_certificate_refused"),
    ] {
        world.bank.serve_certificate(fault).unwrap();
        world.restart_broker().await.unwrap(); // or calls would go on by the open connection
        world.bank.clear_requests();
        problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
        assert_eq!(health(&world, "cnb").await["trouble"], trouble, "{fault:?}");
        assert!(world.bank.requests().is_empty(), "{fault:?}: nothing was sent");
        world.bank.renew_server_certificate().unwrap();
        assert_eq!(accounts(&browser, &id).await.status, 200, "{fault:?}");
    }
}

/// D.3 certificate expiring mid-session: ours is revoked while a connection is open. The bank then counts a
/// call as one without certificate; it is told, and the next good certificate goes on.
#[tokio::test]
async fn a_certificate_revoked_on_an_open_connection() {
    let mut world = stepped().await;
    let (browser, id) = connected(&world).await;
    let first = world.bank.pki().issue(our_request());
    present(&mut world, &first).await;
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert!(world.bank.revoke_certificate(&first).unwrap());
    world.bank.clear_requests();
    let body = problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
    assert!(body["detail"].as_str().unwrap().contains("the operator has to act"), "{body}");
    assert_eq!((api_calls(&world).len(), refreshes(&world).len()), (1, 0));
    assert_eq!(health(&world, "cnb").await["trouble"], "certificate_revoked");
    let body = browser.get(&format!("/connections/{id}")).await.unwrap().json();
    assert_eq!(body["status"], "connected", "no consent is lost");
    let second = world.bank.pki().issue(our_request());
    present(&mut world, &second).await;
    assert_eq!(accounts(&browser, &id).await.status, 200);
}

/// D.4 `cert=wrong_role`: K46; the broker does not start with a scope that its certificate does not cover. Where
/// a lesser certificate comes later, nobody is sent to the bank for that scope, and what is connected already gets
/// the bank's refusal by its code.
#[tokio::test]
async fn a_certificate_for_payments_opens_no_accounts() {
    let roles = vec![Role::PaymentInitiation];
    let options = Options { roles: roles.clone(), ..Options::default() };
    let refused = World::start(options).await.err().unwrap().to_string();
    assert!(refused.contains("providers.cnb.scopes: has \"aisp\""), "{refused}");
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    let payments = world.bank.pki().issue(CertificateRequest { roles, ..our_request() });
    write(&world, &payments);
    let refused = cli::run(&world.folder, &["serve"]).await;
    assert_eq!(refused.code, 1);
    for part in [
        "providers.cnb.scopes: has \"aisp\", but certificate_file lacks its PSD2 role PSP_AI",
        "fix: take \"aisp\" out, or name a certificate for account information",
        "providers.other.scopes",
    ] {
        assert!(refused.err.contains(part), "{}", refused.err);
    }
    logs::begin();
    world.reload().await;
    assert_eq!(health(&world, "cnb").await["certificate_lacks"], json!(["aisp"]));
    let events = logs::events("certificate");
    assert_eq!(events.len(), 2, "one for each provider that presents it");
    assert!(events.iter().all(|event| event["level"] == "ERROR" && event["lacks"] == "aisp"));
    world.bank.clear_requests();
    let drawn = "A".repeat(43);
    let state = format!("bc1.{drawn}");
    let asked =
        json!({ "provider": "cnb", "scopes": ["aisp"], "state": state, "code_challenge": drawn });
    let body =
        problem(&browser.post("/authorizations", &asked).await.unwrap(), 503, "bank_unavailable");
    assert!(body["detail"].as_str().unwrap().contains("does not cover this scope"), "{body}");
    let events = logs::events("scope_uncovered");
    let [event] = &events[..] else { panic!("{events:?}") };
    assert_eq!((&event["level"], &event["scope"]), (&json!("ERROR"), &json!("aisp")));
    assert_eq!((&event["provider"], &event["role"]), (&json!("cnb"), &json!("PSP_AI")));
    assert!(browser.start("cnb", "pisp").await.is_ok(), "what it covers goes on");
    let body = problem(&accounts(&browser, &id).await, 422, "bank_refused");
    assert_eq!(body["bank_codes"], json!(["FORBIDDEN"]));
    assert_eq!((api_calls(&world).len(), refreshes(&world).len()), (1, 0), "and not asked twice");
}

/// K46: the end of our certificate is shown, and told in steps: once a day, by the clock that was handed in, at the
/// start, with new files and by itself.
#[tokio::test]
async fn the_end_of_our_certificate_is_told_ahead() {
    let mut world = stepped().await;
    let days = |days: u64| Duration::from_hours(24 * days);
    let told = health(&world, "cnb").await;
    assert_eq!((&told["certificate_lacks"], &told["certificate_step"]), (&json!([]), &json!(null)));
    assert_eq!(told["certificate_days_left"], 730);
    let ends: jiff::Timestamp = told["certificate_ends_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(ends.as_second().unsigned_abs(), world.now() + 730 * 86_400);
    let sandbox = health(&world, "cnb-sandbox").await;
    assert_eq!(
        (&sandbox["certificate_ends_at"], &sandbox["certificate_step"]),
        (&json!(null), &json!(null))
    );
    assert_eq!(sandbox["certificate_days_left"], json!(null));
    logs::begin();
    world.advance(days(699));
    world.reload().await;
    assert_eq!(told_ends(), [] as [Value; 0], "there is time");
    world.advance(days(1));
    eventually("told without being asked", || told_ends().len() == 2).await;
    let mut left = 30;
    for (passed, step, level) in [
        (0, 30, "WARN"),
        (1, 30, "WARN"),
        (14, 30, "WARN"),
        (1, 14, "WARN"),
        (6, 14, "WARN"),
        (1, 7, "ERROR"),
        (5, 7, "ERROR"),
        (1, 1, "ERROR"),
        (1, 1, "ERROR"),
        (1, 0, "ERROR"),
        (1, 0, "ERROR"),
    ] {
        if passed > 0 {
            logs::begin();
            world.advance(days(passed));
            left -= i64::try_from(passed).unwrap();
        }
        world.reload().await;
        world.reload().await;
        let one = json!({ "days": left, "step": step, "level": level });
        assert_eq!(told_ends(), [one.clone(), one], "each provider once a day");
        let told = health(&world, "cnb").await;
        assert_eq!(told["certificate_days_left"], left);
        assert_eq!(told["certificate_step"], step);
    }
    logs::begin();
    world.restart_broker().await.unwrap();
    assert_eq!(told_ends().len(), 2, "at the start");
}

/// What the log says about the end of certificates.
fn told_ends() -> Vec<Value> {
    let events = logs::events("certificate").into_iter();
    let short = |event: Value| json!({ "days": event["days"], "step": event["step"], "level": event["level"] });
    events.map(short).collect()
}
