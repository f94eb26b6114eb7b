//! A broker that stands still at one of its waypoints until a test lets it go on.

use std::sync::Arc;

use broker::ambient::{Gates, Held, Waypoint};
use tokio::sync::watch;

/// The waypoint, and how far what comes to it is.
#[derive(Clone)]
pub(crate) struct StandStill {
    at: Waypoint,
    state: Arc<watch::Sender<State>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Closed,
    Arrived,
    Open,
}

impl StandStill {
    pub(crate) fn at(at: Waypoint) -> Self {
        Self { at, state: Arc::new(watch::channel(State::Closed).0) }
    }

    /// Waits until something stands there.
    pub(crate) async fn arrives(&self) {
        self.state.subscribe().wait_for(|state| *state == State::Arrived).await.unwrap();
    }

    /// Lets everything pass from here on.
    pub(crate) fn open(&self) {
        self.state.send_replace(State::Open);
    }
}

impl Gates for StandStill {
    fn pass(&self, waypoint: Waypoint) -> Held<'_> {
        if waypoint != self.at || *self.state.borrow() == State::Open {
            return Box::pin(std::future::ready(()));
        }
        self.state.send_replace(State::Arrived);
        Box::pin(async {
            self.state.subscribe().wait_for(|state| *state == State::Open).await.unwrap();
        })
    }
}
