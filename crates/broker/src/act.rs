//! A call that changes something at the bank: it goes out once, whoever goes away meanwhile.
//!
//! The broker sends nothing again: not after a 401, not after a broken connection (requirement P15). What
//! the bank may have done while its answer got lost is told as `outcome_unknown`. A call that enters an
//! order is kept by its `Idempotency-Key` (`idempotency.rs`, P27).

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::Response;
use serde::de::IgnoredAny;

use crate::Broker;
use crate::ambient::Waypoint;
use crate::bank::{Bank, BankError, Fault, Involved};
use crate::error::Error;
use crate::grant::Tokens;
use crate::idempotency::{Key, Order};
use crate::proxy::{Turn, listed_headers_only};
use crate::routes::Call;
use crate::store::ConnectionRow;

/// Bytes of an answer: an order, echoed.
const LARGEST_ANSWER: usize = 1024 * 1024;

/// A call with all it needs when nobody waits for it any more.
pub(crate) struct Act {
    pub(crate) broker: Arc<Broker>,
    pub(crate) bank: Arc<Bank>,
    pub(crate) row: ConnectionRow,
    pub(crate) call: Call,
    pub(crate) body: Bytes,
    pub(crate) involved: Involved,
    pub(crate) request_id: String,
    /// Where it enters an order.
    pub(crate) key: Option<Key>,
}

impl Act {
    /// Makes the call in a task of its own, which goes on when the page goes away.
    ///
    /// Errors: 429 where too many go on already; those of the call.
    pub(crate) async fn make(self) -> Result<Response<Body>, Error> {
        let place = self.broker.under_way.enter(&self.bank.provider.id, &self.row.id)?;
        let unfinished = self.broker.work.clone().read_owned().await;
        let made = tokio::spawn(async move {
            let _held = (unfinished, place);
            let answer = self.once().await;
            if answer.is_ok() {
                self.broker.touch(&self.row).await;
            }
            answer
        });
        let answer = made.await.unwrap_or(Err(Error::Internal("a call to the bank was lost")));
        answer.map(|answer| answer.map(Body::from))
    }

    async fn once(&self) -> Result<Response<Bytes>, Error> {
        let Some(key) = &self.key else {
            let tokens = self.broker.fresh(&self.bank, &self.row.grant).await?;
            return self.send(&tokens).await;
        };
        let order = Order { connection: &self.row.id, key, attempt: &self.request_id };
        if let Some(answer) = self.broker.told_before(&order).await? {
            return Ok(answer);
        }
        // a refresh may take as long as the call itself, so it comes before the key is taken
        let tokens = self.broker.fresh(&self.bank, &self.row.grant).await?;
        if let Some(answer) = self.broker.begin(&self.bank, &order).await? {
            return Ok(answer);
        }
        self.broker.ambient.pass(Waypoint::OrderBegun).await;
        let outcome = self.send(&tokens).await;
        self.broker.ambient.pass(Waypoint::OrderAnswered).await;
        self.broker.keep(&order, &outcome).await;
        outcome
    }

    /// Sends; the answer is read whole, for it has to be known before anybody is told.
    async fn send(&self, tokens: &Tokens) -> Result<Response<Bytes>, Error> {
        let turn = Turn {
            broker: &self.broker,
            bank: &self.bank,
            row: &self.row,
            call: &self.call,
            body: &self.body,
            involved: &self.involved,
        };
        let answer = match turn.send(tokens, &self.request_id).await {
            Ok(answer) => self.whole(answer).await.map_err(|fault| BankError::from(fault).into()),
            Err(error) => Err(error),
        };
        answer.map_err(|error| self.told_truly(error))
    }

    async fn whole(&self, answer: Response<Body>) -> Result<Response<Bytes>, Fault> {
        let (parts, body) = listed_headers_only(answer).into_parts();
        let body = to_bytes(body, LARGEST_ANSWER);
        let body = tokio::time::timeout(self.bank.longest_body(), body).await;
        let body = body.map_err(|_| Fault::TimedOut)?;
        let body = body.map_err(|error| Fault::Broken(error.into()))?;
        if !body.is_empty() && serde_json::from_slice::<IgnoredAny>(&body).is_err() {
            return Err(Fault::Malformed("API answer is not JSON"));
        }
        // an order without an id could never be signed, nor asked after
        if self.key.is_some() && !body.trim_ascii_start().starts_with(b"{") {
            return Err(Fault::Malformed("API answer to an order is no object"));
        }
        Ok(Response::from_parts(parts, body))
    }

    /// Where the bank may have got the call, nobody knows what it made of it.
    fn told_truly(&self, error: Error) -> Error {
        match error {
            Error::Bank(BankError::Fault(fault)) if !fault.never_arrived() => {
                tracing::warn!(
                    event = "outcome_unknown",
                    provider = self.bank.provider.id,
                    connection = self.row.id,
                    resource = self.call.route.template,
                    request_id = self.request_id,
                    cause = crate::error::chain(&fault),
                    "the bank's answer to an act got lost"
                );
                BankError::OutcomeUnknown(fault).into()
            }
            error => error,
        }
    }
}
