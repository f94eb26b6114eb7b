//! A broker whose background work comes round when a test says so.

use std::sync::Arc;
use std::time::Duration;

use broker::ambient::{Gates, Held, Pause, Waypoint};
use tokio::sync::{Semaphore, watch};

/// Rounds of one kind of background work begin when a test says so.
#[derive(Clone)]
pub(crate) struct Rounds {
    of: Pause,
    /// How many may begin, and how many have ended.
    state: Arc<(Semaphore, watch::Sender<usize>)>,
}

impl Rounds {
    pub(crate) fn of(of: Pause) -> Self {
        Self { of, state: Arc::new((Semaphore::new(0), watch::channel(0).0)) }
    }

    /// Waits until the work waits for its first round.
    pub(crate) async fn begun(&self) {
        self.state.1.subscribe().wait_for(|ended| *ended > 0).await.unwrap();
    }

    /// One round, to its end.
    pub(crate) async fn one(&self) {
        let (begin, ended) = &*self.state;
        let before = *ended.borrow();
        begin.add_permits(1);
        ended.subscribe().wait_for(|ended| *ended > before).await.unwrap();
    }
}

impl Gates for Rounds {
    fn pass(&self, _: Waypoint) -> Held<'_> {
        Box::pin(std::future::ready(()))
    }

    fn pause(&self, of: Pause, length: Duration) -> Held<'_> {
        if of != self.of {
            return Box::pin(tokio::time::sleep(length));
        }
        Box::pin(async {
            let (begin, ended) = &*self.state;
            ended.send_modify(|ended| *ended += 1);
            begin.acquire().await.unwrap().forget();
        })
    }
}
