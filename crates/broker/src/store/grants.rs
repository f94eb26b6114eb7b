//! Grants: the tokens, sealed. Every write counts the version up, and what depends on an earlier
//! reading compares it (requirement T06).

use super::engine::{On, Row, Transaction, query};
use super::revocations::{self, NewRevocation};
use super::transact::transact;
use super::{Hash, Store, StoreError};
use crate::error::Error;
use crate::vault::{VaultError, Wrapped};

/// A grant as it is stored.
pub struct GrantRow {
    /// Opaque id.
    pub id: String,
    /// Which bank it is for.
    pub provider: String,
    /// The data key that the tokens are sealed under.
    pub key: Wrapped,
    /// The tokens in use, sealed.
    pub sealed: Option<Vec<u8>>,
    /// The version that they came with.
    pub sealed_version: i64,
    /// A raw reply nobody has looked at yet, sealed: a process died between storing and judging.
    pub unjudged: Option<Vec<u8>>,
    /// When the access token runs out; `None`: never.
    pub access_ends_at: Option<i64>,
    /// When to refresh, ahead of the end; `None`: never.
    pub refresh_at: Option<i64>,
    /// When the tokens were refreshed; `None`: they are the first.
    pub refreshed_at: Option<i64>,
    /// Whether there is a refresh token.
    pub refreshable: bool,
    /// Whether and why the bank accepts it no more.
    pub ended: Option<Ended>,
    /// Hash of a refresh token that was sent and has brought no usable answer yet.
    pub presented: Option<Vec<u8>>,
    /// For the next write.
    pub version: i64,
}

impl GrantRow {
    /// Of what is written next.
    pub fn next_version(&self) -> i64 {
        self.version + 1
    }
}

/// Why the bank accepts a grant no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The bank's own doing.
    ByBank = 1,
    /// A reply got lost that may have held the next refresh token.
    ReplyLost = 2,
}

/// What a judged reply becomes.
pub struct StoredGrant {
    /// The tokens, sealed.
    pub sealed: Vec<u8>,
    /// When the access token runs out; `None`: never.
    pub access_ends_at: Option<i64>,
    /// When to refresh, ahead of the end; `None`: never.
    pub refresh_at: Option<i64>,
    /// When the tokens were refreshed; `None`: they are the first.
    pub refreshed_at: Option<i64>,
    /// Whether there is a refresh token.
    pub refreshable: bool,
}

/// A macro, so that `concat!` keeps every statement a literal that sqlx can cache.
macro_rules! grant_columns {
    () => {
        "g.id, g.provider, g.sealed, g.unjudged, g.access_ends_at, g.refresh_at, \
         g.refreshed_at, g.refreshable, g.ended, g.presented, g.version, \
         g.kek, g.data_key, g.sealed_version"
    };
}
pub(super) use grant_columns;

pub(super) fn read(row: &Row, first: usize) -> Result<GrantRow, StoreError> {
    Ok(GrantRow {
        id: row.get(first)?,
        provider: row.get(first + 1)?,
        sealed: row.get(first + 2)?,
        unjudged: row.get(first + 3)?,
        access_ends_at: row.get(first + 4)?,
        refresh_at: row.get(first + 5)?,
        refreshed_at: row.get(first + 6)?,
        refreshable: row.get(first + 7)?,
        ended: match row.get::<i64>(first + 8)? {
            0 => None,
            2 => Some(Ended::ReplyLost),
            _ => Some(Ended::ByBank),
        },
        presented: row.get(first + 9)?,
        version: row.get(first + 10)?,
        key: Wrapped { kek: row.get(first + 11)?, data_key: row.get(first + 12)? },
        sealed_version: row.get(first + 13)?,
    })
}

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
    /// Keeps a first raw reply, before anything in it can be refused (requirement T11). It may be kept again:
    /// what became of the first try may have got lost on the way from the database.
    pub async fn receive_grant(
        &self,
        id: &str,
        provider: &str,
        (key, unjudged): (&Wrapped, &[u8]),
        now: i64,
    ) -> Result<(), StoreError> {
        query(
            "insert into grants (id, provider, unjudged, kek, data_key, refreshable, version, received_at, \
             loose_since) values ($1, $2, $3, $4, $5, 0, 1, $6, $6) on conflict (id) do update set \
             unjudged = excluded.unjudged, kek = excluded.kek, data_key = excluded.data_key",
        )
        .bind(id)
        .bind(provider)
        .bind(unjudged)
        .bind(&key.kek)
        .bind(&key.data_key)
        .bind(now)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Keeps the raw reply to a refresh of `row` beside the tokens in use; if the grant is gone, `late`
    /// waits to be revoked in its stead.
    ///
    /// No fencing number is asked for: a reply that comes after another broker took the lease is the
    /// bank's last word, and perhaps all that it still accepts.
    pub async fn receive_refresh(
        &self,
        row: &GrantRow,
        unjudged: &[u8],
        late: Option<&NewRevocation>,
        now: i64,
    ) -> Result<(), StoreError> {
        transact!(self, |transaction| {
            let kept =
                query("update grants set unjudged = $1, version = version + 1 where id = $2")
                    .bind(unjudged)
                    .bind(&row.id)
                    .execute(&mut *transaction)
                    .await?;
            if let (0, Some(late)) = (kept, late) {
                revocations::queue(&mut *transaction, &row.provider, late, now).await?;
            }
            Ok(())
        })
    }

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
    let moved = query("update connections set grant_id = $1 where grant_id = $2")
        .bind(to)
        .bind(from)
        .execute(&mut *transaction)
        .await?;
    if moved > 0 {
        hold(&mut *transaction, to).await?;
    }
    query("delete from grants where id = $1").bind(from).execute(transaction).await?;
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
