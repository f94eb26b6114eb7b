//! What is done without anybody asking: revocations again, wrapping data keys anew, forgetting what nobody can
//! reach, and a daily look at our certificates.

use std::sync::Arc;
use std::time::Duration;

use crate::Broker;
use crate::ambient::Pause;
use crate::arrival::{ASKED_SECONDS, WAITS_SECONDS};
use crate::error::{Error, chain};
use crate::idempotency::KEPT_SECONDS;
use crate::revocation;
use crate::store::Ending;

/// Between two rounds.
const PAUSE: Duration = Duration::from_secs(5);
/// A grant without connection is given this long, in seconds, to find one.
const UNCONNECTED: i64 = 900;

/// Seconds after which a code exchange is over, whatever became of the process that had it under way.
const LONGEST_EXCHANGE: i64 = 180;

/// Works until the broker stops.
pub(crate) async fn run(broker: Arc<Broker>) {
    while !broker.is_stopping() {
        broker.banks.iter().for_each(|bank| bank.look_again_at_certificate());
        if !broker.held.fits() {
            tracing::error!(
                event = "key_ring_unfit",
                "nothing is swept: the key ring does not open the store"
            );
            broker.ambient.pause(Pause::Round, PAUSE).await;
        } else if !round(&broker).await {
            broker.ambient.pause(Pause::Round, PAUSE).await;
        }
    }
}

/// Every step is for itself: one that fails keeps none of the others from being done. Answers whether the next round is
/// due at once, for an operator has ended many connections.
async fn round(broker: &Arc<Broker>) -> bool {
    let now = broker.now();
    let store = &broker.store;
    told("orphans", orphans(broker, now).await);
    told("grants", unused(broker, now).await);
    if broker.leads() {
        told("data keys", broker.rewrap().await);
    }
    let asked = revocation::ask_again(broker).await;
    let more = matches!(asked, Ok(true));
    told("revocations", asked.map(drop));
    let over = now + ASKED_SECONDS - LONGEST_EXCHANGE;
    told("exchanges", store.close_exchanges(over).await.map_err(Error::from));
    told("sessions", store.forget_ended(now).await.map_err(Error::from));
    let kept = i64::try_from(broker.receipts.as_secs()).unwrap_or(i64::MAX);
    told("receipts", store.forget_receipts(now - kept).await.map_err(Error::from));
    told("readings", store.forget_unattended(now).await.map_err(Error::from));
    told("orders", store.forget_orders(now - KEPT_SECONDS).await.map_err(Error::from));
    more
}

fn told(step: &'static str, done: Result<(), Error>) {
    if let Err(error) = done {
        tracing::error!(step, cause = chain(&error), "sweep");
    }
}

/// Ends what nobody can reach.
async fn orphans(broker: &Arc<Broker>, now: i64) -> Result<(), Error> {
    for (row, cause) in broker.store.orphans(now, now - WAITS_SECONDS).await? {
        tracing::info!(connection = row.id, provider = row.provider, ?cause, "nobody can reach it");
        let receipt = &broker.ambient.uuid()?;
        broker.end(&row, &Ending { receipt, cause, at: now, next_at: now }).await?;
    }
    Ok(())
}

/// Disposes of grants that have found no connection.
async fn unused(broker: &Arc<Broker>, now: i64) -> Result<(), Error> {
    for id in broker.store.unused_grants(now - UNCONNECTED).await? {
        broker.dispose(&id).await;
    }
    Ok(())
}
