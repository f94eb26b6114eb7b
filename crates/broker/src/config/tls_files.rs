//! The files that TLS towards one bank is made of: read at the start, and again when they change.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::digest::{Context, SHA256};
use jiff::Timestamp;
use rustls::ClientConfig;
use rustls::crypto::{self, CryptoProvider};

use super::certificates::{Certificates, Place, Placed};
use super::disk::{self, Unfit};
use super::{OwnCertificate, tls};

/// Where they are. Names may be symbolic links, as secret mounts have them: each reading follows them anew.
#[derive(Clone, Default)]
pub struct TlsFiles {
    /// Our certificates; none without mutual TLS.
    pub(super) pairs: Vec<Pair>,
    /// Authorities to trust; `None`: the system's.
    pub(super) authorities: Option<PathBuf>,
    /// What the certificates are for: one is chosen by them.
    pub(super) scopes: Vec<String>,
}

/// A certificate with its chain, and its key.
#[derive(Clone)]
pub(super) struct Pair {
    pub(super) place: Place,
    pub(super) certificate: PathBuf,
    pub(super) key: PathBuf,
}

/// What the files held at one moment.
pub struct TlsContents {
    identities: Vec<tls::Identity>,
    authorities: Option<Vec<u8>>,
    scopes: Vec<String>,
}

/// TLS settings made of them. New ones share no session with those before, so nothing is resumed under a
/// certificate that is no longer used; nor do those of several certificates.
pub struct Tls {
    /// For the clients: one for each certificate, in their order, or one that presents none.
    pub clients: Vec<ClientConfig>,
    /// What our certificates say of themselves.
    pub certificates: Certificates,
}

/// What TLS cannot work with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {what}; fix: {fix}")]
pub struct Unusable {
    /// The key of the provider's table that names the file.
    pub key: String,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub fix: String,
}

impl Unusable {
    pub(super) fn of_file(key: impl Into<String>) -> impl FnOnce(Unfit) -> Self {
        move |Unfit { what, fix }| Self { key: key.into(), what, fix }
    }

    /// The same of a key that stands at this place.
    pub(super) fn at(self, place: Place) -> Self {
        Self { key: place.key(&self.key), ..self }
    }
}

impl TlsFiles {
    /// Reads all of them.
    pub fn read(&self) -> Result<TlsContents, Unusable> {
        let identities = self.pairs.iter().map(Pair::read).collect::<Result<_, _>>()?;
        let authorities = self.authorities.as_deref().map(disk::contents).transpose();
        let authorities = authorities.map_err(Unusable::of_file("ca_file"))?;
        Ok(TlsContents { identities, authorities, scopes: self.scopes.clone() })
    }
}

impl Pair {
    fn read(&self) -> Result<tls::Identity, Unusable> {
        let Self { place, certificate, key } = self;
        let no = |name: &str, file: &Path| {
            let to_come = !file.exists();
            let key = place.key(name);
            move |Unfit { what, fix }| {
                let fix = if to_come { format!("{}, or {fix}", tls::IMPORT) } else { fix };
                Unusable { key, what, fix }
            }
        };
        let certificate_chain =
            disk::contents(certificate).map_err(no("certificate_file", certificate))?;
        let private_key = disk::private_key(key).map_err(no("private_key_file", key))?;
        Ok(tls::Identity { place: *place, certificate_chain, private_key })
    }
}

impl TlsContents {
    /// SHA-256: equal for equal contents.
    pub fn digest(&self) -> [u8; 32] {
        let pairs = self.identities.iter().flat_map(|identity| {
            let key = identity.private_key.expose().as_bytes();
            [Some(&*identity.certificate_chain), Some(key)]
        });
        let mut context = Context::new(&SHA256);
        for part in pairs.chain([self.authorities.as_deref()]) {
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
        let provider = Arc::new(provider);
        // the system's are many: read once, however many certificates there are
        let roots = Arc::new(tls::roots(self.authorities.as_deref())?);
        let client = |identity| tls::client(identity, roots.clone(), provider.clone());
        if self.identities.is_empty() {
            return Ok(Tls { clients: vec![client(None)?], certificates: Certificates::default() });
        }
        let clients = self.identities.iter().map(|identity| client(Some(identity)));
        Ok(Tls { clients: clients.collect::<Result<_, _>>()?, certificates: self.certificates()? })
    }

    /// What they say of themselves. Of a single one nothing needs to be known; among several one is chosen by it.
    fn certificates(&self) -> Result<Certificates, Unusable> {
        let mut all = Vec::new();
        for identity in &self.identities {
            let place = identity.place;
            match OwnCertificate::of_chain(&identity.certificate_chain) {
                Some(own) => all.push(Placed { place, own }),
                None if self.identities.len() == 1 => {}
                None => {
                    return Err(Unusable {
                        key: place.key("certificate_file"),
                        what: "holds a certificate that does not tell its time".to_owned(),
                        fix: "ask the authority for one by RFC 5280".to_owned(),
                    });
                }
            }
        }
        Ok(Certificates::new(all, &self.scopes))
    }
}

impl Tls {
    /// Of the certificate to present now.
    pub fn client_at(mut self, now: Timestamp) -> ClientConfig {
        self.clients.swap_remove(self.certificates.first_at(now.as_second()))
    }

    /// Refuses certificates that the bank is certain to refuse now: no reason to give others up for them.
    pub fn in_time(self, now: Timestamp) -> Result<Self, Unusable> {
        let now = now.as_second();
        let Some(first) = self.certificates.get(self.certificates.first_at(now)) else {
            return Ok(self);
        };
        let (key, what) = match now {
            _ if first.own.is_valid_at(now) => return Ok(self),
            _ if self.certificates.are_several() => {
                ("certificates".to_owned(), "hold no certificate that is valid now")
            }
            now if now > first.own.ends_at => {
                (first.place.key("certificate_file"), "holds a certificate that has expired")
            }
            _ => (first.place.key("certificate_file"), "holds a certificate that is not valid yet"),
        };
        let fix = "write one that is valid now, with its key".to_owned();
        Err(Unusable { key, what: what.to_owned(), fix })
    }
}
