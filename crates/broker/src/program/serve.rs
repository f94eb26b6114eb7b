//! `bankconnect serve`: the process around a broker, with its log and its signals.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::Failure;
use crate::ambient::Ambient;
use crate::config::Config;
use crate::serve::{DRAIN, Handle, Listener};
use crate::{Broker, admin};

/// How long refreshes and revocations under way may take after the last page was answered.
const LAST_CALL: Duration = Duration::from_secs(75);

/// Serves until it is told to stop.
pub(super) async fn serve(path: &Path) -> Result<(), Failure> {
    let mut config = Config::load(path)?;
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_max_level(tracing::Level::INFO)
        .init();
    let listener = Listener::bind(config.listen.address, config.listen.tls.clone())?;
    let address = listener.address()?;
    let admin = config.admin.take();
    let door = admin.as_ref().map(|admin| Listener::bind(admin.address, admin.tls.clone()));
    let door = door.transpose()?;
    let (broker, router) = Broker::start(config, Ambient::system()).await?;
    reload_on_hangup(&broker)?;
    tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "serving");
    let handles = [Handle::<SocketAddr>::new(), Handle::new()];
    let stopping = (broker.clone(), handles.clone());
    tokio::spawn(async move {
        told_to_stop().await;
        tracing::info!("stopping");
        stopping.0.begin_stop();
        for handle in stopping.1 {
            handle.graceful_shutdown(Some(DRAIN));
        }
    });
    let [handle, private] = handles;
    let served = listener.serve(router, handle);
    if let (Some(admin), Some(door)) = (admin, door) {
        let address = door.address()?;
        tracing::info!(%address, "the private door is open");
        tokio::try_join!(served, door.serve(admin::router(&broker, admin.keys), private))?;
    } else {
        served.await?;
    }
    if tokio::time::timeout(LAST_CALL, broker.finish()).await.is_err() {
        tracing::error!("stopped with calls to banks under way");
        return Ok(());
    }
    tracing::info!("stopped");
    Ok(())
}

/// SIGHUP says that there are new certificate files.
#[cfg(unix)]
fn reload_on_hangup(broker: &Arc<Broker>) -> Result<(), Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut hangup = signal(SignalKind::hangup())?;
    let broker = broker.clone();
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            broker.reload().await;
        }
    });
    Ok(())
}

#[cfg(not(unix))]
fn reload_on_hangup(_broker: &Arc<Broker>) -> Result<(), Failure> {
    Ok(())
}

/// Ctrl-C, or SIGTERM as service managers send it.
pub(super) async fn told_to_stop() {
    let interrupt = async { drop(tokio::signal::ctrl_c().await) };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                () = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    interrupt.await;
}
