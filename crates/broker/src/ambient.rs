//! Clock and randomness, handed in so that tests can step the one and seed the other.

use std::sync::Arc;

use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use jiff::Timestamp;

/// What the process takes from the world around it.
#[derive(Clone)]
pub struct Ambient {
    clock: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    random: Random,
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
        }
    }

    /// The same with another clock; tests use it to travel in time.
    #[must_use]
    pub fn with_clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
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
