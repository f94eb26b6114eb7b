//! The `bankconnect` program: `serve` and `keys new`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use broker::Broker;
use broker::ambient::Ambient;
use broker::config::Config;
use broker::serve::{DRAIN, Handle, Listener};
use broker::vault::Vault;
use clap::{Parser, Subcommand};

/// Token broker for "connect your bank": keeps the client secret, the certificate and the tokens.
#[derive(Parser)]
#[command(name = "bankconnect", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves pages of the app; stops on SIGTERM or Ctrl-C after finishing calls under way.
    Serve {
        /// The configuration file (TOML).
        #[arg(long, default_value = "bankconnect.toml")]
        config: PathBuf,
    },
    /// Manages the key ring that seals grants.
    Keys {
        #[command(subcommand)]
        command: Keys,
    },
}

#[derive(Subcommand)]
enum Keys {
    /// Writes a new key ring (mode 0600); refuses to overwrite a file.
    New {
        /// Where to write it; named by `store.key_file` in the configuration.
        file: PathBuf,
    },
}

/// How long refreshes and revocations under way may take after the last page was answered.
const LAST_CALL: Duration = Duration::from_secs(75);

type Failure = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Serve { config } => serve(&config).await,
        Command::Keys { command: Keys::New { file } } => new_keys(&file),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn new_keys(file: &Path) -> Result<(), Failure> {
    Vault::create(file, &Ambient::system())?;
    say(&format!("wrote {}: keep a copy apart from the database's backups", file.display()));
    Ok(())
}

async fn serve(path: &Path) -> Result<(), Failure> {
    let config = Config::load(path)?;
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_max_level(tracing::Level::INFO)
        .init();
    let listener = Listener::bind(config.listen.address, config.listen.tls.clone())?;
    let address = listener.address()?;
    let (broker, router) = Broker::start(config, Ambient::system()).await?;
    tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "serving");
    let handle = Handle::<SocketAddr>::new();
    let stopping = (broker.clone(), handle.clone());
    tokio::spawn(async move {
        told_to_stop().await;
        tracing::info!("stopping");
        stopping.0.begin_stop();
        stopping.1.graceful_shutdown(Some(DRAIN));
    });
    listener.serve(router, handle).await?;
    if tokio::time::timeout(LAST_CALL, broker.finish()).await.is_err() {
        tracing::error!("stopped with calls to banks under way");
        return Ok(());
    }
    tracing::info!("stopped");
    Ok(())
}

/// Ctrl-C, or SIGTERM as service managers send it.
async fn told_to_stop() {
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

#[expect(clippy::print_stderr, reason = "a command line program speaks to its terminal")]
fn say(text: &str) {
    eprintln!("{text}");
}
