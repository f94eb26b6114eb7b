//! A session takes the place of the one before: the browser has shown its cookie.

use super::engine::{Transaction, query};
use super::holder;
use super::receipts::{self, Cause, Ending, Outcome};
use super::transact::transact;
use super::{SessionId, Store, StoreError};

impl Store {
    /// The browser has shown the cookie of an arrival: its session takes over what the one before
    /// held. The cookie before is dead; until `earlier_ends_at` it may still start authorizations.
    ///
    /// Other arrivals that followed the one before follow this one, for their page to ask again. A
    /// cookie sent out for one of those will open its own connection and take nothing over: it may
    /// have gone to another browser. Of a connection whose place is taken, `receipt` is the receipt's id.
    pub async fn take_over(
        &self,
        session: SessionId,
        (ends_at, earlier_ends_at): (i64, i64),
        (receipt, now): (&str, i64),
    ) -> Result<(), StoreError> {
        transact!(self, |transaction| {
            let row = query(
                "select before.id, before.cookie_hash from sessions s \
                 left join sessions before on before.id = s.follows and before.id = s.handed_out_to \
                 where s.id = $1 and s.handed_out_at is not null",
            )
            .bind(session.0)
            .fetch_optional(&mut *transaction)
            .await?;
            let Some(row) = row else { return Ok(()) }; // another request was quicker
            let (before, earlier): (Option<i64>, Option<Vec<u8>>) = (row.get(0)?, row.get(1)?);
            // where there is none to take over (numbers begin at 1), it takes an id at most
            let ending = Ending { receipt, cause: Cause::Renewed, at: now, next_at: now };
            let before = before.unwrap_or(0);
            let renewed = write_receipt(&mut *transaction, before, session.0, &ending).await?;
            move_everything(&mut *transaction, before, session.0).await?;
            if let Some(grant) = renewed {
                note_shared(&mut *transaction, &grant).await?;
            }
            query(
                "update sessions set follows = null, handed_out_at = null, handed_out_to = null, \
                 earlier_hash = $1, earlier_ends_at = $2, ends_at = $3 where id = $4",
            )
            .bind(earlier)
            .bind(earlier_ends_at)
            .bind(ends_at)
            .bind(session.0)
            .execute(&mut *transaction)
            .await?;
            Ok(())
        })
    }
}

/// The receipt of the connection whose place is taken, if one is; answers its grant.
async fn write_receipt(
    transaction: &mut Transaction,
    from: i64,
    to: i64,
    ending: &Ending<'_>,
) -> Result<Option<String>, StoreError> {
    let row = query(
        "select id, grant_id from connections where session = $1 and id in \
         (select replaces from connections where session = $2)",
    )
    .bind(from)
    .bind(to)
    .fetch_optional(&mut *transaction)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let (id, grant): (String, String) = (row.get(0)?, row.get(1)?);
    receipts::write(transaction, ending, &id, SessionId(from), &grant).await?;
    Ok(Some(grant))
}

/// The same tokens may have come again: they are held. Others wait for the sweep, which asks the bank to forget them.
async fn note_shared(transaction: &mut Transaction, grant: &str) -> Result<(), StoreError> {
    let used = query("select 1 from connections where grant_id = $1 limit 1").bind(grant);
    if used.fetch_optional(&mut *transaction).await?.is_some() {
        holder::hold(transaction, grant).await?;
        receipts::conclude(transaction, grant, Outcome::Shared).await?;
    }
    Ok(())
}

/// Empties a session into the one that follows it.
async fn move_everything(
    transaction: &mut Transaction,
    from: i64,
    to: i64,
) -> Result<(), StoreError> {
    for statement in [
        // only on the same tokens: else somebody else may have logged in
        "update connections set subject = (select taken.subject from connections taken \
         where taken.id = connections.replaces) where session = $2 and exists \
         (select 1 from connections taken where taken.id = connections.replaces \
         and taken.session = $1 and taken.grant_id = connections.grant_id \
         and taken.subject is not null)",
        // those that lose their connection here, for the sweep to see
        "update grants set loose_since = received_at where id in \
         (select grant_id from connections where session = $1 and id in \
         (select replaces from connections where session = $2))",
        "delete from connections where session = $1 and id in \
         (select replaces from connections where session = $2)",
        "update connections set id = replaces where session = $2 and replaces is not null \
         and not exists (select 1 from connections taken where taken.id = connections.replaces)",
        "update connections set replaces = null where session = $2",
        "update connections set session = $2 where session = $1",
        "update receipts set session = $2 where session = $1",
        "update authorizations set session = $2 where session = $1",
        "update authorizations set arrived = $2 where arrived = $1",
        "update sessions set follows = $2 where follows = $1 and id <> $2",
        "delete from sessions where id = $1",
    ] {
        query(statement).bind(from).bind(to).execute(&mut *transaction).await?;
    }
    Ok(())
}
