//! `bankconnect app register`: everything that can be wrong here is found before the bank is asked, for it tells
//! the secret once.

use std::path::Path;

use serde_json::json;

use super::fields::{Fields, as_json};
use super::files::NewFiles;
use super::refused::undone;
use super::{At, Desk, life};
use crate::bank::Credentials;
use crate::program::Stopped;
use crate::program::terminal::Terminal;

#[derive(clap::Args)]
pub(in crate::program) struct Arguments {
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    fields: Fields,
    /// Prints the secret, which otherwise only its file gets.
    #[arg(long)]
    show_secret: bool,
}

pub(super) async fn register(arguments: &Arguments, terminal: Terminal) -> Result<(), Stopped> {
    let desk = Desk::open(&arguments.at, terminal)?;
    let registration = &desk.registration;
    let provider = &registration.provider;
    if !registration.logs_in {
        return Err(Stopped::failed(format!(
            "[providers.{provider}] hands out tokens by name: nobody logs in there, so no application is needed"
        )));
    }
    let wanted = arguments.fields.over(None, registration);
    desk.within_rules(&wanted)?;
    let mut files = NewFiles::open(registration)?;
    let cautions = desk.cautions(&wanted, true);
    desk.warn(&cautions);
    desk.progress(&format!("asking the bank to register \"{}\" …", wanted.client_name));
    let answer = desk.heard(desk.registrar.register(&wanted)).await.map_err(|error| {
        let (list, renew) = (desk.command("list", ""), desk.command("renew-secret", "CLIENT-ID"));
        let found = format!("`{list}` shows it then, and `{renew}` gets a secret");
        undone(
            &error,
            &format!(
                "the application may be registered all the same: {found} and writes both files"
            ),
        )
    })?;
    let Credentials { client_id, client_secret, expires_at } = answer;
    files.write(&client_id, &client_secret).map_err(|why| {
        let renew = desk.command("renew-secret", &client_id);
        let sentence = format!(
            "{}\nthe application is registered as {client_id}, but its secret is lost: put that right, then `{renew}` \
             gets a new one and writes both files",
            why.sentence
        );
        Stopped { code: 3, word: "not_written", sentence }
    })?;
    let [id_file, secret_file] =
        [&registration.client_id_file, &registration.client_secret_file].map(Option::as_deref);
    let shown =
        |file: Option<&Path>| file.map(|file| file.display().to_string()).unwrap_or_default();
    let mut text = format!(
        "registered {client_id}\nwrote {} and {} (mode 0600)\n{}\nnext: `bankconnect check`, then start the broker (one that runs keeps the old client id)",
        shown(id_file),
        shown(secret_file),
        life(expires_at)
    );
    let mut value = json!({
        "client_id": client_id,
        "client_id_file": id_file,
        "client_secret_file": secret_file,
        "client_secret_expires_at": expires_at,
        "application": as_json(&wanted),
        "warnings": cautions,
    });
    if arguments.show_secret {
        text = format!("{text}\nsecret: {}", client_secret.expose());
        value["client_secret"] = json!(client_secret.expose());
    }
    terminal.answer(&text, &value);
    Ok(())
}
