//! The key ring, changed under running brokers: nobody is logged out, no record is left that nobody opens, and what
//! is gone does not open any more.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use demo::{Options, World};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;

use crate::cli::{self, Said, change};
use crate::common::{
    REVOKE, accounts, connected, eventually, live_tokens, on_file, refreshes, seen, start, stepped,
    world,
};
use crate::database::Database;
use crate::load::{Load, two_banks};
use crate::logs;

/// The access token is over.
const OVER: Duration = Duration::from_secs(301);

async fn keys(world: &World, arguments: &[&str]) -> Said {
    let all: Vec<&str> = ["--json", "keys"].iter().chain(arguments).copied().collect();
    cli::run(&world.folder, &all).await
}

/// Adds a key and makes it the active one; answers the new one and the one before.
async fn rotate(world: &World) -> (String, String) {
    let said = keys(world, &["rotate"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    let named = |key: &str| said.json()[key].as_str().unwrap().to_owned();
    (named("active"), named("before"))
}

/// What is told of one key.
async fn listed(world: &World, key: &str) -> Value {
    let said = keys(world, &["list"]).await;
    let all = said.json()["keys"].as_array().unwrap().clone();
    all.into_iter().find(|one| one["key"] == key).unwrap_or_default()
}

/// Waits until nothing is under a key any more.
async fn emptied(world: &World, key: &str) {
    for _ in 0..200 {
        if listed(world, key).await["records"] == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{key} is not emptied: {}", listed(world, key).await);
}

/// As if the brokers had sealed with another key for a quarter of an hour.
async fn a_while_ago(world: &World) {
    let earlier = "update seal_keys set sealed_at = sealed_at - 1100";
    Database::of(world).await.execute(earlier).await;
}

/// T03, K44: two times the key is changed and the old one taken out, while people read, come and go at two
/// banks; not one call fails, and all are there after a start with the newest key alone.
#[tokio::test]
async fn keys_change_under_load_and_nobody_is_logged_out() {
    let mut world = two_banks(Options::default()).await;
    let (browser, id) = connected(&world).await;
    let local = tokio::task::LocalSet::new();
    local
        .run_until(async {
            let load = Load::start(&world).await;
            for _ in 0..2 {
                load.goes_on().await;
                let (new, old) = rotate(&world).await;
                load.goes_on().await;
                world.reload().await;
                load.goes_on().await;
                assert_eq!(listed(&world, &new).await["state"], "seals");
                emptied(&world, &old).await;
                a_while_ago(&world).await;
                let said = keys(&world, &["retire", &old]).await;
                assert_eq!(said.code, 0, "{}", said.err);
                world.reload().await;
                assert_eq!(listed(&world, &old).await["state"], "retired");
                load.goes_on().await;
            }
            load.stop().await;
        })
        .await;
    world.restart_broker().await.unwrap();
    assert_eq!(accounts(&browser, &id).await.status, 200);
    let ring = std::fs::read_to_string(world.folder.join("bankconnect.keys")).unwrap();
    assert_eq!(
        ring.lines().filter(|line| line.contains(" = \"") && !line.starts_with("active")).count(),
        1
    );
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// T03, T21: a key seals from when every broker of the store has it, in whatever order they get it.
#[tokio::test]
async fn a_key_seals_when_every_broker_has_it() {
    logs::begin();
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    let node = world.join().await.unwrap();
    let (new, old) = rotate(&world).await;
    world.reload().await;
    assert_eq!(logs::events("key_waits").len(), 1, "the operator is told");
    assert_eq!(listed(&world, &new).await["state"], "waits");
    world.advance(OVER);
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert!(listed(&world, &old).await["records"].as_i64().unwrap() > 0, "sealed as before");
    // the other one has not seen the new key yet, and reads what was refreshed here
    assert_eq!(accounts(&browser.through(node.address), &id).await.status, 200);
    node.reload().await;
    world.reload().await;
    assert_eq!(listed(&world, &new).await["state"], "seals");
    emptied(&world, &old).await;
    for at in [node.address, world.address] {
        world.advance(OVER);
        assert_eq!(accounts(&browser.through(at), &id).await.status, 200);
    }
    assert_eq!(refreshes(&world).len(), 3);
    node.stop().await;
}

/// T03: a key that is needed stays, and it is told by whom; so does one that sealed a moment ago.
#[tokio::test]
async fn a_key_that_is_needed_is_not_retired() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let ring = || std::fs::read(world.folder.join("bankconnect.keys")).unwrap();
    let first = keys(&world, &["list"]).await.json()["active"].as_str().unwrap().to_owned();
    let refused = async |key: &str, code: i32, why: &str| {
        let before = ring();
        let said = keys(&world, &["retire", key]).await;
        assert_eq!(said.code, code, "{}", said.err);
        assert!(said.err.contains(why), "{}", said.err);
        assert_eq!(ring(), before, "nothing is written");
    };
    refused(&first, 3, "is the active key").await;
    refused("k1", 1, "is not in the ring").await;
    let (_, old) = rotate(&world).await;
    assert_eq!(old, first);
    refused(&old, 3, "still seals").await;
    world.stop_broker().await;
    // a broker has begun with the new key and has not come to wrapping anew
    let new = "insert into seal_keys (id, sample, number) select 'k2', sample, 2 from seal_keys";
    Database::of(&world).await.execute(new).await;
    refused(&old, 3, "try again after").await;
    a_while_ago(&world).await;
    refused(&old, 3, "is needed by 2 records").await; // the grant, and the store's own secret
    Database::of(&world).await.execute("delete from seal_keys where id = 'k2'").await;
    let mut world = world;
    world.start_broker().await.unwrap();
    assert_eq!(accounts(&browser, &id).await.status, 200);
}

/// T03: a ring that lost a key which records need is not taken, and no broker starts with it; nor does one
/// start with a ring of before a key was retired.
#[tokio::test]
async fn a_ring_that_does_not_fit_is_refused() {
    logs::begin();
    let mut world = world().await;
    let (browser, id) = connected(&world).await;
    let ring = world.folder.join("bankconnect.keys");
    let kept = std::fs::read(&ring).unwrap();
    std::fs::remove_file(&ring).unwrap();
    assert_eq!(keys(&world, &["new", "bankconnect.keys"]).await.code, 0);
    world.reload().await;
    assert_eq!(logs::events("key_ring_refused").len(), 1);
    assert_eq!(accounts(&browser, &id).await.status, 200, "the one in use stays");
    let said = keys(&world, &["list"]).await;
    assert_eq!((said.code, &said.json()["keys"][0]["state"]), (3, &json!("missing")));
    std::fs::write(&ring, &kept).unwrap();
    let (_, old) = rotate(&world).await;
    world.reload().await;
    emptied(&world, &old).await;
    a_while_ago(&world).await;
    assert_eq!(keys(&world, &["retire", &old]).await.code, 0);
    let newest = std::fs::read(&ring).unwrap();
    std::fs::write(&ring, &kept).unwrap();
    let refused = world.restart_broker().await.unwrap_err().to_string();
    assert!(refused.contains("was retired"), "{refused}");
    std::fs::write(&ring, newest).unwrap();
    world.restart_broker().await.unwrap();
    assert_eq!(accounts(&browser, &id).await.status, 200);
}

/// T04: the ring comes from a command, as from a key management service, and is changed through a pipe.
#[tokio::test]
async fn a_command_gives_the_ring() {
    let mut world = world().await;
    let (browser, id) = connected(&world).await;
    let secret: PathBuf = world.folder.join("elsewhere");
    std::fs::rename(world.folder.join("bankconnect.keys"), &secret).unwrap();
    let command = format!("key_command = [\"cat\", \"{}\"]", secret.display());
    change(&world, "key_file = \"bankconnect.keys\"", &command);
    world.restart_broker().await.unwrap();
    assert_eq!(accounts(&browser, &id).await.status, 200);
    let said = keys(&world, &["rotate"]).await;
    assert!(said.code == 1 && said.err.contains("--ring -"), "{}", said.err);

    let mut rotate = cli::command(&world.folder, &["keys", "rotate", "--ring", "-"]);
    let mut rotate = rotate.stdin(Stdio::piped()).spawn().unwrap();
    let mut input = rotate.stdin.take().unwrap();
    input.write_all(&std::fs::read(&secret).unwrap()).await.unwrap();
    drop(input);
    let rotated = rotate.wait_with_output().await.unwrap();
    assert!(rotated.status.success());
    std::fs::write(&secret, rotated.stdout).unwrap();
    world.reload().await;
    let list = keys(&world, &["list"]).await.json();
    let active = list["active"].as_str().unwrap();
    assert_eq!(listed(&world, active).await["state"], "seals");
    assert_eq!(accounts(&browser, &id).await.status, 200);

    for (wrong, why) in [("false", "the command fails"), ("true", "is not a key ring")] {
        std::fs::write(&secret, "# gone").unwrap();
        change(&world, "[\"cat\"", &format!("[\"{wrong}\""));
        let refused = world.restart_broker().await.unwrap_err().to_string();
        assert!(refused.contains(why) && refused.contains("store.key_command"), "{refused}");
        change(&world, &format!("[\"{wrong}\""), "[\"cat\"");
    }
}

/// T03: a refusal in a pipe gives the ring back as it was; a key that never sealed is retired for everybody.
#[tokio::test]
async fn a_refusal_in_a_pipe_loses_nothing() {
    let mut world = world().await;
    let ring = world.folder.join("bankconnect.keys");
    let before = std::fs::read(&ring).unwrap();
    let first = keys(&world, &["list"]).await.json()["active"].as_str().unwrap().to_owned();
    let mut retire = cli::command(&world.folder, &["keys", "retire", &first, "--ring", "-"]);
    let mut retire = retire.stdin(Stdio::piped()).spawn().unwrap();
    retire.stdin.take().unwrap().write_all(&before).await.unwrap();
    let refused = retire.wait_with_output().await.unwrap();
    assert_eq!((refused.status.code(), refused.stdout), (Some(3), before));

    let (never, _) = rotate(&world).await;
    let regretted = std::fs::read(&ring).unwrap();
    rotate(&world).await;
    assert_eq!(keys(&world, &["retire", &never]).await.code, 0);
    std::fs::write(&ring, regretted).unwrap();
    let refused = world.restart_broker().await.unwrap_err().to_string();
    assert!(refused.contains("was retired"), "{refused}");
}

/// T03, T17: a broker whose ring does not open the store any more ends nothing by that, and says that it is not
/// ready; with the right ring it goes on.
#[tokio::test]
async fn nothing_ends_on_the_word_of_a_ring_that_does_not_fit() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    let ring = world.folder.join("bankconnect.keys");
    let kept = std::fs::read(&ring).unwrap();
    let node = world.join().await.unwrap();
    let other = browser.through(node.address);
    rotate(&world).await;
    let newest = std::fs::read(&ring).unwrap();
    // as if the node had stood still: the others do not count on it any more
    world.advance(Duration::from_mins(5));
    world.reload().await;
    world.advance(OVER);
    assert_eq!(accounts(&browser, &id).await.status, 200);
    emptied(&world, &listed_first(&world).await).await;
    std::fs::write(&ring, kept).unwrap();
    node.reload().await;
    let path = format!("/connections/{id}");
    assert_eq!(other.delete(&path).await.unwrap().status, 503);
    assert_eq!(other.get("/health/ready").await.unwrap().status, 503);
    assert_eq!(accounts(&browser, &id).await.status, 200, "and nothing has ended");
    std::fs::write(&ring, newest).unwrap();
    node.reload().await;
    assert_eq!(other.get("/health/ready").await.unwrap().status, 200);
    assert_eq!(other.delete(&path).await.unwrap().status, 200);
    eventually("revoked", || live_tokens(&world).is_empty()).await;
    node.stop().await;
}

/// The id of the oldest key.
async fn listed_first(world: &World) -> String {
    keys(world, &["list"]).await.json()["keys"][0]["key"].as_str().unwrap().to_owned()
}

/// T03, T11: the ring changes and the old key goes while a refresh is under way; its reply is kept all the same.
#[tokio::test]
async fn a_reply_that_comes_after_its_key_is_kept() {
    let refresh = bank_sim::Refresh::RotateWithReuseDetection;
    let knobs = bank_sim::Knobs { refresh: refresh.into(), ..bank_sim::Knobs::default() };
    let world = start(Options { knobs, ..Options::stepped() }).await;
    let (browser, id) = connected(&world).await;
    world.advance(OVER);
    let late = bank_sim::Knob::next(1, Duration::from_secs(20));
    world.bank.update_knobs(|knobs| knobs.token_delay = late);
    let (answer, ()) = tokio::join!(accounts(&browser, &id), async {
        eventually("the refresh is sent", || refreshes(&world).len() == 1).await;
        let (_, old) = rotate(&world).await;
        world.reload().await;
        emptied(&world, &old).await;
        a_while_ago(&world).await;
        assert_eq!(keys(&world, &["retire", &old]).await.code, 0);
        world.reload().await;
    });
    assert_eq!(answer.status, 200, "{}", answer.text);
    world.advance(OVER);
    assert_eq!(accounts(&browser, &id).await.status, 200);
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// T18: of a connection that has ended, neither tokens nor the key that would open them lie about in the file.
#[tokio::test]
async fn what_is_deleted_is_overwritten() {
    let world = on_file(Options::default()).await;
    let (browser, id) = connected(&world).await;
    let mut database = Database::of(&world).await;
    let wrapped = database.bytes("select data_key from grants").await;
    let sealed = database.bytes("select sealed from grants").await;
    drop(database);
    let holds = |part: &[u8]| {
        let files = ["bankconnect.db", "bankconnect.db-wal"].map(|file| world.folder.join(file));
        let bytes = files.map(|file| std::fs::read(file).unwrap_or_default()).concat();
        bytes.windows(part.len()).any(|window| window == part)
    };
    assert!(holds(&wrapped) && holds(&sealed));
    assert_eq!(browser.delete(&format!("/connections/{id}")).await.unwrap().status, 200);
    eventually("revoked", || live_tokens(&world).is_empty()).await;
    world.stop_broker().await;
    assert!(!holds(&wrapped) && !holds(&sealed[sealed.len() / 2..]));
}

/// T03: what waits to be revoked survives a change of keys, too.
#[tokio::test]
async fn waiting_revocations_are_wrapped_anew() {
    let world = start(Options {
        knobs: bank_sim::Knobs {
            revoke_reply: bank_sim::Knob::next(1, bank_sim::RevokeReply::Status(503)),
            ..bank_sim::Knobs::default()
        },
        ..Options::stepped()
    })
    .await;
    let (browser, id) = connected(&world).await;
    browser.delete(&format!("/connections/{id}")).await.unwrap();
    assert!(!live_tokens(&world).is_empty());
    let (_, old) = rotate(&world).await;
    world.reload().await;
    emptied(&world, &old).await;
    let before = seen(&world, REVOKE).len();
    world.advance(Duration::from_secs(61));
    eventually("revocation", || live_tokens(&world).is_empty()).await;
    assert!(seen(&world, REVOKE).len() > before);
}
