//! Grants: the tokens, sealed. Every write counts the version up, and what depends on an earlier
//! reading compares it (requirement T06).

use super::engine::{On, Transaction, query};
use super::receipts::{self, Outcome};
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
}

/// Seals tokens for a grant as it stands, to be the next version of it.
pub type Seal<'a> = &'a (dyn Fn(&GrantRow) -> Result<StoredGrant, VaultError> + Sync);

impl Store {
    /// A grant by its id.
    pub async fn grant(&self, id: &str) -> Result<Option<GrantRow>, StoreError> {
        one(&self.pool, id).await
    }

    /// Whether a grant lives on the tokens of this fingerprint.
    pub async fn is_alive(&self, provider: &str, fingerprint: &Hash) -> Result<bool, StoreError> {
        let row = query("select 1 from grants where provider = $1 and fingerprint = $2")
            .bind(provider)
            .bind(&fingerprint[..])
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.is_some())
    }

    /// Puts judged tokens to use and drops the raw reply.
    ///
    /// Where another grant already holds the same tokens, that one gets them, and the connections
    /// of this one; and whatever waited to be revoked under this fingerprint waits no more.
    pub async fn settle_grant(
        &self,
        id: &str,
        provider: &str,
        fingerprint: &Hash,
        seal: Seal<'_>,
    ) -> Result<Settled, Error> {
        transact!(self, |transaction| {
            let Some(mut holder) = one(&mut *transaction, id).await? else {
                return Ok(Settled::Nowhere);
            };
            let other = query(
                "select id from grants where provider = $1 and fingerprint = $2 and id <> $3",
            )
            .bind(provider)
            .bind(&fingerprint[..])
            .bind(id)
            .fetch_optional(&mut *transaction)
            .await?;
            if let Some(row) = other {
                let other: String = row.get(0)?;
                join(&mut *transaction, id, &other).await?;
                holder = one(&mut *transaction, &other).await?.ok_or(StoreError::RowNotFound)?;
            } else {
                query("update grants set unjudged = null where id = $1")
                    .bind(id)
                    .execute(&mut *transaction)
                    .await?;
            }
            write(&mut *transaction, &holder, fingerprint, &seal(&holder)?).await?;
            receipts::note_in_use(&mut *transaction, provider, fingerprint).await?;
            query("delete from revocations where provider = $1 and fingerprint = $2")
                .bind(provider)
                .bind(&fingerprint[..])
                .execute(&mut *transaction)
                .await?;
            Ok(Settled::In(holder.id))
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

/// Moves the connections of one grant to another and removes the empty one.
async fn join(transaction: &mut Transaction, from: &str, to: &str) -> Result<(), StoreError> {
    query("update grants set certificate = (select certificate from grants where id = $2) where id = $1")
        .bind(to)
        .bind(from)
        .execute(&mut *transaction)
        .await?;
    let moved = query("update connections set grant_id = $1 where grant_id = $2")
        .bind(to)
        .bind(from)
        .execute(&mut *transaction)
        .await?;
    if moved > 0 {
        hold(&mut *transaction, to).await?;
    }
    query("delete from grants where id = $1").bind(from).execute(&mut *transaction).await?;
    for grant in [from, to] {
        receipts::conclude(transaction, grant, Outcome::Shared).await?;
    }
    Ok(())
}

/// A connection points to a grant: the sweep need not look for one.
pub(super) async fn hold(transaction: &mut Transaction, id: &str) -> Result<(), StoreError> {
    query("update grants set loose_since = null where id = $1 and loose_since is not null")
        .bind(id)
        .execute(transaction)
        .await?;
    Ok(())
}

async fn write(
    transaction: &mut Transaction,
    before: &GrantRow,
    fingerprint: &Hash,
    grant: &StoredGrant,
) -> Result<(), StoreError> {
    query(
        "update grants set fingerprint = $1, sealed = $2, access_ends_at = $3, refresh_at = $4, \
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
