//! Grants: the tokens, sealed. Every write counts the version up, and what depends on an earlier
//! reading compares it (requirement T06).

use super::engine::{On, Transaction, query};
use super::holder::{holder, join};
use super::receipts;
use super::transact::transact;
use super::{Hash, Store, StoreError};
use crate::error::Error;
use crate::vault::VaultError;

mod row;

pub use row::{Ended, GrantRow, StoredGrant};
pub(super) use row::{grant_columns, read};

/// Where settled tokens now are.
pub enum Settled {
    /// In the grant of this id: the one asked for, or another that already held the same tokens.
    In(String),
    /// Nowhere: the grant was disconnected meanwhile.
    Nowhere,
    /// Nowhere: another has written the grant since it was looked at, and knows better.
    Overtaken,
}

/// Seals tokens for a grant as it stands, to be the next version of it.
pub type Seal<'a> = &'a (dyn Fn(&GrantRow) -> Result<StoredGrant, VaultError> + Sync);

impl Store {
    /// A grant by its id.
    pub async fn grant(&self, id: &str) -> Result<Option<GrantRow>, StoreError> {
        one(&self.pool, id).await
    }

    /// Whether a grant lives on the tokens of this fingerprint, or has those that came of them.
    pub async fn is_alive(&self, provider: &str, fingerprint: &Hash) -> Result<bool, StoreError> {
        let known = "select 1 from grants where provider = $1 and fingerprint = $2 \
             union all select 1 from grants where provider = $1 and next_fingerprint = $2 \
             union all select 1 from grants where provider = $1 and earlier_fingerprint = $2 limit 1";
        let row =
            query(known).bind(provider).bind(&fingerprint[..]).fetch_optional(&self.pool).await?;
        Ok(row.is_some())
    }

    /// Puts judged tokens to use and drops the raw reply; where `version` is given, only if that is the grant's:
    /// a broker that stood still must not put older tokens in the place of newer ones.
    ///
    /// Where another grant already holds the same tokens, that one gets them, and the connections
    /// of this one; and whatever waited to be revoked under this fingerprint waits no more.
    pub async fn settle_grant(
        &self,
        id: &str,
        provider: &str,
        fingerprint: &Hash,
        version: Option<i64>,
        seal: Seal<'_>,
    ) -> Result<Settled, Error> {
        transact!(self, |transaction| {
            let Some(mut row) = one(&mut *transaction, id).await? else {
                return Ok(Settled::Nowhere);
            };
            if version.is_some_and(|version| version != row.version) {
                return Ok(Settled::Overtaken);
            }
            let other = holder(&mut *transaction, id, provider, fingerprint).await?;
            if let Some((other, newer)) = other {
                join(&mut *transaction, id, &other).await?;
                if newer {
                    return Ok(Settled::In(other));
                }
                // the same tokens, not yet looked at: this reply is as good
                query(
                    "update grants set unjudged = null, next_fingerprint = null \
                     where id = $1 and next_fingerprint = $2",
                )
                .bind(&other)
                .bind(&fingerprint[..])
                .execute(&mut *transaction)
                .await?;
                row = one(&mut *transaction, &other).await?.ok_or(StoreError::RowNotFound)?;
            } else {
                query("update grants set unjudged = null, next_fingerprint = null where id = $1")
                    .bind(id)
                    .execute(&mut *transaction)
                    .await?;
            }
            write(&mut *transaction, &row, fingerprint, &seal(&row)?).await?;
            receipts::note_in_use(&mut *transaction, provider, fingerprint).await?;
            query("delete from revocations where provider = $1 and fingerprint = $2")
                .bind(provider)
                .bind(&fingerprint[..])
                .execute(&mut *transaction)
                .await?;
            Ok(Settled::In(row.id))
        })
    }

    /// Marks a grant as accepted no more by the bank; false if it was written meanwhile.
    pub async fn end_grant(
        &self,
        id: &str,
        version: i64,
        ended: Ended,
    ) -> Result<bool, StoreError> {
        let done = query(
            "update grants set ended = $1, version = version + 1 where id = $2 and version = $3",
        )
        .bind(ended as i64)
        .bind(id)
        .bind(version)
        .execute(&self.pool)
        .await?;
        Ok(done == 1)
    }
}

async fn one<'a>(on: impl Into<On<'a>>, id: &str) -> Result<Option<GrantRow>, StoreError> {
    let row = query(concat!("select ", grant_columns!(), " from grants g where g.id = $1"))
        .bind(id)
        .fetch_optional(on)
        .await?;
    row.map(|row| read(&row, 0)).transpose()
}

async fn write(
    transaction: &mut Transaction,
    before: &GrantRow,
    fingerprint: &Hash,
    grant: &StoredGrant,
) -> Result<(), StoreError> {
    query(
        "update grants set earlier_fingerprint = case when fingerprint <> $1 then fingerprint \
         else earlier_fingerprint end, fingerprint = $1, sealed = $2, access_ends_at = $3, refresh_at = $4, \
         refreshed_at = $5, refreshable = $6, ended = 0, presented = null, presented_at = null, \
         version = $7, sealed_version = $7 where id = $8",
    )
    .bind(&fingerprint[..])
    .bind(&grant.sealed)
    .bind(grant.access_ends_at)
    .bind(grant.refresh_at)
    .bind(grant.refreshed_at)
    .bind(grant.refreshable)
    .bind(before.next_version())
    .bind(&before.id)
    .execute(transaction)
    .await?;
    Ok(())
}
