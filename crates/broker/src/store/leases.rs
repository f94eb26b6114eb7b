//! Leases: which of several brokers may present a grant's refresh token (requirement T07).
//!
//! Each taker gets a higher fencing number than the one before, and writes in its name: who held the
//! lease earlier and was slow changes nothing any more. A grant that is gone has no lease, so a
//! disconnect wins over every refresh.

use super::disposal::returned_grant;
use super::engine::query;
use super::grants::{GrantRow, read};
use super::{Hash, Store, StoreError};

/// The right to present one grant's refresh token.
pub struct Lease {
    /// The grant.
    pub grant: String,
    /// The fencing number.
    pub fence: i64,
}

/// What came of asking for a lease.
pub enum Leased {
    /// It is ours, and this is the grant as it stands now (requirement T08).
    Ours(Lease, Box<GrantRow>),
    /// Another broker holds it, until then at the longest.
    Held(i64),
    /// The grant is gone.
    NoGrant,
}

impl Store {
    /// Takes the lease of a grant until `until`, unless another broker holds it now.
    pub async fn take_lease(
        &self,
        grant: &str,
        now: i64,
        until: i64,
    ) -> Result<Leased, StoreError> {
        let row = query(concat!(
            "update grants set lease = lease + 1, leased_until = $1 ",
            "where id = $2 and (leased_until is null or leased_until <= $3) returning lease, ",
            returned_grant!()
        ))
        .bind(until)
        .bind(grant)
        .bind(now)
        .fetch_optional(&self.pool)
        .await?;
        if let Some(row) = row {
            let lease = Lease { grant: grant.to_owned(), fence: row.get(0)? };
            return Ok(Leased::Ours(lease, Box::new(read(&row, 1)?)));
        }
        let row = query("select coalesce(leased_until, 0) from grants where id = $1")
            .bind(grant)
            .fetch_optional(&self.pool)
            .await?;
        row.map_or(Ok(Leased::NoGrant), |row| Ok(Leased::Held(row.get(0)?)))
    }

    /// Holds on to a lease; false if another broker has taken it meanwhile.
    pub async fn renew_lease(&self, lease: &Lease, until: i64) -> Result<bool, StoreError> {
        let done = query("update grants set leased_until = $1 where id = $2 and lease = $3")
            .bind(until)
            .bind(&lease.grant)
            .bind(lease.fence)
            .execute(&self.pool)
            .await?;
        Ok(done == 1)
    }

    /// Gives a lease back.
    pub async fn release_lease(&self, lease: &Lease) -> Result<(), StoreError> {
        query("update grants set leased_until = null where id = $1 and lease = $2")
            .bind(&lease.grant)
            .bind(lease.fence)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Notes that a refresh token is about to be sent (requirement T10), under a lease until `until`; false if
    /// the lease is no longer ours, and it must not be.
    pub async fn intend(
        &self,
        lease: &Lease,
        token: &Hash,
        now: i64,
        until: i64,
    ) -> Result<bool, StoreError> {
        let done = query(
            "update grants set presented = $1, leased_until = $5, \
             presented_at = case when presented = $1 then presented_at else $2 end \
             where id = $3 and lease = $4 and leased_until > $2",
        )
        .bind(&token[..])
        .bind(now)
        .bind(&lease.grant)
        .bind(lease.fence)
        .bind(until)
        .execute(&self.pool)
        .await?;
        Ok(done == 1)
    }

    /// The bank has certainly not used the token up: nothing is open about it.
    pub async fn forget_intent(&self, lease: &Lease) -> Result<(), StoreError> {
        query(
            "update grants set presented = null, presented_at = null where id = $1 and lease = $2",
        )
        .bind(&lease.grant)
        .bind(lease.fence)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
