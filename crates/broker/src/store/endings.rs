//! The end of a connection: receipt, queue and all that hangs on it, in one step.

use super::disposal::{Forget, remove_unused};
use super::engine::{Transaction, query};
use super::receipts::{self, Ending};
use super::revocations::Revocation;
use super::transact::transact;
use super::{ConnectionRow, SessionId, Store, StoreError};

/// What a disconnect left behind.
pub enum Disconnected {
    /// The connection was gone already.
    NotThere,
    /// Another connection lives on the same grant.
    Shared,
    /// It was the last; these revocations wait.
    Last(Vec<Revocation>),
}

impl Store {
    /// Ends a connection as it was read: not one that has taken its place meanwhile, but one that was
    /// about to with the same grant. Where it was the last on its grant, that is gone too, and what
    /// `forget` makes of its tokens waits to be revoked: all in one step, its receipt too.
    pub async fn disconnect(
        &self,
        row: &ConnectionRow,
        ending: &Ending<'_>,
        forget: Forget<'_>,
    ) -> Result<Disconnected, StoreError> {
        transact!(self, |transaction| {
            let known = (&*row.id, row.session, &*row.grant.id);
            end(&mut *transaction, known, ending, forget).await
        })
    }
}

/// Ends one connection, known by its id, session and grant.
pub(super) async fn end(
    transaction: &mut Transaction,
    (id, session, grant): (&str, SessionId, &str),
    ending: &Ending<'_>,
    forget: Forget<'_>,
) -> Result<Disconnected, StoreError> {
    if !receipts::write(transaction, ending, id, session, grant).await? {
        return Ok(Disconnected::NotThere);
    }
    query("delete from connections where id = $1 or (replaces = $1 and grant_id = $2)")
        .bind(id)
        .bind(grant)
        .execute(&mut *transaction)
        .await?;
    query("delete from orders where connection = $1").bind(id).execute(&mut *transaction).await?;
    let waiting = remove_unused(transaction, grant, ending.next_at, forget).await?;
    if waiting.is_none() {
        receipts::note_shared(transaction, ending.receipt).await?;
    }
    Ok(waiting.map_or(Disconnected::Shared, Disconnected::Last))
}
