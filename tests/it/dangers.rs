//! `dangerous = [...]`: the broker starts under no unsafe setting that nobody named (K52).

use demo::{Options, World};
use serde_json::{Value, json};

use crate::cli::{self, Said, accept, change};
use crate::common::start;
use crate::logs;

/// A word, the edit that makes its danger, the key to blame, and words of the safe way.
struct Case {
    word: &'static str,
    from: &'static str,
    to: &'static str,
    key: &'static str,
    safe: &'static str,
}

const PROVIDER: &str = "[providers.cnb]\n";
const IDENTITY: &str =
    "certificate_file = \"certificate.pem\"\nprivate_key_file = \"private-key.pem\"";

const CASES: [Case; 10] = [
    case("clear_listen", "\"127.0.0.1:", "\"0.0.0.0:", "listen.address", "write listen.tls"),
    case("clear_listen", "\"127.0.0.1:", "\"[::]:", "listen.address", "listen on 127.0.0.1"),
    case(
        "any_proxy",
        "[listen]\n",
        "[listen]\ntrusted_proxies = [\"10.0.0.0/8\", \"::/0\"]\n",
        "listen.trusted_proxies",
        "the proxies' own addresses",
    ),
    case("no_mutual_tls", IDENTITY, "mutual_tls = false", "providers.cnb.mutual_tls", "= true"),
    case(
        "no_revocation",
        PROVIDER,
        "[providers.cnb]\nrevocation_url = \"\"\n",
        "providers.cnb.revocation_url",
        "take it out",
    ),
    case(
        "more_unattended",
        PROVIDER,
        "[providers.cnb]\nunattended_per_day = 5\n",
        "providers.cnb.unattended_per_day",
        "unattended_per_day = 4",
    ),
    clear(
        "[providers.cnb]\nauthorization_url = \"http://127.0.0.1:1/a\"\n",
        "providers.cnb.authorization_url",
    ),
    clear("[providers.cnb]\ntoken_url = \"http://localhost:1/t\"\n", "providers.cnb.token_url"),
    clear("[providers.cnb]\nbase_api_url = \"HTTP://[::1]:1/\"\n", "providers.cnb.base_api_url"),
    case(
        "resolve",
        "dangerous = [\"resolve\"]",
        "dangerous = []",
        "providers.cnb.resolve",
        "environment = \"sandbox\"",
    ),
];

const fn case(
    word: &'static str,
    from: &'static str,
    to: &'static str,
    key: &'static str,
    safe: &'static str,
) -> Case {
    Case { word, from, to, key, safe }
}

const fn clear(to: &'static str, key: &'static str) -> Case {
    case("clear_bank", PROVIDER, to, key, "https URL")
}

async fn check(world: &World, more: &[&str]) -> Said {
    cli::run(&world.folder, &[&["check"], more].concat()).await
}

/// The lines of a report about dangers: about what, which word, whether it holds.
fn dangers(report: &Value) -> Vec<(String, String)> {
    let all = report["guarantees"].as_array().unwrap().iter();
    let words = all.filter_map(|one| {
        let word = one["guarantee"].as_str().unwrap().strip_prefix("dangerous ")?;
        assert_eq!(one["holds"], "WEAK", "{one}");
        Some((one["about"].as_str().unwrap().to_owned(), word.to_owned()))
    });
    words.collect()
}

/// Refused with the key, its line, the safe setting and the very line that accepts it; started with that line,
/// and then told as weak.
#[tokio::test]
async fn each_danger_has_to_be_named() {
    let world = start(Options { second_provider: false, ..Options::default() }).await;
    let file = world.folder.join("bankconnect.toml");
    let good = std::fs::read_to_string(&file).unwrap();
    for Case { word, from, to, key, safe } in CASES {
        std::fs::write(&file, &good).unwrap();
        change(&world, from, to);
        let said = check(&world, &[]).await;
        assert_eq!(said.code, 1, "{word}: {}", said.out);
        let served = cli::run(&world.folder, &["serve"]).await;
        assert_eq!(served.code, 1, "{word}");
        let line = if word == "resolve" {
            "dangerous = [\"resolve\"] above the first table".to_owned()
        } else {
            format!("dangerous = [\"resolve\", \"{word}\"] above the first table")
        };
        for told in [&said.err, &served.err] {
            assert_eq!(told.matches("fix: ").count(), 1, "nothing else is wrong: {told}");
            assert!(told.contains(&format!(": {key}: ")), "{told}");
            assert!(told.contains(safe) && told.contains(&line), "{told}");
            assert!(told.contains("bankconnect.toml:"), "{told}");
        }
        accept(&world, word);
        let said = check(&world, &["--json"]).await;
        assert_eq!(said.code, 3, "{word}: {}", said.err);
        let about = if key.starts_with("providers.") { "cnb" } else { "broker" };
        let told = dangers(&said.json());
        assert!(told.contains(&(about.to_owned(), word.to_owned())), "{told:?}");
        assert!(told.contains(&("cnb".to_owned(), "resolve".to_owned())), "{told:?}");
        assert_eq!(told.len(), if word == "resolve" { 1 } else { 2 }, "{told:?}");
    }
}

/// One word covers the whole file; every place of a danger is told.
#[tokio::test]
async fn a_word_covers_the_whole_file() {
    let world = start(Options::default()).await;
    let told = dangers(&check(&world, &["--json"]).await.json());
    assert_eq!(told, [("cnb", "resolve"), ("other", "resolve")].map(|(a, w)| (a.into(), w.into())));
    change(&world, "dangerous = [\"resolve\"]\n", "");
    let said = check(&world, &[]).await;
    for key in ["providers.cnb.resolve", "providers.other.resolve"] {
        assert!(said.err.contains(key), "{}", said.err);
    }
    let mut serve = cli::command(&world.folder, &["check", "--json"]);
    let output = serve.env("BANKCONNECT__DANGEROUS", "[\"resolve\"]").output().await.unwrap();
    assert_eq!(output.status.code(), Some(3), "a deployment may name it, too");
}

/// A word that means nothing, or nothing here, is refused: the list says what is to be put right.
#[tokio::test]
async fn unknown_and_idle_words_are_refused() {
    let world = start(Options::default()).await;
    accept(&world, "everything");
    let said = check(&world, &[]).await;
    assert_eq!(said.code, 1);
    for words in [
        "bankconnect.toml:1: dangerous: has \"everything\", which names no danger",
        "clear_listen, any_proxy, clear_bank, no_mutual_tls, resolve, no_revocation, more_unattended",
    ] {
        assert!(said.err.contains(words), "{}", said.err);
    }
    change(&world, "\"everything\"", "\"clear_listen\"");
    let said = check(&world, &[]).await;
    let idle = "dangerous: takes \"clear_listen\" into account, a danger that is not there";
    assert!(said.code == 1 && said.err.contains(idle), "{}", said.err);
    assert!(said.err.contains("take the word out"), "{}", said.err);
    let mut serve = cli::command(&world.folder, &["serve"]);
    let output = serve.env("BANKCONNECT__DANGEROUS", "[\"resolve\", \"any_proxy\"]").output().await;
    let told = String::from_utf8(output.unwrap().stderr).unwrap();
    assert!(told.contains("BANKCONNECT__DANGEROUS: dangerous: takes \"any_proxy\""), "{told}");
}

/// No money is behind a sandbox; a bank that no preset knows may have no revocation at all.
#[tokio::test]
async fn what_is_no_danger_needs_no_word() {
    let world = start(Options { second_provider: false, ..Options::default() }).await;
    change(&world, "dangerous = [\"resolve\"]\n", "");
    change(
        &world,
        PROVIDER,
        "[providers.cnb]\nenvironment = \"sandbox\"\nrevocation_url = \"\"\n\
         unattended_per_day = 100\nauthorization_url = \"http://127.0.0.1:1/\"\n",
    );
    assert_eq!(dangers(&check(&world, &["--json"]).await.json()), []);
    change(
        &world,
        "environment = \"sandbox\"\nrevocation_url = \"\"\nunattended_per_day = 100\n\
         authorization_url = \"http://127.0.0.1:1/\"\npreset = \"cnb\"\n",
        "name = \"B\"\ncountry = \"CZ\"\nscopes = [\"aisp\"]\nrevocation_url = \"\"\n\
         authorization_url = \"https://aboktpp.cnb.cz/a\"\ntoken_url = \"https://aboktpp.cnb.cz/t\"\n\
         base_api_url = \"https://aboktpp.cnb.cz/\"\n",
    );
    let text = std::fs::read_to_string(world.folder.join("bankconnect.toml")).unwrap();
    let kept = text.split("[providers.cnb.resolve]").next().unwrap();
    std::fs::write(world.folder.join("bankconnect.toml"), kept).unwrap();
    let said = check(&world, &["--json"]).await;
    assert_eq!(dangers(&said.json()), []);
    assert_eq!(said.code, 3, "it is weak all the same: disconnecting does not revoke");
}

/// The log says at each start what was accepted.
#[tokio::test]
async fn a_start_tells_its_dangers() {
    logs::begin();
    let _world = start(Options::default()).await;
    let events = logs::events("dangerous");
    let told: Vec<_> = events.iter().map(|event| (&event["word"], &event["key"])).collect();
    let resolve = json!("resolve");
    let keys = [json!("providers.cnb.resolve"), json!("providers.other.resolve")];
    assert_eq!(told, [(&resolve, &keys[0]), (&resolve, &keys[1])]);
    assert!(events.iter().all(|event| event["level"] == "WARN"), "{events:?}");
}

/// Two dangers have one line that accepts both; and what says it is a sandbox must not reach the bank itself.
#[tokio::test]
async fn a_sandbox_is_one() {
    let world = start(Options { second_provider: false, ..Options::default() }).await;
    change(&world, "dangerous = [\"resolve\"]", "dangerous = []");
    change(&world, IDENTITY, "mutual_tls = false");
    let told = check(&world, &[]).await.err;
    let line = "dangerous = [\"no_mutual_tls\", \"resolve\"] above the first table";
    assert_eq!(told.matches(line).count(), 2, "{told}");
    change(&world, PROVIDER, "[providers.cnb]\nenvironment = \"sandbox\"\n");
    assert_ne!(check(&world, &[]).await.code, 1, "its name leads to a simulated bank");
    change(&world, "\"aboktpp.cnb.cz\" = ", "\"elsewhere.example\" = ");
    let told = check(&world, &[]).await.err;
    assert!(told.contains("providers.cnb.environment"), "{told}");
    assert!(told.contains("aboktpp.cnb.cz is the bank itself"), "{told}");
}
