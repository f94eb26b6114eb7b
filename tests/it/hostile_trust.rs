//! A bank and a broker that do not take each other, or do not agree on the time: each cause has a name that
//! the operator is told, and nobody loses a consent.

use std::time::{Duration, SystemTime};

use bank_sim::{
    BankSim, CertificateRequest, ClientAuth, Clock, Identity, Knob, RefreshFailure, Role,
};
use demo::{Options, World};
use serde_json::json;

use crate::common::{
    accounts, api_calls, connected, exchanges, health, landed, problem, refreshes, start, stepped,
    world,
};
use crate::logs;

const OVER: Duration = Duration::from_secs(301);

fn request() -> CertificateRequest {
    CertificateRequest {
        roles: vec![Role::AccountInformation, Role::PaymentInitiation],
        licence: Some("PSDCZ-CNB-12345678".to_owned()),
        organisation: "Ukazkova fintech a.s.".to_owned(),
        common_name: "tpp.example".to_owned(),
    }
}

async fn present(world: &mut World, identity: &Identity) {
    std::fs::write(world.folder.join("certificate.pem"), &identity.cert_pem).unwrap();
    std::fs::write(world.folder.join("private-key.pem"), &identity.key_pem).unwrap();
    world.restart_broker().await.unwrap();
}

/// D.4 `refresh=invalid_client`, D.3 `invalid_client` during rollover: T13; an alarm for the operator, the
/// provider shown as refusing us, not one grant lost of several, and all is well when the bank is.
#[tokio::test]
async fn a_refused_client_is_the_operators_alarm() {
    logs::begin();
    let world = stepped().await;
    let mut people = Vec::new();
    for credential in world.bank.credentials() {
        let browser = world.browser().as_customer(&credential.username, &credential.password);
        let id = browser.connect("cnb", "aisp").await.unwrap();
        people.push((browser, id));
    }
    assert!(people.len() > 2);
    assert_eq!(health(&world, "cnb").await["trouble"], json!(null));
    world.bank.update_knobs(|k| k.refresh_failure = RefreshFailure::InvalidClient.into());
    world.advance(OVER);
    for hour in 0..3 {
        for (browser, id) in &people {
            problem(&accounts(browser, id).await, 502, "bank_unavailable");
        }
        assert_eq!(refreshes(&world).len(), people.len() * (hour + 1), "one try per call");
        world.advance(Duration::from_mins(30));
    }
    let told = health(&world, "cnb").await;
    assert_eq!(told["trouble"], "client_refused");
    let since: jiff::Timestamp = told["since"].as_str().unwrap().parse().unwrap();
    assert_eq!(since.as_second().unsigned_abs() + 3 * 1800, world.now(), "since the first of them");
    assert_eq!(health(&world, "other").await["trouble"], json!(null), "this registration only");
    let alarms = logs::events("bank_trouble");
    assert_eq!(alarms.len(), 3 * people.len());
    let named = |alarm: &serde_json::Value| (alarm["level"].clone(), alarm["trouble"].clone());
    assert!(alarms.iter().all(|alarm| named(alarm) == (json!("ERROR"), json!("client_refused"))));
    world.bank.update_knobs(|k| k.refresh_failure = RefreshFailure::Off.into());
    for (browser, id) in &people {
        let body = browser.get(&format!("/connections/{id}")).await.unwrap().json();
        assert_eq!(body["status"], "connected");
        assert_eq!(accounts(browser, id).await.status, 200, "zero grants lost");
    }
    assert_eq!(health(&world, "cnb").await["trouble"], json!(null));
    assert_eq!(logs::events("bank_trouble_over").len(), 1);
}

/// D.3 `invalid_client` during rollover, at a connect: the person is told to come later, and may.
#[tokio::test]
async fn a_client_refused_at_a_connect_is_the_same_alarm() {
    let world = stepped().await;
    world.bank.update_knobs(|knobs| knobs.client_auth = ClientAuth::Post.into());
    let (browser, attempt, landing) = landed(&world).await;
    problem(&browser.finish(&attempt, &landing).await.unwrap(), 502, "bank_unavailable");
    assert_eq!(health(&world, "cnb").await["trouble"], "client_refused");
    world.bank.update_knobs(|knobs| knobs.client_auth = ClientAuth::Both.into());
    let id = browser.connect("cnb", "aisp").await.unwrap();
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(health(&world, "cnb").await["trouble"], json!(null));
}

/// D.4 `cert=expired`, D.3 certificate expiring mid-session: K46, T13; the reason has a name, and with a new
/// certificate (the operator's path: files and a restart) everybody goes on.
#[tokio::test]
async fn an_expired_certificate_is_told_by_name() {
    logs::begin();
    let mut world = stepped().await;
    let (browser, id) = connected(&world).await;
    let expired = world.bank.pki().issue_expired(request());
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
    let good = world.bank.pki().issue(request());
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
    let foreign = world.bank.pki().issue_untrusted(request());
    present(&mut world, &foreign).await;
    problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
    assert_eq!(health(&world, "cnb").await["trouble"], "certificate_unknown_authority");
    let licence = Some("PSDCZ-CNB-87654321".to_owned());
    let stranger = world.bank.pki().issue(CertificateRequest { licence, ..request() });
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
    let good = world.bank.pki().issue(request());
    present(&mut world, &good).await;
    assert_eq!(accounts(&browser, &id).await.status, 200);
}

/// D.4 `cert=ca_rotated`: the bank comes with a certificate of an authority we do not know yet. Nothing is
/// sent, the reason has a name, and with the new authority in `ca_file` everybody goes on.
#[tokio::test]
async fn a_new_authority_of_the_bank_is_told_by_name() {
    let mut world = stepped().await;
    let (browser, id) = connected(&world).await;
    let trusted = std::fs::read(world.folder.join("bank-ca.pem")).unwrap();
    let before = BankSim::start(bank_sim::Options::default()).await.unwrap();
    std::fs::write(world.folder.join("bank-ca.pem"), before.pki().ca_pem()).unwrap();
    world.restart_broker().await.unwrap();
    world.bank.clear_requests();
    problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
    assert_eq!(health(&world, "cnb").await["trouble"], "bank_certificate_unknown_authority");
    assert!(world.bank.requests().is_empty());
    let both = [before.pki().ca_pem().into_bytes(), trusted].concat();
    std::fs::write(world.folder.join("bank-ca.pem"), both).unwrap();
    world.restart_broker().await.unwrap();
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(health(&world, "cnb").await["trouble"], json!(null));
}

/// D.4 `clock=±300s`: everything works, and how far the clocks are apart is measured and shown.
#[tokio::test]
async fn clocks_five_minutes_apart_are_no_trouble() {
    let five = Duration::from_mins(5);
    let now = SystemTime::now();
    for (ours, skew) in [(now - five, 300), (now + five, -300)] {
        logs::begin();
        let world = start(Options {
            clock: Clock::manual(ours),
            bank_clock: Some(Clock::manual(now)),
            ..Options::default()
        })
        .await;
        let (browser, id) = connected(&world).await;
        assert_eq!(accounts(&browser, &id).await.status, 200);
        let told = health(&world, "cnb").await["clock_skew_seconds"].as_i64().unwrap();
        assert!(told.abs_diff(skew) <= 10, "{told} for {skew}");
        let events = logs::events("clock_skew");
        assert_eq!((events.len(), &events[0]["provider"]), (1, &json!("cnb")), "told once");
        assert!(events[0]["skew"].as_i64().unwrap().abs_diff(skew) <= 10);
        for _ in 0..2 {
            world.bank.clock().advance(OVER);
            world.advance(OVER);
            assert_eq!(accounts(&browser, &id).await.status, 200);
        }
        assert_eq!(refreshes(&world).len(), 2);
        assert_eq!(world.bank.violations(), Vec::<String>::new());
    }
}

/// D.4 `cert=wrong_role`: K46; the bank refuses in its own words, which are passed on by their code.
#[tokio::test]
async fn a_certificate_for_payments_opens_no_accounts() {
    let roles = vec![Role::PaymentInitiation];
    let world = start(Options { roles, ..Options::default() }).await;
    let (browser, id) = connected(&world).await;
    let body = problem(&accounts(&browser, &id).await, 422, "bank_refused");
    assert_eq!(body["bank_codes"], json!(["FORBIDDEN"]));
    assert_eq!((api_calls(&world).len(), refreshes(&world).len()), (1, 0), "and not asked twice");
}

/// K46: without a certificate the bank's token endpoint does not take us, and the operator is told.
#[tokio::test]
async fn no_certificate_at_all_is_told() {
    let world = start(Options { mutual_tls: false, ..Options::default() }).await;
    let (browser, attempt, landing) = landed(&world).await;
    problem(&browser.finish(&attempt, &landing).await.unwrap(), 502, "bank_unavailable");
    assert_eq!(health(&world, "cnb").await["trouble"], "client_refused");
}

/// P28: a bank that is only out of breath is no trouble of ours.
#[tokio::test]
async fn a_bank_out_of_breath_is_no_trouble() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    world.bank.update_knobs(|k| k.api_reply = Knob::next(1, bank_sim::ApiReply::Status(503)));
    problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
    assert_eq!(health(&world, "cnb").await["trouble"], json!(null));
}
