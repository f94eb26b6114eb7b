//! `GET /connections`, `GET /connections/{id}`, `POST /connections`: one truth about each consent.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use jiff::Timestamp;
use protocol::connection::{ConnectPrepared, Connection, Connections, Reason, Status};

use crate::Broker;
use crate::arrival::New;
use crate::body::{Json, PathId, is_id};
use crate::config::Access;
use crate::error::Error;
use crate::session::Caller;
use crate::store::{ConnectionRow, Ended, Of, SessionId};

/// All connections of this browser; an empty list where there is no session.
pub(crate) async fn list(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
) -> Result<axum::Json<Connections>, Error> {
    let rows = match broker.session(&headers).await? {
        Some(session) => broker.store.connections(session).await?,
        None => Vec::new(),
    };
    let connections = rows.iter().filter_map(|row| broker.describe(row)).collect();
    Ok(axum::Json(Connections { connections }))
}

/// One connection of this browser.
pub(crate) async fn get(
    State(broker): State<Arc<Broker>>,
    PathId(id): PathId,
    headers: HeaderMap,
) -> Result<axum::Json<Connection>, Error> {
    let row = broker.own_connection(&headers, &id).await?;
    let connection = broker.describe(&row).ok_or(Error::NotFound("Its provider is gone."))?;
    Ok(axum::Json(connection))
}

/// Connects a sandbox by a token it hands out by name.
pub(crate) async fn connect(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    Json(prepared): Json<ConnectPrepared>,
) -> Result<Response, Error> {
    let bank = broker.banks.find(&prepared.provider);
    let bank = bank.ok_or(Error::NotFound("There is no such provider."))?;
    let Access::Prepared { tokens, certificates } = &bank.provider.access else {
        return Err(Error::InvalidRequest("People log in at this bank; use POST /authorizations."));
    };
    bank.pass()?;
    if !tokens.contains(&prepared.token) {
        return Err(Error::InvalidRequest("token is none of the provider's prepared_tokens."));
    }
    if prepared.certificate.as_ref().is_some_and(|name| !certificates.contains(name)) {
        let what = "certificate is none of the provider's prepared_certificates.";
        return Err(Error::InvalidRequest(what));
    }
    let session = match broker.caller(&headers).await? {
        Caller::Known(session) | Caller::New(session, _) => session,
        Caller::Succeeded(_) => return Err(Error::Unfinished), // the new cookie has to be shown first
    };
    broker.check_quota(session).await?;
    let scopes = prepared_scopes(&bank.provider.scopes, &prepared.token);
    let provider = &bank.provider.id;
    let grant = broker.receive_prepared(provider, &prepared.token, prepared.certificate).await?;
    let new = New { provider, scopes: &scopes, grant: &grant, consent_ends_at: None };
    let arrived = broker.arrive(Of::Call(session), new).await?;
    broker.hand_out(arrived, session, StatusCode::CREATED).await
}

/// The scopes a prepared token names: `token-aisp` has `aisp`, `token-no-scope` none.
fn prepared_scopes(known: &[String], token: &str) -> Vec<String> {
    known.iter().filter(|scope| token.split('-').any(|part| part == *scope)).cloned().collect()
}

/// Connections a browser may have (requirement T25).
const MOST_CONNECTIONS: i64 = 64;

impl Broker {
    /// Refuses to begin another connection where there are too many already.
    pub(crate) async fn check_quota(&self, session: SessionId) -> Result<(), Error> {
        if self.store.count_connections(session).await? >= MOST_CONNECTIONS {
            let what = "This browser has too many connections; disconnect one first.";
            return Err(Error::InvalidRequest(what));
        }
        Ok(())
    }

    /// The row of a connection that belongs to the browser asking: what is another's is not found,
    /// and without a session nothing is connected.
    pub(crate) async fn own_connection(
        &self,
        headers: &HeaderMap,
        id: &str,
    ) -> Result<ConnectionRow, Error> {
        let cookie = self.cookie(headers)?.ok_or(Error::NotConnected)?;
        if !is_id(id) {
            return Err(Error::NotConnected);
        }
        let mut row = self.store.connection(&cookie, id, self.now()).await?;
        if row.is_none() && self.session(headers).await?.is_some() {
            // the cookie may have been shown for the first time, and opens more now
            row = self.store.connection(&cookie, id, self.now()).await?;
        }
        row.ok_or(Error::NotConnected)
    }

    /// A connection that has just arrived in a session.
    pub(crate) async fn connection_of(
        &self,
        session: SessionId,
        id: &str,
    ) -> Result<Connection, Error> {
        let rows = self.store.connections(session).await?;
        let row = rows.iter().find(|row| row.id == id);
        row.and_then(|row| self.describe(row)).ok_or(Error::AuthorizationExpired)
    }

    /// What the page may know; `None` if the provider is no longer configured.
    pub(crate) fn describe(&self, row: &ConnectionRow) -> Option<Connection> {
        let provider = &self.banks.find(&row.provider)?.provider;
        let reason = self.ended(row);
        Some(Connection {
            id: row.id.clone(),
            provider: row.provider.clone(),
            provider_name: provider.name.clone(),
            environment: provider.environment,
            scopes: row.scopes.clone(),
            status: if reason.is_none() { Status::Connected } else { Status::Reconnect },
            reason,
            connected_at: rfc3339(row.connected_at),
            reconnect_by: deadline(row).map(rfc3339),
            last_used_at: row.last_used_at.map(rfc3339),
        })
    }

    /// Why nothing can be read through a connection any more, if so.
    pub(crate) fn ended(&self, row: &ConnectionRow) -> Option<Reason> {
        let now = self.now();
        let over = |ends_at: Option<i64>| ends_at.is_some_and(|at| at <= now);
        if let Some(ended) = row.grant.ended {
            Some(ended.into())
        } else if over(row.consent_ends_at) {
            Some(Reason::ConsentExpired)
        } else if !row.grant.refreshable && over(row.grant.access_ends_at) {
            Some(Reason::AccessExpired)
        } else {
            None
        }
    }
}

impl From<Ended> for Reason {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::ByBank => Self::EndedByBank,
            Ended::ReplyLost => Self::LostRotation,
        }
    }
}

/// The consent's end, or the access token's where nothing renews it.
fn deadline(row: &ConnectionRow) -> Option<i64> {
    let access = if row.grant.refreshable { None } else { row.grant.access_ends_at };
    [row.consent_ends_at, access].into_iter().flatten().min()
}

/// RFC 3339 in UTC.
pub(crate) fn rfc3339(seconds: i64) -> String {
    Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}
