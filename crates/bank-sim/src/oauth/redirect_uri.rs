//! Matching of redirect URIs as Spring's `DefaultRedirectResolver` does it with ports off
//! (bank-api fact 5.5): scheme, user info, host and cleaned path equal, port free, registered
//! query parameters present with equal values, others kept, fragment dropped.

use crate::form::Fields;
use crate::knobs::RedirectUri;

/// The URI to return to: the registered one with the requested port and query; of a path `below`
/// it, where that is taken, the requested one as it stands.
///
/// `None` when `requested` fits no registered URI, or is absent and not exactly one is registered.
pub(crate) fn resolve(
    registered: &[String],
    requested: Option<&str>,
    position: RedirectUri,
) -> Option<String> {
    match (requested, registered) {
        (None, [only]) => Some(only.clone()),
        (None, _) => None,
        (Some(requested), registered) => registered.iter().find_map(|known| {
            let below = position == RedirectUri::Below && is_below(known, requested);
            if below { Some(requested.to_owned()) } else { fit(known, requested) }
        }),
    }
}

fn is_below(registered: &str, requested: &str) -> bool {
    let rest = requested.strip_prefix(registered.trim_end_matches('/'));
    Parts::of(requested).is_some() && rest.is_some_and(|rest| rest.starts_with('/'))
}

/// Scheme, host and port of a URI; the scheme alone of one without host, an installed app's.
pub(crate) fn origin(uri: &str) -> Option<String> {
    let parts = Parts::of(uri)?;
    if parts.slashes.is_empty() {
        return Some(format!("{}:", parts.scheme));
    }
    let port = parts.port.map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{}://{}{port}", parts.scheme, parts.host))
}

fn fit(registered: &str, requested: &str) -> Option<String> {
    let (known, asked) = (Parts::of(registered)?, Parts::of(requested)?);
    let same = (known.scheme, known.slashes) == (asked.scheme, asked.slashes)
        && known.user_info == asked.user_info
        && known.host == asked.host
        && clean(known.path) == clean(asked.path);
    let query = Fields::read(asked.query.unwrap_or(""));
    let known_query = Fields::read(known.query.unwrap_or(""));
    let kept = known_query.iter().all(|(name, _)| known_query.all(name).eq(query.all(name)));
    (same && kept).then(|| {
        let user_info = known.user_info.map(|info| format!("{info}@")).unwrap_or_default();
        let port = asked.port.map(|port| format!(":{port}")).unwrap_or_default();
        let query = asked.query.map(|query| format!("?{query}")).unwrap_or_default();
        let (scheme, slashes) = (known.scheme, known.slashes);
        format!("{scheme}:{slashes}{user_info}{}{port}{}{query}", known.host, known.path)
    })
}

struct Parts<'a> {
    scheme: &'a str,
    /// `//` before a host; nothing in the address of an installed app, such as `example.app:/cb`.
    slashes: &'static str,
    user_info: Option<&'a str>,
    host: &'a str,
    port: Option<&'a str>,
    path: &'a str,
    query: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(uri: &'a str) -> Option<Self> {
        let uri = uri.split_once('#').map_or(uri, |(uri, _)| uri);
        let (scheme, rest) = uri.split_once(':')?;
        let (rest, query) = match rest.split_once('?') {
            Some((rest, query)) => (rest, Some(query)),
            None => (rest, None),
        };
        let (slashes, (authority, path)) = match rest.strip_prefix("//") {
            Some(rest) => ("//", rest.split_at(rest.find('/').unwrap_or(rest.len()))),
            None => ("", ("", rest)),
        };
        let (user_info, address) = match authority.rsplit_once('@') {
            Some((info, address)) => (Some(info), address),
            None => (None, authority),
        };
        let colon = address.rfind(':').filter(|at| *at > address.rfind(']').unwrap_or(0));
        let (host, port) = match colon {
            Some(at) => (&address[..at], Some(&address[at + 1..])),
            None => (address, None),
        };
        let legal = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let digits =
            |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        let somewhere = if slashes.is_empty() { path.starts_with('/') } else { !host.is_empty() };
        let whole = !scheme.is_empty() && somewhere && port.is_none_or(digits) && legal(uri);
        whole.then_some(Self { scheme, slashes, user_info, host, port, path, query })
    }
}

/// A path without `.` and `..` segments.
fn clean(path: &str) -> Vec<&str> {
    path.split('/').fold(Vec::new(), |mut cleaned, segment| {
        match segment {
            "." => {}
            ".." => {
                cleaned.pop();
            }
            segment => cleaned.push(segment),
        }
        cleaned
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(registered: &str, requested: &str) -> Option<String> {
        resolve(&[registered.to_owned()], Some(requested), RedirectUri::Normal)
    }

    #[test]
    fn the_port_and_more_query_are_the_clients_choice() {
        let returned = fits("http://127.0.0.1/cb?a=1", "http://127.0.0.1:8080/cb?a=1&b=2#x");
        assert_eq!(returned.as_deref(), Some("http://127.0.0.1:8080/cb?a=1&b=2"));
        assert_eq!(
            fits("https://[::1]:5/cb", "https://[::1]/cb").as_deref(),
            Some("https://[::1]/cb")
        );
    }

    #[test]
    fn an_installed_app_has_no_host() {
        let returned = fits("example.app:/cb", "example.app:/cb?a=1");
        assert_eq!(returned.as_deref(), Some("example.app:/cb?a=1"));
        assert_eq!(origin("example.app:/cb").as_deref(), Some("example.app:"));
        for other in ["example.app://cb", "example.app:/other", "other.app:/cb", "example.app:cb"] {
            assert_eq!(fits("example.app:/cb", other), None, "{other}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        let registered = "https://app.example/cb?a=1";
        for other in [
            "http://app.example/cb?a=1",
            "HTTPS://app.example/cb?a=1",
            "https://App.example/cb?a=1",
            "https://app.example/cb?a=1&a=1",
            "https://app.example.evil/cb?a=1",
            "https://x@app.example/cb?a=1",
            "https://app.example/cb/more?a=1",
            "https://app.example/cb",
            "https://app.example/cb?a=2",
            "https://evil\\@app.example/cb?a=1",
            "https://app.example:x/cb?a=1",
            "https://app.example:/cb?a=1",
            "https://app.example:443;evil.example/cb?a=1",
            "/cb?a=1",
        ] {
            assert_eq!(fits(registered, other), None, "{other}");
        }
    }

    #[test]
    fn an_absent_uri_means_the_only_registered_one() {
        let [one, two] = ["https://a.example/cb".to_owned(), "https://b.example/cb".to_owned()];
        assert_eq!(
            resolve(std::slice::from_ref(&one), None, RedirectUri::Normal),
            Some(one.clone())
        );
        assert_eq!(resolve(&[one, two], None, RedirectUri::Normal), None);
    }
}
