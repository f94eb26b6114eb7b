//! What the bank reads from a client certificate: what `CertInfo` of the product holds (bank-api
//! fact 6.3), and what tells whether it still stands. Trust is the handshake's business.

use std::fmt::Write;
use std::time::SystemTime;

use der::asn1::{Any, BmpString, Ia5String, ObjectIdentifier, PrintableString, TeletexString};
use der::{Decode, Tag, Tagged};
use x509_cert::Certificate;
use x509_cert::name::Name;

use super::{Role, statement};

const SHORT_NAMES: [(&str, &str); 9] = [
    ("2.5.4.3", "CN"),
    ("2.5.4.5", "serialNumber"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "STREET"),
    ("2.5.4.10", "O"),
    ("2.5.4.17", "postalCode"),
    ("2.5.4.97", "organizationIdentifier"),
];

/// A client certificate as the bank reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerCertificate {
    /// The subject, most general part first.
    pub subject: String,
    /// The issuer, likewise.
    pub issuer: String,
    /// The certificate's own number.
    pub serial: Vec<u8>,
    /// When it begins to be good.
    pub not_before: SystemTime,
    /// When it ends to be good.
    pub not_after: SystemTime,
    /// `C` of the subject.
    pub country: Option<String>,
    /// `CN`.
    pub common_name: Option<String>,
    /// `O`.
    pub organization: Option<String>,
    /// `STREET`.
    pub street: Option<String>,
    /// `L`.
    pub city: Option<String>,
    /// `postalCode`.
    pub postal_code: Option<String>,
    /// `ST`.
    pub region: Option<String>,
    /// `serialNumber` of the subject: the company's registration number.
    pub serial_number: Option<String>,
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
        let subject = certificate.subject();
        let named = |oid: &str| attribute(subject, ObjectIdentifier::new(oid).ok()?);
        let extensions = certificate.extensions().map_or(&[][..], Vec::as_slice);
        let statements =
            extensions.iter().find(|extension| extension.extn_id == statement::EXTENSION);
        Some(Self {
            subject: described(subject),
            issuer: described(certificate.issuer()),
            serial: certificate.serial_number().as_bytes().to_vec(),
            not_before: certificate.validity().not_before.to_system_time(),
            not_after: certificate.validity().not_after.to_system_time(),
            country: named("2.5.4.6"),
            common_name: named("2.5.4.3"),
            organization: named("2.5.4.10"),
            street: named("2.5.4.9"),
            city: named("2.5.4.7"),
            postal_code: named("2.5.4.17"),
            region: named("2.5.4.8"),
            serial_number: named("2.5.4.5"),
            licence: named("2.5.4.97"),
            roles: statements.and_then(|found| statement::read(found.extn_value.as_bytes())),
        })
    }

    /// The third party's website, as the product derives it from `CN`.
    pub fn website(&self) -> Option<String> {
        self.common_name.as_ref().map(|name| format!("https://{name}"))
    }

    /// Street, city, postal code, region and country, one a line, those that there are.
    pub fn address(&self) -> String {
        let parts = [&self.street, &self.city, &self.postal_code, &self.region, &self.country];
        let parts: Vec<_> = parts.into_iter().flatten().map(String::as_str).collect();
        parts.join("\n")
    }

    /// True when the certificate proves a PSD2 licence: a number and a statement.
    pub(crate) fn is_licensed(&self) -> bool {
        self.licence.as_ref().is_some_and(|licence| !licence.is_empty()) && self.roles.is_some()
    }
}

/// The last attribute of that kind, if it is text.
fn attribute(name: &Name, oid: ObjectIdentifier) -> Option<String> {
    text(&name.iter().filter(|attribute| attribute.oid == oid).last()?.value)
}

fn described(name: &Name) -> String {
    name.iter().fold(String::new(), |mut whole, attribute| {
        let value = text(&attribute.value).unwrap_or_else(|| "?".to_owned());
        let oid = attribute.oid.to_string();
        let short = SHORT_NAMES.iter().find(|(known, _)| *known == oid);
        let separator = if whole.is_empty() { "" } else { ", " };
        let _ = write!(whole, "{separator}{}={value}", short.map_or(&*oid, |(_, name)| name));
        whole
    })
}

/// A `DirectoryString` of any kind that is still met (RFC 5280, 4.1.2.4), or an `IA5String`.
fn text(value: &Any) -> Option<String> {
    match value.tag() {
        Tag::Utf8String => value.decode_as::<String>().ok(),
        Tag::PrintableString => {
            value.decode_as::<PrintableString>().ok().map(|text| text.to_string())
        }
        Tag::Ia5String => value.decode_as::<Ia5String>().ok().map(|text| text.to_string()),
        Tag::TeletexString => value.decode_as::<TeletexString>().ok().map(|text| text.to_string()),
        Tag::BmpString => value.decode_as::<BmpString>().ok().map(|text| text.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rustls_pki_types::CertificateDer;
    use rustls_pki_types::pem::PemObject;

    use super::super::{CertificateRequest, Pki};
    use super::*;
    use crate::random::Dice;

    fn certificate(request: CertificateRequest) -> CertificateDer<'static> {
        let now = SystemTime::UNIX_EPOCH + Duration::from_hours(492_633);
        let pki = Pki::new(now, Vec::new(), "http://127.0.0.1:1".to_owned()).unwrap();
        CertificateDer::from_pem_slice(pki.issue(request).cert_pem.as_bytes()).unwrap()
    }

    fn full() -> CertificateRequest {
        let text = |text: &str| Some(text.to_owned());
        CertificateRequest {
            roles: vec![Role::AccountInformation],
            licence: text("PSDCZ-CNB-48136450"),
            organisation: "ČESKÁ NÁRODNÍ BANKA".to_owned(),
            common_name: "cnb.cz".to_owned(),
            serial_number: text("48136450"),
            street: text("Na příkopě 864/28"),
            locality: text("Praha 1"),
            postal_code: text("11000"),
            region: text("Hlavní město Praha"),
        }
    }

    #[test]
    fn everything_is_read_from_the_certificate() {
        let peer = PeerCertificate::read(&certificate(full())).unwrap();
        assert_eq!(
            peer.subject,
            "C=CZ, O=ČESKÁ NÁRODNÍ BANKA, CN=cnb.cz, \
             organizationIdentifier=PSDCZ-CNB-48136450, STREET=Na příkopě 864/28, L=Praha 1, \
             postalCode=11000, ST=Hlavní město Praha, serialNumber=48136450"
        );
        assert_eq!(peer.issuer, "C=CZ, O=Czech Test Bank, CN=Czech Test Bank TPP CA");
        assert_eq!(peer.licence.as_deref(), Some("PSDCZ-CNB-48136450"));
        assert_eq!(peer.roles, Some(vec![Role::AccountInformation]));
        assert_eq!(peer.organization.as_deref(), Some("ČESKÁ NÁRODNÍ BANKA"));
        assert_eq!(peer.serial_number.as_deref(), Some("48136450"));
        assert_eq!(peer.website().as_deref(), Some("https://cnb.cz"));
        assert_eq!(peer.address(), "Na příkopě 864/28\nPraha 1\n11000\nHlavní město Praha\nCZ");
        assert_eq!(peer.not_after.duration_since(peer.not_before).unwrap().as_secs(), 731 * 86_400);
    }

    #[test]
    fn parts_of_the_subject_may_be_missing() {
        let request = CertificateRequest {
            common_name: "tpp.example".to_owned(),
            organisation: "Ukázka s.r.o.".to_owned(),
            ..CertificateRequest::default()
        };
        let peer = PeerCertificate::read(&certificate(request)).unwrap();
        assert_eq!(peer.subject, "C=CZ, O=Ukázka s.r.o., CN=tpp.example");
        assert_eq!((peer.licence.clone(), peer.roles.clone()), (None, None));
        assert_eq!(peer.address(), "CZ");
        assert!(!peer.is_licensed());
    }

    #[test]
    fn no_bytes_make_the_reader_stumble() {
        let good = certificate(full());
        let mut dice = Dice::new(1, "peer");
        let mut read = 0;
        for _ in 0..6_000 {
            let mut spoilt = good.to_vec();
            for _ in 0..dice.between(1, 4) {
                let at = usize::try_from(dice.between(0, 1_000_000)).unwrap() % spoilt.len();
                match dice.between(0, 3) {
                    0 => spoilt.truncate(at + 1),
                    1 => spoilt.insert(at, dice.byte()),
                    _ => spoilt[at] = dice.byte(),
                }
            }
            read += usize::from(PeerCertificate::read(&spoilt).is_some());
            let noise: Vec<_> = (0..dice.between(0, 64)).map(|_| dice.byte()).collect();
            assert_eq!(PeerCertificate::read(&noise), None);
            statement::read(&noise);
        }
        // the damage is light enough to reach the inner parts
        assert!(read > 300, "{read}");
    }
}
