//! Seals what must not lie readable in the store: AES-256-GCM under a key ring.
//!
//! A sealed record is `1 ‖ len(key id) ‖ key id ‖ nonce ‖ ciphertext ‖ tag`. The nonce is random for
//! every record; the additional data binds the record to its place, so that a row copied over
//! another does not open (requirements T02, C28).

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::ambient::{Ambient, NoRandomness};

const FORMAT: u8 = 1;
const KEY_LENGTH: usize = 32;

/// The key ring: one key seals, all of them open.
pub struct Vault {
    active: String,
    keys: BTreeMap<String, RandomizedNonceKey>,
}

/// Why a key ring or a sealed record is of no use.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The key ring cannot be read or written.
    #[error("the key ring {path}: {what}")]
    KeyRing {
        /// Which file.
        path: String,
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
    /// Not a record of ours, changed, or moved from another place.
    #[error("a sealed record does not open")]
    Broken,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyRingFile {
    active: String,
    keys: BTreeMap<String, String>,
}

impl Vault {
    /// Reads the key ring that `bankconnect keys new` made.
    pub fn open(path: &Path) -> Result<Self, VaultError> {
        let (active, plain) = read(path)?;
        let mut keys = BTreeMap::new();
        for (id, key) in plain {
            let key =
                RandomizedNonceKey::new(&AES_256_GCM, &key).map_err(|_| VaultError::Broken)?;
            keys.insert(id, key);
        }
        Ok(Self { active, keys })
    }

    /// The key that seals, 32 bytes, to derive others from.
    pub(crate) fn active_key(path: &Path) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let (active, mut keys) = read(path)?;
        keys.remove(&active).ok_or(VaultError::UnknownKey)
    }

    /// Writes a new key ring with one random key; refuses to overwrite a file.
    pub fn create(path: &Path, ambient: &Ambient) -> Result<(), VaultError> {
        let wrong = |e: std::io::Error| VaultError::KeyRing {
            path: path.display().to_string(),
            what: match e.kind() {
                std::io::ErrorKind::AlreadyExists => {
                    "is there already and is never overwritten; choose another name".to_owned()
                }
                kind => kind.to_string(),
            },
        };
        let key = Zeroizing::new(ambient.random::<KEY_LENGTH>()?);
        let id = format!("k{}", ambient.now().as_second());
        let text = Zeroizing::new(format!(
            "# Key ring of a bankconnect broker. Without it the stored grants are lost;\n\
             # with it they can be read. Keep a copy apart from the database's backups.\n\
             active = \"{id}\"\n\n[keys]\n{id} = \"{}\"\n",
            STANDARD.encode(*key)
        ));
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(wrong)?;
        let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        // half a ring is none, and would be in the way of the next try
        written.inspect_err(|_| drop(std::fs::remove_file(path))).map_err(wrong)
    }

    /// The id of the key that seals, which is the newest, and how many there are.
    pub(crate) fn ids(&self) -> (&str, usize) {
        (&self.active, self.keys.len())
    }

    /// The id of the key that seals, and something sealed under it.
    pub fn sample(&self) -> Result<(&str, Vec<u8>), VaultError> {
        Ok((&self.active, self.seal(&sample_place(&self.active), b"")?))
    }

    /// Makes sure that the ring holds the very key a sample was sealed under.
    pub fn check(&self, key: &str, sample: &[u8]) -> Result<(), VaultError> {
        let opened = self.open_sealed(&sample_place(key), sample);
        opened.map(drop).map_err(|_| VaultError::WrongRing { key: key.to_owned() })
    }

    /// Seals under the active key; `place` must be given again to open.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        let key = self.keys.get(&self.active).ok_or(VaultError::UnknownKey)?;
        let mut body = plain.to_vec();
        let nonce = key
            .seal_in_place_append_tag(Aad::from(place.as_bytes()), &mut body)
            .map_err(|_| VaultError::Broken)?;
        let id = self.active.as_bytes();
        let id_length = u8::try_from(id.len()).map_err(|_| VaultError::Broken)?;
        Ok([&[FORMAT, id_length], id, nonce.as_ref(), &body].concat())
    }

    /// Opens what [`Vault::seal`] sealed for the same place.
    pub fn open_sealed(
        &self,
        place: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let [FORMAT, id_length, rest @ ..] = sealed else { return Err(VaultError::Broken) };
        let (id, rest) =
            rest.split_at_checked(usize::from(*id_length)).ok_or(VaultError::Broken)?;
        let (nonce, body) = rest.split_at_checked(NONCE_LEN).ok_or(VaultError::Broken)?;
        let id = str::from_utf8(id).map_err(|_| VaultError::Broken)?;
        let key = self.keys.get(id).ok_or(VaultError::UnknownKey)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::Broken)?;
        let mut body = Zeroizing::new(body.to_vec());
        let length = key
            .open_in_place(nonce, Aad::from(place.as_bytes()), &mut body)
            .map_err(|_| VaultError::Broken)?
            .len();
        body.truncate(length);
        Ok(body)
    }
}

/// Keys by their ids.
type PlainKeys = BTreeMap<String, Zeroizing<Vec<u8>>>;

/// The active key's id and all keys of a ring, which that one is among.
fn read(path: &Path) -> Result<(String, PlainKeys), VaultError> {
    let wrong = |what: &str| VaultError::KeyRing {
        path: path.display().to_string(),
        what: what.to_owned(),
    };
    let text = std::fs::read_to_string(path).map_err(|e| wrong(&e.kind().to_string()))?;
    let text = Zeroizing::new(text);
    // the parser's message may quote a line, and the line may be a key
    let file: KeyRingFile = toml::from_str(&text).map_err(|_| wrong("is not a key ring"))?;
    let mut keys = BTreeMap::new();
    for (id, key) in file.keys {
        let key = STANDARD.decode(Zeroizing::new(key).as_bytes()).map(Zeroizing::new);
        let key = key.ok().filter(|key| key.len() == KEY_LENGTH && id.len() <= 64);
        let key = key.ok_or_else(|| wrong("has a key that is not 32 bytes in base64"))?;
        keys.insert(id, key);
    }
    if keys.contains_key(&file.active) {
        Ok((file.active, keys))
    } else {
        Err(wrong("names an active key that is not in it"))
    }
}

fn sample_place(key: &str) -> String {
    format!("sample/{key}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_opens_only_in_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        Vault::create(&path, &Ambient::system()).unwrap();
        assert!(Vault::create(&path, &Ambient::system()).is_err(), "never overwrites");
        let vault = Vault::open(&path).unwrap();
        let sealed = vault.seal("grant/1", b"token").unwrap();
        assert_eq!(*vault.open_sealed("grant/1", &sealed).unwrap(), b"token");
        assert!(matches!(vault.open_sealed("grant/2", &sealed), Err(VaultError::Broken)));
        assert_ne!(sealed, vault.seal("grant/1", b"token").unwrap(), "fresh nonce");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(vault.open_sealed("grant/1", &changed).is_err(), "byte {at}");
        }
    }
}
