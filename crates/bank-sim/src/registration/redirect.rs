//! Which redirect URIs are taken (bank-api facts 4.1 and 4.5; RFC 3986 for their form, RFC 6749,
//! 3.1.2 for absolute ones without a fragment).

use std::net::Ipv6Addr;

use crate::registry::ApplicationType;

/// Whether an application of that kind may be sent back to `uri`.
pub(super) fn fits(kind: ApplicationType, uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once(':') else { return false };
    let mut letters = scheme.bytes();
    let named = letters.next().is_some_and(|first| first.is_ascii_alphabetic())
        && letters.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    let placed = match rest.strip_prefix("//") {
        Some(place) if web || !place.starts_with('/') => has_host(place),
        _ => !web,
    };
    let placed = placed && (web || kind == ApplicationType::Native);
    named && placed && !rest.is_empty() && is_written_right(rest)
}

/// Whether there is an authority with a host and, if any, a decimal port.
fn has_host(place: &str) -> bool {
    let authority = place.split(['/', '?']).next().unwrap_or("");
    let address = authority.rsplit_once('@').map_or(authority, |(_, address)| address);
    let (host, port) = match address.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (address, "0"),
    };
    is_host(host) && port.parse::<u16>().is_ok()
}

/// A DNS name or an address. RFC 3986 lets more be a name, `;` and `,` among it, which would end
/// the directive of the content security policy that the host comes into.
fn is_host(host: &str) -> bool {
    let literal = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    if let Some(address) = literal {
        return address.parse::<Ipv6Addr>().is_ok();
    }
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    !host.is_empty() && host.bytes().all(legal)
}

/// Whether there are only characters that a URI without fragment may have.
fn is_written_right(rest: &str) -> bool {
    let whole = |escape: &str| escape.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    let legal = b"-._~:/?[]@!$&'()*+,;=%";
    rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || legal.contains(&byte))
        && rest.split('%').skip(1).all(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_addresses_are_absolute_and_have_no_fragment() {
        for good in [
            "https://tpp.example/cb",
            "http://127.0.0.1:8080/cb?a=1&b=%C4%8C",
            "https://user@[::1]:443/",
            "HTTPS://tpp.example",
            "https://[::1]/cb,x",
        ] {
            assert!(fits(ApplicationType::Web, good), "{good}");
            assert!(fits(ApplicationType::Native, good), "{good}");
        }
        for bad in [
            "",
            "/cb",
            "tpp.example/cb",
            "//tpp.example/cb",
            "https:tpp.example",
            "https://",
            "https:///cb",
            "https://:443/cb",
            "https://tpp.example:port/cb",
            "https://tpp.example:/cb",
            "https://tpp.example/cb#",
            "https://tpp.example/c b",
            "https://tpp.example/<cb>",
            "https://tpp.example/%zz",
            "https://tpp.example/%2",
            "https://tpp.example/č",
            "https://tpp.example\\cb",
            "1http://tpp.example/",
            ":cb",
            "https://tpp.example:99999/",
            "https://tpp;sandbox/cb",
            "https://[tpp.example]/cb",
        ] {
            assert!(!fits(ApplicationType::Web, bad), "{bad}");
            assert!(!fits(ApplicationType::Native, bad), "{bad}");
        }
    }

    #[test]
    fn own_schemes_are_for_apps() {
        for own in ["example.app:/cb", "example.app://cb", "my-app+1:cb"] {
            assert!(fits(ApplicationType::Native, own), "{own}");
            assert!(!fits(ApplicationType::Web, own), "{own}");
        }
        assert!(fits(ApplicationType::Native, "example.app:///cb"));
        assert!(!fits(ApplicationType::Native, "example.app:"));
        assert!(!fits(ApplicationType::Native, "example.app://cb;sandbox/x"));
    }
}
