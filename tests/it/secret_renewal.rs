//! A new client secret under a running broker: the old one dies at the bank in the moment the new one is made, and
//! still no call is lost, whenever the file follows.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use bank_sim::{Knob, RecordedRequest, TokenReply};
use demo::World;
use demo::browser::Browser;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::common::{
    REVOKE, TOKEN, accounts, connected, eventually, exchanges, health, problem, refreshes, seen,
    stepped, world,
};
use crate::logs;

const CLIENT: &str = "0f4e2c1a-6d0b-4d86-9a55-2f1c7f2f9a10";
const OVER: Duration = Duration::from_secs(301);

/// Asks the bank for a new secret, as `bankconnect app renew-secret` does; the old one is dead from then on.
async fn renewed(world: &World) -> String {
    let read = |name: &str| std::fs::read(world.folder.join(name)).unwrap();
    let identity = [read("certificate.pem"), read("private-key.pem")].concat();
    let client = reqwest::Client::builder()
        .identity(reqwest::Identity::from_pem(&identity).unwrap())
        .tls_certs_only([reqwest::Certificate::from_pem(&read("bank-ca.pem")).unwrap()])
        .resolve("aboktpp.cnb.cz", world.bank.tls_addr())
        .build()
        .unwrap();
    let port = world.bank.tls_addr().port();
    let url = format!(
        "https://aboktpp.cnb.cz:{port}/psd2-cobs/cobs/2.0/applications/{CLIENT}/renewSecret"
    );
    let answer = client.post(url).send().await.unwrap();
    let (status, body) = (answer.status(), answer.text().await.unwrap());
    assert_eq!(status, 200, "{body}");
    let body: Value = serde_json::from_str(&body).unwrap();
    body["client_secret"].as_str().unwrap().to_owned()
}

/// The calls that our secret went with since the record was cleared.
fn as_client(world: &World) -> Vec<RecordedRequest> {
    [seen(world, TOKEN), seen(world, REVOKE)].concat()
}

/// Which secret each call came with, numbered as they appear.
fn presented(calls: Vec<RecordedRequest>) -> Vec<usize> {
    let mut known = Vec::new();
    let number = |call: RecordedRequest| {
        let header = call.header("authorization").expect("Basic");
        known.iter().position(|one| *one == header).unwrap_or_else(|| {
            known.push(header);
            known.len() - 1
        })
    };
    calls.into_iter().map(number).collect()
}

fn write_secret(world: &World, secret: &str) {
    let new = world.folder.join("new.secret");
    std::fs::write(&new, secret).unwrap();
    std::fs::set_permissions(&new, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::rename(new, world.folder.join("cnb.secret")).unwrap();
}

/// People who connect and disconnect until they are stopped; not one call may fail.
struct Load {
    stopped: Arc<AtomicBool>,
    rounds: Arc<AtomicUsize>,
    people: Vec<JoinHandle<()>>,
}

impl Load {
    fn start(world: &World) -> Self {
        let (stopped, rounds) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let person = |credential: bank_sim::Credential| {
            let browser = world.browser().as_customer(&credential.username, &credential.password);
            let (stopped, rounds) = (stopped.clone(), rounds.clone());
            tokio::task::spawn_local(async move {
                while !stopped.load(Ordering::Relaxed) {
                    come_and_go(&browser).await;
                    rounds.fetch_add(1, Ordering::Relaxed);
                }
            })
        };
        let people = world.bank.credentials().into_iter().map(person).collect();
        Self { stopped, rounds, people }
    }

    /// Waits until everybody has had time to begin anew.
    async fn goes_on(&self) {
        let dead = || self.people.iter().any(JoinHandle::is_finished);
        let goal = self.rounds.load(Ordering::Relaxed) + 2 * self.people.len();
        let there = || self.rounds.load(Ordering::Relaxed) >= goal;
        eventually("everybody goes on", || dead() || there()).await;
        assert!(!dead(), "a call failed");
    }

    async fn stop(self) {
        self.stopped.store(true, Ordering::Relaxed);
        for person in self.people {
            person.await.unwrap();
        }
    }
}

async fn come_and_go(browser: &Browser) {
    let id = browser.connect("cnb", "aisp").await.unwrap();
    let receipt = browser.delete(&format!("/connections/{id}")).await.unwrap().json();
    assert_eq!(receipt["at_bank"], "revoked");
}

/// K44: three renewals under load; codes are exchanged and tokens revoked all the while. The marker stands
/// from before the bank is asked until the file is written, and calls in between wait for it.
#[tokio::test]
async fn a_renewal_under_load_costs_no_call() {
    logs::begin();
    let world = world().await;
    let local = tokio::task::LocalSet::new();
    let marker = world.folder.join("cnb.secret.renewing");
    local
        .run_until(async {
            let load = Load::start(&world);
            load.goes_on().await;
            for _ in 0..3 {
                std::fs::write(&marker, "").unwrap();
                let secret = renewed(&world).await;
                world.bank.clear_requests();
                eventually("somebody is refused", || !as_client(&world).is_empty()).await;
                write_secret(&world, &secret);
                std::fs::remove_file(&marker).unwrap();
                load.goes_on().await;
                world.bank.clear_requests();
                load.goes_on().await;
                let secrets = presented(as_client(&world));
                assert!(secrets.iter().all(|&which| which == 0), "the old secret is forgotten");
            }
            load.stop().await;
        })
        .await;
    assert_eq!(health(&world, "cnb").await["trouble"], json!(null));
    assert_eq!(logs::events("bank_trouble"), Vec::<Value>::new());
    assert_eq!(logs::events("client_secret_taken").len(), 3);
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// K44, T13: a grant is refreshed with the new secret as soon as the old one is refused: nobody has to look at
/// the file first.
#[tokio::test]
async fn a_refused_secret_has_the_file_looked_at() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    let secret = renewed(&world).await;
    write_secret(&world, &secret);
    world.advance(OVER);
    world.bank.clear_requests();
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(presented(refreshes(&world)), [0, 1]);
    world.advance(OVER);
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(presented(refreshes(&world)), [0, 1, 1], "the new one at once");
}

/// The file may come before the bank takes what is in it: the old secret serves until the new one has worked.
#[tokio::test]
async fn the_old_secret_serves_until_the_new_one_works() {
    logs::begin();
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    write_secret(&world, "not-yet");
    world.reload().await;
    world.bank.clear_requests();
    for step in 0..2 {
        world.advance(OVER);
        assert_eq!(accounts(&browser, &id).await.status, 200);
        let secrets = presented(refreshes(&world));
        assert_eq!(secrets, [&[0, 1][..], &[0, 1, 1]][step], "the refused one rests");
    }
    let told = logs::events("client_secret_refused");
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["level"], "ERROR");
    assert_eq!(health(&world, "cnb").await["trouble"], json!(null));
    let secret = renewed(&world).await;
    write_secret(&world, &secret);
    world.advance(OVER);
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(logs::events("client_secret_taken").len(), 1);
}

/// A file that is no good is refused by name, and what was in use stays.
#[tokio::test]
async fn a_bad_file_is_refused_and_the_old_secret_stays() {
    logs::begin();
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    std::fs::write(world.folder.join("cnb.secret"), "").unwrap();
    for _ in 0..2 {
        world.reload().await;
    }
    let told = logs::events("files_refused");
    assert_eq!(told.len(), 1, "once for each change");
    assert_eq!(told[0]["key"], "client_secret_file");
    assert_eq!(health(&world, "cnb").await["files_refused"], "client_secret_file");
    world.advance(OVER);
    assert_eq!(accounts(&browser, &id).await.status, 200);
    let secret = renewed(&world).await;
    world.advance(OVER);
    problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
    assert_eq!(health(&world, "cnb").await["trouble"], "client_refused");
    write_secret(&world, &secret);
    world.reload().await;
    assert_eq!(health(&world, "cnb").await["files_refused"], json!(null));
    assert_eq!(accounts(&browser, &id).await.status, 200, "the grant is not lost");
    assert_eq!(health(&world, "cnb").await["trouble"], json!(null));
}

/// A code is exchanged once with each secret, and only a refused client makes the second try.
#[tokio::test]
async fn a_connect_during_a_renewal_ends_well() {
    let world = world().await;
    let browser = world.browser();
    let attempt = browser.start("cnb", "aisp").await.unwrap();
    let landing = browser.consent(&attempt).await.unwrap();
    let secret = renewed(&world).await;
    write_secret(&world, &secret);
    assert_eq!(browser.finish(&attempt, &landing).await.unwrap().status, 200);
    assert_eq!(presented(exchanges(&world)), [0, 1]);
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// Bank-api fact 5.7: a bad secret is refused in a body that is not OAuth's, or in none.
#[tokio::test]
async fn a_refusal_without_words_is_one_too() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    let bare = || TokenReply::Status { status: 401, retry_after: None };
    write_secret(&world, "other");
    world.bank.clear_requests();
    world.bank.update_knobs(|knobs| knobs.token_reply = Knob::next(1, bare()));
    world.advance(OVER);
    problem(&accounts(&browser, &id).await, 502, "bank_unavailable");
    assert_eq!(presented(refreshes(&world)), [0, 1], "the file was looked at");
    assert_eq!(health(&world, "cnb").await["trouble"], "client_refused");
    world.advance(OVER);
    assert_eq!(accounts(&browser, &id).await.status, 200, "the old secret is still known");
}
