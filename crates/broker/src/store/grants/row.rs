//! A grant as a row has it, and what a judged reply puts into one.

use crate::store::StoreError;
use crate::store::engine::Row;
use crate::vault::Wrapped;

/// A grant as it is stored.
pub struct GrantRow {
    /// Opaque id.
    pub id: String,
    /// Which bank it is for.
    pub provider: String,
    /// The data key that the tokens are sealed under.
    pub key: Wrapped,
    /// The tokens in use, sealed.
    pub sealed: Option<Vec<u8>>,
    /// The version that they came with.
    pub sealed_version: i64,
    /// A raw reply nobody has looked at yet, sealed: a process died between storing and judging.
    pub unjudged: Option<Vec<u8>>,
    /// When the access token runs out; `None`: never.
    pub access_ends_at: Option<i64>,
    /// When to refresh, ahead of the end; `None`: never.
    pub refresh_at: Option<i64>,
    /// When the tokens were refreshed; `None`: they are the first.
    pub refreshed_at: Option<i64>,
    /// Whether there is a refresh token.
    pub refreshable: bool,
    /// Whether and why the bank accepts it no more.
    pub ended: Option<Ended>,
    /// Hash of a refresh token that was sent and has brought no usable answer yet.
    pub presented: Option<Vec<u8>>,
    /// For the next write.
    pub version: i64,
}

impl GrantRow {
    /// Of what is written next.
    pub fn next_version(&self) -> i64 {
        self.version + 1
    }
}

/// Why the bank accepts a grant no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The bank's own doing.
    ByBank = 1,
    /// A reply got lost that may have held the next refresh token.
    ReplyLost = 2,
}

/// What a judged reply becomes.
pub struct StoredGrant {
    /// The tokens, sealed.
    pub sealed: Vec<u8>,
    /// When the access token runs out; `None`: never.
    pub access_ends_at: Option<i64>,
    /// When to refresh, ahead of the end; `None`: never.
    pub refresh_at: Option<i64>,
    /// When the tokens were refreshed; `None`: they are the first.
    pub refreshed_at: Option<i64>,
    /// Whether there is a refresh token.
    pub refreshable: bool,
}

/// A macro, so that `concat!` keeps every statement a literal that sqlx can cache.
macro_rules! grant_columns {
    () => {
        "g.id, g.provider, g.sealed, g.unjudged, g.access_ends_at, g.refresh_at, \
         g.refreshed_at, g.refreshable, g.ended, g.presented, g.version, \
         g.kek, g.data_key, g.sealed_version"
    };
}
pub(in crate::store) use grant_columns;

pub(in crate::store) fn read(row: &Row, first: usize) -> Result<GrantRow, StoreError> {
    Ok(GrantRow {
        id: row.get(first)?,
        provider: row.get(first + 1)?,
        sealed: row.get(first + 2)?,
        unjudged: row.get(first + 3)?,
        access_ends_at: row.get(first + 4)?,
        refresh_at: row.get(first + 5)?,
        refreshed_at: row.get(first + 6)?,
        refreshable: row.get(first + 7)?,
        ended: match row.get::<i64>(first + 8)? {
            0 => None,
            2 => Some(Ended::ReplyLost),
            _ => Some(Ended::ByBank),
        },
        presented: row.get(first + 9)?,
        version: row.get(first + 10)?,
        key: Wrapped { kek: row.get(first + 11)?, data_key: row.get(first + 12)? },
        sealed_version: row.get(first + 13)?,
    })
}
