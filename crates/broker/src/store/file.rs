//! A store in a SQLite file, for its owner alone.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use super::engine::Pool;
use super::{OpenError, Store, schema};

/// Held, as shared, by every broker that has the file open.
#[derive(Clone)]
pub(super) struct Lock(Arc<Mutex<Option<File>>>);

impl Lock {
    /// Lets other brokers in.
    fn share(&self) -> std::io::Result<()> {
        let lock = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(file) = lock.as_ref() else { return Ok(()) };
        file.unlock()?;
        file.lock_shared()
    }

    pub(super) fn let_go(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// Opens or creates the file, for its owner alone, and brings its schema up to date. Several
/// brokers of one machine may have it open; who comes first tidies up before the others see it.
///
/// WAL with `synchronous = FULL`: a token that the bank gave us is on the disk before we say so.
pub(super) async fn open(path: &Path) -> Result<Store, OpenError> {
    let mut beside = path.as_os_str().to_owned();
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
    drop(private(path)?);
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // what is deleted is overwritten: a data key that is gone does not lie about in the file (T18)
        .pragma("secure_delete", "on")
        .busy_timeout(Duration::from_secs(5));
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
    schema::of_files().run(&pool).await?;
    let lock = Lock(Arc::new(Mutex::new(Some(lock))));
    let store = Store { pool: Pool::Sqlite(pool), lock: Some(lock.clone()) };
    if alone {
        store.close_exchanges(i64::MAX).await?;
        lock.share()?;
    }
    Ok(store)
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
