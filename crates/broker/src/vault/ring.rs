//! The key ring as operators keep it: keys by their ids, one of them active. `bankconnect keys` writes it.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::VaultError;
use crate::ambient::Ambient;

pub(crate) const KEY_LENGTH: usize = 32;

/// A key for AES-256.
pub(crate) type Key = [u8; KEY_LENGTH];

/// Keys by their ids; the active one is to seal.
pub struct Ring {
    active: String,
    keys: BTreeMap<String, Zeroizing<Key>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    active: String,
    keys: BTreeMap<String, String>,
}

/// What a ring says of itself.
const HEAD: &str = "\
# Key ring of a bankconnect broker. Without it the stored grants are lost;
# with it they can be read. Keep a copy apart from the database's backups.
# `bankconnect keys list|rotate|retire` look at it and change it.
";

impl Ring {
    /// A ring with one random key.
    pub fn new(ambient: &Ambient) -> Result<Self, VaultError> {
        let mut ring = Self { active: String::new(), keys: BTreeMap::new() };
        ring.rotate(ambient)?;
        Ok(ring)
    }

    /// Reads a ring; `place` is what errors call it.
    pub(crate) fn parse(text: &str, place: &str) -> Result<Self, VaultError> {
        let wrong = |what: &str| VaultError::KeyRing { place: place.into(), what: what.into() };
        // the parser's message may quote a line, and the line may be a key
        let written: Written = toml::from_str(text).map_err(|_| wrong("is not a key ring"))?;
        let mut keys = BTreeMap::new();
        for (id, key) in written.keys {
            let key = STANDARD.decode(Zeroizing::new(key).as_bytes()).map(Zeroizing::new);
            let key = key.ok().and_then(|key| Key::try_from(&key[..]).ok()).map(Zeroizing::new);
            let key = key.ok_or_else(|| wrong("has a key that is not 32 bytes in base64"))?;
            if !is_id(&id) {
                return Err(wrong("has a key whose id is not 1 to 64 characters A-Z a-z 0-9 - _"));
            }
            keys.insert(id, key);
        }
        if keys.contains_key(&written.active) {
            Ok(Self { active: written.active, keys })
        } else {
            Err(wrong("names an active key that is not in it"))
        }
    }

    /// The ring as it is written; a secret.
    pub fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(512 + 128 * self.keys.len()));
        for part in [HEAD, "active = \"", &self.active, "\"\n\n[keys]\n"] {
            text.push_str(part);
        }
        for (id, key) in &self.keys {
            let key = Zeroizing::new(STANDARD.encode(**key));
            for part in [id, " = \"", &key, "\"\n"] {
                text.push_str(part);
            }
        }
        text
    }

    /// Adds a random key, which becomes the active one; answers its id.
    pub(crate) fn rotate(&mut self, ambient: &Ambient) -> Result<String, VaultError> {
        let key = Zeroizing::new(ambient.random()?);
        // a part by chance: two machines that rotate in one second make two keys, not one name for both
        let [chance] = ambient.random::<2>().map(u16::from_be_bytes).map(|chance| [chance])?;
        let id = format!("k{}-{chance:04x}", ambient.now().as_second());
        self.keys.insert(id.clone(), key);
        self.active.clone_from(&id);
        Ok(id)
    }

    /// Takes a key out. Errors: it is not there, or it is the active one.
    pub(crate) fn remove(&mut self, id: &str) -> Result<(), VaultError> {
        if id == self.active || self.keys.remove(id).is_none() {
            return Err(VaultError::UnknownKey);
        }
        Ok(())
    }

    /// The id of the key that is to seal.
    pub(crate) fn active(&self) -> &str {
        &self.active
    }

    /// All keys.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (&str, &Key)> {
        self.keys.iter().map(|(id, key)| (&**id, &**key))
    }

    /// All ids.
    pub(crate) fn ids(&self) -> Vec<&str> {
        self.keys.keys().map(String::as_str).collect()
    }
}

/// Nothing that would have to be quoted anywhere.
fn is_id(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}
