//! Breaches that do not depend on what is asked: the connection, headers and parameters.

use http::Method;

use super::Endpoint;
use crate::bank::Bank;
use crate::call::{Call, by_header};
use crate::form::Fields;
use crate::journal::Breach;

/// Secrets that have no place in any URL.
const SECRETS: [&str; 4] = ["client_secret", "refresh_token", "code_verifier", "password"];

pub(super) fn check(bank: &Bank, call: &Call, endpoint: Endpoint) {
    let path = call.uri.path();
    let noted = |breach, what: String| bank.journal.breach(breach, what);
    let query = call.query();
    for name in SECRETS.into_iter().filter(|name| query.first(name).is_some()) {
        noted(Breach::SecretInUrl, format!("{name} in the query of {path}"));
    }
    if call.fragment {
        noted(Breach::Fragment, format!("fragment in the request target of {path}"));
    }
    if call.length_twice {
        let detail = format!("Transfer-Encoding and Content-Length sent to {path}");
        noted(Breach::LengthTwice, detail);
    }
    if !endpoint.is_for_software() {
        return;
    }
    // behind a proxy the connection is the proxy's, and tells nothing of the client
    if call.peer.is_none() && call.wire.tls().is_none() && !by_header(bank, call.door) {
        noted(Breach::NoTls, format!("{path} called without TLS"));
    }
    if call.headers.contains_key("cookie") {
        noted(Breach::Cookie, format!("Cookie sent to {path}"));
    }
    let names = || call.headers.keys().map(http::HeaderName::as_str);
    if let Some(name) = names().find(|name| is_of_browser(name)) {
        noted(Breach::BrowserHeader, format!("{name} sent to {path}"));
    }
    if call.wire.tls().is_some()
        && let Some(name) = names().find(|name| is_of_proxy(name))
    {
        noted(Breach::ProxyHeader, format!("{name} sent to {path}"));
    }
    let of_oauth = matches!(endpoint, Endpoint::Token | Endpoint::BesideToken);
    if of_oauth && call.uri.query().is_some() {
        match call.method {
            Method::POST => noted(Breach::QueryAtEndpoint, format!("query at {path}")),
            _ => bank.journal.violation(format!("{} {path} with a query", call.method)),
        }
    }
    doubled(bank, path, &query);
    doubled(bank, path, &call.form());
}

fn is_of_browser(name: &str) -> bool {
    // Sec-Fetch-Mode proves nothing: fetch in Node sends it, and no other of its kind
    matches!(name, "origin" | "referer" | "sec-fetch-site" | "sec-fetch-dest" | "sec-fetch-user")
}

fn is_of_proxy(name: &str) -> bool {
    matches!(name, "forwarded" | "via" | "x-real-ip") || name.starts_with("x-forwarded-")
}

/// Notes parameters that come twice.
pub(super) fn doubled(bank: &Bank, place: &str, fields: &Fields) {
    for name in fields.doubled() {
        let detail = format!("parameter {name} twice at {place}");
        bank.journal.breach(Breach::DuplicateParameter, detail);
    }
}
