//! A new connection on its way to the browser.
//!
//! It waits in a session of its own. The answer brings that session's cookie; once the browser shows
//! it, the session takes the place of the one before (`store/arrivals.rs`). A page whose answer got
//! lost proves by its verifier that it is the one to ask again; a connection nobody asks for ends.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};

use crate::Broker;
use crate::error::Error;
use crate::store::{HandedOut, NewConnection, Of, SessionId};

/// How long a page may ask again for an answer that got lost.
pub(crate) const ASKED_SECONDS: i64 = 600;
/// How long a new connection waits for the browser to show its cookie; the package shows it at once.
/// Afterwards it is ended, at the bank too: nobody could ever end it.
pub(crate) const WAITS_SECONDS: i64 = 7 * 86_400;

/// What a connection is made of.
pub(crate) struct New<'a> {
    /// The provider's id.
    pub(crate) provider: &'a str,
    /// What the bank granted.
    pub(crate) scopes: &'a [String],
    /// The grant's id.
    pub(crate) grant: &'a str,
    /// When the legal time of the consent is over; `None`: never.
    pub(crate) consent_ends_at: Option<i64>,
}

impl Broker {
    /// Makes a connection; answers the session that holds it. A grant that finds no connection goes
    /// back to the bank.
    pub(crate) async fn arrive(&self, of: Of<'_>, new: New<'_>) -> Result<SessionId, Error> {
        let New { provider, scopes, grant, consent_ends_at } = new;
        let (id, connected_at) = (self.ambient.uuid()?, self.now());
        let new = NewConnection {
            id: &id,
            provider,
            scopes,
            grant,
            connected_at,
            consent_ends_at,
            asked_until: connected_at + ASKED_SECONDS,
            waits_until: connected_at + WAITS_SECONDS,
        };
        let error = match self.store.arrive(of, &new).await {
            Ok(Some(session)) => return Ok(session),
            Ok(None) => Error::Unfinished,
            Err(error) => error.into(),
        };
        self.dispose(grant).await;
        Err(error)
    }

    /// Answers with the connection of an arrival, and its cookie, to the browser of the session `to`.
    ///
    /// Errors: `rate_limited` for a second when a cookie is on its way there, or has just arrived; `authorization_expired` when the browser has this one already.
    pub(crate) async fn hand_out(
        &self,
        arrived: SessionId,
        to: SessionId,
        status: StatusCode,
    ) -> Result<Response, Error> {
        let (cookie, hash) = self.new_cookie(self.session_seconds())?;
        let (now, ends_at) = (self.now(), self.now() + self.session_seconds());
        let row = match self.store.hand_out(arrived, to, &hash, now, ends_at).await? {
            HandedOut::Yes(row) => row,
            HandedOut::Busy | HandedOut::NotYours => return Err(Error::Unfinished),
            HandedOut::Over => return Err(Error::AuthorizationExpired),
        };
        let connection = self.describe(&row).ok_or(Error::NotFound("Its provider is gone."))?;
        let mut response = (status, axum::Json(connection)).into_response();
        cookie.put(&mut response);
        Ok(response)
    }
}
