//! What the registration of an application needs of a provider's table: there is no client id or secret yet, and
//! the rest of the file may be unwritten too.

use std::path::{Path, PathBuf};

use protocol::provider::Connect;
use url::Url;

use super::check::Check;
use super::check_provider::{api, network};
use super::contradictions::At;
use super::overrides::Written;
use super::preset::Preset;
use super::{Certificates, Invalid, Limits, Network, client, disk, file, preset};

/// Where a bank registers applications (bank-api fact 1.5), how to reach it, and what of an application is configured.
pub struct Registration {
    /// Id of the provider.
    pub provider: String,
    /// `{base}cobs/{version}/applications`, without `/` at the end.
    pub url: Url,
    /// Certificate, authorities, addresses.
    pub network: Network,
    /// Bounds on every call.
    pub limits: Limits,
    /// What our certificates say of themselves.
    pub certificates: Certificates,
    /// Whether people log in there at all.
    pub logs_in: bool,
    /// `tpp.name`.
    pub name: Option<String>,
    /// The app's callback page.
    pub redirect_uri: Option<String>,
    /// The provider's scopes.
    pub scopes: Vec<String>,
    /// The client id, where one is written or stands in its file.
    pub client_id: Option<String>,
    /// Where the client id is to stand; `None`: no file is configured.
    pub client_id_file: Option<PathBuf>,
    /// Where the secret is to stand; `None`: no file is configured.
    pub client_secret_file: Option<PathBuf>,
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
        registration(&mut check, id, provider, file.tpp.name, limits)
    } else {
        let ids: Vec<_> = file.providers.keys().map(String::as_str).collect();
        let fix = format!("--provider with one of: {}", ids.join(", "));
        check.wrong(&format!("providers.{id}"), "there is no such provider", &fix)
    };
    // a secret goes the same way as tokens do
    check.refuse_unnamed(&file.dangerous);
    let findings = check.into_findings();
    match found {
        Some(registration) if findings.is_empty() => Ok(registration),
        _ => Err(Invalid { findings }),
    }
}

/// Where the bank's API is and how to reach it are needed; of the rest whatever is there.
fn registration(
    check: &mut Check<'_>,
    id: &str,
    written: file::Provider,
    name: Option<String>,
    limits: Limits,
) -> Option<Registration> {
    let at = At { id };
    let preset = written.preset.as_deref();
    if preset.is_some_and(|name| preset::find(name).is_none()) {
        let fix = format!("one of {}, or no preset at all", preset::names());
        return check.wrong(&at.key("preset"), "is not known", &fix);
    }
    let preset = preset.and_then(preset::find);
    let api = api(check, &at, &written, preset);
    let network = network(check, &at, &written, preset);
    client::only_one(check, &at, &written);
    check.provider_dangers(&at, &written, preset);
    let connect = written.connect.or_else(|| preset.map(|p| p.connect));
    let client_id_file = written.client_id_file.map(|file| check.beside(&file));
    let (network, certificates) = network?;
    Some(Registration {
        provider: id.to_owned(),
        url: beside(&api?.1),
        network,
        limits,
        certificates,
        logs_in: connect != Some(Connect::PreparedToken),
        name,
        redirect_uri: written.redirect_uri,
        scopes: written.scopes.unwrap_or_else(|| scopes(preset)),
        client_id: written.client_id.or_else(|| in_file(client_id_file.as_deref()?)),
        client_id_file,
        client_secret_file: written.client_secret_file.map(|file| check.beside(&file)),
    })
}

fn scopes(preset: Option<&Preset>) -> Vec<String> {
    let scopes = preset.map(|preset| preset.scopes).unwrap_or_default();
    scopes.iter().map(|&scope| scope.to_owned()).collect()
}

/// The client id that a file holds, if it holds one.
fn in_file(file: &Path) -> Option<String> {
    client::first_line(&disk::contents(file).ok()?)
}
