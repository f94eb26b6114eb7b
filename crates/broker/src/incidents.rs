//! `POST /incidents/end` at the private door, and what `bankconnect end` does: all connections that have something in
//! common are ended, whoever they belong to (requirement T24).

use std::sync::Arc;

use axum::extract::State;
use serde::{Deserialize, Serialize};

use crate::Broker;
use crate::body::{Json, is_id};
use crate::error::Error;
use crate::store::{Counted, GrantRow, Hash, Selector};
use crate::subjects::is_subject;

/// How many are ended in one transaction: others wait for it.
pub(crate) const STEP: usize = 100;
/// How many steps a call of the private door makes; the next call goes on.
const STEPS: usize = 10;

/// Body of `POST /incidents/end`: one of the first five.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Wanted {
    pub(crate) subject: Option<String>,
    pub(crate) provider: Option<String>,
    /// SHA-256 in hexadecimal.
    pub(crate) certificate: Option<String>,
    pub(crate) key: Option<String>,
    pub(crate) connection: Option<String>,
    pub(crate) dry_run: bool,
}

/// How many there were, and how many of them have ended.
#[derive(Serialize)]
pub(crate) struct Progress {
    pub(crate) connections: i64,
    pub(crate) providers: Vec<OfProvider>,
    pub(crate) ended: i64,
    /// Those that the next call ends.
    pub(crate) left: i64,
    pub(crate) dry_run: bool,
}

/// How many of a bank there were.
#[derive(Serialize)]
pub(crate) struct OfProvider {
    pub(crate) provider: String,
    pub(crate) connections: i64,
    /// The app's users they belonged to.
    pub(crate) subjects: i64,
    /// Those of which nobody had said whose they were.
    pub(crate) without_subject: i64,
}

impl Wanted {
    /// In the words of the store. Errors: what is wrong with it.
    pub(crate) fn selector(self) -> Result<Selector, &'static str> {
        let Self { subject, provider, certificate, key, connection, .. } = self;
        let certificate = certificate.map(|text| digest(&text).ok_or(NO_DIGEST)).transpose()?;
        if subject.as_deref().is_some_and(|subject| !is_subject(subject)) {
            return Err("subject is not 1 to 128 visible ASCII characters.");
        }
        if [&provider, &key, &connection].into_iter().flatten().any(|id| !is_id(id)) {
            return Err("provider, key or connection is no id.");
        }
        let given = [
            subject.map(Selector::Subject),
            provider.map(Selector::Provider),
            certificate.map(Selector::Certificate),
            key.map(Selector::Key),
            connection.map(Selector::Connection),
        ];
        let mut given = given.into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(selector), None) => Ok(selector),
            _ => Err("Say one of subject, provider, certificate, key and connection."),
        }
    }
}

const NO_DIGEST: &str = "certificate is not the SHA-256 of one, 64 hexadecimal digits.";

/// A SHA-256 as people write it; colons between the bytes do not matter.
fn digest(text: &str) -> Option<Hash> {
    let digits: Vec<_> = text.bytes().filter(|byte| *byte != b':').collect();
    let mut hash = [0; 32];
    if digits.len() != 2 * hash.len() {
        return None;
    }
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(hash)
}

/// Ends some of them, a thousand at most, and says how many are left for another call.
pub(crate) async fn end(
    State(broker): State<Arc<Broker>>,
    Json(wanted): Json<Wanted>,
) -> Result<axum::Json<Progress>, Error> {
    let dry_run = wanted.dry_run;
    let selector = wanted.selector().map_err(Error::InvalidRequest)?;
    let mut told = Progress::of(broker.store.count_selected(&selector).await?, dry_run);
    if dry_run {
        return Ok(axum::Json(told));
    }
    // a task of its own: whoever asked may go away, and a step is whole or not at all
    let work = tokio::spawn(async move {
        let _unfinished = broker.work.clone().read_owned().await;
        for _ in 0..STEPS {
            let (ended, more) = broker.end_step(&selector).await?;
            told.count(ended);
            if !more {
                told.left = 0;
                break;
            }
        }
        Ok(axum::Json(told))
    });
    work.await.unwrap_or(Err(Error::Internal("an end was lost")))
}

impl Progress {
    /// Before anything has ended.
    pub(crate) fn of(counted: Vec<Counted>, dry_run: bool) -> Self {
        let of_provider = |Counted { provider, connections, subjects, unbound }| OfProvider {
            provider,
            connections,
            subjects,
            without_subject: unbound,
        };
        let providers: Vec<_> = counted.into_iter().map(of_provider).collect();
        let connections = providers.iter().map(|one| one.connections).sum();
        Self { connections, providers, ended: 0, left: connections, dry_run }
    }

    /// Notes what a step has ended.
    pub(crate) fn count(&mut self, ended: usize) {
        let ended = i64::try_from(ended).unwrap_or(i64::MAX);
        self.ended += ended;
        self.left = (self.left - ended).max(0);
    }
}

impl Broker {
    /// Ends the next of them, [`STEP`] at most, in one transaction; answers how many, and whether there may be more.
    pub(crate) async fn end_step(&self, selector: &Selector) -> Result<(usize, bool), Error> {
        let receipts = (0..STEP).map(|_| self.ambient.uuid()).collect::<Result<Vec<_>, _>>()?;
        let forget = |grant: &GrantRow| self.to_forget(grant);
        let now = self.now();
        let (ended, more) = self.store.end_selected(selector, &receipts, now, &forget).await?;
        if ended > 0 {
            tracing::warn!(event = "ended_by_operator", ended, "connections ended");
        }
        Ok((ended, more))
    }
}
