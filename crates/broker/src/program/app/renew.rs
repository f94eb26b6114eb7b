//! `bankconnect app renew-secret`: a running broker is told by a mark that the secret is changing, and finds the
//! new one in the old one's place.

use serde_json::json;

use super::files::Renewal;
use super::refused::undone;
use super::{At, Desk, Which, life};
use crate::bank::Credentials;
use crate::program::Stopped;
use crate::program::terminal::Terminal;

#[derive(clap::Args)]
pub(in crate::program) struct Arguments {
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    which: Which,
    /// Prints the secret, which otherwise only its file gets.
    #[arg(long)]
    show_secret: bool,
}

pub(super) async fn renew(arguments: &Arguments, terminal: Terminal) -> Result<(), Stopped> {
    let desk = Desk::open(&arguments.at, terminal)?;
    let registration = &desk.registration;
    let client_id = desk.client_id(&arguments.which)?;
    let mut renewal = Renewal::open(registration, &client_id)?;
    desk.progress(&format!("asking the bank for a new secret of {client_id} …"));
    let again = desk.command("renew-secret", &client_id);
    let answer = desk.heard(desk.registrar.renew_secret(&client_id)).await.map_err(|error| {
        undone(
            &error,
            &format!("the old secret may be dead, and there is no new one: run `{again}` again"),
        )
    })?;
    let Credentials { client_secret, expires_at, .. } = answer;
    renewal.write(&client_id, &client_secret).map_err(|why| {
        let sentence = format!(
            "{}\nthe old secret is dead, and the new one is lost: put that right, then run `{again}` again",
            why.sentence
        );
        Stopped { code: 3, word: "not_written", sentence }
    })?;
    let file = registration.client_secret_file.as_deref();
    let shown = file.map(|file| file.display().to_string()).unwrap_or_default();
    let mut text = format!("{client_id} has a new secret, in {shown}\n{}", life(expires_at));
    let mut value = json!({
        "client_id": client_id,
        "client_id_file": registration.client_id_file,
        "client_secret_file": file,
        "client_secret_expires_at": expires_at,
    });
    if arguments.show_secret {
        text = format!("{text}\nsecret: {}", client_secret.expose());
        value["client_secret"] = json!(client_secret.expose());
    }
    terminal.answer(&text, &value);
    Ok(())
}
