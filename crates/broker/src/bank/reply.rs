//! A token reply (RFC 6749 §5.1), read with tolerance where banks differ and none where it matters.
//!
//! Web Flow writes `bearer` in lower case, may leave out `refresh_token`, and adds fields of its
//! own (bank-api facts 5.7). Requirements K17, K18, T22.

use std::fmt;
use std::time::Duration;

use oauth2::basic::BasicTokenType;
use oauth2::{AccessToken, RefreshToken, Scope, TokenResponse};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use crate::secret::Secret;

/// Longest life believed: a year. What is longer is a mistake (requirement T22).
const LONGEST: u64 = 366 * 86_400;
/// Life assumed when the bank names none, or nonsense: the product's default (bank-api 5.6).
const ASSUMED: u64 = 300;

/// The judged reply. It has no `Serialize` worth the name and prints no token: the traits are
/// there because the `oauth2` crate asks for them.
#[derive(Deserialize)]
pub struct TokenReply {
    #[serde(deserialize_with = "access_token")]
    access_token: AccessToken,
    token_type: BasicTokenType,
    #[serde(default, deserialize_with = "lifetime")]
    expires_in: Lifetime,
    #[serde(default, deserialize_with = "refresh_token")]
    refresh_token: Option<RefreshToken>,
    #[serde(default)]
    scope: Option<String>,
    #[serde(skip)]
    no_scopes: Option<Vec<Scope>>,
}

impl TokenReply {
    /// Reads a raw reply; the error names no value.
    pub fn judge(raw: &[u8]) -> Result<Self, &'static str> {
        let reply: Self = serde_json::from_slice(raw).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => "token reply has wrong or doubled fields",
            _ => "token reply is not JSON",
        })?;
        reply.check()
    }

    /// Only bearer tokens can be used (RFC 6749 §7.1: an unknown type must not be).
    pub(super) fn check(self) -> Result<Self, &'static str> {
        if self.token_type.as_ref().eq_ignore_ascii_case("bearer") {
            return Ok(self);
        }
        Err("token reply has a token type other than Bearer")
    }

    /// Seconds the access token lives.
    pub fn lives(&self) -> u64 {
        self.expires_in.0
    }

    /// Granted scopes; `None` means as asked (RFC 6749 §5.1).
    pub fn granted(&self) -> Option<Vec<String>> {
        let scope = self.scope.as_deref()?;
        Some(scope.split_whitespace().map(str::to_owned).collect())
    }
}

/// The tokens of a reply that was refused for something else: still the bank's last word, and
/// perhaps the only key left to the consent (requirement T11).
pub struct Salvage {
    /// To be revoked with the other.
    pub access_token: Option<Secret>,
    /// What the next refresh has to present.
    pub refresh_token: Option<Secret>,
}

impl Salvage {
    /// Finds tokens in a raw reply, whatever else is in it.
    pub fn read(raw: &[u8]) -> Self {
        #[derive(Deserialize, Default)]
        #[serde(default)]
        struct Loose {
            access_token: serde_json::Value,
            refresh_token: serde_json::Value,
        }
        let loose: Loose = serde_json::from_slice(raw).unwrap_or_default();
        let usable = |value: &serde_json::Value| {
            value.as_str().filter(|text| is_token(text)).map(|text| Secret::new(text.to_owned()))
        };
        Self {
            access_token: usable(&loose.access_token),
            refresh_token: usable(&loose.refresh_token),
        }
    }
}

#[derive(Clone, Copy)]
struct Lifetime(u64);

impl Default for Lifetime {
    fn default() -> Self {
        Self(ASSUMED)
    }
}

/// COBS 2.0 §1.2.11: at most 1024 bytes; RFC 6750 §2.1: it must fit a header.
fn is_token(text: &str) -> bool {
    (1..=4096).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

fn access_token<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AccessToken, D::Error> {
    let text = String::deserialize(deserializer)?;
    if is_token(&text) {
        return Ok(AccessToken::new(text));
    }
    Err(de::Error::custom("unusable access token"))
}

/// An empty one counts as none: two grants must never look alike for want of a token.
fn refresh_token<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<RefreshToken>, D::Error> {
    match Option::<String>::deserialize(deserializer)? {
        Some(text) if is_token(&text) => Ok(Some(RefreshToken::new(text))),
        Some(text) if !text.is_empty() => Err(de::Error::custom("unusable refresh token")),
        _ => Ok(None),
    }
}

/// A number, a number in quotes, null, or nothing; absurd values fall back to [`ASSUMED`].
fn lifetime<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Lifetime, D::Error> {
    struct Seconds;
    impl Visitor<'_> for Seconds {
        type Value = Lifetime;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("seconds")
        }
        fn visit_u64<E>(self, seconds: u64) -> Result<Lifetime, E> {
            Ok(Lifetime(seconds.min(LONGEST)))
        }
        fn visit_i64<E>(self, seconds: i64) -> Result<Lifetime, E> {
            Ok(u64::try_from(seconds)
                .map_or_else(|_| Lifetime::default(), |s| Lifetime(s.min(LONGEST))))
        }
        fn visit_f64<E>(self, _: f64) -> Result<Lifetime, E> {
            Ok(Lifetime::default())
        }
        fn visit_str<E>(self, text: &str) -> Result<Lifetime, E> {
            Ok(text.parse().map_or_else(|_| Lifetime::default(), |s: u64| Lifetime(s.min(LONGEST))))
        }
        fn visit_unit<E>(self) -> Result<Lifetime, E> {
            Ok(Lifetime::default())
        }
    }
    deserializer.deserialize_any(Seconds)
}

impl TokenResponse for TokenReply {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }
    fn token_type(&self) -> &BasicTokenType {
        &self.token_type
    }
    fn expires_in(&self) -> Option<Duration> {
        Some(Duration::from_secs(self.lives()))
    }
    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }
    fn scopes(&self) -> Option<&Vec<Scope>> {
        self.no_scopes.as_ref() // see `granted`, which borrows nothing
    }
}

impl fmt::Debug for TokenReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenReply")
    }
}

impl Serialize for TokenReply {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("a token reply is never written out"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lives(expires_in: &str) -> u64 {
        let raw = format!(r#"{{"access_token":"a","token_type":"bEARER"{expires_in}}}"#);
        TokenReply::judge(raw.as_bytes()).unwrap().lives()
    }

    /// T22, K17: numeric extremes, and a type in any case.
    #[test]
    fn lifetimes_are_clamped() {
        assert_eq!(lives(""), ASSUMED);
        assert_eq!(lives(r#","expires_in":299"#), 299);
        assert_eq!(lives(r#","expires_in":"60""#), 60);
        assert_eq!(lives(r#","expires_in":-1"#), ASSUMED);
        assert_eq!(lives(r#","expires_in":1e300"#), ASSUMED);
        assert_eq!(lives(r#","expires_in":null"#), ASSUMED);
        assert_eq!(lives(r#","expires_in":99999999999999"#), LONGEST);
    }

    #[test]
    fn an_empty_refresh_token_is_none() {
        let raw = br#"{"access_token":"a","token_type":"bearer","refresh_token":""}"#;
        assert!(TokenReply::judge(raw).unwrap().refresh_token().is_none());
    }

    #[test]
    fn tokens_are_salvaged_from_a_refused_reply() {
        let raw = br#"{"access_token":"a","token_type":"mac","refresh_token":"r"}"#;
        assert!(TokenReply::judge(raw).is_err());
        let salvage = Salvage::read(raw);
        assert_eq!(salvage.refresh_token.unwrap().expose(), "r");
        assert!(Salvage::read(b"<html>").access_token.is_none());
        let salvage = Salvage::read(br#"{"access_token":7,"refresh_token":"r"}"#);
        assert!(salvage.access_token.is_none() && salvage.refresh_token.is_some());
    }

    /// K17, K18.
    #[test]
    fn what_matters_is_not_tolerated() {
        for raw in [
            "[]",
            "not json",
            r#"{"access_token":"a"}"#,
            r#"{"access_token":"a","token_type":"mac"}"#,
            r#"{"access_token":"","token_type":"bearer"}"#,
            r#"{"access_token":"a b","token_type":"bearer"}"#,
            r#"{"access_token":"a","token_type":"bearer","refresh_token":"a b"}"#,
            r#"{"access_token":"a","access_token":"b","token_type":"bearer"}"#,
        ] {
            assert!(TokenReply::judge(raw.as_bytes()).is_err(), "{raw}");
        }
    }
}
