//! Which keys of the ring records are sealed under, and which broker's ring has which: so that a broker with the
//! wrong ring does not start, no key seals that another broker cannot open, and none is retired that is needed.

use super::engine::{Pool, Transaction, query};
use super::transact::transact;
use super::{Store, StoreError, envelopes};
use crate::error::Error;
use crate::vault::{VaultError, Wrapped};

/// Whether a ring holds the key of an id that a sample was made with.
pub(crate) type Fits<'a> = &'a (dyn Fn(&str, &[u8]) -> Result<(), VaultError> + Sync);

/// A broker, and the ring it has.
pub(crate) struct Holder<'a> {
    /// The broker's id.
    pub(crate) broker: &'a str,
    /// The ids of its keys.
    pub(crate) keys: &'a [&'a str],
    /// The key that its ring is to seal with.
    pub(crate) active: &'a str,
    /// Made with that key.
    pub(crate) sample: &'a [u8],
    /// Now, and until when others count on it; seconds since 1970.
    pub(crate) alive: (i64, i64),
}

/// What brokers of one store agree on.
pub(crate) struct Agreed {
    /// The key that seals.
    pub(crate) sealing: String,
    /// How many brokers lack the key that the ring is to seal with.
    pub(crate) waits_for: usize,
    /// Whether this broker is the one that wraps data keys anew.
    pub(crate) leads: bool,
}

/// A key as the store knows it.
pub struct NotedKey {
    /// Its id.
    pub id: String,
    /// To know it again by.
    pub sample: Vec<u8>,
    /// When a broker last said that it seals with it.
    pub sealed_at: Option<i64>,
    /// Whether it was retired.
    pub retired: bool,
    /// How many records are under it.
    pub records: i64,
}

/// What came of retiring a key.
pub enum Retired {
    /// Nothing will ever need it again.
    Yes,
    /// It is the key that seals.
    Seals,
    /// A broker sealed with it a moment ago, and may have a record on its way; not before this second.
    NotBefore(i64),
    /// So many records are under it.
    Needed(i64),
}

/// Seconds that a record may be on its way to the store: longer than a reply of a bank is held (`grant.rs`).
const ON_ITS_WAY: i64 = 900;

impl Store {
    /// Says that a broker lives and which keys it has, and answers what seals: the newest key that any broker
    /// has sealed with, or this broker's active one where every other has it too. A key is noted before
    /// anything is sealed under it. In one step: two brokers with different rings do not both begin.
    pub(crate) async fn agree_on_keys(
        &self,
        holder: &Holder<'_>,
        fits: Fits<'_>,
    ) -> Result<Agreed, Error> {
        let (now, until) = holder.alive;
        transact!(self, |transaction| {
            let noted = query(
                "select id, sample, retired_at is not null, number from seal_keys order by number",
            );
            let (mut last, mut highest, mut known) = (None, 0, false);
            for row in noted.fetch_all(&mut *transaction).await? {
                let (id, retired): (String, bool) = (row.get(0)?, row.get(2)?);
                highest = row.get::<i64>(3)?;
                if retired && id == holder.active {
                    return Err(VaultError::RetiredKey { key: id }.into());
                }
                known |= id == holder.active;
                if !retired {
                    fits(&id, &row.get::<Vec<u8>>(1)?)?;
                    last = Some(id);
                }
            }
            say(&mut *transaction, holder.broker, &holder.keys.join(" "), until).await?;
            let (leads, lacking) = others(&mut *transaction, holder, now).await?;
            let sealing = match last {
                Some(last) if known || lacking > 0 => last,
                _ => {
                    note(&mut *transaction, holder, highest + 1).await?;
                    holder.active.to_owned()
                }
            };
            query("update seal_keys set sealed_at = $1 where id = $2")
                .bind(now)
                .bind(&sealing)
                .execute(&mut *transaction)
                .await?;
            let waits_for = if known { 0 } else { lacking };
            Ok(Agreed { sealing, waits_for, leads })
        })
    }

    /// Says that a broker is about to stop.
    pub(crate) async fn forget_broker(&self, id: &str) -> Result<(), StoreError> {
        query("delete from brokers where id = $1").bind(id).execute(&self.pool).await?;
        Ok(())
    }

    /// Has nothing be sealed under a key any more, if nothing is. `lives`: seconds between two words of a broker at
    /// the most; until the next it may have sealed as before.
    pub async fn retire_key(&self, id: &str, lives: i64, now: i64) -> Result<Retired, StoreError> {
        transact!(self, |transaction| {
            let row = query(
                "select sealed_at, number = (select max(number) from seal_keys) from seal_keys where id = $1",
            )
            .bind(id)
            .fetch_optional(&mut *transaction)
            .await?;
            let Some(row) = row else {
                // nothing ever was, and nothing will be, whoever still has it
                bury(&mut *transaction, id, now).await?;
                return Ok(Retired::Yes);
            };
            if row.get(1)? {
                return Ok(Retired::Seals);
            }
            let not_before = row.get::<Option<i64>>(0)?.unwrap_or(0) + ON_ITS_WAY + lives;
            if now < not_before {
                return Ok(Retired::NotBefore(not_before));
            }
            let records = envelopes::count(&mut *transaction, id).await?;
            if records > 0 {
                return Ok(Retired::Needed(records));
            }
            query("update seal_keys set retired_at = $1 where id = $2 and retired_at is null")
                .bind(now)
                .bind(id)
                .execute(&mut *transaction)
                .await?;
            Ok(Retired::Yes)
        })
    }

    /// A secret of the store; `new` is kept where there is none yet.
    pub(crate) async fn secret(&self, name: &str, new: &Wrapped) -> Result<Wrapped, StoreError> {
        query(
            "insert into secrets (name, kek, data_key) values ($1, $2, $3) on conflict (name) do nothing",
        )
        .bind(name)
        .bind(&new.kek)
        .bind(&new.data_key)
        .execute(&self.pool)
        .await?;
        let row = query("select kek, data_key from secrets where name = $1");
        let row = row.bind(name).fetch_one(&self.pool).await?;
        Ok(Wrapped { kek: row.get(0)?, data_key: row.get(1)? })
    }
}

/// All keys that the store knows, the oldest first.
pub(super) async fn all(pool: &Pool) -> Result<Vec<NotedKey>, StoreError> {
    let rows = query(
        "select id, sample, sealed_at, retired_at is not null from seal_keys order by number",
    );
    let mut keys = Vec::new();
    for row in rows.fetch_all(pool).await? {
        let id: String = row.get(0)?;
        let records = envelopes::count_now(pool, &id).await?;
        let (sample, sealed_at, retired) = (row.get(1)?, row.get(2)?, row.get(3)?);
        keys.push(NotedKey { id, sample, sealed_at, retired, records });
    }
    Ok(keys)
}

async fn say(
    transaction: &mut Transaction,
    broker: &str,
    keys: &str,
    until: i64,
) -> Result<(), StoreError> {
    query(
        "insert into brokers (id, keys, alive_until) values ($1, $2, $3) on conflict (id) do update set \
         keys = excluded.keys, alive_until = excluded.alive_until",
    )
    .bind(broker)
    .bind(keys)
    .bind(until)
    .execute(transaction)
    .await?;
    Ok(())
}

/// Whether this broker's id is the lowest of those that live, and how many of them lack its active key. Those
/// that are gone go.
async fn others(
    transaction: &mut Transaction,
    holder: &Holder<'_>,
    now: i64,
) -> Result<(bool, usize), StoreError> {
    query("delete from brokers where alive_until < $1")
        .bind(now)
        .execute(&mut *transaction)
        .await?;
    let (mut leads, mut lacking) = (true, 0);
    for row in query("select id, keys from brokers").fetch_all(&mut *transaction).await? {
        let (id, keys): (String, String) = (row.get(0)?, row.get(1)?);
        leads &= &*id >= holder.broker;
        lacking += usize::from(!keys.split(' ').any(|key| key == holder.active));
    }
    Ok((leads, lacking))
}

async fn note(
    transaction: &mut Transaction,
    holder: &Holder<'_>,
    number: i64,
) -> Result<(), StoreError> {
    query("insert into seal_keys (id, sample, number) values ($1, $2, $3)")
        .bind(holder.active)
        .bind(holder.sample)
        .bind(number)
        .execute(transaction)
        .await?;
    Ok(())
}

/// Notes a key that never sealed as retired; it opens nothing, so there is nothing to know it again by.
async fn bury(transaction: &mut Transaction, id: &str, now: i64) -> Result<(), StoreError> {
    query("insert into seal_keys (id, sample, number, retired_at) values ($1, $2, 0, $3)")
        .bind(id)
        .bind(&b""[..])
        .bind(now)
        .execute(transaction)
        .await?;
    Ok(())
}
