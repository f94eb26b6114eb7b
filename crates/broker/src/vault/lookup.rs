//! Short names of what could be guessed.

use aws_lc_rs::hmac;

use super::Key;

/// Makes short names of what could be guessed, such as account numbers: equal for equal things, and of no use to
/// somebody who has the store alone.
pub struct LookupKey(hmac::Key);

impl LookupKey {
    pub(super) fn new(plain: &Key) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, plain))
    }

    /// HMAC-SHA-256.
    pub(crate) fn name(&self, of: &[u8]) -> [u8; 32] {
        let mut name = [0; 32];
        name.copy_from_slice(hmac::sign(&self.0, of).as_ref());
        name
    }
}
