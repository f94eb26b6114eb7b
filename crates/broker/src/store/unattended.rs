//! What was read without the person, counted where all brokers of a store see it (requirement T29).

use super::engine::{Transaction, query};
use super::transact::transact;
use super::{Hash, Store, StoreError};

/// How long a read counts: 24 hours (RTS SCA art. 36(5)(b)).
const COUNTS_SECONDS: i64 = 86_400;
/// How long calls with one `Action-ID` are one access.
const ACCESS_SECONDS: i64 = 900;

/// A call that is about to be made.
pub struct UnattendedRead<'a> {
    /// Which bank.
    pub provider: &'a str,
    /// Of the account, or of the list of accounts of a grant.
    pub account: Hash,
    /// A name for the access, should this call begin one.
    pub access: &'a str,
    /// Of the `Action-ID` that holds the calls of one access together.
    pub action: Option<Hash>,
    /// Of path and query.
    pub target: Hash,
}

/// Whether a call may be made.
pub enum Admission {
    /// It may, and counts already; so many accesses of the account do, this one among them.
    Admitted(usize),
    /// The account has had its accesses; the next may begin at this second.
    Exhausted(i64),
}

impl Store {
    /// Counts a call before it is made: what is counted and then not made was one access too many, never
    /// one too few. `most` accesses of an account count at a time, at all brokers together.
    pub async fn admit_unattended(
        &self,
        read: &UnattendedRead<'_>,
        now: i64,
        most: usize,
    ) -> Result<Admission, StoreError> {
        transact!(self, |transaction| {
            let used = accesses(&mut *transaction, read, now).await?;
            let admitted = match going_on(&mut *transaction, read, now).await? {
                Some(access) => Some((access, used.len())),
                None if used.len() < most => Some((read.access.to_owned(), used.len() + 1)),
                None => None,
            };
            let Some((access, count)) = admitted else {
                // the one whose end makes room
                let ends_at = used.get(used.len() - most).copied().unwrap_or(now);
                return Ok(Admission::Exhausted(ends_at + COUNTS_SECONDS));
            };
            query(
                "insert into unattended_reads (provider, account, access, action, target, at) \
                 values ($1, $2, $3, $4, $5, $6)",
            )
            .bind(read.provider)
            .bind(&read.account[..])
            .bind(access)
            .bind(read.action.as_ref().map(|action| &action[..]))
            .bind(&read.target[..])
            .bind(now)
            .execute(&mut *transaction)
            .await?;
            Ok(Admission::Admitted(count))
        })
    }

    /// Forgets what counts no more.
    pub async fn forget_unattended(&self, now: i64) -> Result<(), StoreError> {
        let reads = "delete from unattended_reads where id in \
                     (select id from unattended_reads where at <= $1 order by at limit $2)";
        self.in_steps(reads, now - COUNTS_SECONDS).await
    }
}

/// The last second of each access of the account that still counts, the oldest first.
async fn accesses(
    connection: &mut Transaction,
    read: &UnattendedRead<'_>,
    now: i64,
) -> Result<Vec<i64>, StoreError> {
    let rows = query(
        "select max(at) as last from unattended_reads \
         where provider = $1 and account = $2 and at > $3 group by access order by last",
    )
    .bind(read.provider)
    .bind(&read.account[..])
    .bind(now - COUNTS_SECONDS)
    .fetch_all(connection)
    .await?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// The access that this call goes on with: same `Action-ID`, still young, and this is not read yet.
async fn going_on(
    connection: &mut Transaction,
    read: &UnattendedRead<'_>,
    now: i64,
) -> Result<Option<String>, StoreError> {
    let Some(action) = read.action else { return Ok(None) };
    let row = query(
        "select access from unattended_reads \
         where provider = $1 and account = $2 and action = $3 group by access \
         having min(at) > $4 and sum(case when target = $5 then 1 else 0 end) = 0 order by min(at) desc limit 1",
    )
    .bind(read.provider)
    .bind(&read.account[..])
    .bind(&action[..])
    .bind(now - ACCESS_SECONDS)
    .bind(&read.target[..])
    .fetch_optional(connection)
    .await?;
    row.map(|row| row.get(0)).transpose()
}
