//! Grants: the tokens of a connection, from the bank's first reply to their end.
//!
//! A reply is received (kept raw, sealed), judged, and settled (put to use). Two authorizations of
//! one person may bring the very same tokens (Web Flow hands out one pair per user, client and
//! scope), so a grant is known by the fingerprint of its tokens and may carry several connections.

use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};

use crate::Broker;
use crate::ambient::Waypoint;
use crate::bank::{Bank, Boxed, Keep, Salvage, TokenReply};
use crate::callback::VerifiedCode;
use crate::config::OAuth;
use crate::error::Error;
use crate::secret::Secret;
use crate::store::{GrantRow, Hash, Reply, Settled, StoreError, StoredGrant};
use crate::vault::{DataKey, VaultError};

mod ahead;
mod flight;
mod next_reply;
mod refresh;
mod tokens;
mod turn;

pub(crate) use ahead::{InUse, begin as renew_ahead};
pub(crate) use flight::Flights;
pub(crate) use refresh::Stale;
pub use tokens::Tokens;

/// A grant that a verified callback brought.
pub(crate) struct Received {
    /// The grant's id.
    pub(crate) id: String,
    /// What the bank granted: what was asked, or less.
    pub(crate) scopes: Vec<String>,
}

impl Broker {
    /// Exchanges the code and settles what comes; `asked` are the scopes the person was asked for.
    pub(crate) async fn receive(
        &self,
        bank: &Bank,
        oauth: &OAuth,
        code: VerifiedCode,
        asked: &[String],
    ) -> Result<Received, Error> {
        let id = self.ambient.uuid()?;
        let inbox = FirstReply { broker: self, id: &id, provider: &bank.provider.id };
        self.ambient.pass(Waypoint::CodeNext).await;
        let reply = match bank.exchange(oauth, code, &inbox).await {
            Ok(reply) => reply,
            Err(error) => {
                self.dispose(&id).await;
                return Err(error);
            }
        };
        let scopes = reply.granted().unwrap_or_else(|| asked.to_vec());
        if scopes.is_empty() || !scopes.iter().all(|scope| asked.contains(scope)) {
            self.dispose(&id).await;
            return Err(Error::CallbackRefused(
                "The bank granted something else than was asked for.",
            ));
        }
        let tokens = Tokens::of_reply(&reply, None);
        let new =
            New { tokens: &tokens, lives: Some(reply.lives()), refreshed: false, version: None };
        match self.settle(&id, &bank.provider.id, &new).await? {
            Settled::In(id) => {
                self.ambient.pass(Waypoint::CodeSettled).await;
                Ok(Received { id, scopes })
            }
            Settled::Nowhere | Settled::Overtaken => Err(Error::Internal("a new grant is gone")),
        }
    }

    /// A grant for a token that a sandbox hands out by name; it never ends and is never revoked.
    pub(crate) async fn receive_prepared(
        &self,
        provider: &str,
        token: &str,
        certificate: Option<String>,
    ) -> Result<String, Error> {
        let id = self.ambient.uuid()?;
        let access_token = Secret::new(token.to_owned());
        let tokens = Tokens { access_token, refresh_token: None, certificate };
        let (key, _) = self.vault.new_data_key(&keyed(provider, &id), &self.ambient)?;
        let reply = Reply { key: &key, unjudged: &[], certificate: None };
        self.store.receive_grant(&id, provider, &reply, self.now()).await?;
        // every prepared connection stands alone, so the fingerprint is the id's
        let new = New { tokens: &tokens, lives: None, refreshed: false, version: None };
        let seal = |row: &GrantRow| self.stored(row, &new);
        self.store.settle_grant(&id, provider, &hash(id.as_bytes()), None, &seal).await?;
        Ok(id)
    }

    /// Opens the tokens of a row.
    pub(crate) fn tokens(&self, row: &GrantRow) -> Result<Tokens, Error> {
        let sealed = row.sealed.as_deref().ok_or(VaultError::Broken)?;
        let key = self.data_key(row)?;
        Ok(Tokens::decode(&key.open(&tokens_place(row.sealed_version), sealed)?)?)
    }

    /// What the records of a grant are sealed under.
    fn data_key(&self, row: &GrantRow) -> Result<DataKey, VaultError> {
        self.vault.data_key(&keyed(&row.provider, &row.id), &row.key)
    }

    /// Puts tokens to use.
    async fn settle(&self, id: &str, provider: &str, new: &New<'_>) -> Result<Settled, Error> {
        let seal = |row: &GrantRow| self.stored(row, new);
        let fingerprint = new.tokens.fingerprint();
        self.store.settle_grant(id, provider, &fingerprint, new.version, &seal).await
    }

    /// What the store keeps of judged tokens, as the next version of a row.
    fn stored(&self, row: &GrantRow, new: &New<'_>) -> Result<StoredGrant, VaultError> {
        let lives = new.lives.map(|lives| i64::try_from(lives).unwrap_or(i64::MAX));
        let ends_at = lives.map(|lives| self.now().saturating_add(lives));
        Ok(StoredGrant {
            sealed: self.seal_tokens(row, new.tokens)?,
            access_ends_at: ends_at,
            refresh_at: ends_at.zip(lives).map(|(at, lives)| at - self.ahead(lives)),
            refreshed_at: new.refreshed.then(|| self.now()),
            refreshable: new.tokens.refresh_token.is_some(),
        })
    }

    /// Tokens, sealed as the next version of a row.
    fn seal_tokens(&self, row: &GrantRow, tokens: &Tokens) -> Result<Vec<u8>, VaultError> {
        self.data_key(row)?.seal(&tokens_place(row.next_version()), &tokens.encode())
    }

    /// How long before their end tokens of such a life are renewed: half a minute to a whole one, by chance, so
    /// that grants which came together are not renewed together; of a short life an eighth to a quarter.
    fn ahead(&self, lives: i64) -> i64 {
        let longest = (lives / 4).min(60);
        let [chance] = self.ambient.random().unwrap_or_default();
        longest - longest * i64::from(chance) / (2 * i64::from(u8::MAX))
    }

    /// Gets rid of a grant that no connection points to: its tokens go to revocation, unless the
    /// bank has handed the same ones out again meanwhile.
    pub(crate) async fn dispose(&self, id: &str) {
        let forget = |grant: &GrantRow| self.to_forget(grant);
        if let Err(error) = self.store.dispose_grant(id, self.now(), &forget).await {
            let cause = crate::error::chain(&error);
            tracing::error!(grant = id, cause, "a grant without connection stays for now");
        }
    }

    /// The raw reply that was kept and never judged.
    fn unjudged(&self, row: &GrantRow) -> Result<Option<Unjudged>, Error> {
        let Some(sealed) = row.unjudged.as_deref().filter(|sealed| !sealed.is_empty()) else {
            return Ok(None);
        };
        let raw = self.data_key(row)?.open(REPLY, sealed)?;
        Ok(Some(match TokenReply::judge(&raw) {
            Ok(reply) => Unjudged::Good(reply),
            Err(_) => Unjudged::Refused(Salvage::read(&raw)),
        }))
    }

    /// Every pair of tokens a grant holds: those of a reply kept beside those in use, and these; each opens, or
    /// does not, by itself.
    pub(crate) fn all_tokens(&self, row: &GrantRow) -> Vec<Result<Tokens, Error>> {
        let used = row.sealed.is_some().then(|| self.tokens(row));
        let beside = used.as_ref().and_then(|used| used.as_ref().ok());
        let kept = match self.unjudged(row) {
            Ok(Some(Unjudged::Good(reply))) => Some(Ok(Tokens::of_reply(&reply, beside))),
            Ok(Some(Unjudged::Refused(salvage))) => Tokens::of_salvage(salvage).map(Ok),
            Ok(None) => None,
            Err(error) => Some(Err(error)),
        };
        kept.into_iter().chain(used).collect()
    }
}

/// Judged tokens on their way to use.
struct New<'a> {
    tokens: &'a Tokens,
    /// Seconds from now; `None`: they never end.
    lives: Option<u64>,
    /// Whether a refresh brought them.
    refreshed: bool,
    /// What the grant's version has to be; `None`: nobody else knows of it yet.
    version: Option<i64>,
}

/// A raw reply, looked at.
enum Unjudged {
    /// Nothing is wrong with it: a process died before settling it.
    Good(TokenReply),
    /// It was refused; its tokens may be good all the same.
    Refused(Salvage),
}

/// What the data key of a grant is bound to.
pub(crate) fn keyed(provider: &str, grant: &str) -> String {
    format!("grant/{provider}/{grant}")
}

/// What tokens in use are bound to, beside the grant's own key: earlier ones, put back, do not open.
fn tokens_place(version: i64) -> String {
    format!("tokens/{version}")
}

/// What a raw reply is bound to.
const REPLY: &str = "reply";

/// SHA-256.
pub(crate) fn hash(bytes: &[u8]) -> Hash {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
    hash
}

/// Keeps the reply to a code.
struct FirstReply<'a> {
    broker: &'a Broker,
    id: &'a str,
    provider: &'a str,
}

impl Keep for FirstReply<'_> {
    fn keep<'a>(&'a self, raw: &'a [u8], under: Option<Hash>) -> Boxed<'a, Result<(), Error>> {
        Box::pin(async move {
            let Self { broker, id, provider } = self;
            broker.ambient.pass(Waypoint::CodeReceived).await;
            let (wrapped, key) =
                broker.vault.new_data_key(&keyed(provider, id), &broker.ambient)?;
            let sealed = key.seal(REPLY, raw)?;
            let now = broker.now();
            let reply = Reply { key: &wrapped, unjudged: &sealed, certificate: under };
            let write = || broker.store.receive_grant(id, provider, &reply, now);
            persist(|| Box::pin(write())).await?;
            broker.ambient.pass(Waypoint::CodeKept).await;
            Ok(())
        })
    }
}

/// How long a reply is held in memory that the store does not take.
const PERSISTENCE: Duration = Duration::from_mins(10);

/// Writes what the bank will not say twice: a store that is busy, full or away is asked again for ten
/// minutes before the reply is given up (requirement C23). Often: the next token lies in memory, and when the
/// store is back, whoever comes first to it must find the reply.
pub(crate) async fn persist<'a>(
    write: impl Fn() -> Boxed<'a, Result<(), StoreError>> + Send,
) -> Result<(), Error> {
    let begun = tokio::time::Instant::now();
    let mut pause = Duration::from_millis(100);
    loop {
        match write().await {
            Ok(()) => return Ok(()),
            Err(error) if begun.elapsed() >= PERSISTENCE => return Err(error.into()),
            Err(error) => tracing::error!(%error, "a reply of the bank cannot be kept; once more"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(1));
    }
}
