//! `bankconnect receipts`: what became of connections that have ended, for an auditor.

use std::path::PathBuf;

use serde_json::json;

use super::terminal::{Terminal, table};
use super::{Stopped, beside};
use crate::receipts::{Asked, Audited, page};

/// Which receipts; all of it has to fit.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The configuration file (TOML).
    #[arg(long, default_value = "bankconnect.toml")]
    config: PathBuf,
    /// Only of this user of the app.
    #[arg(long)]
    subject: Option<String>,
    /// Only of this provider.
    #[arg(long)]
    provider: Option<String>,
    /// Only of the connection that had this id.
    #[arg(long)]
    connection: Option<String>,
    /// Only what ended then or later: a day in UTC, or a time, e.g. 2026-11-30T08:00:00Z.
    #[arg(long)]
    since: Option<String>,
    /// Only what ended earlier than that.
    #[arg(long)]
    until: Option<String>,
}

/// Tells all of them, oldest first.
pub(super) async fn receipts(arguments: &Arguments, terminal: Terminal) -> Result<u8, Stopped> {
    let Arguments { config, subject, provider, connection, since, until } = arguments;
    let place = beside::load(config)?.store.place;
    let mut asked = Asked {
        subject: subject.clone(),
        provider: provider.clone(),
        connection: connection.clone(),
        since: since.clone(),
        until: until.clone(),
        after: None,
    };
    let wrong = |what: &str| Stopped { code: 2, word: "invalid", sentence: what.to_owned() };
    asked.wanted().map_err(wrong)?;
    let store = beside::reading(&place).await?;
    let mut found = Vec::new();
    loop {
        let wanted = asked.wanted().map_err(wrong)?;
        let next = page(&store, &wanted).await.map_err(|error| beside::stopped(&place, &error))?;
        found.extend(next.receipts);
        match next.next {
            Some(after) => asked.after = Some(after),
            None => break,
        }
    }
    store.close().await;
    terminal.answer(&text(&found), &json!({ "receipts": found }));
    Ok(0)
}

fn text(found: &[Audited]) -> String {
    if found.is_empty() {
        return "there is no receipt".to_owned();
    }
    let head =
        ["ENDED", "CONNECTION", "PROVIDER", "SUBJECT", "CAUSE", "AT BANK", "CONFIRMED", "TRIES"];
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let row = |one: &Audited| {
        let receipt = &one.receipt;
        vec![
            receipt.disconnected_at.clone(),
            receipt.connection.clone(),
            receipt.provider.clone(),
            one.subject.clone().unwrap_or_default(),
            word(json!(receipt.cause)),
            word(json!(receipt.at_bank)),
            receipt.acknowledged_at.clone().unwrap_or_default(),
            receipt.tries.to_string(),
        ]
    };
    table(&head, found.iter().map(row).collect())
}
