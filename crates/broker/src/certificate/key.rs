//! The key of a certificate: its kind and size, and what it may be used for.

use der::asn1::{ObjectIdentifier, UintRef};
use der::{Decode as _, Sequence};
use x509_cert::ext::pkix::KeyUsages;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

/// A public key.
pub(crate) struct PublicKey {
    /// `RSA`, `EC P-256`, `Ed25519`; the number of a kind that is not known.
    pub(crate) algorithm: String,
    /// Size in bits, where the kind is known.
    pub(crate) bits: Option<usize>,
}

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const CURVES: [(&str, &str, usize); 3] = [
    ("1.2.840.10045.3.1.7", "EC P-256", 256),
    ("1.3.132.0.34", "EC P-384", 384),
    ("1.3.132.0.35", "EC P-521", 521),
];
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// `RSAPublicKey` (RFC 8017 §A.1.1).
#[derive(Sequence)]
struct RsaPublicKey<'a> {
    modulus: UintRef<'a>,
    exponent: UintRef<'a>,
}

impl PublicKey {
    pub(super) fn read(key: &SubjectPublicKeyInfoOwned) -> Self {
        let algorithm = &key.algorithm;
        match algorithm.oid {
            RSA => {
                let read = RsaPublicKey::from_der(key.subject_public_key.raw_bytes()).ok();
                let bits = read.and_then(|read| bits(read.modulus.as_bytes()));
                Self { algorithm: "RSA".to_owned(), bits }
            }
            EC => {
                let curve = algorithm.parameters.as_ref().and_then(|any| any.decode_as().ok());
                let curve = curve.map_or_else(String::new, |oid: ObjectIdentifier| oid.to_string());
                match CURVES.iter().find(|(oid, ..)| *oid == curve) {
                    Some((_, name, bits)) => {
                        Self { algorithm: (*name).to_owned(), bits: Some(*bits) }
                    }
                    None => Self { algorithm: format!("EC {curve}"), bits: None },
                }
            }
            ED25519 => Self { algorithm: "Ed25519".to_owned(), bits: Some(256) },
            other => Self { algorithm: other.to_string(), bits: None },
        }
    }
}

/// Bits of a number without leading zero bytes.
fn bits(number: &[u8]) -> Option<usize> {
    let first = number.first()?;
    Some(number.len() * 8 - first.leading_zeros() as usize)
}

/// The name of RFC 5280 §4.2.1.3.
pub(super) fn usage(usage: KeyUsages) -> &'static str {
    match usage {
        KeyUsages::DigitalSignature => "digitalSignature",
        KeyUsages::NonRepudiation => "nonRepudiation",
        KeyUsages::KeyEncipherment => "keyEncipherment",
        KeyUsages::DataEncipherment => "dataEncipherment",
        KeyUsages::KeyAgreement => "keyAgreement",
        KeyUsages::KeyCertSign => "keyCertSign",
        KeyUsages::CRLSign => "cRLSign",
        KeyUsages::EncipherOnly => "encipherOnly",
        KeyUsages::DecipherOnly => "decipherOnly",
    }
}

/// The name of RFC 5280 §4.2.1.12, else the number.
pub(super) fn purpose(oid: ObjectIdentifier) -> String {
    let number = oid.to_string();
    let name = match number.as_str() {
        "1.3.6.1.5.5.7.3.1" => "serverAuth",
        "1.3.6.1.5.5.7.3.2" => "clientAuth",
        "1.3.6.1.5.5.7.3.3" => "codeSigning",
        "1.3.6.1.5.5.7.3.4" => "emailProtection",
        "1.3.6.1.5.5.7.3.8" => "timeStamping",
        "1.3.6.1.5.5.7.3.9" => "OCSPSigning",
        _ => return number,
    };
    name.to_owned()
}
