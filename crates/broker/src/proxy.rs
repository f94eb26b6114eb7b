//! `* /connections/{id}/api/…`: one API call of a person who is present.
//!
//! Route table, then session and connection, then the grant, then the bank; the body streams back
//! with listed headers only.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{ConnectInfo, Extension, State};
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderName, Request, Response};

use crate::Broker;
use crate::bank::{ApiReply, Bank, BankError, Fault, Involved};
use crate::config::Access;
use crate::error::Error;
use crate::grant::{Stale, Tokens};
use crate::log::RequestId;
use crate::routes::{self, Call};
use crate::store::ConnectionRow;

/// Response headers that reach the page (requirements P11, P17, P22: no `Set-Cookie`, no
/// `WWW-Authenticate`, no `Location`).
const RESPONSE_HEADERS: [HeaderName; 4] =
    [CONTENT_TYPE, CONTENT_LANGUAGE, CONTENT_LENGTH, HeaderName::from_static("action-id")];
/// Seconds in which refreshed tokens are not refreshed again because the API refuses them.
const FRESH_FOR: i64 = 30;
/// Reads are noted at most this often, in seconds.
const TOUCH_EVERY: i64 = 60;

/// Forwards one call.
pub(crate) async fn forward(
    State(broker): State<Arc<Broker>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Extension(RequestId(request_id)): Extension<RequestId>,
    request: Request<Body>,
) -> Result<Response<Body>, Error> {
    let (connection, call) = read_target(&request)?;
    let row = broker.own_connection(request.headers(), connection).await?;
    let bank = broker.banks.find(&row.provider);
    let bank = bank.ok_or(Error::NotFound("The connection's provider is gone."))?;
    check_consent(&broker, bank, &row, &call)?;
    let address = broker.address_of(peer, request.headers());
    let involved = Involved::person(address, request.headers());
    let tokens = broker.fresh(bank, &row.grant).await?;
    let turn = Turn { broker: &broker, bank, row: &row, call: &call, involved: &involved };
    let answer = turn.send(&tokens, &request_id).await?;
    broker.touch(&row).await;
    Ok(listed_headers_only(answer))
}

/// The connection's id and the call, from the raw path (the router has taken the prefix off). axum's
/// decoded parameters are not used, so that one reader alone decides (bug class C07).
pub(crate) fn read_target(request: &Request<Body>) -> Result<(&str, Call), Error> {
    let nothing = Error::NotFound("There is no such resource.");
    let path = request.uri().path().strip_prefix("/connections/");
    let Some((connection, path)) = path.and_then(|path| path.split_once("/api")) else {
        return Err(nothing);
    };
    let call = routes::find(request.method(), path, request.uri().query());
    let call = call.map_err(Error::InvalidRequest)?.ok_or(nothing)?;
    Ok((connection, call))
}

/// The consent stands, and covers the route. What a prepared sandbox token covers is for the
/// sandbox to say: trying its refusals out is what it is for.
pub(crate) fn check_consent(
    broker: &Broker,
    bank: &Bank,
    row: &ConnectionRow,
    call: &Call,
) -> Result<(), Error> {
    if let Some(reason) = broker.ended(row) {
        return Err(Error::Reconnect(reason));
    }
    let prepared = matches!(bank.provider.access, Access::Prepared { .. });
    if !prepared && !row.scopes.iter().any(|scope| scope == call.route.scope) {
        return Err(Error::ScopeMissing(call.route.scope));
    }
    Ok(())
}

/// One call on its way to the bank.
pub(crate) struct Turn<'a> {
    pub(crate) broker: &'a Arc<Broker>,
    pub(crate) bank: &'a Arc<Bank>,
    pub(crate) row: &'a ConnectionRow,
    pub(crate) call: &'a Call,
    pub(crate) involved: &'a Involved,
}

impl Turn<'_> {
    /// Sends; on 401 refreshes once and sends once more, for safe methods only (requirement P15).
    pub(crate) async fn send(
        &self,
        tokens: &Tokens,
        request_id: &str,
    ) -> Result<Response<Body>, Error> {
        if let ApiReply::Content(answer) = self.once(tokens, request_id).await? {
            return Ok(answer);
        }
        let prepared = matches!(self.bank.provider.access, Access::Prepared { .. });
        if prepared || !self.call.route.method.is_safe() {
            return Err(BankError::unauthorised().into());
        }
        let fresh = |at: i64| at + FRESH_FOR > self.broker.now();
        if self.row.grant.refreshed_at.is_some_and(fresh) {
            return Err(BankError::from(Fault::RefusesFreshTokens).into()); // no storm of refreshes
        }
        let tokens = self.broker.refresh(self.bank, &self.row.grant, Stale::Refused).await?;
        // a call of its own to the bank, so an id of its own
        let again = self.broker.ambient.uuid()?;
        tracing::info!(request_id, again, "replay after refresh");
        match self.once(&tokens, &again).await? {
            ApiReply::Content(answer) => Ok(answer),
            // COBS says 401 for a certificate it does not like as well, so it ends no consent: the
            // token endpoint, which has just renewed this one, would have said so
            ApiReply::Unauthorised => Err(BankError::from(Fault::RefusesFreshTokens).into()),
        }
    }

    async fn once(&self, tokens: &Tokens, request_id: &str) -> Result<ApiReply, Error> {
        let Call { route, target } = self.call;
        self.bank.call(route.method.clone(), target, tokens, self.involved, request_id).await
    }
}

pub(crate) fn listed_headers_only(answer: Response<Body>) -> Response<Body> {
    let (mut parts, body) = answer.into_parts();
    let mut headers = http::HeaderMap::with_capacity(RESPONSE_HEADERS.len());
    for name in RESPONSE_HEADERS {
        if let Some(value) = parts.headers.remove(&name) {
            headers.insert(name, value);
        }
    }
    let mut response = Response::new(body);
    *response.status_mut() = parts.status;
    *response.headers_mut() = headers;
    response
}

impl Broker {
    /// Notes that data was read; an answer is worth more than the note.
    pub(crate) async fn touch(&self, row: &ConnectionRow) {
        let now = self.now();
        if row.last_used_at.is_none_or(|at| at + TOUCH_EVERY <= now)
            && let Err(error) = self.store.touch_connection(&row.id, now).await
        {
            tracing::warn!(%error, "last use could not be noted");
        }
    }
}
