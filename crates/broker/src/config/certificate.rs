//! What our own certificate says of itself: until when it is good, and what it covers (requirement K46).
//!
//! A bank refuses a certificate without the role for a scope in words of its own; the operator should
//! hear it before, and by name. ETSI TS 119 495: roles stand in the PSD2 statement of a qualified
//! certificate.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::certificate::{Certificate, Role};

/// A client certificate of ours.
#[derive(Clone)]
pub struct OwnCertificate {
    /// Its first second, since 1970.
    pub begins_at: i64,
    /// Its last one.
    pub ends_at: i64,
    /// SHA-256 of its DER.
    pub(crate) fingerprint: [u8; 32],
    /// Roles of its PSD2 statement; `None`: it has none, so nothing is known.
    roles: Option<Vec<Role>>,
}

impl OwnCertificate {
    /// Reads the leaf of a chain in PEM; `None` for what is no certificate.
    pub(super) fn of_chain(chain: &[u8]) -> Option<Self> {
        let leaf = CertificateDer::pem_slice_iter(chain).next()?.ok()?;
        let certificate = Certificate::read(&leaf)?;
        Some(Self {
            begins_at: certificate.begins_at(),
            ends_at: certificate.ends_at(),
            fingerprint: certificate.fingerprint(),
            roles: certificate.qualified().psd2.map(|psd2| psd2.roles),
        })
    }

    /// Whether its time has come and is not over, at a second since 1970.
    pub(crate) fn is_valid_at(&self, now: i64) -> bool {
        (self.begins_at..=self.ends_at).contains(&now)
    }

    /// Its roles, for people.
    pub(crate) fn roles(&self) -> String {
        let Some(roles) = &self.roles else { return "no PSD2 role is told".to_owned() };
        roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// Whether it says of itself what it covers.
    pub(crate) fn tells_roles(&self) -> bool {
        self.roles.is_some()
    }

    /// Those of our scopes that it certainly does not cover, each with the role that is missing.
    pub(crate) fn lacks<'a>(&self, scopes: &'a [String]) -> Vec<(&'a str, Role)> {
        let Some(roles) = &self.roles else { return Vec::new() };
        let needed = scopes.iter().filter_map(|scope| Some((&**scope, Role::for_scope(scope)?)));
        needed.filter(|(_, role)| !roles.contains(role)).collect()
    }
}
