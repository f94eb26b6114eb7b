//! `bankconnect doctor`: goes the way to each bank step by step, and says of each what is wrong and what to
//! do. It changes nothing, and runs beside a running broker.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::Stopped;
use super::terminal::{BAD, GOOD, Terminal, WARN, paint};
use crate::ambient::Ambient;
use crate::bank::Banks;
use crate::config::{self, Config};
use crate::connections::rfc3339;
use crate::defences::Kept;
use crate::plain::plain;
use crate::store::{Freeze, NotedKey, Place, Schema, Store};
use crate::vault::{Ring, Vault};

mod certificate;
mod probed;
mod provider;

/// What to examine.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Only this provider.
    #[arg(long)]
    provider: Option<String>,
    /// The configuration file (TOML).
    #[arg(long, default_value = "bankconnect.toml")]
    config: PathBuf,
}

/// Something is wrong.
const WRONG: u8 = 3;

/// How one step went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// As it should be.
    Ok,
    /// It works, and somebody should look at it.
    Warn,
    /// It does not work.
    Wrong,
    /// It could not be tried, for something before it is wrong or nobody can tell.
    Skipped,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Wrong => "wrong",
            Self::Skipped => "skipped",
        }
    }
}

/// What was found; told as it comes, kept for programs.
struct Findings {
    terminal: Terminal,
    provider: Option<String>,
    all: Vec<Value>,
    wrong: bool,
}

impl Findings {
    fn ok(&mut self, check: &str, what: &str) {
        self.tell(State::Ok, check, what, None);
    }

    fn warn(&mut self, check: &str, what: &str, fix: &str) {
        self.tell(State::Warn, check, what, Some(fix));
    }

    fn wrong(&mut self, check: &str, what: &str, fix: &str) {
        self.tell(State::Wrong, check, what, Some(fix));
    }

    fn skipped(&mut self, check: &str, why: &str) {
        self.tell(State::Skipped, check, why, None);
    }

    fn tell(&mut self, state: State, check: &str, what: &str, fix: Option<&str>) {
        self.wrong |= state == State::Wrong;
        let what = &plain(what);
        let style = match state {
            State::Ok => GOOD,
            State::Wrong => BAD,
            State::Warn | State::Skipped => WARN,
        };
        let word = paint(style, &format!("{:7}", state.word()));
        let place = self.provider.as_deref().unwrap_or("broker");
        let fix_line = fix.map(|fix| format!("\n        fix: {fix}")).unwrap_or_default();
        self.terminal.line(&format!("{word} {place}: {check}: {what}{fix_line}"));
        self.all.push(json!({
            "provider": self.provider, "check": check, "state": state.word(), "what": what, "fix": fix,
        }));
    }
}

/// Examines everything; exit code 3 where something is wrong.
pub(super) async fn doctor(arguments: &Arguments, terminal: Terminal) -> Result<u8, Stopped> {
    let config =
        Config::load(&arguments.config).map_err(|error| Stopped::failed(error.to_string()))?;
    let mut findings = Findings { terminal, provider: None, all: Vec::new(), wrong: false };
    findings.ok("configuration", "complete, its files readable, its secrets private");
    let probed = examine_store(&mut findings, &config.store).await;
    let banks = Banks::new(config.providers, &config.tpp, config.limits, &Ambient::system());
    let banks = banks.map_err(|error| Stopped::failed(error.to_string()))?;
    let wanted = arguments.provider.as_deref();
    if wanted.is_some_and(|wanted| banks.find(wanted).is_none()) {
        let ids: Vec<_> = banks.iter().map(|bank| &*bank.provider.id).collect();
        let known = ids.join(", ");
        let sentence = format!("--provider: there is no such provider; configured are {known}");
        return Err(Stopped::failed(sentence));
    }
    for bank in banks.iter().filter(|bank| wanted.is_none_or(|id| id == bank.provider.id)) {
        findings.provider = Some(bank.provider.id.clone());
        provider::examine(&mut findings, bank, &probed).await;
    }
    let word = if findings.wrong { "something is wrong" } else { "nothing is wrong" };
    terminal.answer(word, &json!({ "ok": !findings.wrong, "checks": findings.all }));
    Ok(if findings.wrong { WRONG } else { 0 })
}

/// Answers what probes found, as far as the store tells.
async fn examine_store(findings: &mut Findings, store: &config::Store) -> Kept {
    let ring = store.ring.read().and_then(|ring| Ok((Vault::new(&ring)?, ring)));
    let (vault, ring) = match ring {
        Ok(ring) => ring,
        Err(error) => {
            let fix = "name the ring of `bankconnect keys new` as store.key_file";
            findings.wrong("key ring", &error.to_string(), fix);
            return Err("the key ring has to be mended first");
        }
    };
    let inspected = match Store::inspect(&store.place).await {
        Ok(inspected) => inspected,
        Err(error) => {
            let fix = match store.place {
                Place::File(_) => {
                    "store.file must be a database of this program that its user may read and write"
                }
                Place::Server(_) => {
                    "store.url_file must lead to a database that this program may use, and the server must run"
                }
            };
            findings.wrong("store", &error.to_string(), fix);
            return Err("the store is no database that can be opened");
        }
    };
    for Freeze { provider, reason, since } in &inspected.freezes {
        let which = provider.as_deref().unwrap_or("every bank");
        let what = format!("{which} is frozen by an operator since {}: {reason}", rfc3339(*since));
        let fix =
            "`bankconnect thaw`, once the incident is over; until then only revocations go there";
        findings.wrong("calls", &what, fix);
    }
    let connections = inspected.connections;
    match inspected.schema {
        Schema::Absent => findings.ok("store", "not there yet; the broker makes it"),
        Schema::Behind => {
            findings.ok("store", "of an older version; the broker updates it at its start");
        }
        Schema::Current => findings.ok("store", &format!("{connections} connections")),
        Schema::Foreign => {
            let fix = "use the program that made it, or name another one";
            findings.wrong("store", "made by a newer version, or by something else", fix);
        }
    }
    examine_keys(findings, &vault, &ring, &inspected.keys);
    inspected.findings
}

/// Whether the ring opens what the store holds, and whether an old key could go.
fn examine_keys(findings: &mut Findings, vault: &Vault, ring: &Ring, noted: &[NotedKey]) {
    let in_use: Vec<_> = noted.iter().filter(|key| !key.retired).collect();
    let missing = in_use.iter().find(|key| vault.check(&key.id, &key.sample).is_err());
    if let Some(NotedKey { id, .. }) = missing {
        let what = format!("lacks the key \"{id}\", which records are sealed under");
        let fix = "bring that ring back; its connections are lost without it";
        findings.wrong("key ring", &what, fix);
    } else if noted.iter().any(|key| key.retired && key.id == ring.active()) {
        let what = "its active key was retired: a broker does not start with it";
        findings.wrong(
            "key ring",
            what,
            "bring the ring that `bankconnect keys rotate` has written",
        );
    } else {
        findings.ok("key ring", "opens every record of the store");
    }
}
