//! Proof Key for Code Exchange (RFC 7636), method S256 only.
//!
//! The verifier is made in the browser and shown to the broker once, in the callback; the broker
//! enforces it itself because ČNB's authorization server ignores PKCE.

use alloc::borrow::ToOwned as _;
use alloc::string::String;
use sha2::{Digest as _, Sha256};

use crate::token;

/// The secret half, 43 to 128 unreserved characters (RFC 7636 §4.1). Neither printable nor
/// comparable: a comparison goes through [`CodeVerifier::challenge`].
pub struct CodeVerifier(String);

/// `BASE64URL(SHA256(verifier))`, 43 characters (RFC 7636 §4.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeChallenge(String);

/// The text is not a verifier or challenge of RFC 7636.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

impl CodeVerifier {
    /// A verifier of 256 random bits, drawn by the caller.
    pub fn from_random(bytes: &[u8; 32]) -> Self {
        Self(token::encode(bytes))
    }

    /// Accepts what RFC 7636 §4.1 allows: 43 to 128 characters of `[A-Za-z0-9-._~]`.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let fits = (43..=128).contains(&text.len()) && text.bytes().all(token::is_unreserved);
        fits.then(|| Self(text.to_owned())).ok_or(Malformed)
    }

    /// The S256 challenge of this verifier.
    pub fn challenge(&self) -> CodeChallenge {
        CodeChallenge::from_digest(&Sha256::digest(self.0.as_bytes()).into())
    }

    /// The plain text; only for the callback body and the token request.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl CodeChallenge {
    /// From the SHA-256 of a verifier's text; the browser has a function of its own for that.
    pub fn from_digest(digest: &[u8; 32]) -> Self {
        Self(token::encode(digest))
    }

    /// Accepts 43 base64url characters, the only length S256 produces.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let base64url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let fits = text.len() == token::LENGTH && text.bytes().all(base64url);
        fits.then(|| Self(text.to_owned())).ok_or(Malformed)
    }

    /// The challenge as it stands in the authorization request.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString as _;

    #[test]
    fn verifier_keeps_to_rfc_7636() {
        assert!(CodeVerifier::parse(&"a".repeat(42)).is_err());
        assert!(CodeVerifier::parse(&"a".repeat(129)).is_err());
        assert!(CodeVerifier::parse(&("+".to_string() + &"a".repeat(50))).is_err());
        assert!(CodeVerifier::parse(&"~".repeat(128)).is_ok());
        assert_eq!(CodeVerifier::from_random(&[7; 32]).expose().len(), token::LENGTH);
    }

    #[test]
    fn challenge_is_43_base64url_characters() {
        assert!(CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM").is_ok());
        assert!(CodeChallenge::parse("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw.cM").is_err());
        assert!(CodeChallenge::parse("").is_err());
    }
}
