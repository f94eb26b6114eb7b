//! The fields of an application, from the command line, the bank and the configuration.

use serde_json::{Value, json};

use super::Desk;
use crate::ambient::Ambient;
use crate::bank::{Application, Breach, Wanted};
use crate::config::Registration;
use crate::plain::plain;
use crate::program::Stopped;
use crate::program::terminal::{WARN, paint, say};

/// What is to be registered.
#[derive(clap::Args)]
pub(super) struct Fields {
    /// The application's name for people, at most 255 bytes.
    #[arg(long)]
    name: Option<String>,
    /// The same in English, at most 1024 bytes; "" takes it out.
    #[arg(long)]
    name_en: Option<String>,
    /// web: callback pages on the web; native: schemes of an app too.
    #[arg(long = "type", value_parser = ["web", "native"])]
    application_type: Option<String>,
    /// A callback page; once for each, three at most.
    #[arg(long)]
    redirect_uri: Vec<String>,
    /// What the application may ask people for; once for each.
    #[arg(long)]
    scope: Vec<String>,
    /// Address of a logo; "" takes it out.
    #[arg(long)]
    logo_uri: Option<String>,
    /// E-mail address for the bank; "" takes it out.
    #[arg(long)]
    contact: Option<String>,
}

impl Fields {
    /// What the command line says, else the bank, else the configuration; what nobody says is left empty, for
    /// the rules to refuse by name.
    pub(super) fn over(&self, bank: Option<&Application>, configured: &Registration) -> Wanted {
        let told = |of: fn(&Application) -> Option<&String>| bank.and_then(of).cloned();
        let optional = |given: &Option<String>, of| {
            given.clone().or_else(|| told(of)).filter(|text| !text.is_empty())
        };
        let several = |given: &[String], bank: Option<&Vec<String>>, rest: &[String]| {
            let bank = bank.map(Vec::as_slice).unwrap_or_default();
            let first = [given, bank, rest].into_iter().find(|texts| !texts.is_empty());
            first.unwrap_or_default().to_vec()
        };
        let pages = configured.redirect_uri.as_slice();
        let name = self.name.clone().or_else(|| told(|one| one.client_name.as_ref()));
        let kind = self.application_type.clone();
        Wanted {
            application_type: kind
                .or_else(|| told(|one| one.application_type.as_ref()))
                .unwrap_or_else(|| if bank.is_none() { "web".to_owned() } else { String::new() }),
            client_name: name.or_else(|| configured.name.clone()).unwrap_or_default(),
            localized_name: optional(&self.name_en, |one| one.localized_name.as_ref()),
            redirect_uris: several(
                &self.redirect_uri,
                bank.and_then(|one| one.redirect_uris.as_ref()),
                pages,
            ),
            scopes: several(
                &self.scope,
                bank.and_then(|one| one.scopes.as_ref()),
                &configured.scopes,
            ),
            logo_uri: optional(&self.logo_uri, |one| one.logo_uri.as_ref()),
            contact: optional(&self.contact, |one| one.contact.as_ref()),
        }
    }
}

impl Desk {
    /// Stops where a rule is broken, with all that is wrong.
    pub(super) fn within_rules(&self, wanted: &Wanted) -> Result<(), Stopped> {
        let now = Ambient::system().now().as_second();
        let breaches = wanted.breaches(self.registration.certificates.presented_at(now));
        if breaches.is_empty() {
            return Ok(());
        }
        let line = |one: &Breach| format!("{} {}\n  fix: {}", one.field, plain(&one.what), one.fix);
        let lines = breaches.iter().map(line);
        let lines = lines.collect::<Vec<_>>().join("\n");
        let sentence = format!("the bank would refuse this, so nothing was sent:\n{lines}");
        Err(Stopped { code: 2, word: "breaks_rules", sentence })
    }

    /// What somebody should look at before the bank does; `ours` is the application of the configuration.
    pub(super) fn cautions(&self, wanted: &Wanted, ours: bool) -> Vec<String> {
        let mut cautions = wanted.cautions();
        let page = self.registration.redirect_uri.as_ref().filter(|_| ours);
        if let Some(page) = page.filter(|page| !wanted.redirect_uris.contains(page)) {
            cautions.push(format!(
                "redirect_uri of the configuration ({page}) is not among the redirect URIs: nobody could connect"
            ));
        }
        cautions
    }

    /// Tells them beside the answer; programs get them with it.
    pub(super) fn warn(&self, cautions: &[String]) {
        for caution in cautions.iter().filter(|_| !self.terminal.json) {
            say(&format!("{}: {}", paint(WARN, "warning"), plain(caution)));
        }
    }
}

/// Where the bank has something else than was wanted.
pub(super) fn differences(wanted: &Wanted, has: &Wanted) -> Vec<String> {
    let rows = rows(wanted).into_iter().zip(rows(has));
    let other = rows.filter(|((_, wanted), (_, has))| wanted != has && !has.is_empty());
    other.map(|((name, _), (_, has))| format!("the bank has {name} {has}")).collect()
}

/// Name and value of each field.
pub(super) fn rows(wanted: &Wanted) -> [(&'static str, String); 7] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        ("application_type", wanted.application_type.clone()),
        ("client_name", wanted.client_name.clone()),
        ("client_name#en-US", text(&wanted.localized_name)),
        ("redirect_uris", wanted.redirect_uris.join(" ")),
        ("scopes", wanted.scopes.join(" ")),
        ("logo_uri", text(&wanted.logo_uri)),
        ("contact", text(&wanted.contact)),
    ]
}

/// What the bank has, in the words of what is wanted.
pub(super) fn known(application: &Application) -> Wanted {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let several = |texts: &Option<Vec<String>>| texts.clone().unwrap_or_default();
    Wanted {
        application_type: text(&application.application_type),
        client_name: text(&application.client_name),
        localized_name: application.localized_name.clone(),
        redirect_uris: several(&application.redirect_uris),
        scopes: several(&application.scopes),
        logo_uri: application.logo_uri.clone(),
        contact: application.contact.clone(),
    }
}

/// As the bank names the fields.
pub(super) fn as_json(wanted: &Wanted) -> Value {
    json!(wanted)
}
