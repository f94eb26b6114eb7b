//! What ends in great numbers is deleted in steps: one that took long would keep everybody else from writing.

use super::engine::query;
use super::{Store, StoreError};

/// Rows of one step.
const STEP: i64 = 500;

impl Store {
    /// Deletes until nothing is left; `statement` deletes what ended at `$1`, at most `$2` rows of it.
    pub(super) async fn in_steps(
        &self,
        statement: &'static str,
        ended: i64,
    ) -> Result<(), StoreError> {
        let step = u64::try_from(STEP).unwrap_or(u64::MAX);
        while query(statement).bind(ended).bind(STEP).execute(&self.pool).await? >= step {}
        Ok(())
    }
}
