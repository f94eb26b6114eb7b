//! `DELETE /connections/{id}`: the end of a consent.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use protocol::connection::{AtBank, Receipt};

use crate::Broker;
use crate::ambient::Waypoint;
use crate::bank::Revoked;
use crate::body::PathId;
use crate::connections::rfc3339;
use crate::error::Error;
use crate::revocation::ask;
use crate::store::{ConnectionRow, Disconnected, Revocation};

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
    let ended_at = broker.now();
    let ended = broker.end(&row, ended_at + FIRST_PAUSE).await?;
    broker.ambient.pass(Waypoint::Ended).await;
    let at_bank = match ended {
        Disconnected::NotThere => return Err(Error::NotConnected),
        Disconnected::Shared => AtBank::Shared,
        Disconnected::Last(waiting) => ask_now(&broker, waiting).await,
    };
    Ok(axum::Json(Receipt { connection: row.id, disconnected_at: rfc3339(ended_at), at_bank }))
}

/// Asks the bank for each; tells the weakest of its answers.
async fn ask_now(broker: &Arc<Broker>, waiting: Vec<Revocation>) -> AtBank {
    // tasks of their own: they go on when the page stops waiting, or goes away
    let asked: Vec<_> =
        waiting.into_iter().map(|one| tokio::spawn(ask(broker.clone(), one))).collect();
    let answers = async {
        let mut weakest = None;
        for answer in asked {
            weakest = weakest.max(Some(answer.await.unwrap_or(Revoked::NotYet)));
        }
        weakest.unwrap_or(Revoked::NotOffered)
    };
    match tokio::time::timeout(WAIT, answers).await {
        Ok(Revoked::Yes) => AtBank::Revoked,
        Ok(Revoked::NotOffered) => AtBank::NotOffered,
        Ok(Revoked::StillUsed) => AtBank::Shared,
        Ok(Revoked::NotYet) | Err(_) => AtBank::Pending,
    }
}

impl Broker {
    /// Ends a connection here, and queues what the bank has to forget, due at `next_at`.
    pub(crate) async fn end(
        &self,
        row: &ConnectionRow,
        next_at: i64,
    ) -> Result<Disconnected, Error> {
        Ok(self.store.disconnect(row, next_at, &|grant| self.to_forget(grant)).await?)
    }
}
