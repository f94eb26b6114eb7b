//! The tokens themselves, and the bytes they are sealed as.

use oauth2::TokenResponse as _;
use zeroize::Zeroizing;

use super::hash;
use crate::bank::{Salvage, TokenReply};
use crate::secret::Secret;
use crate::store::Hash;
use crate::vault::VaultError;

/// The tokens in use. Only `grant` makes them, only `bank` spends them.
pub struct Tokens {
    /// For the API.
    pub(crate) access_token: Secret,
    /// For the next access token.
    pub(crate) refresh_token: Option<Secret>,
    /// Name of a sandbox certificate that goes along.
    pub(crate) certificate: Option<String>,
}

impl Tokens {
    /// The tokens of a reply; a refresh that brings no new refresh token keeps the old (T12).
    pub(crate) fn of_reply(reply: &TokenReply, old: Option<&Self>) -> Self {
        let new = reply.refresh_token().map(|token| Secret::new(token.secret().clone()));
        Self {
            access_token: Secret::new(reply.access_token().secret().clone()),
            refresh_token: new.or_else(|| old.and_then(|old| old.refresh_token.clone())),
            certificate: old.and_then(|old| old.certificate.clone()),
        }
    }

    /// The tokens of a refused reply, as far as there are any.
    pub(crate) fn of_salvage(salvage: Salvage) -> Option<Self> {
        let Salvage { access_token, refresh_token } = salvage;
        let access_token = access_token.or_else(|| refresh_token.clone())?;
        Some(Self { access_token, refresh_token, certificate: None })
    }

    /// Equal for equal grants: by the refresh token, or the access token where there is none.
    pub(crate) fn fingerprint(&self) -> Hash {
        hash(self.refresh_token.as_ref().unwrap_or(&self.access_token).expose().as_bytes())
    }

    /// Three fields, each behind its length; an absent one has none.
    pub(crate) fn encode(&self) -> Zeroizing<Vec<u8>> {
        let fields = [
            Some(self.access_token.expose()),
            self.refresh_token.as_ref().map(Secret::expose),
            self.certificate.as_deref(),
        ];
        let length = fields.iter().flatten().map(|field| field.len() + 4).sum::<usize>() + 12;
        let mut plain = Zeroizing::new(Vec::with_capacity(length));
        for field in fields {
            let length = field.map_or(u32::MAX, |text| u32::try_from(text.len()).unwrap_or(0));
            plain.extend_from_slice(&length.to_be_bytes());
            plain.extend_from_slice(field.unwrap_or_default().as_bytes());
        }
        plain
    }

    pub(crate) fn decode(mut plain: &[u8]) -> Result<Self, VaultError> {
        let mut field = || -> Result<Option<String>, VaultError> {
            let (length, rest) = plain.split_at_checked(4).ok_or(VaultError::Broken)?;
            plain = rest;
            let length = u32::from_be_bytes(length.try_into().map_err(|_| VaultError::Broken)?);
            if length == u32::MAX {
                return Ok(None);
            }
            let length = usize::try_from(length).map_err(|_| VaultError::Broken)?;
            let (text, rest) = plain.split_at_checked(length).ok_or(VaultError::Broken)?;
            plain = rest;
            let text = str::from_utf8(text).map_err(|_| VaultError::Broken)?;
            Ok(Some(text.to_owned()))
        };
        Ok(Self {
            access_token: field()?.map(Secret::new).ok_or(VaultError::Broken)?,
            refresh_token: field()?.map(Secret::new),
            certificate: field()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_survive_their_encoding() {
        let tokens = Tokens {
            access_token: Secret::new("a".to_owned()),
            refresh_token: None,
            certificate: Some(String::new()),
        };
        let plain = tokens.encode();
        let back = Tokens::decode(&plain).unwrap();
        assert_eq!(back.access_token.expose(), "a");
        assert!(back.refresh_token.is_none());
        assert_eq!(back.certificate.as_deref(), Some(""));
        for cut in 0..plain.len() {
            assert!(Tokens::decode(&plain[..cut]).is_err());
        }
    }
}
