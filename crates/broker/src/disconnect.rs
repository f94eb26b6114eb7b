//! `DELETE /connections/{id}`: the end of a consent.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use protocol::connection::Receipt;

use crate::Broker;
use crate::ambient::Waypoint;
use crate::body::PathId;
use crate::error::{Error, chain};
use crate::receipts::{receipt, unanswered};
use crate::revocation::ask;
use crate::store::{Cause, ConnectionRow, Disconnected, Ending, Revocation};

/// How long an answer waits for the bank; the revocation itself goes on.
const WAIT: Duration = Duration::from_secs(8);
/// When the queue takes over from the first try, in seconds.
const FIRST_PAUSE: i64 = 60;

/// Ends a connection: here at once, at the bank as soon as it listens.
pub(crate) async fn disconnect(
    State(broker): State<Arc<Broker>>,
    PathId(id): PathId,
    headers: HeaderMap,
) -> Result<axum::Json<Receipt>, Error> {
    let row = broker.own_connection(&headers, &id).await?;
    broker.ambient.pass(Waypoint::EndBegun).await;
    let (id, at) = (broker.ambient.uuid()?, broker.now());
    let ending = Ending { receipt: &id, cause: Cause::Disconnected, at, next_at: at + FIRST_PAUSE };
    let ended = broker.end(&row, &ending).await?;
    broker.ambient.pass(Waypoint::Ended).await;
    let waiting = match ended {
        Disconnected::NotThere => return Err(Error::NotConnected),
        Disconnected::Shared => Vec::new(),
        Disconnected::Last(waiting) => waiting,
    };
    ask_now(&broker, waiting).await;
    let written = broker.store.receipt(&id).await.unwrap_or_else(|error| {
        tracing::warn!(cause = chain(&error), "a receipt cannot be read");
        None
    });
    // it has ended, whatever the store says now
    Ok(axum::Json(written.map_or_else(|| unanswered(&row, &ending), |written| receipt(&written))))
}

/// Asks the bank for each, and waits a moment for what it says.
async fn ask_now(broker: &Arc<Broker>, waiting: Vec<Revocation>) {
    // tasks of their own: they go on when the page stops waiting, or goes away
    let asked: Vec<_> =
        waiting.into_iter().map(|one| tokio::spawn(ask(broker.clone(), one))).collect();
    let answers = async {
        for answer in asked {
            drop(answer.await);
        }
    };
    // what has not come by then is told as pending
    drop(tokio::time::timeout(WAIT, answers).await);
}

impl Broker {
    /// Ends a connection here, and queues what the bank has to forget.
    pub(crate) async fn end(
        &self,
        row: &ConnectionRow,
        ending: &Ending<'_>,
    ) -> Result<Disconnected, Error> {
        Ok(self.store.disconnect(row, ending, &|grant| self.to_forget(grant)).await?)
    }
}
