//! The reply to a refresh: what has to stand in the store before it is asked for, and where it goes when it comes.

use std::sync::{Mutex, PoisonError};

use super::turn::{SLACK, lease_seconds};
use super::{REPLY, Tokens, persist};
use crate::Broker;
use crate::ambient::Waypoint;
use crate::bank::{Bank, BankError, Boxed, Fault, Keep, Salvage, TokenReply};
use crate::error::Error;
use crate::store::{GrantRow, Hash, Lease, Renewed};
use crate::vault::DataKey;

/// Keeps the reply to a refresh beside the tokens in use.
pub(super) struct NextReply<'a> {
    pub(super) broker: &'a Broker,
    pub(super) bank: &'a Bank,
    pub(super) row: &'a GrantRow,
    pub(super) lease: &'a Lease,
    /// What the reply is sealed under, opened before it is asked for: the ring may have changed when it comes.
    pub(super) key: DataKey,
    /// Hash of the refresh token that is sent.
    pub(super) shown: Hash,
    /// The version of the grant once the reply is kept.
    pub(super) version: Mutex<Option<i64>>,
}

impl NextReply<'_> {
    /// Writes down that the refresh token is about to be sent, and makes the lease outlast the answer to it.
    ///
    /// Fails where the lease ran out before. A process that stood still after writing does so once more: by
    /// then another may have the lease, and be presenting the same token.
    pub(super) async fn may_send(&self) -> Result<(), Error> {
        let Self { broker, bank, lease, shown, .. } = self;
        loop {
            let now = broker.now();
            let until = now + lease_seconds(bank);
            if !broker.store.intend(lease, shown, now, until).await? {
                return Err(BankError::from(Fault::NotRenewed { retry_after: None }).into());
            }
            broker.ambient.pass(Waypoint::Intended).await;
            if broker.now() <= now + SLACK {
                return Ok(());
            }
        }
    }
}

impl NextReply<'_> {
    /// The version that the grant had when the reply was kept; `None`: it is not kept.
    pub(super) fn version(&self) -> Option<i64> {
        *self.version.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keep for NextReply<'_> {
    fn keep<'a>(&'a self, raw: &'a [u8], under: Option<Hash>) -> Boxed<'a, Result<(), Error>> {
        Box::pin(async move {
            let Self { broker, row, .. } = self;
            broker.ambient.pass(Waypoint::Received).await;
            let sealed = self.key.seal(REPLY, raw)?;
            let tokens = tokens_of(raw);
            let next = tokens.as_ref().map(Tokens::fingerprint);
            let late = tokens.map(|tokens| broker.revocation(&row.provider, &tokens));
            let late = late.transpose()?.flatten();
            // a grant that is gone was disconnected: late tokens must not live on (requirement T16)
            let due = broker.now();
            let write = || async {
                let renewed = Renewed { unjudged: &sealed, certificate: under, next };
                let version =
                    broker.store.receive_refresh(row, &renewed, late.as_ref(), due).await?;
                *self.version.lock().unwrap_or_else(PoisonError::into_inner) = version;
                Ok(())
            };
            persist(|| Box::pin(write())).await?;
            broker.ambient.pass(Waypoint::Kept).await;
            Ok(())
        })
    }

    /// As before the first time (requirements T07, T10).
    fn may_repeat(&self) -> Boxed<'_, Result<(), Error>> {
        Box::pin(self.may_send())
    }
}

/// The tokens of a reply, whether it is good or not.
fn tokens_of(raw: &[u8]) -> Option<Tokens> {
    match TokenReply::judge(raw) {
        Ok(reply) => Some(Tokens::of_reply(&reply, None)),
        Err(_) => Tokens::of_salvage(Salvage::read(raw)),
    }
}
