//! Seals what must not lie readable in the store, in envelopes: every row has a data key of its own, which lies
//! beside it, wrapped by a key of the ring.
//!
//! AES-256-GCM throughout. A sealed record is `2 ‖ nonce ‖ ciphertext ‖ tag`, a wrapped key `nonce ‖ ciphertext ‖
//! tag`. Every nonce is random; the additional data binds a record to its place, and a data key to its row and to
//! the ring's key, so that what is copied elsewhere does not open (requirements T02, C28). A new key of the ring
//! wraps the data keys anew; the records stay as they are (T03).

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::aead::RandomizedNonceKey;
use zeroize::Zeroizing;

use crate::ambient::{Ambient, NoRandomness};

mod aead;
mod lookup;
mod ring;
mod source;

use aead::{key, open, seal};

pub use lookup::LookupKey;
pub use ring::Ring;
pub(crate) use ring::{KEY_LENGTH, Key};
pub use source::RingSource;

/// How records are sealed.
const FORMAT: u8 = 2;

/// The key ring in use: one key seals, all of them open.
pub struct Vault(RwLock<Arc<Keys>>);

struct Keys {
    sealing: String,
    by_id: ById,
}

/// Keys of a ring, ready for use.
type ById = BTreeMap<String, Arc<RandomizedNonceKey>>;

/// A data key as its row has it.
#[derive(Clone)]
pub struct Wrapped {
    /// The id of the ring's key that wraps it.
    pub kek: String,
    /// The data key, wrapped.
    pub data_key: Vec<u8>,
}

/// A data key, ready for use.
pub struct DataKey(RandomizedNonceKey);

/// Why a key ring or a sealed record is of no use.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The key ring cannot be read or written.
    #[error("the key ring {place}: {what}")]
    KeyRing {
        /// Which file, or which setting.
        place: String,
        /// What is the matter with it.
        what: String,
    },
    /// No randomness for a key.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// Sealed under a key that is not in the ring.
    #[error("a record is sealed under a key that is not in the ring")]
    UnknownKey,
    /// The ring lacks a key that the store's records are sealed under, or has another by its name.
    #[error(
        "the key ring does not open the store: it lacks the key {key}, or has another one by that \
         name; bring the ring back that the store was written with"
    )]
    WrongRing {
        /// The key's id.
        key: String,
    },
    /// The ring seals with a key that was retired.
    #[error(
        "the key ring is an old one: its active key {key} was retired, and nothing may be sealed under it again; \
         take the ring that `bankconnect keys rotate` has written since"
    )]
    RetiredKey {
        /// The key's id.
        key: String,
    },
    /// Not a record of ours, changed, or moved from another place.
    #[error("a sealed record does not open")]
    Broken,
}

impl Vault {
    /// Takes a ring into use; its active key seals.
    pub fn new(ring: &Ring) -> Result<Self, VaultError> {
        let keys = Keys { sealing: ring.active().to_owned(), by_id: by_id(ring)? };
        Ok(Self(RwLock::new(Arc::new(keys))))
    }

    /// Takes another ring into use. The key that seals is `sealing`, which must be in it.
    pub(crate) fn take(&self, ring: &Ring, sealing: &str) -> Result<(), VaultError> {
        let by_id = by_id(ring)?;
        if !by_id.contains_key(sealing) {
            return Err(VaultError::UnknownKey);
        }
        let keys = Keys { sealing: sealing.to_owned(), by_id };
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
        Ok(())
    }

    /// Takes the keys of a ring in beside those in use, to open with.
    pub(crate) fn add(&self, ring: &Ring) -> Result<(), VaultError> {
        let mut by_id = by_id(ring)?;
        let mut keys = self.0.write().unwrap_or_else(PoisonError::into_inner);
        by_id.retain(|id, _| !keys.by_id.contains_key(id));
        if !by_id.is_empty() {
            by_id.extend(keys.by_id.iter().map(|(id, key)| (id.clone(), key.clone())));
            *keys = Arc::new(Keys { sealing: keys.sealing.clone(), by_id });
        }
        Ok(())
    }

    fn keys(&self) -> Arc<Keys> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The id of the key that seals.
    pub(crate) fn sealing(&self) -> String {
        self.keys().sealing.clone()
    }

    /// The ids of the keys that only open.
    pub(crate) fn others(&self) -> Vec<String> {
        let keys = self.keys();
        keys.by_id.keys().filter(|id| **id != keys.sealing).cloned().collect()
    }

    /// Something wrapped by a key of the ring, to know that key again by.
    pub fn sample(&self, id: &str) -> Result<Vec<u8>, VaultError> {
        wrap(self.keys().find(id)?, id, SAMPLE, &[0; KEY_LENGTH])
    }

    /// Makes sure that the ring holds the very key that made a sample.
    pub fn check(&self, id: &str, sample: &[u8]) -> Result<(), VaultError> {
        let keys = self.keys();
        let opened = keys.find(id).and_then(|key| unwrap(key, id, SAMPLE, sample));
        opened.map(drop).map_err(|_| VaultError::WrongRing { key: id.to_owned() })
    }

    /// A new data key for a row; `row` names it, and must be given again to open.
    pub fn new_data_key(
        &self,
        row: &str,
        ambient: &Ambient,
    ) -> Result<(Wrapped, DataKey), VaultError> {
        let plain = Zeroizing::new(ambient.random::<KEY_LENGTH>()?);
        Ok((self.wrap(row, &plain)?, DataKey::new(&plain)?))
    }

    /// The data key of a row.
    pub fn data_key(&self, row: &str, wrapped: &Wrapped) -> Result<DataKey, VaultError> {
        DataKey::new(&*self.unwrap(row, wrapped)?)
    }

    /// The key for looking up of a store; as [`Vault::new_data_key`] made it.
    pub(crate) fn lookup_key(&self, row: &str, wrapped: &Wrapped) -> Result<LookupKey, VaultError> {
        Ok(LookupKey::new(&*self.unwrap(row, wrapped)?))
    }

    /// The same data key, wrapped by the key that seals now.
    pub(crate) fn rewrap(&self, row: &str, wrapped: &Wrapped) -> Result<Wrapped, VaultError> {
        self.wrap(row, &*self.unwrap(row, wrapped)?)
    }

    fn wrap(&self, row: &str, plain: &Key) -> Result<Wrapped, VaultError> {
        let keys = self.keys();
        let kek = keys.sealing.clone();
        Ok(Wrapped { data_key: wrap(keys.find(&kek)?, &kek, row, plain)?, kek })
    }

    fn unwrap(&self, row: &str, wrapped: &Wrapped) -> Result<Zeroizing<Key>, VaultError> {
        let keys = self.keys();
        unwrap(keys.find(&wrapped.kek)?, &wrapped.kek, row, &wrapped.data_key)
    }
}

impl Keys {
    fn find(&self, id: &str) -> Result<&RandomizedNonceKey, VaultError> {
        self.by_id.get(id).map(Arc::as_ref).ok_or(VaultError::UnknownKey)
    }
}

impl DataKey {
    fn new(plain: &Key) -> Result<Self, VaultError> {
        key(plain).map(Self)
    }

    /// Seals; `place` must be given again to open.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        seal(&self.0, &record(place), &[FORMAT], plain)
    }

    /// Opens what [`DataKey::seal`] sealed for the same place.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let [FORMAT, rest @ ..] = sealed else { return Err(VaultError::Broken) };
        open(&self.0, &record(place), rest)
    }
}

/// What a sample stands for in place of a row.
const SAMPLE: &str = "sample";

/// The format is bound too: a record of an other one is never taken for one of this.
fn record(place: &str) -> String {
    format!("{FORMAT}/{place}")
}

fn wrap(
    key: &RandomizedNonceKey,
    kek: &str,
    row: &str,
    plain: &Key,
) -> Result<Vec<u8>, VaultError> {
    seal(key, &wrapping(kek, row), &[], plain)
}

fn unwrap(
    key: &RandomizedNonceKey,
    kek: &str,
    row: &str,
    wrapped: &[u8],
) -> Result<Zeroizing<Key>, VaultError> {
    let plain = open(key, &wrapping(kek, row), wrapped)?;
    let plain = plain.as_slice().try_into().map_err(|_| VaultError::Broken)?;
    Ok(Zeroizing::new(plain))
}

fn wrapping(kek: &str, row: &str) -> String {
    format!("key/{kek}/{row}")
}

fn by_id(ring: &Ring) -> Result<ById, VaultError> {
    ring.keys().map(|(id, plain)| Ok((id.to_owned(), Arc::new(key(plain)?)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault() -> (Vault, Ring) {
        let ring = Ring::new(&Ambient::system()).unwrap();
        (Vault::new(&ring).unwrap(), ring)
    }

    #[test]
    fn a_record_opens_only_in_its_place_with_the_key_of_its_row() {
        let (vault, _) = vault();
        let (wrapped, key) = vault.new_data_key("row 1", &Ambient::system()).unwrap();
        let sealed = key.seal("tokens", b"token").unwrap();
        let again = vault.data_key("row 1", &wrapped).unwrap();
        assert_eq!(*again.open("tokens", &sealed).unwrap(), b"token");
        assert!(matches!(again.open("reply", &sealed), Err(VaultError::Broken)));
        assert!(vault.data_key("row 2", &wrapped).is_err());
        let (_, other) = vault.new_data_key("row 1", &Ambient::system()).unwrap();
        assert!(other.open("tokens", &sealed).is_err());
        assert_ne!(sealed, key.seal("tokens", b"token").unwrap(), "fresh nonce");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(key.open("tokens", &changed).is_err(), "byte {at}");
        }
    }

    #[test]
    fn a_key_wrapped_anew_opens_the_same_records() {
        let (vault, mut ring) = vault();
        let old = ring.active().to_owned();
        let (wrapped, key) = vault.new_data_key("row", &Ambient::system()).unwrap();
        let sealed = key.seal("tokens", b"token").unwrap();
        let new = ring.rotate(&Ambient::system()).unwrap();
        vault.take(&ring, &new).unwrap();
        let anew = vault.rewrap("row", &wrapped).unwrap();
        assert_eq!((&*wrapped.kek, &*anew.kek), (&*old, &*new));
        ring.remove(&old).unwrap();
        vault.take(&ring, &new).unwrap();
        assert!(matches!(vault.data_key("row", &wrapped), Err(VaultError::UnknownKey)));
        assert_eq!(
            *vault.data_key("row", &anew).unwrap().open("tokens", &sealed).unwrap(),
            b"token"
        );
    }
}
