//! `bankconnect app`: the applications that a bank has registered for our licence.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use super::Stopped;
use super::serve::told_to_stop;
use super::terminal::{Terminal, say, table};
use crate::ambient::Ambient;
use crate::bank::{Application, Registrar, RegistrationError};
use crate::config::{Config, Registration};

mod fields;
mod files;
mod refused;
mod register;
mod remove;
mod renew;
mod update;

use crate::plain::plain;
use refused::refused;

const CONFIG: &str = "bankconnect.toml";

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
        #[command(flatten)]
        which: Which,
    },
    /// Registers an application, and writes its client id and secret into the configured files.
    ///
    /// Where no option says otherwise: type web, and the name, callback page and scopes of the configuration.
    ///
    /// Exit code: 0 it is registered; 2 it would break a rule of the bank, or the command line is wrong, and nothing
    /// was sent; 3 it may be registered, or is and a file could not be written, and what to do is said; 1 the
    /// configuration, a file or the bank stood in the way.
    Register(register::Arguments),
    /// Changes an application: what no option names stays as the bank has it.
    ///
    /// Exit code: 0 it is as wanted; 2 it would break a rule of the bank, or the command line is wrong, and nothing
    /// was sent; 3 it may be changed; 1 the configuration or the bank stood in the way.
    Update(update::Arguments),
    /// Has the bank make a new client secret, and puts it in the place of the old one, which dies at once.
    ///
    /// Exit code: 0 the new secret is in its place; 3 the old one may be dead and there is no new one: run it again;
    /// 1 the configuration, a file or the bank stood in the way, and the old one lives on.
    RenewSecret(renew::Arguments),
    /// Ends an application, and with it all connections of people.
    ///
    /// Exit code: 0 it is gone; 2 nobody confirmed it, or the command line is wrong; 3 it may be gone; 1 the
    /// configuration or the bank stood in the way.
    Remove(remove::Arguments),
}

/// Which bank.
#[derive(clap::Args)]
pub(super) struct At {
    /// The provider's id in the configuration.
    #[arg(long)]
    provider: String,
    /// The configuration file (TOML).
    #[arg(long, default_value = CONFIG)]
    config: PathBuf,
}

/// Which application.
#[derive(clap::Args)]
pub(super) struct Which {
    /// The client id of the application; the configured one if left out.
    client_id: Option<String>,
}

/// Asks the bank.
pub(super) async fn app(app: &App, terminal: Terminal) -> Result<u8, Stopped> {
    match app {
        App::List { at } => {
            let desk = Desk::open(at, terminal)?;
            let all = desk.registrar.list().await.map_err(|error| refused(&error))?;
            terminal.answer(&listed(&all), &json!({ "applications": all }));
        }
        App::Show { at, which } => {
            let desk = Desk::open(at, terminal)?;
            let client_id = desk.client_id(which)?;
            let one = desk.registrar.detail(&client_id).await.map_err(|error| refused(&error))?;
            terminal.answer(&listed(std::slice::from_ref(&one)), &json!(one));
        }
        App::Register(arguments) => register::register(arguments, terminal).await?,
        App::Update(arguments) => update::update(arguments, terminal).await?,
        App::RenewSecret(arguments) => renew::renew(arguments, terminal).await?,
        App::Remove(arguments) => remove::remove(arguments, terminal).await?,
    }
    Ok(0)
}

/// Where a bank's applications are dealt with.
struct Desk {
    registration: Registration,
    registrar: Registrar,
    terminal: Terminal,
    /// The options that led here, for commands that are advised.
    options: String,
}

impl Desk {
    fn open(at: &At, terminal: Terminal) -> Result<Self, Stopped> {
        let registration = Config::registration(&at.config, &at.provider);
        let registration = registration.map_err(|error| Stopped::failed(error.to_string()))?;
        let registrar = Registrar::new(&registration, Ambient::system().now());
        let registrar = registrar.map_err(|error| Stopped::failed(error.to_string()))?;
        let mut options = format!("--provider {}", at.provider);
        if at.config.as_os_str() != CONFIG {
            options = format!("{options} --config {}", at.config.display());
        }
        Ok(Self { registration, registrar, terminal, options })
    }

    /// A command to go on with.
    fn command(&self, command: &str, client_id: &str) -> String {
        format!("bankconnect app {command} {} {client_id}", self.options).trim_end().to_owned()
    }

    /// Progress, which is only for people.
    fn progress(&self, text: &str) {
        if !self.terminal.json {
            say(text);
        }
    }

    /// The answer to a call that changes something, unless somebody stops the program before it comes: then what
    /// has been prepared is taken back, and it is said what may have happened.
    async fn heard<T>(
        &self,
        call: impl Future<Output = Result<T, RegistrationError>>,
    ) -> Result<T, RegistrationError> {
        tokio::select! {
            answer = call => answer,
            () = told_to_stop() => Err(RegistrationError::Interrupted),
        }
    }

    /// The application that is meant.
    fn client_id(&self, which: &Which) -> Result<String, Stopped> {
        let configured = self.registration.client_id.as_ref();
        let Some(client_id) = which.client_id.as_ref().or(configured) else {
            let (id, fix) = (&self.registration.provider, "name a CLIENT_ID");
            return Err(Stopped::failed(format!(
                "[providers.{id}] has no client_id, nor a client_id_file that holds one; \
                 {fix}: `bankconnect app list --provider {id}` shows which there are"
            )));
        };
        if client_id.is_empty() || matches!(&**client_id, "." | "..") {
            return Err(Stopped::failed(
                "the client id cannot be one; `bankconnect app list` shows which there are",
            ));
        }
        Ok(client_id.clone())
    }
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

/// Until when a new secret is good (bank-api fact 4.2).
fn life(expires_at: Option<i64>) -> String {
    match expires_at {
        Some(0) => "the secret does not expire".to_owned(),
        Some(second) => match jiff::Timestamp::from_second(second) {
            Ok(end) => format!("the secret expires at {end}; renew it before"),
            Err(_) => format!("the secret expires at {second} seconds since 1970; renew it before"),
        },
        None => "the bank does not say whether the secret expires".to_owned(),
    }
}
