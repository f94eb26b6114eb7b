//! The list `certificates` in the configuration, and what the program says of those in it.

use broker::config::{Config, Finding};
use demo::World;
use serde_json::Value;

use crate::certificates_overlap::{Laid, laid, list, write};
use crate::cli::{self, change};
use crate::common::world;

const DAY: i64 = 24 * 60;
const PAIR: &str = "certificate_file = \"certificate.pem\"\nprivate_key_file = \"private-key.pem\"";
const ENTRY: &str =
    "{ certificate_file = \"certificate.pem\", private_key_file = \"private-key.pem\" }";

/// What is found in the configuration with these variables.
fn findings(world: &World, text: &str, variables: &[(&str, &str)]) -> Vec<Finding> {
    let variables = variables.iter().map(|&(name, value)| (name.to_owned(), value.to_owned()));
    let parsed = Config::parse(&world.folder.join("bankconnect.toml"), text, variables);
    parsed.err().map(|invalid| invalid.findings).unwrap_or_default()
}

fn written(world: &World) -> String {
    std::fs::read_to_string(world.folder.join("bankconnect.toml")).unwrap()
}

/// K46: one pair or a list, and neither half of one; each finding names its key and its line.
#[tokio::test]
async fn wrong_lists_are_named() {
    let world = world().await;
    let text = written(&world);
    let with = |instead: &str| text.replacen(PAIR, instead, 1);
    let missing = ENTRY.replace("private-key.pem", "none.pem");
    for (instead, key, line, says) in [
        (format!("{PAIR}\ncertificates = [{ENTRY}]"), "certificates", "certificates", "beside"),
        ("certificates = []".to_owned(), "certificates", "certificates", "is empty"),
        (
            format!("mutual_tls = false\ncertificates = [{ENTRY}]"),
            "certificates",
            "certificates",
            "without mutual TLS",
        ),
        (
            format!("certificates = [\n{ENTRY},\n{missing},\n]"),
            "certificates[1].private_key_file",
            &missing,
            "none.pem cannot be read",
        ),
    ] {
        let text = with(&instead);
        let all = findings(&world, &text, &[]);
        let key = format!("providers.cnb.{key}");
        let finding = all.iter().find(|finding| finding.key == key);
        let finding = finding.unwrap_or_else(|| panic!("{key} of {}", all.len()));
        let line = text.lines().position(|written| written.starts_with(line)).unwrap() + 1;
        assert!(finding.place.ends_with(&format!("bankconnect.toml:{line}")), "{finding}");
        assert!(finding.what.contains(says) && finding.fix.len() > 5, "{finding}");
    }
    let half = with("certificates = [{ certificate_file = \"certificate.pem\" }]");
    assert!(findings(&world, &half, &[])[0].what.contains("missing field `private_key_file`"));
    assert!(findings(&world, &with(&format!("certificates = [{ENTRY}]")), &[]).is_empty());
    let tables = text.replacen(PAIR, "", 1) + "\n[[providers.cnb.certificates]]\n" + PAIR;
    assert!(findings(&world, &tables, &[]).is_empty(), "as tables");
}

/// A variable holds the whole list, or says that it cannot hold a part of it.
#[tokio::test]
async fn a_variable_holds_the_whole_list() {
    let world = world().await;
    let text = written(&world);
    let (list, name) = (format!("[{ENTRY}]"), "BANKCONNECT__PROVIDERS__CNB__CERTIFICATES");
    let bare = text.replacen(PAIR, "", 1);
    assert!(findings(&world, &bare, &[(name, &list)]).is_empty());
    let both = findings(&world, &text, &[(name, &list)]);
    assert_eq!((&*both[0].place, both.len()), (name, 1), "the pair stands in the file");
    for part in ["__0__CERTIFICATE_FILE", "__CERTIFICATE_FILE"] {
        let part = format!("{name}{part}");
        for text in [&text, &bare] {
            let found = findings(&world, text, &[(&part, "x.pem")]);
            assert_eq!((found.len(), &found[0].key), (1, &part));
            assert!(found[0].what.contains("leads into a list"), "{}", found[0]);
        }
    }
}

/// K46: a scope that no certificate of the list covers with the rest is a mistake, as with a single one.
#[tokio::test]
async fn scopes_need_one_certificate_that_covers_them() {
    let world = world().await;
    let only = |name, role| Laid { roles: role, ..laid(name, -DAY, 90 * DAY) };
    let accounts = only("accounts.example", &[bank_sim::Role::AccountInformation]);
    let payments = only("payments.example", &[bank_sim::Role::PaymentInitiation]);
    list(&world, &[accounts, payments]);
    let found = findings(&world, &written(&world), &[]);
    let [finding] = &found[..] else { panic!("{}", found.len()) };
    let says = "has \"pisp\", but certificates[0] lacks its PSD2 role PSP_PI, and no other has it \
                with the rest";
    assert_eq!((&*finding.key, &*finding.what), ("providers.cnb.scopes", says));
    change(&world, "preset = \"cnb\"\n", "preset = \"cnb\"\nscopes = [\"pisp\"]\n");
    assert!(findings(&world, &written(&world), &[]).is_empty());
}

/// What `command --json` says in `array` of this check or guarantee of `cnb`: state and words.
async fn told(
    world: &World,
    command: &str,
    array: &str,
    of: (&str, &str),
) -> Vec<(String, String)> {
    let told = cli::run(&world.folder, &[command, "--json"]).await.json();
    let (about, state, why) = match command {
        "check" => ("about", "holds", "why"),
        _ => ("provider", "state", "what"),
    };
    let ours = |one: &&Value| one[about] == "cnb" && one[of.0] == of.1;
    let text = |one: &Value, key: &str| one[key].as_str().unwrap().to_owned();
    let all = told[array].as_array().unwrap().iter().filter(ours);
    all.map(|one| (text(one, state), text(one, why))).collect()
}

/// K46: `check` and `doctor` show every certificate, the one in use, and whether one takes over from the other.
#[tokio::test]
async fn every_certificate_is_shown() {
    let world = world().await;
    let all = [
        laid("gone.example", -9 * DAY, -DAY),
        laid("old.example", -DAY, 20 * DAY),
        laid("next.example", 10 * DAY, 90 * DAY + 60),
    ];
    list(&world, &all);
    let [(state, words)] =
        &told(&world, "check", "guarantees", ("guarantee", "certificates overlap")).await[..]
    else {
        panic!("one line")
    };
    assert_eq!(state, "holds");
    for part in
        ["without a gap until 20", "certificates[1], in use: from 20", "certificates[2]: from"]
    {
        assert!(words.contains(part), "{words}");
    }
    assert_eq!(words.matches(", PSP_PI PSP_AI").count(), 3, "{words}");
    let said = told(&world, "doctor", "checks", ("check", "certificate")).await;
    assert!(said.iter().all(|(state, _)| state == "ok"), "{said:?}");
    assert!(said[0].1.starts_with("certificates[0]: from 20"), "{said:?}");
    assert!(said[1].1.starts_with("certificates[1], in use: from 20"), "{said:?}");
    assert!(said[3].1.starts_with("good for 90 days"), "{said:?}");
    // the bank is asked under the one in use, by commands too
    assert_eq!(cli::run(&world.folder, &["app", "list", "--provider", "cnb"]).await.code, 0);
    let mutual = told(&world, "doctor", "checks", ("check", "mutual TLS")).await;
    assert_eq!(mutual[0].0, "ok");
}

/// K46: a gap is weak, and somebody should look at it.
#[tokio::test]
async fn a_gap_is_shown() {
    let world = world().await;
    list(
        &world,
        &[laid("old.example", -DAY, 20 * DAY + 60), laid("next.example", 21 * DAY, 90 * DAY)],
    );
    let overlap = ("guarantee", "certificates overlap");
    let weak = told(&world, "check", "guarantees", overlap).await;
    assert!(weak[0].0 == "WEAK" && weak[0].1.starts_with("a gap from 20"), "{weak:?}");
    let said = told(&world, "doctor", "checks", ("check", "certificate")).await;
    let (state, words) = &said[2];
    assert!(
        state == "warn" && words.starts_with("ends in 20 days, and the next begins 20"),
        "{words}"
    );
    write(&world, &laid("old.example", -9 * DAY, -DAY)); // and in the gap
    let weak = told(&world, "check", "guarantees", ("guarantee", "mutual TLS")).await;
    assert!(weak[0].0 == "WEAK" && weak[0].1.starts_with("certificates[1] begins 20"), "{weak:?}");
    let said = told(&world, "doctor", "checks", ("check", "certificate")).await;
    assert_eq!(said[2].0, "wrong");
    assert!(said[2].1.starts_with("none is valid now, and the next begins 20"), "{said:?}");
}
