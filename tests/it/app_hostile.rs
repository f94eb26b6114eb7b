//! `bankconnect app` at banks that err, go silent or answer oddly, and on disks that will not have its files: a
//! secret is told once, so nothing may cost it, and what may have happened is said.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::cli::{self, Said};
use crate::common::eventually;

const ID: &str = "3f1c9f0e-8a0f-4a43-9a64-c31f1b9f7c55";
const CREATED: &str =
    r#"{"client_id":"3f1c9f0e-8a0f-4a43-9a64-c31f1b9f7c55","client_secret":"canary-1"}"#;
const TAKEN: &str = r#"{"error":"INVALID_REQUEST","error_description":"Name\u001b[2Jtaken."}"#;
const RENEWED: &str = r#"{"client_secret":"canary-2","client_secret_expires_at":1800000000}"#;

/// A bank that answers what it is told to, one call after the other, and a folder that is set up for it.
struct Bank {
    folder: TempDir,
    /// First lines of what came.
    came: Arc<Mutex<Vec<String>>>,
}

/// An answer; a status of 0 is a connection that breaks without one.
type Answer = (u16, &'static str);

/// A connection that stays, and no answer.
const SILENCE: u16 = 1;

impl Bank {
    async fn that_answers(answers: &'static [Answer]) -> Self {
        Self::that(answers, |_| {}).await
    }

    /// The same; before each answer something happens in the folder.
    async fn that(answers: &'static [Answer], meanwhile: fn(&Path)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let text = format!(
            "dangerous = [\"clear_bank\", \"no_mutual_tls\"]\n[tpp]\nname = \"Example a.s.\"\n[providers.cnb]\npreset = \"cnb\"\n\
             base_api_url = \"http://127.0.0.1:{port}/\"\nmutual_tls = false\n\
             redirect_uri = \"https://app.example/callback\"\n\
             client_id_file = \"cnb.client-id\"\nclient_secret_file = \"cnb.client-secret\"\n"
        );
        std::fs::write(folder.path().join("bankconnect.toml"), text).unwrap();
        let came = Arc::<Mutex<Vec<String>>>::default();
        let (kept, place) = (came.clone(), folder.path().to_owned());
        tokio::spawn(async move {
            for &(status, body) in answers {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = vec![0; 16 * 1024];
                let mut length = 0;
                while !whole(&request[..length]) {
                    length += stream.read(&mut request[length..]).await.unwrap();
                }
                let text = String::from_utf8_lossy(&request[..length]).into_owned();
                kept.lock().unwrap().push(text.lines().next().unwrap().to_owned());
                meanwhile(&place);
                let answer = format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\nlocation: /elsewhere\r\n\
                     content-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
                if status == SILENCE {
                    std::future::pending::<()>().await;
                }
                if status > 0 {
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
            }
        });
        Self { folder, came }
    }

    async fn app(&self, command: &str, more: &[&str]) -> Said {
        cli::run(self.folder.path(), &[&["app", command, "--provider", "cnb"], more].concat()).await
    }

    /// What a file holds; empty where there is none.
    fn held(&self, file: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(file)).unwrap_or_default()
    }

    fn write(&self, file: &str, text: &str) {
        std::fs::write(self.folder.path().join(file), text).unwrap();
    }

    /// Makes a file as old as one that nobody is at work on.
    fn age(&self, file: &str) {
        let file = std::fs::File::options().write(true).open(self.folder.path().join(file));
        file.unwrap().set_modified(SystemTime::now() - Duration::from_secs(61)).unwrap();
    }

    /// Every file but the configuration.
    fn files(&self) -> Vec<String> {
        let all = std::fs::read_dir(self.folder.path()).unwrap();
        let names = all.map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.filter(|name| name != "bankconnect.toml").collect();
        names.sort();
        names
    }

    fn calls(&self) -> usize {
        self.came.lock().unwrap().len()
    }
}

/// Whether a request has come to its end.
fn whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
    body.len() >= length.map_or(0, |length| length.parse().unwrap())
}

/// Whatever kept the answer from coming: the application may exist, and two commands get everything back.
#[tokio::test]
async fn a_lost_reply_is_told_with_the_way_back() {
    const LOST: &[Answer] = &[
        (0, ""),
        (201, "<html>"),
        (201, r#"{"client_id":"x"}"#),
        (201, r#"{"client_secret":"canary-0"}"#),
        (201, r#"{"client_id":"x","client_secret":"canary\n-0"}"#),
        (502, "<html>"),
    ];
    for at in 0..LOST.len() {
        let bank = Bank::that_answers(&LOST[at..=at]).await;
        let said = bank.app("register", &[]).await;
        assert_eq!(said.code, 3, "{:?}: {}", LOST[at], said.err);
        for words in
            ["may be registered", "app list --provider cnb", "app renew-secret --provider cnb"]
        {
            assert!(said.err.contains(words), "{:?}: {}", LOST[at], said.err);
        }
        assert!(!said.err.contains("canary") && !said.out.contains("canary"), "{}", said.err);
        assert_eq!((bank.files(), bank.calls()), (Vec::<String>::new(), 1), "asked once");
    }
    let bank = Bank::that_answers(&[(0, ""), (200, RENEWED)]).await;
    assert_eq!(bank.app("register", &[]).await.code, 3);
    let said = bank.app("renew-secret", &[ID]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(
        said.out.contains("expires at 2027-01-15") && !said.out.contains("canary"),
        "{}",
        said.out
    );
    assert_eq!(bank.files(), ["cnb.client-id", "cnb.client-secret"]);
    assert_eq!(
        (&*bank.held("cnb.client-id"), &*bank.held("cnb.client-secret")),
        (&*format!("{ID}\n"), "canary-2\n")
    );
    let renew = format!("POST /cobs/2.0/applications/{ID}/renewSecret HTTP/1.1");
    assert_eq!(bank.came.lock().unwrap()[1], renew);
}

/// Somebody is tired of waiting, or the program is: that is no different from a lost reply.
#[tokio::test]
async fn an_answer_that_is_not_waited_for_is_a_lost_one() {
    let bank = Bank::that_answers(&[(SILENCE, "")]).await;
    let text = bank.held("bankconnect.toml");
    bank.write("bankconnect.toml", &format!("{text}[limits]\nfirst_byte_seconds = 1\n"));
    let said = bank.app("register", &[]).await;
    assert!(said.code == 3 && said.err.contains("first_byte_seconds"), "{}", said.err);
    assert!(said.err.contains("may be registered") && bank.files().is_empty(), "{}", said.err);
    for signal in ["INT", "TERM"] {
        let bank = Bank::that_answers(&[(SILENCE, "")]).await;
        bank.write("cnb.client-id", ID);
        bank.write("cnb.client-secret", "canary-0");
        let arguments = ["app", "renew-secret", "--provider", "cnb"];
        let program = cli::command(bank.folder.path(), &arguments).spawn().unwrap();
        eventually("a call", || bank.calls() == 1).await;
        assert_eq!(
            bank.files().len(),
            4,
            "the mark, and the new file on its way: {:?}",
            bank.files()
        );
        let id = program.id().unwrap().to_string();
        std::process::Command::new("kill").args(["-s", signal, &id]).status().unwrap();
        let output = program.wait_with_output().await.unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(3) && told.contains("interrupted"), "{told}");
        assert!(told.contains("renew-secret --provider cnb"), "{told}");
        assert_eq!(bank.files(), ["cnb.client-id", "cnb.client-secret"]);
        assert_eq!(bank.held("cnb.client-secret"), "canary-0");
    }
}

/// A bank that was never reached has nothing registered, and a redirect is not followed.
#[tokio::test]
async fn what_was_not_heard_was_not_done() {
    let bank = Bank::that_answers(&[(307, "")]).await;
    let said = bank.app("register", &[]).await;
    assert!(said.code == 1 && said.err.contains("never followed"), "{}", said.err);
    let text = bank.held("bankconnect.toml");
    let port = text.split("127.0.0.1:").nth(1).unwrap().split('/').next().unwrap();
    bank.write("bankconnect.toml", &text.replace(port, "1"));
    let said = bank.app("register", &[]).await;
    assert!(said.code == 1 && said.err.contains("not reachable"), "{}", said.err);
    assert_eq!((bank.files(), bank.calls()), (Vec::<String>::new(), 1));
}

/// Nothing beside the secret can cost it: fields that are odd, and a bank that is slow to say what it made.
#[tokio::test]
async fn odd_fields_cost_no_secret() {
    const ODD: &str = r#"{"client_id":"c","client_secret":"canary-1","client_secret_expires_at":"never",
        "redirect_uris":7,"api_key":null}"#;
    let bank = Bank::that_answers(&[(200, ODD)]).await;
    let said = bank.app("register", &[]).await;
    assert!(said.code == 0 && said.out.contains("does not say"), "{}{}", said.out, said.err);
    assert_eq!(bank.held("cnb.client-secret"), "canary-1\n");
}

/// Bank-api fact 4.3: each code in capitals and in small letters, with the bank's own words, and what to do.
#[tokio::test]
async fn each_code_is_told_in_words() {
    const CODES: &[(u16, &str, &str)] = &[
        (400, TAKEN, "of that name already"),
        (401, r#"{"error":"INVALID_CLIENT"}"#, "no such application"),
        (401, r#"{"error":"Unauthorized_Client"}"#, "check certificate_file"),
        (401, r#"{"error":"access_denied"}"#, "gives nothing to this licence"),
        (400, r#"{"error":"INVALID_SCOPE"}"#, "has no such scope"),
        (403, r#"{"error":"INSUFFICIENT_SCOPE"}"#, "has no PSD2 role"),
        (400, r#"{"error":"INVALID_REDIRECT_URI"}"#, "without fragment"),
        (503, r#"{"error":"SERVER_ERROR"}"#, "try again later"),
        (400, r#"{"error":"CANARY_CODE"}"#, "check base_api_url"),
    ];
    const ANSWERS: [Answer; 9] = {
        let mut answers = [(0, ""); 9];
        let mut at = 0;
        while at < 9 {
            answers[at] = (CODES[at].0, CODES[at].1);
            at += 1;
        }
        answers
    };
    let bank = Bank::that_answers(&ANSWERS).await;
    for &(status, body, says) in CODES {
        let said = bank.app("register", &["--json"]).await;
        assert_eq!(said.code, if status == 503 { 3 } else { 1 }, "{body}: {}", said.err);
        assert!(said.err.contains(says) && !said.err.contains("CANARY"), "{body}: {}", said.err);
        let word = said.json()["error"].as_str().unwrap().to_owned();
        let known = body.to_lowercase().contains(&format!("\"{word}\""));
        assert!(known || word == "unknown_code", "{body}: {word}");
        assert!(!said.err.contains('\u{1b}'), "no control letters");
        assert_eq!(bank.files(), Vec::<String>::new(), "{body}");
    }
}

/// What is there is never overwritten, what cannot be written is found first, and nothing is sent.
#[tokio::test]
async fn files_stand_before_the_call() {
    let bank = Bank::that_answers(&[(201, CREATED)]).await;
    let text = bank.held("bankconnect.toml");
    for file in ["cnb.client-id", "cnb.client-secret"] {
        bank.write(file, "mine");
        let said = bank.app("register", &[]).await;
        assert!(said.code == 1 && said.err.contains("never overwritten"), "{}", said.err);
        assert_eq!(bank.held(file), "mine");
        std::fs::remove_file(bank.folder.path().join(file)).unwrap();
    }
    for (from, to, says) in [
        ("client_id_file = \"cnb.client-id\"\n", "", "has no client_id_file"),
        ("client_secret_file = \"cnb.client-secret\"\n", "", "has no client_secret_file"),
        ("client_id_file = \"cnb.client-id\"", "client_id = \"x\"", "has a client_id"),
        ("client_id_file", "client_id = \"x\"\nclient_id_file", "stands beside client_id"),
        ("cnb.client-id", "cnb.client-secret", "are one file"),
        ("cnb.client-secret", "nowhere/cnb.client-secret", "cannot be written"),
        ("cnb.client-id", "/proc/cnb.client-id", "cannot be written"),
    ] {
        bank.write("bankconnect.toml", &text.replace(from, to));
        let said = bank.app("register", &[]).await;
        assert_eq!(said.code, 1, "{to}: {}", said.err);
        assert!(said.err.contains(says) && said.err.contains("fix: "), "{to}: {}", said.err);
        if says.starts_with("has ") {
            assert!(
                said.err.contains("client_secret_file = \"cnb.client-secret\""),
                "{}",
                said.err
            );
        }
    }
    bank.write("bankconnect.toml", &text);
    let full = "trap '' XFSZ; ulimit -f 0; exec \"$0\" app register --provider cnb";
    let mut shell = tokio::process::Command::new("bash");
    shell.args(["-c", full, env!("CARGO_BIN_EXE_program")]).current_dir(bank.folder.path());
    let output = shell.output().await.unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(1) && told.contains("cannot be written"), "{told}");
    assert_eq!((bank.files(), bank.calls()), (Vec::<String>::new(), 0));
    assert_eq!(bank.app("register", &[]).await.code, 0);
}

/// A file that somebody puts there while the bank is asked stays; the way to another secret is told.
#[tokio::test]
async fn what_cannot_be_written_after_all_is_told_with_the_way_back() {
    let meanwhile: [fn(&Path); 2] = [
        |folder| std::fs::write(folder.join("cnb.client-id"), "mine").unwrap(),
        |folder| std::fs::write(folder.join("cnb.client-secret"), "mine").unwrap(),
    ];
    for (meanwhile, file) in meanwhile.into_iter().zip(["cnb.client-id", "cnb.client-secret"]) {
        let bank = Bank::that(&[(201, CREATED)], meanwhile).await;
        let said = bank.app("register", &["--json"]).await;
        assert_eq!((said.code, &said.json()["error"]), (3, &json!("not_written")), "{}", said.err);
        let command = format!("bankconnect app renew-secret --provider cnb {ID}");
        assert!(said.err.contains(&command), "{}", said.err);
        assert!(!said.err.contains("canary"), "{}", said.err);
        assert_eq!(
            (bank.files(), &*bank.held(file)),
            (vec![file.to_owned()], "mine"),
            "both or neither"
        );
    }
}

/// While the bank is asked for a new secret a mark says so, for the broker; whatever comes, it is gone afterwards.
#[tokio::test]
async fn a_renewal_is_marked_while_it_lasts() {
    fn looks(folder: &Path) {
        let mark = folder.join("cnb.client-secret.renewing").metadata();
        let mode = mark.map(|mark| mark.permissions().mode() & 0o777).unwrap_or_default();
        std::fs::write(folder.join("seen"), format!("{mode:o}")).unwrap();
    }
    const ANSWERS: &[Answer] =
        &[(200, RENEWED), (401, r#"{"error":"invalid_client"}"#), (0, ""), (200, RENEWED)];
    let bank = Bank::that(ANSWERS, looks).await;
    bank.write("cnb.client-id", ID);
    bank.write("real.secret", "canary-0");
    let place = |file: &str| bank.folder.path().join(file);
    std::os::unix::fs::symlink("real.secret", place("cnb.client-secret")).unwrap();
    std::fs::set_permissions(place("real.secret"), PermissionsExt::from_mode(0o640)).unwrap();
    for (code, secret) in
        [(0, "canary-2\n"), (1, "canary-2\n"), (3, "canary-2\n"), (0, "canary-2\n")]
    {
        let said = bank.app("renew-secret", &[]).await;
        assert_eq!(said.code, code, "{}", said.err);
        assert!(code != 3 || said.err.contains("may be dead"), "{}", said.err);
        assert_eq!((&*bank.held("seen"), &*bank.held("real.secret")), ("600", secret));
        let files = ["cnb.client-id", "cnb.client-secret", "real.secret", "seen"];
        assert_eq!(bank.files(), files, "the mark is gone, and the link stays");
        let mode = place("real.secret").metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640, "who could read it still can");
    }
}

/// Two renewals at once would each kill the other's secret.
#[tokio::test]
async fn a_renewal_at_work_keeps_another_out() {
    let bank = Bank::that_answers(&[(200, RENEWED)]).await;
    bank.write("cnb.client-id", ID);
    bank.write("cnb.client-secret", "canary-0");
    bank.write("cnb.client-secret.renewing", "");
    let said = bank.app("renew-secret", &[]).await;
    assert!(said.code == 1 && said.err.contains("another renewal"), "{}", said.err);
    let said = bank.app("renew-secret", &["another-application"]).await;
    assert!(said.code == 1 && said.err.contains(ID), "{}", said.err);
    assert_eq!((bank.calls(), &*bank.held("cnb.client-secret")), (0, "canary-0"));
    bank.age("cnb.client-secret.renewing");
    bank.write(".cnb.client-secret.new", "canary of a killed run");
    let said = bank.app("renew-secret", &[]).await;
    assert!(said.code == 1 && said.err.contains(".cnb.client-secret.new is there"), "{}", said.err);
    bank.age(".cnb.client-secret.new");
    assert_eq!(bank.app("renew-secret", &[]).await.code, 0, "that one died");
    assert_eq!(bank.files(), ["cnb.client-id", "cnb.client-secret"]);
}

/// A bank that leaves fields out (fact 4.4) loses none of them by a change.
#[tokio::test]
async fn a_change_sends_no_less_than_there_is() {
    const BARE: &str = r#"{"client_id":"c"}"#;
    const FULL: &str = r#"{"client_id":"c","client_name":"A","application_type":"web",
        "redirect_uris":["https://app.example/callback","https://old.example/cb"],"scopes":["aisp"]}"#;
    let bank = Bank::that_answers(&[(200, BARE), (200, BARE), (200, FULL)]).await;
    bank.write("cnb.client-id", ID);
    let said = bank.app("update", &["--name", "A"]).await;
    assert!(said.code == 2 && said.err.contains("application_type"), "{}", said.err);
    assert_eq!(bank.calls(), 1, "only asked");
    let said = bank.app("update", &["--name", "A", "--type", "web", "--json"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    let told = said.json();
    assert_eq!(told["before"]["redirect_uris"], json!([]));
    assert_eq!(told["after"]["scopes"], json!(["aisp"]));
    let warnings = told["warnings"].to_string();
    for words in
        ["the bank has redirect_uris", "old.example", "the bank has scopes aisp", "logo_uri"]
    {
        assert!(warnings.contains(words), "{words}: {warnings}");
    }
    let put = format!("PUT /cobs/2.0/applications/{ID} HTTP/1.1");
    assert_eq!(bank.came.lock().unwrap()[2], put);
}
