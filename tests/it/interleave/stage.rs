//! Where the actors of an interleaving stand: each has a broker of its own, which holds it at every gate until
//! it is its turn.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use broker::ambient::{Gates, Held, Pause, Waypoint};
use tokio::sync::{OwnedMutexGuard, oneshot, watch};
use tokio::task::JoinHandle;

/// Longer than anything between two gates takes, on a machine that has much to do.
const STUCK: Duration = Duration::from_mins(1);

/// Where an actor stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    /// Nobody has called yet.
    Wings,
    /// At a gate.
    At(Waypoint),
    /// It waits for another broker's refresh, and looks again.
    Waiting,
    /// Its call is answered, with this status.
    Over(u16),
    /// It died where it stood.
    Dead(Waypoint),
}

/// One actor of one play.
pub(super) struct Actor {
    now: Mutex<Now>,
    changed: watch::Sender<()>,
    /// Revocations of one disconnect go on side by side; here one of them after the other.
    turn: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct Now {
    standing: Option<(Place, oneshot::Sender<()>)>,
    turn: Option<OwnedMutexGuard<()>>,
    call: Option<JoinHandle<()>>,
    over: Option<Place>,
}

impl Actor {
    fn new() -> Arc<Self> {
        let (now, turn) = (Mutex::default(), Arc::default());
        Arc::new(Self { now, changed: watch::channel(()).0, turn })
    }

    fn now<T>(&self, look: impl FnOnce(&mut Now) -> T) -> T {
        look(&mut self.now.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn place(&self) -> Place {
        let standing = |now: &Now| now.standing.as_ref().map(|(place, _)| *place);
        self.now(|now| now.over.or_else(|| standing(now)).unwrap_or(Place::Wings))
    }

    /// The next part of its way: from the wings with `call`, from a gate to the next one.
    pub(super) async fn step(self: &Arc<Self>, call: impl Future<Output = u16> + Send + 'static) {
        if let Some((_, go)) = self.now(|now| now.standing.take()) {
            go.send(()).unwrap();
        } else {
            let this = self.clone();
            let call = tokio::spawn(async move {
                let status = call.await;
                this.now(|now| now.over = Some(Place::Over(status)));
                this.changed.send_replace(());
            });
            self.now(|now| now.call = Some(call));
        }
        let rests = |(): &()| self.now(|now| now.over.is_some() || now.standing.is_some());
        let mut changed = self.changed.subscribe();
        let arrives = tokio::time::timeout(STUCK, changed.wait_for(rests));
        arrives.await.expect("an actor arrives somewhere").unwrap();
    }

    /// Nothing of it ever goes on.
    pub(super) fn die(&self) {
        self.now(|now| {
            if let (Some((Place::At(waypoint), _)), None) = (now.standing.take(), now.over) {
                now.over = Some(Place::Dead(waypoint));
            }
            if let Some(call) = now.call.take() {
                call.abort();
            }
        });
    }

    async fn stand(self: Arc<Self>, place: Place) {
        if place == Place::At(Waypoint::RevocationNext) {
            let turn = self.turn.clone().lock_owned().await;
            self.now(|now| now.turn = Some(turn));
        }
        let (go, released) = oneshot::channel();
        self.now(|now| now.standing = Some((place, go)));
        self.changed.send_replace(());
        if released.await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// The gates of one broker: whatever comes to them belongs to the actor of the play that is on.
#[derive(Clone)]
pub(super) struct Stage(Arc<Mutex<Arc<Actor>>>);

impl Stage {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(Actor::new())))
    }

    /// A new actor for a new play; what is left of the one before stays where it is.
    pub(super) fn enter(&self) -> Arc<Actor> {
        let actor = Actor::new();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = actor.clone();
        actor
    }

    fn stand(&self, place: Place) -> Held<'_> {
        Box::pin(self.actor().stand(place))
    }

    fn actor(&self) -> Arc<Actor> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Gates for Stage {
    fn pass(&self, waypoint: Waypoint) -> Held<'_> {
        match waypoint {
            // nothing that anybody else could see has happened since the gate before
            Waypoint::Judged | Waypoint::CallbackTaken => Box::pin(std::future::ready(())),
            Waypoint::RevocationNoted => {
                self.actor().now(|now| now.turn.take());
                Box::pin(std::future::ready(()))
            }
            _ => self.stand(Place::At(waypoint)),
        }
    }

    /// Leases are not renewed, as by a process that stands still, and nothing goes on in the background.
    fn pause(&self, of: Pause, _: Duration) -> Held<'_> {
        match of {
            Pause::Waiter => self.stand(Place::Waiting),
            Pause::Renewal | Pause::Round | Pause::Ahead => Box::pin(std::future::pending()),
        }
    }
}
