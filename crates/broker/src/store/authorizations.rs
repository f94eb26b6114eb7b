//! Authorizations: attempts to connect, each taken out once.

use sqlx::Row as _;

use super::{Hash, SessionId, Store, StoreError, join, split};

/// What is remembered between the start and the callback.
pub struct Authorization {
    /// Who started it.
    pub session: SessionId,
    /// Where the person was sent.
    pub provider: String,
    /// What was asked for.
    pub scopes: Vec<String>,
    /// Where the bank was to send the person back.
    pub redirect_uri: String,
    /// S256 challenge of the verifier the browser keeps.
    pub code_challenge: String,
    /// Seconds since 1970; not good from then on.
    pub ends_at: i64,
}

impl Store {
    /// Remembers an authorization; keeps at most `most` per session, the newest (requirement T25).
    /// False if its state was used before.
    pub async fn begin_authorization(
        &self,
        state: &Hash,
        authorization: &Authorization,
        most: i64,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let new = sqlx::query(
            "insert or ignore into authorizations \
             (state_hash, session, provider, scopes, redirect_uri, code_challenge, ends_at) \
             values (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&state[..])
        .bind(authorization.session.0)
        .bind(&authorization.provider)
        .bind(join(&authorization.scopes))
        .bind(&authorization.redirect_uri)
        .bind(&authorization.code_challenge)
        .bind(authorization.ends_at)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "delete from authorizations where session = ?1 and state_hash not in \
             (select state_hash from authorizations where session = ?1 \
              order by ends_at desc, rowid desc limit ?2)",
        )
        .bind(authorization.session.0)
        .bind(most)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(new.rows_affected() == 1)
    }

    /// Takes an authorization out: whatever follows, it cannot be taken again (requirement K05).
    pub async fn take_authorization(
        &self,
        state: &Hash,
    ) -> Result<Option<Authorization>, StoreError> {
        let row = sqlx::query(
            "delete from authorizations where state_hash = ? returning \
             session, provider, scopes, redirect_uri, code_challenge, ends_at",
        )
        .bind(&state[..])
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Authorization {
            session: SessionId(row.try_get(0)?),
            provider: row.try_get(1)?,
            scopes: split(row.try_get(2)?),
            redirect_uri: row.try_get(3)?,
            code_challenge: row.try_get(4)?,
            ends_at: row.try_get(5)?,
        }))
    }
}
