//! `bankconnect probe --show`: what earlier runs found out, and what counts of it.

use serde_json::{Value, json};

use super::super::Stopped;
use super::super::terminal::{Terminal, table};
use super::unknown_provider;
use crate::config::{Access, Config, OAuth};
use crate::defences::Defences;
use crate::store::Store;

/// Tells what is kept of one provider, or of all at which people log in.
pub(super) async fn show(
    config: &Config,
    wanted: Option<&str>,
    terminal: Terminal,
) -> Result<u8, Stopped> {
    let ids: Vec<_> = config.providers.iter().map(|provider| &*provider.id).collect();
    if wanted.is_some_and(|wanted| !ids.contains(&wanted)) {
        return Err(unknown_provider(&ids));
    }
    let inspected = Store::inspect(&config.store.place).await;
    let inspected = inspected
        .map_err(|error| Stopped::failed(format!("{}: {error}", config.store.place.key())))?;
    let mut all = Vec::new();
    for provider in config.providers.iter().filter(|one| wanted.is_none_or(|id| id == one.id)) {
        if let Access::Authorization(oauth) = &provider.access {
            let defences = Defences::kept(&provider.id, oauth, &inspected.findings);
            all.push((&*provider.id, &**oauth, defences));
        }
    }
    let json: Vec<_> = all.iter().map(|(id, oauth, known)| value(id, oauth, known)).collect();
    terminal.answer(&text(&all), &json!({ "providers": json }));
    Ok(0)
}

fn value(id: &str, oauth: &OAuth, known: &Defences) -> Value {
    let pkce = known.pkce(oauth);
    json!({
        "provider": id,
        "pkce": pkce.as_str(),
        "csrf": pkce.csrf_defence(),
        "contradicts": known.contradicts(oauth),
        "outdated": known.outdated,
        "unread": known.unread,
        "probed_at": known.probed_at(),
        "findings": known.findings(),
    })
}

fn text(all: &[(&str, &OAuth, Defences)]) -> String {
    let mut rows = Vec::new();
    let mut lines = Vec::new();
    for (id, oauth, known) in all {
        rows.extend(known.rows().map(|row| [vec![(*id).to_owned()], row.into()].concat()));
        let pkce = known.pkce(oauth);
        let (word, csrf) = (pkce.as_str(), pkce.csrf_defence());
        let probed = match (known.probed_at(), known.unread) {
            (Some(at), _) => format!("last probed {at}"),
            (None, Some(why)) => format!("what probes found cannot be read: {why}"),
            (None, None) if known.outdated => {
                "probed under other settings, which does not count: probe again".to_owned()
            }
            (None, None) => "never probed".to_owned(),
        };
        lines.push(format!(
            "{id}: PKCE counts as {word}, against forged callbacks: {csrf}; {probed}"
        ));
    }
    if !rows.is_empty() {
        lines.insert(0, table(&["PROVIDER", "QUESTION", "ANSWER", "FOUND"], rows));
    }
    lines.join("\n")
}
