//! `bankconnect init`: a folder to begin with. It holds a configuration with comments and a new key ring; what comes
//! next is said.
//!
//! Everything is judged by the configuration's own checks before anything is written, and nothing that is there is
//! ever touched.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use serde_json::json;

use super::Stopped;
use super::terminal::Terminal;
use crate::config::preset;

mod folder;
mod questions;
mod settings;
mod template;

use folder::NewFolder;
use settings::Settings;

/// What the configuration is to say.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The folder to write into; it is made where it is not there.
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// The settings of a bank that is known by name [default: cnb].
    #[arg(long, value_parser = PossibleValuesParser::new(preset::ids()))]
    preset: Option<String>,
    /// The id of the bank in paths of the app, a-z, 0-9 and hyphens [default: the preset's name].
    #[arg(long, value_name = "ID")]
    provider: Option<String>,
    /// The app's page, scheme and host only; http on this machine alone.
    #[arg(long)]
    origin: Option<String>,
    /// The app's callback page, as the bank is to know it [default: /callback of the origin].
    #[arg(long, value_name = "URL")]
    redirect_uri: Option<String>,
    /// Where the broker answers [default: 127.0.0.1:4300].
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Your company's name without diacritics; banks are told it with each call.
    #[arg(long, value_name = "NAME")]
    tpp_name: Option<String>,
    /// Your licence number, e.g. PSDCZ-CNB-12345678 [default: none].
    #[arg(long, value_name = "NUMBER")]
    tpp_identification: Option<String>,
    /// What your licence covers; several times for several [default: the preset's].
    #[arg(long)]
    scope: Vec<String>,
    /// The base API URL of the bank's portal; needed for cnb-sandbox.
    #[arg(long, value_name = "URL")]
    base_api_url: Option<String>,
    /// Trust exactly the authorities in this file, not the system's; never asked for.
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Takes an unsafe setting into account, by its word; never asked for.
    #[arg(long, value_name = "WORD")]
    dangerous: Vec<String>,
}

/// Writes the folder.
pub(super) fn init(arguments: &Arguments, terminal: Terminal) -> Result<u8, Stopped> {
    let folder = NewFolder::find(&arguments.folder)?;
    let settings = questions::settle(arguments, &folder)?;
    let files = folder.write(&settings.text())?;
    let next = next(&settings);
    let steps = next.iter().enumerate().map(|(at, step)| format!("  {}. {step}", at + 1));
    let steps = steps.collect::<Vec<_>>().join("\n");
    let (place, [config, ring]) = (arguments.folder.display(), &files);
    let (config, ring) = (config.display(), ring.display());
    let text = format!(
        "wrote {config}\n\
         wrote {ring}: keep a copy apart from the database's backups\n\
         next, in {place}:\n{steps}"
    );
    terminal.answer(&text, &json!({ "folder": arguments.folder, "files": files, "next": next }));
    Ok(0)
}

/// The commands that lead to a running broker, in their order.
fn next(settings: &Settings) -> Vec<String> {
    let id = &settings.provider;
    let mut next = Vec::new();
    if settings.people_log_in() {
        next.push(format!(
            "bankconnect cert import CERTIFICATE [--key KEY] [--passphrase-file FILE] --certificate-out {id}.crt.pem --key-out {id}.key.pem"
        ));
        next.push(format!("bankconnect app register --provider {id}"));
    }
    next.extend(["check", "doctor", "serve"].map(|command| format!("bankconnect {command}")));
    next
}
