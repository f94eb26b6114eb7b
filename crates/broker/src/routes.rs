//! What may be called at a bank: method and path template, the scope it needs, its parameters.
//!
//! Anything else is 404 before a session or token is touched (requirement P01). The path is decoded
//! once, matched, and written anew from the matched parts; that text is what goes to the bank, so
//! there is no second reading of it (P02, bug class C07). COBS 2.0 chapter 3.1.

use std::fmt::Write as _;

use axum::http::Method;

/// One resource of the API.
pub struct Route {
    /// HTTP method.
    pub method: Method,
    /// Path below the API's base; `{…}` stands for one segment.
    pub template: &'static str,
    /// The scope a connection needs.
    pub scope: &'static str,
    /// Query parameters the standard knows; others are refused.
    pub parameters: &'static [&'static str],
}

/// The resources of COBS 2.0 that are served.
pub static ROUTES: [Route; 3] = [
    Route {
        method: Method::GET,
        template: "/my/accounts",
        scope: "aisp",
        parameters: &["size", "page", "sort", "order"],
    },
    Route {
        method: Method::GET,
        template: "/my/accounts/{id}/balance",
        scope: "aisp",
        parameters: &["currency"],
    },
    Route {
        method: Method::GET,
        template: "/my/accounts/{id}/transactions",
        scope: "aisp",
        parameters: &["fromDate", "toDate", "currency", "size", "page", "sort", "order"],
    },
];

/// A call that the table allows, with the path and query to send.
pub struct Call {
    /// The matching row.
    pub route: &'static Route,
    /// Canonical path and query, starting with `/`.
    pub target: String,
}

impl Call {
    /// The account it is about, as the path to send has it; `None`: the list of accounts.
    pub fn account(&self) -> Option<&str> {
        let of_one = self.route.template.starts_with("/my/accounts/{id}");
        of_one.then(|| self.target.split(['/', '?']).nth(3)).flatten()
    }
}

/// Finds the row for a raw path (with its leading `/`) and query; `Err` says what is wrong with a
/// query parameter, `Ok(None)` that there is no such resource.
pub fn find(
    method: &Method,
    raw_path: &str,
    raw_query: Option<&str>,
) -> Result<Option<Call>, &'static str> {
    let Some(segments) = decode(raw_path) else { return Ok(None) };
    let route = ROUTES.iter().find(|r| r.method == *method && matches(r.template, &segments));
    let Some(route) = route else { return Ok(None) };
    let mut target = String::with_capacity(raw_path.len() + raw_query.map_or(0, str::len) + 1);
    for segment in &segments {
        target.push('/');
        encode(segment, &mut target);
    }
    query(route, raw_query.unwrap_or_default(), &mut target)?;
    Ok(Some(Call { route, target }))
}

/// Decodes each segment once; `None` for anything that more than one reader could take differently:
/// empty and dot segments, separators, control characters, a second layer of encoding.
fn decode(raw_path: &str) -> Option<Vec<String>> {
    raw_path.strip_prefix('/')?.split('/').map(decode_segment).collect()
}

fn decode_segment(raw: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first == b'%' {
            let (hex, tail) = tail.split_at_checked(2)?;
            let hex = hex.iter().all(u8::is_ascii_hexdigit).then_some(hex)?;
            bytes.push(u8::from_str_radix(str::from_utf8(hex).ok()?, 16).ok()?);
            rest = tail;
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    let segment = String::from_utf8(bytes).ok()?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~=+:@!$'()*,".contains(&b);
    let fits = !matches!(segment.as_str(), "" | "." | "..")
        && segment.len() <= 128
        && segment.bytes().all(plain);
    fits.then_some(segment)
}

fn matches(template: &str, segments: &[String]) -> bool {
    let mut parts = template.trim_start_matches('/').split('/');
    let same = segments.iter().all(|segment| {
        parts.next().is_some_and(|part| part.starts_with('{') || part == segment.as_str())
    });
    same && parts.next().is_none()
}

/// Writes known parameters, each once, encoded anew (requirement P03).
fn query(route: &Route, raw: &str, target: &mut String) -> Result<(), &'static str> {
    let mut seen = Vec::new();
    for (name, value) in form_urlencoded::parse(raw.as_bytes()) {
        let known = route.parameters.iter().find(|known| **known == name);
        let known = known.ok_or("The query has a parameter that this resource does not know.")?;
        if seen.contains(known) {
            return Err("The query has a parameter twice.");
        }
        if value.len() > 128 || value.chars().any(char::is_control) {
            return Err("The query has a value that is too long or has control characters.");
        }
        target.push(if seen.is_empty() { '?' } else { '&' });
        seen.push(known);
        target.push_str(known);
        target.push('=');
        encode(&value, target);
    }
    Ok(())
}

/// Percent-encodes all but unreserved characters (RFC 3986 §2.3) and the comma of value lists.
fn encode(text: &str, target: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~,".contains(&byte) {
            target.push(char::from(byte));
        } else {
            // writing to a String cannot fail
            let _ = write!(target, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(path: &str, query: Option<&str>) -> Option<String> {
        find(&Method::GET, path, query).ok().flatten().map(|call| call.target)
    }

    #[test]
    fn what_the_table_allows_goes_through() {
        assert_eq!(target("/my/accounts", None).unwrap(), "/my/accounts");
        let account = target("/my/accounts/a%2Db%3D/balance", Some("currency=CZK"));
        assert_eq!(account.unwrap(), "/my/accounts/a-b%3D/balance?currency=CZK");
        let dates = Some("fromDate=2026-01-01&sort=a,b");
        let dates = target("/my/accounts/a/transactions", dates).unwrap();
        assert_eq!(dates, "/my/accounts/a/transactions?fromDate=2026-01-01&sort=a,b");
    }

    /// P01, P02, P03, C07, C08.
    #[test]
    fn what_two_readers_could_take_differently_is_no_resource() {
        for path in [
            "",
            "/",
            "//my/accounts",
            "/my//accounts",
            "/my/accounts/",
            "/my/./accounts",
            "/my/../my/accounts",
            "/my/accounts/%2e%2e/balance",
            "/my/accounts/%2E./balance",
            "/my/accounts/%252e%252e/balance",
            "/my/accounts/a%2fb/balance",
            "/my/accounts/a%5cb/balance",
            "/my/accounts/a\\b/balance",
            "/my/accounts;v=1",
            "/my/accounts/a%3bb/balance",
            "/my/accounts/a%00/balance",
            "/my/accounts/%c0%ae/balance",
            "/my/accounts/%/balance",
            "/my/accounts/%zz/balance",
            "/my/accounts/%+1/balance",
            "/my/accounts/a%0d%0ab/balance",
            "/my/accounts/a%23b/balance",
            "/my/accounts/a%3fb/balance",
            "/MY/accounts",
            "/my/payments",
            "/my/accounts/a",
            "/my/accounts/a/balance/b",
            "http://evil/my/accounts",
        ] {
            assert!(target(path, None).is_none(), "{path}");
        }
        assert!(find(&Method::POST, "/my/accounts", None).unwrap().is_none());
        for query in ["path=/public", "page=0&page=1", "page=%0d%0a", "access_token=x"] {
            assert!(find(&Method::GET, "/my/accounts", Some(query)).is_err(), "{query}");
        }
    }
}
