//! The `bankconnect` program: its commands, what they say, and their exit codes.
//!
//! It stands in the library so that tests elsewhere can start the program that operators start.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod app;
mod beside;
mod cert;
mod certificates;
mod check;
mod doctor;
mod draft;
mod end;
mod freeze;
mod init;
mod keys;
mod manual;
mod probe;
mod receipts;
mod serve;
mod terminal;

use terminal::Terminal;

/// Token broker for "connect your bank": keeps the client secret, the certificate and the tokens.
#[derive(Parser)]
#[command(name = "bankconnect", version)]
struct Arguments {
    /// Prints one JSON object instead of sentences.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes a folder to begin with: a configuration with comments, and a new key ring; says what comes next.
    ///
    /// What no option says is asked where standard input is a terminal. Nothing that is there is overwritten.
    ///
    /// Exit code: 0 it is written; 2 something that only you know is missing or no good, and nothing was written;
    /// 1 a broker's files are there already, or nothing can be written there.
    Init(init::Arguments),
    /// Serves pages of the app; stops on SIGTERM or Ctrl-C after finishing calls under way, and looks at the
    /// certificate files on SIGHUP.
    Serve {
        /// The configuration file (TOML).
        #[arg(long, default_value = "bankconnect.toml")]
        config: PathBuf,
    },
    /// Finds out what a bank really does: you log in there, and paste the addresses you are sent to. PKCE, codes
    /// that are good once, `iss`, exact redirect URIs, revocation.
    ///
    /// What is found is kept in the store. Exit code, of several the first: 6 a code was good twice; 7 redirect
    /// URIs are not exact; 3 PKCE is ignored; 8 tokens outlived a revocation, or may live on; 4 there was no login to its end; 5
    /// what was pasted is no answer to this attempt; 1 the bank or the configuration stood in the way; 9 nothing
    /// is wrong, but it is not proven, or could not be kept; 0 nothing is wrong.
    Probe(probe::Arguments),
    /// Checks a configuration without starting, and tells which guarantees hold under it, signed.
    ///
    /// Exit code: 0 all hold, or depend on what is said; 3 one does not hold; 1 the configuration is refused; 4
    /// with --verify, the report is under another key or was changed.
    Check(check::Arguments),
    /// Goes the way to each bank step by step, and says what is wrong and what to do; runs beside a running
    /// broker.
    ///
    /// Exit code: 0 nothing is wrong; 3 something is; 1 the configuration is refused.
    Doctor(doctor::Arguments),
    /// Tells what became of connections that have ended: when, why, and whether the bank has confirmed it.
    ///
    /// Exit code: 0; 2 a time is none; 1 the configuration or the store stood in the way.
    Receipts(receipts::Arguments),
    /// Ends all connections of a user, of a provider, under a certificate or a key: here at once, at the bank as soon as
    /// it listens. It cannot be taken back.
    ///
    /// Works beside running brokers, which ask the banks, and without one. It may be interrupted and run again. Exit
    /// code: 0 they have ended, or there were none; 2 nobody confirmed it, or the command line is wrong, and nothing has
    /// ended; 1 the configuration or the store stood in the way: what has not ended yet ends when it is run again.
    End(end::Arguments),
    /// Pauses all that goes to a bank, or to every one, but for revocations. Nothing is lost by it, and a restart changes
    /// nothing about it.
    ///
    /// Exit code: 0; 2 the reason is too long; 1 the configuration or the store stood in the way.
    Freeze(freeze::Arguments),
    /// Takes a freeze back: that of a provider, or that of every one.
    ///
    /// Exit code: 0; 1 the configuration or the store stood in the way.
    Thaw(freeze::Which),
    /// Prints the completions of a shell: bash, elvish, fish, powershell or zsh.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// Writes the manual pages, one per command.
    Man {
        /// The folder to write them into, e.g. /usr/local/share/man/man1.
        folder: PathBuf,
    },
    /// Looks at eIDAS certificates (QWAC, QSEAL), and makes them ready for the broker.
    Cert {
        #[command(subcommand)]
        command: cert::Command,
    },
    /// Registers applications of our licence at a bank, and shows, changes and ends them.
    App {
        #[command(subcommand)]
        app: app::App,
    },
    /// Manages the key ring that seals grants.
    Keys {
        #[command(subcommand)]
        command: keys::Command,
    },
}

type Failure = Box<dyn std::error::Error>;

/// Why a command came to nothing.
struct Stopped {
    /// Exit code: 1 where the configuration or the bank stood in the way, others as each command tells.
    code: u8,
    /// For programs.
    word: &'static str,
    /// For people: what is wrong, and what to do.
    sentence: String,
}

impl Stopped {
    /// The configuration, a file or the bank stood in the way.
    fn failed(sentence: impl Into<String>) -> Self {
        Self { code: 1, word: "failed", sentence: sentence.into() }
    }
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        Self::failed(failure.to_string())
    }
}

/// Does what the command line says.
pub async fn run() -> ExitCode {
    let Arguments { json, command } = Arguments::parse();
    let terminal = Terminal { json };
    let done = match command {
        Command::Init(arguments) => init::init(&arguments, terminal),
        Command::Serve { config } => serve::serve(&config).await.map(|()| 0).map_err(Stopped::from),
        Command::Probe(arguments) => probe::probe(&arguments, terminal).await,
        Command::Check(arguments) => check::check(&arguments, terminal).await,
        Command::Doctor(arguments) => doctor::doctor(&arguments, terminal).await,
        Command::Receipts(arguments) => receipts::receipts(&arguments, terminal).await,
        Command::End(arguments) => end::end(&arguments, terminal).await,
        Command::Freeze(arguments) => freeze::freeze(&arguments, terminal).await,
        Command::Thaw(which) => freeze::thaw(&which, terminal).await,
        Command::Completions { shell } => Ok(manual::completions(shell, terminal)),
        Command::Man { folder } => manual::pages(&folder, terminal),
        Command::Cert { command } => cert::run(&command, terminal),
        Command::App { app } => app::app(&app, terminal).await,
        Command::Keys { command } => keys::run(&command, terminal).await,
    };
    ExitCode::from(terminal::exit_code(done.unwrap_or_else(|why| terminal.stopped(&why))))
}
