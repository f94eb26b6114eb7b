//! Private keys of every age become plain PKCS#8, the one form that everything reads.

use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, OctetStringRef, UintRef};
use der::{Decode as _, Encode as _, Sequence};
use pkcs8::spki::AlgorithmIdentifierRef;
use pkcs8::{EncryptedPrivateKeyInfoRef, PrivateKeyInfoRef, pkcs5};
use zeroize::Zeroizing;

use super::{KeyBytes, Refusal};
use crate::secret::Secret;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// `RSAPrivateKey` (RFC 8017 §A.1.2), to tell it from other things.
#[derive(Sequence)]
struct RsaPrivateKey<'a> {
    version: u8,
    modulus: UintRef<'a>,
    public_exponent: UintRef<'a>,
    private_exponent: UintRef<'a>,
    prime1: UintRef<'a>,
    prime2: UintRef<'a>,
    exponent1: UintRef<'a>,
    exponent2: UintRef<'a>,
    coefficient: UintRef<'a>,
}

/// `ECPrivateKey` (RFC 5915 §3).
#[derive(Sequence)]
struct EcPrivateKey<'a> {
    version: u8,
    private_key: &'a OctetStringRef,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    parameters: Option<ObjectIdentifier>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    public_key: Option<BitStringRef<'a>>,
}

/// PKCS#8 of a PKCS#1 key; `None` for what is none.
pub(super) fn of_rsa(bytes: &[u8]) -> Option<KeyBytes> {
    RsaPrivateKey::from_der(bytes).ok()?;
    wrapped(RSA, AnyRef::NULL, bytes)
}

/// PKCS#8 of a SEC 1 key that names its curve; `None` for what is none.
pub(super) fn of_ec(bytes: &[u8]) -> Option<KeyBytes> {
    let curve = EcPrivateKey::from_der(bytes).ok()?.parameters?;
    wrapped(EC, AnyRef::from(&curve), bytes)
}

fn wrapped(oid: ObjectIdentifier, parameters: AnyRef<'_>, key: &[u8]) -> Option<KeyBytes> {
    let algorithm = AlgorithmIdentifierRef { oid, parameters: Some(parameters) };
    let key = OctetStringRef::new(key).ok()?;
    PrivateKeyInfoRef::new(algorithm, key).to_der().ok().map(Zeroizing::new)
}

/// The key of an encrypted PKCS#8 (RFC 5958 §3).
pub(super) fn decrypted(bytes: &[u8], passphrase: Option<&Secret>) -> Result<KeyBytes, Refusal> {
    let legacy = || {
        Refusal::new(
            "the key is encrypted in a way that is no longer read",
            "openssl pkcs8 -topk8 -v2 aes-256-cbc -provider legacy -provider default -in FILE -out FILE.pk8, \
             then name FILE.pk8 as the key",
        )
    };
    let encrypted = EncryptedPrivateKeyInfoRef::try_from(bytes).map_err(|_| legacy())?;
    let passphrase = passphrase.ok_or_else(needs_passphrase)?;
    match encrypted.decrypt(passphrase.expose()) {
        // by chance a wrong passphrase can give bytes that look whole
        Ok(key) if PrivateKeyInfoRef::from_der(key.as_bytes()).is_ok() => {
            Ok(Zeroizing::new(key.as_bytes().to_vec()))
        }
        Ok(_) | Err(pkcs8::Error::Asn1(_)) => Err(wrong_passphrase()),
        Err(pkcs8::Error::EncryptedPrivateKey(pkcs5::Error::DecryptFailed)) => {
            Err(wrong_passphrase())
        }
        Err(_) => Err(legacy()),
    }
}

pub(super) fn needs_passphrase() -> Refusal {
    let fix = "write the passphrase into a file (mode 0600) and name it by --passphrase-file";
    Refusal::new("is encrypted, and no passphrase was given", fix)
}

pub(super) fn wrong_passphrase() -> Refusal {
    let fix = "write the passphrase of this very file into the one that --passphrase-file names";
    Refusal::new("does not open with this passphrase", fix)
}
