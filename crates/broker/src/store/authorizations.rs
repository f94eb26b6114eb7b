//! Authorizations: attempts to connect, each good for one exchange.

use super::engine::{Row, query};
use super::transact::transact;
use super::{Hash, SessionId, Store, StoreError, join, split};

/// What is remembered between the start and the callback.
pub struct Authorization {
    /// Who started it.
    pub session: SessionId,
    /// Where the person was sent.
    pub provider: String,
    /// What was asked for.
    pub scopes: Vec<String>,
    /// Where the bank was to send the person back.
    pub redirect_uri: String,
    /// S256 challenge of the verifier the browser keeps.
    pub code_challenge: String,
    /// Seconds since 1970; not good from then on.
    pub ends_at: i64,
}

/// Whether an authorization is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is.
    Yes,
    /// Its state was used before.
    StateUsed,
    /// Another session has taken the place of its session meanwhile.
    SessionGone,
}

/// An authorization as a callback finds it.
pub enum Taken {
    /// Nobody came back with it before; from here on nobody else can.
    Now(Authorization),
    /// A callback came before; how far that got, and the challenge that says whose it was.
    Before(Progress, String),
}

/// What became of a callback.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing: refused or failed.
    UsedUp,
    /// It is being checked, or the bank is being asked.
    Exchanging,
    /// A connection, held by this session, with the id that the page knows it by.
    Arrived(SessionId, String),
}

/// What a callback leaves behind while it brings no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Good for a callback until this time: the bank never got the code.
    Open(i64),
    /// Good for nothing.
    UsedUp,
}

const USED_UP: i64 = 1;
const EXCHANGING: i64 = 2;
pub(super) const ARRIVED: i64 = 3;

impl Store {
    /// Remembers an authorization; keeps at most `most` open per session, the newest (requirement
    /// T25).
    pub async fn begin_authorization(
        &self,
        state: &Hash,
        authorization: &Authorization,
        most: i64,
    ) -> Result<Begun, StoreError> {
        transact!(self, |transaction| {
            let session = query("select 1 from sessions where id = $1")
                .bind(authorization.session.0)
                .fetch_optional(&mut *transaction)
                .await?;
            if session.is_none() {
                return Ok(Begun::SessionGone);
            }
            let new = query(
                "insert into authorizations \
                 (state_hash, session, provider, scopes, redirect_uri, code_challenge, ends_at) \
                 values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
            )
            .bind(&state[..])
            .bind(authorization.session.0)
            .bind(&authorization.provider)
            .bind(join(&authorization.scopes))
            .bind(&authorization.redirect_uri)
            .bind(&authorization.code_challenge)
            .bind(authorization.ends_at)
            .execute(&mut *transaction)
            .await?;
            query(
                "delete from authorizations where session = $1 and stage = 0 and state_hash not in \
                 (select state_hash from authorizations where session = $1 and stage = 0 \
                  order by state_hash = $3 desc, ends_at desc limit $2)",
            )
            .bind(authorization.session.0)
            .bind(most)
            .bind(&state[..])
            .execute(&mut *transaction)
            .await?;
            Ok(if new == 1 { Begun::Yes } else { Begun::StateUsed })
        })
    }

    /// Takes an authorization: whatever follows, it cannot be taken again (requirement K05). It is
    /// remembered until `until`, for the page to ask again what became of it. One that was taken and
    /// whose time is over is not found.
    pub async fn take_authorization(
        &self,
        state: &Hash,
        now: i64,
        until: i64,
    ) -> Result<Option<Taken>, StoreError> {
        transact!(self, |transaction| {
            let row = query(
                "select stage, arrived, code_challenge, session, provider, scopes, redirect_uri, \
                 ends_at, connection from authorizations where state_hash = $1 and (stage = 0 or ends_at > $2)",
            )
            .bind(&state[..])
            .bind(now)
            .fetch_optional(&mut *transaction)
            .await?;
            let Some(taken) = row.map(|row| read(&row)).transpose()? else { return Ok(None) };
            if let Taken::Now(_) = taken {
                query(
                    "update authorizations set stage = $1, \
                     ends_at = case when ends_at > $2 then ends_at else $2 end \
                     where state_hash = $3",
                )
                .bind(EXCHANGING)
                .bind(until)
                .bind(&state[..])
                .execute(&mut *transaction)
                .await?;
            }
            Ok(Some(taken))
        })
    }

    /// Notes that the callback of an authorization brought no connection.
    pub async fn note_stage(&self, of: &Hash, reached: Stage) -> Result<(), StoreError> {
        let (stage, ends_at) = match reached {
            Stage::Open(ends_at) => (0, Some(ends_at)),
            Stage::UsedUp => (USED_UP, None),
        };
        query(
            "update authorizations set stage = $1, ends_at = coalesce($2, ends_at) \
             where state_hash = $3",
        )
        .bind(stage)
        .bind(ends_at)
        .bind(&of[..])
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Exchanges whose answers are to be told until `told_until` at the longest are over: the process
    /// that had them under way has died.
    pub async fn close_exchanges(&self, told_until: i64) -> Result<(), StoreError> {
        query("update authorizations set stage = 1 where stage = 2 and ends_at <= $1")
            .bind(told_until)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<Taken, StoreError> {
    let code_challenge = row.get(2)?;
    let arrived: Option<i64> = row.get(1)?;
    Ok(match (row.get(0)?, arrived) {
        (0, _) => Taken::Now(Authorization {
            session: SessionId(row.get(3)?),
            provider: row.get(4)?,
            scopes: split(&row.get::<String>(5)?),
            redirect_uri: row.get(6)?,
            code_challenge,
            ends_at: row.get(7)?,
        }),
        (EXCHANGING, _) => Taken::Before(Progress::Exchanging, code_challenge),
        (ARRIVED, Some(session)) => {
            let arrived = Progress::Arrived(SessionId(session), row.get(8)?);
            Taken::Before(arrived, code_challenge)
        }
        _ => Taken::Before(Progress::UsedUp, code_challenge),
    })
}
