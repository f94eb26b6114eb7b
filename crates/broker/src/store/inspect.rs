//! A look at the database from outside, beside a broker that may be running: nothing is written.

use std::path::Path;

use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use super::engine::{Pool, query};
use super::{
    Freeze, NotedKey, Place, ProbeFinding, Schema, Store, StoreError, freezes, probes, seal_keys,
    server,
};
use crate::secret::Secret;

/// What is in a database.
pub struct Inspected {
    /// How far it is.
    pub schema: Schema,
    /// Connections in it.
    pub connections: i64,
    /// Keys that records were ever sealed under, the oldest first; none where the schema is not this program's.
    pub keys: Vec<NotedKey>,
    /// What probes found out, or why that cannot be read.
    pub findings: Result<Vec<ProbeFinding>, &'static str>,
    /// What an operator has paused; none where the schema is not this program's.
    pub freezes: Vec<Freeze>,
}

impl Inspected {
    fn empty(schema: Schema) -> Self {
        let findings = schema.unread().map_or(Ok(Vec::new()), Err);
        Self { schema, connections: 0, keys: Vec::new(), findings, freezes: Vec::new() }
    }
}

impl Store {
    /// Looks at a store. Errors: it cannot be opened, or is no database.
    pub async fn inspect(place: &Place) -> Result<Inspected, StoreError> {
        let pool = match place {
            Place::File(file) if !file.try_exists().map_err(StoreError::Io)? => {
                return Ok(Inspected::empty(Schema::Absent));
            }
            _ => Self::for_reading(place).await?.pool,
        };
        let inspected = look(&pool).await;
        pool.close().await;
        inspected
    }
}

impl Store {
    /// Opens a store to read in it; its schema has to be this program's.
    pub async fn for_reading(place: &Place) -> Result<Self, StoreError> {
        let pool = match place {
            Place::File(file) => of_file(file).await?,
            Place::Server(url) => of_server(url).await?,
        };
        Ok(Self { pool, lock: None })
    }
}

async fn of_file(file: &Path) -> Result<Pool, StoreError> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    Ok(Pool::Sqlite(SqlitePoolOptions::new().max_connections(1).connect_with(options).await?))
}

async fn of_server(url: &Secret) -> Result<Pool, StoreError> {
    let options = server::options(url).map_err(|_| StoreError::Configuration("the URL".into()))?;
    let options =
        options.options([("default_transaction_read_only", "on"), ("statement_timeout", "30s")]);
    Ok(Pool::Postgres(PgPoolOptions::new().max_connections(1).connect_with(options).await?))
}

/// Whether migrations were run; whether there are tables at all.
const OF_FILE: &str = "select count(*) from sqlite_schema where name = '_sqlx_migrations'";
const OF_SERVER: &str = "select count(*) from pg_tables where tablename = '_sqlx_migrations' \
                         and schemaname = any (current_schemas(false))";

async fn look(pool: &Pool) -> Result<Inspected, StoreError> {
    let (ours, none) = match pool {
        Pool::Sqlite(_) => (OF_FILE, Schema::Foreign),
        Pool::Postgres(_) => (OF_SERVER, Schema::Absent),
    };
    if query(ours).fetch_one(pool).await?.get::<i64>(0)? == 0 {
        return Ok(Inspected::empty(none));
    }
    let applied = query("select version from _sqlx_migrations where success order by version");
    let applied = applied.fetch_all(pool).await?;
    let applied = applied.iter().map(|row| row.get(0)).collect::<Result<Vec<i64>, _>>()?;
    let schema = Schema::of(&applied);
    let connections = query("select count(*) from connections").fetch_one(pool).await?.get(0)?;
    let mut inspected = Inspected { connections, ..Inspected::empty(schema) };
    if schema.unread().is_none() {
        inspected.keys = seal_keys::all(pool).await?;
        inspected.findings = Ok(probes::all(pool).await?);
        inspected.freezes = freezes::all(pool).await?;
    }
    Ok(inspected)
}
