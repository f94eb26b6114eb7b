//! Files in which authorities and key stores hand out certificates and keys: PEM, DER, PKCS#8 and PKCS#12.
//!
//! The broker itself reads plain PEM only. What cannot be read is told with the command that makes it readable.

use std::path::Path;

use der::Decode as _;
use pkcs8::PrivateKeyInfoRef;
use zeroize::Zeroizing;

use super::Certificate;
use crate::secret::Secret;

mod keys;
mod pem;
mod pkcs12;

/// A private key: PKCS#8, DER, plain. Wiped when dropped.
pub(crate) type KeyBytes = Zeroizing<Vec<u8>>;

/// How a file is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Base64 between lines that name what it is (RFC 7468).
    Pem,
    /// The bytes of one certificate or key.
    Der,
    /// A key store with both (RFC 7292).
    Pkcs12,
}

impl Format {
    /// Its name for people and programs.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pem => "pem",
            Self::Der => "der",
            Self::Pkcs12 => "pkcs12",
        }
    }
}

/// What a file held.
pub(crate) struct Opened {
    /// How it was written.
    pub(crate) format: Format,
    /// In the file's order.
    pub(crate) certificates: Vec<Certificate>,
    /// The one key, if any.
    pub(crate) key: Option<KeyBytes>,
}

/// A file that is of no use as it is.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {what}; fix: {fix}")]
pub(crate) struct Unreadable {
    file: String,
    what: String,
    fix: String,
}

/// Why something in a file cannot be read; the fix may speak of the file as `FILE`.
struct Refusal {
    what: String,
    fix: String,
}

impl Refusal {
    fn new(what: &str, fix: &str) -> Self {
        Self { what: what.to_owned(), fix: fix.to_owned() }
    }
}

/// One thing in a file.
enum Item {
    Certificate(Box<Certificate>),
    Key(KeyBytes),
}

/// Larger files are no certificates.
const LARGEST: u64 = 1024 * 1024;

impl Opened {
    /// Reads a file, with the passphrase where it needs one.
    pub(crate) fn read(file: &Path, passphrase: Option<&Secret>) -> Result<Self, Unreadable> {
        let refuse = |Refusal { what, fix }| {
            let name = file.display().to_string();
            Unreadable { fix: fix.replace("FILE", &name), file: name, what }
        };
        let bytes = contents(file).map_err(refuse)?;
        let opened = Self::of_bytes(&bytes, passphrase).map_err(refuse)?;
        if opened.certificates.is_empty() && opened.key.is_none() {
            let what = "holds neither certificate nor private key";
            return Err(refuse(Refusal::new(what, WHAT_IS_READ)));
        }
        Ok(opened)
    }

    fn of_bytes(bytes: &[u8], passphrase: Option<&Secret>) -> Result<Self, Refusal> {
        if pkcs12::is_one(bytes) {
            return pkcs12::read(bytes, passphrase);
        }
        let text = std::str::from_utf8(bytes).ok().filter(|text| text.contains(pem::BEGIN));
        match text {
            Some(text) => Self::of_items(Format::Pem, pem::read(text, passphrase)?),
            None => Self::of_items(Format::Der, vec![der_item(bytes, passphrase)?]),
        }
    }

    fn of_items(format: Format, items: Vec<Item>) -> Result<Self, Refusal> {
        let (mut certificates, mut found) = (Vec::new(), Vec::new());
        for item in items {
            match item {
                Item::Certificate(certificate) => certificates.push(*certificate),
                Item::Key(key) => found.push(key),
            }
        }
        if found.len() > 1 {
            let fix = "write a file that has only the key of the certificate";
            return Err(Refusal::new("holds more than one private key", fix));
        }
        Ok(Self { format, certificates, key: found.pop() })
    }
}

const WHAT_IS_READ: &str = "name a certificate or key in PEM or DER, or a PKCS#12 file (.p12, .pfx); \
                            another kind of file: openssl pkcs12 -in FILE -out FILE.pem";

fn contents(file: &Path) -> Result<KeyBytes, Refusal> {
    let unreadable = |error: std::io::Error| {
        let what = format!("cannot be read ({})", error.kind());
        Refusal::new(&what, "name an existing file that you may read")
    };
    let size = std::fs::metadata(file).map_err(unreadable)?.len();
    if size > LARGEST {
        return Err(Refusal::new("is larger than 1 MiB", WHAT_IS_READ));
    }
    std::fs::read(file).map(Zeroizing::new).map_err(unreadable)
}

fn der_item(bytes: &[u8], passphrase: Option<&Secret>) -> Result<Item, Refusal> {
    if let Some(certificate) = Certificate::read(bytes) {
        return Ok(Item::Certificate(certificate.into()));
    }
    if PrivateKeyInfoRef::from_der(bytes).is_ok() {
        return Ok(Item::Key(Zeroizing::new(bytes.to_vec())));
    }
    if pkcs8::EncryptedPrivateKeyInfoRef::from_der(bytes).is_ok() {
        return keys::decrypted(bytes, passphrase).map(Item::Key);
    }
    match keys::of_rsa(bytes).or_else(|| keys::of_ec(bytes)) {
        Some(key) => Ok(Item::Key(key)),
        None => Err(Refusal::new("is no certificate, key or key store", WHAT_IS_READ)),
    }
}
