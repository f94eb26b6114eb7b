//! Where the broker answers, below the prefix the operator chose (`/bank` unless configured).

/// Prefix of every path unless the operator configures another.
pub const DEFAULT_PREFIX: &str = "/bank";
/// `GET`: what can be connected.
pub const PROVIDERS: &str = "/providers";
/// `POST`: begin an authorization.
pub const AUTHORIZATIONS: &str = "/authorizations";
/// `POST`: finish an authorization with what the bank's redirect brought.
pub const CALLBACK: &str = "/authorizations/callback";
/// `GET`: list connections. `POST`: connect a sandbox by a prepared token.
pub const CONNECTIONS: &str = "/connections";

/// The header every call carries, and its value: a foreign site cannot set it without a CORS
/// preflight, which the broker never grants (RFC 10017 §6.1.3.3.2, requirement B16).
pub const STATIC_HEADER: (&str, &str) = ("x-bankconnect", "1");
