//! `bankconnect app`: the applications that a bank has registered for our licence.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use super::terminal::{Terminal, table};
use super::{Failure, Stopped};
use crate::bank::{Application, Registrar, RegistrationError};
use crate::config::Config;
use crate::error::chain;

/// What to do with applications.
#[derive(Subcommand)]
pub(super) enum App {
    /// Lists the applications of our licence.
    List {
        #[command(flatten)]
        at: At,
    },
    /// Shows one application.
    Show {
        #[command(flatten)]
        at: At,
        /// The client id of the application.
        client_id: String,
    },
}

/// Which bank.
#[derive(clap::Args)]
pub(super) struct At {
    /// The provider's id in the configuration; it needs no client id or secret yet.
    #[arg(long)]
    provider: String,
    /// The configuration file (TOML).
    #[arg(long, default_value = "bankconnect.toml")]
    config: PathBuf,
}

/// Asks the bank. Exit code 0, or 1 where the configuration or the bank stood in the way.
pub(super) async fn app(app: &App, terminal: Terminal) -> Result<u8, Stopped> {
    match app {
        App::List { at } => {
            let all = open(at)?.list().await.map_err(|error| stopped(&error))?;
            terminal.answer(&listed(&all), &json!({ "applications": all }));
        }
        App::Show { at, client_id } => {
            if client_id.is_empty() || matches!(&**client_id, "." | "..") {
                return Err(Stopped::failed(
                    "the client id cannot be one; `bankconnect app list` shows which there are",
                ));
            }
            let one = open(at)?.detail(client_id).await.map_err(|error| stopped(&error))?;
            terminal.answer(&listed(std::slice::from_ref(&one)), &json!(one));
        }
    }
    Ok(0)
}

fn open(at: &At) -> Result<Registrar, Failure> {
    Ok(Registrar::new(&Config::registration(&at.config, &at.provider)?)?)
}

fn listed(all: &[Application]) -> String {
    if all.is_empty() {
        return "no application is registered for this licence".to_owned();
    }
    let several = |texts: Option<&Vec<String>>| texts.map_or_else(String::new, |t| t.join(" "));
    let row = |one: &Application| {
        vec![
            plain(&one.client_id),
            plain(one.client_name.as_deref().unwrap_or_default()),
            plain(one.application_type.as_deref().unwrap_or_default()),
            plain(&several(one.scopes.as_ref())),
            plain(&several(one.redirect_uris.as_ref())),
        ]
    };
    let head = ["CLIENT ID", "NAME", "TYPE", "SCOPES", "REDIRECT URIS"];
    table(&head, all.iter().map(row).collect())
}

/// Text of the bank without what would steer a terminal.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// What the bank's no means to the operator, and the fix.
fn stopped(error: &RegistrationError) -> Stopped {
    let RegistrationError::Refused { status, code } = error else {
        return Stopped::failed(chain(error));
    };
    let meaning = match *code {
        "invalid_client" => {
            "our licence has no such application; `bankconnect app list` shows which there are"
        }
        "unauthorized_client" => {
            "it does not take our certificate; check certificate_file, and that the bank knows its authority"
        }
        "access_denied" => {
            "it gives nothing to this licence; use a certificate with a PSD2 licence and role, or ask whether the bank has blocked it"
        }
        "server_error" => "it is in trouble itself; try again later",
        _ => "it does not take the request; check base_api_url and cobs_version",
    };
    let sentence = format!("the bank answers {} {code}: {meaning}", status.as_u16());
    Stopped { code: 1, word: code, sentence }
}
