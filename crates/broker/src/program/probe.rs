//! `bankconnect probe`: asks for logins, puts what comes back to the test, tells what the bank made of it, and keeps
//! that in the store, where it decides what the broker declares.

use std::path::PathBuf;
use std::sync::Arc;

use protocol::state::State;

use super::Stopped;
use super::terminal::{BAD, Terminal, paint, say};
use crate::ambient::Ambient;
use crate::bank::{Bank, Banks, Revoked};
use crate::config::{Config, OAuth, Pkce};
use crate::defences::{Answer, Defences, fingerprint};
use crate::probe::{Attempt, Findings, Probe, Tried, Wanted};
use crate::store::{Place, Store};

mod logins;
mod report;
mod show;

use logins::{Logins, Part, stopped, unanswered};
use report::Report;

/// What to probe, and how to tell it.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The provider's id in the configuration; with --show, every provider if left out.
    #[arg(long, required_unless_present = "show")]
    provider: Option<String>,
    /// The configuration file (TOML).
    #[arg(long, default_value = "bankconnect.toml")]
    config: PathBuf,
    /// Only this, once or more often; everything if left out.
    #[arg(long, value_enum, value_name = "PART")]
    only: Vec<Part>,
    /// The scope to ask for; if left out, the first of the provider.
    #[arg(long)]
    scope: Option<String>,
    /// The address that the bank sent the browser to, for the attempt of --state; else it is asked for.
    #[arg(long, requires = "state")]
    callback: Option<String>,
    /// The state of a first login that an earlier run printed.
    #[arg(long, requires = "callback", conflicts_with = "scope")]
    state: Option<String>,
    /// Instead: what earlier runs found out.
    #[arg(long, conflicts_with_all = ["only", "scope", "callback", "state"])]
    show: bool,
}

const IGNORED: u8 = 3;
const CODE_GOOD_TWICE: u8 = 6;
const REDIRECT_NOT_EXACT: u8 = 7;
const TOKENS_OUTLIVE: u8 = 8;
const NOT_KEPT: u8 = 9;

/// Probes; all of it is in the exit code too.
pub(super) async fn probe(arguments: &Arguments, terminal: Terminal) -> Result<u8, Stopped> {
    let config =
        Config::load(&arguments.config).map_err(|error| Stopped::failed(error.to_string()))?;
    if arguments.show {
        return show::show(&config, arguments.provider.as_deref(), terminal).await;
    }
    let place = config.store.place.clone();
    let provider = arguments.provider.as_deref().unwrap_or_default();
    let (bank, ambient) = open(config, provider)?;
    let oauth = bank.oauth().ok_or_else(|| {
        Stopped::failed("--provider: nobody logs in at this one, so there is nothing to probe")
    })?;
    if let Err(why) = ready(&place).await {
        say(&format!("What is found will be told, but not kept: {why}"));
    }
    let (findings, failures) = run(arguments, &bank, oauth, &ambient).await?;
    let now = ambient.now().as_second();
    let kept = keep(&place, provider, oauth, &findings, now).await;
    let defences = match &kept {
        Ok(defences) => defences.clone(),
        Err(_) => Defences::found(&findings.answers(), now),
    };
    let code = exit_code(&findings, kept.is_ok(), &failures);
    let report =
        Report { provider, oauth, findings, defences, kept: kept.is_ok(), failures: &failures };
    terminal.answer(&report.text(), &report.json());
    if let Err(why) = kept {
        say(&format!("{}: what was found is not kept: {why}", paint(BAD, "error")));
    }
    Ok(code)
}

/// The bank, by the configuration that `serve` uses too.
fn open(config: Config, provider: &str) -> Result<(Arc<Bank>, Ambient), Stopped> {
    let ambient = Ambient::system();
    let banks = Banks::new(config.providers, &config.tpp, config.limits, &ambient);
    let banks = banks.map_err(|error| Stopped::failed(error.to_string()))?;
    let bank = banks.find(provider).ok_or_else(|| {
        let ids: Vec<_> = banks.iter().map(|bank| &*bank.provider.id).collect();
        unknown_provider(&ids)
    })?;
    Ok((bank.clone(), ambient))
}

pub(super) fn unknown_provider(ids: &[&str]) -> Stopped {
    let known = ids.join(", ");
    Stopped::failed(format!("--provider: there is no such provider; configured are {known}"))
}

/// Everything found, and the logins that came to nothing; fails where there is nothing but those.
async fn run(
    arguments: &Arguments,
    bank: &Arc<Bank>,
    oauth: &OAuth,
    ambient: &Ambient,
) -> Result<(Findings, Vec<Stopped>), Stopped> {
    let wanted = |part| arguments.only.is_empty() || arguments.only.contains(&part);
    let of_tokens = Wanted {
        code_reuse: wanted(Part::Pkce) || arguments.state.is_some(),
        revocation: wanted(Part::Revocation),
    };
    let mut probe = Probe::new(bank.clone(), ambient.clone(), of_tokens);
    if let Some((state, callback)) = arguments.state.as_ref().zip(arguments.callback.as_ref()) {
        let state = State::parse(state)
            .map_err(|_| Stopped::failed("--state: is not one that this program printed"))?;
        let attempt = Attempt::resume(oauth, state);
        let landed = attempt.read(oauth, callback).map_err(stopped)?;
        let tried = probe.try_verifier(oauth, &attempt, landed).await;
        tried.map_err(|error| unanswered(&error))?;
        return Ok((probe.findings, Vec::new()));
    }
    let scope = scope(arguments, bank)?;
    let mut logins = Logins::new(&bank.provider.id, oauth, &scope, ambient);
    logins.run(&mut probe, &arguments.only).await?;
    let Logins { mut failures, unfinished, .. } = logins;
    if probe.findings.is_empty() {
        return Err(if failures.is_empty() { unfinished } else { failures.remove(0) });
    }
    Ok((probe.findings, failures))
}

/// The scope to ask for.
fn scope(arguments: &Arguments, bank: &Bank) -> Result<String, Stopped> {
    let scopes = &bank.provider.scopes;
    let scope = match &arguments.scope {
        Some(scope) => scopes.iter().find(|known| *known == scope),
        None => scopes.first(),
    };
    let offered = || format!("--scope: is none of {}", scopes.join(", "));
    scope.cloned().ok_or_else(|| Stopped::failed(offered()))
}

/// The worst that was found; then what stood in the way.
fn exit_code(findings: &Findings, kept: bool, failures: &[Stopped]) -> u8 {
    let redirects = [findings.redirect_at_authorization, findings.redirect_at_token];
    let left = [Some(Answer::EndsToken), Some(Answer::EndsNothing), Some(Answer::NotOffered)];
    let outlives = left.contains(&findings.revocation)
        || findings.revoked_token == Some(Answer::Alive)
        || findings.tokens.is_some_and(|tokens| tokens != Revoked::Yes);
    if findings.code_reuse == Some(Tried::Accepted) {
        CODE_GOOD_TWICE
    } else if redirects.contains(&Some(Tried::Accepted)) {
        REDIRECT_NOT_EXACT
    } else if findings.pkce == Some(Pkce::Ignored) {
        IGNORED
    } else if outlives {
        TOKENS_OUTLIVE
    } else if let Some(failure) = failures.first() {
        failure.code
    } else if kept && !findings.needs_proof() {
        0
    } else {
        NOT_KEPT
    }
}

/// Whether findings can be kept, as far as that shows beforehand: nobody should log in for nothing.
async fn ready(place: &Place) -> Result<(), String> {
    let inspected =
        Store::inspect(place).await.map_err(|error| format!("{}: {error}", place.key()))?;
    inspected.schema.unread().map_or(Ok(()), |why| Err(why.to_owned()))
}

/// Keeps what was found beside what earlier runs found, and answers all of it.
async fn keep(
    place: &Place,
    provider: &str,
    oauth: &OAuth,
    findings: &Findings,
    now: i64,
) -> Result<Defences, String> {
    ready(place).await?;
    let store = Store::open(place).await.map_err(|error| format!("{}: {error}", place.key()))?;
    let answers = findings.answers().into_iter();
    let words: Vec<_> =
        answers.map(|(question, answer)| (question.as_str(), answer.as_str())).collect();
    let kept = store.keep_findings(provider, &fingerprint(oauth), &words, now).await;
    let all = match kept {
        Ok(()) => store.findings().await,
        Err(error) => Err(error),
    };
    store.close().await;
    let all = all.map_err(|error| format!("{}: {error}", place.key()))?;
    Ok(Defences::of(provider, oauth, &all))
}
