//! A look at the database from outside, beside a broker that may be running: nothing is written.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection as _, Row as _};

use super::{ProbeFinding, Store, StoreError, probes};

/// How far a database's schema is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// There is no file yet: the broker makes it.
    Absent,
    /// An older one: the broker brings it up to date when it starts.
    Behind,
    /// This program's.
    Current,
    /// Of a newer program, or no database of ours.
    Foreign,
}

impl Schema {
    /// Why nobody can tell what probes found; `None` where that can be read, or nothing can have been found.
    pub fn unread(self) -> Option<&'static str> {
        match self {
            Self::Absent | Self::Current => None,
            Self::Behind => Some(
                "store.file is of an older version; start the broker of this one once, which updates it",
            ),
            Self::Foreign => Some("store.file was made by a newer version, or by something else"),
        }
    }
}

/// What is in a database.
pub struct Inspected {
    /// How far it is.
    pub schema: Schema,
    /// Connections in it.
    pub connections: i64,
    /// Keys that records are sealed under, with a sample of each.
    pub keys: Vec<(String, Vec<u8>)>,
    /// What probes found out, or why that cannot be read.
    pub findings: Result<Vec<ProbeFinding>, &'static str>,
}

impl Inspected {
    fn empty(schema: Schema) -> Self {
        let findings = schema.unread().map_or(Ok(Vec::new()), Err);
        Self { schema, connections: 0, keys: Vec::new(), findings }
    }
}

impl Store {
    /// Looks at a file. Errors: it cannot be opened, or is no database.
    pub async fn inspect(file: &Path) -> Result<Inspected, StoreError> {
        if !file.try_exists().map_err(StoreError::Io)? {
            return Ok(Inspected::empty(Schema::Absent));
        }
        let options = SqliteConnectOptions::new().filename(file).read_only(true);
        let mut connection = SqliteConnection::connect_with(&options).await?;
        let inspected = look(&mut connection).await;
        connection.close().await?;
        inspected
    }
}

async fn look(connection: &mut SqliteConnection) -> Result<Inspected, StoreError> {
    let tables = "select count(*) from sqlite_schema where name = '_sqlx_migrations'";
    let ours: i64 = sqlx::query_scalar(tables).fetch_one(&mut *connection).await?;
    if ours == 0 {
        return Ok(Inspected::empty(Schema::Foreign));
    }
    let applied: Vec<i64> =
        sqlx::query_scalar("select version from _sqlx_migrations where success order by version")
            .fetch_all(&mut *connection)
            .await?;
    let known: Vec<i64> = sqlx::migrate!().iter().map(|migration| migration.version).collect();
    let schema = if applied == known {
        Schema::Current
    } else if known.starts_with(&applied) {
        Schema::Behind
    } else {
        Schema::Foreign
    };
    let count = "select count(*) from connections";
    let connections = sqlx::query_scalar(count).fetch_one(&mut *connection).await?;
    let rows = sqlx::query("select id, sample from seal_keys").fetch_all(&mut *connection).await?;
    let keys = rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?)));
    let keys = keys.collect::<Result<_, StoreError>>()?;
    let findings = match schema.unread() {
        None => Ok(probes::all(connection).await?),
        Some(why) => Err(why),
    };
    Ok(Inspected { schema, connections, keys, findings })
}
