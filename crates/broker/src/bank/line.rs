//! The clients that reach a bank, changed as one when the files they are made of change.
//!
//! A call takes the line that is in use when it begins and keeps it to its end. A new line has connections and
//! TLS sessions of its own; those of the old one close when the last call on it is done (requirements K45, P14).

use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::Mutex;

use super::{Bank, api, token};
use crate::config::{Limits, Network, OwnCertificate, Tls, Unusable};

/// What reaches a bank.
pub(super) struct Line {
    /// For token and revocation calls.
    pub(super) form: reqwest::Client,
    /// For the API.
    pub(super) api: api::Client,
    /// What our certificate says of itself.
    certificate: Option<OwnCertificate>,
}

/// The line in use, and what the files held when they were last looked at.
pub(super) struct Switch {
    line: RwLock<Arc<Line>>,
    seen: Mutex<Seen>,
}

struct Seen {
    /// Of the contents in use.
    digest: [u8; 32],
    /// Why the files are not in use as they are now; told once.
    refused: Option<Unusable>,
}

impl Switch {
    /// A line of the files as they are.
    pub(super) fn new(network: &Network, limits: Limits) -> Result<Self, Unusable> {
        let contents = network.files.read()?;
        let digest = contents.digest();
        let line = Line::new(contents.settings()?, network, limits)?;
        let seen = Mutex::new(Seen { digest, refused: None });
        Ok(Self { line: RwLock::new(Arc::new(line)), seen })
    }

    /// The line in use.
    pub(super) fn line(&self) -> Arc<Line> {
        self.line.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Line {
    fn new(tls: Tls, network: &Network, limits: Limits) -> Result<Self, Unusable> {
        let form = token::client(&tls.client, network, limits).map_err(|error| Unusable {
            key: "mutual_tls",
            what: format!("does not fit the HTTP client ({error})"),
            fix: "this build cannot speak TLS".to_owned(),
        })?;
        let api = api::client(tls.client, network, limits);
        Ok(Self { form, api, certificate: tls.certificate })
    }
}

impl Bank {
    /// What the certificate in use says of itself.
    pub fn certificate(&self) -> Option<OwnCertificate> {
        self.switch.line().certificate.clone()
    }

    /// Takes the files into use if they hold something new that is good; otherwise what was in use stays. The
    /// outcome is told as an event: always where somebody `asked`, else when it changes.
    pub(crate) async fn look_at_files(&self, asked: bool) {
        self.take_files(asked).await;
        if let Some(key) = self.look_at_secret().await {
            self.condition.refuse_files(Some(key));
        }
        self.look_again_at_certificate();
    }

    async fn take_files(&self, asked: bool) {
        let mut seen = self.switch.seen.lock().await;
        match self.new_line(seen.digest).await {
            Ok(Some((digest, line))) => {
                let ends_at = line.certificate.as_ref().map(|own| own.ends_at);
                *self.switch.line.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(line);
                *seen = Seen { digest, refused: None };
                self.condition.refuse_files(None);
                let provider = &self.provider.id;
                tracing::warn!(event = "files_taken", provider, ends_at, "new certificate files");
                self.look_at_certificate();
            }
            Ok(None) => {
                seen.refused = None;
                self.condition.refuse_files(None);
                if asked {
                    let provider = &self.provider.id;
                    tracing::info!(
                        event = "files_unchanged",
                        provider,
                        "the same certificate files"
                    );
                }
            }
            Err(unusable) => {
                self.condition.refuse_files(Some(unusable.key));
                if asked || seen.refused.as_ref() != Some(&unusable) {
                    let (provider, Unusable { key, what, fix }) = (&self.provider.id, &unusable);
                    tracing::error!(
                        event = "files_refused",
                        provider,
                        key,
                        what,
                        fix,
                        "the old ones stay"
                    );
                }
                seen.refused = Some(unusable);
            }
        }
    }

    /// A line of the files as they are now; `None` where they hold what `in_use` is made of.
    async fn new_line(&self, in_use: [u8; 32]) -> Result<Option<([u8; 32], Line)>, Unusable> {
        let (network, limits) = (self.provider.network.clone(), self.limits);
        let now = self.ambient.now();
        // a disk may be slow, and the system's authorities are many
        let reading = tokio::task::spawn_blocking(move || {
            let contents = network.files.read()?;
            let digest = contents.digest();
            if digest == in_use {
                return Ok(None);
            }
            let tls = contents.settings()?.in_time(now)?;
            Ok(Some((digest, Line::new(tls, &network, limits)?)))
        });
        reading.await.unwrap_or_else(|_| {
            let what = "could not be read to the end".to_owned();
            Err(Unusable { key: "certificate_file", what, fix: "report this".to_owned() })
        })
    }
}
