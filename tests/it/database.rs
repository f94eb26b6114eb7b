//! A look into a world's store from outside, and a hand in it: what a thief or a dead broker would leave.

use std::time::{Duration, Instant};

use demo::World;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

/// Waits until a table of a world's store has as many rows; fails after half a minute.
pub(crate) async fn until_rows(world: &World, table: &str, wanted: i64) {
    let (begun, mut database) = (Instant::now(), Database::of(world).await);
    loop {
        let rows = database.rows(table).await;
        if rows == wanted {
            return;
        }
        assert!(begun.elapsed().as_secs() < 30, "{table}: {rows} rows, not {wanted}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A connection of the test's own.
pub(crate) enum Database {
    File(SqliteConnection),
    Server(PgConnection),
}

/// Asks the same of either.
macro_rules! ask {
    ($database:expr, $statement:expr, $method:ident, $($value:expr),*) => {{
        let statement = AssertSqlSafe($statement.to_owned());
        match $database {
            Database::File(file) => {
                sqlx::query_scalar(statement)$(.bind($value))*.$method(file).await.unwrap()
            }
            Database::Server(server) => {
                sqlx::query_scalar(statement)$(.bind($value))*.$method(server).await.unwrap()
            }
        }
    }};
}

impl Database {
    pub(crate) async fn of(world: &World) -> Self {
        if let Ok(url) = std::fs::read_to_string(world.folder.join("store.url")) {
            return Self::Server(PgConnection::connect(&url).await.unwrap());
        }
        let options = SqliteConnectOptions::new().filename(world.folder.join("bankconnect.db"));
        Self::File(SqliteConnection::connect_with(&options).await.unwrap())
    }

    /// How many rows a table has.
    pub(crate) async fn rows(&mut self, table: &str) -> i64 {
        self.number(&format!("select count(*) from {table}")).await
    }

    /// The only column of the only row, which is a number.
    pub(crate) async fn number(&mut self, statement: &str) -> i64 {
        ask!(self, statement, fetch_one,)
    }

    /// The only column of the only row, which holds bytes.
    pub(crate) async fn bytes(&mut self, statement: &str) -> Vec<u8> {
        ask!(self, statement, fetch_one,)
    }

    /// Answers how many rows it has changed.
    pub(crate) async fn execute(&mut self, statement: &str) -> u64 {
        self.set(statement, &[]).await
    }

    /// The same with bytes for `$1`.
    pub(crate) async fn set(&mut self, statement: &str, bytes: &[u8]) -> u64 {
        let statement = AssertSqlSafe(statement.to_owned());
        match self {
            Self::File(file) => {
                sqlx::query(statement).bind(bytes).execute(file).await.unwrap().rows_affected()
            }
            Self::Server(server) => {
                sqlx::query(statement).bind(bytes).execute(server).await.unwrap().rows_affected()
            }
        }
    }

    /// Every row of a table as JSON text; columns of bytes as `hex(…)`.
    pub(crate) async fn dump(&mut self, table: &str, columns: &str) -> String {
        let (all, one) = match self {
            Self::File(_) => ("json_group_array", "json_array"),
            Self::Server(_) => ("json_agg", "json_build_array"),
        };
        let statement = format!("select cast({all}({one}({columns})) as text) from {table}");
        let text: Option<String> = ask!(self, statement, fetch_one,);
        text.unwrap_or_default()
    }
}
