//! Connections: standing consents, each pointing to a grant.

use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::disposal::{Forget, remove_unused};
use super::grants::{self, GrantRow, grant_columns};
use super::revocations::Revocation;
use super::{Hash, SessionId, Store, StoreError, split};

/// A connection together with its grant, as one question fetches them.
pub struct ConnectionRow {
    /// Opaque id.
    pub id: String,
    /// Which bank.
    pub provider: String,
    /// What the bank granted.
    pub scopes: Vec<String>,
    /// Seconds since 1970.
    pub connected_at: i64,
    /// When the legal time of the consent is over; `None`: never.
    pub consent_ends_at: Option<i64>,
    /// When data was last read.
    pub last_used_at: Option<i64>,
    /// Whose it is.
    pub session: SessionId,
    /// The tokens.
    pub grant: GrantRow,
}

/// A macro for the reason `grant_columns!` is one.
macro_rules! columns {
    () => {
        concat!(
            "c.id, c.provider, c.scopes, c.connected_at, c.consent_ends_at, c.last_used_at, \
             c.session, ",
            grant_columns!()
        )
    };
}
pub(super) use columns;

pub(super) fn read(row: &SqliteRow) -> Result<ConnectionRow, StoreError> {
    Ok(ConnectionRow {
        id: row.try_get(0)?,
        provider: row.try_get(1)?,
        scopes: split(row.try_get(2)?),
        connected_at: row.try_get(3)?,
        consent_ends_at: row.try_get(4)?,
        last_used_at: row.try_get(5)?,
        session: SessionId(row.try_get(6)?),
        grant: grants::read(row, 7)?,
    })
}

impl Store {
    /// All connections of a session, oldest first.
    pub async fn connections(&self, session: SessionId) -> Result<Vec<ConnectionRow>, StoreError> {
        let rows = sqlx::query(concat!(
            "select ",
            columns!(),
            " from connections c join grants g on g.id = c.grant_id ",
            "where c.session = ? order by c.connected_at, c.id"
        ))
        .bind(session.0)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }

    /// A connection of the session behind a cookie, in one question: what every proxied call asks.
    pub async fn connection(
        &self,
        cookie: &Hash,
        id: &str,
        now: i64,
    ) -> Result<Option<ConnectionRow>, StoreError> {
        let row = sqlx::query(concat!(
            "select ",
            columns!(),
            " from sessions s join connections c on c.session = s.id ",
            "join grants g on g.id = c.grant_id ",
            "where s.cookie_hash = ? and s.handed_out_at is null and s.ends_at > ? and c.id = ?"
        ))
        .bind(&cookie[..])
        .bind(now)
        .bind(id)
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(read).transpose()
    }

    /// A connection of whatever browser, one that has shown its cookie.
    pub async fn connection_of_anybody(
        &self,
        id: &str,
        now: i64,
    ) -> Result<Option<ConnectionRow>, StoreError> {
        let row = sqlx::query(concat!(
            "select ",
            columns!(),
            " from sessions s join connections c on c.session = s.id ",
            "join grants g on g.id = c.grant_id ",
            "where c.id = ? and s.handed_out_at is null and s.ends_at > ?"
        ))
        .bind(id)
        .bind(now)
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(read).transpose()
    }

    /// Connections that nobody can reach: their session has ended, or its cookie was not shown
    /// though they were made before `unseen`.
    pub async fn orphans(&self, now: i64, unseen: i64) -> Result<Vec<ConnectionRow>, StoreError> {
        let rows = sqlx::query(concat!(
            "select ",
            columns!(),
            " from sessions s join connections c on c.session = s.id ",
            "join grants g on g.id = c.grant_id where s.ends_at <= ?1 ",
            "union all select ",
            columns!(),
            " from sessions s join connections c on c.session = s.id ",
            "join grants g on g.id = c.grant_id where s.handed_out_at <= ?2 and s.ends_at > ?1 ",
            "limit 100"
        ))
        .bind(now)
        .bind(unseen)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }

    /// Notes that data was read.
    pub async fn touch_connection(&self, id: &str, now: i64) -> Result<(), StoreError> {
        sqlx::query("update connections set last_used_at = ? where id = ?")
            .bind(now)
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Ends a connection as it was read: not one that has taken its place meanwhile, but one that was
    /// about to with the same grant. Where it was the last on its grant, that is gone too, and what
    /// `forget` makes of its tokens waits to be revoked from `next_at` on: all in one step.
    pub async fn disconnect(
        &self,
        row: &ConnectionRow,
        next_at: i64,
        forget: Forget<'_>,
    ) -> Result<Disconnected, StoreError> {
        let mut transaction = self.pool.begin_with("begin immediate").await?;
        let gone =
            sqlx::query("delete from connections where id = ? and session = ? and grant_id = ?")
                .bind(&row.id)
                .bind(row.session.0)
                .bind(&row.grant.id)
                .execute(&mut *transaction)
                .await?;
        if gone.rows_affected() == 0 {
            return Ok(Disconnected::NotThere);
        }
        sqlx::query("delete from connections where replaces = ? and grant_id = ?")
            .bind(&row.id)
            .bind(&row.grant.id)
            .execute(&mut *transaction)
            .await?;
        sqlx::query("delete from orders where connection = ?")
            .bind(&row.id)
            .execute(&mut *transaction)
            .await?;
        let waiting = remove_unused(&mut transaction, &row.grant.id, next_at, forget).await?;
        transaction.commit().await?;
        Ok(waiting.map_or(Disconnected::Shared, Disconnected::Last))
    }

    /// How many connections a session has, those that are about to arrive among them.
    pub async fn count_connections(&self, session: SessionId) -> Result<i64, StoreError> {
        let row = sqlx::query(
            "select count(*) from connections where session = ?1 \
             or session in (select id from sessions where follows = ?1)",
        )
        .bind(session.0)
        .fetch_one(&self.pool)
        .await?;
        row.try_get(0)
    }
}

/// What a disconnect left behind.
pub enum Disconnected {
    /// The connection was gone already.
    NotThere,
    /// Another connection lives on the same grant.
    Shared,
    /// It was the last; these revocations wait.
    Last(Vec<Revocation>),
}
