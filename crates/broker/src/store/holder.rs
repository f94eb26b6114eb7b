//! Tokens that another grant has already, for several authorizations bring the same ones: which grant that is, and
//! how two become one.

use super::engine::{Transaction, query};
use super::receipts::{self, Outcome};
use super::{Hash, StoreError};

/// Another grant that these tokens belong to: it holds them, or has them in a reply that nobody has looked at,
/// or has newer ones that came of them, which is told.
pub(super) async fn holder(
    transaction: &mut Transaction,
    id: &str,
    provider: &str,
    fingerprint: &Hash,
) -> Result<Option<(String, bool)>, StoreError> {
    let row = query(
        "select id, cast(0 as bigint) from grants where provider = $1 and fingerprint = $2 and id <> $3 \
         union all select id, cast(0 as bigint) from grants \
         where provider = $1 and next_fingerprint = $2 and id <> $3 and ended = 0 \
         union all select id, cast(1 as bigint) from grants \
         where provider = $1 and earlier_fingerprint = $2 and id <> $3 and ended = 0 limit 1",
    )
    .bind(provider)
    .bind(&fingerprint[..])
    .bind(id)
    .fetch_optional(transaction)
    .await?;
    row.map(|row| Ok((row.get(0)?, row.get::<i64>(1)? == 1))).transpose()
}

/// Moves the connections of one grant to another and removes the empty one.
pub(super) async fn join(
    transaction: &mut Transaction,
    from: &str,
    to: &str,
) -> Result<(), StoreError> {
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
