//! `bankconnect end`: ends all connections that have something in common, beside brokers that may be running. It may
//! be stopped at any moment and run again: each step is whole or not at all.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use super::terminal::{Terminal, say, table};
use super::{Stopped, beside};
use crate::Broker;
use crate::error::chain;
use crate::incidents::{Progress, STEP, Wanted};
use crate::store::Selector;

/// Which connections, and how.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    which: Which,
    /// The configuration file (TOML).
    #[arg(long, default_value = "bankconnect.toml")]
    config: PathBuf,
    /// Only tells how many there are.
    #[arg(long)]
    dry_run: bool,
    /// Asks nothing.
    #[arg(long)]
    yes: bool,
}

#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// Those of this user of the app.
    #[arg(long)]
    subject: Option<String>,
    /// Those of this provider.
    #[arg(long)]
    provider: Option<String>,
    /// Those whose tokens were given or last renewed under this client certificate: its SHA-256, as `bankconnect cert
    /// inspect` tells it.
    #[arg(long, value_name = "SHA256")]
    certificate: Option<String>,
    /// Those whose tokens are sealed under this key of the key ring.
    #[arg(long, value_name = "KEY-ID")]
    key: Option<String>,
    /// This one.
    #[arg(long, value_name = "ID")]
    connection: Option<String>,
}

impl Which {
    fn selector(&self) -> Result<Selector, Stopped> {
        let Self { subject, provider, certificate, key, connection } = self;
        let wanted = Wanted {
            subject: subject.clone(),
            provider: provider.clone(),
            certificate: certificate.clone(),
            key: key.clone(),
            connection: connection.clone(),
            ..Wanted::default()
        };
        wanted.selector().map_err(|what| Stopped {
            code: 2,
            word: "invalid",
            sentence: format!("--{what}"),
        })
    }
}

/// Counts, asks, ends.
pub(super) async fn end(arguments: &Arguments, terminal: Terminal) -> Result<u8, Stopped> {
    let selector = arguments.which.selector()?;
    let broker = beside::broker(&arguments.config).await?;
    let done = act(&broker, &selector, arguments, terminal).await;
    broker.finish().await;
    let told = done?;
    terminal.answer(&text(&told), &json!(told));
    Ok(0)
}

async fn act(
    broker: &Arc<Broker>,
    selector: &Selector,
    arguments: &Arguments,
    terminal: Terminal,
) -> Result<Progress, Stopped> {
    let unanswered = |error: &dyn std::error::Error| Stopped::failed(chain(error));
    let counted = broker.store.count_selected(selector).await;
    let mut told = Progress::of(counted.map_err(|error| unanswered(&error))?, arguments.dry_run);
    if told.connections == 0 || arguments.dry_run {
        return Ok(told);
    }
    if !arguments.yes {
        confirm(&told, terminal)?;
    }
    loop {
        let (ended, more) = broker.end_step(selector).await.map_err(|error| {
            let (ended, why) = (told.ended, chain(&error));
            Stopped::failed(format!("{ended} have ended, then: {why}; run it again, it goes on"))
        })?;
        told.count(ended);
        if !more {
            told.left = 0;
            return Ok(told);
        }
        say(&format!("{} of {} have ended", told.ended, told.connections));
    }
}

/// Lets a person think again; where nobody can be asked, nothing happens.
fn confirm(told: &Progress, terminal: Terminal) -> Result<(), Stopped> {
    let number = told.connections.to_string();
    let what = format!("{}\nwill end here and at the bank, which cannot be taken back", of(told));
    let not = |sentence| Stopped { code: 2, word: "not_confirmed", sentence };
    if terminal.json || !std::io::stdin().is_terminal() {
        return Err(not(format!("{what}; fix: --yes, if that is meant")));
    }
    say(&format!("{what}\ntype their number, {number}, to go on:"));
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line);
    if read.is_ok() && line.trim() == number {
        return Ok(());
    }
    Err(not("that is not the number; nothing has ended".to_owned()))
}

/// How many of whom.
fn of(told: &Progress) -> String {
    let row = |one: &crate::incidents::OfProvider| {
        let numbers = [one.connections, one.subjects, one.without_subject];
        [vec![one.provider.clone()], numbers.map(|number| number.to_string()).into()].concat()
    };
    let head = ["PROVIDER", "CONNECTIONS", "SUBJECTS", "WITHOUT SUBJECT"];
    table(&head, told.providers.iter().map(row).collect())
}

fn text(told: &Progress) -> String {
    if told.connections == 0 {
        return "there is no such connection: nothing to end".to_owned();
    }
    if told.dry_run {
        return format!("{}\nwould end; nothing has", of(told));
    }
    format!(
        "{} connections have ended here, {STEP} at a time. Running brokers ask the banks now; `bankconnect receipts` tells \
         what they say",
        told.ended
    )
}
