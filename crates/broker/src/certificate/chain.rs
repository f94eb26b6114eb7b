//! A certificate and those that vouch for it: in which order they belong, and whether each is signed by the next.

use der::{Decode as _, Encode as _, Reader as _, SliceReader};
use rustls::crypto::aws_lc_rs;

use super::{Certificate, KeyBytes};

/// A chain as a file had it, judged.
pub(crate) struct Chain {
    /// Of every certificate but the last: whether the one after it signed it.
    pub(crate) signed_by_next: Vec<bool>,
    /// The leaf stands first, and each is signed by the next.
    pub(crate) in_order: bool,
    /// All that a server needs to find its root is there: the leaf's issuer, unless it is a root itself.
    pub(crate) complete: bool,
}

impl Chain {
    /// Judges certificates in the order of a file.
    pub(crate) fn judge(certificates: &[Certificate], key: Option<&KeyBytes>) -> Self {
        let links = certificates.windows(2);
        let signed_by_next: Vec<_> = links.map(|pair| signed_by(&pair[0], &pair[1])).collect();
        let (sorted, _) = leaf_first(certificates.to_vec(), key);
        let same = |pair: (&Certificate, &Certificate)| pair.0.der() == pair.1.der();
        let leaf_first = sorted.iter().zip(certificates).next().is_some_and(same);
        let complete = match &sorted[..] {
            [] => false,
            [only] => only.is_root(),
            _ => true,
        };
        let in_order = leaf_first && signed_by_next.iter().all(|signed| *signed);
        Self { signed_by_next, in_order, complete }
    }
}

/// The chain of the certificate that `key` belongs to, each followed by its issuer as far as they are there; and
/// those that do not belong to it. Without a key, the chain of the first that signed no other.
pub(crate) fn leaf_first(
    mut rest: Vec<Certificate>,
    key: Option<&KeyBytes>,
) -> (Vec<Certificate>, Vec<Certificate>) {
    let owned = |own: &Certificate| key.is_some_and(|key| own.is_of(key).unwrap_or(false));
    let is_issuer = |own: &Certificate| {
        rest.iter().any(|other| other.der() != own.der() && other.names_as_issuer(own))
    };
    let leaf = rest.iter().position(owned);
    let leaf = leaf.or_else(|| rest.iter().position(|own| !own.is_authority() && !is_issuer(own)));
    let leaf = leaf.or_else(|| rest.iter().position(|own| !is_issuer(own)));
    if rest.is_empty() {
        return (Vec::new(), rest);
    }
    let mut chain = vec![rest.remove(leaf.unwrap_or(0))];
    while let Some(last) = chain.last() {
        let Some(next) = rest.iter().position(|other| signed_by(last, other)) else { break };
        chain.push(rest.remove(next));
    }
    (chain, rest)
}

/// Whether `issuer` is named as the issuer of `own`, and its key made the signature.
pub(super) fn signed_by(own: &Certificate, issuer: &Certificate) -> bool {
    own.names_as_issuer(issuer) && verify(own, issuer).unwrap_or(false)
}

fn verify(own: &Certificate, issuer: &Certificate) -> der::Result<bool> {
    let key = issuer.read.tbs_certificate().subject_public_key_info();
    let key_algorithm = key.algorithm.to_der()?;
    let signature_algorithm = own.read.signature_algorithm().to_der()?;
    let (message, signature) = (signed_bytes(own.der())?, own.read.signature().raw_bytes());
    // the library names algorithms by their content, without the SEQUENCE around it
    let content = |der: &[u8]| der::asn1::AnyRef::from_der(der).map(|any| any.value().to_vec());
    let (key_algorithm, signature_algorithm) =
        (content(&key_algorithm)?, content(&signature_algorithm)?);
    let all = aws_lc_rs::default_provider().signature_verification_algorithms.all;
    Ok(all.iter().any(|algorithm| {
        *algorithm.public_key_alg_id() == *key_algorithm
            && *algorithm.signature_alg_id() == *signature_algorithm
            && algorithm
                .verify_signature(key.subject_public_key.raw_bytes(), message, signature)
                .is_ok()
    }))
}

/// The signed part, as it came: written anew it might differ.
fn signed_bytes(der: &[u8]) -> der::Result<&[u8]> {
    let mut reader = SliceReader::new(der)?;
    der::Header::decode(&mut reader)?;
    reader.tlv_bytes()
}
