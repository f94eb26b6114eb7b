//! `bankconnect app update`: a bank replaces every field (bank-api fact 4.1), so what no option names is taken from
//! the bank itself, and what nobody knows is asked for by name instead of lost.

use std::collections::BTreeSet;

use serde_json::json;

use super::fields::{Fields, as_json, differences, known, rows};
use super::refused::{refused, undone};
use super::{At, Desk, Which, plain};
use crate::bank::Wanted;
use crate::program::Stopped;
use crate::program::terminal::{Terminal, table};

#[derive(clap::Args)]
pub(in crate::program) struct Arguments {
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    fields: Fields,
}

pub(super) async fn update(arguments: &Arguments, terminal: Terminal) -> Result<(), Stopped> {
    let desk = Desk::open(&arguments.at, terminal)?;
    let client_id = desk.client_id(&arguments.which)?;
    desk.progress(&format!("asking the bank what {client_id} is …"));
    let before = desk.registrar.detail(&client_id).await.map_err(|error| refused(&error))?;
    let wanted = arguments.fields.over(Some(&before), &desk.registration);
    desk.within_rules(&wanted)?;
    let before = known(&before);
    let changed = wanted != before;
    let ours = desk.registration.client_id.as_ref() == Some(&client_id);
    let mut cautions = desk.cautions(&wanted, ours);
    cautions.extend(losses(&before, &wanted));
    desk.warn(&cautions);
    let mut after = wanted.clone();
    if changed {
        desk.progress(&format!("asking the bank to change {client_id} …"));
        let answer =
            desk.heard(desk.registrar.change(&client_id, &wanted)).await.map_err(|error| {
                let show = desk.command("show", &client_id);
                undone(&error, &format!("it may be changed all the same: `{show}` tells"))
            })?;
        after = known(&answer);
        let other = differences(&wanted, &after);
        desk.warn(&other);
        cautions.extend(other);
    }
    let result = if changed { "changed" } else { "is so already; nothing was sent to change it:" };
    let text = format!("{client_id} {result}\n{}", compared(&before, &after));
    let value = json!({
        "client_id": client_id,
        "changed": changed,
        "before": as_json(&before),
        "after": as_json(&after),
        "warnings": cautions,
    });
    terminal.answer(&text, &value);
    Ok(())
}

/// What a change costs beside what is asked for (bank-api fact 4.4).
fn losses(before: &Wanted, wanted: &Wanted) -> Vec<String> {
    let mut losses = Vec::new();
    let scopes = |of: &Wanted| of.scopes.iter().cloned().collect::<BTreeSet<_>>();
    if scopes(before) != scopes(wanted) {
        let what = "other scopes end all access tokens of the application";
        losses.push(format!("{what}; the broker renews them, connection by connection"));
    }
    let untold = [
        ("client_name#en-US", before.localized_name.is_none() && wanted.localized_name.is_none()),
        ("logo_uri", before.logo_uri.is_none() && wanted.logo_uri.is_none()),
        ("contact", before.contact.is_none() && wanted.contact.is_none()),
    ];
    let untold: Vec<_> =
        untold.iter().filter(|(_, untold)| *untold).map(|(name, _)| *name).collect();
    if wanted != before && !untold.is_empty() {
        let names = untold.join(", ");
        losses.push(format!("the bank tells no {names}: if it has one, this takes it out"));
    }
    losses
}

/// Field by field.
fn compared(before: &Wanted, after: &Wanted) -> String {
    let both = rows(before).into_iter().zip(rows(after));
    let row = |((name, before), (_, after)): ((&str, String), (_, String))| {
        let sign = if before == after { "=" } else { "→" };
        vec![name.to_owned(), plain(&before), sign.to_owned(), plain(&after)]
    };
    table(&["FIELD", "BEFORE", "", "AFTER"], both.map(row).collect())
}
