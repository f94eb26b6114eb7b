//! What the program is started with: what it refuses, and that it says why.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use tokio::time::timeout;

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bank-sim"));
    command.args(["--front", "127.0.0.1:0", "--tls", "127.0.0.1:0"]).args(arguments);
    command.kill_on_drop(true);
    command
}

#[tokio::test]
async fn arguments_that_would_lead_nowhere_are_refused() {
    for (name, value, right) in [
        ("--front-url", "bad", "without a path"),
        ("--front-url", "ftp://x", "without a path"),
        ("--front-url", "http://x/path", "without a path"),
        ("--front-url", "http://x//", "without a path"),
        ("--front-url", "http://a;b", "without a path"),
        ("--redirect-uri", "nonsense", "an absolute URI"),
        ("--redirect-uri", "http://", "an absolute URI"),
        ("--redirect-uri", "http://a;sandbox/cb", "an absolute URI"),
        ("--redirect-uri", "https://x/cb#here", "an absolute URI"),
        ("--host-name", "bad name", "a host name"),
        ("--host-name", "", "a host name"),
        ("--client-secret", "", "a value is required"),
        ("--client-id", "", "a value is required"),
        ("--licence", "XX", "PSDCZ-CNB-12345678"),
        ("--licence", "PSDcz-CNB-1", "PSDCZ-CNB-12345678"),
        ("--licence", "PSDCZ-CNB-", "PSDCZ-CNB-12345678"),
    ] {
        let output = timeout(Duration::from_mins(1), program(&[name, value]).output()).await;
        let output = output.unwrap_or_else(|_| panic!("{name} {value:?} is taken")).unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name} {value:?}: {error}");
        assert!(error.contains(name) && error.contains(right), "{name} {value:?}: {error}");
    }
}

#[tokio::test]
async fn a_slash_behind_the_front_url_is_not_doubled() {
    let mut command = program(&[
        "--front-url",
        "https://bank.example:8443/",
        "--host-name",
        "bank_1",
        "--host-name",
        "::1",
        "--redirect-uri",
        "example.app:/cb",
        "--redirect-uri",
        "http://[::1]:4200/cb?a=1",
    ]);
    let mut bank = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(bank.stdout.take().unwrap()).lines();
    let mut told = Vec::new();
    while !told.last().is_some_and(|line: &String| line.starts_with("authorization")) {
        told.push(lines.next_line().await.unwrap().unwrap_or_else(|| panic!("{told:?}")));
    }
    let pages = " https://bank.example:8443/powerauth-webflow/oauth/authorize";
    assert!(told.last().unwrap().ends_with(pages), "{told:?}");
}
