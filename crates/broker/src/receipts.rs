//! `GET /receipts`, `GET /receipts/{id}`: what became of connections that have ended, for the person and, at the
//! private door, for an auditor.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use jiff::Timestamp;
use protocol::connection::{AtBank, Cause, Receipt, Receipts};
use serde::{Deserialize, Serialize};

use crate::Broker;
use crate::body::{PathId, Query, is_id};
use crate::connections::rfc3339;
use crate::error::Error;
use crate::store::{self, ConnectionRow, Ending, Outcome, ReceiptRow, Store, StoreError, Wanted};
use crate::subjects::is_subject;

const NOT_THERE: Error = Error::NotFound("There is no such receipt.");

/// The receipts of this browser, as long as its session lasts; an empty list where there is none.
pub(crate) async fn list(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
) -> Result<axum::Json<Receipts>, Error> {
    let rows = match broker.session(&headers).await? {
        Some(session) => broker.store.receipts_of(session).await?,
        None => Vec::new(),
    };
    Ok(axum::Json(Receipts { receipts: rows.iter().map(receipt).collect() }))
}

/// One receipt of this browser.
pub(crate) async fn get(
    State(broker): State<Arc<Broker>>,
    PathId(id): PathId,
    headers: HeaderMap,
) -> Result<axum::Json<Receipt>, Error> {
    let session = broker.session(&headers).await?.ok_or(Error::NotConnected)?;
    if !is_id(&id) {
        return Err(NOT_THERE);
    }
    let row = broker.store.receipt_of(session, &id).await?.ok_or(NOT_THERE)?;
    Ok(axum::Json(receipt(&row)))
}

/// Which receipts an auditor wants; all of it has to fit.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    pub(crate) subject: Option<String>,
    pub(crate) provider: Option<String>,
    pub(crate) connection: Option<String>,
    /// Ended then or later (RFC 3339).
    pub(crate) since: Option<String>,
    /// Ended earlier (RFC 3339).
    pub(crate) until: Option<String>,
    /// What the page before said as `next`.
    pub(crate) after: Option<String>,
}

/// A page of receipts.
#[derive(Serialize)]
pub(crate) struct Page {
    /// Oldest first, 100 at most.
    pub(crate) receipts: Vec<Audited>,
    /// Where the next page begins; nothing where this is the last.
    pub(crate) next: Option<String>,
}

/// A receipt with what is an auditor's business only.
#[derive(Serialize)]
pub(crate) struct Audited {
    #[serde(flatten)]
    pub(crate) receipt: Receipt,
    /// The app's user.
    pub(crate) subject: Option<String>,
    /// SHA-256 of the bank's last reply to a revocation: status, line feed, body.
    pub(crate) bank_reply_sha256: Option<String>,
}

/// Receipts of whomever, at the private door.
pub(crate) async fn audit(
    State(broker): State<Arc<Broker>>,
    Query(asked): Query<Asked>,
) -> Result<axum::Json<Page>, Error> {
    let wanted = asked.wanted().map_err(Error::InvalidRequest)?;
    Ok(axum::Json(page(&broker.store, &wanted).await?))
}

/// A page as it stands in the store.
pub(crate) async fn page(store: &Store, wanted: &Wanted<'_>) -> Result<Page, StoreError> {
    let (rows, more) = store.receipts(wanted).await?;
    let last = rows.last().filter(|_| more);
    let next = last.map(|last| format!("{}.{}", last.disconnected_at, last.id));
    Ok(Page { receipts: rows.iter().map(audited).collect(), next })
}

impl Asked {
    /// In the words of the store. Errors: what is wrong with it.
    pub(crate) fn wanted(&self) -> Result<Wanted<'_>, &'static str> {
        let after = self.after.as_deref().map(cursor).transpose()?;
        if self.subject.as_deref().is_some_and(|subject| !is_subject(subject)) {
            return Err("subject is not 1 to 128 visible ASCII characters.");
        }
        if [&self.provider, &self.connection].into_iter().flatten().any(|id| !is_id(id)) {
            return Err("provider or connection is no id.");
        }
        Ok(Wanted {
            subject: self.subject.as_deref(),
            provider: self.provider.as_deref(),
            connection: self.connection.as_deref(),
            since: self.since.as_deref().map_or(Ok(i64::MIN), seconds)?,
            until: self.until.as_deref().map_or(Ok(i64::MAX), seconds)?,
            after: after.unwrap_or((i64::MIN, "")),
        })
    }
}

fn cursor(text: &str) -> Result<(i64, &str), &'static str> {
    let parts = text.split_once('.').filter(|(_, id)| is_id(id));
    let parts = parts.and_then(|(at, id)| Some((at.parse().ok()?, id)));
    parts.ok_or("after is not what a page said as next.")
}

/// A time, or the midnight that a day begins with in UTC.
fn seconds(text: &str) -> Result<i64, &'static str> {
    let time = text.parse::<Timestamp>().or_else(|_| format!("{text}T00:00:00Z").parse());
    let time = time.map_err(|_| "since and until are times, e.g. 2026-11-30T08:00:00Z.");
    time.map(Timestamp::as_second)
}

/// What the page may know.
pub(crate) fn receipt(row: &ReceiptRow) -> Receipt {
    let (at_bank, acknowledged_at) = match row.outcome {
        None => (AtBank::Pending, None),
        Some(Outcome::Revoked) => (AtBank::Revoked, row.acknowledged_at),
        Some(Outcome::NotOffered) => (AtBank::NotOffered, None),
        Some(Outcome::Shared) => (AtBank::Shared, None),
        Some(Outcome::GivenUp) => (AtBank::GivenUp, None),
    };
    Receipt {
        id: row.id.clone(),
        connection: row.connection.clone(),
        provider: row.provider.clone(),
        scopes: row.scopes.clone(),
        connected_at: rfc3339(row.connected_at),
        disconnected_at: rfc3339(row.disconnected_at),
        cause: row.cause.into(),
        at_bank,
        acknowledged_at: acknowledged_at.map(rfc3339),
        tries: u32::try_from(row.tries).unwrap_or(u32::MAX),
    }
}

/// The receipt of a connection that has just ended, where nobody can tell more.
pub(crate) fn unanswered(row: &ConnectionRow, ending: &Ending<'_>) -> Receipt {
    Receipt {
        id: ending.receipt.to_owned(),
        connection: row.id.clone(),
        provider: row.provider.clone(),
        scopes: row.scopes.clone(),
        connected_at: rfc3339(row.connected_at),
        disconnected_at: rfc3339(ending.at),
        cause: ending.cause.into(),
        at_bank: AtBank::Pending,
        acknowledged_at: None,
        tries: 0,
    }
}

fn audited(row: &ReceiptRow) -> Audited {
    Audited {
        receipt: receipt(row),
        subject: row.subject.clone(),
        bank_reply_sha256: row.answer.as_deref().map(hex),
    }
}

/// Bytes as people compare them.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}"); // writing to a String cannot fail
    }
    text
}

impl From<store::Cause> for Cause {
    fn from(cause: store::Cause) -> Self {
        match cause {
            store::Cause::Disconnected => Self::Disconnected,
            store::Cause::Renewed => Self::Renewed,
            store::Cause::SessionEnded => Self::SessionEnded,
            store::Cause::NeverShown => Self::NeverShown,
            store::Cause::Operator => Self::Operator,
        }
    }
}
