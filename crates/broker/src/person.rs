//! Where a person calls from: the connection's peer, or what a trusted proxy says.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;

use crate::Broker;

/// An address, and the port where it is known.
pub(crate) type Address = (IpAddr, Option<u16>);

impl Broker {
    /// The person's address: the peer's, or behind a proxy the operator trusts the one in
    /// `X-Forwarded-For`; nothing where that proxy names none that can be believed, and nothing
    /// where it is this machine's own.
    ///
    /// Read from the right: the first entry that is not itself a trusted proxy was written by one
    /// that is; everything left of it anybody may have written (requirements K37, P25, C06).
    pub(crate) fn address_of(&self, peer: SocketAddr, headers: &HeaderMap) -> Option<Address> {
        if !self.trusts(peer.ip()) {
            let address = peer.ip().to_canonical();
            return nobody_is_here((address, Some(peer.port())));
        }
        let values: Vec<_> = headers.get_all("x-forwarded-for").iter().collect();
        let entries = values
            .iter()
            .rev()
            .flat_map(|value| value.to_str().unwrap_or_default().rsplit(',').map(read));
        for entry in entries {
            let (address, port) = entry?; // an unreadable entry ends what can be believed
            if !self.trusts(address) {
                return nobody_is_here((address.to_canonical(), port));
            }
        }
        None
    }

    fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.trusted_proxies.iter().any(|net| net.contains(&address))
    }
}

/// No person calls from the machine the broker runs on: a proxy there did that nobody told us of.
fn nobody_is_here(address: Address) -> Option<Address> {
    (!address.0.is_loopback()).then_some(address)
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` or `[2001:db8::1]:4711`.
fn read(entry: &str) -> Option<Address> {
    let entry = entry.trim();
    let alone = entry.trim_start_matches('[').trim_end_matches(']').parse().ok();
    let both = || entry.parse::<SocketAddr>().ok().map(|both| (both.ip(), Some(both.port())));
    alone.map(|address| (address, None)).or_else(both)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn entries_are_read_as_proxies_write_them() {
        let written = |entry| read(entry).map(|(address, port)| (address.to_string(), port));
        assert_eq!(written(" 192.0.2.1"), Some(("192.0.2.1".to_owned(), None)));
        assert_eq!(written("192.0.2.1:4711"), Some(("192.0.2.1".to_owned(), Some(4711))));
        assert_eq!(written("[2001:db8::1]:4711"), Some(("2001:db8::1".to_owned(), Some(4711))));
        assert_eq!(written("2001:db8::1"), Some(("2001:db8::1".to_owned(), None)));
        assert_eq!(written("unknown"), None);
    }
}
