//! What banks have yet to forget: tokens of ended connections, asked for until the bank says yes.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tokio::task::JoinSet;

use crate::Broker;
use crate::ambient::Waypoint;
use crate::bank::{Revoked, Told};
use crate::config::Access;
use crate::error::{Error, chain};
use crate::grant::Tokens;
use crate::store::{Asked, GrantRow, Hash, MOST_DUE, NewRevocation, Outcome, Remains, Revocation};
use crate::vault::VaultError;

/// Longest pause between two tries, in seconds.
const LONGEST_PAUSE: i64 = 6 * 3600;
/// How long one try may take, in seconds: two tokens of a bank that hangs.
const ONE_TRY: i64 = 120;
/// Some three weeks of tries; refresh tokens of a bank that is gone for longer are given up.
const MOST_ATTEMPTS: i64 = 90;

/// Asks the banks for revocations that are due, at the same time: one bank that hangs must not
/// keep the others waiting. Answers whether there may be more.
pub(crate) async fn ask_again(broker: &Arc<Broker>) -> Result<bool, Error> {
    // a process that ends takes none out of the queue that it has not asked for
    let _unfinished = broker.work.clone().read_owned().await;
    let mut asked = JoinSet::new();
    let now = broker.now();
    let due = broker.store.due_revocations(now, now + ONE_TRY).await?;
    let more = due.len() == MOST_DUE;
    for revocation in due {
        asked.spawn(once(broker.clone(), revocation));
    }
    while asked.join_next().await.is_some() {} // a panic of one is not the others' end
    Ok(more)
}

/// Asks a bank once, and notes the answer in the queue.
pub(crate) async fn ask(broker: Arc<Broker>, revocation: Revocation) {
    let _unfinished = broker.work.clone().read_owned().await;
    once(broker.clone(), revocation).await;
}

async fn once(broker: Arc<Broker>, revocation: Revocation) {
    if let Err(error) = broker.try_ask(&revocation).await {
        tracing::error!(provider = revocation.provider, cause = chain(&error), "revocation");
    }
}

impl Broker {
    /// All tokens of a grant, ready for the queue; none where the bank offers no revocation. Tokens
    /// that no longer open are told to the operator: the connection ends, and the others go, all the same.
    ///
    /// Errors: our ring lacks their key. They are good, and another broker or the right ring opens them.
    pub(crate) fn to_forget(&self, grant: &GrantRow) -> Result<Remains, VaultError> {
        let mut remains = Remains { revocations: Vec::new(), broken: false };
        for tokens in self.all_tokens(grant) {
            let revocation = tokens.and_then(|it| self.revocation(&grant.provider, &it));
            let told = |error: &Error| {
                tracing::error!(grant = grant.id, cause = chain(error), "tokens do not open");
            };
            match revocation.inspect_err(told) {
                Ok(revocation) => remains.revocations.extend(revocation),
                Err(Error::Vault(VaultError::UnknownKey)) => return Err(VaultError::UnknownKey),
                Err(_) => remains.broken = true,
            }
        }
        Ok(remains)
    }

    /// Tokens, ready for the queue; `None` where the bank offers no revocation.
    pub(crate) fn revocation(
        &self,
        provider: &str,
        tokens: &Tokens,
    ) -> Result<Option<NewRevocation>, Error> {
        let offered = self.banks.find(provider).is_none_or(|bank| match &bank.provider.access {
            Access::Authorization(oauth) => oauth.revocation_url.is_some(),
            Access::Prepared { .. } => false,
        });
        if !offered {
            return Ok(None);
        }
        let fingerprint = tokens.fingerprint();
        let row = keyed(provider, &fingerprint);
        let (wrapped, key) = self.vault.new_data_key(&row, &self.ambient)?;
        let sealed = key.seal(TOKENS, &tokens.encode())?;
        Ok(Some(NewRevocation { fingerprint, key: wrapped, sealed }))
    }

    async fn try_ask(&self, revocation: &Revocation) -> Result<(), Error> {
        let Revocation { provider, fingerprint, attempts, .. } = revocation;
        let asked = if self.store.is_alive(provider, fingerprint).await? {
            // the bank handed the same tokens out again, and a connection lives on them
            Asked { outcome: Ok(Outcome::Shared), tried: false, answer: None }
        } else {
            self.ambient.pass(Waypoint::RevocationNext).await;
            let (revoked, answer) = self.tell_bank(revocation).await.unwrap_or_else(|error| {
                tracing::error!(provider, cause = chain(&error), "tokens do not open");
                (Revoked::NotYet, None)
            });
            self.ambient.pass(Waypoint::RevocationAnswered).await;
            tracing::info!(provider, attempts, ?revoked, "revocation");
            Asked { outcome: self.judge(revocation, revoked), tried: true, answer }
        };
        self.store.note_asked(revocation, &asked, self.now()).await?;
        self.ambient.pass(Waypoint::RevocationNoted).await;
        Ok(())
    }

    /// What is final about an answer, or when to ask again.
    fn judge(&self, revocation: &Revocation, revoked: Revoked) -> Result<Outcome, i64> {
        match revoked {
            Revoked::Yes => Ok(Outcome::Revoked),
            Revoked::NotOffered => Ok(Outcome::NotOffered),
            Revoked::NotYet if revocation.attempts >= MOST_ATTEMPTS => {
                tracing::error!(provider = revocation.provider, "revocation given up");
                Ok(Outcome::GivenUp)
            }
            Revoked::NotYet => {
                let pause = LONGEST_PAUSE.min(30 << revocation.attempts.clamp(0, 16));
                Err(self.now() + pause)
            }
        }
    }

    async fn tell_bank(&self, revocation: &Revocation) -> Result<Told, Error> {
        let Revocation { provider, fingerprint, key, sealed, .. } = revocation;
        let key = self.vault.data_key(&keyed(provider, fingerprint), key)?;
        let tokens = Tokens::decode(&key.open(TOKENS, sealed)?)?;
        Ok(match self.banks.find(provider) {
            Some(bank) => bank.forget(&tokens).await,
            None => (Revoked::NotYet, None), // taken out of the configuration, perhaps not for good
        })
    }
}

/// What the data key of a revocation is bound to.
pub(crate) fn keyed(provider: &str, fingerprint: &Hash) -> String {
    format!("revocation/{provider}/{}", URL_SAFE_NO_PAD.encode(fingerprint))
}

/// What the tokens are bound to, beside the revocation's own key.
const TOKENS: &str = "tokens";
