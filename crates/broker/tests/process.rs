//! The `bankconnect` program as an operator runs it: exit codes, messages, files, signals.

#![cfg(test)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

fn bankconnect(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bankconnect"));
    command.args(arguments).current_dir(folder);
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    bankconnect(folder, arguments).output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A folder with a key ring and a configuration that needs no bank to start.
fn folder(configuration: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    assert!(run(folder.path(), &["keys", "new", "keys"]).status.success());
    std::fs::write(folder.path().join("bankconnect.toml"), configuration).unwrap();
    folder
}

const SANDBOX: &str = r#"
[listen]
address = "127.0.0.1:0"

[app]
origins = ["https://app.example"]

[store]
file = "bankconnect.db"
key_file = "keys"

[tpp]
name = "Example"

[providers.cnb-sandbox]
preset = "cnb-sandbox"
base_api_url = "https://sandbox.example/psd2-cobs/"
"#;

/// A broker that is killed when the test is over.
struct Running(Child, String);

impl Running {
    fn start(folder: &Path) -> Self {
        let mut child = bankconnect(folder, &["serve"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.split("\"address\":\"").nth(1).and_then(|rest| rest.split('"').next());
        let address = address.unwrap_or_else(|| panic!("no address in {line}")).to_owned();
        Self(child, address)
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.1).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

#[test]
fn a_key_ring_is_private_and_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    assert!(run(folder.path(), &["keys", "new", "keys"]).status.success());
    let keys = folder.path().join("keys");
    assert_eq!(std::fs::metadata(&keys).unwrap().permissions().mode() & 0o777, 0o600);
    let before = std::fs::read(&keys).unwrap();
    let again = run(folder.path(), &["keys", "new", "keys"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(told(&again).contains("never overwritten"), "{}", told(&again));
    assert_eq!(std::fs::read(&keys).unwrap(), before);
}

#[test]
fn a_wrong_configuration_names_key_line_and_fix_and_does_not_start() {
    let folder = folder(&SANDBOX.replace("https://app.example", "http://app.example"));
    let output = run(folder.path(), &["serve"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        told(&output),
        "error: bankconnect.toml:6: app.origins: \"http://app.example\" is not https\n  \
         fix: serve the app by https; http only on localhost\n"
    );
    assert!(!folder.path().join("bankconnect.db").exists(), "nothing was started");
}

#[test]
fn the_key_ring_is_never_made_by_itself() {
    let folder = folder(SANDBOX);
    std::fs::remove_file(folder.path().join("keys")).unwrap();
    let output = run(folder.path(), &["serve"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("bankconnect keys new"), "{}", told(&output));
    assert!(!folder.path().join("keys").exists());
}

#[test]
fn the_environment_overrides_the_file() {
    let folder = folder(&SANDBOX.replace("127.0.0.1:0", "256.0.0.1:0"));
    let mut command = bankconnect(folder.path(), &["serve"]);
    let output = command.env("BANKCONNECT__LISTEN__PREFIX", "x").output().unwrap();
    assert!(told(&output).contains("listen.address"), "{}", told(&output));
    let mut command = bankconnect(folder.path(), &["serve"]);
    let output = command.env("BANKCONNECT__LISTEN__ADRESS", "127.0.0.1:0").output().unwrap();
    assert!(told(&output).contains("BANKCONNECT__LISTEN__ADRESS"), "{}", told(&output));
}

#[test]
fn it_serves_logs_one_line_and_stops_on_sigterm() {
    let folder = folder(SANDBOX);
    let mut broker = Running::start(folder.path());
    assert!(broker.get("/bank/health/live").starts_with("HTTP/1.1 200"));
    assert!(broker.get("/bank/health/ready").starts_with("HTTP/1.1 200"));
    let refused = broker.get("/bank/providers");
    assert!(refused.starts_with("HTTP/1.1 403"), "{refused}");
    assert!(refused.contains("application/problem+json"), "{refused}");
    let elsewhere = broker.get("/elsewhere?secret=canary");
    assert!(elsewhere.starts_with("HTTP/1.1 404"), "{elsewhere}");
    assert!(elsewhere.contains("application/problem+json"), "{elsewhere}");

    let pid = broker.0.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let mut log = String::new();
    broker.0.stdout.as_mut().unwrap().read_to_string(&mut log).unwrap();
    assert!(broker.0.wait().unwrap().success());
    assert_eq!(log.lines().filter(|line| line.contains("\"message\":\"request\"")).count(), 4);
    assert!(log.contains("\"route\":\"/bank/providers\""), "{log}");
    assert!(!log.contains("canary"), "{log}");
    assert!(log.contains("stopped"), "{log}");
}
