//! Fresh tokens for a call: refreshed ahead of their end, one presenter per grant.
//!
//! Outcomes are told apart (requirement T13): only the bank's clear word that the grant is dead ends
//! it. A lost reply, a bank in trouble or a refused client certificate leaves it as it was.

use std::sync::Arc;
use std::time::Duration;

use protocol::connection::Reason;

use super::flight::{Outcome, Why};
use super::{New, Tokens, Unjudged, persist, place, reply_place};
use crate::Broker;
use crate::bank::{Bank, BankError, Boxed, Keep, Salvage, TokenReply};
use crate::error::Error;
use crate::store::{GrantRow, NewRevocation, Settled, StoredGrant};

/// Why tokens are not good enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stale {
    /// They end soon; until then they still do.
    EndsSoon,
    /// The bank refused them.
    Refused,
}

impl Broker {
    /// Tokens that are good for a call now, refreshed where they end soon.
    pub(crate) async fn fresh(
        self: &Arc<Self>,
        bank: &Arc<Bank>,
        row: &GrantRow,
    ) -> Result<Tokens, Error> {
        if row.ended {
            return Err(Error::Reconnect(Reason::EndedByBank));
        }
        let now = self.now();
        let ends_soon = row.refresh_at.is_some_and(|at| at <= now);
        if !ends_soon || !row.refreshable {
            let over = row.access_ends_at.is_some_and(|at| at <= now);
            return if over {
                Err(Error::Reconnect(Reason::AccessExpired))
            } else {
                self.tokens(row)
            };
        }
        self.refresh(bank, row, Stale::EndsSoon).await
    }

    /// Fresh tokens in the place of those of `row`.
    pub(crate) async fn refresh(
        self: &Arc<Self>,
        bank: &Arc<Bank>,
        row: &GrantRow,
        stale: Stale,
    ) -> Result<Tokens, Error> {
        if !row.refreshable {
            // nothing can renew it. COBS says 401 for a certificate it does not like as well, so
            // the grant is not ended by it: the next call may go through
            return Err(Error::Reconnect(Reason::EndedByBank));
        }
        let still_good = stale == Stale::EndsSoon
            && row.access_ends_at.is_none_or(|at| at > self.now() + GOOD_FOR);
        let work = present(self.clone(), bank.clone(), row.id.clone(), row.version);
        let outcome = self.flights.join(&row.id, work);
        let outcome = if still_good {
            // not worth a long wait; the refresh itself goes on
            tokio::time::timeout(PATIENCE, outcome).await.unwrap_or(Outcome::Failed(Why::Bank))
        } else {
            outcome.await
        };
        match outcome {
            Outcome::Fresh(id) => {
                let row = self.store.grant(&id).await?.ok_or(Error::NotConnected)?;
                self.tokens(&row)
            }
            Outcome::Ended => Err(Error::Reconnect(Reason::EndedByBank)),
            Outcome::Failed(_) if still_good => self.tokens(row),
            Outcome::Failed(why) => Err(why.into()),
        }
    }
}

/// How long a call waits for a refresh while its tokens are still good.
const PATIENCE: Duration = Duration::from_secs(5);
/// Seconds a token must be good for to be used once more.
const GOOD_FOR: i64 = 5;

/// Presents the refresh token: the only place that does.
async fn present(broker: Arc<Broker>, bank: Arc<Bank>, id: String, seen: i64) -> Outcome {
    let _unfinished = broker.work.clone().read_owned().await;
    match try_present(&broker, &bank, &id, seen).await {
        Ok(outcome) => {
            tracing::info!(provider = bank.provider.id, grant = id, ?outcome, "refresh");
            outcome
        }
        Err(error) => {
            let cause = crate::error::chain(&error);
            tracing::warn!(provider = bank.provider.id, grant = id, cause, "refresh failed");
            Outcome::Failed(Why::of(&error))
        }
    }
}

async fn try_present(broker: &Broker, bank: &Bank, id: &str, seen: i64) -> Result<Outcome, Error> {
    let Some(mut row) = broker.store.grant(id).await? else { return Ok(Outcome::Ended) };
    if row.ended {
        return Ok(Outcome::Ended);
    }
    if row.version != seen && row.unjudged.is_none() {
        return Ok(Outcome::Fresh(row.id)); // another was quicker
    }
    let mut old = broker.tokens(&row)?;
    match broker.unjudged(&row)? {
        // a process died between keeping a reply and settling it; its age is unknown
        Some(Unjudged::Good(reply)) => return settle(broker, &row, &reply, &old, 0).await,
        Some(Unjudged::Refused(salvage)) => {
            if let Some(rotated) = salvage.refresh_token {
                old.refresh_token = Some(rotated);
                // put to use first: the next reply takes the place of the one it came in
                row = match broker.keep_rotated(&row, &old).await? {
                    Some(row) => row,
                    None => return Ok(Outcome::Ended),
                };
            }
        }
        None => {}
    }
    let oauth = bank.oauth().ok_or(Error::Internal("refresh without authorization server"))?;
    let refresh_token = old.refresh_token.as_ref().ok_or(Error::Internal("no refresh token"))?;
    match bank.refresh(oauth, refresh_token, &NextReply { broker, row: &row }).await {
        Ok(reply) => {
            if reply.granted().is_some_and(|scopes| scopes.is_empty()) {
                tracing::warn!(grant = id, "the bank says that the refreshed token has no scope");
            }
            settle(broker, &row, &reply, &old, reply.lives()).await
        }
        Err(Error::Bank(BankError::TokenRefused("invalid_grant" | "invalid_token"))) => {
            // false: tokens were settled meanwhile, so it was not they that the bank refused
            let ended = broker.store.end_grant(&row.id, row.version).await?;
            Ok(if ended { Outcome::Ended } else { Outcome::Fresh(row.id) })
        }
        Err(error) => Err(error),
    }
}

impl Broker {
    /// Puts a rotated refresh token to use that came in a refused reply; all else stays as it was.
    /// `None` if the grant is gone.
    async fn keep_rotated(
        &self,
        row: &GrantRow,
        tokens: &Tokens,
    ) -> Result<Option<GrantRow>, Error> {
        let seal = |id: &str| {
            Ok(StoredGrant {
                sealed: self.vault.seal(&place(&row.provider, id), &tokens.encode())?,
                access_ends_at: row.access_ends_at,
                refresh_at: row.refresh_at,
                refreshed_at: row.refreshed_at,
                refreshable: true,
            })
        };
        let fingerprint = tokens.fingerprint();
        match self.store.settle_grant(&row.id, &row.provider, &fingerprint, &seal).await? {
            Settled::In(id) => Ok(self.store.grant(&id).await?),
            Settled::Nowhere => Ok(None),
        }
    }

    /// What has to be revoked of a reply that comes too late for its grant.
    fn late_tokens(&self, row: &GrantRow, raw: &[u8]) -> Result<Option<NewRevocation>, Error> {
        let tokens = match TokenReply::judge(raw) {
            Ok(reply) => Some(Tokens::of_reply(&reply, None)),
            Err(_) => Tokens::of_salvage(Salvage::read(raw)),
        };
        tokens.map_or(Ok(None), |tokens| self.revocation(&row.provider, &tokens))
    }
}

async fn settle(
    broker: &Broker,
    row: &GrantRow,
    reply: &TokenReply,
    old: &Tokens,
    lives: u64,
) -> Result<Outcome, Error> {
    let tokens = Tokens::of_reply(reply, Some(old));
    let new = New { tokens: &tokens, lives: Some(lives), refreshed: true };
    match broker.settle(&row.id, &row.provider, &new).await? {
        Settled::In(id) => Ok(Outcome::Fresh(id)),
        Settled::Nowhere => Ok(Outcome::Ended), // disconnected meanwhile; `NextReply` saw to it
    }
}

/// Keeps the reply to a refresh beside the tokens in use.
struct NextReply<'a> {
    broker: &'a Broker,
    row: &'a GrantRow,
}

impl Keep for NextReply<'_> {
    fn keep<'a>(&'a self, raw: &'a [u8]) -> Boxed<'a, Result<(), Error>> {
        Box::pin(async move {
            let Self { broker, row } = self;
            let sealed = broker.vault.seal(&reply_place(&row.provider, &row.id), raw)?;
            let late = broker.late_tokens(row, raw)?;
            let late = late.as_ref();
            // a grant that is gone was disconnected: late tokens must not live on (requirement T16)
            let due = broker.now();
            let write = || broker.store.receive_refresh(&row.id, &row.provider, &sealed, late, due);
            persist(|| Box::pin(write())).await
        })
    }
}
