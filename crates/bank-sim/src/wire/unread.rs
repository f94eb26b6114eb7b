//! What was left on a connection when it ended: a request that HTTP could not read, or one that
//! never came to its end. It is recorded as far as it can be told.

use std::sync::Arc;

use crate::bank::Bank;
use crate::call::Line;
use crate::journal::RecordedRequest;

/// Records `bytes`, which no request has claimed.
pub(super) fn record(bank: &Bank, line: &Line, bytes: Vec<u8>) {
    let text = String::from_utf8_lossy(&bytes);
    let mut lines = text.trim_start_matches(['\r', '\n']).lines();
    let mut words = lines.next().unwrap_or("").split(' ').map(ToOwned::to_owned);
    let mut word = || words.next().unwrap_or_default();
    let (method, target, http) = (word(), word(), word());
    let fields = lines.take_while(|line| !line.is_empty());
    let headers = fields.filter_map(|line| line.split_once(':'));
    let headers =
        headers.map(|(name, value)| (name.to_owned(), value.trim().as_bytes().to_owned()));
    bank.journal.record(RecordedRequest {
        number: 0,
        listener: line.door,
        at: bank.clock.now(),
        http,
        method,
        target,
        headers: headers.collect(),
        body: Vec::new(),
        peer: line.peer.as_deref().cloned(),
        tls: line.wire.tls().map(Arc::clone),
        refused: Some("unreadable or unfinished"),
        raw: Some(bytes),
    });
}
