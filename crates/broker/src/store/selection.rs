//! Connections that an operator wants ended together: how many they are, and their end, some at a time.

use super::disposal::Forget;
use super::endings::{Disconnected, end};
use super::engine::query;
use super::receipts::{Cause, Ending};
use super::transact::transact;
use super::{Hash, SessionId, Store, StoreError};

/// What the connections have in common; those that wait for their cookie are among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selector {
    /// The app's user.
    Subject(String),
    /// The bank.
    Provider(String),
    /// SHA-256 of the client certificate under which their tokens were given or last renewed.
    Certificate(Hash),
    /// The key of the ring that their tokens are sealed under.
    Key(String),
    /// This one, and what is about to take its place.
    Connection(String),
}

/// How many of a bank there are.
pub struct Counted {
    /// The bank.
    pub provider: String,
    /// All of them.
    pub connections: i64,
    /// The app's users they belong to.
    pub subjects: i64,
    /// Those of which nobody has said whose they are.
    pub unbound: i64,
}

/// Macros for the reason `grant_columns!` is one.
macro_rules! counted {
    () => {
        "c.provider, count(*), count(distinct c.subject), count(*) - count(c.subject) \
         from connections c join grants g on g.id = c.grant_id where "
    };
}

macro_rules! by_provider {
    () => {
        " group by c.provider order by c.provider"
    };
}

macro_rules! some {
    () => {
        "c.id, c.session, c.grant_id from connections c \
         join grants g on g.id = c.grant_id where "
    };
}

impl Selector {
    /// How many there are.
    fn count(&self) -> &'static str {
        match self {
            Self::Subject(_) => concat!("select ", counted!(), "c.subject = $1", by_provider!()),
            Self::Provider(_) => concat!("select ", counted!(), "c.provider = $1", by_provider!()),
            Self::Certificate(_) => {
                concat!("select ", counted!(), "g.certificate = $1", by_provider!())
            }
            Self::Key(_) => concat!("select ", counted!(), "g.kek = $1", by_provider!()),
            Self::Connection(_) => {
                concat!("select ", counted!(), "(c.id = $1 or c.replaces = $1)", by_provider!())
            }
        }
    }

    /// Some of them.
    fn some(&self) -> &'static str {
        match self {
            Self::Subject(_) => concat!("select ", some!(), "c.subject = $1 limit $2"),
            Self::Provider(_) => concat!("select ", some!(), "c.provider = $1 limit $2"),
            Self::Certificate(_) => concat!("select ", some!(), "g.certificate = $1 limit $2"),
            Self::Key(_) => concat!("select ", some!(), "g.kek = $1 limit $2"),
            Self::Connection(_) => {
                concat!("select ", some!(), "(c.id = $1 or c.replaces = $1) limit $2")
            }
        }
    }

    /// What stands for `$1`.
    fn value(&self) -> super::engine::Value<'_> {
        match self {
            Self::Certificate(hash) => hash[..].into(),
            Self::Subject(text)
            | Self::Provider(text)
            | Self::Key(text)
            | Self::Connection(text) => text.into(),
        }
    }
}

impl Store {
    /// How many there are, by bank.
    pub async fn count_selected(&self, selector: &Selector) -> Result<Vec<Counted>, StoreError> {
        let rows = query(selector.count()).bind(selector.value());
        let rows = rows.fetch_all(&self.pool).await?;
        rows.iter()
            .map(|row| {
                let (provider, connections) = (row.get(0)?, row.get(1)?);
                Ok(Counted { provider, connections, subjects: row.get(2)?, unbound: row.get(3)? })
            })
            .collect()
    }

    /// Ends as many of them as there are ids for receipts, in one step; answers how many, and whether there may be more.
    /// What the banks have to forget is due at once.
    pub async fn end_selected(
        &self,
        selector: &Selector,
        receipts: &[String],
        at: i64,
        forget: Forget<'_>,
    ) -> Result<(usize, bool), StoreError> {
        let most = i64::try_from(receipts.len()).unwrap_or(i64::MAX);
        // not in the transaction, which calls under way would disturb; each is ended as it was read, or not at all
        let rows = query(selector.some()).bind(selector.value()).bind(most);
        let rows = rows.fetch_all(&self.pool).await?;
        transact!(self, |transaction| {
            let mut ended = 0;
            for (row, receipt) in rows.iter().zip(receipts) {
                let (id, session, grant): (String, i64, String) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                let ending = Ending { receipt, cause: Cause::Operator, at, next_at: 0 };
                let known = (&*id, SessionId(session), &*grant);
                // one that has gone with another of them, whose place it was about to take, has no end of its own
                match end(&mut *transaction, known, &ending, forget).await? {
                    Disconnected::NotThere => {}
                    Disconnected::Shared | Disconnected::Last(_) => ended += 1,
                }
            }
            Ok((ended, rows.len() == receipts.len()))
        })
    }
}
