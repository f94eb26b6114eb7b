//! Signs reports on a configuration: Ed25519 (RFC 8032) with a key derived from the key ring, so that there is
//! no other secret to keep, and nothing of the ring can be told from a signature.

use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::vault::{Key, Ring, VaultError};

/// A key that signs reports.
pub(crate) struct ReportKey(Ed25519KeyPair);

impl ReportKey {
    /// The key of a ring's active key.
    pub(crate) fn of_ring(ring: &Ring) -> Result<Self, VaultError> {
        let active = ring.keys().find(|(id, _)| *id == ring.active());
        Self::of_key(active.ok_or(VaultError::UnknownKey)?.1)
    }

    /// The public keys of all keys of a ring: a report stays good when another key becomes the active one.
    pub(crate) fn publics(ring: &Ring) -> Result<Vec<String>, VaultError> {
        ring.keys().map(|(_, key)| Self::of_key(key).map(|key| key.public())).collect()
    }

    fn of_key(secret: &Key) -> Result<Self, VaultError> {
        let salt = Salt::new(HKDF_SHA256, b"bankconnect");
        let extracted = salt.extract(secret);
        let derived = extracted.expand(&[b"reports on a configuration"], HKDF_SHA256);
        let mut seed = Zeroizing::new([0; 32]);
        derived.and_then(|key| key.fill(&mut *seed)).map_err(|_| VaultError::Broken)?;
        Ed25519KeyPair::from_seed_unchecked(&*seed).map(Self).map_err(|_| VaultError::Broken)
    }

    /// The public half, base64.
    pub(crate) fn public(&self) -> String {
        STANDARD.encode(self.0.public_key())
    }

    /// A signature, base64.
    pub(crate) fn sign(&self, text: &[u8]) -> String {
        STANDARD.encode(self.0.sign(text))
    }
}

/// Whether this is a public key as reports name it: 32 bytes (RFC 8032), base64.
pub(crate) fn is_public(text: &str) -> bool {
    STANDARD.decode(text).is_ok_and(|key| key.len() == 32)
}

/// Whether a signature is of this key over this text; both are base64.
pub(crate) fn is_signed(public: &str, text: &[u8], signature: &str) -> bool {
    let (Ok(public), Ok(signature)) = (STANDARD.decode(public), STANDARD.decode(signature)) else {
        return false;
    };
    UnparsedPublicKey::new(&ED25519, public).verify(text, &signature).is_ok()
}
