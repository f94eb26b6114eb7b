//! `bankconnect app remove`: it cannot be taken back, so somebody says the client id, or `--yes`.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use serde_json::json;

use super::refused::undone;
use super::{At, Desk, Which};
use crate::program::Stopped;
use crate::program::draft::is_there;
use crate::program::terminal::{Terminal, say};

#[derive(clap::Args)]
pub(in crate::program) struct Arguments {
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    which: Which,
    /// Asks nothing.
    #[arg(long)]
    yes: bool,
    /// Deletes the configured files of client id and secret afterwards.
    #[arg(long)]
    delete_files: bool,
}

pub(super) async fn remove(arguments: &Arguments, terminal: Terminal) -> Result<(), Stopped> {
    let desk = Desk::open(&arguments.at, terminal)?;
    let client_id = desk.client_id(&arguments.which)?;
    if !arguments.yes {
        confirm(&desk, &client_id)?;
    }
    desk.progress(&format!("asking the bank to remove {client_id} …"));
    desk.heard(desk.registrar.remove(&client_id)).await.map_err(|error| {
        let list = desk.command("list", "");
        undone(&error, &format!("it may be removed all the same: `{list}` tells"))
    })?;
    let mut text = format!("removed {client_id}; all connections of people through it have ended");
    let (mut deleted, mut left) = (Vec::new(), Vec::new());
    for file in files(&desk, &client_id) {
        let gone = arguments.delete_files && std::fs::remove_file(&file).is_ok();
        if gone { deleted.push(file) } else { left.push(file) }
    }
    for (files, what) in [(&deleted, "deleted"), (&left, "left, and good for nothing now:")] {
        for file in files {
            text = format!("{text}\n{what} {}", file.display());
        }
    }
    let value = json!({ "client_id": client_id, "deleted_files": deleted, "left_files": left });
    terminal.answer(&text, &value);
    Ok(())
}

/// Lets a person think again; where nobody can be asked, nothing happens.
fn confirm(desk: &Desk, client_id: &str) -> Result<(), Stopped> {
    let what = format!(
        "removing {client_id} ends all connections of people through it, and cannot be taken back"
    );
    if desk.terminal.json || !std::io::stdin().is_terminal() {
        let sentence = format!("{what}; fix: --yes, if that is meant");
        return Err(Stopped { code: 2, word: "not_confirmed", sentence });
    }
    say(&format!("{what}\ntype the client id to go on:"));
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line);
    if read.is_ok() && line.trim() == client_id {
        return Ok(());
    }
    let sentence = "that is not the client id; nothing was sent".to_owned();
    Err(Stopped { code: 2, word: "not_confirmed", sentence })
}

/// The files of the application that are there, where it is the configured one.
fn files(desk: &Desk, client_id: &str) -> Vec<PathBuf> {
    let of = &desk.registration;
    if of.client_id.as_deref() != Some(client_id) {
        return Vec::new();
    }
    let files = [&of.client_id_file, &of.client_secret_file].into_iter().flatten();
    files.filter(|file| is_there(file)).cloned().collect()
}
