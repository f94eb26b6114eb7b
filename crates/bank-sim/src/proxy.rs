//! `X-Client-Certificate`, by which a proxy that terminates TLS hands the client's certificate on
//! (bank-api facts 6.3 and 6.4). The product's reader undoes what nginx (percent encoding) and Apache
//! (spaces for line ends) do to the PEM; trust, validity and revocation it leaves to the proxy.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;

use crate::form;
use crate::pki::peer::PeerCertificate;

/// The header's name.
pub(crate) const HEADER: &str = "x-client-certificate";

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// A header that names no certificate.
pub(crate) struct Unreadable;

/// The certificate of the only header; `None` without one.
pub(crate) fn peer(headers: &HeaderMap) -> Option<Result<PeerCertificate, Unreadable>> {
    let mut values = headers.get_all(HEADER).iter();
    let value = values.next()?;
    let text = value.to_str().ok().filter(|_| values.next().is_none());
    Some(text.and_then(read).ok_or(Unreadable))
}

fn read(value: &str) -> Option<PeerCertificate> {
    let decoded = value.starts_with("-----BEGIN%20").then(|| form::decode(value));
    let (_, rest) = decoded.as_deref().unwrap_or(value).split_once(BEGIN)?;
    let (content, _) = rest.split_once(END)?;
    let content: String = content.split_ascii_whitespace().collect();
    PeerCertificate::read(&STANDARD.decode(content).ok()?)
}
