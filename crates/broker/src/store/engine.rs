//! One door to two databases: every statement of the store is written once, for SQLite and PostgreSQL.
//!
//! Both understand `$1` for a value, `case` for the greater of two, `on conflict`; numbers are `bigint` and
//! bytes `blob`, which [`super::schema`] calls by PostgreSQL's own names.

use std::time::Duration;

use sqlx::postgres::{PgArguments, PgPool, PgRow};
use sqlx::sqlite::{SqliteArguments, SqlitePool, SqliteRow};
use sqlx::{Postgres, Row as _, Sqlite};

use super::StoreError;

/// Connections to the one or the other.
#[derive(Clone)]
pub(super) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Several statements that count together or not at all.
pub(super) enum Transaction {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// Where a statement goes.
pub(super) enum On<'a> {
    Pool(&'a Pool),
    Transaction(&'a mut Transaction),
}

impl<'a> From<&'a Pool> for On<'a> {
    fn from(pool: &'a Pool) -> Self {
        Self::Pool(pool)
    }
}

impl<'a> From<&'a mut Transaction> for On<'a> {
    fn from(transaction: &'a mut Transaction) -> Self {
        Self::Transaction(transaction)
    }
}

impl Pool {
    /// Begins a transaction that no other one disturbs: SQLite lets one write at a time, PostgreSQL takes the
    /// later of two back (see [`super::transact`]).
    pub(super) async fn begin(&self) -> Result<Transaction, StoreError> {
        Ok(match self {
            Self::Sqlite(pool) => Transaction::Sqlite(pool.begin_with("begin immediate").await?),
            Self::Postgres(pool) => {
                Transaction::Postgres(pool.begin_with("begin isolation level serializable").await?)
            }
        })
    }

    /// Lets every connection go, once its work is done.
    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Transaction {
    /// Has it count.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await,
            Self::Postgres(transaction) => bounded(transaction.commit()).await,
        }
    }
}

/// How long a server may take for one statement, its own bounds and the wait for a connection included
/// (`server.rs`).
const LONGEST: Duration = Duration::from_secs(17);

/// A machine that is gone may not even refuse: then this is the answer.
async fn bounded<T>(asked: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    tokio::time::timeout(LONGEST, asked).await.unwrap_or(Err(StoreError::PoolTimedOut))
}

/// What stands in a statement for `$1`, `$2`, …
pub(super) enum Value<'q> {
    Integer(Option<i64>),
    Text(Option<&'q str>),
    Bytes(Option<&'q [u8]>),
    OwnText(String),
    OwnBytes(Option<Vec<u8>>),
}

macro_rules! values {
    ($($from:ty, $given:pat => $value:expr;)*) => {$(
        impl<'q> From<$from> for Value<'q> {
            fn from($given: $from) -> Self {
                $value
            }
        }
    )*};
}

values! {
    i64, number => Self::Integer(Some(number));
    Option<i64>, number => Self::Integer(number);
    bool, flag => Self::Integer(Some(flag.into()));
    &'q str, text => Self::Text(Some(text));
    &'q String, text => Self::Text(Some(text));
    Option<&'q str>, text => Self::Text(text);
    String, text => Self::OwnText(text);
    &'q [u8], bytes => Self::Bytes(Some(bytes));
    &'q Vec<u8>, bytes => Self::Bytes(Some(bytes));
    Option<&'q [u8]>, bytes => Self::Bytes(bytes);
    Option<Vec<u8>>, bytes => Self::OwnBytes(bytes);
}

/// A statement with its values.
pub(super) struct Query<'q> {
    statement: &'static str,
    values: Vec<Value<'q>>,
}

/// A statement.
pub(super) fn query<'q>(statement: &'static str) -> Query<'q> {
    Query { statement, values: Vec::with_capacity(8) }
}

macro_rules! bound {
    ($($name:ident, $database:ty, $arguments:ty;)*) => {$(
        fn $name(self) -> sqlx::query::Query<'static, $database, $arguments> {
            let mut query = sqlx::query(self.statement);
            for value in self.values {
                query = match value {
                    Value::Integer(number) => query.bind(number),
                    Value::Text(text) => query.bind(text),
                    Value::Bytes(bytes) => query.bind(bytes),
                    Value::OwnText(text) => query.bind(text),
                    Value::OwnBytes(bytes) => query.bind(bytes),
                };
            }
            query
        }
    )*};
}

macro_rules! ask {
    ($query:ident, $on:ident, $method:ident, $sqlite:expr, $postgres:expr) => {
        match $on.into() {
            On::Pool(Pool::Sqlite(pool)) => $query.sqlite().$method(pool).await.map($sqlite),
            On::Pool(Pool::Postgres(pool)) => {
                bounded($query.postgres().$method(pool)).await.map($postgres)
            }
            On::Transaction(Transaction::Sqlite(transaction)) => {
                $query.sqlite().$method(&mut **transaction).await.map($sqlite)
            }
            On::Transaction(Transaction::Postgres(transaction)) => {
                bounded($query.postgres().$method(&mut **transaction)).await.map($postgres)
            }
        }
    };
}

impl<'q> Query<'q> {
    /// The next value.
    pub(super) fn bind(mut self, value: impl Into<Value<'q>>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Answers how many rows it has changed.
    pub(super) async fn execute<'a>(self, on: impl Into<On<'a>>) -> Result<u64, StoreError> {
        ask!(self, on, execute, |done| done.rows_affected(), |done| done.rows_affected())
    }

    /// The one row.
    pub(super) async fn fetch_one<'a>(self, on: impl Into<On<'a>>) -> Result<Row, StoreError> {
        ask!(self, on, fetch_one, Row::Sqlite, Row::Postgres)
    }

    /// The row, if there is one.
    pub(super) async fn fetch_optional<'a>(
        self,
        on: impl Into<On<'a>>,
    ) -> Result<Option<Row>, StoreError> {
        ask!(self, on, fetch_optional, |row| row.map(Row::Sqlite), |row| row.map(Row::Postgres))
    }

    /// All rows.
    pub(super) async fn fetch_all<'a>(self, on: impl Into<On<'a>>) -> Result<Vec<Row>, StoreError> {
        ask!(self, on, fetch_all, |rows| rows.into_iter().map(Row::Sqlite).collect(), |rows| rows
            .into_iter()
            .map(Row::Postgres)
            .collect())
    }

    bound! {
        sqlite, Sqlite, SqliteArguments;
        postgres, Postgres, PgArguments;
    }
}

/// A row of the one or the other.
pub(super) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl Row {
    /// A column by its place, from 0. Errors: there is none, or it holds something else.
    pub(super) fn get<T: Column>(&self, at: usize) -> Result<T, StoreError> {
        T::of(self, at)
    }
}

/// What can stand in a column.
pub(super) trait Column: Sized {
    fn of(row: &Row, at: usize) -> Result<Self, StoreError>;
}

macro_rules! columns {
    ($($column:ty),*) => {$(
        impl Column for $column {
            fn of(row: &Row, at: usize) -> Result<Self, StoreError> {
                match row {
                    Row::Sqlite(row) => row.try_get(at),
                    Row::Postgres(row) => row.try_get(at),
                }
            }
        }
    )*};
}

columns!(i64, Option<i64>, String, Option<String>, Vec<u8>, Option<Vec<u8>>);

/// A condition, or a column that holds 0 or 1.
impl Column for bool {
    fn of(row: &Row, at: usize) -> Result<Self, StoreError> {
        match row {
            Row::Sqlite(row) => row.try_get(at),
            Row::Postgres(row) => row.try_get(at).or_else(|_| Ok(row.try_get::<i64, _>(at)? != 0)),
        }
    }
}
