//! A TLS client without HTTP, for what a handshake says.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use bank_sim::{BankSim, Identity};
use rustls::crypto::aws_lc_rs;
use rustls::{AlertDescription, ClientConfig, RootCertStore, SupportedProtocolVersion};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// A client that trusts `ca_pem` alone and shows `identity`.
pub(crate) fn client(
    ca_pem: &str,
    identity: Option<&Identity>,
    version: &'static SupportedProtocolVersion,
) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap()).unwrap();
    let builder = ClientConfig::builder_with_provider(aws_lc_rs::default_provider().into())
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots);
    let Some(identity) = identity else { return builder.with_no_client_auth() };
    let key = PrivateKeyDer::from_pem_slice(identity.key_pem.as_bytes()).unwrap();
    builder.with_client_auth_cert(chain(identity), key).unwrap()
}

/// Leaf and issuing authority.
pub(crate) fn chain(identity: &Identity) -> Vec<CertificateDer<'static>> {
    let chain = CertificateDer::pem_slice_iter(identity.cert_pem.as_bytes());
    chain.collect::<Result<_, _>>().unwrap()
}

pub(crate) async fn connect(
    at: SocketAddr,
    name: &str,
    config: ClientConfig,
) -> io::Result<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(at).await.unwrap();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    TlsConnector::from(Arc::new(config)).connect(name, stream).await
}

/// The alert that the bank ends a handshake with.
pub(crate) async fn alert(
    bank: &BankSim,
    identity: &Identity,
    version: &'static SupportedProtocolVersion,
) -> AlertDescription {
    let config = client(&bank.pki().ca_pem(), Some(identity), version);
    let error = match connect(bank.tls_addr(), "localhost", config).await {
        Err(error) => error,
        // in TLS 1.3 the client has finished before the bank has read its certificate
        Ok(mut stream) => stream.read_u8().await.unwrap_err(),
    };
    match tls_error(error) {
        rustls::Error::AlertReceived(alert) => alert,
        other => panic!("no alert: {other:?}"),
    }
}

pub(crate) fn tls_error(error: io::Error) -> rustls::Error {
    *error.into_inner().expect("not a TLS error").downcast().expect("not a TLS error")
}
