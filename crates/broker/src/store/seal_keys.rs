//! Which keys records are sealed under, so that a broker with the wrong key ring does not start.

use super::engine::query;
use super::{Store, StoreError};

impl Store {
    /// Notes a key before anything is sealed under it; `sample` is sealed under it.
    pub async fn note_key(&self, id: &str, sample: &[u8]) -> Result<(), StoreError> {
        query("insert into seal_keys (id, sample) values ($1, $2) on conflict (id) do nothing")
            .bind(id)
            .bind(sample)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Every noted key with its sample.
    pub async fn keys(&self) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let rows = query("select id, sample from seal_keys").fetch_all(&self.pool).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }
}
