//! A third party's certificate in the form of a qualified one for websites (bank-api fact 6.2; ETSI
//! EN 319 412-4 and TS 119 495): usable as client and as server.

use der::Encode;
use der::asn1::ObjectIdentifier;
use rcgen::{
    CertificateParams, CustomExtension, DnType, DnValue, ExtendedKeyUsagePurpose, SanType,
};
use x509_cert::ext::pkix::CertificatePolicies;
use x509_cert::ext::pkix::certpolicy::PolicyInformation;

use super::authority::name;
use super::{Role, statement};

/// Qualified website authentication, ETSI EN 319 411-2, 5.3.
const QUALIFIED_WEB: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.194112.1.4");
/// The same for PSD2, ETSI TS 119 495, 6.1.
const PSD2_WEB: ObjectIdentifier = ObjectIdentifier::new_unwrap("0.4.0.19495.3.1");

/// What a test certificate says. Without roles it carries no PSD2 statement.
#[derive(Clone, Debug, Default)]
pub struct CertificateRequest {
    /// Roles of the PSD2 statement.
    pub roles: Vec<Role>,
    /// `organizationIdentifier`, such as `PSDCZ-CNB-12345678`.
    pub licence: Option<String>,
    /// `O` of the subject.
    pub organisation: String,
    /// `CN` of the subject and, where it is a DNS name, the alternative name.
    pub common_name: String,
    /// `serialNumber` of the subject: the company's registration number.
    pub serial_number: Option<String>,
    /// `STREET`.
    pub street: Option<String>,
    /// `L`.
    pub locality: Option<String>,
    /// `postalCode`.
    pub postal_code: Option<String>,
    /// `ST`.
    pub region: Option<String>,
}

/// The parameters of the certificate, all but what the authority adds.
pub(super) fn qwac(request: CertificateRequest) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = name(&request.organisation, &request.common_name);
    for (last, value) in [
        (97, request.licence),
        (9, request.street),
        (7, request.locality),
        (17, request.postal_code),
        (8, request.region),
    ] {
        if let Some(value) = value {
            params.distinguished_name.push(DnType::CustomDnType(vec![2, 5, 4, last]), value);
        }
    }
    // X.520 has it as PrintableString only
    let number = request.serial_number.and_then(|number| number.as_str().try_into().ok());
    if let Some(number) = number {
        let serial_number = DnType::CustomDnType(vec![2, 5, 4, 5]);
        params.distinguished_name.push(serial_number, DnValue::PrintableString(number));
    }
    params.extended_key_usages =
        vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
    let dns = request.common_name.contains('.') && !request.common_name.contains(' ');
    if let (true, Ok(dns)) = (dns, request.common_name.as_str().try_into()) {
        params.subject_alt_names.push(SanType::DnsName(dns));
    }
    // not critical: webpki refuses critical extensions it does not know
    let extensions = [
        (&[1, 3, 6, 1, 5, 5, 7, 1, 3][..], statement::write(&request.roles)),
        (&[2, 5, 29, 32][..], policies(!request.roles.is_empty())),
    ];
    params.custom_extensions = extensions
        .into_iter()
        .filter_map(|(oid, content)| Some(CustomExtension::from_oid_content(oid, content?)))
        .collect();
    params
}

/// `certificatePolicies`, RFC 5280, 4.2.1.4.
fn policies(psd2: bool) -> Option<Vec<u8>> {
    let policies = [Some(QUALIFIED_WEB), psd2.then_some(PSD2_WEB)];
    let policies = policies
        .into_iter()
        .flatten()
        .map(|policy_identifier| PolicyInformation { policy_identifier, policy_qualifiers: None });
    CertificatePolicies(policies.collect()).to_der().ok()
}
