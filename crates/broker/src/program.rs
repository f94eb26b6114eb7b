//! The `bankconnect` program: its commands, what they say, and their exit codes.
//!
//! It stands in the library so that tests elsewhere can start the program that operators start.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::ambient::Ambient;
use crate::vault::Vault;

mod probe;
mod report;
mod serve;

/// Token broker for "connect your bank": keeps the client secret, the certificate and the tokens.
#[derive(Parser)]
#[command(name = "bankconnect", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves pages of the app; stops on SIGTERM or Ctrl-C after finishing calls under way, and looks at the
    /// certificate files on SIGHUP.
    Serve {
        /// The configuration file (TOML).
        #[arg(long, default_value = "bankconnect.toml")]
        config: PathBuf,
    },
    /// Finds out whether a bank enforces PKCE: you log in there once, and paste the address you are sent to.
    ///
    /// Exit code: 0 PKCE is enforced; 3 it is ignored; 6 the code could be used twice; 4 there was no login to
    /// its end; 5 what was pasted is no answer to this attempt; 1 the bank or the configuration stood in the
    /// way.
    Probe(probe::Arguments),
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

type Failure = Box<dyn std::error::Error>;

/// Does what the command line says.
pub async fn run() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Serve { config } => serve::serve(&config).await,
        Command::Probe(arguments) => return probe::probe(arguments).await,
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

#[expect(clippy::print_stdout, reason = "what a command was asked for")]
fn answer(text: &str) {
    println!("{text}");
}

#[expect(clippy::print_stderr, reason = "a command line program speaks to its terminal")]
fn say(text: &str) {
    eprintln!("{text}");
}
