//! The common request headers of COBS (bank-api fact 8.2), demanded while the knob is strict.
//! Names are ASCII: the standard's en dash in `User–IP-Address` is no header name.

use std::net::IpAddr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Refusal;
use crate::bank::Bank;
use crate::call::Call;
use crate::knobs::Occasion;

const SKEW: Duration = Duration::from_mins(5);

/// Headers that must not come twice.
const SINGLE: [&str; 11] = [
    "Content-Type",
    "X-Request-ID",
    "Date",
    "User-Involved",
    "TPP-Name",
    "TPP-Identification",
    "User-IP-Address",
    "User-IP-Port",
    "User-User-Agent",
    "Action-ID",
    "Authorization",
];

/// Most bytes of headers that a call may leave out.
const LONGEST: [(&str, usize); 5] = [
    ("Accept", 50),
    ("Accept-Language", 50),
    ("Action-ID", 60),
    ("User-Device-OS", 100),
    ("User-User-Agent", 200),
];

/// What a resource wants of the headers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wants {
    /// `FIELD_MISSING` and `FIELD_INVALID` in place of `PARAMETER_INVALID` (bank-api fact 8.2).
    pub(super) fields: bool,
    /// `TPP-Name` (bank-api fact 8.1).
    pub(super) name: bool,
}

impl Wants {
    fn refusal(self, call: &Call, name: &str) -> Refusal {
        match (self.fields, call.headers.contains_key(name)) {
            (false, _) => Refusal::parameter(name),
            (true, false) => Refusal::code("FIELD_MISSING", name),
            (true, true) => Refusal::code("FIELD_INVALID", name),
        }
    }
}

/// Whether missing and malformed headers are refused.
pub(super) fn strictness(bank: &Bank, occasion: Occasion<'_>) -> bool {
    bank.meet(occasion, |knobs| &mut knobs.strict_headers)
}

/// Refuses a body of another media type, before anybody asks who sends it (bank-api fact 15).
///
/// Errors: 415.
pub(super) fn media(call: &Call) -> Result<(), Refusal> {
    match call.header("content-type").filter(|value| is_media_type(value)) {
        Some(media) if !is_json(media) => Err(Refusal::unsupported_media_type("Content-Type")),
        _ => Ok(()),
    }
}

/// Checks the headers, in the sandbox as well.
///
/// Errors: 400 for each bad header, 415 for media types other than JSON.
pub(super) fn check(bank: &Bank, call: &Call, wants: Wants, strict: bool) -> Result<(), Refusal> {
    let doubled =
        SINGLE.into_iter().filter(|name| call.headers.get_all(*name).iter().nth(1).is_some());
    if let Some(refusal) = Refusal::all(doubled.map(|name| wants.refusal(call, name))) {
        return Err(refusal);
    }
    if strict { check_values(call, wants, bank.clock.now()) } else { Ok(()) }
}

fn check_values(call: &Call, wants: Wants, now: SystemTime) -> Result<(), Refusal> {
    let name = call.headers.get("tpp-name");
    let required = [
        ("Content-Type", call.header("content-type").is_some_and(is_media_type)),
        ("X-Request-ID", call.header("x-request-id").is_some_and(is_request_id)),
        ("Date", call.header("date").is_some_and(|date| is_current(date, now))),
        ("User-Involved", matches!(call.header("user-involved"), Some("true" | "false"))),
        ("TPP-Name", name.map_or(!wants.name, |name| !name.is_empty())),
    ];
    let has = |name: &str| call.headers.contains_key(name);
    let if_any = |name, good: fn(&str) -> bool| {
        (name, call.headers.get_all(name).iter().all(|value| value.to_str().is_ok_and(good)))
    };
    let optional = [
        if_any("TPP-Identification", |value| !value.is_empty()),
        if_any("User-IP-Address", |value| value.parse::<IpAddr>().is_ok()),
        if_any("User-IP-Port", is_port),
        if_any("User-Geo-Location", is_place),
        ("Digest", has("digest") || !has("signature")),
    ];
    let short = LONGEST.map(|(name, most)| {
        (name, call.headers.get_all(name).iter().all(|value| value.len() <= most))
    });
    let checks = required.into_iter().chain(optional).chain(short);
    let bad = checks.filter(|(_, good)| !good).map(|(name, _)| name);
    if let Some(refusal) = Refusal::all(bad.map(|name| wants.refusal(call, name))) {
        return Err(refusal);
    }
    if !call.header("content-type").is_some_and(is_json) {
        return Err(Refusal::unsupported_media_type("Content-Type"));
    }
    if !accepts_json(call) {
        return Err(Refusal::unsupported_media_type("Accept"));
    }
    let languages = call.headers.get_all("accept-language").iter();
    let mut ranges = languages.flat_map(|value| value.to_str().unwrap_or(";").split(','));
    if ranges.all(is_language_range) {
        Ok(())
    } else {
        Err(Refusal::unsupported_media_type("Accept-Language"))
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

fn is_port(value: &str) -> bool {
    value.len() <= 5
        && value.bytes().all(|byte| byte.is_ascii_digit())
        && value.parse::<u16>().is_ok()
}

/// `GEO:lat;lon` in signed degrees (bank-api fact 8.2).
fn is_place(value: &str) -> bool {
    let degrees = |text: &str, most: f64| {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte));
        plain && text.parse::<f64>().is_ok_and(|degrees| degrees.abs() <= most)
    };
    let place = value.strip_prefix("GEO:").and_then(|place| place.split_once(';'));
    value.len() <= 100 && place.is_some_and(|(lat, lon)| degrees(lat, 90.0) && degrees(lon, 180.0))
}

/// One element of `Accept-Language` (RFC 9110, 12.5.4), which may be empty. Which language it is
/// does not matter: the answer is Czech.
fn is_language_range(element: &str) -> bool {
    let (range, weight) = weighted(element);
    let mut subtags = range.split('-');
    let first = subtags.next().unwrap_or("");
    let tag = |text: &str, good: fn(&u8) -> bool| {
        (1..=8).contains(&text.len()) && text.as_bytes().iter().all(good)
    };
    let named = tag(first, u8::is_ascii_alphabetic)
        && subtags.all(|subtag| tag(subtag, u8::is_ascii_alphanumeric));
    element.trim().is_empty() || (weight.is_some() && (named || range == "*"))
}

/// A range and its weight (RFC 9110, 12.4.2); `None` for one that is no number from 0 to 1.
fn weighted(element: &str) -> (&str, Option<f64>) {
    let mut parts = element.split(';').map(str::trim);
    let range = parts.next().unwrap_or("");
    let weight = parts.find_map(|part| match part.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("q") => {
            Some(value.trim().parse().ok())
        }
        None => Some(None),
        Some(_) => None,
    });
    (range, weight.unwrap_or(Some(1.0)).filter(|weight| (0.0..=1.0).contains(weight)))
}

/// Whether `Accept` is absent or has a range that JSON is in, the closest one with a weight above
/// 0 (bank-api fact 2.3; RFC 9110, 12.5.1).
fn accepts_json(call: &Call) -> bool {
    let values = call.headers.get_all("accept").iter().filter_map(|value| value.to_str().ok());
    let ranges: Vec<_> = values.flat_map(|value| value.split(',')).map(weighted).collect();
    let json = ["application/json", "application/*", "*/*"];
    let closest = json.iter().find_map(|json| {
        ranges.iter().find(|(range, _)| range.eq_ignore_ascii_case(json)).map(|(_, weight)| weight)
    });
    ranges.is_empty() || closest.is_some_and(|weight| weight.is_some_and(|weight| weight > 0.0))
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
