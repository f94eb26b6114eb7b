//! Revocations: tokens the bank has still to forget. What becomes of them stands in the receipt of their connection.

use super::engine::{Transaction, query};
use super::receipts::{self, Outcome};
use super::transact::transact;
use super::{Hash, Store, StoreError};
use crate::vault::Wrapped;

/// Tokens to be queued.
pub struct NewRevocation {
    /// As of grants.
    pub fingerprint: Hash,
    /// The data key that they are sealed under.
    pub key: Wrapped,
    /// The tokens, sealed.
    pub sealed: Vec<u8>,
}

/// One waiting revocation.
pub struct Revocation {
    /// Its number.
    pub id: i64,
    /// Which bank.
    pub provider: String,
    /// As of grants.
    pub fingerprint: Hash,
    /// The data key that they are sealed under.
    pub key: Wrapped,
    /// The tokens, sealed.
    pub sealed: Vec<u8>,
    /// How often the bank was asked.
    pub attempts: i64,
    /// The receipt of their connection, if they had one.
    pub receipt: Option<String>,
}

/// What came of asking a bank once.
pub struct Asked {
    /// What is final about it; `None`: to be asked again at a later time.
    pub outcome: Result<Outcome, i64>,
    /// Whether the bank was asked at all.
    pub tried: bool,
    /// SHA-256 of its reply, where there was one.
    pub answer: Option<Hash>,
}

/// Queues tokens of a bank's grant, and the receipt they belong to; they are due at `next_at`.
pub(super) async fn queue(
    connection: &mut Transaction,
    (provider, receipt): (&str, Option<&str>),
    new: &NewRevocation,
    next_at: i64,
) -> Result<Revocation, StoreError> {
    let row = query(
        "insert into revocations (provider, fingerprint, sealed, kek, data_key, attempts, next_at, receipt) \
         values ($1, $2, $3, $4, $5, 0, $6, $7) returning id",
    )
    .bind(provider)
    .bind(&new.fingerprint[..])
    .bind(&new.sealed)
    .bind(&new.key.kek)
    .bind(&new.key.data_key)
    .bind(next_at)
    .bind(receipt)
    .fetch_one(connection)
    .await?;
    Ok(Revocation {
        id: row.get(0)?,
        provider: provider.to_owned(),
        fingerprint: new.fingerprint,
        key: new.key.clone(),
        sealed: new.sealed.clone(),
        attempts: 0,
        receipt: receipt.map(str::to_owned),
    })
}

/// How many are handed out at a time.
pub const MOST_DUE: usize = 100;

impl Store {
    /// Revocations that are due, [`MOST_DUE`] at most. Until `taken_until` no other broker gets them.
    pub async fn due_revocations(
        &self,
        now: i64,
        taken_until: i64,
    ) -> Result<Vec<Revocation>, StoreError> {
        let rows = query(
            "update revocations set next_at = $1 where id in \
             (select id from revocations where next_at <= $2 order by next_at limit 100) \
             and next_at <= $2 \
             returning id, provider, fingerprint, sealed, attempts, kek, data_key, receipt",
        )
        .bind(taken_until)
        .bind(now)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Revocation {
                    id: row.get(0)?,
                    provider: row.get(1)?,
                    fingerprint: row.get::<Vec<u8>>(2)?.try_into().unwrap_or_default(),
                    sealed: row.get(3)?,
                    attempts: row.get(4)?,
                    key: Wrapped { kek: row.get(5)?, data_key: row.get(6)? },
                    receipt: row.get(7)?,
                })
            })
            .collect()
    }

    /// Notes what came of asking: what is final leaves the queue, and stands in the receipt from then on.
    pub async fn note_asked(
        &self,
        revocation: &Revocation,
        asked: &Asked,
        now: i64,
    ) -> Result<(), StoreError> {
        transact!(self, |transaction| {
            let change = match asked.outcome {
                Ok(_) => query(
                    "delete from revocations where id = $1 and fingerprint = $2 \
                     and coalesce(receipt, '') = coalesce($3, '')",
                ),
                Err(_) => query(
                    "update revocations set attempts = attempts + 1, next_at = $4 \
                     where id = $1 and fingerprint = $2 \
                     and coalesce(receipt, '') = coalesce($3, '')",
                ),
            };
            // a number may have become another's meanwhile
            let change = change
                .bind(revocation.id)
                .bind(&revocation.fingerprint[..])
                .bind(revocation.receipt.as_deref());
            let change = match asked.outcome {
                Ok(_) => change,
                Err(next_at) => change.bind(next_at),
            };
            change.execute(&mut *transaction).await?;
            let Some(receipt) = &revocation.receipt else { return Ok(()) };
            let outcome = asked.outcome.ok().map(|outcome| outcome as i64);
            let revoked = asked.outcome == Ok(Outcome::Revoked);
            query(
                "update receipts set tries = tries + $2, answer = coalesce($3, answer), \
                 acknowledged_at = coalesce($4, acknowledged_at), \
                 outcome = case when outcome is null or outcome < $5 then $5 else outcome end \
                 where id = $1",
            )
            .bind(receipt)
            .bind(asked.tried)
            .bind(asked.answer.as_ref().map(|answer| &answer[..]))
            .bind(revoked.then_some(now))
            .bind(outcome)
            .execute(&mut *transaction)
            .await?;
            if let Ok(outcome) = asked.outcome
                && asked.tried
            {
                let at = revoked.then_some(now);
                receipts::share(&mut *transaction, receipt, outcome, at).await?;
            }
            Ok(())
        })
    }
}
