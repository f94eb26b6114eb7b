//! `* /connections/{id}/api/…`: one API call of a person who is present.
//!
//! Route table, then session and connection, then the grant, then the bank; what is read streams back
//! with listed headers only. What changes something goes on in `act.rs`.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Extension, State};
use axum::http::header::{CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderName, Request, Response};

use crate::Broker;
use crate::act::Act;
use crate::bank::{ApiCall, ApiReply, Bank, BankError, Fault, Involved};
use crate::config::Access;
use crate::error::Error;
use crate::grant::{Stale, Tokens};
use crate::idempotency::Key;
use crate::log::RequestId;
use crate::routes::{self, Call, Effect};
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
    let (connection, path) = split_target(&request)?;
    let row = broker.own_connection(request.headers(), connection).await?;
    let bank = broker.banks.find(&row.provider);
    let bank = bank.ok_or(Error::NotFound("The connection's provider is gone."))?.clone();
    let call = read_call(&bank, &request, path)?;
    check_consent(&broker, &bank, &row, &call)?;
    let address = broker.address_of(peer, request.headers());
    let involved = Involved::person(address, request.headers());
    let headers = request.headers().clone();
    let body = broker.body_of(&bank, &call, request).await?;
    if !call.route.effect.is_repeatable() {
        let initiates = call.route.effect == Effect::Initiate;
        let key =
            initiates.then(|| Key::read(&headers, &call, &body, &broker.lookup)).transpose()?;
        broker.in_use.note(&row.grant, broker.now());
        return Act { broker, bank, row, call, body, involved, request_id, key }.make().await;
    }
    broker.in_use.note(&row.grant, broker.now());
    let tokens = broker.fresh(&bank, &row.grant).await?;
    let (broker, bank, row, call) = (&broker, &bank, &row, &call);
    let turn = Turn { broker, bank, row, call, body: &body, involved: &involved };
    let answer = turn.send(&tokens, &request_id).await?;
    broker.touch(row).await;
    Ok(listed_headers_only(answer))
}

const NO_RESOURCE: Error = Error::NotFound("There is no such resource.");

/// The connection's id and the path at the bank, from the raw path (the router has taken the prefix off).
/// axum's decoded parameters are not used, so that one reader alone decides (bug class C07). What no
/// version of the standard has is refused here, before a session is looked at.
pub(crate) fn split_target(request: &Request<Body>) -> Result<(&str, &str), Error> {
    let path = request.uri().path().strip_prefix("/connections/");
    let target = path.and_then(|path| path.split_once("/api"));
    target.filter(|(_, path)| routes::is_known(request.method(), path)).ok_or(NO_RESOURCE)
}

/// The call, in the version that the bank speaks.
pub(crate) fn read_call(bank: &Bank, request: &Request<Body>, path: &str) -> Result<Call, Error> {
    let (version, query) = (bank.provider.cobs_version, request.uri().query());
    let call = routes::find(version, request.method(), path, query);
    call.map_err(Error::InvalidRequest)?.ok_or(NO_RESOURCE)
}

/// The bank is not frozen, the consent stands, and covers the route. What a prepared sandbox token covers is for the
/// sandbox to say: trying its refusals out is what it is for.
pub(crate) fn check_consent(
    broker: &Broker,
    bank: &Bank,
    row: &ConnectionRow,
    call: &Call,
) -> Result<(), Error> {
    bank.pass()?;
    if let Some(reason) = broker.ended(row) {
        return Err(Error::Reconnect(reason));
    }
    let prepared = matches!(bank.provider.access, Access::Prepared { .. });
    let (needed, granted) = (call.route.scopes, &row.scopes);
    let covered = needed.iter().any(|scope| granted.iter().any(|granted| granted == scope));
    match needed.first() {
        Some(scope) if !prepared && !covered => Err(Error::ScopeMissing(scope)),
        _ => Ok(()),
    }
}

/// One call on its way to the bank.
pub(crate) struct Turn<'a> {
    pub(crate) broker: &'a Arc<Broker>,
    pub(crate) bank: &'a Arc<Bank>,
    pub(crate) row: &'a ConnectionRow,
    pub(crate) call: &'a Call,
    pub(crate) body: &'a Bytes,
    pub(crate) involved: &'a Involved,
}

impl Turn<'_> {
    /// Sends; on 401 refreshes once and sends once more, where that changes nothing (requirement P15).
    pub(crate) async fn send(
        &self,
        tokens: &Tokens,
        request_id: &str,
    ) -> Result<Response<Body>, Error> {
        if let ApiReply::Content(answer) = self.once(tokens, request_id).await? {
            return Ok(answer);
        }
        let prepared = matches!(self.bank.provider.access, Access::Prepared { .. });
        if prepared || !self.call.route.effect.is_repeatable() {
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
        let call = ApiCall {
            method: route.method.clone(),
            target,
            body: self.body.clone(),
            repeatable: route.effect.is_repeatable(),
        };
        self.bank.call(call, tokens, self.involved, request_id).await
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
