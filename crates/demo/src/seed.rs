//! A store as years of use would leave it: as many connections as one wants, with everything around them.
//!
//! Written past the broker, in bulk: nobody waits for a million logins. What is sealed is noise of the right
//! length, so that no seeded connection can be read through; it can be looked up, listed and swept.

use std::path::Path;

use sha2::{Digest as _, Sha256};
use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

use crate::browser::Browser;
use crate::world::Failure;

mod rows;

/// Numbers of seeded sessions begin here, far from those of a broker.
const BASE: u64 = 1_000_000_000;
/// Rows that are written in one transaction.
const CHUNK: u64 = 100_000;
/// Seeded sessions whose cookies are known, at the most.
const KNOWN: u64 = 500;

/// How the session cookie of a world is called.
const COOKIE: &str = "__Host-Http-bankconnect";

/// One connection that can be asked for.
pub struct Seeded {
    /// The cookie that opens it.
    cookie: String,
    /// Its id.
    pub connection: String,
}

impl Seeded {
    /// Puts its cookie into a browser.
    pub fn enter(&self, browser: &Browser) {
        browser.plant_cookie(COOKIE, &self.cookie);
    }
}

/// Has the access tokens of everybody who has connected at the broker itself be over.
pub async fn expire(folder: &Path) -> Result<(), Failure> {
    let over = "update grants set refresh_at = 1, access_ends_at = 1 where id in \
                (select grant_id from connections where session < {base})";
    Database::open(folder).await?.execute(&over.replace("{base}", &BASE.to_string())).await
}

enum Database {
    File(SqliteConnection),
    Server(PgConnection),
}

/// Fills the store of a broker whose files are in `folder` with `connections`, seen from `now`, seconds since
/// 1970; its schema has to be there, and nobody else should be writing. `told` is told how far it is.
pub async fn fill(
    folder: &Path,
    connections: u64,
    now: u64,
    told: &(dyn Fn(&str) + Sync),
) -> Result<Vec<Seeded>, Failure> {
    let mut database = Database::open(folder).await?;
    for (what, share, statement) in rows::STATEMENTS {
        let all = connections.div_ceil(share);
        for from in (1..=all).step_by(usize::try_from(CHUNK)?) {
            let to = all.min(from + CHUNK - 1);
            database.execute(&database.written(statement, (from, to), now)).await?;
            told(&format!("{what}: {to} of {all}"));
        }
    }
    let mut known = Vec::new();
    for number in (1..=connections).step_by(usize::try_from(connections.div_ceil(KNOWN))?) {
        known.extend(database.know(number).await?);
    }
    database.settle().await?;
    Ok(known)
}

impl Database {
    async fn open(folder: &Path) -> Result<Self, Failure> {
        if let Ok(url) = std::fs::read_to_string(folder.join("store.url")) {
            let mut server = PgConnection::connect(url.trim()).await?;
            sqlx::query("set synchronous_commit = off").execute(&mut server).await?;
            return Ok(Self::Server(server));
        }
        let options = SqliteConnectOptions::new()
            .filename(folder.join("bankconnect.db"))
            .synchronous(SqliteSynchronous::Off)
            .pragma("cache_size", "-400000");
        Ok(Self::File(SqliteConnection::connect_with(&options).await?))
    }

    /// A statement of [`rows`] in the words of this database.
    fn written(&self, statement: &str, (from, to): (u64, u64), now: u64) -> String {
        let words = match self {
            Self::File(_) => rows::FILE,
            Self::Server(_) => rows::SERVER,
        };
        let series = format!(
            "with recursive n(i) as (select cast({from} as bigint) union all select i + 1 from n where i < {to}) \
             {statement}"
        );
        let written = words.iter().fold(series, |text, (here, there)| text.replace(here, there));
        written.replace("{now}", &now.to_string()).replace("{base}", &BASE.to_string())
    }

    async fn execute(&mut self, statement: &str) -> Result<(), Failure> {
        let statement = AssertSqlSafe(statement.to_owned());
        match self {
            Self::File(file) => sqlx::raw_sql(statement).execute(file).await.map(|_| ())?,
            Self::Server(server) => sqlx::raw_sql(statement).execute(server).await.map(|_| ())?,
        }
        Ok(())
    }

    /// Gives a seeded session a cookie that is known, if it has a connection.
    async fn know(&mut self, number: u64) -> Result<Option<Seeded>, Failure> {
        let cookie = format!("{:0>43}", format!("seeded-{number}"));
        let hash = Sha256::digest(&cookie).to_vec();
        let session = i64::try_from(BASE + number)?;
        let set = "update sessions set cookie_hash = $1 where id = $2";
        let find = "select id from connections where session = $1 limit 1";
        let connection: Option<String> = match self {
            Self::File(file) => {
                sqlx::query(set).bind(hash).bind(session).execute(&mut *file).await?;
                sqlx::query_scalar(find).bind(session).fetch_optional(file).await?
            }
            Self::Server(server) => {
                sqlx::query(set).bind(hash).bind(session).execute(&mut *server).await?;
                sqlx::query_scalar(find).bind(session).fetch_optional(server).await?
            }
        };
        Ok(connection.map(|connection| Seeded { cookie, connection }))
    }

    /// Leaves it as a database that has been in use: what was written is in its place, and counted where
    /// that is done by itself.
    async fn settle(mut self) -> Result<(), Failure> {
        let last = match self {
            Self::File(_) => "pragma wal_checkpoint(truncate)",
            Self::Server(_) => "vacuum analyze",
        };
        self.execute(last).await?;
        match self {
            Self::File(file) => file.close().await?,
            Self::Server(server) => server.close().await?,
        }
        Ok(())
    }
}
