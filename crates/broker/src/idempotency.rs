//! Orders, each kept by its `Idempotency-Key`: entered at the bank once, however often the page asks
//! (requirement P27).
//!
//! What is about to go out is written down before, so that neither a second call, nor a second broker, nor
//! one that starts where this one died, sends it again. The bank's answer is kept sealed before the page
//! gets it. An order whose answer never came stays `unknown`: only the bank can say what became of it.

use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};

use crate::Broker;
use crate::bank::{Bank, BankError, Fault, words};
use crate::error::{Error, chain};
use crate::grant::persist;
use crate::routes::Call;
use crate::store::{BegunOrder, Hash, NewOrder, OrderRow, OrderState, Sealed};
use crate::vault::{LookupKey, VaultError};

/// How long an order is kept, in seconds: 7 days.
pub(crate) const KEPT_SECONDS: i64 = 7 * 86_400;
/// Seconds that an order counts as in flight beyond the longest call.
const SLACK: i64 = 15;

/// What a page calls an order, and what it asked for under that name.
pub(crate) struct Key {
    text: String,
    path: &'static str,
    /// Of method, path and body: what an order says could be guessed from a plain digest.
    request: Hash,
}

impl Key {
    /// Reads the header `Idempotency-Key`: one, of 16 to 64 characters A-Z a-z 0-9 - _.
    pub(crate) fn read(
        headers: &HeaderMap,
        call: &Call,
        body: &[u8],
        lookup: &LookupKey,
    ) -> Result<Self, Error> {
        let mut values = headers.get_all("idempotency-key").iter();
        let (first, second) = (values.next(), values.next());
        let text = first.filter(|_| second.is_none()).and_then(|value| value.to_str().ok());
        let text = text.filter(|text| is_key(text)).ok_or(NO_KEY)?;
        let lines = [call.route.method.as_str().as_bytes(), call.target.as_bytes(), body];
        let request = lookup.name(&lines.join(&b'\n'));
        Ok(Self { text: text.to_owned(), path: call.route.template, request })
    }
}

const NO_KEY: Error = Error::InvalidRequest(
    "The header Idempotency-Key is missing or malformed: 16 to 64 characters A-Z a-z 0-9 - _.",
);

pub(crate) fn is_key(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    (16..=64).contains(&text.len()) && text.bytes().all(plain)
}

/// One attempt to enter an order.
pub(crate) struct Order<'a> {
    pub(crate) connection: &'a str,
    pub(crate) key: &'a Key,
    /// Told apart from other attempts under the same key.
    pub(crate) attempt: &'a str,
}

impl Broker {
    /// What the bank has answered to this order before; `None`: nobody has entered it.
    ///
    /// Errors: the bank's refusal, told again; `outcome_unknown`; 429 while it is in flight; 400 where the
    /// key names another order.
    pub(crate) async fn told_before(
        &self,
        order: &Order<'_>,
    ) -> Result<Option<Response<Bytes>>, Error> {
        let since = self.now() - KEPT_SECONDS;
        let row = self.store.order(order.connection, &order.key.text, since).await?;
        row.map(|row| self.tell_again(order, &row)).transpose()
    }

    /// Takes the key for a call that is about to go out; or what [`Broker::told_before`] says, where another
    /// was quicker.
    pub(crate) async fn begin(
        &self,
        bank: &Bank,
        order: &Order<'_>,
    ) -> Result<Option<Response<Bytes>>, Error> {
        let now = self.now();
        let longest = i64::try_from(bank.longest_act().as_secs()).unwrap_or(i64::MAX / 2);
        let new = NewOrder {
            connection: order.connection,
            key: &order.key.text,
            path: order.key.path,
            request: order.key.request,
            attempt: order.attempt,
            begun_at: now,
            lost_at: now + longest + SLACK,
        };
        match self.store.begin_order(&new, now - KEPT_SECONDS).await? {
            BegunOrder::Begun => Ok(None),
            BegunOrder::There(row) => self.tell_again(order, &row).map(Some),
            BegunOrder::NoConnection => Err(Error::NotConnected),
            BegunOrder::TooMany => Err(Error::TooManyOrders),
        }
    }

    fn tell_again(&self, order: &Order<'_>, row: &OrderRow) -> Result<Response<Bytes>, Error> {
        if row.request != order.key.request {
            let what = "The Idempotency-Key belongs to another order; take a new one.";
            return Err(Error::InvalidRequest(what));
        }
        match row.state_at(self.now()) {
            OrderState::InFlight => Err(Error::OrderInFlight),
            OrderState::Unknown => Err(BankError::OutcomeUnknown(Fault::LostBefore).into()),
            OrderState::Answered => {
                let (status, body) = self.kept_answer(order.connection, row)?;
                let mut answer = Response::new(body);
                *answer.status_mut() = status;
                let json = HeaderValue::from_static("application/json");
                answer.headers_mut().insert(CONTENT_TYPE, json);
                Ok(answer)
            }
            OrderState::Refused => {
                let (status, codes) = self.kept_answer(order.connection, row)?;
                let codes = std::str::from_utf8(&codes).map_err(|_| VaultError::Broken)?;
                let codes =
                    codes.split_whitespace().filter_map(|code| words(code).map(|words| words.code));
                let codes = codes.collect();
                Err(BankError::ApiRefused { status, codes }.into())
            }
        }
    }

    /// Status and body of the bank's answer; of a refusal its codes.
    pub(crate) fn kept_answer(
        &self,
        connection: &str,
        row: &OrderRow,
    ) -> Result<(StatusCode, Bytes), Error> {
        let Sealed { key, record } = row.sealed.as_ref().ok_or(VaultError::Broken)?;
        let key = self.vault.data_key(&keyed(connection, &row.key, &row.attempt), key)?;
        let plain = key.open(ANSWER, record)?;
        let (status, body) = plain.split_first_chunk::<2>().ok_or(VaultError::Broken)?;
        let status = StatusCode::from_u16(u16::from_be_bytes(*status));
        Ok((status.map_err(|_| VaultError::Broken)?, Bytes::copy_from_slice(body)))
    }

    /// Keeps what came of a call. Where the bank has certainly not looked at the order, the key is free
    /// again: where it could not be reached, where it said no to us (401), and where it asked for patience
    /// (429).
    pub(crate) async fn keep(&self, order: &Order<'_>, outcome: &Result<Response<Bytes>, Error>) {
        let kept = match outcome {
            Ok(answer) => self.seal_answer(order, answer.status(), answer.body()).map(Some),
            Err(Error::Bank(BankError::ApiRefused { status, codes }))
                if *status != StatusCode::UNAUTHORIZED =>
            {
                self.seal_answer(order, *status, codes.join(" ").as_bytes()).map(Some)
            }
            Err(Error::Bank(BankError::OutcomeUnknown(_))) => Ok(None),
            Err(_) => return self.free(order).await,
        };
        let state = match outcome {
            Ok(_) => OrderState::Answered,
            Err(Error::Bank(BankError::ApiRefused { .. })) => OrderState::Refused,
            Err(_) => OrderState::Unknown,
        };
        let name = (order.connection, &*order.key.text, order.attempt);
        let done = match &kept {
            Ok(sealed) => {
                let write = || self.store.end_order(name, state, sealed.as_ref());
                persist(|| Box::pin(write())).await
            }
            Err(_) => Err(Error::Internal("an answer cannot be sealed")),
        };
        if let Err(error) = done {
            let cause = chain(&error);
            tracing::error!(connection = order.connection, cause, "an order's answer is not kept");
        }
    }

    async fn free(&self, order: &Order<'_>) {
        let name = (order.connection, &*order.key.text, order.attempt);
        let write = || self.store.free_order(name);
        if let Err(error) = persist(|| Box::pin(write())).await {
            let cause = chain(&error);
            tracing::error!(connection = order.connection, cause, "an order's key stays taken");
        }
    }

    fn seal_answer(
        &self,
        order: &Order<'_>,
        status: StatusCode,
        body: &[u8],
    ) -> Result<Sealed, VaultError> {
        let row = keyed(order.connection, &order.key.text, order.attempt);
        let (wrapped, key) = self.vault.new_data_key(&row, &self.ambient)?;
        let record = key.seal(ANSWER, &[&status.as_u16().to_be_bytes(), body].concat())?;
        Ok(Sealed { key: wrapped, record })
    }
}

/// What an answer is bound to, beside the order's own key.
const ANSWER: &str = "answer";

/// What the data key of an order is bound to.
pub(crate) fn keyed(connection: &str, key: &str, attempt: &str) -> String {
    format!("order/{connection}/{key}/{attempt}")
}
