//! The common request headers of COBS (bank-api fact 8.2), demanded while the knob is strict.
//! Names are ASCII: the standard's en dash in `User–IP-Address` is no header name.

use std::net::IpAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Refusal;
use crate::bank::Bank;
use crate::call::Call;
use crate::journal::Door;

const SKEW: Duration = Duration::from_mins(5);

/// Headers that must not come twice.
const SINGLE: [&str; 8] = [
    "Content-Type",
    "X-Request-ID",
    "Date",
    "User-Involved",
    "TPP-Name",
    "User-IP-Address",
    "Action-ID",
    "Authorization",
];

/// Checks the headers; the sandbox asks for none.
///
/// Errors: 400 `PARAMETER_INVALID` for each bad header, 415 for another media type.
pub(super) fn check(bank: &Bank, call: &Call) -> Result<(), Refusal> {
    let doubled =
        SINGLE.into_iter().filter(|name| call.headers.get_all(*name).iter().nth(1).is_some());
    if let Some(refusal) = Refusal::parameters(doubled) {
        return Err(refusal);
    }
    if let Some(id) = call.header("x-request-id") {
        bank.journal.request_id(id);
    }
    if call.header("user-involved") == Some("false") && call.header("user-ip-address").is_some() {
        bank.journal.violation("User-IP-Address although the user is not involved");
    }
    let strict = call.door != Door::Sandbox && bank.knobs(|knobs| knobs.strict_headers.meet());
    if !strict {
        return Ok(());
    }
    let now = bank.clock.now();
    let checks = [
        ("Content-Type", call.header("content-type").is_some_and(is_media_type)),
        ("X-Request-ID", call.header("x-request-id").is_some_and(is_request_id)),
        ("Date", call.header("date").is_some_and(|date| is_current(date, now))),
        ("User-Involved", matches!(call.header("user-involved"), Some("true" | "false"))),
        ("TPP-Name", call.headers.get("tpp-name").is_some_and(|name| !name.is_empty())),
        ("User-IP-Address", is_address_if_any(call)),
    ];
    let bad = checks.into_iter().filter(|(_, good)| !good).map(|(name, _)| name);
    if let Some(refusal) = Refusal::parameters(bad) {
        return Err(refusal);
    }
    if call.header("content-type").is_some_and(is_json) {
        Ok(())
    } else {
        Err(Refusal::unsupported_media_type())
    }
}

fn is_media_type(value: &str) -> bool {
    let media = value.split(';').next().unwrap_or("").trim();
    let token = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_graphic());
    value.len() <= 50 && media.split_once('/').is_some_and(|(kind, sub)| token(kind) && token(sub))
}

fn is_json(value: &str) -> bool {
    let media = value.split(';').next().unwrap_or("").trim();
    media.eq_ignore_ascii_case("application/json")
}

fn is_request_id(value: &str) -> bool {
    (36..=60).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic())
}

/// An HTTP date, or seconds since 1970 (trap 14), close to the bank's clock.
fn is_current(value: &str, now: SystemTime) -> bool {
    let epoch =
        || value.parse::<u64>().ok().map(|seconds| UNIX_EPOCH + Duration::from_secs(seconds));
    let date = httpdate::parse_http_date(value).ok().or_else(epoch);
    date.is_some_and(|date| {
        let apart = now.duration_since(date).or_else(|_| date.duration_since(now));
        // HTTP dates have whole seconds only
        apart.is_ok_and(|apart| apart <= SKEW + Duration::from_secs(1))
    })
}

fn is_address_if_any(call: &Call) -> bool {
    match call.headers.get("user-ip-address") {
        None => true,
        Some(value) => value.to_str().is_ok_and(|value| value.parse::<IpAddr>().is_ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_accepted_in_both_forms_within_five_minutes() {
        let now = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        assert!(is_current("Tue, 14 Nov 2023 22:13:20 GMT", now));
        assert!(is_current("1700000299", now));
        assert!(!is_current("1700000400", now));
        assert!(!is_current("2023-11-14T22:13:20Z", now));
    }

    #[test]
    fn request_ids_have_36_to_60_symbols() {
        assert!(is_request_id("2f1c7f2f-9a10-4d86-9a55-0f4e2c1a6d0b"));
        assert!(!is_request_id("short"));
        assert!(!is_request_id(&"x".repeat(61)));
    }
}
