//! Grants that no connection points to: found, removed, their tokens left to be revoked.

use super::engine::{Transaction, query};
use super::grants::{GrantRow, read};
use super::receipts::{self, Outcome};
use super::revocations::{self, NewRevocation, Revocation};
use super::transact::transact;
use super::{Store, StoreError};
use crate::vault::VaultError;

/// `grant_columns!` for `returning`, which takes no alias.
macro_rules! returned_grant {
    () => {
        "id, provider, sealed, unjudged, access_ends_at, refresh_at, refreshed_at, refreshable, \
         ended, presented, version, kek, data_key, sealed_version"
    };
}
pub(super) use returned_grant;

/// What a bank has to forget of a grant.
pub struct Remains {
    /// Tokens to be queued.
    pub revocations: Vec<NewRevocation>,
    /// Whether some of its tokens do not open.
    pub broken: bool,
}

/// Looks what a bank has to forget of a grant.
pub type Forget<'a> = &'a (dyn Fn(&GrantRow) -> Result<Remains, VaultError> + Sync);

impl Store {
    /// Removes a grant that no connection points to; what `forget` makes of its tokens waits to be
    /// revoked from `next_at` on: all in one step.
    pub async fn dispose_grant(
        &self,
        id: &str,
        next_at: i64,
        forget: Forget<'_>,
    ) -> Result<(), StoreError> {
        transact!(self, |transaction| {
            remove_unused(&mut *transaction, id, next_at, forget).await?;
            Ok(())
        })
    }

    /// Grants received before a time that no connection points to: a process died between storing
    /// and connecting, or a new grant took their place.
    pub async fn unused_grants(&self, before: i64) -> Result<Vec<String>, StoreError> {
        let rows = query(
            "select g.id from grants g where g.loose_since < $1 and not exists \
             (select 1 from connections c where c.grant_id = g.id) \
             order by g.loose_since limit 100",
        )
        .bind(before)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| row.get(0)).collect()
    }
}

/// Removes a grant if no connection points to it; answers the revocations that then wait.
pub(super) async fn remove_unused(
    transaction: &mut Transaction,
    id: &str,
    next_at: i64,
    forget: Forget<'_>,
) -> Result<Option<Vec<Revocation>>, StoreError> {
    let row = query(concat!(
        "delete from grants where id = $1 ",
        "and not exists (select 1 from connections where grant_id = $1) returning ",
        returned_grant!()
    ))
    .bind(id)
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let grant = read(&row, 0)?;
    let receipt = receipts::of_grant(transaction, id).await?;
    // a ring that lacks a key is brought back: nothing ends by it
    let remains = forget(&grant).map_err(|error| StoreError::Decode(error.into()))?;
    let mut waiting = Vec::new();
    for new in &remains.revocations {
        let of = (&*grant.provider, receipt.as_deref());
        waiting.push(revocations::queue(transaction, of, new, next_at).await?);
    }
    if remains.broken {
        // told when the others have been asked for: the weakest stays
        receipts::conclude(transaction, id, Outcome::GivenUp).await?;
    } else if waiting.is_empty() {
        receipts::conclude(transaction, id, Outcome::NotOffered).await?;
    }
    Ok(Some(waiting))
}
