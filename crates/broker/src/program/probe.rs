//! `bankconnect probe`: asks for a login, reads the address it ended at, tells what the bank made of the code.

use std::io::BufRead as _;
use std::path::PathBuf;
use std::sync::Arc;

use protocol::state::State;

use super::report::Report;
use super::terminal::{Terminal, say};
use super::{Failure, Stopped};
use crate::ambient::Ambient;
use crate::bank::{Bank, BankError, Banks, Fault};
use crate::config::{Config, OAuth, Pkce};
use crate::error::{Error, chain};
use crate::probe::{Again, Landed, NoCode, Probe};

/// What to probe, and how to tell it.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The provider's id in the configuration.
    #[arg(long)]
    provider: String,
    /// The configuration file (TOML).
    #[arg(long, default_value = "bankconnect.toml")]
    config: PathBuf,
    /// The scope to ask for; if left out, the first of the provider.
    #[arg(long)]
    scope: Option<String>,
    /// The address that the bank sent the browser to, for the attempt of --state; else it is asked for.
    #[arg(long, requires = "state")]
    callback: Option<String>,
    /// The state of an attempt that an earlier run printed.
    #[arg(long, requires = "callback", conflicts_with = "scope")]
    state: Option<String>,
}

const IGNORED: u8 = 3;
const NO_LOGIN: u8 = 4;
const NO_ANSWER_TO_THIS: u8 = 5;
const CODE_GOOD_TWICE: u8 = 6;

/// Probes; all of it is in the exit code too.
pub(super) async fn probe(arguments: &Arguments, terminal: Terminal) -> Result<u8, Stopped> {
    let (bank, ambient) = open(arguments)?;
    let report = run(arguments, &bank, &ambient).await?;
    terminal.answer(&report.text(), &report.json());
    Ok(match (report.findings.code_reuse, report.findings.pkce) {
        (Again::Accepted, _) => CODE_GOOD_TWICE,
        (_, Pkce::Enforced) => 0,
        (_, Pkce::Ignored | Pkce::Unknown) => IGNORED,
    })
}

/// The bank, by the configuration that `serve` uses too.
fn open(arguments: &Arguments) -> Result<(Arc<Bank>, Ambient), Failure> {
    let config = Config::load(&arguments.config)?;
    let ambient = Ambient::system();
    let banks = Banks::new(config.providers, &config.tpp, config.limits, &ambient)?;
    let bank = banks.find(&arguments.provider).ok_or_else(|| {
        let ids: Vec<_> = banks.iter().map(|bank| &*bank.provider.id).collect();
        format!("--provider: there is no such provider; configured are {}", ids.join(", "))
    })?;
    Ok((bank.clone(), ambient))
}

async fn run<'a>(
    arguments: &'a Arguments,
    bank: &Arc<Bank>,
    ambient: &Ambient,
) -> Result<Report<'a>, Stopped> {
    let oauth = bank.oauth().ok_or_else(|| {
        Stopped::failed(
            "--provider: nobody logs in at this one, so there is no code to present".to_owned(),
        )
    })?;
    let resumed = arguments.state.as_ref().zip(arguments.callback.as_ref());
    let (probe, landed) = if let Some((state, callback)) = resumed {
        let state = State::parse(state).map_err(|_| {
            Stopped::failed("--state: is not one that this program printed".to_owned())
        })?;
        let probe = Probe::resume(bank.clone(), state);
        let landed = probe.read(oauth, callback).map_err(stopped)?;
        (probe, landed)
    } else {
        let probe = Probe::begin(bank.clone(), scope(arguments, bank)?, ambient);
        let probe = probe.map_err(|error| Stopped::failed(error.to_string()))?;
        let landed = ask(&probe, oauth, &arguments.provider)?;
        (probe, landed)
    };
    let findings =
        probe.present(oauth, landed, ambient).await.map_err(|error| unanswered(&error))?;
    Ok(Report { provider: &arguments.provider, configured: oauth.pkce, findings })
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

/// Sends the operator to the bank and reads lines until one is an answer.
fn ask(probe: &Probe, oauth: &OAuth, provider: &str) -> Result<Landed, Stopped> {
    let url = probe.authorization_url(oauth).unwrap_or_default();
    say(&format!(
        "Log in as a customer who has no connection here: the tokens of this attempt are revoked, and some\n\
         banks give every connection of one person the same ones. Open\n\n{url}\n\n\
         and paste the address that the bank sends the browser to. If a page there empties the address bar,\n\
         take it from the browser's network panel."
    ));
    let mut last = None;
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|error| Stopped::failed(format!("standard input: {error}")))?;
        if line.trim().is_empty() {
            continue;
        }
        match probe.read(oauth, &line) {
            Err(NoCode::NotTheCallback) => {
                last = Some(NoCode::NotTheCallback);
                let page = &oauth.redirect_uri;
                say(&format!("That is not it: it begins with {page}? - paste once more."));
            }
            other => return other.map_err(stopped),
        }
    }
    if let Some(why) = last {
        return Err(stopped(why));
    }
    let (state, later) = (probe.state(), "To go on later");
    let sentence = format!(
        "no address was pasted. {later}: bankconnect probe --provider {provider} --state {state} --callback ADDRESS"
    );
    Err(Stopped { code: NO_LOGIN, word: "no_login", sentence })
}

fn stopped(why: NoCode) -> Stopped {
    let (code, word) = match why {
        NoCode::Ended("access_denied") => (NO_LOGIN, "cancelled"),
        NoCode::Ended(_) => (NO_LOGIN, "refused_by_bank"),
        NoCode::NotTheCallback => (NO_ANSWER_TO_THIS, "not_the_callback"),
        NoCode::Twice => (NO_ANSWER_TO_THIS, "parameter_twice"),
        NoCode::State => (NO_ANSWER_TO_THIS, "state"),
        NoCode::Issuer => (NO_ANSWER_TO_THIS, "issuer"),
        NoCode::Missing => (NO_ANSWER_TO_THIS, "no_code"),
    };
    Stopped { code, word, sentence: format!("{why}; nothing was sent to the bank") }
}

/// The bank's answer to the wrong verifier says nothing of PKCE.
fn unanswered(error: &Error) -> Stopped {
    let lost = match error {
        Error::Bank(BankError::Fault(fault)) => !fault.never_arrived() && may_hold_tokens(fault),
        _ => false,
    };
    let mut sentence = chain(error);
    if lost {
        sentence.push_str("; if the bank gave tokens, they got lost: withdraw the consent there");
    }
    Stopped::failed(sentence)
}

/// Whether an answer with tokens may have been on its way.
fn may_hold_tokens(fault: &Fault) -> bool {
    matches!(fault, Fault::Broken(_) | Fault::TimedOut | Fault::TooLarge | Fault::Status { .. })
}
