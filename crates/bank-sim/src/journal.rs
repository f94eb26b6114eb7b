//! What the bank saw: every request as it came, and every breach of protocol. Tests read it.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use crate::form::Fields;
use crate::pki::peer::PeerCertificate;
use crate::sync::lock;

/// Requests kept; older ones are forgotten, so that a load test does not fill the memory.
const KEPT_REQUESTS: usize = 10_000;
/// Bytes of a body that are kept.
pub(crate) const KEPT_BODY: usize = 64 * 1024;
/// Request identifiers remembered to notice their reuse.
const KEPT_IDS: usize = 100_000;

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

/// One request, as it came.
#[derive(Clone, Debug)]
pub struct RecordedRequest {
    /// Where it came in.
    pub listener: Door,
    /// The bank's time.
    pub at: SystemTime,
    /// Method.
    pub method: String,
    /// Path and query as sent; absolute for an HTTP/1.1 request in absolute form.
    pub target: String,
    /// Headers, names in lower case. In order, but repeated names stand together.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The first 64 KiB of the body.
    pub body: Vec<u8>,
    /// Certificate of the TLS peer.
    pub peer: Option<PeerCertificate>,
}

impl RecordedRequest {
    /// The path without its query.
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(&self.target, |(path, _)| path)
    }

    /// All values of a header, by its lower-case name.
    pub fn header_values(&self, name: &str) -> Vec<String> {
        let named = self.headers.iter().filter(|(known, _)| known == name);
        named.map(|(_, value)| String::from_utf8_lossy(value).into_owned()).collect()
    }

    /// The first value of a header, by its lower-case name.
    pub fn header(&self, name: &str) -> Option<String> {
        self.header_values(name).into_iter().next()
    }

    /// The first value of a decoded query parameter.
    pub fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.target.split_once('?')?;
        Fields::read(query).first(name).map(ToOwned::to_owned)
    }

    /// The first value of a decoded form field.
    pub fn form(&self, name: &str) -> Option<String> {
        Fields::read(&String::from_utf8_lossy(&self.body)).first(name).map(ToOwned::to_owned)
    }
}

/// The book of requests and breaches.
#[derive(Default)]
pub(crate) struct Journal {
    requests: Mutex<VecDeque<Arc<RecordedRequest>>>,
    violations: Mutex<Vec<String>>,
    request_ids: Mutex<HashSet<String>>,
}

impl Journal {
    pub(crate) fn record(&self, request: RecordedRequest) {
        let mut requests = lock(&self.requests);
        if requests.len() == KEPT_REQUESTS {
            requests.pop_front();
        }
        requests.push_back(Arc::new(request));
    }

    /// Notes a breach of protocol.
    pub(crate) fn violation(&self, what: impl Into<String>) {
        let what = what.into();
        tracing::warn!(violation = %what, "protocol");
        let mut violations = lock(&self.violations);
        if violations.len() < KEPT_REQUESTS {
            violations.push(what);
        }
    }

    /// Notes `X-Request-ID`, which must be new (bank-api fact 8.2).
    pub(crate) fn request_id(&self, id: &str) {
        let mut ids = lock(&self.request_ids);
        if ids.len() == KEPT_IDS {
            ids.clear();
        }
        if !ids.insert(id.to_owned()) {
            self.violation(format!("X-Request-ID reused: {id}"));
        }
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.requests).iter().map(|request| RecordedRequest::clone(request)).collect()
    }

    pub(crate) fn violations(&self) -> Vec<String> {
        lock(&self.violations).clone()
    }

    pub(crate) fn clear(&self) {
        lock(&self.requests).clear();
        lock(&self.violations).clear();
    }
}
