//! Receipts for an auditor: by time, and by whom and what they are about, page by page.

use super::super::engine::query;
use super::super::{Store, StoreError};
use super::{ReceiptRow, read, receipts};

/// How many a page has.
const MOST: usize = 100;

/// Which receipts; all of it has to fit.
#[derive(Default)]
pub struct Wanted<'a> {
    /// The app's user.
    pub subject: Option<&'a str>,
    /// Which bank.
    pub provider: Option<&'a str>,
    /// The id that the connection had.
    pub connection: Option<&'a str>,
    /// Ended then or later.
    pub since: i64,
    /// Ended earlier.
    pub until: i64,
    /// Those behind this one: its time and id.
    pub after: (i64, &'a str),
}

impl Store {
    /// A page of receipts, oldest first, and whether there are more behind it.
    pub async fn receipts(
        &self,
        wanted: &Wanted<'_>,
    ) -> Result<(Vec<ReceiptRow>, bool), StoreError> {
        let Wanted { subject, provider, connection, since, until, after } = *wanted;
        let rows = query(statement(wanted))
            .bind(subject)
            .bind(provider)
            .bind(connection)
            .bind(since)
            .bind(until)
            .bind(after.0)
            .bind(after.1)
            .fetch_all(&self.pool)
            .await?;
        let found = rows.iter().take(MOST).map(read).collect::<Result<_, _>>()?;
        Ok((found, rows.len() > MOST))
    }
}

/// A macro for the reason `grant_columns!` is one.
macro_rules! rest {
    () => {
        " and (cast($2 as text) is null or r.provider = $2) and (cast($3 as text) is null or r.connection = $3) \
         and r.disconnected_at >= $4 and r.disconnected_at < $5 \
         and (r.disconnected_at, r.id) > ($6, $7) order by r.disconnected_at, r.id limit 101"
    };
}

/// Each with a condition that an index serves.
fn statement(wanted: &Wanted<'_>) -> &'static str {
    match (wanted.connection, wanted.subject, wanted.provider) {
        (Some(_), ..) => concat!(
            "select ",
            receipts!(),
            "where r.connection = $3 and (cast($1 as text) is null or r.subject = $1)",
            rest!()
        ),
        (None, Some(_), _) => concat!("select ", receipts!(), "where r.subject = $1", rest!()),
        (None, None, Some(_)) => {
            concat!(
                "select ",
                receipts!(),
                "where r.provider = $2 and cast($1 as text) is null",
                rest!()
            )
        }
        (None, None, None) => {
            concat!("select ", receipts!(), "where cast($1 as text) is null", rest!())
        }
    }
}
