//! `PUT /connections/{id}/subject`, `GET /connections?subject=` at the private door: whose a connection is to the app.
//!
//! A subject is the app's own user id. The broker makes nothing of it but what an operator needs on a bad day: all
//! connections of one person, found and ended.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::Request;
use axum::http::uri::PathAndQuery;
use protocol::connection::Connection;
use serde::{Deserialize, Serialize};

use crate::Broker;
use crate::body::{Json, Query, is_id};
use crate::error::Error;
use crate::store::{Bound, ConnectionRow};
use crate::unattended::{NO_PROVIDER, NOBODY};

/// A connection with what is the backend's business only.
#[derive(Serialize)]
pub(crate) struct Known {
    #[serde(flatten)]
    connection: Connection,
    /// Whose it is; `null` where the backend has not said.
    subject: Option<String>,
}

/// Body of `PUT /connections/{id}/subject`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bind {
    subject: String,
}

/// Binds a connection to a subject; once and for all, so that a mistake of the backend moves nobody's accounts.
pub(crate) async fn bind(
    State(broker): State<Arc<Broker>>,
    Path(id): Path<String>,
    Json(Bind { subject }): Json<Bind>,
) -> Result<axum::Json<Known>, Error> {
    check(&subject)?;
    if !is_id(&id) {
        return Err(NOBODY);
    }
    match broker.store.bind_subject(&id, &subject, broker.now()).await? {
        Bound::Yes => {}
        Bound::Other => return Err(Error::BoundOtherwise),
        Bound::NotThere => return Err(NOBODY),
    }
    let row = broker.any_connection(&id, Some(&subject)).await?;
    broker.known(&row).map(axum::Json).ok_or(NO_PROVIDER)
}

/// Whose connections, and where the page begins.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    subject: String,
    after: Option<String>,
}

/// A page of connections.
#[derive(Serialize)]
pub(crate) struct Page {
    connections: Vec<Known>,
    /// Where the next page begins; nothing where this is the last.
    next: Option<String>,
}

/// All connections of a subject, with their status.
pub(crate) async fn list(
    State(broker): State<Arc<Broker>>,
    Query(Wanted { subject, after }): Query<Wanted>,
) -> Result<axum::Json<Page>, Error> {
    check(&subject)?;
    if after.as_deref().is_some_and(|after| !is_id(after)) {
        return Err(Error::InvalidRequest("after is not what a page said as next."));
    }
    let after = after.as_deref().unwrap_or_default();
    let (rows, more) = broker.store.connections_of_subject(&subject, after, broker.now()).await?;
    let next = rows.last().filter(|_| more).map(|row| row.id.clone());
    let connections = rows.iter().filter_map(|row| broker.known(row)).collect();
    Ok(axum::Json(Page { connections, next }))
}

/// Whose connection a call of the backend wants, if it says so.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Whose {
    pub(crate) subject: Option<String>,
}

/// Takes `subject` out of the query of a call that goes to the bank, which has no such parameter.
pub(crate) fn take_subject<B>(request: &mut Request<B>) -> Result<Option<String>, Error> {
    let Some(query) = request.uri().query() else { return Ok(None) };
    let is_subject =
        |pair: &&str| form_urlencoded::parse(pair.as_bytes()).any(|(name, _)| name == "subject");
    let (ours, others): (Vec<_>, Vec<_>) = query.split('&').partition(is_subject);
    let [subject] = ours[..] else {
        let twice = Error::InvalidRequest("subject comes twice.");
        return if ours.is_empty() { Ok(None) } else { Err(twice) };
    };
    let subject = form_urlencoded::parse(subject.as_bytes()).next();
    let subject = subject.map(|(_, value)| value.into_owned());
    let rest = [request.uri().path(), "?", &others.join("&")].concat();
    let rest = if others.is_empty() { request.uri().path() } else { &rest };
    let rest = PathAndQuery::try_from(rest).map_err(|_| Error::Internal("a query"))?;
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = Some(rest);
    *request.uri_mut() = parts.try_into().map_err(|_| Error::Internal("a query"))?;
    Ok(subject)
}

/// 1 to 128 visible ASCII characters.
pub(crate) fn check(subject: &str) -> Result<(), Error> {
    if is_subject(subject) {
        return Ok(());
    }
    Err(Error::InvalidRequest("subject is not 1 to 128 visible ASCII characters."))
}

/// Whether it may be one.
pub(crate) fn is_subject(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

impl Broker {
    /// What the backend may know; `None` if the provider is no longer configured.
    pub(crate) fn known(&self, row: &ConnectionRow) -> Option<Known> {
        let connection = self.describe(row)?;
        Some(Known { connection, subject: row.subject.clone() })
    }
}
