//! Connections: standing consents, each pointing to a grant.

use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::grants::{self, GrantRow, grant_columns, returned_grant};
use super::revocations::{self, NewRevocation, Revocation};
use super::{Hash, SessionId, Store, StoreError, join, split};

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
    /// The tokens.
    pub grant: GrantRow,
}

/// A connection to be made.
pub struct NewConnection<'a> {
    /// Id, if it takes no other's place.
    pub id: &'a str,
    /// Whose it is.
    pub session: SessionId,
    /// Which bank.
    pub provider: &'a str,
    /// What the bank granted.
    pub scopes: &'a [String],
    /// The grant's id.
    pub grant: &'a str,
    /// Seconds since 1970.
    pub connected_at: i64,
    /// When the legal time of the consent is over; `None`: never.
    pub consent_ends_at: Option<i64>,
    /// The session lasts at least until then.
    pub session_ends_at: i64,
}

macro_rules! columns {
    () => {
        concat!(
            "c.id, c.provider, c.scopes, c.connected_at, c.consent_ends_at, c.last_used_at, ",
            grant_columns!()
        )
    };
}

fn read(row: &SqliteRow) -> Result<ConnectionRow, StoreError> {
    Ok(ConnectionRow {
        id: row.try_get(0)?,
        provider: row.try_get(1)?,
        scopes: split(row.try_get(2)?),
        connected_at: row.try_get(3)?,
        consent_ends_at: row.try_get(4)?,
        last_used_at: row.try_get(5)?,
        grant: grants::read(row, 6)?,
    })
}

impl Store {
    /// Makes a connection, and answers the id it has.
    ///
    /// It takes the place, and the id, of the session's connection on the same grant, or else of a
    /// dead one to the same provider with the same scopes: connecting again mends what is there.
    pub async fn connect(
        &self,
        connection: &NewConnection<'_>,
        now: i64,
    ) -> Result<String, StoreError> {
        let mut transaction = self.pool.begin_with("begin immediate").await?;
        let replaced = sqlx::query(
            "select c.id from connections c join grants g on g.id = c.grant_id \
             where c.session = ?1 and c.provider = ?2 and c.scopes = ?3 and (c.grant_id = ?4 \
             or g.ended = 1 or c.consent_ends_at <= ?5 \
             or (g.refreshable = 0 and g.access_ends_at <= ?5)) \
             order by c.grant_id = ?4 desc, c.connected_at desc limit 1",
        )
        .bind(connection.session.0)
        .bind(connection.provider)
        .bind(join(connection.scopes))
        .bind(connection.grant)
        .bind(now)
        .fetch_optional(&mut *transaction)
        .await?;
        let id = match replaced {
            Some(row) => row.try_get(0)?,
            None => connection.id.to_owned(),
        };
        sqlx::query(
            "insert into connections \
             (id, session, provider, scopes, grant_id, connected_at, consent_ends_at) \
             values (?, ?, ?, ?, ?, ?, ?) on conflict (id) do update set \
             grant_id = excluded.grant_id, connected_at = excluded.connected_at, \
             consent_ends_at = excluded.consent_ends_at",
        )
        .bind(&id)
        .bind(connection.session.0)
        .bind(connection.provider)
        .bind(join(connection.scopes))
        .bind(connection.grant)
        .bind(connection.connected_at)
        .bind(connection.consent_ends_at)
        .execute(&mut *transaction)
        .await?;
        sqlx::query("update sessions set ends_at = max(ends_at, ?) where id = ?")
            .bind(connection.session_ends_at)
            .bind(connection.session.0)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(id)
    }

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
            "where s.cookie_hash = ? and s.ends_at > ? and c.id = ?"
        ))
        .bind(&cookie[..])
        .bind(now)
        .bind(id)
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(read).transpose()
    }

    /// Connections whose session has ended: nobody can reach them any more.
    pub async fn orphans(&self, now: i64) -> Result<Vec<ConnectionRow>, StoreError> {
        let rows = sqlx::query(concat!(
            "select ",
            columns!(),
            " from sessions s join connections c on c.session = s.id ",
            "join grants g on g.id = c.grant_id where s.ends_at <= ? limit 100"
        ))
        .bind(now)
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

    /// Ends a connection. Where it was the last on its grant, that is gone too, and what `forget`
    /// makes of its tokens waits to be revoked from `next_at` on: all in one step.
    pub async fn disconnect(
        &self,
        id: &str,
        next_at: i64,
        forget: &(dyn Fn(&GrantRow) -> Vec<NewRevocation> + Sync),
    ) -> Result<Disconnected, StoreError> {
        let mut transaction = self.pool.begin_with("begin immediate").await?;
        let gone = sqlx::query("delete from connections where id = ? returning grant_id")
            .bind(id)
            .fetch_optional(&mut *transaction)
            .await?;
        let Some(gone) = gone else { return Ok(Disconnected::NotThere) };
        let grant = sqlx::query(concat!(
            "delete from grants where id = ?1 ",
            "and not exists (select 1 from connections where grant_id = ?1) returning ",
            returned_grant!()
        ))
        .bind(gone.try_get::<String, _>(0)?)
        .fetch_optional(&mut *transaction)
        .await?;
        let mut waiting = Vec::new();
        let last = grant.is_some();
        if let Some(grant) = grant {
            let grant = grants::read(&grant, 0)?;
            for new in forget(&grant) {
                let queued = revocations::queue(&mut transaction, &grant.provider, new, next_at);
                waiting.push(queued.await?);
            }
        }
        transaction.commit().await?;
        Ok(if last { Disconnected::Last(waiting) } else { Disconnected::Shared })
    }

    /// How many connections a session has.
    pub async fn count_connections(&self, session: SessionId) -> Result<i64, StoreError> {
        let row = sqlx::query("select count(*) from connections where session = ?")
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
