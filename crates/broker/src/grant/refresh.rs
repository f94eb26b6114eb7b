//! Fresh tokens for a call: refreshed ahead of their end, one presenter per grant.
//!
//! Outcomes are told apart (requirement T13): only the bank's clear word that the grant is dead ends
//! it. A lost reply, a bank in trouble or a refused client certificate leaves it as it was.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use protocol::connection::Reason;

use super::flight::{Outcome, Why};
use super::next_reply::NextReply;
use super::turn::{Held, Turn, settled};
use super::{New, Tokens, Unjudged, hash};
use crate::Broker;
use crate::ambient::Waypoint;
use crate::bank::{Bank, BankError, TokenReply};
use crate::error::Error;
use crate::store::{Ended, GrantRow, Settled, StoredGrant};

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
        if let Some(ended) = row.ended {
            return Err(Error::Reconnect(ended.into()));
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
        bank.pass()?; // before anything is written down
        let still_good = stale == Stale::EndsSoon
            && row.access_ends_at.is_none_or(|at| at > self.now() + GOOD_FOR);
        // a reply that waits to be judged is had without the bank
        if row.unjudged.is_none()
            && let Err(paused) = bank.may_refresh()
        {
            return if still_good { self.tokens(row) } else { Err(paused.into()) };
        }
        let work = present(self.clone(), bank.clone(), row.id.clone(), row.version);
        let outcome = self.flights.join(&row.id, work);
        let outcome = if still_good {
            // not worth a long wait; the refresh itself goes on
            tokio::time::timeout(PATIENCE, outcome)
                .await
                .unwrap_or(Outcome::Failed(Why::Bank(None)))
        } else {
            outcome.await
        };
        match outcome {
            Outcome::Fresh(id) => {
                let row = self.store.grant(&id).await?.ok_or(Error::NotConnected)?;
                self.tokens(&row)
            }
            Outcome::Ended(reason) => Err(Error::Reconnect(reason)),
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
pub(super) async fn present(
    broker: Arc<Broker>,
    bank: Arc<Bank>,
    id: String,
    seen: i64,
) -> Outcome {
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
    let (held, row) = match broker.turn(bank, id, seen).await? {
        Turn::Ours(held, row) => (held, *row),
        Turn::Over(outcome) => return Ok(outcome),
    };
    let outcome = in_turn(broker, bank, &held, row).await;
    broker.give_back(held).await;
    outcome
}

/// Settles a reply that waits to be judged, or asks the bank for one.
async fn in_turn(
    broker: &Broker,
    bank: &Bank,
    held: &Held,
    mut row: GrantRow,
) -> Result<Outcome, Error> {
    let mut old = broker.tokens(&row)?;
    match broker.unjudged(&row)? {
        // a process died between keeping a reply and settling it; its age is unknown
        Some(Unjudged::Good(reply)) => {
            return settle(broker, &row, row.version, (&reply, 0), &old).await;
        }
        Some(Unjudged::Refused(salvage)) => {
            if let Some(rotated) = salvage.refresh_token {
                old.refresh_token = Some(rotated);
                // put to use first: the next reply takes the place of the one it came in
                row = match broker.keep_rotated(&row, &old).await? {
                    Ok(row) => row,
                    Err(outcome) => return Ok(outcome),
                };
            }
        }
        None => {}
    }
    send(broker, bank, held, &row, &old).await
}

/// Sends the refresh token. It is written down before (requirement T10): an answer that may have got
/// lost leaves a trace, and a refusal afterwards is told as what it is.
async fn send(
    broker: &Broker,
    bank: &Bank,
    held: &Held,
    row: &GrantRow,
    old: &Tokens,
) -> Result<Outcome, Error> {
    let oauth = bank.oauth().ok_or(Error::Internal("refresh without authorization server"))?;
    let refresh_token = old.refresh_token.as_ref().ok_or(Error::Internal("no refresh token"))?;
    let shown = hash(refresh_token.expose().as_bytes());
    let shown_before = row.presented.as_deref() == Some(&shown[..]);
    let (key, lease) = (broker.data_key(row)?, &held.lease);
    let kept = NextReply { broker, bank, row, lease, key, shown, version: Mutex::default() };
    kept.may_send().await?;
    match bank.refresh(oauth, refresh_token, &kept).await {
        Ok(reply) => {
            if reply.granted().is_some_and(|scopes| scopes.is_empty()) {
                tracing::warn!(
                    grant = row.id,
                    "the bank says that the refreshed token has no scope"
                );
            }
            broker.ambient.pass(Waypoint::Judged).await;
            settle(broker, row, kept.version().unwrap_or(row.version), (&reply, reply.lives()), old)
                .await
        }
        Err(Error::Bank(BankError::TokenRefused("invalid_grant" | "invalid_token"))) => {
            end(broker, row, shown_before).await
        }
        Err(error) => {
            if !shown_before && !may_have_used_up(&error) {
                broker.store.forget_intent(&held.lease).await?;
            }
            // another broker may have seen to it, where we were too slow
            let now = broker.store.grant(&row.id).await?;
            now.and_then(|now| settled(&now, row.version)).ok_or(error)
        }
    }
}

/// The bank's clear word. Where an earlier reply to the same token may have got lost, that was the
/// end, and nobody has withdrawn anything.
async fn end(broker: &Broker, row: &GrantRow, reply_lost: bool) -> Result<Outcome, Error> {
    broker.ambient.pass(Waypoint::Refused).await;
    let ended = if reply_lost { Ended::ReplyLost } else { Ended::ByBank };
    if !broker.store.end_grant(&row.id, row.version, ended).await? {
        // tokens were settled meanwhile, so it was not they that the bank refused
        return Ok(Outcome::Fresh(row.id.clone()));
    }
    let (provider, grant) = (&row.provider, &row.id);
    if reply_lost {
        tracing::error!(event = "lost_rotation", provider, grant, "a reply of the bank was lost");
    } else if let Some(refreshed_at) = row.refreshed_at {
        // RFC 9700 §4.14.2: so ends a grant whose token somebody else has shown (requirement T15)
        tracing::error!(
            event = "grant_ended_after_success",
            provider,
            grant,
            refreshed_at,
            "its last refresh went well and nothing was lost: withdrawn at the bank, or a token is in other hands"
        );
    } else {
        tracing::warn!(event = "grant_ended", provider, grant, "the bank accepts it no more");
    }
    Ok(Outcome::Ended(ended.into()))
}

/// Whether the bank may have renewed the access, though we have nothing of it.
fn may_have_used_up(error: &Error) -> bool {
    match error {
        Error::Bank(BankError::Fault(fault)) => !fault.never_arrived(),
        Error::Bank(
            BankError::RateLimited { .. }
            | BankError::ClientRejected { .. }
            | BankError::TokenRefused(_),
        ) => false,
        _ => true,
    }
}

impl Broker {
    /// Puts a rotated refresh token to use that came in a refused reply; all else stays as it was.
    /// What came of it where the grant is gone, or another was quicker.
    async fn keep_rotated(
        &self,
        row: &GrantRow,
        tokens: &Tokens,
    ) -> Result<Result<GrantRow, Outcome>, Error> {
        let seal = |held: &GrantRow| {
            Ok(StoredGrant {
                sealed: self.seal_tokens(held, tokens)?,
                access_ends_at: row.access_ends_at,
                refresh_at: row.refresh_at,
                refreshed_at: row.refreshed_at,
                refreshable: true,
            })
        };
        let fingerprint = tokens.fingerprint();
        let (id, version) = (&row.id, Some(row.version));
        let ended = Outcome::Ended(Reason::EndedByBank);
        match self.store.settle_grant(id, &row.provider, &fingerprint, version, &seal).await? {
            Settled::In(id) => Ok(self.store.grant(&id).await?.ok_or(ended)),
            Settled::Nowhere => Ok(Err(ended)),
            Settled::Overtaken => Ok(Err(self.overtaken(row).await?)),
        }
    }

    /// What another has made of the grant meanwhile; where he is still at it, somebody has to ask again.
    async fn overtaken(&self, row: &GrantRow) -> Result<Outcome, Error> {
        let Some(now) = self.store.grant(&row.id).await? else {
            return Ok(Outcome::Ended(Reason::EndedByBank));
        };
        Ok(settled(&now, row.version).unwrap_or(Outcome::Failed(Why::Elsewhere(1))))
    }
}

async fn settle(
    broker: &Broker,
    row: &GrantRow,
    version: i64,
    (reply, lives): (&TokenReply, u64),
    old: &Tokens,
) -> Result<Outcome, Error> {
    let tokens = Tokens::of_reply(reply, Some(old));
    let (lives, version) = (Some(lives), Some(version));
    let new = New { tokens: &tokens, lives, refreshed: true, version };
    let settled = broker.settle(&row.id, &row.provider, &new).await?;
    broker.ambient.pass(Waypoint::Settled).await;
    match settled {
        Settled::In(id) => Ok(Outcome::Fresh(id)),
        // disconnected meanwhile; `NextReply` saw to it
        Settled::Nowhere => Ok(Outcome::Ended(Reason::EndedByBank)),
        Settled::Overtaken => broker.overtaken(row).await,
    }
}
