//! What is taken into use without a restart: new certificate files and key rings, asked for by SIGHUP and looked
//! for, and what probes have found out.

use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::Broker;
use crate::error::chain;
use crate::store::StoreError;

/// Looks every `pause` until the broker is gone.
pub(crate) async fn run(broker: Weak<Broker>, pause: Duration) {
    loop {
        tokio::time::sleep(pause).await;
        let Some(broker) = broker.upgrade() else { return };
        broker.look(false).await;
    }
}

impl Broker {
    /// Looks at the certificate files of every provider now and tells what came of it in the log. When it is
    /// done, no new call goes out under a certificate that was replaced. The key ring and what
    /// probes have found are read anew, too.
    pub async fn reload(&self) {
        self.look(true).await;
    }

    async fn look(&self, asked: bool) {
        for bank in self.banks.iter() {
            bank.look_at_files(asked).await;
        }
        self.look_at_ring(asked).await;
        if let Err(error) = self.look_at_probes().await {
            tracing::warn!(cause = chain(&error), "what probes found cannot be read");
        }
    }

    /// Declares what probes have found out about the banks, as the store has it now.
    pub(crate) async fn look_at_probes(&self) -> Result<(), StoreError> {
        let findings = self.store.findings().await?;
        self.declared.take(self.banks.iter().map(Arc::as_ref), &findings);
        Ok(())
    }
}
