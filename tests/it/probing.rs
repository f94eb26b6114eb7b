//! A probe with a person at the terminal and in the browser, for the tests of what it finds.

use bank_sim::{Knobs, RecordedRequest, WebFlow};
use demo::browser::Attempt;
use demo::{Options, World};
use reqwest::Url;
use serde_json::Value;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};

use crate::cli::command;
use crate::common::{REVOKE, seen};

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
