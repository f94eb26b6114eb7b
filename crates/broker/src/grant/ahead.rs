//! Refresh ahead of time (requirement T14): the tokens of a grant that a person is using right now are renewed
//! before a call has to wait for it.
//!
//! Only those: each needless presentation of a rotating token is a risk, so idle grants and what the backend
//! reads at night are left alone. What people use is remembered in memory, for it is forgotten in minutes: no
//! question to the store finds it, and each broker renews what its own callers use. Two of them that think of
//! one grant take turns by its lease as ever, and the second finds it done.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::task::JoinSet;

use super::refresh::present;
use crate::Broker;
use crate::ambient::Pause;
use crate::bank::Bank;
use crate::store::GrantRow;

/// Seconds after a call in which a person counts as using a grant.
const IN_USE: i64 = 120;
/// Seconds before the end of its tokens in which a grant's uses are remembered: longer than a refresh is ahead.
const WATCHED: i64 = 60 + IN_USE;
/// Refreshes at a time at one bank that no caller waits for.
const AT_ONCE: usize = 8;
/// So many grants are remembered at most; calls of the others renew them when they come.
const MOST: usize = 100_000;
/// The shortest time between two rounds; the longest is twice as long.
const PAUSE: Duration = Duration::from_millis(1500);

/// The grants in use whose tokens end soon.
#[derive(Default)]
pub(crate) struct InUse(Mutex<HashMap<String, Used>>);

/// A grant in use.
struct Used {
    provider: String,
    version: i64,
    refresh_at: i64,
    ends_at: i64,
    last_at: i64,
}

impl InUse {
    /// A person has just used the tokens of `row`.
    pub(crate) fn note(&self, row: &GrantRow, now: i64) {
        let (Some(refresh_at), Some(ends_at)) = (row.refresh_at, row.access_ends_at) else {
            return;
        };
        if !row.refreshable || row.ended.is_some() || ends_at - now > WATCHED || ends_at <= now {
            return;
        }
        if refresh_at <= now {
            self.lock().remove(&row.id); // the call itself renews it
            return;
        }
        let (provider, version) = (row.provider.clone(), row.version);
        let used = Used { provider, version, refresh_at, ends_at, last_at: now };
        let mut all = self.lock();
        if all.len() < MOST || all.contains_key(&row.id) {
            all.insert(row.id.clone(), used);
        }
    }

    /// Takes out what is to be renewed now at a bank: id and version.
    fn due(&self, provider: &str, now: i64) -> Vec<(String, i64)> {
        let of_bank = |used: &Used| used.provider == provider && used.refresh_at <= now;
        let due = self.lock().extract_if(|_, used| of_bank(used)).collect::<Vec<_>>();
        due.into_iter().map(|(id, used)| (id, used.version)).collect()
    }

    /// Forgets who has gone at a bank, and whose tokens have ended: the next call renews those.
    fn forget(&self, provider: &str, now: i64) {
        let stays = |used: &Used| used.last_at + IN_USE >= now && used.ends_at > now;
        self.lock().retain(|_, used| used.provider != provider || stays(used));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Used>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Works until the broker is gone or stops; each bank has a loop of its own, so that a slow one keeps none of the
/// others waiting.
pub(crate) fn begin(broker: &Arc<Broker>) {
    for bank in broker.banks.iter().filter(|bank| bank.oauth().is_some()) {
        tokio::spawn(run(Arc::downgrade(broker), bank.clone()));
    }
}

async fn run(broker: Weak<Broker>, bank: Arc<Bank>) {
    loop {
        let Some(ambient) = broker.upgrade().map(|broker| broker.ambient.clone()) else { return };
        // of several brokers none keeps step with another
        let more = ambient.random::<1>().map_or(0.0, |[byte]| f64::from(byte) / 255.0);
        ambient.pause(Pause::Ahead, PAUSE.mul_f64(1.0 + more)).await;
        let Some(broker) = broker.upgrade().filter(|broker| !broker.is_stopping()) else { return };
        broker.in_use.forget(&bank.provider.id, broker.now());
        if bank.may_refresh().is_ok() {
            at_bank(&broker, &bank).await;
        }
    }
}

async fn at_bank(broker: &Arc<Broker>, bank: &Arc<Bank>) {
    let mut under_way = JoinSet::new();
    for (id, version) in broker.in_use.due(&bank.provider.id, broker.now()) {
        if under_way.len() >= AT_ONCE {
            under_way.join_next().await;
        }
        // a bank in trouble is left alone; whoever is still there renews his own tokens later
        if bank.may_refresh().is_err() {
            break;
        }
        let (broker, bank) = (broker.clone(), bank.clone());
        under_way.spawn(async move {
            let work = present(broker.clone(), bank, id.clone(), version);
            broker.flights.join(&id, work).await
        });
    }
    while under_way.join_next().await.is_some() {}
}
