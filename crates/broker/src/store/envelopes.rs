//! Which key of the ring wraps which data keys: found by index, counted, and wrapped anew (requirement T03).

use super::engine::{On, Row, Transaction, query};
use super::transact::transact;
use super::{Hash, Store, StoreError};
use crate::vault::Wrapped;

/// A sealed record, and the data key that it is sealed under.
pub struct Sealed {
    /// The data key.
    pub key: Wrapped,
    /// The record.
    pub record: Vec<u8>,
}

/// One that need not be there, from the columns `sealed`, `kek` and `data_key`.
pub(super) fn read(row: &Row, first: usize) -> Result<Option<Sealed>, StoreError> {
    let (record, kek, data_key) = (row.get(first)?, row.get(first + 1)?, row.get(first + 2)?);
    Ok(match (record, kek, data_key) {
        (Some(record), Some(kek), Some(data_key)) => {
            Some(Sealed { key: Wrapped { kek, data_key }, record })
        }
        _ => None,
    })
}

/// A row with a data key.
pub struct Envelope {
    /// What it is.
    pub owner: Owner,
    /// Its data key.
    pub key: Wrapped,
}

/// What a data key belongs to, and is bound to.
pub enum Owner {
    /// A grant: provider and id.
    Grant(String, String),
    /// A revocation: number, provider and fingerprint.
    Revocation(i64, String, Hash),
    /// An order: number, connection, key and attempt.
    Order(i64, String, String, String),
    /// A secret of the store: its name.
    Secret(String),
}

/// How many are looked for at a time.
const BATCH: usize = 100;

const COUNTS: [&str; 4] = [
    "select count(*) from grants where kek = $1",
    "select count(*) from revocations where kek = $1",
    "select count(*) from orders where kek = $1",
    "select count(*) from secrets where kek = $1",
];

impl Store {
    /// Some of the rows whose data keys are wrapped by a key of the ring, none if there are none.
    pub async fn envelopes(&self, kek: &str) -> Result<Vec<Envelope>, StoreError> {
        let mut found = Vec::new();
        for (statement, read) in LISTS {
            let rows = query(statement).bind(kek).fetch_all(&self.pool).await?;
            for row in &rows {
                let key = Wrapped { kek: kek.to_owned(), data_key: row.get(0)? };
                found.push(Envelope { owner: read(row)?, key });
            }
            if found.len() >= BATCH {
                break;
            }
        }
        Ok(found)
    }

    /// Puts data keys in the place of those they were made from, all in one step. Rows whose keys are others by
    /// now stay as they are. The records themselves are not touched, nor are versions.
    pub async fn rewrap(&self, anew: &[(Envelope, Wrapped)]) -> Result<(), StoreError> {
        transact!(self, |transaction| {
            for (before, after) in anew {
                replace(&mut *transaction, before, after).await?;
            }
            Ok(())
        })
    }
}

/// How many data keys a key of the ring wraps.
pub(super) async fn count(transaction: &mut Transaction, kek: &str) -> Result<i64, StoreError> {
    let mut all = 0;
    for statement in COUNTS {
        all += number(&mut *transaction, statement, kek).await?;
    }
    Ok(all)
}

/// The same, for a look.
pub(super) async fn count_now(on: &super::engine::Pool, kek: &str) -> Result<i64, StoreError> {
    let mut all = 0;
    for statement in COUNTS {
        all += number(on, statement, kek).await?;
    }
    Ok(all)
}

async fn number<'a>(
    on: impl Into<On<'a>>,
    statement: &'static str,
    kek: &str,
) -> Result<i64, StoreError> {
    query(statement).bind(kek).fetch_one(on).await?.get(0)
}

type Read = fn(&Row) -> Result<Owner, StoreError>;

const LISTS: [(&str, Read); 4] = [
    ("select data_key, provider, id from grants where kek = $1 limit 100", |row| {
        Ok(Owner::Grant(row.get(1)?, row.get(2)?))
    }),
    (
        "select data_key, id, provider, fingerprint from revocations where kek = $1 limit 100",
        |row| {
            let fingerprint: Vec<u8> = row.get(3)?;
            Ok(Owner::Revocation(
                row.get(1)?,
                row.get(2)?,
                fingerprint.try_into().unwrap_or_default(),
            ))
        },
    ),
    ("select data_key, id, connection, key, attempt from orders where kek = $1 limit 100", |row| {
        Ok(Owner::Order(row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
    }),
    ("select data_key, name from secrets where kek = $1 limit 100", |row| {
        Ok(Owner::Secret(row.get(1)?))
    }),
];

async fn replace(
    transaction: &mut Transaction,
    before: &Envelope,
    after: &Wrapped,
) -> Result<(), StoreError> {
    let statement = match &before.owner {
        Owner::Grant(..) => {
            "update grants set kek = $1, data_key = $2 where id = $3 and data_key = $4"
        }
        Owner::Revocation(..) => {
            "update revocations set kek = $1, data_key = $2 where id = $3 and data_key = $4"
        }
        Owner::Order(..) => {
            "update orders set kek = $1, data_key = $2 where id = $3 and data_key = $4"
        }
        Owner::Secret(_) => {
            "update secrets set kek = $1, data_key = $2 where name = $3 and data_key = $4"
        }
    };
    let set = query(statement).bind(&after.kek).bind(&after.data_key);
    let set = match &before.owner {
        Owner::Grant(_, id) | Owner::Secret(id) => set.bind(id),
        Owner::Revocation(id, ..) | Owner::Order(id, ..) => set.bind(*id),
    };
    set.bind(&before.key.data_key).execute(transaction).await?;
    Ok(())
}
