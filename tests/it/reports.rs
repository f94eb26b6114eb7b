//! Whole reports of `bankconnect check`, one per profile (K52): a guarantee that is lost, or said otherwise, shows as a
//! difference from the file in `reports/`. `BLESS=1 cargo test -p tests reports` writes these anew.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use demo::{Options, World};
use serde_json::Value;

use crate::cli::{self, Said, run};
use crate::common::{on_file, world};

/// A folder that `init` has written, in `broker` below this one.
async fn folder(options: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let said = run(folder.path(), &[&["init", "broker"], options].concat()).await;
    assert_eq!(said.code, 0, "{}", said.err);
    folder
}

/// The text of a report without what differs from run to run: keys, the end of the certificate, ports.
async fn report(folder: &Path) -> Said {
    let json = run(folder, &["check", "--json"]).await.json();
    let mut said = run(folder, &["check"]).await;
    assert!(said.err.is_empty(), "{}", said.err);
    let ring = std::fs::read_to_string(folder.join("bankconnect.keys")).unwrap();
    let ring: toml::Table = toml::from_str(&ring).unwrap();
    let text = said.out.replace(json["key"].as_str().unwrap(), "PUBLIC-KEY");
    let text = text.replace(ring["active"].as_str().unwrap(), "KEY-ID");
    let lines = text.lines().map(|line| match line.split_once("the certificate ends ") {
        Some((before, _)) => format!("{before}the certificate ends DATE"),
        None => line.to_owned(),
    });
    let words = lines.map(|line| line.split(' ').map(without_port).collect::<Vec<_>>().join(" "));
    said.out = words.map(|line| line + "\n").collect();
    said
}

/// `http://localhost:43567/callback` → `http://localhost:PORT/callback`.
fn without_port(word: &str) -> String {
    let Some((host, rest)) = word.split_once("://localhost:") else { return word.to_owned() };
    let path = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{host}://localhost:PORT{path}")
}

/// Holds a report against the committed one.
fn compare(profile: &str, report: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("it/reports/{profile}.txt"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, report).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    let only = |sign: &str, these: &str, others: &str| -> String {
        let others: Vec<_> = others.lines().collect();
        let these = these.lines().filter(|line| !others.contains(line));
        these.flat_map(|line| [sign, line, "\n"]).collect()
    };
    let (gone, new) = (only("- ", &committed, report), only("+ ", report, &committed));
    let renew = "if that is meant: BLESS=1 cargo test -p tests reports";
    assert!(committed == report, "the report of {profile} has changed:\n{gone}{new}{renew}");
}

/// What `init` writes for ČNB, with certificate and registration in their files: nothing is weak.
#[tokio::test]
async fn production() {
    let world = world().await;
    let options = ["--origin", "https://app.example", "--tpp-name", "Ukazkova a.s."];
    let folder = folder(&options).await;
    let broker = folder.path().join("broker");
    for (from, to) in [
        ("certificate.pem", "cnb.crt.pem"),
        ("private-key.pem", "cnb.key.pem"),
        ("cnb.secret", "cnb.secret"),
    ] {
        std::fs::copy(world.folder.join(from), broker.join(to)).unwrap();
    }
    std::fs::write(broker.join("cnb.client-id"), "an-id").unwrap();
    let said = report(&broker).await;
    assert_eq!(said.code, 0, "nothing is weak: {}", said.out);
    compare("production", &said.out);
}

/// What `init` writes for ČNB's sandbox.
#[tokio::test]
async fn sandbox() {
    let options = [
        ["--preset", "cnb-sandbox", "--base-api-url", "https://sandbox.example/psd2-cobs/"],
        ["--origin", "https://app.example", "--tpp-name", "Ukazkova a.s."],
    ];
    let said = report(&folder(&options.concat()).await.path().join("broker")).await;
    assert_eq!(said.code, 0, "nothing is weak: {}", said.out);
    compare("sandbox", &said.out);
}

/// The demo: a simulated bank, people log in by http, WebKit's cookie.
#[tokio::test]
async fn demo() {
    let said = report(&demo_world().await.folder).await;
    assert_eq!(said.code, 3, "the cookie is weak: {}", said.out);
    compare("demo", &said.out);
}

async fn demo_world() -> World {
    on_file(Options {
        origin: None,
        development_cookie: true,
        plain_login: true,
        second_provider: false,
        bank_name: Some("Česká zkušební banka".to_owned()),
        ..Options::default()
    })
    .await
}

/// An auditor has the report and the public key, and nothing of the broker.
#[tokio::test]
async fn an_auditor_needs_the_public_key_only() {
    let world = demo_world().await;
    let report = run(&world.folder, &["check", "--json"]).await;
    let key = report.json()["key"].as_str().unwrap().to_owned();
    let elsewhere = tempfile::tempdir().unwrap();
    let verify = async |text: &str, key: &str| {
        std::fs::write(elsewhere.path().join("report.json"), text).unwrap();
        run(elsewhere.path(), &["check", "--verify", "report.json", "--key", key, "--json"]).await
    };
    let genuine = verify(&report.out, &key).await;
    assert_eq!((genuine.code, &genuine.json()["genuine"]), (0, &Value::Bool(true)));
    let changed = verify(&report.out.replacen("WEAK", "holds", 1), &key).await;
    assert_eq!((changed.code, &changed.json()["error"]), (4, &Value::from("forged")));
    let other = demo_world().await;
    let others = run(&other.folder, &["check", "--json"]).await.json();
    let told = verify(&report.out, others["key"].as_str().unwrap()).await;
    assert!(told.code == 4 && told.err.contains("under another key"), "{}", told.err);
    // a forger who signs anew has to put another key in, or none
    let mut forged = report.json();
    forged["key"] = others["key"].clone();
    assert_eq!(verify(&forged.to_string(), &key).await.code, 4);
    forged.as_object_mut().unwrap().remove("key");
    assert_eq!(verify(&forged.to_string(), &key).await.code, 4);
    for bad in ["", "AAAA", "no key", &key[1..]] {
        let told = verify(&report.out, bad).await;
        assert!(told.code == 2 && told.err.contains("--key"), "{bad}: {}", told.err);
    }
    let alone = run(elsewhere.path(), &["check", "--key", &key]).await;
    assert_eq!(alone.code, 2, "a key verifies something: {}", alone.err);
    let gone = run(elsewhere.path(), &["check", "--verify", "none", "--key", &key]).await;
    assert_eq!(gone.code, 1, "{}", gone.err);
}

/// Files: a ring that its group can read, a database that others could; the report is the same before the first start.
#[tokio::test]
async fn rights_to_files_are_told() {
    let world = demo_world().await;
    let set = |file: &str, mode| {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(world.folder.join(file), mode).unwrap();
    };
    let line = async |name: &str| {
        let said = run(&world.folder, &["check"]).await.out;
        said.lines().find(|line| line.contains(name)).unwrap().to_owned()
    };
    assert!(
        line(" key ring: ")
            .await
            .starts_with("holds   broker: key ring: its owner's only; 1 key, k")
    );
    set("bankconnect.keys", 0o640);
    assert!(
        line(" key ring: ").await.starts_with("depends broker: key ring: on who is in its group")
    );
    let started = line(" database: ").await;
    assert!(started.starts_with("holds"), "{started}");
    set("bankconnect.db", 0o644);
    assert!(line(" database: ").await.starts_with("depends"));
    cli::change(&world, "bankconnect.db", "new.db");
    assert_eq!(line(" database: ").await, started, "as after the first start");
}
