//! A broker whose background work comes round when a test says so.

use std::sync::Arc;
use std::time::Duration;

use broker::ambient::{Gates, Held, Pause, Waypoint};
use tokio::sync::watch;

/// Rounds of one kind of background work begin when a test says so.
#[derive(Clone)]
pub(crate) struct Rounds {
    of: Pause,
    /// How many loops do the work.
    loops: usize,
    /// How many rounds may begin, and how many have ended in all loops.
    state: Arc<(watch::Sender<usize>, watch::Sender<usize>)>,
}

impl Rounds {
    pub(crate) fn of(of: Pause) -> Self {
        Self { of, loops: 1, state: Arc::new((watch::channel(0).0, watch::channel(0).0)) }
    }

    /// The same for work that so many loops do.
    pub(crate) fn in_loops(self, loops: usize) -> Self {
        Self { loops, ..self }
    }

    /// Waits until the work waits for its first round.
    pub(crate) async fn begun(&self) {
        self.state.1.subscribe().wait_for(|ended| *ended >= self.loops).await.unwrap();
    }

    /// One round of every loop, to its end.
    pub(crate) async fn one(&self) {
        let before = *self.state.1.borrow();
        self.begin();
        let goal = before + self.loops;
        self.state.1.subscribe().wait_for(|ended| *ended >= goal).await.unwrap();
    }

    /// Lets a round of every loop begin that waits for one.
    pub(crate) fn begin(&self) {
        self.state.0.send_modify(|begun| *begun += 1);
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
            let (begun, ended) = &*self.state;
            let mut next = begun.subscribe();
            let before = *next.borrow_and_update();
            ended.send_modify(|ended| *ended += 1);
            next.wait_for(|begun| *begun > before).await.unwrap();
        })
    }
}
