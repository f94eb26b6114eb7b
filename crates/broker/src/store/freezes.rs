//! Freezes: an operator has paused all that goes to a bank, or to every bank. They stand in the store, so that every
//! broker keeps to them, after a restart too.

use super::engine::{Pool, query};
use super::{Store, StoreError};

/// That nothing goes to a bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freeze {
    /// Which bank; `None`: every one.
    pub provider: Option<String>,
    /// Why, as the operator said it; may be empty.
    pub reason: String,
    /// Since when, in seconds since 1970.
    pub since: i64,
}

/// How all banks stand in the table.
const EVERY: &str = "";

impl Store {
    /// All that are in force.
    pub async fn freezes(&self) -> Result<Vec<Freeze>, StoreError> {
        all(&self.pool).await
    }

    /// Freezes a bank, or every one. One that is frozen stays so since when it was; a new reason takes the old one's place.
    pub async fn freeze(&self, freeze: &Freeze) -> Result<(), StoreError> {
        query(
            "insert into freezes (provider, reason, since) values ($1, $2, $3) \
             on conflict (provider) do update set reason = excluded.reason",
        )
        .bind(freeze.provider.as_deref().unwrap_or(EVERY))
        .bind(&freeze.reason)
        .bind(freeze.since)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Takes the freeze of a bank back, or that of every one; answers whether there was one.
    pub async fn thaw(&self, provider: Option<&str>) -> Result<bool, StoreError> {
        let gone = query("delete from freezes where provider = $1")
            .bind(provider.unwrap_or(EVERY))
            .execute(&self.pool)
            .await?;
        Ok(gone == 1)
    }
}

pub(super) async fn all(pool: &Pool) -> Result<Vec<Freeze>, StoreError> {
    let rows = query("select provider, reason, since from freezes order by provider");
    let rows = rows.fetch_all(pool).await?;
    rows.iter()
        .map(|row| {
            let provider = Some(row.get::<String>(0)?).filter(|provider| provider != EVERY);
            Ok(Freeze { provider, reason: row.get(1)?, since: row.get(2)? })
        })
        .collect()
}
