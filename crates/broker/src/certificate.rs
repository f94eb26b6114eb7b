//! What a certificate says of itself: whose it is, until when it is good, which key it is for, and what it
//! proves of a PSD2 licence.
//!
//! The configuration and `bankconnect cert` read by it. It trusts nobody: whether a bank takes a certificate,
//! the bank decides. RFC 5280; ETSI EN 319 412 and TS 119 495 (`bank-sim` has a reader of its own, on purpose).

use std::sync::Arc;

use der::asn1::ObjectIdentifier;
use der::{Decode as _, Encode as _};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::{CertifiedKey, SigningKey};
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};
use x509_cert::time::Time;

use crate::grant::hash;

mod chain;
mod key;
mod name;
mod open;
mod statements;

pub(crate) use chain::{Chain, leaf_first};
pub(crate) use key::PublicKey;
pub(crate) use name::OrganizationIdentifier;
pub(crate) use open::{Format, KeyBytes, Opened, Unreadable};
pub(crate) use statements::{QcType, Qualified, Role, allows};

/// `organizationIdentifier` (X.520; ETSI EN 319 412-1 §5.1.4).
const ORGANIZATION_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.97");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
/// `id-kp-clientAuth` (RFC 5280 §4.2.1.12).
const CLIENT_AUTHENTICATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.2");

/// A certificate that could be read.
#[derive(Clone)]
pub(crate) struct Certificate {
    der: CertificateDer<'static>,
    read: x509_cert::Certificate,
}

impl Certificate {
    /// Reads DER; `None` for what is no certificate.
    pub(crate) fn read(der: &[u8]) -> Option<Self> {
        let read = x509_cert::Certificate::from_der(der).ok()?;
        Some(Self { der: der.to_vec().into(), read })
    }

    /// The certificate as it was read.
    pub(crate) fn der(&self) -> &CertificateDer<'static> {
        &self.der
    }

    /// SHA-256 of its DER.
    pub(crate) fn fingerprint(&self) -> [u8; 32] {
        hash(&self.der)
    }

    /// Whose it is, as people write names.
    pub(crate) fn subject(&self) -> String {
        name::described(self.read.tbs_certificate().subject())
    }

    /// The `CN` of the subject, else all of it.
    pub(crate) fn short_name(&self) -> String {
        let subject = self.read.tbs_certificate().subject();
        name::attribute(subject, COMMON_NAME).unwrap_or_else(|| self.subject())
    }

    /// Who signed it.
    pub(crate) fn issuer(&self) -> String {
        name::described(self.read.tbs_certificate().issuer())
    }

    /// Its number at the issuer, in hexadecimal.
    pub(crate) fn serial(&self) -> String {
        let bytes = self.read.tbs_certificate().serial_number().as_bytes().iter();
        bytes.map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
    }

    /// The `organizationIdentifier` of the subject.
    pub(crate) fn organization_identifier(&self) -> Option<OrganizationIdentifier> {
        let subject = self.read.tbs_certificate().subject();
        name::attribute(subject, ORGANIZATION_IDENTIFIER).map(OrganizationIdentifier::read)
    }

    /// Its first second, since 1970.
    pub(crate) fn begins_at(&self) -> i64 {
        second(self.read.tbs_certificate().validity().not_before)
    }

    /// Its last second, since 1970.
    pub(crate) fn ends_at(&self) -> i64 {
        second(self.read.tbs_certificate().validity().not_after)
    }

    /// What its statements on qualified certificates say (RFC 3739 §3.2.6); nothing where it has none.
    pub(crate) fn qualified(&self) -> Qualified {
        let tbs = self.read.tbs_certificate();
        let extensions = tbs.extensions().map_or(&[][..], Vec::as_slice);
        let found = extensions.iter().find(|extension| extension.extn_id == statements::EXTENSION);
        found.map(|found| Qualified::read(found.extn_value.as_bytes())).unwrap_or_default()
    }

    /// Its key.
    pub(crate) fn public_key(&self) -> PublicKey {
        PublicKey::read(self.read.tbs_certificate().subject_public_key_info())
    }

    /// What the key may be used for (RFC 5280 §4.2.1.3); `None`: nothing is said.
    pub(crate) fn key_usage(&self) -> Option<Vec<&'static str>> {
        let usage = self.read.tbs_certificate().get_extension::<KeyUsage>().ok()??.1;
        Some(usage.0.into_iter().map(key::usage).collect())
    }

    /// For what purposes (RFC 5280 §4.2.1.12), by their names or numbers; `None`: nothing is said.
    pub(crate) fn extended_key_usage(&self) -> Option<Vec<String>> {
        let usage = self.read.tbs_certificate().get_extension::<ExtendedKeyUsage>().ok()??.1;
        Some(usage.0.into_iter().map(key::purpose).collect())
    }

    /// Whether it may be presented by a TLS client.
    pub(crate) fn is_for_clients(&self) -> bool {
        let found = self.read.tbs_certificate().get_extension::<ExtendedKeyUsage>();
        found.ok().flatten().is_none_or(|(_, usage)| usage.0.contains(&CLIENT_AUTHENTICATION))
    }

    /// Whether it is an authority's.
    pub(crate) fn is_authority(&self) -> bool {
        let found = self.read.tbs_certificate().get_extension::<BasicConstraints>();
        found.ok().flatten().is_some_and(|(_, constraints)| constraints.ca)
    }

    /// Whether it vouches for itself.
    pub(crate) fn is_root(&self) -> bool {
        chain::signed_by(self, self)
    }

    /// Whether `key` is the private one of this certificate. Errors: a key that TLS cannot work with.
    pub(crate) fn is_of(&self, key: &KeyBytes) -> Result<bool, rustls::Error> {
        let pair = CertifiedKey::new(vec![self.der.clone()], signing_key(key)?);
        Ok(pair.keys_match().is_ok())
    }

    /// Whether it names `other` as its issuer.
    fn names_as_issuer(&self, other: &Self) -> bool {
        let (own, other) = (self.read.tbs_certificate(), other.read.tbs_certificate());
        let (issuer, subject) = (own.issuer().to_der(), other.subject().to_der());
        matches!((issuer, subject), (Ok(issuer), Ok(subject)) if issuer == subject)
    }
}

/// The key as TLS works with it.
pub(crate) fn signing_key(key: &KeyBytes) -> Result<Arc<dyn SigningKey>, rustls::Error> {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.as_slice()));
    aws_lc_rs::sign::any_supported_type(&key)
}

fn second(time: Time) -> i64 {
    i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX)
}
