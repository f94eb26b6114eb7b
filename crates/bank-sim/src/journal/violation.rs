//! Breaches of protocol, each with a stable code and the rule it breaks. A well-behaved client
//! provokes none. What a client cannot know is no breach: a token that the bank let die, or a
//! refresh token shown again after an answer that was lost, broken or 5xx.

use std::fmt;
use std::time::SystemTime;

/// One breach of protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Stable name; all of them are in [`Violation::CODES`].
    pub code: &'static str,
    /// What happened, in words.
    pub detail: String,
    /// The number of the request; `None` for a handshake that failed.
    pub request: Option<u64>,
    /// The bank's time.
    pub at: SystemTime,
    /// The rule that was broken.
    pub standard: &'static str,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.detail)
    }
}

macro_rules! breaches {
    ($($name:ident $code:literal $standard:literal $meaning:literal;)*) => {
        /// A kind of breach.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Breach { $($name,)* }

        impl Breach {
            pub(super) fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            pub(super) fn standard(self) -> &'static str {
                match self { $(Self::$name => $standard,)* }
            }
        }

        impl Violation {
            /// Every code, the rule it stands for, and what breaks it.
            pub const CODES: &'static [(&'static str, &'static str, &'static str)] =
                &[$(($code, $standard, $meaning),)*];
        }
    };
}

breaches! {
    TlsIncompatible "tls_incompatible" "RFC 9325, 3.1 and 4.2"
        "a handshake without TLS 1.2 or 1.3, or without a good cipher suite or group";
    CertificateRefused "certificate_refused" "RFC 8446, 4.4.2; RFC 8705, 2.1"
        "a client certificate that is untrusted, expired, or has too weak a key";
    NoTls "no_tls" "RFC 6749, 3.2; RFC 6750, 5.3"
        "software at a plain door: secrets and tokens in clear";
    CertificateMissing "certificate_missing" "RFC 8705, 2; Regulation (EU) 2018/389, 34"
        "no client certificate where one is demanded";
    CertificateForeign "certificate_of_another_party" "RFC 8705, 2"
        "a certificate whose licence is not that of the client or of the token";
    ProxyHeader "proxy_header" "RFC 9110, 7.6; RFC 7239, 8.1"
        "a header that only a proxy in front of the bank writes";
    Cookie "cookie_sent" "RFC 6265, 8.2"
        "a cookie at an endpoint for software";
    BrowserHeader "browser_header" "Fetch, 3.2; RFC 9700, 2.5"
        "Origin, Referer, Sec-Fetch-Site, -Dest or -User at an endpoint for software: a browser holds the secret";
    DuplicateParameter "duplicate_parameter" "RFC 6749, 3.1 and 3.2"
        "a parameter that comes twice";
    Fragment "fragment" "RFC 6749, 3.1 and 3.1.2; RFC 9112, 3.2"
        "a fragment in a request target or a redirect URI";
    LengthTwice "length_and_transfer_encoding" "RFC 9112, 6.1"
        "Transfer-Encoding together with Content-Length";
    SecretInUrl "secret_in_url" "RFC 9700, 4.3.2; RFC 6749, 2.3.1"
        "a secret, verifier or token in a query";
    QueryAtEndpoint "query_at_endpoint" "RFC 6749, 3.2; RFC 7009, 2.1"
        "a query at the token or revocation endpoint";
    ResponseType "response_type" "RFC 6749, 4.1.1"
        "response_type other than code";
    ScopeAsked "scope_asked" "bank-api fact 5.4"
        "an authorization request whose scope is not exactly aisp or pisp";
    StateMissing "state_missing" "RFC 9700, 4.7.1"
        "an authorization request without state";
    StateWeak "state_weak" "RFC 6819, 5.1.4.2.2; RFC 6749, 10.10"
        "a state that looks like less than 128 random bits";
    StateReused "state_reused" "RFC 9700, 4.7.1"
        "a state of another, or an answered, authorization request";
    ChallengeMissing "pkce_challenge_missing" "RFC 7636, 4.3; RFC 9700, 2.1.1"
        "an authorization request without an S256 code_challenge";
    ChallengeReused "pkce_challenge_reused" "RFC 7636, 4.1"
        "a code_challenge of another, or an answered, authorization request";
    AuthorizationRefused "authorization_refused" "RFC 6749, 4.1.2.1"
        "an unknown client or an unregistered redirect URI";
    AuthenticationMissing "client_authentication_missing" "RFC 6749, 3.2.1"
        "no client authentication at all";
    AuthenticationTwice "client_authentication_twice" "RFC 6749, 2.3"
        "two client authentication methods in one request";
    ClientIdDiffers "client_id_differs" "RFC 6749, 3.2.1"
        "a client_id other than the one that authenticates";
    CodeUnknown "code_unknown" "RFC 6749, 4.1.3"
        "a code that this bank has never issued";
    CodeReused "code_reused" "RFC 6749, 4.1.2"
        "a code that has been shown before";
    CodeForeign "code_of_another_client" "RFC 6749, 4.1.3"
        "a code of another client";
    RedirectUriDiffers "redirect_uri_differs" "RFC 6749, 4.1.3"
        "a redirect_uri other than that of the authorization request";
    VerifierForm "pkce_verifier_malformed" "RFC 7636, 4.1"
        "a code_verifier that has not 43 to 128 unreserved symbols";
    VerifierDiffers "pkce_verifier_differs" "RFC 7636, 4.5 and 4.6"
        "no code_verifier, or one that does not fit the challenge";
    RefreshUnknown "refresh_token_unknown" "RFC 6749, 6"
        "a refresh token that this bank has never issued";
    RefreshForeign "refresh_token_of_another_client" "RFC 6749, 6"
        "a refresh token of another client";
    RefreshReused "refresh_token_reused" "RFC 9700, 4.14.2"
        "a refresh token shown again after its rotation, although the answer was delivered";
    RefreshConcurrent "refresh_token_concurrent" "RFC 9700, 4.14.2"
        "a refresh token in two requests at once, both of them answered";
    RefreshWider "refresh_scope_wider" "RFC 6749, 6"
        "a refresh that asks for more scope than was granted";
    RevokedForeign "revocation_of_another_client" "RFC 7009, 2.1"
        "the revocation of another client's token";
    RegistrationForeign "registration_of_another_party" "bank-api fact 4.1; RFC 7592, 2"
        "a call about an application that another party has registered";
    TokenInQuery "access_token_in_query" "RFC 9700, 4.3.2; RFC 6750, 5.3"
        "an access token in a query";
    TokenInBody "access_token_in_body" "FAPI 2.0 Security Profile, 5.3.4; RFC 6750, 2.2"
        "an access token in a body";
    RequestIdMalformed "request_id_malformed" "bank-api fact 8.2; RFC 9562, 4"
        "an X-Request-ID that is missing or no UUID";
    RequestIdReused "request_id_reused" "bank-api fact 8.2"
        "an X-Request-ID that has come before";
    DateMalformed "date_malformed" "RFC 9110, 6.6.1; bank-api fact 8.2"
        "a Date that is missing or no date";
    DateNotCurrent "date_not_current" "RFC 9110, 6.6.1"
        "a Date more than five minutes from the bank's clock";
    UserAddress "user_ip_address_malformed" "bank-api fact 8.2; RFC 4291, 2.2"
        "a User-IP-Address that is no address";
    UserAbsent "user_ip_address_without_user" "bank-api fact 8.2"
        "a User-IP-Address although the user is not involved";
    Other "other" "none in particular"
        "anything else, told in words only";
}
