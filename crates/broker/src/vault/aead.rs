//! AES-256-GCM (NIST SP 800-38D) with a random nonce for every record, which stands before it.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use zeroize::Zeroizing;

use super::{Key, VaultError};

/// Makes a key ready for use.
pub(super) fn key(plain: &Key) -> Result<RandomizedNonceKey, VaultError> {
    RandomizedNonceKey::new(&AES_256_GCM, plain).map_err(|_| VaultError::Broken)
}

/// `head ‖ nonce ‖ ciphertext ‖ tag`.
pub(super) fn seal(
    key: &RandomizedNonceKey,
    bound_to: &str,
    head: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, VaultError> {
    let mut body = plain.to_vec();
    let nonce = key
        .seal_in_place_append_tag(Aad::from(bound_to.as_bytes()), &mut body)
        .map_err(|_| VaultError::Broken)?;
    Ok([head, &nonce.as_ref()[..], &body].concat())
}

/// Opens `nonce ‖ ciphertext ‖ tag`.
pub(super) fn open(
    key: &RandomizedNonceKey,
    bound_to: &str,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, VaultError> {
    let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or(VaultError::Broken)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::Broken)?;
    let mut body = Zeroizing::new(body.to_vec());
    let length = key
        .open_in_place(nonce, Aad::from(bound_to.as_bytes()), &mut body)
        .map_err(|_| VaultError::Broken)?
        .len();
    body.truncate(length);
    Ok(body)
}
