//! What a probe found is kept, shown, and decides what a broker declares (K04): beside a running broker, for the
//! settings it was found under.

use bank_sim::{Knobs, Pkce, RedirectUri, RevokeReply};
use demo::browser::Attempt;
use demo::{Options, World};
use serde_json::{Value, json};

use crate::cli::{self, change};
use crate::common::{accounts, connected, health, on_file, start, world};
use crate::database::Database;
use crate::logs;
use crate::probing::{self, Told, newer};

/// What a bank that compares redirect URIs does.
const CALLBACK: &str = "codes stay at the callback page's path";

/// All logins of a probe, with a person who goes along.
async fn probe(world: &World, more: &[&str]) -> Told {
    let person = async |attempt: Attempt| {
        let landed = world.browser().consent(&attempt).await;
        vec![landed.map_or_else(|_| "error".to_owned(), Into::into)]
    };
    probing::probe(world, &[&["--json"], more].concat(), person).await
}

async fn shown(world: &World) -> Value {
    let said = cli::run(&world.folder, &["probe", "--show", "--provider", "cnb", "--json"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    said.json()["providers"][0].clone()
}

/// Findings by their questions.
fn answers(told: &Value) -> Vec<(&str, &str)> {
    let all = told["findings"].as_array().unwrap().iter();
    all.map(|one| (one["question"].as_str().unwrap(), one["answer"].as_str().unwrap())).collect()
}

/// As in production, with a private door.
fn with_door() -> Options {
    Options { admin_settings: Some("address = \"127.0.0.1:0\"".to_owned()), ..Options::default() }
}

/// The same of the private door.
async fn behind_the_door(world: &World) -> Value {
    let client = demo::world::http_client(&world.bank);
    let url = format!("http://{}/findings", world.admin().unwrap());
    let answer = world.browser().send(client.get(url).bearer_auth(demo::ADMIN_KEY)).await.unwrap();
    let told = answer.json();
    let all = told["providers"].as_array().unwrap();
    all.iter().find(|one| one["id"] == "cnb").unwrap().clone()
}

/// What `check` says of a guarantee: whether it holds, and why.
async fn check(world: &World, guarantee: &str) -> (String, String) {
    let report = cli::run(&world.folder, &["check", "--json"]).await.json();
    let all = report["guarantees"].as_array().unwrap();
    let one = all.iter().find(|one| one["about"] == "cnb" && one["guarantee"] == guarantee);
    let text = |name: &str| one.unwrap()[name].as_str().unwrap().to_owned();
    (text("holds"), text("why"))
}

/// What `doctor` says of a check.
async fn doctor(world: &World, check: &str) -> (String, String) {
    let told = cli::run(&world.folder, &["doctor", "--provider", "cnb", "--json"]).await.json();
    let all = told["checks"].as_array().unwrap();
    let one = all.iter().find(|one| one["check"] == check && one["provider"] == "cnb");
    let text = |name: &str| one.unwrap()[name].as_str().unwrap().to_owned();
    (text("state"), text("what"))
}

/// A broker that looks only when it is asked to.
fn looks_when_asked(options: Options) -> Options {
    Options { limit_settings: "reload_seconds = 3600".to_owned(), ..options }
}

/// Beside a running broker, which takes the result without a restart; where nothing is written, it counts alone.
#[tokio::test]
async fn a_result_counts_for_a_running_broker() {
    let knobs = Knobs { pkce: Pkce::Enforced.into(), ..Knobs::default() };
    let world = start(looks_when_asked(Options { knobs, ..with_door() })).await;
    let (browser, id) = connected(&world).await;
    let before = health(&world, "cnb").await;
    assert_eq!(
        (&before["pkce"], &before["probed_at"]),
        (&json!("ignored"), &json!(null)),
        "the preset's, of a bank that nobody has probed"
    );
    let other = &world.bank.credentials()[1];
    let person = async |attempt: Attempt| {
        let browser = world.browser().as_customer(&other.username, &other.password);
        let landed = browser.consent(&attempt).await;
        vec![landed.map_or_else(|_| "error".to_owned(), Into::into)]
    };
    let told = probing::probe(&world, &["--json"], person).await;
    assert_eq!((told.code, &told.json()["kept"]), (0, &json!(true)), "{}", told.all);
    assert_eq!(told.json()["counts"], "enforced");
    assert_eq!(health(&world, "cnb").await["pkce"], "ignored", "it has not looked yet");
    logs::begin();
    world.reload().await;
    let after = health(&world, "cnb").await;
    assert_eq!((&after["pkce"], &after["csrf"]), (&json!("enforced"), &json!("pkce")));
    let all = [
        ("pkce", "enforced"),
        ("code_reuse", "refused"),
        ("iss", "absent"),
        ("redirect_at_authorization", "refused"),
        ("redirect_at_token", "refused"),
        ("revocation", "ends_grant"),
        ("revoked_token", "dead"),
    ];
    assert_eq!(
        after["findings"],
        json!(null),
        "what a bank lets pass is nobody else's business (K38)"
    );
    assert_eq!(answers(&behind_the_door(&world).await), all);
    let shown = shown(&world).await;
    assert_eq!((answers(&shown), &shown["probed_at"]), (all.to_vec(), &after["probed_at"]));
    let events = logs::events("csrf_defence");
    assert_eq!(events.len(), 1, "nothing is new of the others");
    assert_eq!(
        (&events[0]["pkce"], &events[0]["probed_at"]),
        (&after["pkce"], &after["probed_at"])
    );
    logs::begin();
    world.reload().await;
    assert!(logs::events("csrf_defence").is_empty(), "told once");
    assert_eq!(accounts(&browser, &id).await.status, 200, "nobody's connection is touched");
    let (holds, why) = check(&world, "a stolen code is worthless").await;
    assert_eq!(holds, "holds");
    assert!(why.contains(after["probed_at"].as_str().unwrap()), "{why}");
    for guarantee in ["a code is good once", CALLBACK, "disconnecting revokes"] {
        assert_eq!(check(&world, guarantee).await.0, "holds", "{guarantee}");
        assert_eq!(doctor(&world, guarantee).await.0, "ok", "{guarantee}");
    }
    assert_eq!(doctor(&world, "PKCE").await.0, "ok");
}

/// Of what is written and what was found the weaker counts, and the contradiction is told wherever it shows.
#[tokio::test]
async fn a_probed_weakness_beats_a_written_strength() {
    let provider_settings = "pkce = \"enforced\"".to_owned();
    let options = Options { provider_settings, ..Options::default() };
    let mut world = start(looks_when_asked(options)).await;
    assert_eq!(health(&world, "cnb").await["csrf"], "pkce");
    let told = probe(&world, &["--only", "pkce"]).await;
    let json = told.json();
    assert_eq!(
        (told.code, &json["counts"], &json["csrf"]),
        (3, &json!("ignored"), &json!("state"))
    );
    for restarted in [false, true] {
        logs::begin();
        if restarted {
            world.restart_broker().await.unwrap();
        } else {
            world.reload().await;
        }
        let told = health(&world, "cnb").await;
        assert_eq!((&told["csrf"], &told["pkce"]), (&json!("state"), &json!("ignored")));
        let events = logs::events("probe_contradicts");
        assert_eq!(events.len(), 1);
        assert_eq!((&events[0]["provider"], &events[0]["level"]), (&json!("cnb"), &json!("WARN")));
        assert_eq!(
            (&events[0]["written"], &events[0]["counts"]),
            (&json!("enforced"), &json!("ignored"))
        );
    }
    assert_eq!(check(&world, "a stolen code is worthless").await.0, "WEAK");
    let (state, what) = doctor(&world, "PKCE").await;
    assert_eq!(state, "warn");
    assert!(what.contains("says enforced, but the bank ignores it"), "{what}");
    assert_eq!(shown(&world).await["contradicts"], true);
    // the other way round: written with care, the weaker word stands
    world.bank.update_knobs(|knobs| knobs.pkce = Pkce::Enforced.into());
    for (before, written) in [("enforced", "ignored"), ("ignored", "unknown")] {
        let [from, to] = [before, written].map(|word| format!("pkce = \"{word}\""));
        change(&world, &from, &to);
        let told = probe(&world, &["--only", "pkce"]).await;
        assert_eq!((told.code, &told.json()["counts"]), (0, &json!(written)), "{}", told.all);
        let told = shown(&world).await;
        assert_eq!((&told["csrf"], &told["contradicts"]), (&json!("state"), &json!(false)));
    }
}

/// A later run takes the place of what it found anew, and of nothing else; other settings void all of it.
#[tokio::test]
async fn findings_are_of_the_settings_they_were_found_under() {
    let mut world = world().await;
    probe(&world, &["--only", "pkce"]).await;
    assert_eq!(answers(&shown(&world).await)[0], ("pkce", "ignored"));
    probe(&world, &["--only", "revocation"]).await;
    let both = shown(&world).await;
    assert_eq!(answers(&both)[..2], [("pkce", "ignored"), ("code_reuse", "refused")]);
    assert!(answers(&both).contains(&("revocation", "ends_grant")));
    world.bank.update_knobs(|knobs| knobs.pkce = Pkce::Enforced.into());
    probe(&world, &["--only", "pkce"]).await;
    let later = shown(&world).await;
    assert_eq!(
        (answers(&later)[0], answers(&later).len()),
        (("pkce", "enforced"), answers(&both).len())
    );
    world.reload().await;
    assert_eq!(health(&world, "cnb").await["pkce"], "enforced");

    change(&world, "preset = \"cnb\"\n", "preset = \"cnb\"\nrevocation_url = \"\"\n");
    change(&world, "\"resolve\"", "\"resolve\", \"no_revocation\"");
    world.restart_broker().await.unwrap();
    let told = health(&world, "cnb").await;
    assert_eq!((&told["pkce"], &told["probed_at"]), (&json!("ignored"), &json!(null)));
    let told = shown(&world).await;
    assert_eq!((&told["outdated"], &told["findings"]), (&json!(true), &json!([])));
    let why = check(&world, "a code is good once").await.1;
    assert!(why.contains("under other settings"), "{why}");
    probe(&world, &["--only", "revocation"]).await;
    let told = shown(&world).await;
    assert_eq!(told["outdated"], false, "the former ones are gone");
    assert_eq!(answers(&told), [("iss", "absent"), ("revocation", "not_offered")]);
    assert_eq!(check(&world, "disconnecting revokes").await.0, "WEAK");
}

/// What a bank does not do is weak, or depends on what the broker does about it; doctor warns.
#[tokio::test]
async fn every_weakness_is_shown() {
    let below = Knobs { redirect_uri: RedirectUri::Below.into(), ..Knobs::default() };
    let unbound = Knobs { redirect_uri: RedirectUri::Unbound.into(), ..Knobs::default() };
    let deaf = Knobs { revoke_reply: RevokeReply::OkUnknown.into(), ..Knobs::default() };
    let iss = Knobs { iss: Some("https://bank.example".to_owned()).into(), ..Knobs::default() };
    let with = |knobs| Options { knobs, ..Options::default() };
    for (options, guarantee, holds, words) in [
        (with(below), CALLBACK, "WEAK", "asks for the registered one only"),
        (with(unbound), CALLBACK, "WEAK", "the broker compares it itself"),
        (with(deaf), "disconnecting revokes", "WEAK", "its tokens live on"),
        (newer(), "disconnecting revokes", "depends", "revokes the refresh token first"),
        (with(iss), "iss", "", "nobody compares it"),
    ] {
        let world = start(options).await;
        probe(&world, &[]).await;
        let (state, what) = doctor(&world, guarantee).await;
        assert_eq!(state, "warn", "{guarantee}");
        assert!(what.contains(words), "{what}");
        if !holds.is_empty() {
            let told = check(&world, guarantee).await;
            assert_eq!(told, (holds.to_owned(), what));
        }
    }
}

/// A store that cannot be used costs no finding, and no login is asked for before that is said.
#[tokio::test]
async fn a_store_that_cannot_be_used_loses_nothing() {
    let knobs = Knobs { pkce: Pkce::Enforced.into(), ..Knobs::default() };
    let world = on_file(Options { knobs, ..Options::default() }).await;
    change(&world, "file = \"bankconnect.db\"", "file = \"text.db\"");
    std::fs::write(world.folder.join("text.db"), "this is no database, whatever its name says")
        .unwrap();
    let told = probe(&world, &["--only", "pkce"]).await;
    let json = told.json();
    assert_eq!((told.code, &json["pkce"], &json["kept"]), (9, &json!("enforced"), &json!(false)));
    let warned = told.all.find("told, but not kept: store.file").unwrap();
    assert!(warned < told.all.find("https://").unwrap(), "{}", told.all);
    assert!(told.all.contains("what was found is not kept: store.file"), "{}", told.all);
    let said = cli::run(&world.folder, &["probe", "--show"]).await;
    assert_eq!(said.code, 1);
    assert!(said.err.contains("store.file"), "{}", said.err);
    tells_nothing_probed(&world, "is no database that can be opened").await;

    // of an older version: bringing it up to date is the broker's business
    change(&world, "file = \"text.db\"", "file = \"bankconnect.db\"");
    world.stop_broker().await;
    let mut database = Database::of(&world).await;
    for statement in
        ["drop table probe_findings", "delete from _sqlx_migrations where version >= 4"]
    {
        database.execute(statement).await;
    }
    let told = probe(&world, &["--only", "pkce"]).await;
    assert_eq!((told.code, &told.json()["kept"]), (9, &json!(false)));
    assert!(told.all.contains("start the broker of this one once"), "{}", told.all);
    tells_nothing_probed(&world, "of an older version; start the broker").await;
    let shown = cli::run(&world.folder, &["probe", "--show"]).await;
    assert!(!shown.out.contains("never probed"), "{}", shown.out);
    assert!(shown.out.contains("cannot be read: the store is of an older"), "{}", shown.out);

    // of a newer one
    for version in [4, 5, 99] {
        let applied = format!(
            "insert into _sqlx_migrations (version, description, success, checksum, \
             execution_time) values ({version}, 'later', true, $1, 0)"
        );
        database.set(&applied, &[0]).await;
    }
    tells_nothing_probed(&world, "by a newer version").await;
    let shown = cli::run(&world.folder, &["probe", "--show", "--json"]).await.json();
    let why = shown["providers"][0]["unread"].as_str().unwrap();
    assert!(why.contains("by a newer version"), "{why}");
}

/// K52: where the store cannot be read, the signed report says so of everything that only a probe can tell, and
/// doctor does; a word of the operator's could have been refuted there.
async fn tells_nothing_probed(world: &World, why: &str) {
    let before = "preset = \"cnb\"\n";
    change(world, before, "preset = \"cnb\"\npkce = \"enforced\"\n");
    let all =
        ["a stolen code is worthless", "a code is good once", CALLBACK, "disconnecting revokes"];
    for guarantee in all {
        let (holds, said) = check(world, guarantee).await;
        assert_eq!(holds, "depends", "{guarantee}: {said}");
        assert!(said.contains("cannot be read: the store") && said.contains(why), "{said}");
    }
    for told in ["PKCE", "a code is good once", CALLBACK, "disconnecting revokes"] {
        let (state, said) = doctor(world, told).await;
        assert_eq!(state, "skipped", "{told}: {said}");
        assert!(said.contains(why), "{said}");
    }
    change(world, "preset = \"cnb\"\npkce = \"enforced\"\n", before);
}

/// Where there is no store yet, a probe makes it, and the broker starts with what it found.
#[tokio::test]
async fn a_probe_may_come_before_the_first_start() {
    let mut world = on_file(with_door()).await;
    world.stop_broker().await;
    change(&world, "file = \"bankconnect.db\"", "file = \"new.db\"");
    let told = cli::run(&world.folder, &["probe", "--show"]).await;
    assert!(told.out.contains("cnb: PKCE counts as ignored") && told.out.contains("never probed"));
    assert!(!world.folder.join("new.db").exists());
    assert_eq!(probe(&world, &["--only", "pkce"]).await.json()["kept"], true);
    world.start_broker().await.unwrap();
    assert_eq!(answers(&behind_the_door(&world).await)[0], ("pkce", "ignored"));
    let told = cli::run(&world.folder, &["probe", "--show"]).await;
    assert_eq!(told.code, 0);
    for words in ["PROVIDER", "code_reuse", "cnb: PKCE counts as ignored", "other: PKCE counts"] {
        assert!(told.out.contains(words), "{}", told.out);
    }
    assert!(!told.out.contains("cnb-sandbox"), "nobody logs in there");
    let told = cli::run(&world.folder, &["probe", "--show", "--provider", "nobody"]).await;
    assert!(told.code == 1 && told.err.contains("configured are"), "{}", told.err);
    assert_eq!(cli::run(&world.folder, &["probe"]).await.code, 2, "of which provider?");
}
