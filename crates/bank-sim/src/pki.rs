//! The bank's own certificate authority: a root, an issuing authority below it (so that a client
//! must send its chain), the server's certificate and test identities shaped like eIDAS QWACs
//! (ETSI TS 119 495, bank-api fact 6.2 and the recipe of section 21).

pub(crate) mod peer;
pub(crate) mod statement;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DistinguishedName,
    DnType, DnValue, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, SanType,
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// A role of a payment service provider (ETSI TS 119 495, 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// `PSP_AS`, account servicing.
    AccountServicing,
    /// `PSP_PI`, payment initiation.
    PaymentInitiation,
    /// `PSP_AI`, account information.
    AccountInformation,
    /// `PSP_IC`, card-based instruments.
    CardInstruments,
}

/// What a test certificate says. Without roles it carries no PSD2 statement.
#[derive(Clone, Debug)]
pub struct CertificateRequest {
    /// Roles of the PSD2 statement.
    pub roles: Vec<Role>,
    /// `organizationIdentifier`, such as `PSDCZ-CNB-12345678`.
    pub licence: Option<String>,
    /// `O` of the subject.
    pub organisation: String,
    /// `CN` of the subject and, where it is a DNS name, the alternative name.
    pub common_name: String,
}

/// A certificate with its chain (leaf first, root left out) and its PKCS#8 key, both PEM.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Leaf and issuing authority.
    pub cert_pem: String,
    /// Private key.
    pub key_pem: String,
}

/// The certificate authority of this bank.
#[derive(Debug)]
pub struct Pki {
    own: Authority,
    foreign: Authority,
}

impl Pki {
    pub(crate) fn new() -> Result<Self, rcgen::Error> {
        let own = Authority::new("Czech Test Bank")?;
        Ok(Self { own, foreign: Authority::new("Somebody Else")? })
    }

    /// The root certificate, PEM: the trust anchor for the bank's TLS listeners.
    pub fn ca_pem(&self) -> String {
        self.own.root.pem()
    }

    /// A client identity that the bank trusts.
    pub fn issue(&self, request: CertificateRequest) -> Identity {
        self.own.client(request, (2020, 2090))
    }

    /// A client identity of another authority; the handshake refuses it.
    pub fn issue_untrusted(&self, request: CertificateRequest) -> Identity {
        self.foreign.client(request, (2020, 2090))
    }

    /// A client identity that has expired; the handshake refuses it.
    pub fn issue_expired(&self, request: CertificateRequest) -> Identity {
        self.own.client(request, (2020, 2021))
    }

    pub(crate) fn root(&self) -> &CertificateDer<'static> {
        self.own.root.der()
    }

    /// Chain and key for the TLS listeners.
    pub(crate) fn server(
        &self,
        host_names: &[String],
    ) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), rcgen::Error> {
        let mut params = CertificateParams::new(host_names)?;
        params.subject_alt_names.push(SanType::IpAddress([127, 0, 0, 1].into()));
        params.distinguished_name = name("Czech Test Bank", "Czech Test Bank API");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let (key, leaf) = self.own.sign(params, (2020, 2090))?;
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        Ok((vec![leaf.der().clone(), self.own.issuing.der().clone()], key.into()))
    }
}

/// A root and the issuing authority below it.
#[derive(Debug)]
struct Authority {
    root: CertifiedIssuer<'static, KeyPair>,
    issuing: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    fn new(organisation: &str) -> Result<Self, rcgen::Error> {
        let params = authority(organisation, "Root CA", BasicConstraints::Constrained(1));
        let root = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
        let params = authority(organisation, "TPP CA", BasicConstraints::Constrained(0));
        let issuing = CertifiedIssuer::signed_by(params, KeyPair::generate()?, &root)?;
        Ok(Self { root, issuing })
    }

    #[expect(clippy::expect_used, reason = "only a machine without entropy fails here")]
    fn client(&self, request: CertificateRequest, years: (i32, i32)) -> Identity {
        let (key, leaf) = self.sign(qwac(request), years).expect("a key pair can be made");
        Identity {
            cert_pem: format!("{}{}", leaf.pem(), self.issuing.pem()),
            key_pem: key.serialize_pem(),
        }
    }

    fn sign(
        &self,
        mut params: CertificateParams,
        (from, to): (i32, i32),
    ) -> Result<(KeyPair, rcgen::Certificate), rcgen::Error> {
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(to, 1, 1);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate()?;
        let leaf = params.signed_by(&key, &self.issuing)?;
        Ok((key, leaf))
    }
}

fn authority(organisation: &str, common_name: &str, path: BasicConstraints) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2099, 1, 1);
    params.distinguished_name = name(organisation, &format!("{organisation} {common_name}"));
    params.is_ca = IsCa::Ca(path);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// A certificate in the form of a qualified one for websites: usable as client and as server.
fn qwac(request: CertificateRequest) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = name(&request.organisation, &request.common_name);
    if let Some(licence) = request.licence {
        params.distinguished_name.push(DnType::CustomDnType(vec![2, 5, 4, 97]), licence);
    }
    params.extended_key_usages =
        vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
    let dns = request.common_name.contains('.') && !request.common_name.contains(' ');
    if let (true, Ok(dns)) = (dns, request.common_name.as_str().try_into()) {
        params.subject_alt_names.push(SanType::DnsName(dns));
    }
    if let Some(content) = statement::write(&request.roles) {
        // not critical: webpki refuses critical extensions it does not know
        params.custom_extensions =
            vec![CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 3], content)];
    }
    params
}

fn name(organisation: &str, common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    if let Ok(country) = "CZ".try_into() {
        name.push(DnType::CountryName, DnValue::PrintableString(country));
    }
    name.push(DnType::OrganizationName, organisation);
    name.push(DnType::CommonName, common_name);
    name
}
