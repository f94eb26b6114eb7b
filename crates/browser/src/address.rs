//! Where a person may be sent: only to the login pages the provider announced (requirement B06).
//!
//! The browser's own `URL` takes the text apart, so what is judged is what would be visited.

/// The parts of an authorization URL that decide.
pub(crate) struct Address<'a> {
    /// With its colon, e.g. `https:`.
    pub(crate) scheme: &'a str,
    pub(crate) host: &'a str,
    pub(crate) origin: &'a str,
    pub(crate) has_userinfo: bool,
}

impl Address<'_> {
    /// True when it is on the announced origin, carries no userinfo, and is `https:`, or `http:`
    /// on this very machine while the page is on this machine too.
    pub(crate) fn is_trusted(&self, announced_origin: &str, page_host: &str) -> bool {
        let local = || is_loopback(self.host) && is_loopback(page_host);
        let safe_scheme = match self.scheme {
            "https:" => true,
            "http:" => local(),
            _ => false,
        };
        safe_scheme && !self.has_userinfo && self.origin == announced_origin
    }
}

/// True for host names that never leave the machine (RFC 6761 §6.3, RFC 1122 §3.2.1.3).
fn is_loopback(host: &str) -> bool {
    // the browser's URL parser has already refused or rewritten numbers that are no address
    let number = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "[::1]"
        || (host.starts_with("127.") && host.bytes().all(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BANK: &str = "https://login.bank.example";

    fn trusted(scheme: &str, host: &str, has_userinfo: bool, announced: &str, page: &str) -> bool {
        let origin = format!("{scheme}//{host}");
        Address { scheme, host, origin: &origin, has_userinfo }.is_trusted(announced, page)
    }

    #[test]
    fn the_announced_origin_over_https_is_trusted() {
        assert!(trusted("https:", "login.bank.example", false, BANK, "app.example"));
    }

    #[test]
    fn b06_everything_else_is_refused() {
        assert!(!trusted("https:", "login.bank.example.evil", false, BANK, "app.example"));
        assert!(!trusted("https:", "login.bank.example:8443", false, BANK, "app.example"));
        assert!(!trusted("https:", "login.bank.example", true, BANK, "app.example"));
        assert!(!trusted("https:", "xn--lgin-nqa.bank.example", false, BANK, "app.example"));
        assert!(!trusted("javascript:", "login.bank.example", false, BANK, "app.example"));
        assert!(!trusted(
            "http:",
            "login.bank.example",
            false,
            "http://login.bank.example",
            "localhost"
        ));
        // an opaque origin reads `null` and must not match a broker that announced that word
        let data = Address { scheme: "data:", host: "", origin: "null", has_userinfo: false };
        assert!(!data.is_trusted("null", "app.example"));
    }

    #[test]
    fn plain_http_only_from_this_machine_to_this_machine() {
        let local = "http://localhost:5101";
        let address =
            Address { scheme: "http:", host: "localhost", origin: local, has_userinfo: false };
        assert!(address.is_trusted(local, "localhost"));
        assert!(address.is_trusted(local, "127.0.0.1"));
        assert!(address.is_trusted(local, "[::1]"));
        assert!(!address.is_trusted(local, "app.example"));
        assert!(!address.is_trusted(local, "127.evil.example"));
    }
}
