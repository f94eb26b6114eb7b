//! Work that counts together or not at all, done again where another broker was in the way.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::Duration;

use tokio::time::Instant;

use super::StoreError;
use super::engine::Transaction;
use crate::error::Error;

/// Does work in one transaction, as if nobody else wrote meanwhile. Where PostgreSQL finds that somebody did,
/// it takes all of it back, and it is done again. A macro, because what a closure borrows could not be sent
/// between threads.
macro_rules! transact {
    ($store:ident, |$transaction:ident| $work:block) => {{
        let mut turns = $crate::store::transact::Turns::begin();
        loop {
            let mut begun = $store.pool.begin().await?;
            let $transaction = &mut begun;
            let done = async { $work }.await;
            let done = $crate::store::transact::ended(begun, done).await;
            if !$crate::store::transact::is_in_the_way(&done, &mut turns).await {
                break done;
            }
        }
    }};
}
pub(super) use transact;

/// For how long it is done again.
const PATIENCE: Duration = Duration::from_secs(8);

/// When work is done again.
pub(super) struct Turns {
    end: Instant,
    tried: u32,
}

impl Turns {
    pub(super) fn begin() -> Self {
        Self { end: Instant::now() + PATIENCE, tried: 0 }
    }

    /// Waits a little longer each time, by chance, so that those who were in each other's way do not meet again.
    async fn wait(&mut self) {
        let longest = 4_u64 << self.tried.min(5);
        let chance = RandomState::new().build_hasher().finish();
        tokio::time::sleep(Duration::from_millis(chance % longest)).await;
        self.tried += 1;
    }
}

/// Has the work count, unless it has failed.
pub(super) async fn ended<T, E: From<StoreError>>(
    transaction: Transaction,
    done: Result<T, E>,
) -> Result<T, E> {
    let done = done?;
    transaction.commit().await?;
    Ok(done)
}

/// Whether the work is to be done again; waits until it is time.
pub(super) async fn is_in_the_way<T, E: Failure>(done: &Result<T, E>, turns: &mut Turns) -> bool {
    let Err(error) = done else { return false };
    if Instant::now() >= turns.end || !error.store().is_some_and(is_conflict) {
        return false;
    }
    turns.wait().await;
    true
}

/// What a transaction may end in.
pub(super) trait Failure {
    /// The store's own error, if it is one.
    fn store(&self) -> Option<&StoreError>;
}

impl Failure for StoreError {
    fn store(&self) -> Option<&StoreError> {
        Some(self)
    }
}

impl Failure for Error {
    fn store(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

/// Another transaction was in the way: `serialization_failure`, `deadlock_detected`, or, where that shows first,
/// `unique_violation` and `foreign_key_violation` (PostgreSQL, appendix A).
fn is_conflict(error: &StoreError) -> bool {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    matches!(code.as_deref(), Some("40001" | "40P01" | "23505" | "23503"))
}
