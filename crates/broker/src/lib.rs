//! The token broker of bankconnect: the only holder of client secrets, certificates and tokens.
//!
//! It never shows a token to a page, never lets a page choose where a token goes, and never loses a
//! grant because a reply was lost or a check failed late. Only [`bank`] talks to a bank, only
//! [`config`] reads the environment, only [`store`] speaks SQL.
//!
//! Start reading at [`Broker`], then `http.rs` for all routes and layers; walk one is `authorize.rs`
//! and `callback.rs`, walk two is `proxy.rs`. Standards: RFC 6749, 7009, 7636, 9207, 9457, 9700,
//! 10017; COBS 2.0.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use ipnet::IpNet;
use tokio::sync::RwLock;

pub mod admin;
pub mod ambient;
pub mod bank;
pub mod config;
pub mod error;
pub mod program;
pub mod routes;
pub mod secret;
pub mod serve;
pub mod store;
pub mod vault;

mod act;
mod arrival;
mod authorize;
mod body;
mod call_body;
mod callback;
mod certificate;
mod connections;
mod csrf;
mod defences;
mod disconnect;
mod first_bytes;
mod freezes;
mod grant;
mod health;
mod http;
mod idempotency;
mod incidents;
mod key_ring;
mod log;
mod metrics;
mod orders;
mod person;
mod plain;
mod probe;
mod providers;
mod proxy;
mod receipts;
mod reload;
mod report_key;
mod revocation;
mod session;
mod subjects;
mod sweep;
mod unattended;
mod under_way;

use ambient::Ambient;
use bank::Banks;
use config::{Accepted, App, Config};
use key_ring::Held;
use store::Store;
use vault::{LookupKey, Vault};

pub use callback::VerifiedCode;
pub use grant::Tokens;

/// A broker, ready to answer.
pub struct Broker {
    app: App,
    prefix: String,
    trusted_proxies: Vec<IpNet>,
    consent: Duration,
    receipts: Duration,
    request_bytes: usize,
    banks: Banks,
    store: Store,
    vault: Vault,
    held: Held,
    lookup: LookupKey,
    ambient: Ambient,
    declared: defences::Declared,
    flights: grant::Flights,
    in_use: grant::InUse,
    under_way: under_way::UnderWay,
    /// Held by work that must be finished before the process ends.
    work: Arc<RwLock<()>>,
    stopping: AtomicBool,
}

/// Why a broker does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The key ring is of no use.
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    /// The database cannot be opened or brought up to date.
    #[error("{place}: {source}")]
    Store {
        /// Which one.
        place: String,
        /// What is the matter with it.
        source: store::OpenError,
    },
    /// The database does not answer.
    #[error("the store: {0}")]
    Unanswered(#[from] store::StoreError),
    /// TLS cannot work with the files of a provider.
    #[error(transparent)]
    Tls(#[from] config::Unusable),
    /// An origin is of no use.
    #[error("app.origins: {0}")]
    Origin(#[from] tower_http::csrf::ConfigError),
}

impl From<error::Error> for StartError {
    fn from(error: error::Error) -> Self {
        match error {
            error::Error::Store(error) => Self::Unanswered(error),
            error::Error::Vault(error) => Self::Vault(error),
            _ => Self::Vault(vault::VaultError::Broken),
        }
    }
}

impl Broker {
    /// Opens store and key ring, builds the clients, and begins to sweep.
    /// The router answers below the configured prefix.
    pub async fn start(
        mut config: Config,
        ambient: Ambient,
    ) -> Result<(Arc<Self>, Router), StartError> {
        let csrf = csrf::layer(&config.app.origins)?;
        let (dangers, reload) = (std::mem::take(&mut config.dangers), config.limits.reload);
        let broker = Self::open(config, ambient).await?;
        for Accepted { danger, key } in &dangers {
            tracing::warn!(event = "dangerous", word = danger.word, key, "{key} {}", danger.risk);
        }
        if broker.app.development_cookie {
            tracing::warn!(
                "DEVELOPMENT COOKIE: no Secure, no prefix; for loopback only, never for people"
            );
        }
        broker.look_at_probes().await?;
        broker.look_at_freezes().await?;
        tokio::spawn(sweep::run(broker.clone()));
        grant::renew_ahead(&broker);
        tokio::spawn(reload::run(Arc::downgrade(&broker), reload));
        tokio::spawn(freezes::run(Arc::downgrade(&broker)));
        let router = http::router(&broker, csrf);
        Ok((broker, router))
    }

    /// A broker that does nothing by itself, and answers nobody.
    pub(crate) async fn open(config: Config, ambient: Ambient) -> Result<Arc<Self>, StartError> {
        let ring = config.store.ring.read()?;
        let vault = Vault::new(&ring)?;
        let held = Held::new(config.store.ring, ring, config.limits.reload, &ambient)?;
        let banks = Banks::new(config.providers, &config.tpp, config.limits, &ambient)?;
        let store = Store::open(&config.store.place).await.map_err(|source| StartError::Store {
            place: config.store.place.to_string(),
            source,
        })?;
        // with another ring, connections would be ended whose tokens nobody could revoke
        held.begin(&store, &vault, ambient.now().as_second()).await?;
        let lookup = key_ring::lookup_key(&store, &vault, &ambient).await?;
        Ok(Arc::new(Self {
            app: config.app,
            prefix: config.listen.prefix,
            trusted_proxies: config.listen.trusted_proxies,
            consent: config.limits.consent,
            receipts: config.limits.receipts,
            request_bytes: config.limits.request_bytes,
            banks,
            store,
            vault,
            held,
            lookup,
            ambient,
            declared: defences::Declared::default(),
            flights: grant::Flights::default(),
            in_use: grant::InUse::default(),
            under_way: under_way::UnderWay::default(),
            work: Arc::default(),
            stopping: AtomicBool::new(false),
        }))
    }

    /// Says "not ready" from here on, so that a load balancer turns away.
    pub fn begin_stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    /// Waits for refreshes and revocations under way, then closes the store. Nothing may be asked
    /// of the broker afterwards.
    pub async fn finish(&self) {
        let _all_done = self.work.write().await;
        self.leave().await;
        self.store.close().await;
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Seconds since 1970.
    fn now(&self) -> i64 {
        self.ambient.now().as_second()
    }

    fn consent_seconds(&self) -> i64 {
        i64::try_from(self.consent.as_secs()).unwrap_or(i64::MAX)
    }
}
