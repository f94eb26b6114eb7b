//! PKCS#12: what browsers, Windows and many authorities hand a certificate with its key out in.

use der::{Decode as _, Header, SliceReader};
use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error;
use zeroize::Zeroizing;

use super::keys::{needs_passphrase, wrong_passphrase};
use super::{Format, Item, Opened, Refusal};
use crate::certificate::Certificate;
use crate::secret::Secret;

/// Whether it is a `PFX` (RFC 7292 §4): no key or certificate begins with version 3.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    let version = || {
        let mut reader = SliceReader::new(bytes)?;
        Header::decode(&mut reader)?;
        u8::decode(&mut reader)
    };
    version().is_ok_and(|version| version == 3)
}

/// Reads all certificates and the key.
pub(super) fn read(bytes: &[u8], passphrase: Option<&Secret>) -> Result<Opened, Refusal> {
    let archive = Pkcs12Archive::from_pkcs12(bytes, passphrase.map_or("", Secret::expose));
    let archive = archive.map_err(|error| refusal(&error, passphrase.is_some()))?;
    let mut items = Vec::new();
    for bag in &archive.certs {
        let certificate = Certificate::read(bag.cert.as_der()).ok_or_else(unknown)?;
        items.push(Item::Certificate(certificate.into()));
    }
    items.extend(archive.keys.iter().map(|bag| Item::Key(Zeroizing::new(bag.key.as_der().into()))));
    Opened::of_items(Format::Pkcs12, items)
}

fn refusal(error: &Error, given: bool) -> Refusal {
    match error {
        // without a checksum, only the padding tells
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) if given => {
            wrong_passphrase()
        }
        Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_) => needs_passphrase(),
        _ => unknown(),
    }
}

fn unknown() -> Refusal {
    Refusal::new(
        "is a PKCS#12 file of a kind that is not read",
        "openssl pkcs12 -legacy -in FILE -out FILE.pem, then name FILE.pem",
    )
}
