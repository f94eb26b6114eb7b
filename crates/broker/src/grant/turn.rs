//! The turn to present a refresh token: one broker at a time has it, whoever else waits for what
//! comes of it and never presents the token himself (requirements T07, T08, T09).

use std::time::Duration;

use protocol::connection::Reason;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::flight::Outcome;
use crate::Broker;
use crate::ambient::{Pause, Waypoint};
use crate::bank::{Bank, Fault};
use crate::error::{Error, chain};
use crate::store::{GrantRow, Lease, Leased};

/// Between two looks at what another broker is doing.
const POLL: Duration = Duration::from_millis(100);
/// Seconds that a lease outlasts the bank's longest answer.
pub(super) const SLACK: i64 = 15;

/// What came of waiting.
pub(super) enum Turn {
    /// It is ours, and this is the grant as it stands now.
    Ours(Held, Box<GrantRow>),
    /// Another broker has settled the matter.
    Over(Outcome),
}

/// A lease that is renewed until it is given back.
pub(super) struct Held {
    pub(super) lease: Lease,
    renewal: JoinHandle<()>,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.renewal.abort();
    }
}

impl Broker {
    /// Waits for the turn, as long as a bank may take to answer. `seen` is the version of the tokens
    /// that are not good enough: others than those are what the caller wants.
    pub(super) async fn turn(&self, bank: &Bank, grant: &str, seen: i64) -> Result<Turn, Error> {
        self.ambient.pass(Waypoint::Begun).await;
        let give_up = Instant::now() + bank.longest_answer();
        loop {
            let now = self.now();
            let until = now + lease_seconds(bank);
            let held_until = match self.store.take_lease(grant, now, until).await? {
                Leased::NoGrant => return Ok(Turn::Over(Outcome::Ended(Reason::EndedByBank))),
                Leased::Ours(lease, row) => {
                    let held = self.hold(bank, lease);
                    self.ambient.pass(Waypoint::Leased).await;
                    return Ok(match settled(&row, seen) {
                        Some(outcome) => {
                            self.give_back(held).await;
                            Turn::Over(outcome)
                        }
                        None => Turn::Ours(held, row),
                    });
                }
                Leased::Held(until) => until,
            };
            let row = self.store.grant(grant).await?;
            if let Some(outcome) = row.and_then(|row| settled(&row, seen)) {
                return Ok(Turn::Over(outcome));
            }
            if Instant::now() >= give_up {
                let left = u32::try_from((held_until - now).max(1)).unwrap_or(1);
                return Err(Error::Bank(Fault::RenewedElsewhere { retry_after: left }.into()));
            }
            self.ambient.pause(Pause::Waiter, POLL).await;
        }
    }

    /// Ends a turn. Where the store does not listen, the lease runs out by itself.
    pub(super) async fn give_back(&self, held: Held) {
        if let Err(error) = self.store.release_lease(&held.lease).await {
            tracing::warn!(grant = held.lease.grant, cause = chain(&error), "a lease stays");
        }
    }

    fn hold(&self, bank: &Bank, lease: Lease) -> Held {
        let (store, ambient, seconds) =
            (self.store.clone(), self.ambient.clone(), lease_seconds(bank));
        let mine = Lease { grant: lease.grant.clone(), fence: lease.fence };
        let third = Duration::from_secs(seconds.unsigned_abs() / 3);
        let renewal = tokio::spawn(async move {
            let mut pause = third;
            loop {
                ambient.pause(Pause::Renewal, pause).await;
                let until = ambient.now().as_second() + seconds;
                pause = match store.renew_lease(&mine, until).await {
                    Ok(true) => third,
                    Ok(false) => return,
                    Err(error) => {
                        tracing::warn!(cause = chain(&error), "a lease is not renewed");
                        Duration::from_secs(1)
                    }
                };
            }
        });
        Held { lease, renewal }
    }
}

/// What the row says to somebody for whom the tokens of version `seen` are not good enough.
pub(super) fn settled(row: &GrantRow, seen: i64) -> Option<Outcome> {
    match row.ended {
        Some(ended) => Some(Outcome::Ended(ended.into())),
        // a reply that nobody has judged has to be first
        None if row.version != seen && row.unjudged.is_none() => {
            Some(Outcome::Fresh(row.id.clone()))
        }
        None => None,
    }
}

/// Longer than the bank may take to answer, so that it does not run out while a reply may come.
pub(super) fn lease_seconds(bank: &Bank) -> i64 {
    i64::try_from(bank.longest_answer().as_secs()).unwrap_or(i64::MAX / 2) + SLACK
}
