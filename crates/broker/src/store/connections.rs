//! Connections: standing consents, each pointing to a grant.

use super::engine::{Row, query};
use super::grants::{self, GrantRow, grant_columns};
use super::receipts::Cause;
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
    /// Whose browser's it is.
    pub session: SessionId,
    /// Whose it is to the app, if its backend has said so.
    pub subject: Option<String>,
    /// The tokens.
    pub grant: GrantRow,
}

/// A macro for the reason `grant_columns!` is one.
macro_rules! columns {
    () => {
        concat!(
            "c.id, c.provider, c.scopes, c.connected_at, c.consent_ends_at, c.last_used_at, \
             c.session, c.subject, ",
            grant_columns!()
        )
    };
}
pub(super) use columns;
/// How many that are.
pub(super) const COLUMNS: usize = 22;

pub(super) fn read(row: &Row) -> Result<ConnectionRow, StoreError> {
    Ok(ConnectionRow {
        id: row.get(0)?,
        provider: row.get(1)?,
        scopes: split(&row.get::<String>(2)?),
        connected_at: row.get(3)?,
        consent_ends_at: row.get(4)?,
        last_used_at: row.get(5)?,
        session: SessionId(row.get(6)?),
        subject: row.get(7)?,
        grant: grants::read(row, 8)?,
    })
}

impl Store {
    /// All connections of a session, oldest first.
    pub async fn connections(&self, session: SessionId) -> Result<Vec<ConnectionRow>, StoreError> {
        let rows = query(concat!(
            "select ",
            columns!(),
            " from connections c join grants g on g.id = c.grant_id ",
            "where c.session = $1 order by c.connected_at, c.id"
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
        let row = query(concat!(
            "select ",
            columns!(),
            " from sessions s join connections c on c.session = s.id ",
            "join grants g on g.id = c.grant_id ",
            "where s.cookie_hash = $1 and s.handed_out_at is null and s.ends_at > $2 and c.id = $3"
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
        let row = query(concat!(
            "select ",
            columns!(),
            " from sessions s join connections c on c.session = s.id ",
            "join grants g on g.id = c.grant_id ",
            "where c.id = $1 and s.handed_out_at is null and s.ends_at > $2"
        ))
        .bind(id)
        .bind(now)
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(read).transpose()
    }

    /// Connections that nobody can reach, and why: their session has ended, or its cookie was not shown
    /// though they were made before `unseen`.
    pub async fn orphans(
        &self,
        now: i64,
        unseen: i64,
    ) -> Result<Vec<(ConnectionRow, Cause)>, StoreError> {
        // `cross join`: SQLite would begin with every connection, and look for each one's session
        let rows = query(concat!(
            "select ",
            columns!(),
            ", s.cookie_hash is null or s.handed_out_at is not null ",
            "from sessions s cross join connections c join grants g on g.id = c.grant_id ",
            "where c.session = s.id and s.ends_at <= $1 ",
            "union all select ",
            columns!(),
            ", 1 = 1 from sessions s cross join connections c join grants g on g.id = c.grant_id ",
            "where c.session = s.id and s.handed_out_at <= $2 and s.ends_at > $1 ",
            "limit 100"
        ))
        .bind(now)
        .bind(unseen)
        .fetch_all(&self.pool)
        .await?;
        let why = |unseen| if unseen { Cause::NeverShown } else { Cause::SessionEnded };
        rows.iter().map(|row| Ok((read(row)?, why(row.get(COLUMNS)?)))).collect()
    }

    /// Notes that data was read.
    pub async fn touch_connection(&self, id: &str, now: i64) -> Result<(), StoreError> {
        query("update connections set last_used_at = $1 where id = $2")
            .bind(now)
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// How many connections a session has, those that are about to arrive among them.
    pub async fn count_connections(&self, session: SessionId) -> Result<i64, StoreError> {
        let row = query(
            "select (select count(*) from connections where session = $1) \
             + (select count(*) from sessions s join connections c on c.session = s.id where s.follows = $1)",
        )
        .bind(session.0)
        .fetch_one(&self.pool)
        .await?;
        row.get(0)
    }
}
