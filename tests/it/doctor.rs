//! `bankconnect doctor` against banks that are broken in one way each: that one is named, with what to do.

use std::path::Path;
use std::time::{Duration, SystemTime};

use bank_sim::{ApiReply, ClientAuth, Clock, Identity, Knobs};
use demo::{Options, World};
use serde_json::{Value, json};

use crate::cli::{self, Said, accept, change};
use crate::common::{connected, on_file, our_request, start, world};

async fn doctor(world: &World) -> Said {
    cli::run(&world.folder, &["doctor", "--provider", "cnb", "--json"]).await
}

/// Exactly these checks are wrong, each with words of its `what` and a fix; nothing else is.
async fn finds(world: &World, wrong: &[(&str, &str)]) {
    let said = doctor(world).await;
    let told = said.json();
    let checks = told["checks"].as_array().unwrap();
    let found: Vec<_> = checks.iter().filter(|one| one["state"] == "wrong").collect();
    let names: Vec<_> = found.iter().map(|one| one["check"].as_str().unwrap()).collect();
    assert_eq!(names, wrong.iter().map(|(name, _)| *name).collect::<Vec<_>>(), "{told:#}");
    for (one, (_, words)) in found.iter().zip(wrong) {
        assert!(one["what"].as_str().unwrap().contains(words), "{one}");
        assert!(one["fix"].as_str().unwrap().len() > 7, "{one}");
    }
    let code = if wrong.is_empty() { 0 } else { 3 };
    assert_eq!((said.code, &told["ok"]), (code, &json!(wrong.is_empty())));
}

fn put(folder: &Path, identity: &Identity) {
    std::fs::write(folder.join("certificate.pem"), &identity.cert_pem).unwrap();
    std::fs::write(folder.join("private-key.pem"), &identity.key_pem).unwrap();
}

fn state<'a>(told: &'a Value, check: &str) -> &'a Value {
    let checks = told["checks"].as_array().unwrap();
    &checks.iter().find(|one| one["check"] == check && !one["provider"].is_null()).unwrap()["state"]
}

/// All is well: each step says so, beside a running broker, and nobody's connection is touched.
#[tokio::test]
async fn a_healthy_way_is_ok_step_by_step() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let said = doctor(&world).await;
    let told = said.json();
    for check in [
        "certificate",
        "DNS",
        "TCP",
        "TLS",
        "mutual TLS",
        "API",
        "clock",
        "token endpoint",
        "client",
    ] {
        assert_eq!(state(&told, check), "ok", "{check}: {told:#}");
    }
    assert_eq!(state(&told, "redirect URI"), "ok", "by the registration");
    finds(&world, &[]).await;
    assert!(said.out.contains("MLKEM") && said.out.contains("1 connections"), "{}", said.out);
    assert_eq!(crate::common::accounts(&browser, &id).await.status, 200);
    let people = cli::run(&world.folder, &["doctor"]).await;
    // Web Flow does not decode what Basic encodes, and this secret needs it
    assert_eq!(people.code, 3, "{}", people.out);
    assert_eq!(people.out.matches("wrong").count(), 2, "{}", people.out);
    assert!(people.out.contains("wrong   other: client: the bank refuses"), "{}", people.out);
    assert!(people.out.contains("ok      cnb: TLS: TLS 1.3 with "), "{}", people.out);
    assert!(people.out.contains("cnb-sandbox: "));
    assert!(!people.out.contains('\u{1b}'), "no colours where nobody sees them");
    assert!(people.out.trim_end().ends_with("something is wrong"));
    let secret = std::fs::read_to_string(world.folder.join("cnb.secret")).unwrap();
    assert!(!people.out.contains(&secret) && !said.out.contains(&secret));
}

/// Names and addresses.
#[tokio::test]
async fn a_way_that_ends_early_is_told_where() {
    let world = world().await;
    let bank = world.bank.tls_addr().to_string();
    change(
        &world,
        &format!("\"aboktpp.cnb.cz\" = \"{bank}\""),
        "\"aboktpp.cnb.cz\" = \"127.0.0.1:1\"",
    );
    finds(&world, &[("TCP", "cannot be connected to at 127.0.0.1:1")]).await;
    change(
        &world,
        "\"aboktpp.cnb.cz\" = \"127.0.0.1:1\"",
        "\"elsewhere.invalid\" = \"127.0.0.1:1\"",
    );
    change(
        &world,
        "preset = \"cnb\"\n",
        "preset = \"cnb\"\nbase_api_url = \"https://no.invalid/\"\n\
        token_url = \"https://no.invalid/token\"\n",
    );
    finds(&world, &[("DNS", "no.invalid has no address")]).await;
}

/// Certificates, ours and the bank's, each by its name.
#[tokio::test]
async fn certificates_are_named() {
    let world = world().await;
    let pki = world.bank.pki();
    put(&world.folder, &pki.issue_untrusted(our_request()));
    finds(&world, &[("mutual TLS", "certificate_unknown_authority")]).await;
    let revoked = pki.issue(our_request());
    put(&world.folder, &revoked);
    assert!(world.bank.revoke_certificate(&revoked).unwrap());
    finds(&world, &[("mutual TLS", "certificate_revoked")]).await;
    put(&world.folder, &pki.issue(our_request()));
    finds(&world, &[]).await;
    std::fs::write(
        world.folder.join("bank-ca.pem"),
        world.bank.pki().issue(our_request()).cert_pem,
    )
    .unwrap();
    change(&world, "ca_file = \"bank-ca.pem\"\n", "");
    finds(&world, &[("TLS", "bank_certificate_unknown_authority")]).await;
    change(
        &world,
        "certificate_file = \"certificate.pem\"",
        "ca_file = \"ca.pem\"\nmutual_tls = false",
    );
    change(&world, "private_key_file = \"private-key.pem\"", "");
    accept(&world, "no_mutual_tls");
    std::fs::write(world.folder.join("ca.pem"), pki.ca_pem()).unwrap();
    finds(&world, &[("client", "certificate is missing")]).await;
}

/// A callback page that the bank has not registered: it would say so to people only, after their login.
#[tokio::test]
async fn a_redirect_uri_nobody_registered_is_told() {
    let world = world().await;
    change(&world, "app.example/callback\"", "app.example/callback/\"");
    finds(&world, &[("redirect URI", "https://app.example/callback/ is not registered")]).await;
}

/// The bank knows neither client nor secret; or the address is another's.
#[tokio::test]
async fn the_registration_and_the_addresses_are_tried() {
    let world = world().await;
    world.bank.update_knobs(|knobs| knobs.client_auth = ClientAuth::Post.into());
    finds(&world, &[("client", "refuses client_id, secret or certificate")]).await;
    world.bank.set_knobs(Knobs::default());
    std::fs::write(world.folder.join("cnb.secret"), "another secret").unwrap();
    finds(&world, &[("client", "refuses client_id, secret or certificate")]).await;
    let world = crate::common::world().await;
    change(
        &world,
        "preset = \"cnb\"\n",
        "preset = \"cnb\"\nbase_api_url = \"https://aboktpp.cnb.cz/nowhere/\"\n",
    );
    finds(&world, &[("API", "nothing at this address")]).await;
    let world = crate::common::world().await;
    world.bank.update_knobs(|knobs| knobs.api_reply = ApiReply::Status(503).into());
    finds(&world, &[("API", "in trouble (503")]).await;
}

/// D.4 `clock=±300s`: the clock is compared with the bank's `Date`.
#[tokio::test]
async fn a_clock_that_is_off_is_told() {
    let now = SystemTime::now();
    let five = Duration::from_mins(5);
    for (bank, words) in [(now + five, "seconds behind"), (now - five, "seconds ahead of")] {
        let bank_clock = Some(Clock::manual(bank));
        let world = start(Options { bank_clock, ..Options::default() }).await;
        finds(&world, &[("clock", words)]).await;
    }
}

/// The store and its keys are looked at, and nothing is written.
#[tokio::test]
async fn the_store_and_its_keys_are_looked_at() {
    let world = on_file(Options::default()).await;
    connected(&world).await;
    assert!(cli::run(&world.folder, &["keys", "new", "other.keys"]).await.code == 0);
    change(&world, "key_file = \"bankconnect.keys\"", "key_file = \"other.keys\"");
    finds(&world, &[("key ring", "lacks the key")]).await;
    change(&world, "key_file = \"other.keys\"", "key_file = \"bankconnect.keys\"");
    std::fs::write(world.folder.join("text.db"), "no database at all, but some text").unwrap();
    change(&world, "file = \"bankconnect.db\"", "file = \"text.db\"");
    finds(&world, &[("store", "")]).await;
    change(&world, "file = \"text.db\"", "file = \"new.db\"");
    finds(&world, &[]).await;
    assert!(!world.folder.join("new.db").exists());
    let refused = cli::run(&world.folder, &["doctor", "--provider", "nobody"]).await;
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("configured are cnb, cnb-sandbox, other"), "{}", refused.err);
}

/// Scopes that people are asked for and nobody registered; and an application that is gone.
#[tokio::test]
async fn an_application_of_less_or_none_is_told() {
    let world = world().await;
    let app = async |arguments: &[&str]| {
        let said = cli::run(&world.folder, &[&["app"], arguments].concat()).await;
        assert_eq!(said.code, 0, "{}", said.err);
    };
    app(&["update", "--provider", "cnb", "--scope", "pisp"]).await;
    finds(&world, &[("registered scopes", "aisp is not registered; pisp is")]).await;
    app(&["remove", "--provider", "cnb", "--yes"]).await;
    let told = doctor(&world).await.json();
    let mut checks = told["checks"].as_array().unwrap().iter();
    let client = checks.find(|one| one["check"] == "client").unwrap();
    assert_eq!(client["state"], "wrong");
    assert!(client["what"].as_str().unwrap().contains("any more"), "{client}");
    assert!(client["fix"].as_str().unwrap().contains("app register"), "{client}");
}
