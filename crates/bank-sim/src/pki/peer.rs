//! What the bank reads from a client certificate: subject, licence (`organizationIdentifier`) and
//! PSD2 roles (bank-api fact 6.3). Trust and validity are the handshake's business.

use std::fmt::Write;

use der::asn1::{Any, ObjectIdentifier, PrintableString};
use der::{Decode, Tag, Tagged};
use x509_cert::Certificate;

use super::{Role, statement};

const ORGANIZATION_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.97");

const SHORT_NAMES: [(&str, &str); 4] = [
    ("2.5.4.3", "CN"),
    ("2.5.4.6", "C"),
    ("2.5.4.10", "O"),
    ("2.5.4.97", "organizationIdentifier"),
];

/// A client certificate that passed the handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerCertificate {
    /// The subject, most general part first.
    pub subject: String,
    /// `organizationIdentifier`, if any.
    pub licence: Option<String>,
    /// Roles of the PSD2 statement; `None` without a readable statement.
    pub roles: Option<Vec<Role>>,
}

impl PeerCertificate {
    /// Reads a DER certificate; `None` when it cannot be read.
    pub(crate) fn read(certificate: &[u8]) -> Option<Self> {
        let certificate = Certificate::from_der(certificate).ok()?;
        let certificate = certificate.tbs_certificate();
        let (mut subject, mut licence) = (String::new(), None);
        for attribute in certificate.subject().iter() {
            let value = text(&attribute.value).unwrap_or_else(|| "?".to_owned());
            let oid = attribute.oid.to_string();
            let short = SHORT_NAMES.iter().find(|(known, _)| *known == oid);
            let separator = if subject.is_empty() { "" } else { ", " };
            let _ = write!(subject, "{separator}{}={value}", short.map_or(&*oid, |(_, name)| name));
            if attribute.oid == ORGANIZATION_IDENTIFIER {
                licence = Some(value);
            }
        }
        let extensions = certificate.extensions().map_or(&[][..], Vec::as_slice);
        let statements =
            extensions.iter().find(|extension| extension.extn_id == statement::EXTENSION);
        let roles = statements.and_then(|found| statement::read(found.extn_value.as_bytes()));
        Some(Self { subject, licence, roles })
    }

    /// True when the certificate proves a PSD2 licence: a number and a statement.
    pub(crate) fn is_licensed(&self) -> bool {
        self.licence.as_ref().is_some_and(|licence| !licence.is_empty()) && self.roles.is_some()
    }
}

fn text(value: &Any) -> Option<String> {
    match value.tag() {
        Tag::Utf8String => value.decode_as::<String>().ok(),
        Tag::PrintableString => {
            value.decode_as::<PrintableString>().ok().map(|text| text.to_string())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use rustls_pki_types::CertificateDer;
    use rustls_pki_types::pem::PemObject;

    use super::super::{CertificateRequest, Pki};
    use super::*;

    #[test]
    fn licence_and_roles_are_read_from_the_certificate() {
        let identity = Pki::new(std::time::SystemTime::now()).unwrap().issue(CertificateRequest {
            roles: vec![Role::AccountInformation],
            licence: Some("PSDCZ-CNB-12345678".to_owned()),
            organisation: "Ukázka s.r.o.".to_owned(),
            common_name: "tpp.example".to_owned(),
        });
        let der = CertificateDer::from_pem_slice(identity.cert_pem.as_bytes()).unwrap();
        let peer = PeerCertificate::read(&der).unwrap();
        assert_eq!(
            peer.subject,
            "C=CZ, O=Ukázka s.r.o., CN=tpp.example, organizationIdentifier=PSDCZ-CNB-12345678"
        );
        assert_eq!(peer.licence.as_deref(), Some("PSDCZ-CNB-12345678"));
        assert_eq!(peer.roles, Some(vec![Role::AccountInformation]));
    }
}
