//! The `state` parameter (RFC 6749 §10.12): 256 random bits behind a mark of our own.
//!
//! The mark lets a page tell its own callback from a foreign `?code=…&state=…`.

use alloc::borrow::ToOwned as _;
use alloc::string::String;

use crate::token;

const MARK: &str = "bc1.";

/// One authorization's `state`: `bc1.` and 43 base64url characters.
#[derive(Clone)]
pub struct State(String);

/// The text is not a `state` of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreign;

impl State {
    /// A state of 256 random bits, drawn by the caller.
    pub fn from_random(bytes: &[u8; 32]) -> Self {
        let mut text = MARK.to_owned();
        text.push_str(&token::encode(bytes));
        Self(text)
    }

    /// Accepts only the exact shape [`State::from_random`] makes.
    pub fn parse(text: &str) -> Result<Self, Foreign> {
        let tail = text.strip_prefix(MARK).ok_or(Foreign)?;
        let base64url = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let fits = tail.len() == token::LENGTH && tail.bytes().all(base64url);
        fits.then(|| Self(text.to_owned())).ok_or(Foreign)
    }

    /// The state as it stands in the URL.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_shape_is_ours() {
        let ours = State::from_random(&[1; 32]);
        assert!(State::parse(ours.as_str()).is_ok());
        assert!(State::parse(&ours.as_str()[4..]).is_err());
        assert!(State::parse("bc1.short").is_err());
        assert!(State::parse("").is_err());
    }
}
