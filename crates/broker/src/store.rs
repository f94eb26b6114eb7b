//! Where sessions, authorizations, connections and grants are kept: SQLite through sqlx.
//!
//! Every statement of the broker stands in this folder; the rest asks in the words of the domain.
//! Tokens come in sealed, cookies and states come in hashed.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, SqlitePool};

mod arrivals;
mod authorizations;
mod connections;
mod disposal;
mod grants;
mod inspect;
mod leases;
mod orders;
mod probes;
mod revocations;
mod seal_keys;
mod sessions;
mod take_over;
mod unattended;

pub use arrivals::{HandedOut, NewConnection, Of};
pub use authorizations::{Authorization, Begun, Progress, Stage, Taken};
pub use connections::{ConnectionRow, Disconnected};
pub use disposal::Forget;
pub use grants::{Ended, GrantRow, Seal, Settled, StoredGrant};
pub use inspect::{Inspected, Schema};
pub use leases::{Lease, Leased};
pub use orders::{BegunOrder, NewOrder, OrderRow, OrderState};
pub use probes::ProbeFinding;
pub use revocations::{NewRevocation, Revocation};
pub use sessions::{Presented, SessionId};
pub use unattended::{Admission, UnattendedRead};

/// The store's own error; sqlx's, because every caller only logs it.
pub type StoreError = sqlx::Error;

/// SHA-256 of a cookie, a state or a token.
pub type Hash = [u8; 32];

/// A handle on the database; cheap to clone.
#[derive(Clone)]
pub struct Store {
    pool: SqlitePool,
    lock: Arc<Mutex<Option<File>>>,
}

/// Why the store does not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file cannot be made or read.
    #[error("{0}")]
    File(#[from] std::io::Error),
    /// Not a database of ours, or its schema cannot be brought up to date.
    #[error("{0}")]
    Database(#[from] StoreError),
    /// The schema cannot be brought up to date.
    #[error("{0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
}

impl Store {
    /// Opens or creates the file, for its owner alone, and brings its schema up to date. Several
    /// brokers of one machine may have it open; who comes first tidies up before the others see it.
    ///
    /// WAL with `synchronous = FULL`: a token that the bank gave us is on the disk before we say so.
    pub async fn open(file: &Path) -> Result<Self, OpenError> {
        let mut beside = file.as_os_str().to_owned();
        beside.push(".lock");
        let lock = private(Path::new(&beside))?;
        let alone = match lock.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => false,
            Err(TryLockError::Error(error)) => return Err(error.into()),
        };
        if !alone {
            lock.lock_shared()?; // until the first one has tidied up
        }
        // SQLite gives its -wal and -shm files the database's own mode, so that comes first
        drop(private(file)?);
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(std::time::Duration::from_secs(5));
        let pool = SqlitePoolOptions::new()
            .max_connections(8)
            // a file in this process does not go stale; asking first would double every question
            .test_before_acquire(false)
            // SQLite takes a transaction back by itself where the disk is full; the connection would count it as
            // open for ever
            .after_release(|connection, _| {
                Box::pin(std::future::ready(Ok(!connection.is_in_transaction())))
            })
            .connect_with(options)
            .await?;
        sqlx::migrate!().run(&pool).await?;
        let store = Self { pool, lock: Arc::new(Mutex::new(Some(lock))) };
        if alone {
            store.close_exchanges(i64::MAX).await?;
            store.share()?;
        }
        Ok(store)
    }

    /// Lets other brokers in.
    fn share(&self) -> std::io::Result<()> {
        let lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(file) = lock.as_ref() else { return Ok(()) };
        file.unlock()?;
        file.lock_shared()
    }

    /// Answers whether the database answers.
    pub async fn is_ready(&self) -> bool {
        sqlx::query("select 1").execute(&self.pool).await.is_ok()
    }

    /// Writes everything out and lets the file go.
    pub async fn close(&self) {
        self.pool.close().await;
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// Opens or creates a file that is its owner's business only.
fn private(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(file)
}

/// Scopes as they stand in a column.
fn join(scopes: &[String]) -> String {
    scopes.join(" ")
}

/// The opposite of [`join`].
fn split(column: &str) -> Vec<String> {
    column.split_whitespace().map(str::to_owned).collect()
}
