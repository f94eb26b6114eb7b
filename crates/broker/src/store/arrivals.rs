//! Arrivals: a new connection waits in a session of its own until the browser shows its cookie.
//!
//! Until then the cookie before opens everything that was there before, so an answer that gets lost
//! costs nothing: the page asks for it again, or the connection ends by itself. And whoever else
//! knows the cookie before never sees the new connection (requirement K24, bug class C10).

use super::authorizations::ARRIVED;
use super::connections::{COLUMNS, columns, read};
use super::engine::{Transaction, query};
use super::grants::grant_columns;
use super::holder;
use super::transact::transact;
use super::{ConnectionRow, Hash, SessionId, Store, StoreError, join};

/// A connection to be made. Times are seconds since 1970.
pub struct NewConnection<'a> {
    /// Id, if it takes no other's place.
    pub id: &'a str,
    /// Which bank.
    pub provider: &'a str,
    /// What the bank granted.
    pub scopes: &'a [String],
    /// The grant's id.
    pub grant: &'a str,
    /// When it was made.
    pub connected_at: i64,
    /// When the legal time of the consent is over; `None`: never.
    pub consent_ends_at: Option<i64>,
    /// How long the page may ask again for the answer.
    pub asked_until: i64,
    /// How long the session waits for its cookie to be handed out.
    pub waits_until: i64,
}

/// What a new connection comes from.
pub enum Of<'a> {
    /// The callback of the authorization with this state.
    Callback(&'a Hash),
    /// A call of this session.
    Call(SessionId),
}

/// What came of sending the browser the cookie of an arrival.
pub enum HandedOut {
    /// The connection, as the page will see it.
    Yes(Box<ConnectionRow>),
    /// A cookie is on its way to the same browser: only one of the two would stay.
    Busy,
    /// The caller's session is not the one that this arrival follows.
    NotYours,
    /// The browser has shown the cookie, or the time for it is over.
    Over,
}

/// Seconds in which an answer with a cookie reaches its browser, or never will: longer than the
/// package waits for one (`timeoutMs`, 15 seconds).
const ON_ITS_WAY: i64 = 20;
/// The same where the page itself asks again: its earlier call has ended.
const ASKED_AGAIN: i64 = 5;

impl Store {
    /// Makes a connection, in a session that follows the one it was made from.
    ///
    /// It will take the place, and the id, of that session's connection on the same grant, or else
    /// of a dead one to the same provider with the same scopes: connecting again mends what is there.
    ///
    /// `None`, and nothing is made, where a call cannot be answered with a cookie now: unlike a
    /// callback it could not be repeated.
    pub async fn arrive(
        &self,
        of: Of<'_>,
        new: &NewConnection<'_>,
    ) -> Result<Option<SessionId>, StoreError> {
        transact!(self, |transaction| {
            let from = match of {
                Of::Call(SessionId(session)) => {
                    if !is_free(&mut *transaction, session, new.connected_at).await? {
                        return Ok(None);
                    }
                    session
                }
                Of::Callback(state) => {
                    let row = query("select session from authorizations where state_hash = $1")
                        .bind(&state[..])
                        .fetch_one(&mut *transaction)
                        .await?;
                    row.get(0)?
                }
            };
            let arrived = begin_following(&mut *transaction, from, new).await?;
            let replaces = replaced(&mut *transaction, from, new).await?;
            insert(&mut *transaction, arrived, replaces.as_deref(), new).await?;
            if let Of::Callback(state) = of {
                query(
                    "update authorizations set stage = $1, arrived = $2, connection = $3, \
                     ends_at = case when ends_at > $4 then ends_at else $4 end \
                     where state_hash = $5",
                )
                .bind(ARRIVED)
                .bind(arrived)
                .bind(replaces.as_deref().unwrap_or(new.id))
                .bind(new.asked_until)
                .bind(&state[..])
                .execute(&mut *transaction)
                .await?;
            }
            Ok(Some(SessionId(arrived)))
        })
    }

    /// Sets the cookie of an arrival that goes to the browser of the session `to`. An earlier cookie
    /// of it, which got lost, is void.
    pub async fn hand_out(
        &self,
        arrived: SessionId,
        to: SessionId,
        cookie: &Hash,
        now: i64,
        ends_at: i64,
    ) -> Result<HandedOut, StoreError> {
        transact!(self, |transaction| {
            let row = query("select follows from sessions where id = $1")
                .bind(arrived.0)
                .fetch_optional(&mut *transaction)
                .await?;
            match row.map(|row| row.get(0)).transpose()?.flatten() {
                None => return Ok(HandedOut::Over),
                Some(follows) if SessionId(follows) != to => return Ok(HandedOut::NotYours),
                Some(_) => {}
            }
            if is_on_its_way(&mut *transaction, to.0, arrived.0, now).await? {
                return Ok(HandedOut::Busy);
            }
            let row = query(concat!(
                "select ",
                columns!(),
                ", c.replaces from connections c join grants g on g.id = c.grant_id where c.session = $1"
            ))
            .bind(arrived.0)
            .fetch_optional(&mut *transaction)
            .await?;
            let Some(row) = row else { return Ok(HandedOut::Over) };
            query(
                "update sessions set cookie_hash = $1, handed_out_at = $2, handed_out_to = follows, \
                 ends_at = $3 where id = $4",
            )
            .bind(&cookie[..])
            .bind(now)
            .bind(ends_at)
            .bind(arrived.0)
            .execute(&mut *transaction)
            .await?;
            let mut connection = read(&row)?;
            let replaces: Option<String> = row.get(COLUMNS)?;
            connection.id = replaces.unwrap_or(connection.id);
            Ok(HandedOut::Yes(connection.into()))
        })
    }
}

/// Whether a session is there, and nothing is about to be sent to its browser.
async fn is_free(
    transaction: &mut Transaction,
    session: i64,
    now: i64,
) -> Result<bool, StoreError> {
    let row = query(
        "select exists (select 1 from sessions where id = $1) and not exists (select 1 \
         from sessions where follows = $1 and (created_at > $2 or handed_out_at > $2))",
    )
    .bind(session)
    .bind(now - ON_ITS_WAY)
    .fetch_one(transaction)
    .await?;
    row.get(0)
}

/// Whether a cookie for the browser of a session is on its way: only one of two would stay there.
async fn is_on_its_way(
    transaction: &mut Transaction,
    session: i64,
    asked_again: i64,
    now: i64,
) -> Result<bool, StoreError> {
    let row = query(
        "select exists (select 1 from sessions where follows = $1 \
         and handed_out_at > case when id = $2 then $3 else $4 end)",
    )
    .bind(session)
    .bind(asked_again)
    .bind(now - ASKED_AGAIN)
    .bind(now - ON_ITS_WAY)
    .fetch_one(transaction)
    .await?;
    row.get(0)
}

/// A session that has no cookie yet; the one it follows lasts while the page may ask again.
async fn begin_following(
    transaction: &mut Transaction,
    follows: i64,
    new: &NewConnection<'_>,
) -> Result<i64, StoreError> {
    query("update sessions set ends_at = $1 where id = $2 and ends_at < $1")
        .bind(new.asked_until)
        .bind(follows)
        .execute(&mut *transaction)
        .await?;
    let row = query(
        "insert into sessions (follows, created_at, ends_at) values ($1, $2, $3) returning id",
    )
    .bind(follows)
    .bind(new.connected_at)
    .bind(new.waits_until)
    .fetch_one(transaction)
    .await?;
    row.get(0)
}

/// The connection whose place the new one takes.
async fn replaced(
    transaction: &mut Transaction,
    session: i64,
    new: &NewConnection<'_>,
) -> Result<Option<String>, StoreError> {
    let row = query(
        "select c.id from connections c join grants g on g.id = c.grant_id \
         where c.session = $1 and c.provider = $2 and c.scopes = $3 and (c.grant_id = $4 \
         or g.ended <> 0 or c.consent_ends_at <= $5 \
         or (g.refreshable = 0 and g.access_ends_at <= $5)) \
         order by c.grant_id = $4 desc, c.connected_at desc limit 1",
    )
    .bind(session)
    .bind(new.provider)
    .bind(join(new.scopes))
    .bind(new.grant)
    .bind(new.connected_at)
    .fetch_optional(transaction)
    .await?;
    row.map(|row| row.get(0)).transpose()
}

async fn insert(
    transaction: &mut Transaction,
    session: i64,
    replaces: Option<&str>,
    new: &NewConnection<'_>,
) -> Result<(), StoreError> {
    query(
        "insert into connections \
         (id, session, provider, scopes, grant_id, replaces, connected_at, consent_ends_at, subject) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, \
         (select subject from connections where id = $6 and grant_id = $5))",
    )
    .bind(new.id)
    .bind(session)
    .bind(new.provider)
    .bind(join(new.scopes))
    .bind(new.grant)
    .bind(replaces)
    .bind(new.connected_at)
    .bind(new.consent_ends_at)
    .execute(&mut *transaction)
    .await?;
    holder::hold(transaction, new.grant).await
}
