//! New files of certificates under a running broker: taken without a restart and without a lost call, refused
//! where they are no good. What the bank saw tells which certificate a call came with.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use bank_sim::{ApiReply, CertificateRequest, Identity, Knob, Role};
use demo::{Options, World};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{ChildStdout, Command};

use crate::common::{
    accounts, api_calls, connected, eventually, exchanges, health, problem, refreshes, start,
    stepped, world,
};
use crate::load::{Load, presented, two_banks};
use crate::logs;

fn request(common_name: &str) -> CertificateRequest {
    CertificateRequest {
        roles: vec![Role::AccountInformation, Role::PaymentInitiation],
        licence: Some("PSDCZ-CNB-12345678".to_owned()),
        organisation: "Ukazkova fintech a.s.".to_owned(),
        common_name: common_name.to_owned(),
        ..CertificateRequest::default()
    }
}

fn write(folder: &Path, identity: &Identity) {
    std::fs::write(folder.join("certificate.pem"), &identity.cert_pem).unwrap();
    std::fs::write(folder.join("private-key.pem"), &identity.key_pem).unwrap();
}

/// Puts a new certificate in the place of the old one, as an operator does.
async fn swap(world: &World, common_name: &str) {
    write(&world.folder, &world.bank.pki().issue(request(common_name)));
    world.reload().await;
}

/// D.4 `cert=swapped`, K45, P14: the files change four times under load. No call fails, and as soon as the
/// files are looked at no call goes out with the certificate before, by a connection or a session of its time.
#[tokio::test]
async fn a_swap_under_load_costs_no_call() {
    let world = two_banks(Options::default()).await;
    let local = tokio::task::LocalSet::new();
    local
        .run_until(async {
            let load = Load::start(&world).await;
            load.goes_on().await;
            for name in ["one.example", "two.example", "three.example", "four.example"] {
                swap(&world, name).await;
                load.goes_on().await;
                world.bank.clear_requests();
                load.goes_on().await;
                assert_eq!(presented(&world), [name]);
            }
            load.stop().await;
        })
        .await;
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// K45: a call under way is finished with the certificate it began with; the next one has the new one.
#[tokio::test]
async fn a_call_under_way_is_finished() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let attempt = browser.start("cnb", "pisp").await.unwrap();
    let landing = browser.consent(&attempt).await.unwrap();
    world.bank.update_knobs(|knobs| knobs.token_delay = Knob::next(1, Duration::from_secs(1)));
    world.bank.clear_requests();
    let (answer, ()) = tokio::join!(browser.finish(&attempt, &landing), async {
        eventually("the code is sent", || exchanges(&world).len() == 1).await;
        swap(&world, "new.example").await;
        assert_eq!(accounts(&browser, &id).await.status, 200);
    });
    assert_eq!(answer.unwrap().status, 200);
    let name = |call: &bank_sim::RecordedRequest| call.peer.as_ref()?.common_name.clone();
    assert_eq!(name(&exchanges(&world)[0]).as_deref(), Some("tpp.example"));
    assert_eq!(name(&api_calls(&world)[0]).as_deref(), Some("new.example"));
    // and an answer whose body is still on its way
    let whole = accounts(&browser, &id).await.text;
    let slow = ApiReply::Drip { delay: Duration::from_millis(1) };
    world.bank.update_knobs(|knobs| knobs.api_reply = Knob::next(1, slow));
    let path = format!("/connections/{id}/api/my/accounts");
    let begun = browser.request(&reqwest::Method::GET, &path).send().await.unwrap();
    swap(&world, "newer.example").await;
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(begun.text().await.unwrap(), whole);
}

/// K45: what is no good is refused by name, once for each change, and the old files stay in use.
#[tokio::test]
async fn bad_files_are_refused_and_the_old_ones_stay() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    let pki = world.bank.pki();
    let (good, other) = (pki.issue(request("good.example")), pki.issue(request("x.example")));
    let expired = pki.issue_expired(request("x.example"));
    let half = |pem: &str| pem[..pem.len() / 2].to_owned();
    let file = |name: &str| world.folder.join(name);
    let authorities = std::fs::read_to_string(file("bank-ca.pem")).unwrap();
    for (chain, key, ca, named, says) in [
        (half(&good.cert_pem), &*good.key_pem, &*authorities, "certificate_file", "no PEM"),
        (String::new(), &good.key_pem, &authorities, "certificate_file", "no PEM"),
        (good.cert_pem.clone(), "", &authorities, "private_key_file", "empty"),
        (good.cert_pem.clone(), &half(&good.key_pem), &authorities, "private_key_file", "PEM key"),
        (good.cert_pem.clone(), &other.key_pem, &authorities, "private_key_file", "is not the key"),
        (expired.cert_pem.clone(), &expired.key_pem, &authorities, "certificate_file", "expired"),
        (good.cert_pem.clone(), &good.key_pem, "nonsense", "ca_file", "no certificate"),
        (good.cert_pem.clone(), &good.key_pem, &half(&authorities), "ca_file", "not PEM"),
    ] {
        std::fs::write(file("certificate.pem"), chain).unwrap();
        std::fs::write(file("private-key.pem"), key).unwrap();
        std::fs::write(file("bank-ca.pem"), ca).unwrap();
        logs::begin();
        world.reload().await;
        let events = logs::events("files_refused");
        let sandbox = usize::from(named == "ca_file"); // it presents no certificate
        assert_eq!(events.len(), 2 + sandbox, "one for each provider that has the file: {says}");
        for event in &events {
            assert_eq!((&event["level"], &event["key"]), (&json!("ERROR"), &json!(named)));
            assert!(event["what"].as_str().unwrap().contains(says), "{event}");
        }
        assert_eq!(health(&world, "cnb").await["files_refused"], named);
        world.bank.clear_requests();
        assert_eq!(accounts(&browser, &id).await.status, 200);
        assert_eq!(presented(&world), ["tpp.example"], "{says}");
    }
    std::fs::remove_file(file("certificate.pem")).unwrap();
    world.reload().await;
    assert_eq!(health(&world, "cnb").await["files_refused"], "certificate_file");
    write(&world.folder, &good);
    std::fs::write(file("bank-ca.pem"), authorities).unwrap();
    world.reload().await;
    assert_eq!(health(&world, "cnb").await["files_refused"], json!(null));
    world.bank.clear_requests();
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(presented(&world), ["good.example"]);
}

/// K46: a new certificate is read anew: its end, its roles, and that its time has not come.
#[tokio::test]
async fn a_new_certificate_is_read_anew() {
    let world = stepped().await;
    let before = health(&world, "cnb").await["certificate_ends_at"].clone();
    let roles = vec![Role::PaymentInitiation];
    let payments = CertificateRequest { roles, ..request("payments.example") };
    write(&world.folder, &world.bank.pki().issue(payments));
    logs::begin();
    world.reload().await;
    assert_eq!(health(&world, "cnb").await["certificate_lacks"], json!(["aisp"]));
    let events = logs::events("certificate");
    assert!(events.len() == 2 && events.iter().all(|event| event["lacks"] == "aisp"));
    write(&world.folder, &world.bank.pki().issue_not_yet_valid(request("later.example")));
    logs::begin();
    world.reload().await;
    let events = logs::events("files_refused");
    assert!(events[0]["what"].as_str().unwrap().contains("not valid yet"), "{events:?}");
    assert_eq!(health(&world, "cnb").await["certificate_ends_at"], before);
    world.advance(Duration::from_hours(24 * 731)); // its time comes, and nobody touches the files
    world.reload().await;
    assert_eq!(logs::events("files_taken").len(), 2);
    let told = health(&world, "cnb").await;
    assert_ne!(told["certificate_ends_at"], before);
    assert_eq!((&told["files_refused"], &told["certificate_lacks"]), (&json!(null), &json!([])));
    logs::begin();
    world.reload().await;
    assert_eq!(logs::events("files_unchanged").len(), 3, "each provider, the sandbox too");
}

/// D.4 `cert=ca_rotated`: the bank moves to a new authority and the broker follows file by file, without a
/// restart and without losing a grant.
#[tokio::test]
async fn a_new_authority_of_the_bank_is_taken() {
    let world = two_banks(Options::stepped()).await;
    let (browser, id) = connected(&world).await;
    assert_eq!(accounts(&browser, &id).await.status, 200);
    let file = world.folder.join("bank-ca.pem");
    let old = std::fs::read(&file).unwrap();
    world.bank.rotate_authority().unwrap();
    assert_eq!(accounts(&browser, &id).await.status, 200, "by the connection of before");
    // a provider of its own has connections of its own, none of them open yet
    let attempt = browser.start("other", "aisp").await.unwrap();
    let landing = browser.consent(&attempt).await.unwrap();
    problem(&browser.finish(&attempt, &landing).await.unwrap(), 502, "bank_unavailable");
    let trouble = "bank_certificate_unknown_authority";
    assert_eq!(health(&world, "other").await["trouble"], trouble);
    std::fs::write(&file, [world.bank.pki().ca_pem().into_bytes(), old].concat()).unwrap();
    world.reload().await;
    assert_eq!(browser.finish(&attempt, &landing).await.unwrap().status, 200, "the same login");
    assert_eq!(health(&world, "other").await["trouble"], json!(null));
    assert_eq!(accounts(&browser, &id).await.status, 200);
    // the end of the old authority needs a certificate of the new one
    swap(&world, "moved.example").await;
    world.bank.retire_old_authority().unwrap();
    std::fs::write(&file, world.bank.pki().ca_pem()).unwrap();
    world.reload().await;
    world.bank.clear_requests();
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!((presented(&world), refreshes(&world).len()), (vec!["moved.example".into()], 0));
}

/// K45: files are looked at without being asked, and through symbolic links as secret mounts have them: the
/// files stay where they are, and a link in their path is turned.
#[tokio::test]
async fn turned_links_are_noticed() {
    let limit_settings = "reload_seconds = 1".to_owned();
    let world = start(Options { limit_settings, ..Options::default() }).await;
    let (browser, id) = connected(&world).await;
    let at = |name: &str| world.folder.join(name);
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, at(name)).unwrap();
    std::fs::create_dir(at("first")).unwrap();
    for name in ["certificate.pem", "private-key.pem"] {
        std::fs::rename(at(name), at("first").join(name)).unwrap();
    }
    link("first", "..data");
    link("..data/certificate.pem", "certificate.pem");
    link("..data/private-key.pem", "private-key.pem");
    logs::begin();
    std::fs::create_dir(at("second")).unwrap();
    write(&at("second"), &world.bank.pki().issue(request("second.example")));
    make_private(&at("second/private-key.pem"));
    link("second", "..data_new");
    std::fs::rename(at("..data_new"), at("..data")).unwrap();
    eventually("both providers notice", || logs::events("files_taken").len() == 2).await;
    world.bank.clear_requests();
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(presented(&world), ["second.example"]);
    std::fs::remove_dir_all(at("second")).unwrap();
    eventually("that they are gone is told", || logs::events("files_refused").len() == 2).await;
    assert_eq!(accounts(&browser, &id).await.status, 200);
}

/// The next event of this name in a program's log.
async fn told(log: &mut Lines<BufReader<ChildStdout>>, event: &str) -> Value {
    while let Some(line) = log.next_line().await.unwrap() {
        let line: Value = serde_json::from_str(&line).unwrap();
        if line["event"] == event || line["message"] == event {
            return line;
        }
    }
    panic!("the log ended without {event}");
}

/// K45: the program itself, told by SIGHUP; one that is no good does not stop it.
#[tokio::test]
async fn the_program_takes_new_files_on_sighup() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let mut program = Command::new(env!("CARGO_BIN_EXE_program"))
        .args(["serve", "--config", "bankconnect.toml"])
        .current_dir(&world.folder)
        .env("BANKCONNECT__LISTEN__ADDRESS", "127.0.0.1:0")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let pid = program.id().unwrap().to_string();
    let signal = |name: &str| {
        assert!(std::process::Command::new("kill").args([name, &pid]).status().unwrap().success());
    };
    let mut log = BufReader::new(program.stdout.take().unwrap()).lines();
    let address = told(&mut log, "serving").await["address"].as_str().unwrap().parse().unwrap();
    let browser = browser.through(address);
    assert_eq!(accounts(&browser, &id).await.status, 200);
    write(&world.folder, &world.bank.pki().issue(request("new.example")));
    signal("-HUP");
    assert_eq!(told(&mut log, "files_taken").await["provider"], "cnb");
    world.bank.clear_requests();
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(presented(&world), ["new.example"]);
    std::fs::write(world.folder.join("certificate.pem"), "half").unwrap();
    signal("-HUP");
    assert_eq!(told(&mut log, "files_refused").await["key"], "certificate_file");
    assert_eq!(accounts(&browser, &id).await.status, 200);
    signal("-TERM");
    told(&mut log, "stopped").await;
    assert!(program.wait().await.unwrap().success());
}

fn make_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}
