//! A probe with a person at the terminal and in the browser, for the tests of what it finds.

use bank_sim::{Knobs, RecordedRequest, WebFlow};
use demo::browser::Attempt;
use demo::{Options, World};
use reqwest::Url;
use serde_json::Value;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;

use crate::cli::command;
use crate::common::{REVOKE, seen, start};

/// Pasted, it ends the input, as Ctrl-D does; so does pasting nothing.
pub(crate) const END: &str = "END";

/// A probe from its beginning to its end.
pub(crate) struct Told {
    pub(crate) code: i32,
    pub(crate) out: String,
    /// Everything printed, the addresses to log in at among it.
    pub(crate) all: String,
    /// Those addresses.
    pub(crate) urls: Vec<Url>,
}

impl Told {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).expect(&self.all)
    }
}

/// Runs a probe: each address it prints goes to `person`, whose lines are pasted.
pub(crate) async fn probe(
    world: &World,
    more: &[&str],
    person: impl AsyncFn(Attempt) -> Vec<String>,
) -> Told {
    let arguments = [&["probe", "--provider", "cnb"], more].concat();
    let mut program = command(&world.folder, &arguments);
    let mut program = program.stdin(Stdio::piped()).spawn().unwrap();
    let mut said = BufReader::new(program.stderr.take().unwrap());
    let mut paste = program.stdin.take();
    let (mut all, mut line, mut urls) = (String::new(), String::new(), Vec::new());
    while said.read_line(&mut line).await.unwrap() > 0 {
        all.push_str(&line);
        if line.starts_with("https://") {
            let url: Url = line.trim().parse().unwrap();
            let mut pairs = url.query_pairs();
            let state = pairs.find(|(known, _)| known == "state").unwrap().1.into_owned();
            urls.push(url.clone());
            let lines = person(Attempt { state, verifier: String::new(), url: url.into() }).await;
            for line in &lines {
                let Some(paste) = paste.as_mut().filter(|_| line != END) else { break };
                paste.write_all(format!("{line}\n").as_bytes()).await.unwrap();
            }
            if lines.last().is_none_or(|line| line == END) {
                paste.take();
            }
        }
        line.clear();
    }
    let mut out = String::new();
    program.stdout.take().unwrap().read_to_string(&mut out).await.unwrap();
    all.push_str(&out);
    let code = program.wait().await.unwrap().code().unwrap();
    Told { code, out, all, urls }
}

/// Web Flow 1.5, at its own addresses.
pub(crate) fn newer() -> Options {
    let flow = "https://aboktpp.cnb.cz/powerauth-webflow/oauth2";
    let provider_settings = format!(
        "authorization_url = \"{flow}/authorize\"\ntoken_url = \"{flow}/token\"\n\
         revocation_url = \"{flow}/revoke\""
    );
    let knobs = Knobs { web_flow: WebFlow::V1_5.into(), ..Knobs::default() };
    Options { knobs, provider_settings, ..Options::default() }
}

/// Logs in and comes back.
pub(crate) async fn consents(world: &World, attempt: Attempt) -> Vec<String> {
    vec![world.browser().consent(&attempt).await.unwrap().into()]
}

/// Every code that was shown to the bank, at whatever address its generation has.
pub(crate) fn codes_shown(world: &World) -> Vec<RecordedRequest> {
    let requests = world.bank.requests().into_iter();
    requests.filter(|request| request.form("code").is_some()).collect()
}

/// Nothing that opens anything stands in what the probe prints.
pub(crate) fn prints_no_secret(world: &World, told: &Told) {
    let mut secrets = vec![std::fs::read_to_string(world.folder.join("cnb.secret")).unwrap()];
    for call in codes_shown(world) {
        secrets.extend(call.form("code"));
        secrets.extend(call.form("code_verifier"));
        let basic = call.header("authorization").unwrap();
        secrets.push(basic.strip_prefix("Basic ").unwrap().to_owned());
    }
    secrets.extend(seen(world, REVOKE).iter().filter_map(|call| call.form("token")));
    for secret in secrets {
        assert!(!told.all.contains(&secret), "{secret} in {}", told.all);
    }
}

/// A world whose bank's token endpoint is not bank-sim's: it says this, one answer after the other; what came is kept.
pub(crate) async fn answered_by(
    answers: &'static [&'static str],
) -> (World, Arc<Mutex<Vec<String>>>) {
    let (port, came) = parrot(answers).await;
    let options = Options {
        provider_settings: format!("token_url = \"http://127.0.0.1:{port}/token\""),
        dangers: vec!["clear_bank"],
        second_provider: false,
        ..Options::default()
    };
    (start(options).await, came)
}

async fn parrot(answers: &'static [&'static str]) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let came = Arc::<Mutex<Vec<String>>>::default();
    let kept = came.clone();
    tokio::spawn(async move {
        for body in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 16 * 1024];
            let mut length = 0;
            while !String::from_utf8_lossy(&request[..length]).contains("grant_type=") {
                length += stream.read(&mut request[length..]).await.unwrap();
            }
            kept.lock().unwrap().push(String::from_utf8_lossy(&request[..length]).into_owned());
            if *body == LOST {
                continue;
            }
            let status = if body.contains("error") { "400 Bad Request" } else { "200 OK" };
            let answer = format!(
                "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
                 connection: close\r\n\r\n{body}",
                body.len()
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (port, came)
}

pub(crate) const TOKENS: &str =
    r#"{"access_token":"canary-a","token_type":"bearer","refresh_token":"canary-r"}"#;
pub(crate) const ODD: &str = r#"{"access_token":"canary-a","token_type":"mac"}"#;
pub(crate) const REFUSED: &str = r#"{"error":"invalid_grant"}"#;
/// The connection ends without an answer.
pub(crate) const LOST: &str = "";
