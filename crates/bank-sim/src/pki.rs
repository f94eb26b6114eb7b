//! The bank's own certificate authority: a root, an issuing authority below it (so that a client
//! must send its chain), the server's certificate and test identities shaped like eIDAS QWACs
//! (ETSI TS 119 495, bank-api fact 6.2 and the recipe of section 21).

pub(crate) mod peer;
pub(crate) mod statement;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

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

const DAY: Duration = Duration::from_hours(24);
/// How long a qualified certificate is issued for, about.
const TWO_YEARS: Duration = Duration::from_hours(2 * 365 * 24);

/// The certificate authority of this bank.
#[derive(Debug)]
pub struct Pki {
    own: Authority,
    foreign: Authority,
    /// The bank's time when it opened.
    opened: SystemTime,
}

impl Pki {
    pub(crate) fn new(opened: SystemTime) -> Result<Self, rcgen::Error> {
        let own = Authority::new("Czech Test Bank")?;
        Ok(Self { own, foreign: Authority::new("Somebody Else")?, opened })
    }

    /// The root certificate, PEM: the trust anchor for the bank's TLS listeners.
    pub fn ca_pem(&self) -> String {
        self.own.root.pem()
    }

    /// A client identity that the bank trusts for two years from its opening.
    pub fn issue(&self, request: CertificateRequest) -> Identity {
        self.own.client(request, self.two_years())
    }

    /// A client identity of another authority; the handshake refuses it.
    pub fn issue_untrusted(&self, request: CertificateRequest) -> Identity {
        self.foreign.client(request, self.two_years())
    }

    /// A client identity that had expired a day before the opening; the handshake refuses it.
    pub fn issue_expired(&self, request: CertificateRequest) -> Identity {
        let Validity { from, .. } = self.two_years();
        self.own.client(request, Validity { from: before(from, TWO_YEARS), until: from })
    }

    pub(crate) fn root(&self) -> &CertificateDer<'static> {
        self.own.root.der()
    }

    fn two_years(&self) -> Validity {
        Validity { from: before(self.opened, DAY), until: self.opened + TWO_YEARS }
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
        let (key, leaf) = self.own.sign(params, Validity::wide())?;
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        Ok((vec![leaf.der().clone(), self.own.issuing.der().clone()], key.into()))
    }
}

/// When a certificate is good.
#[derive(Clone, Copy)]
struct Validity {
    from: SystemTime,
    until: SystemTime,
}

impl Validity {
    /// From 1970 to 2090, for what clients judge by their own clock: the bank's may stand anywhere.
    fn wide() -> Self {
        Self { from: UNIX_EPOCH, until: UNIX_EPOCH + 60 * TWO_YEARS }
    }
}

/// `moment` less `span`, but not before 1970, which certificates are not made for.
fn before(moment: SystemTime, span: Duration) -> SystemTime {
    moment.checked_sub(span).map_or(UNIX_EPOCH, |earlier| earlier.max(UNIX_EPOCH))
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
    fn client(&self, request: CertificateRequest, validity: Validity) -> Identity {
        let (key, leaf) = self.sign(qwac(request), validity).expect("a key pair can be made");
        Identity {
            cert_pem: format!("{}{}", leaf.pem(), self.issuing.pem()),
            key_pem: key.serialize_pem(),
        }
    }

    fn sign(
        &self,
        mut params: CertificateParams,
        validity: Validity,
    ) -> Result<(KeyPair, rcgen::Certificate), rcgen::Error> {
        params.not_before = validity.from.into();
        params.not_after = validity.until.into();
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = true;
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
