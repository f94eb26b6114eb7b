//! What kind of endpoint a path is, as far as good manners differ.

/// A kind of endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    /// The authorization endpoint, for browsers.
    Authorization,
    /// The token endpoint.
    Token,
    /// Revocation and introspection.
    BesideToken,
    /// The registration of applications, which has no headers of COBS.
    Registration,
    /// The API.
    Api,
    /// Everything else.
    Page,
}

impl Endpoint {
    pub(super) fn of(path: &str) -> Self {
        match path.strip_prefix("/powerauth-webflow/") {
            Some("oauth/authorize" | "oauth2/authorize") => Self::Authorization,
            Some("oauth/token" | "oauth2/token") => Self::Token,
            Some(
                "oauth/token/revoke" | "oauth/check_token" | "oauth2/revoke" | "oauth2/introspect",
            ) => Self::BesideToken,
            _ if path.starts_with("/psd2-cobs/") => Self::below(path),
            _ => Self::Page,
        }
    }

    fn below(path: &str) -> Self {
        match path.split('/').nth(4) {
            Some("applications") => Self::Registration,
            _ => Self::Api,
        }
    }

    /// Whether software calls here, not a browser.
    pub(super) fn is_for_software(self) -> bool {
        !matches!(self, Self::Authorization | Self::Page)
    }
}
