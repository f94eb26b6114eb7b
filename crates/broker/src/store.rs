//! Where sessions, authorizations, connections and grants are kept: SQLite for one machine, PostgreSQL for
//! many, through sqlx.
//!
//! Every statement of the broker stands in this folder; the rest asks in the words of the domain.
//! Tokens come in sealed, cookies and states come in hashed.

use std::fmt;
use std::path::PathBuf;

use engine::Pool;

use crate::secret::Secret;

mod arrivals;
mod authorizations;
mod connections;
mod disposal;
mod endings;
mod engine;
mod envelopes;
mod file;
mod freezes;
mod grants;
mod holder;
mod inspect;
mod leases;
mod orders;
mod probes;
mod receipts;
mod replies;
mod revocations;
mod schema;
mod seal_keys;
mod selection;
mod server;
mod sessions;
mod steps;
mod subjects;
mod take_over;
mod transact;
mod unattended;

pub use arrivals::{HandedOut, NewConnection, Of};
pub use authorizations::{Authorization, Begun, Progress, Stage, Taken};
pub use connections::ConnectionRow;
pub use disposal::{Forget, Remains};
pub use endings::Disconnected;
pub use envelopes::{Envelope, Owner, Sealed};
pub use freezes::Freeze;
pub use grants::{Ended, GrantRow, Seal, Settled, StoredGrant};
pub use inspect::Inspected;
pub use leases::{Lease, Leased};
pub use orders::{BegunOrder, NewOrder, OrderRow, OrderState};
pub use probes::ProbeFinding;
pub use receipts::{Cause, Ending, Outcome, ReceiptRow, Wanted};
pub use replies::{Renewed, Reply};
pub use revocations::{Asked, MOST_DUE, NewRevocation, Revocation};
pub use schema::Schema;
pub(crate) use seal_keys::{Agreed, Holder};
pub use seal_keys::{NotedKey, Retired};
pub use selection::{Counted, Selector};
pub use server::{Unsafe, check_url};
pub use sessions::{Presented, SessionId};
pub use subjects::Bound;
pub use unattended::{Admission, UnattendedRead};

/// The store's own error; sqlx's, because every caller only logs it.
pub type StoreError = sqlx::Error;

/// SHA-256 of a cookie, a state or a token.
pub type Hash = [u8; 32];

/// Where a store is.
#[derive(Clone)]
pub enum Place {
    /// A SQLite file, for brokers of one machine.
    File(PathBuf),
    /// A PostgreSQL database, for as many brokers as share it: its URL, which may hold a password.
    Server(Secret),
}

impl Place {
    /// The setting that names it.
    pub fn key(&self) -> &'static str {
        match self {
            Self::File(_) => "store.file",
            Self::Server(_) => "store.url_file",
        }
    }
}

/// As messages name it; never the URL.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => write!(f, "{} {}", self.key(), file.display()),
            Self::Server(_) => f.write_str(self.key()),
        }
    }
}

/// A handle on the database; cheap to clone.
#[derive(Clone)]
pub struct Store {
    pool: Pool,
    /// Of a file: that this process has it open.
    lock: Option<file::Lock>,
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
    /// The clocks are apart, so that leases would end too early or too late.
    #[error(
        "the clock of the database's machine is {0} seconds ahead of this machine's (behind where negative); \
         5 are the most: have both set by NTP"
    )]
    Skew(i64),
    /// The schema cannot be brought up to date.
    #[error("{0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
}

impl Store {
    /// Opens or creates it, and brings its schema up to date.
    pub async fn open(place: &Place) -> Result<Self, OpenError> {
        match place {
            Place::File(path) => file::open(path).await,
            Place::Server(url) => server::open(url).await,
        }
    }

    /// Answers whether the database answers.
    pub async fn is_ready(&self) -> bool {
        engine::query("select 1").execute(&self.pool).await.is_ok()
    }

    /// Writes everything out and lets the database go.
    pub async fn close(&self) {
        self.pool.close().await;
        if let Some(lock) = &self.lock {
            lock.let_go();
        }
    }
}

/// Scopes as they stand in a column.
fn join(scopes: &[String]) -> String {
    scopes.join(" ")
}

/// The opposite of [`join`].
fn split(column: &str) -> Vec<String> {
    column.split_whitespace().map(str::to_owned).collect()
}
