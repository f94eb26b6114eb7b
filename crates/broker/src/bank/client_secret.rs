//! Our client secret at a bank, and the overlap of an old and a new one.
//!
//! A bank may kill the old secret in the moment it makes a new one (bank-api fact 4.2), or take the new one only
//! after a while. So both are kept until the bank has taken the new one, and a refusal is believed only when
//! no other secret is left to try. As a rule a client is refused before the bank looks at code or token; where it
//! is not, the next try is told that they are used up, and nothing is worse than it was.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::Bank;
use crate::config::{SecretFile, Unusable};
use crate::grant::hash;
use crate::secret::Secret;

/// How long a call waits for a secret that is being renewed.
const RENEWAL: Duration = Duration::from_secs(10);
/// Between two looks at the file in that time.
const POLL: Duration = Duration::from_millis(50);
/// Secrets that one call tries: the one in use, the one of the file, the one before.
const TRIES: usize = 3;

/// Secrets that the bank may take, and the file the newest comes from.
pub(super) struct ClientSecret {
    file: SecretFile,
    known: Mutex<Known>,
}

struct Known {
    /// To be tried first.
    first: Arc<Secret>,
    /// To be tried when the bank refuses that.
    second: Option<Arc<Secret>>,
    /// What the file held when it was last good.
    written: Arc<Secret>,
    /// Why the file is not in use as it is now; told once.
    refused: Option<Unusable>,
}

/// One call, made with one secret after the other until the bank takes one.
pub(super) struct Attempt<'a> {
    of: &'a ClientSecret,
    provider: &'a str,
    tried: Vec<Arc<Secret>>,
    with: Arc<Secret>,
    /// No further try begins then, so that all of them take twice as long as one at most.
    give_up: Instant,
}

/// What an answer says of the secret that the call was made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The bank took it, and did what was asked.
    Worked,
    /// The bank took it, and would not do what was asked.
    Known,
    /// The bank refused us as its client, and did nothing else.
    Refused,
    /// Nothing.
    Silent,
}

impl ClientSecret {
    pub(super) fn new(file: SecretFile) -> Result<Self, Unusable> {
        let first = Arc::new(file.read()?);
        let known = Known { written: first.clone(), first, second: None, refused: None };
        Ok(Self { file, known: Mutex::new(known) })
    }

    /// Takes the file's secret into use, if it is another one; the one before stays beside it. Answers the key
    /// of the file where it is no good.
    async fn look(&self, provider: &str) -> Option<String> {
        let file = self.file.clone();
        let read = tokio::task::spawn_blocking(move || file.read()).await;
        let mut known = self.known();
        match read {
            Ok(Ok(secret)) => {
                known.refused = None;
                known.take(provider, secret);
                None
            }
            Ok(Err(unusable)) => {
                let key = unusable.key.clone();
                if known.refused.as_ref() != Some(&unusable) {
                    let Unusable { key, what, fix } = &unusable;
                    let stays = "the old one stays";
                    tracing::error!(event = "files_refused", provider, key, what, fix, stays);
                }
                known.refused = Some(unusable);
                Some(key)
            }
            Err(_) => None,
        }
    }

    /// A secret that was not tried: of the file as it is now, the one before, or, while a renewal is under way,
    /// the one that it brings.
    async fn another(
        &self,
        provider: &str,
        tried: &[Arc<Secret>],
        give_up: Instant,
    ) -> Option<Arc<Secret>> {
        let give_up = give_up.min(Instant::now() + RENEWAL);
        loop {
            let file = self.file.clone();
            let asked = tokio::task::spawn_blocking(move || file.is_being_renewed());
            // asked before the look: a renewal that ends in between is then seen by the look
            let renewed = asked.await.unwrap_or(false);
            self.look(provider).await;
            let untried = {
                let known = self.known();
                let both = [Some(&known.first), known.second.as_ref()];
                let untried = |one: &&Arc<Secret>| !tried.iter().any(|other| same(one, other));
                both.into_iter().flatten().find(untried).cloned()
            };
            if untried.is_some() || !renewed || Instant::now() >= give_up {
                return untried;
            }
            sleep(POLL).await;
        }
    }

    /// The bank took a secret: with the file's, the one before is done with. Where that one worked `instead` of the
    /// file's, it comes first until the file is looked at again.
    fn taken(&self, provider: &str, used: &Arc<Secret>, instead: bool) {
        let mut known = self.known();
        if same(used, &known.written) {
            known.first = used.clone();
            if known.second.take().is_some() {
                tracing::warn!(
                    event = "client_secret_taken",
                    provider,
                    "the bank takes the new one"
                );
            }
        } else if instead {
            known.second = Some(known.written.clone());
            known.first = used.clone();
            let what = "the bank refuses the secret of client_secret_file and takes the one before";
            tracing::error!(event = "client_secret_refused", provider, what);
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt<'_> {
    /// The secret to make the call with.
    pub(super) fn secret(&self) -> &Secret {
        &self.with
    }

    /// Whether the call is to be made again, with another secret.
    pub(super) async fn again(&mut self, verdict: Verdict) -> bool {
        match verdict {
            Verdict::Silent => return false,
            Verdict::Worked | Verdict::Known => {
                let instead = verdict == Verdict::Worked && !self.tried.is_empty();
                self.of.taken(self.provider, &self.with, instead);
                return false;
            }
            Verdict::Refused => self.tried.push(self.with.clone()),
        }
        if self.tried.len() == TRIES || Instant::now() >= self.give_up {
            return false;
        }
        let next = self.of.another(self.provider, &self.tried, self.give_up).await;
        next.map(|next| self.with = next).is_some()
    }
}

impl Known {
    fn take(&mut self, provider: &str, secret: Secret) {
        if same(&secret, &self.first) {
            return;
        }
        if !same(&secret, &self.written) {
            tracing::warn!(event = "client_secret_found", provider, "tried from now on");
            self.written = Arc::new(secret);
        }
        let before = std::mem::replace(&mut self.first, self.written.clone());
        self.second = Some(before);
    }
}

/// Whether two secrets are one; by digest, which takes the same time for every pair.
fn same(one: &Secret, other: &Secret) -> bool {
    hash(one.expose().as_bytes()) == hash(other.expose().as_bytes())
}

impl Bank {
    /// A call that our secret goes with; `None` where nobody logs in.
    pub(super) fn attempt(&self) -> Option<Attempt<'_>> {
        let of = self.client_secret.as_ref()?;
        let with = of.known().first.clone();
        let give_up = Instant::now() + self.longest_answer();
        Some(Attempt { of, provider: &self.provider.id, tried: Vec::new(), with, give_up })
    }

    /// Looks at the file of our secret, where there is one; answers its key where it is no good.
    pub(super) async fn look_at_secret(&self) -> Option<String> {
        let secret = self.client_secret.as_ref()?;
        let before = secret.known().written.clone();
        let bad = secret.look(&self.provider.id).await;
        if !same(&before, &secret.known().written) {
            self.end_pause("a new client secret");
        }
        bad
    }
}
