//! A root and the issuing authority below it, which signs certificates and its revocation list.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use der::Encode;
use der::asn1::{Ia5String, ObjectIdentifier};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer,
    CrlDistributionPoint, CustomExtension, DistinguishedName, DnType, DnValue, IsCa, KeyIdMethod,
    KeyPair, KeyUsagePurpose, RevocationReason, RevokedCertParams, SerialNumber,
};
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{AccessDescription, AuthorityInfoAccessSyntax};

use super::peer::PeerCertificate;
use super::qwac::qwac;
use super::{CertificateRequest, DAY, Identity, Validity};
use crate::sync::lock;

/// `caIssuers`, RFC 5280, 4.2.2.1.
const CA_ISSUERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");

/// A root, an issuing authority and what the latter has revoked.
#[derive(Debug)]
pub(super) struct Authority {
    pub(super) generation: u64,
    root: CertifiedIssuer<'static, KeyPair>,
    issuing: CertifiedIssuer<'static, KeyPair>,
    /// The issuing authority as issued certificates name it.
    name: String,
    /// Where list and issuing certificate are to be had, without the ending.
    place: Option<String>,
    revoked: Mutex<Vec<(Vec<u8>, SystemTime)>>,
    /// The number of the latest list.
    list: AtomicU64,
}

impl Authority {
    /// An authority of the bank. Each has names of its own, or one's list would pass for another's.
    pub(super) fn own(generation: u64, front: &str) -> Result<Self, rcgen::Error> {
        let place = format!("{front}{}", Self::path(generation));
        Self::new("Czech Test Bank", generation, Some(place))
    }

    /// An authority that the bank does not know.
    pub(super) fn foreign() -> Result<Self, rcgen::Error> {
        Self::new("Somebody Else", 1, None)
    }

    /// The path of the published files, without the ending.
    pub(super) fn path(generation: u64) -> String {
        format!("/pki/issuing-{generation}")
    }

    fn new(
        organisation: &str,
        generation: u64,
        place: Option<String>,
    ) -> Result<Self, rcgen::Error> {
        let number = if generation == 1 { String::new() } else { format!(" {generation}") };
        let (root, issuing) = (format!("Root CA{number}"), format!("TPP CA{number}"));
        let params = authority(organisation, &root, BasicConstraints::Constrained(1));
        let root = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
        let mut params = authority(organisation, &issuing, BasicConstraints::Constrained(0));
        params.use_authority_key_identifier_extension = true;
        let issuing = CertifiedIssuer::signed_by(params, KeyPair::generate()?, &root)?;
        let read = PeerCertificate::read(issuing.der());
        Ok(Self {
            generation,
            name: read.map(|issuing| issuing.subject).unwrap_or_default(),
            root,
            issuing,
            place,
            revoked: Mutex::default(),
            list: AtomicU64::new(0),
        })
    }

    pub(super) fn root(&self) -> &CertificateDer<'static> {
        self.root.der()
    }

    pub(super) fn root_pem(&self) -> String {
        self.root.pem()
    }

    pub(super) fn issuing(&self) -> &CertificateDer<'static> {
        self.issuing.der()
    }

    /// Whether `peer` names this authority as its issuer.
    pub(super) fn issued(&self, peer: &PeerCertificate) -> bool {
        peer.issuer == self.name
    }

    pub(super) fn revoke(&self, serial: Vec<u8>, now: SystemTime) {
        let mut revoked = lock(&self.revoked);
        if !revoked.iter().any(|(known, _)| *known == serial) {
            revoked.push((serial, now));
        }
    }

    pub(super) fn has_revoked(&self, serial: &[u8]) -> bool {
        lock(&self.revoked).iter().any(|(known, _)| known == serial)
    }

    /// A revocation list of this moment, good for a day (RFC 5280, 5).
    pub(super) fn crl(
        &self,
        now: SystemTime,
    ) -> Result<CertificateRevocationListDer<'static>, rcgen::Error> {
        let revoked = lock(&self.revoked).clone();
        let revoked_certs = revoked.into_iter().map(|(serial, at)| RevokedCertParams {
            serial_number: SerialNumber::from(serial),
            revocation_time: at.into(),
            reason_code: Some(RevocationReason::KeyCompromise),
            invalidity_date: None,
        });
        let params = CertificateRevocationListParams {
            this_update: now.into(),
            next_update: (now + DAY).into(),
            crl_number: SerialNumber::from(self.list.fetch_add(1, Ordering::Relaxed) + 1),
            issuing_distribution_point: None,
            revoked_certs: revoked_certs.collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        Ok(params.signed_by(&self.issuing)?.into())
    }

    /// A third party's certificate with its key.
    #[expect(clippy::expect_used, reason = "only a machine without entropy fails here")]
    pub(super) fn client(&self, request: CertificateRequest, validity: Validity) -> Identity {
        let (key, leaf) = self.sign(qwac(request), validity).expect("a key pair can be made");
        Identity {
            cert_pem: format!("{}{}", leaf.pem(), self.issuing.pem()),
            key_pem: key.serialize_pem(),
        }
    }

    /// Signs a leaf for a new key.
    pub(super) fn sign(
        &self,
        mut params: CertificateParams,
        validity: Validity,
    ) -> Result<(KeyPair, rcgen::Certificate), rcgen::Error> {
        params.not_before = validity.from.into();
        params.not_after = validity.until.into();
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.is_ca = IsCa::ExplicitNoCa;
        params.use_authority_key_identifier_extension = true;
        if let Some(place) = &self.place {
            let uris = vec![format!("{place}.crl")];
            params.crl_distribution_points = vec![CrlDistributionPoint { uris }];
            params.custom_extensions.extend(issuer_at(&format!("{place}.crt")));
        }
        let key = KeyPair::generate()?;
        let leaf = params.signed_by(&key, &self.issuing)?;
        Ok((key, leaf))
    }
}

fn authority(organisation: &str, common_name: &str, path: BasicConstraints) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.not_before = Validity::wide().from.into();
    params.not_after = Validity::wide().until.into();
    params.distinguished_name = name(organisation, &format!("{organisation} {common_name}"));
    params.is_ca = IsCa::Ca(path);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// `authorityInfoAccess` with the address of the issuer's certificate.
fn issuer_at(uri: &str) -> Option<CustomExtension> {
    let uri = Ia5String::new(uri).ok()?;
    let issuer = AccessDescription {
        access_method: CA_ISSUERS,
        access_location: GeneralName::UniformResourceIdentifier(uri),
    };
    let content = AuthorityInfoAccessSyntax(vec![issuer]).to_der().ok()?;
    Some(CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], content))
}

pub(super) fn name(organisation: &str, common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    if let Ok(country) = "CZ".try_into() {
        name.push(DnType::CountryName, DnValue::PrintableString(country));
    }
    name.push(DnType::OrganizationName, organisation);
    name.push(DnType::CommonName, common_name);
    name
}
