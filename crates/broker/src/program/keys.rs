//! `bankconnect keys`: the ring that wraps what the store seals. New ones are made, keys are added and taken out,
//! and it is told which records need which key. A ring that comes from a command goes through a pipe.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;
use zeroize::Zeroizing;

use super::Stopped;
use super::draft::Draft;
use super::terminal::{Terminal, say};
use crate::ambient::Ambient;
use crate::config::Config;
use crate::connections::rfc3339;
use crate::key_ring::lives;
use crate::store::{Retired, Schema, Store};
use crate::vault::{Ring, RingSource, VaultError};

mod list;

/// What to do with a ring.
#[derive(Subcommand)]
pub(super) enum Command {
    /// Writes a new key ring (mode 0600); refuses to overwrite a file.
    New {
        /// Where to write it; named by `store.key_file` in the configuration.
        file: PathBuf,
    },
    /// Shows the keys of the ring, and how many records of the store are under each.
    ///
    /// Exit code: 0 the ring opens every record; 3 it lacks a key that records are under; 1 the configuration,
    /// the ring or the store is no good.
    List(Configured),
    /// Adds a key to the ring and makes it the active one.
    ///
    /// Running brokers look every `limits.reload_seconds`, and at once on SIGHUP. The new key seals from when every
    /// broker of the store has it, so bring the file to all machines. Nobody is logged out.
    Rotate(Edit),
    /// Takes a key out of the ring for good, if no record is under it.
    ///
    /// Running brokers wrap anew what is under a key that no longer seals. What is gone from the store and lies in an old
    /// backup opens with the key that it was under only: so this ends it there, too.
    ///
    /// Exit code: 0 the key is gone; 3 it is still needed, and is not touched; 1 the configuration, the ring or the
    /// store is no good.
    Retire {
        /// The key's id.
        key: String,
        #[command(flatten)]
        edit: Edit,
    },
}

/// Which broker's ring.
#[derive(clap::Args)]
pub(super) struct Configured {
    /// The configuration file (TOML).
    #[arg(long, default_value = "bankconnect.toml")]
    config: PathBuf,
}

/// Which ring is changed.
#[derive(clap::Args)]
pub(super) struct Edit {
    #[command(flatten)]
    configured: Configured,
    /// Instead of the configured file: `-` reads the ring from standard input and writes it to standard output.
    #[arg(long, value_name = "RING")]
    ring: Option<PathBuf>,
}

/// A key is needed.
const NEEDED: u8 = 3;

/// Does what the command says.
pub(super) async fn run(command: &Command, terminal: Terminal) -> Result<u8, Stopped> {
    match command {
        Command::New { file } => new(file, terminal),
        Command::List(configured) => list::list(&configured.load()?, terminal).await,
        Command::Rotate(edit) => rotate(edit, terminal),
        Command::Retire { key, edit } => retire(key, edit, terminal).await,
    }
}

fn new(file: &Path, terminal: Terminal) -> Result<u8, Stopped> {
    write_new(file)?;
    let text = format!("wrote {}: keep a copy apart from the database's backups", file.display());
    terminal.answer(&text, &json!({ "file": file }));
    Ok(0)
}

/// Writes a new ring, for its owner alone; never over another file.
pub(super) fn write_new(file: &Path) -> Result<(), Stopped> {
    let ring = Ring::new(&Ambient::system()).map_err(|error| unfit(&error))?;
    let mut draft = Draft::open(file, 0o600)?;
    draft.fill(&ring.text())?;
    draft.appear()
}

fn rotate(edit: &Edit, terminal: Terminal) -> Result<u8, Stopped> {
    let place = edit.place()?;
    let mut ring = place.read()?;
    let before = ring.active().to_owned();
    let key = ring.rotate(&Ambient::system()).map_err(|error| unfit(&error))?;
    place.write(&ring)?;
    let text = format!(
        "{key} is the active key now. Bring the ring to every machine, and keep a copy of it; brokers seal with {key} from \
         when all of them have it. `bankconnect keys retire {before}` takes the old key out once nothing is under it"
    );
    place.answer(terminal, &text, &json!({ "active": key, "before": before }));
    Ok(0)
}

async fn retire(key: &str, edit: &Edit, terminal: Terminal) -> Result<u8, Stopped> {
    let config = edit.configured.load()?;
    let place = edit.place()?;
    let mut ring = place.read()?;
    let retired = try_retire(key, &config, &ring).await;
    if let (Err(_), RingPlace::Pipe) = (&retired, &place) {
        place.write(&ring)?; // whoever takes what comes out of the pipe has the ring as it was
    }
    retired?;
    ring.remove(key).map_err(|error| unfit(&error))?;
    place.write(&ring)?;
    let text = format!(
        "{key} is gone from the ring, and nothing will be sealed under it again. Bring the ring to every machine, and \
         destroy the copies of {key}: then nobody can open what lies under it in old backups"
    );
    place.answer(terminal, &text, &json!({ "retired": key, "active": ring.active() }));
    Ok(0)
}

/// Has the store refuse the key, if it is not needed.
async fn try_retire(key: &str, config: &Config, ring: &Ring) -> Result<(), Stopped> {
    if ring.active() == key {
        let what = "is the active key; fix: `bankconnect keys rotate` first, which adds another";
        return Err(needed(key, what));
    }
    if !ring.ids().contains(&key) {
        let known = ring.ids().join(", ");
        return Err(Stopped::failed(format!("{key} is not in the ring; fix: name one of {known}")));
    }
    let now = Ambient::system().now().as_second();
    match in_store(config, key, now).await? {
        Retired::Yes => Ok(()),
        Retired::Seals => {
            let what = "still seals: not every broker of the store has the new ring yet; fix: bring it to all of \
                        them, and start a broker if none runs";
            Err(needed(key, what))
        }
        Retired::NotBefore(at) => {
            let what = "sealed a moment ago, and a record may be on its way; fix: try again after";
            Err(needed(key, &format!("{what} {}", rfc3339(at))))
        }
        Retired::Needed(records) => {
            let what = format!(
                "is needed by {records} records; fix: let a broker run, which wraps them anew, and try again"
            );
            Err(needed(key, &what))
        }
    }
}

fn needed(key: &str, what: &str) -> Stopped {
    Stopped { code: NEEDED, word: "needed", sentence: format!("{key} {what}") }
}

fn unfit(error: &VaultError) -> Stopped {
    Stopped::failed(error.to_string())
}

/// Has the store refuse the key from here on.
async fn in_store(config: &Config, key: &str, now: i64) -> Result<Retired, Stopped> {
    let place = &config.store.place;
    let failed =
        |error: &dyn std::fmt::Display| Stopped::failed(format!("{}: {error}", place.key()));
    match Store::inspect(place).await.map_err(|error| failed(&error))?.schema {
        Schema::Current => {}
        Schema::Absent => return Ok(Retired::Yes),
        other => return Err(failed(&other.unread().unwrap_or_default())),
    }
    let store = Store::open(place).await.map_err(|error| failed(&error))?;
    let retired = store.retire_key(key, lives(config.limits.reload), now).await;
    store.close().await;
    retired.map_err(|error| failed(&error))
}

impl Configured {
    fn load(&self) -> Result<Config, Stopped> {
        Config::load(&self.config).map_err(|error| Stopped::failed(error.to_string()))
    }
}

/// Where a ring is read from and written to.
enum RingPlace {
    File(PathBuf),
    Pipe,
}

impl Edit {
    fn place(&self) -> Result<RingPlace, Stopped> {
        match &self.ring {
            Some(ring) if ring.as_os_str() == "-" => Ok(RingPlace::Pipe),
            Some(file) => Ok(RingPlace::File(file.clone())),
            None => match self.configured.load()?.store.ring {
                RingSource::File(file) => Ok(RingPlace::File(file)),
                RingSource::Command(_) => Err(Stopped::failed(
                    "the ring comes from store.key_command, so this program cannot write it; fix: --ring - reads \
                     it from standard input and writes the new one to standard output",
                )),
            },
        }
    }
}

impl RingPlace {
    fn read(&self) -> Result<Ring, Stopped> {
        match self {
            Self::File(file) => {
                RingSource::File(file.clone()).read().map_err(|error| unfit(&error))
            }
            Self::Pipe => {
                let mut text = Zeroizing::new(String::new());
                let read = std::io::stdin().read_to_string(&mut text);
                read.map_err(|error| Stopped::failed(format!("standard input: {error}")))?;
                Ring::parse(&text, "of standard input").map_err(|error| unfit(&error))
            }
        }
    }

    fn write(&self, ring: &Ring) -> Result<(), Stopped> {
        if let Self::File(file) = self {
            let mut draft = Draft::open_over(file)?;
            draft.fill(&ring.text())?;
            return draft.replace();
        }
        let mut out = std::io::stdout();
        let written = out.write_all(ring.text().as_bytes()).and_then(|()| out.flush());
        written.map_err(|error| Stopped::failed(format!("standard output: {error}")))
    }

    /// Standard output is the ring's, where that goes through a pipe.
    fn answer(&self, terminal: Terminal, text: &str, value: &serde_json::Value) {
        match self {
            Self::File(_) => terminal.answer(text, value),
            Self::Pipe => say(text),
        }
    }
}
