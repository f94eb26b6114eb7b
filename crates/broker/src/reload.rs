//! New certificate files are taken into use without a restart: asked for by SIGHUP, and looked for.

use std::sync::Weak;
use std::time::Duration;

use crate::Broker;

/// Looks every `pause` until the broker is gone.
pub(crate) async fn run(broker: Weak<Broker>, pause: Duration) {
    loop {
        tokio::time::sleep(pause).await;
        let Some(broker) = broker.upgrade() else { return };
        broker.look_at_files(false).await;
    }
}

impl Broker {
    /// Looks at the certificate files of every provider now and tells what came of it in the log. When it is
    /// done, no new call goes out under a certificate that was replaced.
    pub async fn reload(&self) {
        self.look_at_files(true).await;
    }

    async fn look_at_files(&self, asked: bool) {
        for bank in self.banks.iter() {
            bank.look_at_files(asked).await;
        }
    }
}
