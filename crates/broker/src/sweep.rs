//! What is done without anybody asking: revocations again, forgetting what nobody can reach, and a daily look at our
//! certificates.

use std::sync::Arc;
use std::time::Duration;

use crate::Broker;
use crate::arrival::{ASKED_SECONDS, WAITS_SECONDS};
use crate::error::{Error, chain};
use crate::idempotency::KEPT_SECONDS;
use crate::revocation;

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
        if let Err(error) = round(&broker).await {
            tracing::error!(cause = chain(&error), "sweep");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn round(broker: &Arc<Broker>) -> Result<(), Error> {
    let now = broker.now();
    for row in broker.store.orphans(now, now - WAITS_SECONDS).await? {
        tracing::info!(connection = row.id, provider = row.provider, "nobody can reach it");
        broker.end(&row, now).await?;
    }
    for id in broker.store.unused_grants(now - UNCONNECTED).await? {
        broker.dispose(&id).await;
    }
    broker.store.close_exchanges(now + ASKED_SECONDS - LONGEST_EXCHANGE).await?;
    broker.store.forget_ended(now).await?;
    broker.store.forget_unattended(now).await?;
    broker.store.forget_orders(now - KEPT_SECONDS).await?;
    revocation::ask_again(broker).await
}
