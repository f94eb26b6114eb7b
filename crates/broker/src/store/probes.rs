//! What probes found out about the banks.

use sqlx::{Row as _, SqliteExecutor};

use super::{Hash, Store, StoreError};

/// One finding about one provider.
pub struct ProbeFinding {
    /// Id of the provider.
    pub provider: String,
    /// Of the settings it was found under.
    pub fingerprint: Vec<u8>,
    /// What was to be found out.
    pub question: String,
    /// What was found.
    pub answer: String,
    /// When, in seconds since 1970.
    pub at: i64,
}

impl Store {
    /// Keeps findings, as questions and answers: each takes the place of the former one to its question, and
    /// former ones to other questions stay as long as they were found under the same settings.
    pub async fn keep_findings(
        &self,
        provider: &str,
        fingerprint: &Hash,
        found: &[(&str, &str)],
        at: i64,
    ) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin_with("begin immediate").await?;
        sqlx::query("delete from probe_findings where provider = ? and fingerprint <> ?")
            .bind(provider)
            .bind(&fingerprint[..])
            .execute(&mut *transaction)
            .await?;
        for (question, answer) in found {
            sqlx::query(
                "insert or replace into probe_findings (provider, question, answer, at, fingerprint) \
                 values (?, ?, ?, ?, ?)",
            )
            .bind(provider)
            .bind(*question)
            .bind(*answer)
            .bind(at)
            .bind(&fingerprint[..])
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await
    }

    /// Every finding about every provider.
    pub async fn findings(&self) -> Result<Vec<ProbeFinding>, StoreError> {
        all(&self.pool).await
    }
}

pub(super) async fn all(
    executor: impl SqliteExecutor<'_>,
) -> Result<Vec<ProbeFinding>, StoreError> {
    let statement = "select provider, fingerprint, question, answer, at from probe_findings";
    let rows = sqlx::query(statement).fetch_all(executor).await?;
    rows.iter()
        .map(|row| {
            Ok(ProbeFinding {
                provider: row.try_get(0)?,
                fingerprint: row.try_get(1)?,
                question: row.try_get(2)?,
                answer: row.try_get(3)?,
                at: row.try_get(4)?,
            })
        })
        .collect()
}
