//! `GET /connections/{id}/orders`, `GET` and `DELETE /connections/{id}/orders/{key}`: what became of what a
//! page has asked for, for a page that was closed meanwhile.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use protocol::order::{KeptOrder, KeptOrders, OrderOutcome};
use serde_json::value::RawValue;

use crate::Broker;
use crate::body::PathId;
use crate::connections::rfc3339;
use crate::error::Error;
use crate::idempotency::{KEPT_SECONDS, is_key};
use crate::store::{OrderRow, OrderState};

/// The bank's JSON, as it came.
type Answer = Box<RawValue>;

const NO_ORDER: Error = Error::NotFound("There is no order with this key.");

/// The orders of a connection, the newest first.
pub(crate) async fn list(
    State(broker): State<Arc<Broker>>,
    PathId(id): PathId,
    headers: HeaderMap,
) -> Result<axum::Json<KeptOrders<Answer>>, Error> {
    let row = broker.own_connection(&headers, &id).await?;
    let orders = broker.store.orders(&row.id, broker.now() - KEPT_SECONDS).await?;
    let orders = orders.iter().map(|order| broker.describe_order(&row.id, order));
    Ok(axum::Json(KeptOrders { orders: orders.collect::<Result<_, _>>()? }))
}

/// One of them.
pub(crate) async fn get(
    State(broker): State<Arc<Broker>>,
    Path((id, key)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<axum::Json<KeptOrder<Answer>>, Error> {
    let row = broker.own_connection(&headers, &id).await?;
    known(&key)?;
    let order = broker.store.order(&row.id, &key, broker.now() - KEPT_SECONDS).await?;
    broker.describe_order(&row.id, &order.ok_or(NO_ORDER)?).map(axum::Json)
}

/// Forgets one that is not in flight: the app has done with it.
pub(crate) async fn forget(
    State(broker): State<Arc<Broker>>,
    Path((id, key)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, Error> {
    let row = broker.own_connection(&headers, &id).await?;
    known(&key)?;
    if broker.store.forget_order(&row.id, &key, broker.now()).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    let order = broker.store.order(&row.id, &key, broker.now() - KEPT_SECONDS).await?;
    Err(if order.is_some() { Error::OrderInFlight } else { NO_ORDER })
}

/// Refuses what no order can be called.
fn known(key: &str) -> Result<(), Error> {
    if is_key(key) { Ok(()) } else { Err(NO_ORDER) }
}

impl Broker {
    fn describe_order(&self, connection: &str, row: &OrderRow) -> Result<KeptOrder<Answer>, Error> {
        let outcome = match row.state_at(self.now()) {
            OrderState::InFlight => OrderOutcome::InFlight,
            OrderState::Answered => OrderOutcome::Answered,
            OrderState::Refused => OrderOutcome::Refused,
            OrderState::Unknown => OrderOutcome::Unknown,
        };
        let answer = match outcome {
            OrderOutcome::Answered => Some(self.kept_answer(connection, row)?.1),
            _ => None,
        };
        // it was found to be JSON before it was kept
        let answer = answer.and_then(|body| serde_json::from_slice(&body).ok());
        let (key, path) = (row.key.clone(), row.path.clone());
        Ok(KeptOrder { key, path, begun_at: rfc3339(row.begun_at), outcome, answer })
    }
}
