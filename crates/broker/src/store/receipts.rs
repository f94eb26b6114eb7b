//! Receipts: what stays of a connection that has ended, and what became of its tokens at the bank.
//!
//! A receipt is written in the transaction that ends the connection. It refers to the grant, so that whatever is
//! still found of its tokens, a late refresh even, is told in it.

use super::engine::{Row, Transaction, query};
use super::{Hash, SessionId, Store, StoreError, split};

mod page;

pub use page::Wanted;

/// Who ended a connection, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The person disconnected.
    Disconnected,
    /// The person connected anew; another connection has its place.
    Renewed,
    /// The session ended that could reach it.
    SessionEnded,
    /// Its cookie never came to be shown: nobody could reach it.
    NeverShown,
    /// An operator ended it.
    Operator,
}

const CAUSES: [(Cause, &str); 5] = [
    (Cause::Disconnected, "disconnected"),
    (Cause::Renewed, "renewed"),
    (Cause::SessionEnded, "session_ended"),
    (Cause::NeverShown, "never_shown"),
    (Cause::Operator, "operator"),
];

impl Cause {
    /// As it stands in the column.
    fn word(self) -> &'static str {
        CAUSES.iter().find(|(cause, _)| *cause == self).map_or("", |(_, word)| word)
    }

    fn of(word: &str) -> Self {
        CAUSES.iter().find(|(_, known)| *known == word).map_or(Self::Operator, |(cause, _)| *cause)
    }
}

/// What became of tokens at the bank, from the best to the weakest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The bank has forgotten them.
    Revoked = 0,
    /// It offers no revocation.
    NotOffered = 1,
    /// It was not asked: another connection lives on them.
    Shared = 2,
    /// It was asked in vain, or the tokens do not open any more.
    GivenUp = 3,
}

/// The end of a connection, to be written down.
pub struct Ending<'a> {
    /// The receipt's id.
    pub receipt: &'a str,
    /// Who, and why.
    pub cause: Cause,
    /// When, in seconds since 1970.
    pub at: i64,
    /// When the queue first asks the bank.
    pub next_at: i64,
}

/// A receipt. Times are seconds since 1970.
pub struct ReceiptRow {
    /// Opaque id.
    pub id: String,
    /// The id that the connection had.
    pub connection: String,
    /// Which bank.
    pub provider: String,
    /// What the bank had granted.
    pub scopes: Vec<String>,
    /// The app's user.
    pub subject: Option<String>,
    /// When it began.
    pub connected_at: i64,
    /// When it ended here.
    pub disconnected_at: i64,
    /// Who ended it, and why.
    pub cause: Cause,
    /// How often the bank was asked.
    pub tries: i64,
    /// `None`: the bank has yet to answer.
    pub outcome: Option<Outcome>,
    /// When the bank last said that it has forgotten tokens.
    pub acknowledged_at: Option<i64>,
    /// SHA-256 of the bank's last reply.
    pub answer: Option<Vec<u8>>,
}

/// Writes the receipt of a connection that is still there; false where it is not, as it was read.
pub(super) async fn write(
    transaction: &mut Transaction,
    ending: &Ending<'_>,
    connection: &str,
    session: SessionId,
    grant: &str,
) -> Result<bool, StoreError> {
    let written = query(
        "insert into receipts (id, connection, session, provider, scopes, subject, grant_id, \
         connected_at, disconnected_at, cause) \
         select $1, id, session, provider, scopes, subject, grant_id, connected_at, $2, $3 \
         from connections where id = $4 and session = $5 and grant_id = $6",
    )
    .bind(ending.receipt)
    .bind(ending.at)
    .bind(ending.cause.word())
    .bind(connection)
    .bind(session.0)
    .bind(grant)
    .execute(transaction)
    .await?;
    Ok(written == 1)
}

/// Another connection lives on the tokens.
pub(super) async fn note_shared(
    transaction: &mut Transaction,
    receipt: &str,
) -> Result<(), StoreError> {
    query("update receipts set outcome = $1 where id = $2")
        .bind(Outcome::Shared as i64)
        .bind(receipt)
        .execute(transaction)
        .await?;
    Ok(())
}

/// The receipt that tells of a grant's tokens: of several the one that says nothing of them yet, or else the newest.
pub(super) async fn of_grant(
    transaction: &mut Transaction,
    grant: &str,
) -> Result<Option<String>, StoreError> {
    let row = query(
        "select id from receipts where grant_id = $1 \
         order by case when outcome is null then 0 else 1 end, disconnected_at desc, id limit 1",
    )
    .bind(grant)
    .fetch_optional(transaction)
    .await?;
    row.map(|row| row.get(0)).transpose()
}

/// Writes down what became of a grant's tokens where nothing is known yet, or they lived on with another connection.
pub(super) async fn conclude(
    transaction: &mut Transaction,
    grant: &str,
    outcome: Outcome,
) -> Result<(), StoreError> {
    query(
        "update receipts set outcome = $1 where grant_id = $2 \
         and (outcome is null or outcome = $3 and $1 <> $3)",
    )
    .bind(outcome as i64)
    .bind(grant)
    .bind(Outcome::Shared as i64)
    .execute(transaction)
    .await?;
    Ok(())
}

/// The tokens that connections ended before had left to another one have gone with that: what became of them there is
/// theirs, too.
pub(super) async fn share(
    transaction: &mut Transaction,
    receipt: &str,
    outcome: Outcome,
    acknowledged_at: Option<i64>,
) -> Result<(), StoreError> {
    query(
        "update receipts set outcome = $2, acknowledged_at = $3 where outcome = $4 and id <> $1 \
         and grant_id = (select last.grant_id from receipts last where last.id = $1)",
    )
    .bind(receipt)
    .bind(outcome as i64)
    .bind(acknowledged_at)
    .bind(Outcome::Shared as i64)
    .execute(transaction)
    .await?;
    Ok(())
}

/// The bank has handed tokens of this fingerprint out again: what waited to be revoked is in use.
pub(super) async fn note_in_use(
    transaction: &mut Transaction,
    provider: &str,
    fingerprint: &Hash,
) -> Result<(), StoreError> {
    query(
        "update receipts set outcome = case when outcome > $1 then outcome else $1 end \
         where id in (select receipt from revocations where provider = $2 and fingerprint = $3)",
    )
    .bind(Outcome::Shared as i64)
    .bind(provider)
    .bind(&fingerprint[..])
    .execute(transaction)
    .await?;
    Ok(())
}

/// A macro for the reason `grant_columns!` is one.
macro_rules! receipts {
    () => {
        "r.id, r.connection, r.provider, r.scopes, r.subject, r.connected_at, \
         r.disconnected_at, r.cause, r.tries, r.outcome, r.acknowledged_at, r.answer, \
         exists (select 1 from revocations v where v.receipt = r.id) from receipts r "
    };
}
use receipts;

fn read(row: &Row) -> Result<ReceiptRow, StoreError> {
    let waits: bool = row.get(12)?;
    let outcome = row.get::<Option<i64>>(9)?.filter(|_| !waits);
    Ok(ReceiptRow {
        id: row.get(0)?,
        connection: row.get(1)?,
        provider: row.get(2)?,
        scopes: split(&row.get::<String>(3)?),
        subject: row.get(4)?,
        connected_at: row.get(5)?,
        disconnected_at: row.get(6)?,
        cause: Cause::of(&row.get::<String>(7)?),
        tries: row.get(8)?,
        outcome: outcome.map(|outcome| match outcome {
            0 => Outcome::Revoked,
            1 => Outcome::NotOffered,
            2 => Outcome::Shared,
            _ => Outcome::GivenUp,
        }),
        acknowledged_at: row.get(10)?,
        answer: row.get(11)?,
    })
}

impl Store {
    /// A receipt by its id, whoever it belongs to.
    pub async fn receipt(&self, id: &str) -> Result<Option<ReceiptRow>, StoreError> {
        let row = query(concat!("select ", receipts!(), "where r.id = $1"))
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// A receipt of a session.
    pub async fn receipt_of(
        &self,
        session: SessionId,
        id: &str,
    ) -> Result<Option<ReceiptRow>, StoreError> {
        let row = query(concat!("select ", receipts!(), "where r.id = $1 and r.session = $2"))
            .bind(id)
            .bind(session.0)
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(read).transpose()
    }

    /// The receipts of a session, newest first.
    pub async fn receipts_of(&self, session: SessionId) -> Result<Vec<ReceiptRow>, StoreError> {
        let rows = query(concat!(
            "select ",
            receipts!(),
            "where r.session = $1 order by r.disconnected_at desc, r.id limit 100"
        ))
        .bind(session.0)
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(read).collect()
    }

    /// Forgets receipts of connections that ended before a time; not while a bank is still asked.
    pub async fn forget_receipts(&self, before: i64) -> Result<(), StoreError> {
        query(
            "delete from receipts where id in (select r.id from receipts r \
             where r.disconnected_at < $1 and not exists \
             (select 1 from revocations v where v.receipt = r.id) \
             order by r.disconnected_at limit 1000)",
        )
        .bind(before)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
