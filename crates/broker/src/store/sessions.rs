//! Sessions: a browser's opaque cookie, kept as a hash.

use super::engine::query;
use super::transact::transact;
use super::{Hash, Store, StoreError};

/// A session's own number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionId(pub(super) i64);

/// The session behind a cookie.
pub struct Presented {
    /// Which one.
    pub id: SessionId,
    /// The browser shows this cookie for the first time: the session has yet to take the place of
    /// the one before ([`Store::take_over`]).
    pub is_new: bool,
}

impl Store {
    /// The session behind a cookie, unless it has ended.
    pub async fn session(&self, cookie: &Hash, now: i64) -> Result<Option<Presented>, StoreError> {
        let row = query(
            "select id, handed_out_at is not null from sessions where cookie_hash = $1 and ends_at > $2",
        )
        .bind(&cookie[..])
        .bind(now)
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Presented { id: SessionId(row.get(0)?), is_new: row.get(1)? }))
    }

    /// The session that has just taken the place of this cookie's.
    pub async fn successor(
        &self,
        earlier: &Hash,
        now: i64,
    ) -> Result<Option<SessionId>, StoreError> {
        let row = query(
            "select id from sessions where earlier_hash = $1 and earlier_ends_at > $2 \
             and ends_at > $2",
        )
        .bind(&earlier[..])
        .bind(now)
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| row.get(0).map(SessionId)).transpose()
    }

    /// Begins a session.
    pub async fn begin_session(
        &self,
        cookie: &Hash,
        now: i64,
        ends_at: i64,
    ) -> Result<SessionId, StoreError> {
        // in a transaction: a row that is answered before a full disk takes it back is no session
        transact!(self, |transaction| {
            let row = query(
                "insert into sessions (cookie_hash, created_at, ends_at) values ($1, $2, $3) returning id",
            )
            .bind(&cookie[..])
            .bind(now)
            .bind(ends_at)
            .fetch_one(&mut *transaction)
            .await?;
            row.get(0).map(SessionId)
        })
    }

    /// Makes sure the session lasts until a time.
    pub async fn extend_session(&self, session: SessionId, until: i64) -> Result<(), StoreError> {
        query("update sessions set ends_at = $1 where id = $2 and ends_at < $3")
            .bind(until)
            .bind(session.0)
            .bind(until)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Forgets sessions that have ended and hold nothing, and authorizations nobody came back from.
    pub async fn forget_ended(&self, now: i64) -> Result<(), StoreError> {
        let authorizations = "delete from authorizations where state_hash in \
                              (select state_hash from authorizations where ends_at <= $1 \
                              order by ends_at limit $2)";
        self.in_steps(authorizations, now).await?;
        let sessions = "delete from sessions where id in \
                        (select id from sessions where ends_at <= $1 and not exists \
                        (select 1 from connections where session = sessions.id) \
                        order by ends_at limit $2) \
                        and ends_at <= $1 and not exists \
                        (select 1 from connections where session = sessions.id)";
        self.in_steps(sessions, now).await
    }
}
