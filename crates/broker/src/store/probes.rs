//! What probes found out about the banks.

use super::engine::{On, query};
use super::transact::transact;
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
        transact!(self, |transaction| {
            query("delete from probe_findings where provider = $1 and fingerprint <> $2")
                .bind(provider)
                .bind(&fingerprint[..])
                .execute(&mut *transaction)
                .await?;
            for (question, answer) in found {
                query(
                    "insert into probe_findings (provider, question, answer, at, fingerprint) \
                     values ($1, $2, $3, $4, $5) on conflict (provider, question) \
                 do update set answer = excluded.answer, at = excluded.at, \
                 fingerprint = excluded.fingerprint",
                )
                .bind(provider)
                .bind(*question)
                .bind(*answer)
                .bind(at)
                .bind(&fingerprint[..])
                .execute(&mut *transaction)
                .await?;
            }
            Ok(())
        })
    }

    /// Every finding about every provider.
    pub async fn findings(&self) -> Result<Vec<ProbeFinding>, StoreError> {
        all(&self.pool).await
    }
}

pub(super) async fn all(on: impl Into<On<'_>>) -> Result<Vec<ProbeFinding>, StoreError> {
    let statement = "select provider, fingerprint, question, answer, at from probe_findings";
    let rows = query(statement).fetch_all(on).await?;
    rows.iter()
        .map(|row| {
            Ok(ProbeFinding {
                provider: row.get(0)?,
                fingerprint: row.get(1)?,
                question: row.get(2)?,
                answer: row.get(3)?,
                at: row.get(4)?,
            })
        })
        .collect()
}
