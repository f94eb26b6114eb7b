//! Which keys records are sealed under, so that a broker with the wrong key ring does not start.

use super::Store;
use super::engine::query;
use super::transact::transact;
use crate::error::Error;
use crate::vault::VaultError;

/// Whether a ring holds the key of an id that a sample was sealed under.
pub(crate) type Fits<'a> = &'a (dyn Fn(&str, &[u8]) -> Result<(), VaultError> + Sync);

impl Store {
    /// Notes a key before anything is sealed under it, if `fits` takes every key that was noted before;
    /// `sample` is sealed under it. In one step: two brokers with different rings do not both begin.
    pub(crate) async fn agree_on_keys(
        &self,
        (id, sample): (&str, &[u8]),
        fits: Fits<'_>,
    ) -> Result<(), Error> {
        transact!(self, |transaction| {
            let noted = query("select id, sample from seal_keys");
            for row in noted.fetch_all(&mut *transaction).await? {
                fits(&row.get::<String>(0)?, &row.get::<Vec<u8>>(1)?)?;
            }
            query("insert into seal_keys (id, sample) values ($1, $2) on conflict (id) do nothing")
                .bind(id)
                .bind(sample)
                .execute(&mut *transaction)
                .await?;
            Ok(())
        })
    }
}
