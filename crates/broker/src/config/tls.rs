//! PEM files become TLS settings: rustls with aws-lc-rs, TLS 1.2 and 1.3 (requirement K50).

use std::sync::Arc;

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, RootCertStore, ServerConfig};

use super::{Place, Unusable, disk};
use crate::secret::Secret;

/// A client certificate of ours, as files.
pub(super) struct Identity {
    pub(super) place: Place,
    pub(super) certificate_chain: Vec<u8>,
    pub(super) private_key: Secret,
}

/// Makes the two files that the broker reads from whatever the authority handed out.
pub(super) const IMPORT: &str = "bankconnect cert import CERTIFICATE --key KEY --passphrase-file PASSPHRASE \
                      --certificate-out NEW-CERTIFICATE --key-out NEW-KEY";

/// Towards a bank. ALPN is left empty: each client fills in its own.
pub(super) fn client(
    identity: Option<&Identity>,
    roots: Arc<RootCertStore>,
    provider: Arc<CryptoProvider>,
) -> Result<ClientConfig, Unusable> {
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong("mutual_tls", error.to_string(), "this build cannot speak TLS"))?
        .with_root_certificates(roots);
    let Some(identity) = identity else { return Ok(builder.with_no_client_auth()) };
    let parsed = parse(&identity.certificate_chain, &identity.private_key);
    // refuses a key that does not belong to the certificate
    let config = parsed.and_then(|(chain, key)| {
        builder.with_client_auth_cert(chain, key).map_err(|error| not_its_key(&error))
    });
    config.map_err(|unusable| unusable.at(identity.place))
}

/// A listener of the broker's own; with `clients`, only for whom has a certificate of these authorities.
pub(super) fn server(
    chain: &[u8],
    key: &Secret,
    clients: Option<&[u8]>,
) -> Result<Arc<ServerConfig>, Unusable> {
    let (chain, key) = parse(chain, key)?;
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = match clients {
        None => WebPkiClientVerifier::no_client_auth(),
        Some(pem) => {
            let fix = "PEM of the authorities that sign the backend's client certificate";
            let no = |what: &str| wrong("client_ca_file", what.to_owned(), fix);
            let roots = Arc::new(certificates(pem).map_err(no)?);
            WebPkiClientVerifier::builder_with_provider(roots, provider.clone())
                .build()
                .map_err(|_| no("holds no certificate"))?
        }
    };
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong("certificate_file", error.to_string(), "this build cannot do TLS"))?
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)
        .map_err(|error| not_its_key(&error))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn not_its_key(error: &rustls::Error) -> Unusable {
    if let rustls::Error::InvalidCertificate(bad) = error {
        let what = format!("holds a certificate that TLS cannot present ({bad})");
        return wrong("certificate_file", what, "ask the authority for an X.509 version 3 one");
    }
    let what = format!("is not the key of certificate_file ({error})");
    wrong("private_key_file", what, "name the key that the certificate was requested with")
}

fn wrong(key: &str, what: String, fix: &str) -> Unusable {
    Unusable { key: key.to_owned(), what, fix: fix.to_owned() }
}

/// Authorities of the bank's: those named, or the system's.
pub(super) fn roots(authorities: Option<&[u8]>) -> Result<RootCertStore, Unusable> {
    let fix = "PEM of the authorities that sign the bank's server certificate; leave the key out \
               to trust the system's";
    let not = |what: &str| wrong("ca_file", what.to_owned(), fix);
    let Some(pem) = authorities else {
        let mut roots = RootCertStore::empty();
        let system = rustls_native_certs::load_native_certs().certs;
        return match roots.add_parsable_certificates(system) {
            (0, _) => Err(wrong(
                "ca_file",
                "is missing, and the system has no certificate authorities".to_owned(),
                "install ca-certificates, or name the bank's authority",
            )),
            _ => Ok(roots),
        };
    };
    certificates(pem).map_err(not)
}

/// Authorities in PEM, at least one; `Err` says what is wrong.
fn certificates(pem: &[u8]) -> Result<RootCertStore, &'static str> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|_| "is not PEM")?;
        roots.add(certificate).map_err(|_| "holds a certificate that is no authority")?;
    }
    if roots.is_empty() { Err("holds no certificate") } else { Ok(roots) }
}

fn parse(
    chain: &[u8],
    key: &Secret,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), Unusable> {
    if disk::is_binary(chain) {
        return Err(wrong("certificate_file", disk::NOT_PEM.to_owned(), IMPORT));
    }
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(chain).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty()).ok_or_else(|| {
        let fix = "PEM of the certificate, leaf first, then its chain";
        wrong("certificate_file", "holds no PEM certificate".to_owned(), fix)
    })?;
    if key.expose().contains("ENCRYPTED") {
        let what = "is encrypted; the broker needs it plain, readable by itself only";
        let fix = IMPORT;
        return Err(wrong("private_key_file", what.to_owned(), fix));
    }
    let key = PrivateKeyDer::from_pem_slice(key.expose().as_bytes()).map_err(|_| {
        let fix = IMPORT;
        wrong("private_key_file", "holds no plain PEM key".to_owned(), fix)
    })?;
    Ok((chain, key))
}
