//! One recorded request: what came, how it came, and on what connection.

use std::sync::Arc;
use std::time::SystemTime;

use super::Door;
use crate::form::Fields;
use crate::pki::peer::PeerCertificate;

/// One request, as it came.
#[derive(Clone, Debug)]
pub struct RecordedRequest {
    /// Counts from 1 while the bank runs, whatever is forgotten.
    pub number: u64,
    /// Where it came in.
    pub listener: Door,
    /// The bank's time.
    pub at: SystemTime,
    /// `HTTP/1.1`, `HTTP/2.0`; empty where none could be read.
    pub http: String,
    /// Method; empty where none could be read.
    pub method: String,
    /// Path and query as sent; absolute for an HTTP/1.1 request in absolute form.
    pub target: String,
    /// Headers in order. Spelt as they came by HTTP/1; by HTTP/2 names are in lower case by
    /// definition, and repeated names stand together.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The first 64 KiB of the body.
    pub body: Vec<u8>,
    /// The bytes of an HTTP/1 request as received, after TLS: the head, and the first 64 KiB of
    /// the body in its transfer coding. `None` by HTTP/2, where they are compressed frames shared
    /// with other requests, and on what is left of a connection after an unread body.
    pub raw: Option<Vec<u8>>,
    /// Certificate of the TLS peer.
    pub peer: Option<PeerCertificate>,
    /// The TLS session; `None` at a plain door.
    pub tls: Option<Arc<TlsSession>>,
    /// Why the request got no further than the door; `None` where a resource answered it.
    pub refused: Option<&'static str>,
}

/// What was agreed in a TLS handshake, in the names of the IANA registries where rustls keeps them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsSession {
    /// Protocol version, such as `TLSv1_3`.
    pub version: String,
    /// Cipher suite, such as `TLS13_AES_256_GCM_SHA384`.
    pub cipher_suite: String,
    /// Group of the key exchange, such as `X25519MLKEM768`; `None` in some resumed sessions.
    pub key_exchange: Option<String>,
    /// Application protocol (ALPN), `h2` or `http/1.1`, if one was agreed.
    pub alpn: Option<String>,
    /// The name the client asked for (SNI).
    pub server_name: Option<String>,
    /// Whether a client certificate was shown, in this handshake or the one it resumes.
    pub client_certificate: bool,
    /// Whether an earlier session was resumed.
    pub resumed: bool,
}

impl RecordedRequest {
    /// The path without its query.
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(&self.target, |(path, _)| path)
    }

    /// All values of a header, by its name in any case.
    pub fn header_values(&self, name: &str) -> Vec<String> {
        let named = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        named.map(|(_, value)| String::from_utf8_lossy(value).into_owned()).collect()
    }

    /// The first value of a header, by its name in any case.
    pub fn header(&self, name: &str) -> Option<String> {
        self.header_values(name).into_iter().next()
    }

    /// The first value of a decoded query parameter.
    pub fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.target.split_once('?')?;
        Fields::read(query).first(name).map(ToOwned::to_owned)
    }

    /// The first value of a decoded form field.
    pub fn form(&self, name: &str) -> Option<String> {
        Fields::read(&String::from_utf8_lossy(&self.body)).first(name).map(ToOwned::to_owned)
    }

    /// About the memory it takes.
    pub(super) fn size(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.len() + value.len() + 64);
        let raw = self.raw.as_ref().map_or(0, Vec::len);
        size_of::<Self>() + self.target.len() + self.body.len() + raw + headers.sum::<usize>()
    }
}
