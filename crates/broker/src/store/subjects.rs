//! Whose a connection is to the app: the app's own user id, bound by its backend.

use super::connections::{columns, read};
use super::engine::query;
use super::grants::grant_columns;
use super::transact::transact;
use super::{ConnectionRow, Store, StoreError};

/// What came of binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// It is bound, now or since before.
    Yes,
    /// To somebody else, since before.
    Other,
    /// There is no such connection.
    NotThere,
}

/// How many connections a page has.
const MOST: usize = 100;

impl Store {
    /// Binds a connection to a subject, and with it one on the same tokens that is about to take its place. It is
    /// never bound anew.
    pub async fn bind_subject(
        &self,
        id: &str,
        subject: &str,
        now: i64,
    ) -> Result<Bound, StoreError> {
        transact!(self, |transaction| {
            let row = query(
                "select c.subject, c.grant_id from sessions s join connections c on c.session = s.id \
                 where c.id = $1 and s.handed_out_at is null and s.ends_at > $2",
            )
            .bind(id)
            .bind(now)
            .fetch_optional(&mut *transaction)
            .await?;
            let Some(row) = row else { return Ok(Bound::NotThere) };
            match row.get::<Option<String>>(0)? {
                Some(bound) if bound == subject => return Ok(Bound::Yes),
                Some(_) => return Ok(Bound::Other),
                None => {}
            }
            let grant: String = row.get(1)?;
            query(
                "update connections set subject = $1 \
                 where id = $2 or (replaces = $2 and grant_id = $3)",
            )
            .bind(subject)
            .bind(id)
            .bind(&*grant)
            .execute(&mut *transaction)
            .await?;
            Ok(Bound::Yes)
        })
    }

    /// A page of a subject's connections by their ids, those behind `after`, and whether there are more.
    pub async fn connections_of_subject(
        &self,
        subject: &str,
        after: &str,
        now: i64,
    ) -> Result<(Vec<ConnectionRow>, bool), StoreError> {
        let rows = query(concat!(
            "select ",
            columns!(),
            " from connections c join sessions s on s.id = c.session ",
            "join grants g on g.id = c.grant_id where c.subject = $1 and c.id > $2 ",
            "and s.handed_out_at is null and s.ends_at > $3 order by c.id limit 101"
        ))
        .bind(subject)
        .bind(after)
        .bind(now)
        .fetch_all(&self.pool)
        .await?;
        let found = rows.iter().take(MOST).map(read).collect::<Result<_, _>>()?;
        Ok((found, rows.len() > MOST))
    }
}
