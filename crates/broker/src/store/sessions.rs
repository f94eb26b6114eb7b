//! Sessions: a browser's opaque cookie, kept as a hash.

use sqlx::Row as _;

use super::{Hash, Store, StoreError};

/// The session's own number. It stays when the cookie is renewed, so that a second tab's
/// authorization survives the first tab's callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionId(pub(super) i64);

impl Store {
    /// The session behind a cookie, unless it has ended.
    pub async fn session(&self, cookie: &Hash, now: i64) -> Result<Option<SessionId>, StoreError> {
        let row = sqlx::query("select id from sessions where cookie_hash = ? and ends_at > ?")
            .bind(&cookie[..])
            .bind(now)
            .fetch_optional(&self.pool)
            .await?;
        row.map(|row| row.try_get(0).map(SessionId)).transpose()
    }

    /// Begins a session.
    pub async fn begin_session(
        &self,
        cookie: &Hash,
        now: i64,
        ends_at: i64,
    ) -> Result<SessionId, StoreError> {
        let row = sqlx::query(
            "insert into sessions (cookie_hash, created_at, ends_at) values (?, ?, ?) returning id",
        )
        .bind(&cookie[..])
        .bind(now)
        .bind(ends_at)
        .fetch_one(&self.pool)
        .await?;
        row.try_get(0).map(SessionId)
    }

    /// Forgets sessions that have ended and hold nothing, and authorizations nobody came back from.
    pub async fn forget_ended(&self, now: i64) -> Result<(), StoreError> {
        sqlx::query("delete from authorizations where ends_at <= ?")
            .bind(now)
            .execute(&self.pool)
            .await?;
        sqlx::query(
            "delete from sessions where ends_at <= ? \
             and not exists (select 1 from connections where session = sessions.id)",
        )
        .bind(now)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The session behind a cookie, or behind the one before it for the moment that a second tab's
    /// callback may be under way.
    pub async fn session_of_callback(
        &self,
        cookie: &Hash,
        now: i64,
    ) -> Result<Option<SessionId>, StoreError> {
        let row = sqlx::query(
            "select id from sessions where ends_at > ?2 and (cookie_hash = ?1 \
             or (earlier_hash = ?1 and earlier_ends_at > ?2))",
        )
        .bind(&cookie[..])
        .bind(now)
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| row.try_get(0).map(SessionId)).transpose()
    }

    /// Makes sure the session lasts until a time.
    pub async fn extend_session(&self, session: SessionId, until: i64) -> Result<(), StoreError> {
        sqlx::query("update sessions set ends_at = ? where id = ? and ends_at < ?")
            .bind(until)
            .bind(session.0)
            .bind(until)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Gives the session another cookie; the old one opens nothing from here on (requirement K24),
    /// but until `earlier_ends_at` it still says whose a callback is.
    pub async fn renew_session(
        &self,
        session: SessionId,
        cookie: &Hash,
        ends_at: i64,
        earlier_ends_at: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "update sessions set earlier_hash = cookie_hash, earlier_ends_at = ?, \
             cookie_hash = ?, ends_at = ? where id = ?",
        )
        .bind(earlier_ends_at)
        .bind(&cookie[..])
        .bind(ends_at)
        .bind(session.0)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
