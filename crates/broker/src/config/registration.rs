//! What the registration of an application needs of a provider's table: there is no client id or secret yet, and
//! the rest of the file may be unwritten too.

use std::path::Path;

use url::Url;

use super::check::Check;
use super::check_provider::{api_url, network};
use super::contradictions::At;
use super::overrides::Written;
use super::{Invalid, Limits, Network, file, preset};

/// Where a bank registers applications (bank-api fact 1.5), and how to reach it.
pub struct Registration {
    /// `{base}cobs/{version}/applications`, without `/` at the end.
    pub url: Url,
    /// Certificate, authorities, addresses.
    pub network: Network,
    /// Bounds on every call.
    pub limits: Limits,
}

/// Where applications are registered, by the address of the API.
pub(crate) fn beside(api_url: &Url) -> Url {
    let mut url = api_url.clone();
    url.set_path(&format!("{}/applications", api_url.path().trim_end_matches('/')));
    url
}

pub(super) fn check(
    path: &Path,
    text: &str,
    written: Written,
    id: &str,
) -> Result<Registration, Invalid> {
    let Written { mut file, overridden } = written;
    let mut check = Check::new(path, text, overridden);
    let limits = check.limits(&file.limits);
    let found = if let Some(provider) = file.providers.remove(id) {
        reachable(&mut check, id, &provider)
    } else {
        let ids: Vec<_> = file.providers.keys().map(String::as_str).collect();
        let fix = format!("--provider with one of: {}", ids.join(", "));
        check.wrong(&format!("providers.{id}"), "there is no such provider", &fix)
    };
    let findings = check.into_findings();
    match found {
        Some((api_url, network)) if findings.is_empty() => {
            Ok(Registration { url: beside(&api_url), network, limits })
        }
        _ => Err(Invalid { findings }),
    }
}

/// Where the bank's API is and how to reach it: all that its registration needs.
fn reachable(check: &mut Check<'_>, id: &str, written: &file::Provider) -> Option<(Url, Network)> {
    let at = At { id };
    let preset = written.preset.as_deref();
    if preset.is_some_and(|name| preset::find(name).is_none()) {
        let fix = format!("one of {}, or no preset at all", preset::names());
        return check.wrong(&at.key("preset"), "is not known", &fix);
    }
    let preset = preset.and_then(preset::find);
    let api_url = api_url(check, &at, written, preset);
    let network = network(check, &at, written, preset);
    api_url.zip(network.map(|(network, _)| network))
}
