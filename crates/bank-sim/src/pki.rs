//! The bank's own certificate authority: a root, an issuing authority below it (so that a client
//! must send its chain) with a revocation list, the server's certificate and test identities shaped
//! like eIDAS QWACs (ETSI TS 119 495, bank-api fact 6.2 and the recipe of section 21).

mod authority;
pub(crate) mod peer;
pub(crate) mod publish;
mod qwac;
mod ready_made;
pub(crate) mod server;
pub(crate) mod statement;

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer};

pub use qwac::CertificateRequest;

use crate::sync::lock;
use authority::Authority;
use peer::PeerCertificate;

/// A role of a payment service provider (ETSI TS 119 495, 5.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize)]
pub enum Role {
    /// `PSP_AS`, account servicing.
    #[serde(rename = "PSP_AS")]
    AccountServicing,
    /// `PSP_PI`, payment initiation.
    #[serde(rename = "PSP_PI")]
    PaymentInitiation,
    /// `PSP_AI`, account information.
    #[serde(rename = "PSP_AI")]
    AccountInformation,
    /// `PSP_IC`, card-based instruments.
    #[serde(rename = "PSP_IC")]
    CardInstruments,
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
    /// The present authority first, those it replaced after it.
    own: Mutex<Vec<Arc<Authority>>>,
    foreign: Authority,
    host_names: Vec<String>,
    /// The bank's time when it opened.
    opened: SystemTime,
    /// The address of the front door, where lists and authorities are published.
    front: String,
}

impl Pki {
    pub(crate) fn new(
        opened: SystemTime,
        host_names: Vec<String>,
        front: String,
    ) -> Result<Self, rcgen::Error> {
        let own = Authority::own(1, &front)?;
        let foreign = Authority::foreign()?;
        Ok(Self { own: Mutex::new(vec![Arc::new(own)]), foreign, host_names, opened, front })
    }

    /// The root certificate, PEM: the trust anchor for the bank's TLS listeners.
    pub fn ca_pem(&self) -> String {
        self.present().root_pem()
    }

    /// A client identity that the bank trusts for two years from its opening.
    pub fn issue(&self, request: CertificateRequest) -> Identity {
        self.present().client(request, self.two_years())
    }

    /// A client identity of another authority; the handshake refuses it.
    pub fn issue_untrusted(&self, request: CertificateRequest) -> Identity {
        self.foreign.client(request, self.two_years())
    }

    /// A client identity that had expired a day before the opening; the handshake refuses it.
    pub fn issue_expired(&self, request: CertificateRequest) -> Identity {
        let Validity { from, .. } = self.two_years();
        self.present().client(request, Validity { from: before(from, TWO_YEARS), until: from })
    }

    /// A client identity that is good from two years after the opening; until then the handshake
    /// refuses it.
    pub fn issue_not_yet_valid(&self, request: CertificateRequest) -> Identity {
        let Validity { until, .. } = self.two_years();
        self.present().client(request, Validity { from: until, until: until + TWO_YEARS })
    }

    /// A client identity that is good from one moment to another, both included.
    pub fn issue_between(
        &self,
        request: CertificateRequest,
        from: SystemTime,
        until: SystemTime,
    ) -> Identity {
        self.present().client(request, Validity { from, until })
    }

    /// The revocation list of the present issuing authority, DER, as the front door serves it at
    /// the address in the certificates.
    ///
    /// Errors: a list that cannot be signed.
    pub fn crl(&self, now: SystemTime) -> Result<Vec<u8>, rcgen::Error> {
        Ok(self.present().crl(now)?.to_vec())
    }

    /// Puts a certificate on the list of its authority; false when no authority of the bank
    /// issued it.
    pub(crate) fn revoke(&self, pem: &str, now: SystemTime) -> bool {
        let leaf = CertificateDer::from_pem_slice(pem.as_bytes()).ok();
        let peer = leaf.and_then(|leaf| PeerCertificate::read(&leaf));
        let own = lock(&self.own);
        let issuer =
            peer.and_then(|peer| Some((own.iter().find(|own| own.issued(&peer))?.clone(), peer)));
        issuer.is_some_and(|(issuer, peer)| {
            issuer.revoke(peer.serial, now);
            true
        })
    }

    /// What speaks against a certificate that had passed the handshake: its authority was retired,
    /// it was revoked, it has expired.
    pub(crate) fn objection(
        &self,
        peer: &PeerCertificate,
        now: SystemTime,
    ) -> Option<&'static str> {
        let own = lock(&self.own);
        match own.iter().find(|own| own.issued(peer)) {
            None => Some("certificate of a retired authority"),
            Some(issuer) if issuer.has_revoked(&peer.serial) => Some("revoked certificate"),
            Some(_) if now > peer.not_after => Some("expired certificate"),
            Some(_) => None,
        }
    }

    /// A new root and issuing authority; the old ones stay trusted for clients.
    pub(crate) fn rotate(&self) -> Result<(), rcgen::Error> {
        let mut own = lock(&self.own);
        let next = own.first().map_or(1, |present| present.generation + 1);
        own.insert(0, Arc::new(Authority::own(next, &self.front)?));
        Ok(())
    }

    /// Forgets all authorities but the present one.
    pub(crate) fn retire(&self) {
        lock(&self.own).truncate(1);
    }

    /// Roots that client certificates may lead to, and the lists of their issuing authorities.
    pub(crate) fn trusted(
        &self,
        now: SystemTime,
    ) -> Result<
        (Vec<CertificateDer<'static>>, Vec<CertificateRevocationListDer<'static>>),
        rcgen::Error,
    > {
        let own = lock(&self.own).clone();
        let lists = own.iter().map(|own| own.crl(now)).collect::<Result<_, _>>()?;
        Ok((own.iter().map(|own| own.root().clone()).collect(), lists))
    }

    fn present(&self) -> Arc<Authority> {
        // never empty: `new` puts one in, `retire` leaves one
        lock(&self.own)[0].clone()
    }

    fn two_years(&self) -> Validity {
        Validity { from: before(self.opened, DAY), until: self.opened + TWO_YEARS }
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
