//! The certificate of the bank's own doors, good or spoilt.

use std::sync::Arc;
use std::time::UNIX_EPOCH;

use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, SanType};
use rustls::crypto::aws_lc_rs;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls_pki_types::PrivatePkcs8KeyDer;
use serde::Deserialize;

use super::authority::name;
use super::{Pki, TWO_YEARS, Validity};
use crate::Error;

/// What is wrong with the certificate that the bank shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerFault {
    /// It names another host.
    WrongName,
    /// It expired in 1971.
    Expired,
    /// It begins in 2088.
    NotYetValid,
    /// An authority has issued it that nobody was told to trust.
    UntrustedAuthority,
}

impl Pki {
    /// A new key with its certificate for the TLS doors.
    pub(crate) fn server(
        &self,
        fault: Option<ServerFault>,
    ) -> Result<Arc<SingleCertAndKey>, Error> {
        let names = match fault {
            Some(ServerFault::WrongName) => vec!["wrong.example".to_owned()],
            _ => self.host_names.clone(),
        };
        let mut params = CertificateParams::new(names)?;
        if fault != Some(ServerFault::WrongName) {
            params.subject_alt_names.push(SanType::IpAddress([127, 0, 0, 1].into()));
        }
        params.distinguished_name = name("Czech Test Bank", "Czech Test Bank API");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let Validity { from, until } = Validity::wide();
        let validity = match fault {
            Some(ServerFault::Expired) => Validity { from, until: UNIX_EPOCH + TWO_YEARS / 2 },
            Some(ServerFault::NotYetValid) => Validity { from: until - TWO_YEARS, until },
            _ => Validity { from, until },
        };
        let present = self.present();
        let issuer = match fault {
            Some(ServerFault::UntrustedAuthority) => &self.foreign,
            _ => &present,
        };
        let (key, leaf) = issuer.sign(params, validity)?;
        let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        let chain = vec![leaf.der().clone(), issuer.issuing().clone()];
        let certified = CertifiedKey::from_der(chain, key, &aws_lc_rs::default_provider())?;
        Ok(Arc::new(SingleCertAndKey::from(certified)))
    }
}
