//! The clients that reach a bank, changed as one when the files they are made of change, or when it is another
//! certificate's turn.
//!
//! A call takes the line that is in use when it begins and keeps it to its end. Each line has connections and TLS
//! sessions of its own, and no call goes by those of a line that is not in use (requirements K45, P14).

use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use tokio::sync::Mutex;

use super::{Bank, api, token};
use crate::config::{Certificates, Limits, Network, OwnCertificate, Placed, Tls, Unusable};
use crate::store::Hash;

/// What reaches a bank.
pub(super) struct Line {
    /// For token and revocation calls.
    pub(super) form: reqwest::Client,
    /// For the API.
    pub(super) api: api::Client,
    /// For acts: each over a connection of its own. One that stood idle may be closed by the bank at the very
    /// moment, and then nobody would know whether it got the order.
    pub(super) acts: api::Client,
    /// SHA-256 of the certificate it presents, if it does.
    pub(super) certificate: Option<Hash>,
}

/// The lines, and what the files held when they were last looked at.
pub(super) struct Switch {
    lines: RwLock<Lines>,
    seen: Mutex<Seen>,
}

/// A line for each certificate, or one without, and which of them is in use.
struct Lines {
    all: Vec<Arc<Line>>,
    certificates: Certificates,
    in_use: usize,
}

struct Seen {
    /// Of the contents in use.
    digest: [u8; 32],
    /// Why the files are not in use as they are now; told once.
    refused: Option<Unusable>,
}

impl Switch {
    /// Lines of the files as they are.
    pub(super) fn new(network: &Network, limits: Limits, now: Timestamp) -> Result<Self, Unusable> {
        let contents = network.files.read()?;
        let digest = contents.digest();
        let lines = RwLock::new(Lines::new(contents.settings()?, network, limits, now)?);
        Ok(Self { lines, seen: Mutex::new(Seen { digest, refused: None }) })
    }

    fn read<T>(&self, read: impl FnOnce(&Lines) -> T) -> T {
        read(&self.lines.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change<T>(&self, change: impl FnOnce(&mut Lines) -> T) -> T {
        change(&mut self.lines.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Lines {
    fn new(tls: Tls, network: &Network, limits: Limits, now: Timestamp) -> Result<Self, Unusable> {
        let Tls { clients, certificates } = tls;
        let line = |(at, client)| {
            let certificate = certificates.get(at).map(|one| one.own.fingerprint);
            Line::new(client, network, limits, certificate).map(Arc::new)
        };
        let all = clients.into_iter().enumerate().map(line).collect::<Result<_, _>>()?;
        let in_use = certificates.first_at(now.as_second());
        Ok(Self { all, certificates, in_use })
    }

    /// The one to use now, where that is another one than is in use. Where no certificate is valid now, all stays.
    fn better_at(&self, now: Timestamp) -> Option<usize> {
        if !self.certificates.are_several() {
            return None;
        }
        self.certificates.best_at(now.as_second()).filter(|best| *best != self.in_use)
    }
}

impl Line {
    fn new(
        tls: rustls::ClientConfig,
        network: &Network,
        limits: Limits,
        certificate: Option<Hash>,
    ) -> Result<Self, Unusable> {
        let form = token::client(&tls, network, limits).map_err(|error| Unusable {
            key: "mutual_tls".to_owned(),
            what: format!("does not fit the HTTP client ({error})"),
            fix: "this build cannot speak TLS".to_owned(),
        })?;
        let api = api::client(tls.clone(), network, limits, usize::MAX);
        let acts = api::client(tls, network, limits, 0);
        Ok(Self { form, api, acts, certificate })
    }
}

impl Bank {
    /// The line for a call that begins now.
    pub(super) fn line(&self) -> Arc<Line> {
        self.take_turns();
        self.switch.read(|lines| lines.all[lines.in_use].clone())
    }

    /// What the certificate in use says of itself.
    pub fn certificate(&self) -> Option<OwnCertificate> {
        let (certificates, in_use) = self.certificates();
        certificates.get(in_use).map(|one| one.own.clone())
    }

    /// All that are laid out, and which of them is in use.
    pub(crate) fn certificates(&self) -> (Certificates, usize) {
        self.take_turns();
        self.switch.read(|lines| (lines.certificates.clone(), lines.in_use))
    }

    /// Changes to the certificate whose turn it is, and tells so. Every call asks, so that none goes out under one
    /// that has ended, or goes on under the old one once the new one is good.
    pub(super) fn take_turns(&self) {
        if self.switch.read(|lines| lines.better_at(self.ambient.now())).is_none() {
            return;
        }
        let switched = self.switch.change(|lines| {
            // somebody else may have changed it, by a later clock than that one
            lines.in_use = lines.better_at(self.ambient.now())?;
            lines.certificates.get(lines.in_use).cloned()
        });
        let Some(Placed { place, own }) = switched else { return };
        let (provider, ends_at) = (&self.provider.id, own.ends_at);
        tracing::warn!(
            event = "certificate_switched",
            provider,
            certificate = %place,
            ends_at,
            "its turn has come"
        );
        self.end_pause("another certificate");
        self.look_at_certificate();
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
        match self.new_lines(seen.digest).await {
            Ok(Some((digest, lines))) => {
                let chosen = lines.certificates.get(lines.in_use);
                let ends_at = chosen.map(|one| one.own.ends_at);
                let certificate = chosen.map(|one| one.place.to_string());
                self.switch.change(|in_use| *in_use = lines);
                *seen = Seen { digest, refused: None };
                self.condition.refuse_files(None);
                let provider = &self.provider.id;
                tracing::warn!(
                    event = "files_taken",
                    provider,
                    certificate,
                    ends_at,
                    "new certificate files"
                );
                self.end_pause("new certificate files");
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
                self.condition.refuse_files(Some(unusable.key.clone()));
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

    /// Lines of the files as they are now; `None` where they hold what `in_use` is made of.
    async fn new_lines(&self, in_use: [u8; 32]) -> Result<Option<([u8; 32], Lines)>, Unusable> {
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
            Ok(Some((digest, Lines::new(tls, &network, limits, now)?)))
        });
        reading.await.unwrap_or_else(|_| {
            let what = "could not be read to the end".to_owned();
            Err(Unusable {
                key: "certificate_file".to_owned(),
                what,
                fix: "report this".to_owned(),
            })
        })
    }
}
