//! How the TLS doors meet their peers: TLS 1.2/1.3, the client certificate asked for where the bank
//! itself terminates TLS. The handshake trusts the bank's own authorities and their revocation lists,
//! and judges by the bank's clock. What changes counts for the next connection.

use std::sync::{Arc, Mutex};
use std::time::UNIX_EPOCH;

use axum_server::tls_rustls::RustlsConfig;
use rustls::crypto::aws_lc_rs;
use rustls::server::WebPkiClientVerifier;
use rustls::sign::SingleCertAndKey;
use rustls::time_provider::TimeProvider;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::UnixTime;

use crate::pki::Pki;
use crate::pki::server::ServerFault;
use crate::sync::lock;
use crate::{CertificateSource, Clock, Error};

/// The configurations of the TLS doors, which can be changed while they are open.
pub(crate) struct Doors {
    /// Of the door for third parties.
    pub(crate) mutual: RustlsConfig,
    /// Of the sandbox, which asks for no certificate.
    pub(crate) one_sided: RustlsConfig,
    source: CertificateSource,
    clock: Clock,
    shown: Mutex<Arc<SingleCertAndKey>>,
}

impl Doors {
    /// Configurations with a new server certificate.
    pub(crate) fn new(pki: &Pki, source: CertificateSource, clock: &Clock) -> Result<Self, Error> {
        let shown = pki.server(None)?;
        Ok(Self {
            mutual: RustlsConfig::from_config(match source {
                CertificateSource::Tls => mutual(pki, clock, shown.clone())?,
                CertificateSource::ProxyHeader => one_sided(shown.clone())?,
            }),
            one_sided: RustlsConfig::from_config(one_sided(shown.clone())?),
            source,
            clock: clock.clone(),
            shown: Mutex::new(shown),
        })
    }

    /// Takes a new server certificate, spoilt as told.
    pub(crate) fn show(&self, pki: &Pki, fault: Option<ServerFault>) -> Result<(), Error> {
        let mut shown = lock(&self.shown);
        *shown = pki.server(fault)?;
        self.configure(pki, &shown)
    }

    /// Takes over what the authority has changed. Sessions cannot be resumed across it.
    pub(crate) fn reload(&self, pki: &Pki) -> Result<(), Error> {
        // held to the end, or of two revocations at once the earlier list might come last
        let shown = lock(&self.shown);
        self.configure(pki, &shown)
    }

    fn configure(&self, pki: &Pki, shown: &Arc<SingleCertAndKey>) -> Result<(), Error> {
        self.mutual.reload_from_config(match self.source {
            CertificateSource::Tls => mutual(pki, &self.clock, shown.clone())?,
            CertificateSource::ProxyHeader => one_sided(shown.clone())?,
        });
        self.one_sided.reload_from_config(one_sided(shown.clone())?);
        Ok(())
    }
}

fn mutual(
    pki: &Pki,
    clock: &Clock,
    shown: Arc<SingleCertAndKey>,
) -> Result<Arc<ServerConfig>, Error> {
    let mut store = RootCertStore::empty();
    let (roots, lists) = pki.trusted(clock.now())?;
    for root in roots {
        store.add(root)?;
    }
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(store.into(), provider.clone())
        .with_crls(lists)
        .only_check_end_entity_revocation()
        .allow_unauthenticated()
        .build()?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(verifier)
        .with_cert_resolver(shown);
    config.time_provider = Arc::new(BankTime(clock.clone()));
    Ok(speaking_http(config))
}

fn one_sided(shown: Arc<SingleCertAndKey>) -> Result<Arc<ServerConfig>, Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(shown);
    Ok(speaking_http(config))
}

fn speaking_http(mut config: ServerConfig) -> Arc<ServerConfig> {
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Arc::new(config)
}

/// The bank's clock in the handshake.
#[derive(Debug)]
struct BankTime(Clock);

impl TimeProvider for BankTime {
    fn current_time(&self) -> Option<UnixTime> {
        let since_1970 = self.0.now().duration_since(UNIX_EPOCH).ok()?;
        Some(UnixTime::since_unix_epoch(since_1970))
    }
}
