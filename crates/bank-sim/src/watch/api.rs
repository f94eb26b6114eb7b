//! Breaches of an API call's headers (bank-api fact 8.2) and of the ways to show a token.

use std::net::IpAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::bank::Bank;
use crate::call::Call;
use crate::journal::Breach;

/// Difference of clocks that is forgiven; HTTP dates have whole seconds only.
const SKEW: Duration = Duration::from_secs(5 * 60 + 1);

pub(super) fn check(bank: &Bank, call: &Call) {
    let noted = |breach, what: String| bank.journal.breach(breach, what);
    if call.query().first("access_token").is_some() {
        noted(Breach::TokenInQuery, "access token in a query".to_owned());
    }
    if in_body(call) {
        noted(Breach::TokenInBody, "access token in a body".to_owned());
    }
    // a bank that does not demand headers does not miss them
    let strict = bank.knobs(|knobs| *knobs.strict_headers.lasting());
    let wanted = |name: &str| strict || call.headers.contains_key(name);
    let id = call.header("x-request-id").unwrap_or("");
    if wanted("x-request-id") && !is_uuid(id) {
        noted(Breach::RequestIdMalformed, format!("X-Request-ID is no UUID: {id}"));
    }
    if !id.is_empty() {
        bank.journal.request_id(id);
    }
    let date = call.header("date").unwrap_or("");
    match parsed(date) {
        None if wanted("date") => noted(Breach::DateMalformed, format!("Date is no date: {date}")),
        Some(date) if apart(date, bank.clock.now()) > SKEW => {
            noted(Breach::DateNotCurrent, "Date is not current".to_owned());
        }
        _ => {}
    }
    let address = call.header("user-ip-address");
    if let Some(address) = address.filter(|address| address.parse::<IpAddr>().is_err()) {
        noted(Breach::UserAddress, format!("User-IP-Address is no address: {address}"));
    }
    if address.is_some() && call.header("user-involved") == Some("false") {
        let detail = "User-IP-Address although the user is not involved";
        noted(Breach::UserAbsent, detail.to_owned());
    }
}

/// Whether the body has the token of the header, or a field for one (RFC 6750, 2.2).
fn in_body(call: &Call) -> bool {
    let bearer = call.header("authorization").and_then(|value| value.split_once(' '));
    let token = bearer.map(|(_, token)| token.as_bytes()).filter(|token| token.len() >= 16);
    let repeated =
        token.is_some_and(|token| call.body.windows(token.len()).any(|window| window == token));
    repeated || call.form().first("access_token").is_some()
}

/// The form of RFC 9562, 4, in any version.
fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// An HTTP date, or seconds since 1970 (trap 14).
fn parsed(date: &str) -> Option<SystemTime> {
    let seconds = || date.parse().ok().map(Duration::from_secs);
    httpdate::parse_http_date(date).ok().or_else(|| UNIX_EPOCH.checked_add(seconds()?))
}

fn apart(one: SystemTime, other: SystemTime) -> Duration {
    one.duration_since(other).unwrap_or_else(|earlier| earlier.duration())
}
