//! Raw replies of banks, kept sealed before anything judges them: what a bank has given is never lost to a late check.

use super::engine::query;
use super::grants::GrantRow;
use super::receipts;
use super::revocations::{self, NewRevocation};
use super::transact::transact;
use super::{Hash, Store, StoreError};
use crate::vault::Wrapped;

/// A first reply, raw and sealed.
pub struct Reply<'a> {
    /// Opens it.
    pub key: &'a Wrapped,
    /// The reply.
    pub unjudged: &'a [u8],
    /// SHA-256 of our certificate under which it came, if there was one.
    pub certificate: Option<Hash>,
}

/// The reply to a refresh, raw and sealed.
pub struct Renewed<'a> {
    /// The reply.
    pub unjudged: &'a [u8],
    /// As of a first one.
    pub certificate: Option<Hash>,
    /// Of the tokens in it, as far as there are any.
    pub next: Option<Hash>,
}

impl Store {
    /// Keeps a first raw reply, before anything in it can be refused (requirement T11). It may be kept again:
    /// what became of the first try may have got lost on the way from the database.
    pub async fn receive_grant(
        &self,
        id: &str,
        provider: &str,
        reply: &Reply<'_>,
        now: i64,
    ) -> Result<(), StoreError> {
        query(
            "insert into grants (id, provider, unjudged, kek, data_key, certificate, refreshable, version, received_at, \
             loose_since) values ($1, $2, $3, $4, $5, $6, 0, 1, $7, $7) on conflict (id) do update set \
             unjudged = excluded.unjudged, kek = excluded.kek, data_key = excluded.data_key",
        )
        .bind(id)
        .bind(provider)
        .bind(reply.unjudged)
        .bind(&reply.key.kek)
        .bind(&reply.key.data_key)
        .bind(reply.certificate.as_ref().map(|certificate| &certificate[..]))
        .bind(now)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Keeps the raw reply to a refresh of `row` beside the tokens in use, and answers the version that the
    /// grant then has; if it is gone, `late` waits to be revoked in its stead. With the tokens in it the grant is
    /// not at its end, whatever the bank said of those before to somebody quicker.
    ///
    /// No fencing number is asked for: a reply that comes after another broker took the lease is the
    /// bank's last word, and perhaps all that it still accepts.
    pub async fn receive_refresh(
        &self,
        row: &GrantRow,
        reply: &Renewed<'_>,
        late: Option<&NewRevocation>,
        now: i64,
    ) -> Result<Option<i64>, StoreError> {
        transact!(self, |transaction| {
            let kept = query(
                "update grants set unjudged = $1, next_fingerprint = $2, certificate = $3, version = version + 1, \
                 ended = case when $5 = 0 then ended else 0 end where id = $4 returning version",
            )
            .bind(reply.unjudged)
            .bind(reply.next.as_ref().map(|next| &next[..]))
            .bind(reply.certificate.as_ref().map(|certificate| &certificate[..]))
            .bind(&row.id)
            .bind(reply.next.is_some())
            .fetch_optional(&mut *transaction)
            .await?;
            if let (None, Some(late)) = (&kept, late) {
                let receipt = receipts::of_grant(&mut *transaction, &row.id).await?;
                let of = (&*row.provider, receipt.as_deref());
                revocations::queue(&mut *transaction, of, late, now).await?;
            }
            kept.map(|row| row.get(0)).transpose()
        })
    }
}
