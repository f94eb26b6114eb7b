//! The files that TLS towards one bank is made of: read at the start, and again when they change.

use std::path::PathBuf;

use aws_lc_rs::digest::{Context, SHA256};
use jiff::Timestamp;
use rustls::ClientConfig;
use rustls::crypto::{self, CryptoProvider};

use super::disk::{self, Unfit};
use super::{OwnCertificate, tls};

/// Where they are. Names may be symbolic links, as secret mounts have them: each reading follows them anew.
#[derive(Clone, Default)]
pub struct TlsFiles {
    /// Our certificate with its chain, and its key; `None` without mutual TLS.
    pub(super) identity: Option<(PathBuf, PathBuf)>,
    /// Authorities to trust; `None`: the system's.
    pub(super) authorities: Option<PathBuf>,
}

/// What the files held at one moment.
pub struct TlsContents {
    identity: Option<tls::Identity>,
    authorities: Option<Vec<u8>>,
}

/// TLS settings made of them. A new one shares no session with the one before, so nothing is resumed under a
/// certificate that is no longer used.
pub struct Tls {
    /// For the clients.
    pub client: ClientConfig,
    /// What our certificate says of itself.
    pub certificate: Option<OwnCertificate>,
}

/// What TLS cannot work with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {what}; fix: {fix}")]
pub struct Unusable {
    /// The key of the provider's table that names the file.
    pub key: &'static str,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub fix: String,
}

impl Unusable {
    pub(super) fn of_file(key: &'static str) -> impl Fn(Unfit) -> Self {
        move |Unfit { what, fix }| Self { key, what, fix }
    }
}

impl TlsFiles {
    /// Reads all of them.
    pub fn read(&self) -> Result<TlsContents, Unusable> {
        let identity = match &self.identity {
            None => None,
            Some((chain, key)) => {
                let chain = disk::contents(chain).map_err(Unusable::of_file("certificate_file"))?;
                let key = disk::private_key(key).map_err(Unusable::of_file("private_key_file"))?;
                Some(tls::Identity { certificate_chain: chain, private_key: key })
            }
        };
        let authorities = self.authorities.as_deref().map(disk::contents).transpose();
        let authorities = authorities.map_err(Unusable::of_file("ca_file"))?;
        Ok(TlsContents { identity, authorities })
    }
}

impl TlsContents {
    /// SHA-256: equal for equal contents.
    pub fn digest(&self) -> [u8; 32] {
        let identity = self.identity.as_ref();
        let parts = [
            identity.map(|identity| &*identity.certificate_chain),
            identity.map(|identity| identity.private_key.expose().as_bytes()),
            self.authorities.as_deref(),
        ];
        let mut context = Context::new(&SHA256);
        for part in parts {
            let length = part.map_or(u64::MAX, |part| part.len() as u64);
            context.update(&length.to_be_bytes());
            context.update(part.unwrap_or_default());
        }
        let mut digest = [0; 32];
        digest.copy_from_slice(context.finish().as_ref());
        digest
    }

    /// Makes settings of them; refuses what cannot be read, and a key of another certificate.
    pub fn settings(&self) -> Result<Tls, Unusable> {
        self.settings_with(crypto::aws_lc_rs::default_provider())
    }

    /// The same with other cryptography than the default.
    pub fn settings_with(&self, provider: CryptoProvider) -> Result<Tls, Unusable> {
        let client = tls::client(self.identity.as_ref(), self.authorities.as_deref(), provider)?;
        let chain = self.identity.as_ref().map(|identity| &*identity.certificate_chain);
        Ok(Tls { client, certificate: chain.and_then(OwnCertificate::of_chain) })
    }
}

impl Tls {
    /// Refuses a certificate that the bank is certain to refuse now: no reason to give another one up for it.
    pub fn in_time(self, now: Timestamp) -> Result<Self, Unusable> {
        let Some(own) = &self.certificate else { return Ok(self) };
        let what = match now.as_second() {
            now if now > own.ends_at => "holds a certificate that has expired",
            now if now < own.begins_at => "holds a certificate that is not valid yet",
            _ => return Ok(self),
        };
        Err(Unusable {
            key: "certificate_file",
            what: what.to_owned(),
            fix: "write one that is valid now, with its key".to_owned(),
        })
    }
}
