//! `bankconnect freeze` and `bankconnect thaw`: pause all that goes to a bank, or to every one, and let it go on. Every
//! broker of the store takes it up within a second.

use std::path::PathBuf;

use serde_json::json;

use super::terminal::{Terminal, table};
use super::{Stopped, beside};
use crate::ambient::Ambient;
use crate::config::Config;
use crate::freezes::{Freezes, NO_REASON, is_reason};
use crate::store::{Freeze, Store};

/// Which bank.
#[derive(clap::Args)]
pub(super) struct Which {
    /// Only this provider; every one if left out.
    #[arg(long)]
    provider: Option<String>,
    /// The configuration file (TOML).
    #[arg(long, default_value = "bankconnect.toml")]
    config: PathBuf,
}

/// Which bank, and why.
#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    which: Which,
    /// For whoever looks: the log, `doctor` and the private door tell it.
    #[arg(long, default_value = "")]
    reason: String,
}

/// Freezes.
pub(super) async fn freeze(arguments: &Arguments, terminal: Terminal) -> Result<u8, Stopped> {
    let Arguments { which, reason } = arguments;
    if !is_reason(reason) {
        let sentence = format!("--{NO_REASON}");
        return Err(Stopped { code: 2, word: "invalid", sentence });
    }
    let config = beside::load(&which.config)?;
    let known = which.known(&config);
    if !known {
        let ids: Vec<_> = config.providers.iter().map(|provider| &*provider.id).collect();
        return Err(super::probe::unknown_provider(&ids));
    }
    let store = beside::writing(&config.store.place).await?;
    let since = Ambient::system().now().as_second();
    let freeze = Freeze { provider: which.provider.clone(), reason: reason.clone(), since };
    let done = store.freeze(&freeze).await;
    answer(&config, store, done.map(|()| true), terminal).await
}

/// Takes a freeze back.
pub(super) async fn thaw(which: &Which, terminal: Terminal) -> Result<u8, Stopped> {
    let config = beside::load(&which.config)?;
    let store = beside::writing(&config.store.place).await?;
    let done = store.thaw(which.provider.as_deref()).await;
    answer(&config, store, done, terminal).await
}

impl Which {
    fn known(&self, config: &Config) -> bool {
        let is = |id: &String| config.providers.iter().any(|provider| provider.id == *id);
        self.provider.as_ref().is_none_or(is)
    }
}

/// What is in force now; `done` is whether anything has changed.
async fn answer(
    config: &Config,
    store: Store,
    done: Result<bool, crate::store::StoreError>,
    terminal: Terminal,
) -> Result<u8, Stopped> {
    let now = match done {
        Ok(changed) => store.freezes().await.map(|freezes| (changed, freezes)),
        Err(error) => Err(error),
    };
    store.close().await;
    let (changed, freezes) = now.map_err(|error| beside::stopped(&config.store.place, &error))?;
    let told = Freezes::of(freezes);
    let mut text = text(&told);
    if !changed {
        text = format!("that was not frozen\n{text}");
    }
    terminal.answer(&text, &json!(told));
    Ok(0)
}

fn text(told: &Freezes) -> String {
    if told.freezes.is_empty() {
        return "nothing is frozen; running brokers call the banks again within a second"
            .to_owned();
    }
    let rows = told.freezes.iter().map(|one| {
        let provider = one.provider.clone().unwrap_or_else(|| "every one".to_owned());
        vec![provider, one.since.clone(), one.reason.clone()]
    });
    let head = ["FROZEN", "SINCE", "REASON"];
    format!(
        "{}\nwithin a second nothing goes there but revocations; `bankconnect thaw` lets it go on",
        table(&head, rows.collect())
    )
}
