//! Clock and randomness, handed in so that tests can step the one and seed the other, and gates at which
//! they can hold what goes on.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use jiff::Timestamp;

/// What the process takes from the world around it.
#[derive(Clone)]
pub struct Ambient {
    clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    random: Random,
    /// Nobody holds anything where there are none.
    gates: Option<Arc<dyn Gates>>,
}

/// Holds what goes on at its waypoints; tests rule by it what happens in which order, and what never does.
pub trait Gates: Send + Sync {
    /// Ends when what stands at the waypoint may go on.
    fn pass(&self, waypoint: Waypoint) -> Held<'_>;

    /// Ends when a pause is over that would take so long.
    fn pause(&self, of: Pause, length: Duration) -> Held<'_> {
        let _ = of;
        Box::pin(tokio::time::sleep(length))
    }
}

/// Until it ends, nothing goes on.
pub type Held<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// What has nothing to do for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// A caller that waits for another broker's refresh.
    Waiter,
    /// A lease, until it is renewed.
    Renewal,
    /// The background work, between two rounds.
    Round,
    /// Refreshes ahead of time, between two rounds.
    Ahead,
}

/// Places where a refresh, a callback, a disconnect or an order would suffer most from a process that dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Waypoint {
    /// Of a refresh nothing is done yet.
    Begun,
    /// The lease is ours.
    Leased,
    /// It is written down that the refresh token goes out.
    Intended,
    /// The bank's reply is in memory.
    Received,
    /// It is in the store, unjudged.
    Kept,
    /// It is found good, and not yet in use.
    Judged,
    /// Its tokens are in use; the lease is still ours.
    Settled,
    /// The bank's word that the grant is dead is in memory.
    Refused,
    /// It is written down that an order goes out.
    OrderBegun,
    /// The bank's answer to an order is in memory.
    OrderAnswered,
    /// The authorization of a callback is used up.
    CallbackTaken,
    /// Its code is about to be sent.
    CodeNext,
    /// The bank's reply to the code is in memory.
    CodeReceived,
    /// It is in the store, unjudged.
    CodeKept,
    /// Its tokens are in use, by no connection yet.
    CodeSettled,
    /// The connection is written.
    Connected,
    /// Data keys are wrapped anew, and not in the store yet.
    Rewrapped,
    /// A disconnect has found what it ends.
    EndBegun,
    /// The connection is ended here.
    Ended,
    /// The bank is about to be asked to forget tokens.
    RevocationNext,
    /// The bank has answered that.
    RevocationAnswered,
    /// Its answer is noted.
    RevocationNoted,
}

/// Fills a slice with random bytes.
type Random = Arc<dyn Fn(&mut [u8]) -> Result<(), NoRandomness> + Send + Sync>;

/// The operating system gave no random bytes.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct NoRandomness;

impl Ambient {
    /// The system's clock and its cryptographic randomness.
    pub fn system() -> Self {
        let system = SystemRandom::new();
        Self {
            clock: Arc::new(Timestamp::now),
            random: Arc::new(move |bytes| system.fill(bytes).map_err(|_| NoRandomness)),
            gates: None,
        }
    }

    /// The same with another clock; tests use it to travel in time.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The same with gates; tests hold work there, or have a process die.
    #[must_use]
    pub fn with_gates(mut self, gates: impl Gates + 'static) -> Self {
        self.gates = Some(Arc::new(gates));
        self
    }

    pub(crate) async fn pass(&self, waypoint: Waypoint) {
        if let Some(gates) = &self.gates {
            gates.pass(waypoint).await;
        }
    }

    pub(crate) async fn pause(&self, of: Pause, length: Duration) {
        match &self.gates {
            Some(gates) => gates.pause(of, length).await,
            None => tokio::time::sleep(length).await,
        }
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// `N` random bytes.
    pub fn random<const N: usize>(&self) -> Result<[u8; N], NoRandomness> {
        let mut bytes = [0; N];
        (self.random)(&mut bytes)?;
        Ok(bytes)
    }

    /// A random version 4 UUID (RFC 9562) as text, 36 characters.
    pub fn uuid(&self) -> Result<String, NoRandomness> {
        Ok(uuid::Builder::from_random_bytes(self.random()?).into_uuid().to_string())
    }
}
