//! The `bankconnect` program as an operator starts it: its arguments, what it says, its exit code.

use std::path::Path;
use std::process::Stdio;

use demo::World;
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::Value;
use tokio::process::Command;

/// What a run of the program said.
#[derive(Debug)]
pub(crate) struct Said {
    /// Exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Said {
    /// Standard output, as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{}{}", self.out, self.err))
    }
}

/// The program in a folder, not yet started; it ends with the test.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_program"));
    command.args(arguments).current_dir(folder).kill_on_drop(true);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the program to its end.
pub(crate) async fn run(folder: &Path, arguments: &[&str]) -> Said {
    said(&mut command(folder, arguments)).await
}

/// Runs the program to its end at a terminal where these keys are pressed.
pub(crate) async fn at_terminal(folder: &Path, arguments: &[&str], keys: &str) -> Said {
    let keyboard = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&keyboard).unwrap();
    unlockpt(&keyboard).unwrap();
    let name = ptsname(&keyboard, Vec::new()).unwrap();
    let terminal = rustix::fs::open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
    assert_eq!(rustix::io::write(&keyboard, keys.as_bytes()).unwrap(), keys.len());
    said(command(folder, arguments).stdin(Stdio::from(terminal))).await
}

async fn said(command: &mut Command) -> Said {
    let output = command.output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let code = output.status.code().unwrap_or(-1);
    Said { code, out: text(output.stdout), err: text(output.stderr) }
}

/// Changes the configuration of a world, as an operator's editor does.
pub(crate) fn change(world: &World, from: &str, to: &str) {
    let file = world.folder.join("bankconnect.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains(from), "{from}");
    std::fs::write(file, text.replacen(from, to, 1)).unwrap();
}

/// Takes one more danger into account, above the first table of the configuration.
pub(crate) fn accept(world: &World, danger: &str) {
    change(world, "dangerous = [", &format!("dangerous = [\"{danger}\", "));
}
