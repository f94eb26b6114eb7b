//! What the bank saw: every request as it came, and every breach of protocol. Tests read it.

mod request;
mod violation;

use std::collections::{HashSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use crate::Clock;
use crate::sync::lock;

pub use request::{RecordedRequest, TlsSession};
pub(crate) use violation::Breach;
pub use violation::Violation;

/// Requests kept; older ones are forgotten, so that a load test does not fill the memory.
const KEPT_REQUESTS: usize = 10_000;
/// Bytes kept of all requests together.
const KEPT_BYTES: usize = 64 * 1024 * 1024;
/// Bytes of a body that are kept.
pub(crate) const KEPT_BODY: usize = 64 * 1024;
/// Request identifiers remembered to notice their reuse.
const KEPT_IDS: usize = 100_000;

tokio::task_local! {
    /// The number of the request being answered.
    static PRESENT: u64;
}

/// Lets every violation noted inside `act` belong to the request `number`.
pub(crate) async fn during<T>(number: u64, act: impl Future<Output = T>) -> T {
    PRESENT.scope(number, act).await
}

/// A door of the bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Door {
    /// Plain HTTP for browsers.
    Front,
    /// TLS with optional client certificate.
    Tls,
    /// The sandbox.
    Sandbox,
    /// The control endpoint, whose requests are not recorded.
    Control,
}

impl Door {
    /// The name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Front => "front",
            Self::Tls => "tls",
            Self::Sandbox => "sandbox",
            Self::Control => "control",
        }
    }
}

/// The book of requests and breaches.
pub(crate) struct Journal {
    clock: Clock,
    last: AtomicU64,
    requests: Mutex<Requests>,
    violations: Mutex<Vec<Violation>>,
    request_ids: Mutex<HashSet<String>>,
}

#[derive(Default)]
struct Requests {
    kept: VecDeque<Arc<RecordedRequest>>,
    bytes: usize,
}

impl Journal {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            last: AtomicU64::new(0),
            requests: Mutex::default(),
            violations: Mutex::default(),
            request_ids: Mutex::default(),
        }
    }

    /// Keeps a request; answers its number.
    pub(crate) fn record(&self, mut request: RecordedRequest) -> u64 {
        let mut requests = lock(&self.requests);
        // counted under the lock, so that the book is in order
        request.number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let number = request.number;
        requests.bytes += request.size();
        requests.kept.push_back(Arc::new(request));
        while requests.kept.len() > KEPT_REQUESTS || requests.bytes > KEPT_BYTES {
            let Some(oldest) = requests.kept.pop_front() else { break };
            requests.bytes -= oldest.size();
        }
        number
    }

    /// Notes a breach that has no code.
    pub(crate) fn violation(&self, what: impl Into<String>) {
        self.breach(Breach::Other, what);
    }

    /// Notes a breach of protocol.
    pub(crate) fn breach(&self, breach: Breach, detail: impl Into<String>) {
        let violation = Violation {
            code: breach.code(),
            detail: detail.into(),
            request: PRESENT.try_with(|number| *number).ok(),
            at: self.now(),
            standard: breach.standard(),
        };
        tracing::warn!(%violation, "protocol");
        let mut violations = lock(&self.violations);
        if violations.len() < KEPT_REQUESTS {
            violations.push(violation);
        }
    }

    /// Notes `X-Request-ID`, which must be new (bank-api fact 8.2).
    pub(crate) fn request_id(&self, id: &str) {
        let mut ids = lock(&self.request_ids);
        if ids.len() == KEPT_IDS {
            ids.clear();
        }
        if !ids.insert(id.to_owned()) {
            self.breach(Breach::RequestIdReused, format!("X-Request-ID reused: {id}"));
        }
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    pub(crate) fn requests(&self) -> Vec<Arc<RecordedRequest>> {
        lock(&self.requests).kept.iter().cloned().collect()
    }

    pub(crate) fn violations(&self) -> Vec<Violation> {
        lock(&self.violations).clone()
    }

    pub(crate) fn clear_requests(&self) {
        *lock(&self.requests) = Requests::default();
    }

    pub(crate) fn clear_violations(&self) {
        lock(&self.violations).clear();
    }
}
