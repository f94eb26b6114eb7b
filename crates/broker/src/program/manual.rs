//! `bankconnect completions` and `bankconnect man`: what the command line knows of itself, for shells and for
//! readers.

use std::path::Path;

use clap::CommandFactory as _;
use clap_complete::Shell;
use serde_json::json;

use super::terminal::Terminal;
use super::{Arguments, Stopped};

const NAME: &str = "bankconnect";

/// Prints a completion script.
pub(super) fn completions(shell: Shell, terminal: Terminal) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), NAME, &mut script);
    let script = String::from_utf8_lossy(&script);
    terminal.answer(script.trim_end(), &json!({ "shell": shell.to_string(), "script": script }));
    0
}

/// Writes `bankconnect.1` and one page per command, e.g. `bankconnect-serve.1`, in place of what is there.
pub(super) fn pages(folder: &Path, terminal: Terminal) -> Result<u8, Stopped> {
    let failed = |error: std::io::Error| {
        Stopped::failed(format!(
            "{}: {error}; name a folder that can be written to",
            folder.display()
        ))
    };
    std::fs::create_dir_all(folder).map_err(failed)?;
    clap_mangen::generate_to(Arguments::command(), folder).map_err(failed)?;
    let text = format!("wrote the manual into {}", folder.display());
    terminal.answer(&text, &json!({ "folder": folder }));
    Ok(0)
}
