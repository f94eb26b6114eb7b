//! Freezes under a running broker: looked for every second, and set and taken back at the private door.

use std::sync::{Arc, Weak};
use std::time::Duration;

use axum::extract::State;
use serde::{Deserialize, Serialize};

use crate::Broker;
use crate::body::{Json, Query};
use crate::connections::rfc3339;
use crate::error::{Error, chain};
use crate::store::{Freeze, StoreError};

/// Between two looks: how long a broker may go on after another one was told to stop.
const PAUSE: Duration = Duration::from_secs(1);
/// Characters of a reason.
const LONGEST_REASON: usize = 200;

/// Looks until the broker is gone. A store that does not answer changes nothing.
pub(crate) async fn run(broker: Weak<Broker>) {
    loop {
        tokio::time::sleep(PAUSE).await;
        let Some(broker) = broker.upgrade() else { return };
        if let Err(error) = broker.look_at_freezes().await {
            tracing::warn!(cause = chain(&error), "freezes cannot be read");
        }
    }
}

impl Broker {
    /// Takes up what the store has now.
    pub(crate) async fn look_at_freezes(&self) -> Result<Vec<Freeze>, StoreError> {
        let freezes = self.store.freezes().await?;
        for bank in self.banks.iter() {
            let id = &*bank.provider.id;
            let of = |freeze: &&Freeze| freeze.provider.as_deref().is_none_or(|one| one == id);
            bank.set_frozen(freezes.iter().find(of).cloned());
        }
        Ok(freezes)
    }
}

/// Body of `PUT /incidents/freeze`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    provider: Option<String>,
    #[serde(default)]
    reason: String,
}

/// Query of `DELETE /incidents/freeze`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    provider: Option<String>,
}

/// What is in force.
#[derive(Serialize)]
pub(crate) struct Freezes {
    pub(crate) freezes: Vec<Told>,
}

/// One freeze.
#[derive(Serialize)]
pub(crate) struct Told {
    /// `null`: every bank.
    pub(crate) provider: Option<String>,
    pub(crate) reason: String,
    pub(crate) since: String,
}

impl Freezes {
    pub(crate) fn of(freezes: Vec<Freeze>) -> Self {
        let told =
            |Freeze { provider, reason, since }| Told { provider, reason, since: rfc3339(since) };
        Self { freezes: freezes.into_iter().map(told).collect() }
    }
}

/// All that are in force.
pub(crate) async fn list(State(broker): State<Arc<Broker>>) -> Result<axum::Json<Freezes>, Error> {
    Ok(axum::Json(Freezes::of(broker.look_at_freezes().await?)))
}

/// Freezes a bank, or every one; this broker at once, the others within a second.
pub(crate) async fn freeze(
    State(broker): State<Arc<Broker>>,
    Json(Wanted { provider, reason }): Json<Wanted>,
) -> Result<axum::Json<Freezes>, Error> {
    broker.check_provider(provider.as_deref())?;
    if !is_reason(&reason) {
        return Err(Error::InvalidRequest(NO_REASON));
    }
    broker.store.freeze(&Freeze { provider, reason, since: broker.now() }).await?;
    Ok(axum::Json(Freezes::of(broker.look_at_freezes().await?)))
}

/// Takes a freeze back; one that is not there is as good as gone.
pub(crate) async fn thaw(
    State(broker): State<Arc<Broker>>,
    Query(Which { provider }): Query<Which>,
) -> Result<axum::Json<Freezes>, Error> {
    broker.store.thaw(provider.as_deref()).await?;
    Ok(axum::Json(Freezes::of(broker.look_at_freezes().await?)))
}

pub(crate) const NO_REASON: &str = "reason is at most 200 characters on one line.";

/// Whether it may stand in a log and in a table.
pub(crate) fn is_reason(text: &str) -> bool {
    text.chars().count() <= LONGEST_REASON && !text.chars().any(char::is_control)
}

impl Broker {
    fn check_provider(&self, provider: Option<&str>) -> Result<(), Error> {
        if provider.is_some_and(|id| self.banks.find(id).is_none()) {
            return Err(Error::NotFound("There is no such provider."));
        }
        Ok(())
    }
}
