//! What may be called at a bank: method and path template, the version of the standard that has it, the
//! scope it needs, its parameters, and what it does.
//!
//! Anything else is 404 before a session or token is touched (requirement P01), and what only another
//! version has before a token is. The path is decoded once, matched, and written anew from the matched
//! parts; that text is what goes to the bank, so there is no second reading of it (P02, bug class C07).
//! COBS 2.0 chapter 3.

use axum::http::Method;

use protocol::provider::CobsVersion;

mod segments;
mod table;

use segments::{decode, encode};

pub use table::ROUTES;

/// One resource of the API.
pub struct Route {
    /// Versions of the standard that have it.
    pub versions: &'static [CobsVersion],
    /// HTTP method.
    pub method: Method,
    /// Path below the API's base; `{…}` stands for one segment.
    pub template: &'static str,
    /// How 2.0 writes the path, where it does otherwise.
    pub early: Option<&'static str>,
    /// The connection needs one of these scopes.
    pub scopes: &'static [&'static str],
    /// Query parameters the standard knows; others are refused.
    pub parameters: &'static [&'static str],
    /// What the call does.
    pub effect: Effect,
    /// Whether a body goes along.
    pub body: Body,
}

/// What a call does at the bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It reads.
    Read,
    /// It asks a question with a body: nothing is changed by it, so it may be asked twice.
    Ask,
    /// It changes something: it is sent once, and never again (requirement P15).
    Act,
    /// It enters an order: likewise, and once per `Idempotency-Key` (P27).
    Initiate,
}

impl Effect {
    /// Whether the same call may go out twice.
    pub fn is_repeatable(self) -> bool {
        matches!(self, Self::Read | Self::Ask)
    }
}

/// Whether a body goes along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// No: what a caller sends is left behind.
    None,
    /// A JSON object.
    Needed,
}

/// Words of the standard that no identifier is taken for.
const WORDS: [&str; 2] = ["awaiting", "balanceCheck"];

/// A call that the table allows, with the path and query to send.
pub struct Call {
    /// The matching row.
    pub route: &'static Route,
    /// Canonical path and query, starting with `/`.
    pub target: String,
}

impl Call {
    /// The account it is about, as the path to send has it; `None`: no single one.
    pub fn account(&self) -> Option<&str> {
        let of_one = self.route.template.starts_with("/my/accounts/{id}");
        of_one.then(|| self.target.split(['/', '?']).nth(3)).flatten()
    }

    /// Whether its body may tell where the bank sends the person back to.
    pub fn is_signing(&self) -> bool {
        self.route.template.ends_with("/sign/{signId}")
    }
}

/// Whether any version has such a resource.
pub fn is_known(method: &Method, raw_path: &str) -> bool {
    let segments = decode(raw_path);
    segments.is_some_and(|segments| ROUTES.iter().any(|route| route.fits(method, &segments)))
}

/// Finds the row of a version for a raw path (with its leading `/`) and query; `Err` says what is wrong
/// with a query parameter, `Ok(None)` that there is no such resource.
pub fn find(
    version: CobsVersion,
    method: &Method,
    raw_path: &str,
    raw_query: Option<&str>,
) -> Result<Option<Call>, &'static str> {
    let Some(segments) = decode(raw_path) else { return Ok(None) };
    let mut rows = ROUTES.iter().filter(|route| route.versions.contains(&version));
    let route = rows.find(|route| route.fits(method, &segments));
    let Some(route) = route else { return Ok(None) };
    let mut target = String::with_capacity(raw_path.len() + raw_query.map_or(0, str::len) + 1);
    route.write(version, &segments, &mut target);
    query(route, raw_query.unwrap_or_default(), &mut target)?;
    Ok(Some(Call { route, target }))
}

impl Route {
    /// Whether it reads what the law lets be read without the person (RTS SCA art. 36(5)(b)).
    pub fn is_account_information(&self) -> bool {
        self.effect == Effect::Read && matches!(self.scopes, ["aisp"])
    }

    fn fits(&self, method: &Method, segments: &[String]) -> bool {
        self.method == *method && matches(self.template, segments)
    }

    /// The path as a version has it.
    fn write(&self, version: CobsVersion, segments: &[String], target: &mut String) {
        let spelling = self.early.filter(|_| version == CobsVersion::V2).unwrap_or(self.template);
        let identifiers = parts(self.template).zip(segments).filter(|(part, _)| is_place(part));
        let mut identifiers = identifiers.map(|(_, segment)| segment);
        for part in parts(spelling) {
            target.push('/');
            let identifier = if is_place(part) { identifiers.next() } else { None };
            match identifier {
                Some(identifier) => encode(identifier, target),
                None => target.push_str(part),
            }
        }
    }
}

fn parts(template: &str) -> impl Iterator<Item = &str> {
    template.trim_start_matches('/').split('/')
}

fn is_place(part: &str) -> bool {
    part.starts_with('{')
}

fn matches(template: &str, segments: &[String]) -> bool {
    let mut parts = parts(template);
    let same = segments.iter().all(|segment| {
        let taken = !WORDS.contains(&segment.as_str());
        parts.next().is_some_and(|part| part == segment.as_str() || (is_place(part) && taken))
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

#[cfg(test)]
mod tests {
    use super::*;

    const V2: CobsVersion = CobsVersion::V2;

    fn target(path: &str, query: Option<&str>) -> Option<String> {
        find(V2, &Method::GET, path, query).ok().flatten().map(|call| call.target)
    }

    fn written(version: CobsVersion, method: &Method, path: &str) -> Option<String> {
        find(version, method, path, None).ok().flatten().map(|call| call.target)
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

    /// Each version in its own spelling, asked for in one (bank-api facts 10.1 and 13.2).
    #[test]
    fn a_version_writes_its_own_paths() {
        let (early, later) = (CobsVersion::V2, CobsVersion::V5);
        let get = &Method::GET;
        let status = "/my/payments/p-1/status";
        assert_eq!(written(early, get, status).unwrap(), "/payments/p-1/status");
        assert_eq!(written(later, get, status).unwrap(), status);
        let sign = "/my/payments/p-1/sign/s~1";
        for method in [get, &Method::POST, &Method::PUT] {
            assert_eq!(written(early, method, sign).unwrap(), sign);
            assert_eq!(written(later, method, sign).unwrap(), sign);
        }
        assert!(written(early, get, "/payments/p-1/status").is_none(), "one spelling");
        assert_eq!(written(later, get, "/my/payments/awaiting").unwrap(), "/my/payments/awaiting");
        assert!(written(early, get, "/my/payments/awaiting").is_none(), "no payment of that name");
        assert!(written(early, &Method::DELETE, "/my/payments/balanceCheck").is_none());
        for later_only in ["/my/standingorders/s", "/my/authorizations", "/my/consents"] {
            assert!(written(early, get, later_only).is_none(), "{later_only}");
            assert!(written(later, get, later_only).is_some(), "{later_only}");
            assert!(is_known(get, later_only), "{later_only}");
        }
        assert!(find(later, get, "/my/standingorders", Some("currency=CZK")).is_err());
        assert!(find(early, get, "/my/standingorders", Some("currency=CZK")).is_ok());
    }

    /// No row is hidden behind another one of its version.
    #[test]
    fn every_row_is_reached() {
        for route in ROUTES {
            let path = route.template.replace("{id}", "x").replace("{signId}", "y");
            for version in route.versions {
                let call = find(*version, &route.method, &path, None).unwrap().unwrap();
                assert!(std::ptr::eq(call.route, route), "{} {path}", route.method);
            }
        }
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
            "/my/cards",
            "/my/accounts/a",
            "/my/accounts/a/balance/b",
            "http://evil/my/accounts",
        ] {
            assert!(target(path, None).is_none(), "{path}");
        }
        assert!(find(V2, &Method::POST, "/my/accounts", None).unwrap().is_none());
        for query in ["path=/public", "page=0&page=1", "page=%0d%0a", "access_token=x"] {
            assert!(find(V2, &Method::GET, "/my/accounts", Some(query)).is_err(), "{query}");
        }
    }
}
