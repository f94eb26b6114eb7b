//! Orders by their `Idempotency-Key` (requirement P27): who takes a key first sends the order, at all
//! brokers of a store together.

use super::engine::{On, Row, Transaction, query};
use super::envelopes::{self, Sealed};
use super::transact::transact;
use super::{Hash, Store, StoreError};

/// An order about to be sent.
pub struct NewOrder<'a> {
    /// Whose it is.
    pub connection: &'a str,
    /// The page's name for it.
    pub key: &'a str,
    /// The resource's template.
    pub path: &'a str,
    /// Of method, path and body, by the store's lookup key.
    pub request: Hash,
    /// The call that sends it.
    pub attempt: &'a str,
    /// Seconds since 1970.
    pub begun_at: i64,
    /// When no answer can come any more.
    pub lost_at: i64,
}

/// An order as it is kept.
pub struct OrderRow {
    /// The page's name for it.
    pub key: String,
    /// The resource's template.
    pub path: String,
    /// Of method, path and body, by the store's lookup key.
    pub request: Hash,
    /// The call that sent it.
    pub attempt: String,
    /// Seconds since 1970.
    pub begun_at: i64,
    /// The bank's answer, and the data key that it is sealed under.
    pub sealed: Option<Sealed>,
    lost_at: i64,
    state: OrderState,
}

/// What is known of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderState {
    /// It may be on its way.
    InFlight,
    /// The bank has taken it.
    Answered,
    /// The bank has refused it.
    Refused,
    /// The bank's answer got lost.
    Unknown,
}

impl OrderState {
    fn number(self) -> i64 {
        match self {
            Self::InFlight => 0,
            Self::Answered => 1,
            Self::Refused => 2,
            Self::Unknown => 3,
        }
    }

    /// What no version of ours has written is nothing to build on.
    fn of_number(number: i64) -> Self {
        match number {
            0 => Self::InFlight,
            1 => Self::Answered,
            2 => Self::Refused,
            _ => Self::Unknown,
        }
    }
}

impl OrderRow {
    /// What is known of it now: whoever had it in flight may have died at it.
    pub fn state_at(&self, now: i64) -> OrderState {
        match self.state {
            OrderState::InFlight if self.lost_at <= now => OrderState::Unknown,
            state => state,
        }
    }
}

/// Orders of one connection that are kept at a time: months of a busy person.
const MOST: i64 = 200;

/// What came of taking a key.
pub enum BegunOrder {
    /// It is ours: the order may be sent.
    Begun,
    /// It is taken.
    There(Box<OrderRow>),
    /// The connection is gone.
    NoConnection,
    /// It has [`MOST`] orders already.
    TooMany,
}

/// A macro for the reason `grant_columns!` is one.
macro_rules! columns {
    () => {
        "key, path, request, attempt, begun_at, lost_at, state, sealed, kek, data_key"
    };
}

fn read(row: &Row) -> Result<OrderRow, StoreError> {
    let request: Vec<u8> = row.get(2)?;
    Ok(OrderRow {
        key: row.get(0)?,
        path: row.get(1)?,
        request: request.try_into().map_err(|_| StoreError::RowNotFound)?,
        attempt: row.get(3)?,
        begun_at: row.get(4)?,
        lost_at: row.get(5)?,
        state: OrderState::of_number(row.get(6)?),
        sealed: envelopes::read(row, 7)?,
    })
}

impl Store {
    /// One order of a connection, begun after `since`.
    pub async fn order(
        &self,
        connection: &str,
        key: &str,
        since: i64,
    ) -> Result<Option<OrderRow>, StoreError> {
        one(&self.pool, connection, key, since).await
    }

    /// The orders of a connection begun after `since`, newest first, at most 50; refused ones, which are of
    /// least use, after all others.
    pub async fn orders(&self, connection: &str, since: i64) -> Result<Vec<OrderRow>, StoreError> {
        let rows = query(concat!(
            "select ",
            columns!(),
            " from orders where connection = $1 and begun_at > $2 \
             order by state = 2, id desc limit 50"
        ))
        .bind(connection)
        .bind(since)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }

    /// Takes a key for an order that is about to be sent, unless it is taken since `since`.
    pub async fn begin_order(
        &self,
        new: &NewOrder<'_>,
        since: i64,
    ) -> Result<BegunOrder, StoreError> {
        transact!(self, |transaction| {
            if let Some(row) = one(&mut *transaction, new.connection, new.key, since).await? {
                return Ok(BegunOrder::There(Box::new(row)));
            }
            query("delete from orders where connection = $1 and key = $2") // too old to count
                .bind(new.connection)
                .bind(new.key)
                .execute(&mut *transaction)
                .await?;
            if count(&mut *transaction, new.connection).await? >= MOST {
                return Ok(BegunOrder::TooMany);
            }
            let begun = insert(&mut *transaction, new).await?;
            Ok(if begun { BegunOrder::Begun } else { BegunOrder::NoConnection })
        })
    }

    /// Keeps what came of a call; nothing where the order is no longer that call's, or is gone.
    pub async fn end_order(
        &self,
        (connection, key, attempt): (&str, &str, &str),
        state: OrderState,
        answer: Option<&Sealed>,
    ) -> Result<(), StoreError> {
        query(
            "update orders set state = $1, sealed = $2, kek = $3, data_key = $4 \
             where connection = $5 and key = $6 and attempt = $7",
        )
        .bind(state.number())
        .bind(answer.map(|answer| &answer.record[..]))
        .bind(answer.map(|answer| &*answer.key.kek))
        .bind(answer.map(|answer| &answer.key.data_key[..]))
        .bind(connection)
        .bind(key)
        .bind(attempt)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Frees the key of an order that has certainly not arrived.
    pub async fn free_order(
        &self,
        (connection, key, attempt): (&str, &str, &str),
    ) -> Result<(), StoreError> {
        query("delete from orders where connection = $1 and key = $2 and attempt = $3")
            .bind(connection)
            .bind(key)
            .bind(attempt)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Forgets an order that is not in flight now; false if there is none.
    pub async fn forget_order(
        &self,
        connection: &str,
        key: &str,
        now: i64,
    ) -> Result<bool, StoreError> {
        let gone = query(
            "delete from orders where connection = $1 and key = $2 and (state <> 0 or lost_at <= $3)",
        )
        .bind(connection)
        .bind(key)
        .bind(now)
        .execute(&self.pool)
        .await?;
        Ok(gone == 1)
    }

    /// Forgets orders begun before a time; with its connection an order goes at once ([`Store::disconnect`]).
    pub async fn forget_orders(&self, before: i64) -> Result<(), StoreError> {
        let orders = "delete from orders where id in \
                      (select id from orders where begun_at <= $1 order by begun_at limit $2)";
        self.in_steps(orders, before).await
    }
}

async fn one<'a>(
    on: impl Into<On<'a>>,
    connection: &str,
    key: &str,
    since: i64,
) -> Result<Option<OrderRow>, StoreError> {
    let row = query(concat!(
        "select ",
        columns!(),
        " from orders where connection = $1 and key = $2 and begun_at > $3"
    ))
    .bind(connection)
    .bind(key)
    .bind(since)
    .fetch_optional(on)
    .await?;
    row.as_ref().map(read).transpose()
}

async fn count(transaction: &mut Transaction, connection: &str) -> Result<i64, StoreError> {
    let count = "select count(*) from orders where connection = $1";
    query(count).bind(connection).fetch_one(transaction).await?.get(0)
}

/// False where there is no such connection.
async fn insert(transaction: &mut Transaction, new: &NewOrder<'_>) -> Result<bool, StoreError> {
    let done = query(
        "insert into orders (connection, key, path, request, attempt, begun_at, lost_at) \
         select id, $1, $2, $3, $4, $5, $6 from connections where id = $7",
    )
    .bind(new.key)
    .bind(new.path)
    .bind(&new.request[..])
    .bind(new.attempt)
    .bind(new.begun_at)
    .bind(new.lost_at)
    .bind(new.connection)
    .execute(transaction)
    .await?;
    Ok(done == 1)
}
