//! The reply to a refresh: what has to stand in the store before it is asked for, and where it goes when it comes.

use super::turn::{SLACK, lease_seconds};
use super::{REPLY, Tokens, persist};
use crate::Broker;
use crate::ambient::Waypoint;
use crate::bank::{Bank, BankError, Boxed, Fault, Keep, Salvage, TokenReply};
use crate::error::Error;
use crate::store::{GrantRow, Hash, Lease, NewRevocation};

/// Keeps the reply to a refresh beside the tokens in use.
pub(super) struct NextReply<'a> {
    pub(super) broker: &'a Broker,
    pub(super) bank: &'a Bank,
    pub(super) row: &'a GrantRow,
    pub(super) lease: &'a Lease,
    /// Hash of the refresh token that is sent.
    pub(super) shown: Hash,
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

impl Keep for NextReply<'_> {
    fn keep<'a>(&'a self, raw: &'a [u8], under: Option<Hash>) -> Boxed<'a, Result<(), Error>> {
        Box::pin(async move {
            let Self { broker, row, .. } = self;
            broker.ambient.pass(Waypoint::Received).await;
            let sealed = broker.data_key(row)?.seal(REPLY, raw)?;
            let late = broker.late_tokens(row, raw)?;
            let late = late.as_ref();
            // a grant that is gone was disconnected: late tokens must not live on (requirement T16)
            let due = broker.now();
            let write = || broker.store.receive_refresh(row, (&sealed, under), late, due);
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

impl Broker {
    /// What has to be revoked of a reply that comes too late for its grant.
    fn late_tokens(&self, row: &GrantRow, raw: &[u8]) -> Result<Option<NewRevocation>, Error> {
        let tokens = match TokenReply::judge(raw) {
            Ok(reply) => Some(Tokens::of_reply(&reply, None)),
            Err(_) => Tokens::of_salvage(Salvage::read(raw)),
        };
        tokens.map_or(Ok(None), |tokens| self.revocation(&row.provider, &tokens))
    }
}
