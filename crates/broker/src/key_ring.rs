//! The key ring under a running broker: a new one is taken into use without a restart, every broker of the store
//! agrees on the key that seals, and what lies under older keys is wrapped anew (requirements T03, T04).
//!
//! The ring's file says which key is to seal; it does from when every broker that lives has it. So the order in
//! which a ring reaches the machines does not matter, and no broker meets a record that it cannot open.

use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::Broker;
use crate::ambient::{Ambient, Waypoint};
use crate::error::{Error, chain};
use crate::store::{Agreed, Holder, Owner, Store};
use crate::vault::{LookupKey, Ring, RingSource, Vault, VaultError};
use crate::{grant, idempotency, revocation};

/// The ring that a broker has, and what it is to the others.
pub(crate) struct Held {
    source: RingSource,
    /// As it was last taken into use; locked by whoever looks.
    ring: Mutex<Ring>,
    /// This broker's id, of this start.
    broker: String,
    /// How long others count on it after it has said that it lives, in seconds.
    lives: i64,
    /// Whether it is the one that wraps anew.
    leads: AtomicBool,
    /// When it was last found to open the store; `None`: it does not.
    fitted: std::sync::Mutex<Option<Instant>>,
}

impl Held {
    pub(crate) fn new(
        source: RingSource,
        ring: Ring,
        reload: Duration,
        ambient: &Ambient,
    ) -> Result<Self, VaultError> {
        Ok(Self {
            source,
            ring: Mutex::new(ring),
            broker: ambient.uuid()?,
            lives: lives(reload),
            leads: AtomicBool::new(false),
            fitted: std::sync::Mutex::default(),
        })
    }

    /// Before the broker answers anybody.
    pub(crate) async fn begin(&self, store: &Store, vault: &Vault, now: i64) -> Result<(), Error> {
        let ring = self.ring.lock().await;
        self.agree(store, vault, &ring, now).await.map(drop)
    }

    /// Whether the ring opens the store, as far as is known: nothing ends on the word of a broker that cannot read it.
    pub(crate) fn fits(&self) -> bool {
        let fitted = *self.fitted.lock().unwrap_or_else(PoisonError::into_inner);
        fitted.is_some_and(|at| at.elapsed().as_secs() < self.lives.unsigned_abs())
    }

    /// Agrees with the other brokers of the store on the key that seals, and has it seal.
    async fn agree(
        &self,
        store: &Store,
        vault: &Vault,
        ring: &Ring,
        now: i64,
    ) -> Result<Agreed, Error> {
        let agreed = self.try_agree(store, vault, ring, now).await;
        let mut fitted = self.fitted.lock().unwrap_or_else(PoisonError::into_inner);
        match &agreed {
            Ok(_) => *fitted = Some(Instant::now()),
            Err(Error::Vault(_)) => *fitted = None,
            Err(_) => {}
        }
        agreed
    }

    async fn try_agree(
        &self,
        store: &Store,
        vault: &Vault,
        ring: &Ring,
        now: i64,
    ) -> Result<Agreed, Error> {
        let anew = Vault::new(ring)?;
        let sample = anew.sample(ring.active())?;
        let holder = Holder {
            broker: &self.broker,
            keys: &ring.ids(),
            active: ring.active(),
            sample: &sample,
            alive: (now, now.saturating_add(self.lives)),
        };
        // it opens before the others are told that it does
        vault.add(ring)?;
        let agreed = store.agree_on_keys(&holder, &|key, sample| anew.check(key, sample)).await?;
        vault.take(ring, &agreed.sealing)?;
        self.leads.store(agreed.leads, Relaxed);
        Ok(agreed)
    }

    async fn read(&self) -> Result<Ring, Error> {
        let source = self.source.clone();
        let read = tokio::task::spawn_blocking(move || source.read()).await;
        Ok(read.map_err(|_| Error::Internal("reading the key ring broke off"))??)
    }
}

/// Seconds for which a broker that looks so often at its files counts as living after it has said that it does.
pub(crate) fn lives(reload: Duration) -> i64 {
    i64::try_from(reload.as_secs()).unwrap_or(3600) * 2 + 60
}

/// The key that names what could be guessed; the first broker of a store makes it.
pub(crate) async fn lookup_key(
    store: &Store,
    vault: &Vault,
    ambient: &Ambient,
) -> Result<LookupKey, Error> {
    let row = secret(LOOKUP);
    let (new, _) = vault.new_data_key(&row, ambient)?;
    let kept = store.secret(LOOKUP, &new).await?;
    Ok(vault.lookup_key(&row, &kept)?)
}

const LOOKUP: &str = "lookup";

/// What a secret of the store is bound to.
fn secret(name: &str) -> String {
    format!("secret/{name}")
}

/// How long one round of wrapping anew may take.
const ROUND: Duration = Duration::from_secs(2);

impl Broker {
    /// Looks at the ring: takes a changed one into use, and says to the others that this broker lives. A ring
    /// that is no good is told, and the one in use stays. A command is asked for it only where a person asks.
    pub(crate) async fn look_at_ring(&self, asked: bool) {
        let mut ring = self.held.ring.lock().await;
        if asked || self.held.source.is_cheap() {
            match self.take_ring().await {
                Ok(taken) => {
                    *ring = taken;
                    return;
                }
                Err(error) => {
                    let cause = chain(&error);
                    tracing::error!(event = "key_ring_refused", cause, "the key ring in use stays");
                }
            }
        }
        if let Err(error) = self.agree(&ring).await {
            tracing::warn!(cause = chain(&error), "nothing is agreed on keys");
        }
    }

    async fn take_ring(&self) -> Result<Ring, Error> {
        let ring = self.held.read().await?;
        self.agree(&ring).await?;
        Ok(ring)
    }

    async fn agree(&self, ring: &Ring) -> Result<(), Error> {
        let before = self.vault.sealing();
        let agreed = self.held.agree(&self.store, &self.vault, ring, self.now()).await?;
        if agreed.waits_for > 0 {
            let (key, brokers) = (ring.active(), agreed.waits_for);
            tracing::warn!(event = "key_waits", key, brokers, "brokers of this store lack the key");
        }
        if agreed.sealing != before {
            tracing::info!(event = "key_seals", key = agreed.sealing, "another key seals");
        }
        Ok(())
    }

    /// Whether this broker is the one of the store that wraps anew.
    pub(crate) fn leads(&self) -> bool {
        self.held.leads.load(Relaxed)
    }

    /// Wraps anew what lies under older keys of the ring, for two seconds at most.
    pub async fn rewrap(&self) -> Result<(), Error> {
        let end = Instant::now() + ROUND;
        for kek in self.vault.others() {
            while self.rewrap_some(&kek).await? {
                if Instant::now() >= end {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Whether there may be more under this key.
    async fn rewrap_some(&self, kek: &str) -> Result<bool, Error> {
        let mut anew = Vec::new();
        let found = self.store.envelopes(kek).await?;
        if found.is_empty() {
            return Ok(false);
        }
        for envelope in found {
            match self.vault.rewrap(&keyed(&envelope.owner), &envelope.key) {
                Ok(wrapped) => anew.push((envelope, wrapped)),
                Err(error) => tracing::error!(kek, %error, "a data key stays as it is"),
            }
        }
        self.ambient.pass(Waypoint::Rewrapped).await;
        self.store.rewrap(&anew).await?;
        Ok(!anew.is_empty())
    }

    /// Says to the others that this broker is about to stop.
    pub(crate) async fn leave(&self) {
        if let Err(error) = self.store.forget_broker(&self.held.broker).await {
            tracing::warn!(cause = chain(&error), "the others count on this broker for a while");
        }
    }
}

/// What the data key of a row is bound to.
fn keyed(owner: &Owner) -> String {
    match owner {
        Owner::Grant(provider, id) => grant::keyed(provider, id),
        Owner::Revocation(_, provider, fingerprint) => revocation::keyed(provider, fingerprint),
        Owner::Order(_, connection, key, attempt) => idempotency::keyed(connection, key, attempt),
        Owner::Secret(name) => secret(name),
    }
}
