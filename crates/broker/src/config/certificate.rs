//! What our own certificate says of itself: until when it is good, and what it covers (requirement K46).
//!
//! A bank refuses a certificate without the role for a scope in words of its own; the operator should
//! hear it before, and by name. ETSI TS 119 495: roles stand in the PSD2 statement of a qualified
//! certificate.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::time::Time;

/// `qcStatements` (RFC 3739 §3.2.6).
const STATEMENTS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.1.3");
/// The PSD2 statement, 0.4.0.19495.2, as it stands in DER.
const PSD2: &[u8] = &[0x06, 0x06, 0x04, 0x00, 0x81, 0x98, 0x27, 0x02];
/// A role, 0.4.0.19495.1.x, but for its last byte.
const ROLE: &[u8] = &[0x06, 0x07, 0x04, 0x00, 0x81, 0x98, 0x27, 0x01];
/// Scopes and the last byte of the role each needs.
const SCOPES: [(&str, u8); 3] = [("pisp", 2), ("aisp", 3), ("cisp", 4)];

/// A client certificate of ours.
#[derive(Clone)]
pub struct OwnCertificate {
    /// Its first second, since 1970.
    pub begins_at: i64,
    /// Its last one.
    pub ends_at: i64,
    /// Scopes that its PSD2 statement covers; `None`: it has none, so nothing is known.
    covers: Option<Vec<&'static str>>,
}

impl OwnCertificate {
    /// Reads the leaf of a chain in PEM; `None` for what is no certificate.
    pub(super) fn of_chain(chain: &[u8]) -> Option<Self> {
        let leaf = CertificateDer::pem_slice_iter(chain).next()?.ok()?;
        let certificate = Certificate::from_der(&leaf).ok()?;
        let certificate = certificate.tbs_certificate();
        let second = |time: Time| i64::try_from(time.to_unix_duration().as_secs());
        let begins_at = second(certificate.validity().not_before).unwrap_or(i64::MAX);
        let ends_at = second(certificate.validity().not_after).unwrap_or(i64::MAX);
        let extensions = certificate.extensions().map_or(&[][..], Vec::as_slice);
        let statements = extensions.iter().find(|extension| extension.extn_id == STATEMENTS);
        let content = statements.map_or(&[][..], |found| found.extn_value.as_bytes());
        let holds = |wanted: &[u8]| content.windows(wanted.len()).any(|bytes| bytes == wanted);
        let has_role = |last: u8| holds(&[ROLE, &[last]].concat());
        let covers = holds(PSD2).then(|| {
            let covered = SCOPES.iter().filter(|(_, role)| has_role(*role));
            covered.map(|(scope, _)| *scope).collect()
        });
        Some(Self { begins_at, ends_at, covers })
    }

    /// Those of our scopes that it certainly does not cover.
    pub fn lacks<'a>(&self, scopes: &'a [String]) -> Vec<&'a str> {
        let Some(covers) = &self.covers else { return Vec::new() };
        let needs_role = |scope: &str| SCOPES.iter().any(|(known, _)| *known == scope);
        let lacking = |scope: &&String| needs_role(scope) && !covers.contains(&scope.as_str());
        scopes.iter().filter(lacking).map(String::as_str).collect()
    }
}
