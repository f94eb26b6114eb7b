//! Revocations: tokens the bank has still to forget.

use super::engine::{Transaction, query};
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
}

/// Queues tokens; they are due at `next_at`.
pub(super) async fn queue(
    connection: &mut Transaction,
    provider: &str,
    new: &NewRevocation,
    next_at: i64,
) -> Result<Revocation, StoreError> {
    let row = query(
        "insert into revocations (provider, fingerprint, sealed, kek, data_key, attempts, next_at) \
         values ($1, $2, $3, $4, $5, 0, $6) returning id",
    )
    .bind(provider)
    .bind(&new.fingerprint[..])
    .bind(&new.sealed)
    .bind(&new.key.kek)
    .bind(&new.key.data_key)
    .bind(next_at)
    .fetch_one(connection)
    .await?;
    Ok(Revocation {
        id: row.get(0)?,
        provider: provider.to_owned(),
        fingerprint: new.fingerprint,
        key: new.key.clone(),
        sealed: new.sealed.clone(),
        attempts: 0,
    })
}

impl Store {
    /// Revocations that are due. Until `taken_until` no other broker gets them.
    pub async fn due_revocations(
        &self,
        now: i64,
        taken_until: i64,
    ) -> Result<Vec<Revocation>, StoreError> {
        let rows = query(
            "update revocations set next_at = $1 where id in \
             (select id from revocations where next_at <= $2 order by next_at limit 100) \
             and next_at <= $2 \
             returning id, provider, fingerprint, sealed, attempts, kek, data_key",
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
                })
            })
            .collect()
    }

    /// Asks again later.
    pub async fn postpone_revocation(&self, id: i64, next_at: i64) -> Result<(), StoreError> {
        query("update revocations set attempts = attempts + 1, next_at = $1 where id = $2")
            .bind(next_at)
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The bank has forgotten the tokens, or never will have to: so do we.
    pub async fn finish_revocation(&self, id: i64) -> Result<(), StoreError> {
        query("delete from revocations where id = $1").bind(id).execute(&self.pool).await?;
        Ok(())
    }
}
