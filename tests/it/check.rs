//! `bankconnect check`: a configuration is refused, or told what holds under it (K52).

use demo::{Options, World};
use serde_json::{Value, json};

use crate::cli::{self, Said, accept, change};
use crate::common::{on_file, start};

async fn check(world: &World, more: &[&str]) -> Said {
    cli::run(&world.folder, &[&["check"], more].concat()).await
}

async fn report(world: &World) -> (i32, Value) {
    let said = check(world, &["--json"]).await;
    (said.code, said.json())
}

/// What a report says of one guarantee.
fn says<'a>(report: &'a Value, about: &str, guarantee: &str) -> &'a str {
    let all = report["guarantees"].as_array().unwrap();
    let one = all.iter().find(|one| one["about"] == about && one["guarantee"] == guarantee);
    one.unwrap_or_else(|| panic!("{about}: {guarantee}: {report:#}"))["holds"].as_str().unwrap()
}

/// As in production: everything holds, or depends on what is said beside it.
#[tokio::test]
async fn a_production_configuration_holds() {
    let world = start(Options::default()).await;
    let sandbox = "[providers.cnb-sandbox]";
    let text = std::fs::read_to_string(world.folder.join("bankconnect.toml")).unwrap();
    let production = text.split(sandbox).next().unwrap();
    let address = format!("\"aboktpp.cnb.cz\" = \"{}\"", world.bank.tls_addr());
    let production = production.replace(&address, "").replace("[\"resolve\"]", "[]");
    std::fs::write(world.folder.join("bankconnect.toml"), production).unwrap();
    let (code, told) = report(&world).await;
    assert_eq!(code, 0, "{told:#}");
    for (about, guarantee, holds) in [
        ("broker", "session cookie", "holds"),
        ("broker", "no other site can act", "holds"),
        ("broker", "TLS to the browser", "depends"),
        ("broker", "private door", "holds"),
        ("broker", "sealed grants", "depends"),
        ("cnb", "mutual TLS", "holds"),
        ("cnb", "scopes are covered", "holds"),
        ("cnb", "no forged callback", "holds"),
        ("cnb", "a stolen code is worthless", "depends"),
        ("cnb", "no mix-up of banks", "holds"),
        ("cnb", "disconnecting revokes", "depends"),
        ("cnb", "reads without the person", "holds"),
    ] {
        assert_eq!(says(&told, about, guarantee), holds, "{guarantee}");
    }
    let said = check(&world, &[]).await;
    assert!(said.out.starts_with("holds   broker: session cookie: __Host-Http-, "), "{}", said.out);
    assert_eq!(said.out, check(&world, &[]).await.out, "the same twice, line by line");
    assert!(said.out.contains(&format!("signed by {}", told["key"].as_str().unwrap())));
}

/// What does not hold is told, by the setting that is to blame.
#[tokio::test]
async fn what_does_not_hold_is_told() {
    let world = start(Options::default()).await;
    let before = report(&world).await.1;
    assert_eq!(says(&before, "cnb-sandbox", "mutual TLS"), "depends", "it asks for none");
    for word in ["no_revocation", "more_unattended", "clear_listen"] {
        accept(&world, word);
    }
    change(
        &world,
        "preset = \"cnb\"\n",
        "preset = \"cnb\"\nrevocation_url = \"\"\npkce = \"enforced\"\n\
        unattended_per_day = 24\n",
    );
    change(&world, "[listen]\naddress = \"127.0.0.1", "[listen]\naddress = \"0.0.0.0");
    let (code, told) = report(&world).await;
    assert_eq!(code, 3);
    assert_eq!(says(&told, "cnb", "disconnecting revokes"), "WEAK");
    assert_eq!(says(&told, "cnb", "a stolen code is worthless"), "holds");
    assert_eq!(says(&told, "cnb", "reads without the person"), "depends");
    assert_eq!(says(&told, "broker", "TLS to the browser"), "WEAK");
    assert_ne!(told["signature"], before["signature"]);
}

/// K46: a certificate that has ended, or is for later, holds nothing; nor does none, in production.
#[tokio::test]
async fn a_certificate_out_of_its_time_is_weak() {
    let world = start(Options::default()).await;
    let request = || bank_sim::CertificateRequest {
        roles: vec![bank_sim::Role::AccountInformation, bank_sim::Role::PaymentInitiation],
        ..Default::default()
    };
    let pki = world.bank.pki();
    for identity in [pki.issue_expired(request()), pki.issue_not_yet_valid(request())] {
        std::fs::write(world.folder.join("certificate.pem"), &identity.cert_pem).unwrap();
        std::fs::write(world.folder.join("private-key.pem"), &identity.key_pem).unwrap();
        let (code, told) = report(&world).await;
        assert_eq!((code, says(&told, "cnb", "mutual TLS")), (3, "WEAK"), "{told:#}");
    }
    let bare = start(Options { mutual_tls: false, ..Options::default() }).await;
    let (code, told) = report(&bare).await;
    assert_eq!((code, says(&told, "cnb", "mutual TLS")), (3, "WEAK"));
}

/// A configuration that `serve` would refuse is refused with the same findings, and nothing is made.
#[tokio::test]
async fn a_bad_configuration_is_refused() {
    let world = on_file(Options::default()).await;
    change(&world, "bankconnect.db", "new.db");
    assert_eq!(check(&world, &[]).await.code, 3, "a simulated bank is weak, not refused");
    assert!(!world.folder.join("new.db").exists(), "nothing is written");
    change(&world, "[tpp]\nname", "[tpp]\ntitle");
    let said = check(&world, &["--json"]).await;
    assert_eq!((said.code, &said.json()["error"]), (1, &json!("failed")));
    assert!(said.err.contains("bankconnect.toml:") && said.err.contains("title"), "{}", said.err);
}

/// K52: a report is known again, and any change to it; another ring's is not this one's.
#[tokio::test]
async fn a_report_is_signed() {
    let world = start(Options::default()).await;
    let said = check(&world, &["--json"]).await;
    let file = world.folder.join("report.json");
    let verify = async |text: &str| {
        std::fs::write(&file, text).unwrap();
        check(&world, &["--verify", "report.json", "--json"]).await
    };
    assert_eq!(verify(&said.out).await.json(), json!({ "genuine": true }));
    let pretty = serde_json::to_string_pretty(&said.json()).unwrap();
    assert_eq!(verify(&pretty).await.code, 0, "white space is nothing");
    for (from, to) in
        [("depends", "holds"), ("0.1.0", "9.9.9"), ("\"signature\":\"", "\"signature\":\"AA")]
    {
        assert!(said.out.contains(from), "{from}");
        let told = verify(&said.out.replacen(from, to, 1)).await;
        assert_eq!((told.code, &told.json()["error"]), (4, &json!("forged")), "{from}");
    }
    assert_eq!(verify("no report").await.code, 4);
    assert!(cli::run(&world.folder, &["keys", "new", "other.keys"]).await.code == 0);
    change(&world, "key_file = \"bankconnect.keys\"", "key_file = \"other.keys\"");
    let told = verify(&said.out).await;
    assert!(told.code == 4 && told.err.contains("another key ring"), "{}", told.err);
    let ring = std::fs::read_to_string(world.folder.join("bankconnect.keys")).unwrap();
    let key = ring.lines().last().unwrap().split('"').nth(1).unwrap();
    assert!(!said.out.contains(key));
}

/// An answer that cannot be written is told, and is a failure; a reader that has had enough is none.
#[tokio::test]
async fn an_answer_nobody_gets_is_a_failure() {
    let world = crate::common::world().await;
    let mut command = cli::command(&world.folder, &["check", "--json"]);
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let done = command.stdout(full).spawn().unwrap().wait_with_output().await.unwrap();
    let told = String::from_utf8(done.stderr).unwrap();
    assert!(told.contains("standard output cannot be written"), "{told}");
    assert!(!told.contains("panicked"), "{told}");
    assert_ne!(done.status.code(), Some(0));
}
