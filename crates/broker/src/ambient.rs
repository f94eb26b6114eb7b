//! Clock and randomness, handed in so that tests can step the one and seed the other, and a place to
//! look on from.

use std::sync::Arc;

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use jiff::Timestamp;

/// What the process takes from the world around it.
#[derive(Clone)]
pub struct Ambient {
    clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    random: Random,
    passed: Passed,
}

/// Is told which place is passed.
type Passed = Arc<dyn Fn(Waypoint) + Send + Sync>;

/// Places where a refresh or an order would suffer most from a process that dies; tests let it die there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waypoint {
    /// Nothing is done yet.
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
    /// It is written down that an order goes out.
    OrderBegun,
    /// The bank's answer to an order is in memory.
    OrderAnswered,
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
            passed: Arc::new(|_| {}),
        }
    }

    /// The same with another clock; tests use it to travel in time.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The same, telling `passed` where a refresh or an order stands; tests use it to stop a process there.
    #[must_use]
    pub fn with_waypoints(mut self, passed: impl Fn(Waypoint) + Send + Sync + 'static) -> Self {
        self.passed = Arc::new(passed);
        self
    }

    pub(crate) fn pass(&self, waypoint: Waypoint) {
        (self.passed)(waypoint);
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
