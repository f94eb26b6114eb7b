//! `bankconnect keys list`: which keys there are, and what needs them.

use serde_json::json;

use super::super::Stopped;
use super::super::terminal::{Terminal, table};
use super::{NEEDED, unfit};
use crate::config::Config;
use crate::connections::rfc3339;
use crate::store::{NotedKey, Schema, Store};
use crate::vault::{Ring, Vault};

/// One key, as the ring and the store know it.
struct Row {
    id: String,
    state: State,
    records: i64,
    sealed_at: Option<i64>,
}

/// What a key is to brokers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// New records are sealed under it.
    Seals,
    /// It is the active one of the ring, and seals from when every broker has it.
    Waits,
    /// It only opens.
    Opens,
    /// Nothing is under it, and nothing will be.
    Retired,
    /// Records are under it, and the ring lacks it, or has another by its name.
    Missing,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Seals => "seals",
            Self::Waits => "waits",
            Self::Opens => "opens",
            Self::Retired => "retired",
            Self::Missing => "missing",
        }
    }
}

/// Tells both what the ring has and what the store needs; nothing is written.
pub(super) async fn list(config: &Config, terminal: Terminal) -> Result<u8, Stopped> {
    let ring = config.store.ring.read().map_err(|error| unfit(&error))?;
    let vault = Vault::new(&ring).map_err(|error| unfit(&error))?;
    let failed = |what: &dyn std::fmt::Display| {
        Stopped::failed(format!("{}: {what}", config.store.place.key()))
    };
    let inspected = Store::inspect(&config.store.place).await.map_err(|error| failed(&error))?;
    if !matches!(inspected.schema, Schema::Current | Schema::Absent) {
        return Err(failed(&inspected.schema.unread().unwrap_or_default()));
    }
    let rows = rows(&ring, &vault, inspected.keys);
    let lines = rows.iter().map(Row::line).collect();
    let text = table(&["key", "state", "records", "last sealed"], lines);
    let keys: Vec<_> = rows.iter().map(Row::json).collect();
    terminal.answer(&text, &json!({ "active": ring.active(), "keys": keys }));
    let missing = rows.iter().any(|row| row.state == State::Missing);
    Ok(if missing { NEEDED } else { 0 })
}

fn rows(ring: &Ring, vault: &Vault, noted: Vec<NotedKey>) -> Vec<Row> {
    let last = noted.iter().rposition(|key| !key.retired);
    let known: Vec<_> = noted.iter().map(|key| key.id.clone()).collect();
    let of_store = noted.into_iter().enumerate().map(|(at, key)| {
        let state = match vault.check(&key.id, &key.sample) {
            _ if key.retired => State::Retired,
            Err(_) => State::Missing,
            Ok(()) if Some(at) == last => State::Seals,
            Ok(()) => State::Opens,
        };
        Row { id: key.id, state, records: key.records, sealed_at: key.sealed_at }
    });
    let of_ring = ring.ids().into_iter().filter(|id| !known.iter().any(|known| known == id));
    let of_ring = of_ring.map(|id| {
        let state = if id == ring.active() { State::Waits } else { State::Opens };
        Row { id: id.to_owned(), state, records: 0, sealed_at: None }
    });
    of_store.chain(of_ring).collect()
}

impl Row {
    fn line(&self) -> Vec<String> {
        let sealed_at = self.sealed_at.map_or_else(|| "never".to_owned(), rfc3339);
        vec![self.id.clone(), self.state.word().to_owned(), self.records.to_string(), sealed_at]
    }

    fn json(&self) -> serde_json::Value {
        json!({
            "key": self.id, "state": self.state.word(), "records": self.records,
            "sealed_at": self.sealed_at.map(rfc3339),
        })
    }
}
