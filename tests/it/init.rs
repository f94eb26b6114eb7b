//! `bankconnect init`: a folder to begin with, from options or from answers, whole or not at all.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Stdio;

use demo::Options;
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Child;

use crate::cli::{self, at_terminal, run};
use crate::common::{accounts, start};

/// All that `init` has to be told of ČNB.
const OPTIONS: [&str; 4] = ["--origin", "https://app.example", "--tpp-name", "Ukazkova a.s."];

async fn init(folder: &Path, more: &[&str]) -> cli::Said {
    run(folder, &[&["init", "broker"], more].concat()).await
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn written(folder: &Path) -> toml::Table {
    let text = std::fs::read_to_string(folder.join("broker/bankconnect.toml")).unwrap();
    toml::from_str(&text).unwrap()
}

/// K44: a private folder, a ring nobody else reads, and a configuration whose end is the bank's table.
#[tokio::test]
async fn a_folder_to_begin_with() {
    let folder = tempfile::tempdir().unwrap();
    let said = init(folder.path(), &OPTIONS).await;
    assert_eq!(said.code, 0, "{}", said.err);
    let at: Vec<_> = ["cert import", "app register --provider cnb", "check", "doctor", "serve"]
        .map(|step| said.out.find(&format!(". bankconnect {step}")).expect(step))
        .into();
    assert!(at.is_sorted(), "{}", said.out);
    assert!(said.out.contains("--certificate-out cnb.crt.pem --key-out cnb.key.pem"));
    let file = |name: &str| folder.path().join("broker").join(name);
    assert_eq!((mode(&file("")), mode(&file("bankconnect.keys"))), (0o700, 0o600));
    let provider = written(folder.path())["providers"]["cnb"].as_table().unwrap().clone();
    for (key, value) in [
        ("preset", "cnb"),
        ("redirect_uri", "https://app.example/callback"),
        ("certificate_file", "cnb.crt.pem"),
        ("private_key_file", "cnb.key.pem"),
        ("client_id_file", "cnb.client-id"),
        ("client_secret_file", "cnb.secret"),
    ] {
        assert_eq!(provider[key].as_str(), Some(value));
    }
    assert_eq!(provider["scopes"], toml::Value::from(vec!["aisp", "pisp"]));
    assert!(written(folder.path())["app"].get("development_cookie").is_none());
    let text = std::fs::read_to_string(file("bankconnect.toml")).unwrap() + "pkce = \"enforced\"\n";
    let longer: toml::Table = toml::from_str(&text).unwrap();
    assert_eq!(longer["providers"]["cnb"]["pkce"].as_str(), Some("enforced"), "the table is last");
    assert!(text.lines().all(|line| line.chars().count() < 120), "{text}");
}

/// The sandbox needs neither certificate nor registration: `check` takes the folder as it is.
#[tokio::test]
async fn a_sandbox_is_ready_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let options = [
        ["--preset", "cnb-sandbox", "--origin", "http://127.0.0.1:8000", "--tpp-name", "T"],
        ["--base-api-url", "https://s.example/psd2-cobs/", "--provider", "try", "--scope", "aisp"],
    ];
    let said = init(folder.path(), &[&options.concat()[..], &["--json"]].concat()).await;
    let next = ["bankconnect check", "bankconnect doctor", "bankconnect serve"];
    let files = ["broker/bankconnect.toml", "broker/bankconnect.keys"];
    assert_eq!(said.json(), json!({ "folder": "broker", "files": files, "next": next }));
    let table = written(folder.path());
    assert_eq!(table["app"]["development_cookie"].as_bool(), Some(true), "http needs it");
    assert_eq!(table["providers"]["try"]["scopes"], toml::Value::from(vec!["aisp"]));
    let checked = run(&folder.path().join("broker"), &["check"]).await;
    assert_eq!(checked.code, 3, "{}", checked.err);
    assert_eq!(checked.out.matches("WEAK").count(), 1, "the cookie: {}", checked.out);
}

/// Everything that is missing is named at once, and nothing is written.
#[tokio::test]
async fn what_only_the_operator_knows_is_asked_for_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let said = init(folder.path(), &["--preset", "cnb-sandbox", "--listen", "nowhere"]).await;
    assert_eq!(said.code, 2);
    for words in [
        "--origin is missing: ",
        "--tpp-name is missing: ",
        "--base-api-url is missing: ",
        "--listen: is not an address; fix: e.g. \"127.0.0.1:4300\"",
    ] {
        assert!(said.err.contains(words), "{words}: {}", said.err);
    }
    assert!(!said.err.contains("--redirect-uri"), "nobody logs in: {}", said.err);
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
}

/// The configuration's own checks judge each value, by its option's name.
#[tokio::test]
async fn values_that_are_no_good_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ca.pem"), "nonsense").unwrap();
    for (option, value, says) in [
        ("--origin", "https://app.example/", "not an origin"),
        ("--origin", "http://app.example", "is not https"),
        ("--redirect-uri", "https://other.example/callback", "app.origins"),
        ("--redirect-uri", "https://app.example/callback?x=1", "plain URL"),
        ("--listen", "0.0.0.0:4300", "(here: --dangerous WORD)"),
        ("--tpp-name", "Příklad", "ASCII"),
        ("--tpp-name", "two\nlines", "ASCII"),
        ("--tpp-name", "\u{7f}\u{1}", "ASCII"),
        ("--tpp-identification", "č", "ASCII"),
        ("--scope", "a\"b", "no scope"),
        ("--base-api-url", "http://bank.example/", "https"),
        ("--provider", "a\"]\n[b", "not plain"),
        ("--provider", "", "not plain"),
        ("--ca-file", "ca.pem", "no certificate"),
        ("--ca-file", "none.pem", "cannot be read"),
        ("--dangerous", "everything", "names no danger"),
        ("--dangerous", "resolve", "is not there"),
        ("--preset", "csob", "possible values: cnb, cnb-sandbox"),
    ] {
        let given = OPTIONS.chunks(2).filter(|pair| pair[0] != option).collect::<Vec<_>>().concat();
        let said = init(folder.path(), &[&given[..], &[option, value]].concat()).await;
        assert_eq!(said.code, 2, "{option} {value}: {}", said.err);
        assert!(said.err.contains(says), "{option} {value}: {}", said.err);
        assert!(said.err.contains(option), "{option} {value}: {}", said.err);
        assert!(!folder.path().join("broker").exists());
    }
    let accepted = ["--listen", "0.0.0.0:4300", "--dangerous", "clear_listen"];
    let said = init(folder.path(), &[&OPTIONS[..], &accepted].concat()).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(written(folder.path())["dangerous"], toml::Value::from(vec!["clear_listen"]));
}

/// Whatever a value holds stays in its place.
#[tokio::test]
async fn text_is_written_as_toml() {
    for name in ["A \"b\" \\ 'c' # d", "'", "\"\"\"", "x]\\n[y", "= 1"] {
        let folder = tempfile::tempdir().unwrap();
        let options = ["--origin", "https://app.example", "--tpp-name", name];
        let said =
            init(folder.path(), &[&options[..], &["--tpp-identification", name]].concat()).await;
        assert_eq!(said.code, 0, "{}", said.err);
        let table = written(folder.path());
        assert_eq!(table["tpp"]["name"].as_str(), Some(name));
        assert_eq!(table["tpp"]["identification"].as_str(), Some(name));
        assert_eq!(table.len(), 5);
    }
}

/// T03: a ring is never overwritten, nor a configuration; a new ring is put beside no old database.
#[tokio::test]
async fn what_is_there_stays() {
    for name in ["bankconnect.toml", "bankconnect.keys", "bankconnect.db"] {
        for is_link in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let broker = folder.path().join("broker");
            std::fs::create_dir(&broker).unwrap();
            if is_link {
                std::os::unix::fs::symlink("nowhere", broker.join(name)).unwrap();
            } else {
                std::fs::write(broker.join(name), "mine").unwrap();
            }
            let said = init(folder.path(), &OPTIONS).await;
            assert_eq!(said.code, 1, "{name}");
            assert!(
                said.err.contains(&format!("there already: broker/{name}; fix: ")),
                "{}",
                said.err
            );
            let there: Vec<_> = std::fs::read_dir(&broker).unwrap().collect();
            assert_eq!(there.len(), 1, "nothing else is written");
            assert!(is_link || std::fs::read_to_string(broker.join(name)).unwrap() == "mine");
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let said = run(folder.path(), &[&["init", "none/broker"], &OPTIONS[..]].concat()).await;
    assert!(said.code == 1 && said.err.contains("none/broker cannot be made"), "{}", said.err);
}

/// The disk is full after the ring: the ring goes, and the folder too.
#[tokio::test]
async fn half_a_folder_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let program = cli::command(folder.path(), &[]).as_std().get_program().to_owned();
    // no file may have more than 1024 bytes: the ring has fewer, the configuration more
    let full = "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"";
    let mut command = tokio::process::Command::new("bash");
    command.args(["-c", full]).arg(program).args(["init", "broker"]).args(OPTIONS);
    let output = command.current_dir(folder.path()).stdin(Stdio::null()).output().await.unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("bankconnect.toml cannot be written"), "{told}");
    assert!(!folder.path().join("broker").exists());
}

/// At a terminal what no option says is asked: Enter takes what is in brackets, a bad answer is told.
#[tokio::test]
async fn questions_are_put_at_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let keys = "csob\n\nbad id\ntest\n\nhttp://app.example\nhttp://localhost:8000\n\n\
                0.0.0.0:1\n\nPříklad\nPriklad\n\naisp\n";
    let arguments = ["init", "broker", "--ca-file", "broker-ca.pem"];
    let world = start(Options::default()).await;
    std::fs::copy(world.folder.join("bank-ca.pem"), folder.path().join("broker-ca.pem")).unwrap();
    let said = at_terminal(folder.path(), &arguments, keys).await;
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    for words in [
        "The bank: cnb, or cnb-sandbox to try out [cnb]: ",
        "is not known; fix: one of \"cnb\", \"cnb-sandbox\"",
        "hyphens [cnb]: ",
        "the provider's id is not plain",
        "there is no default for this one",
        "\"http://app.example\" is not https",
        "[http://localhost:8000/callback]: ",
        "[127.0.0.1:4300]: ",
        "(here: --dangerous WORD)",
        "write it without diacritics",
        "Enter for none: ",
        "(payments) [aisp pisp]: ",
    ] {
        assert!(said.err.contains(words), "{words}: {}", said.err);
    }
    assert!(!said.err.contains("base API URL"), "the preset has it");
    let table = written(folder.path());
    assert_eq!(table["tpp"]["name"].as_str(), Some("Priklad"));
    assert!(table["tpp"].get("identification").is_none());
    let provider = &table["providers"]["test"];
    assert_eq!(provider["scopes"], toml::Value::from(vec!["aisp"]));
    let authorities = provider["ca_file"].as_str().unwrap();
    assert_eq!(Path::new(authorities), folder.path().join("broker-ca.pem"), "seen from there");
    assert_eq!(table["listen"]["address"].as_str(), Some("127.0.0.1:4300"));
}

/// Options are judged before anybody answers a question; answers that end early write nothing.
#[tokio::test]
async fn nothing_is_written_without_all_answers() {
    let folder = tempfile::tempdir().unwrap();
    let bad = ["init", "broker", "--origin", "https://app.example/"];
    let said = at_terminal(folder.path(), &bad, "").await;
    assert!(said.code == 2 && said.err.contains("--origin: "), "{}", said.err);
    assert!(!said.err.contains("The bank"), "nobody was asked: {}", said.err);
    let end_of_file = "\n\u{4}";
    let said = at_terminal(folder.path(), &["init", "broker"], end_of_file).await;
    assert!(said.code == 2 && said.err.contains("nothing was written"), "{}", said.err);
    assert!(!folder.path().join("broker").exists());
}

/// From nothing to a person's accounts, by what `init` says is next; the bank is a simulated one.
#[tokio::test]
async fn a_first_user_gets_to_a_connection() {
    let world = start(Options::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join("broker").join(name);
    std::fs::copy(world.folder.join("bank-ca.pem"), folder.path().join("ca.pem")).unwrap();
    let own = ["--ca-file", "ca.pem", "--listen", "127.0.0.1:0"];
    let said = init(folder.path(), &[&OPTIONS[..], &own].concat()).await;
    assert_eq!(said.code, 0, "{}", said.err);
    // what a simulated bank needs, at the end of its table
    let config = file("bankconnect.toml");
    let address = world.bank.tls_addr();
    let simulated =
        format!("environment = \"sandbox\"\nresolve = {{ \"aboktpp.cnb.cz\" = \"{address}\" }}\n");
    let text = std::fs::read_to_string(&config).unwrap() + &simulated;
    std::fs::write(&config, text).unwrap();

    let [certificate, key] = ["certificate.pem", "private-key.pem"]
        .map(|name| world.folder.join(name).display().to_string());
    let steps = said.out.lines().filter_map(|line| line.trim().split_once(". bankconnect "));
    let steps: Vec<_> = steps.map(|(_, step)| step).collect();
    let (last, before) = steps.split_last().unwrap();
    for step in before {
        let step =
            step.replace("[--passphrase-file FILE] ", "").replace("CERTIFICATE", &certificate);
        let step = step.replace("[--key KEY]", &format!("--key {key}"));
        let said = run(&file(""), &step.split(' ').collect::<Vec<_>>()).await;
        assert_eq!(said.code, 0, "{step}: {}{}", said.out, said.err);
    }
    assert_eq!((before.len(), *last), (4, "serve"));
    let (_broker, address) = serve(&file("")).await;
    let browser = world.browser().through(address);
    let id = browser.connect("cnb", "aisp").await.unwrap();
    assert_eq!(accounts(&browser, &id).await.status, 200);
}

/// A running broker, until it is dropped, and where it answers.
async fn serve(folder: &Path) -> (Child, std::net::SocketAddr) {
    let mut broker = cli::command(folder, &["serve"]).spawn().unwrap();
    let mut lines = BufReader::new(broker.stdout.as_mut().unwrap()).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        if let Some(address) = line["address"].as_str() {
            return (broker, address.parse().unwrap());
        }
    }
    panic!("the broker did not serve: {:?}", broker.wait_with_output().await);
}
