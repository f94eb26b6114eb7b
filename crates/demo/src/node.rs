//! One broker of a world: started on its files, serving, stopped.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use bank_sim::Clock;
use broker::Broker;
use broker::ambient::Ambient;
use broker::config::{Access, Config, Provider};
use broker::serve::{Handle, Listener};
use jiff::Timestamp;

use crate::page;
use crate::world::Failure;

/// A running broker.
pub struct Node {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where its private door is, if it has one.
    pub admin: Option<SocketAddr>,
    broker: Arc<Broker>,
    handle: Handle<SocketAddr>,
    serving: Vec<tokio::task::JoinHandle<()>>,
}

impl Node {
    pub(crate) async fn start(
        folder: &Path,
        ambient: Ambient,
        listener: Listener,
        page: Option<&(PathBuf, bool)>,
    ) -> Result<Self, Failure> {
        let address = listener.address()?;
        let mut config = Config::load(&folder.join("bankconnect.toml"))?;
        let admin = config.admin.take();
        let banks: Vec<_> = config.providers.iter().filter_map(origin).collect();
        let (broker, mut router) = Broker::start(config, ambient).await?;
        if let Some((page, opener_policy)) = page {
            router = router.fallback_service(page::service(page, *opener_policy, &banks));
        }
        let handle = Handle::new();
        let mut serving = vec![serve(listener, router, handle.clone())];
        let mut private = None;
        if let Some(admin) = admin {
            let door = Listener::bind(admin.address, admin.tls)?;
            private = Some(door.address()?);
            let router = broker::admin::router(&broker, admin.keys);
            serving.push(serve(door, router, handle.clone()));
        }
        Ok(Self { address, admin: private, broker, handle, serving })
    }

    /// Has the broker look at its certificate files, as SIGHUP does.
    pub async fn reload(&self) {
        self.broker.reload().await;
    }

    /// Has the broker wrap anew what lies under older keys; answers whether it did.
    pub fn rewrap(&self) -> impl Future<Output = bool> + Send + 'static {
        let broker = self.broker.clone();
        Box::pin(async move { broker.rewrap().await.is_ok() })
    }

    /// Stops as a service manager would have it.
    pub async fn stop(&self) {
        self.broker.begin_stop();
        self.handle.graceful_shutdown(Some(Duration::from_secs(2)));
        while !self.serving.iter().all(tokio::task::JoinHandle::is_finished) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.broker.finish().await;
    }
}

/// The origin of a bank's pages.
fn origin(bank: &Provider) -> Option<String> {
    match &bank.access {
        Access::Authorization(oauth) => {
            Some(oauth.authorization_url.origin().ascii_serialization())
        }
        Access::Prepared { .. } => None,
    }
}

fn serve(
    listener: Listener,
    router: Router,
    handle: Handle<SocketAddr>,
) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        if let Err(error) = listener.serve(router, handle).await {
            tracing::error!(%error, "serving broke off");
        }
    })
}

/// The system's, by another clock.
pub(crate) fn ambient(clock: &Clock) -> Ambient {
    let clock = clock.clone();
    Ambient::system()
        .with_clock(move || Timestamp::try_from(clock.now()).unwrap_or(Timestamp::UNIX_EPOCH))
}
