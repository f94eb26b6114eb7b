//! Checks one `[providers.…]` table: preset, overrides, registration, certificate.

use std::net::SocketAddr;

use protocol::provider::{CobsVersion, Connect, Environment};
use url::Url;

use super::certificates::Certificates;
use super::check::Check;
use super::check_certificates::{covered, pairs};
use super::contradictions::{At, contradictions};
use super::logo::logo;
use super::preset::{self, Preset};
use super::{
    Access, App, ClientAuthentication, Network, OAuth, Pkce, Provider, SecretFile, TlsFiles,
    client, file, is_loopback,
};
use crate::certificate::Role;

pub(super) fn check_provider(
    check: &mut Check<'_>,
    id: &str,
    written: file::Provider,
    app: Option<&App>,
) -> Option<Provider> {
    let at = At { id };
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if id.is_empty() || !id.chars().all(plain) {
        return check.wrong(&at.key("preset"), "the provider's id is not plain", "use [a-z0-9-]");
    }
    let preset = written.preset.as_deref();
    if preset.is_some_and(|name| preset::find(name).is_none()) {
        let fix = format!("one of {}, or no preset at all", preset::names());
        return check.wrong(&at.key("preset"), "is not known", &fix);
    }
    let preset = preset.and_then(preset::find);
    contradictions(check, &at, &written, preset);
    check.provider_dangers(&at, &written, preset);
    let api = api(check, &at, &written, preset);
    let network = network(check, &at, &written, preset);
    let access = access(check, &at, &written, preset, app);
    let environment = environment(&written, preset);
    let name = written.name.or_else(|| preset.map(|p| p.name.to_owned()));
    let country = written.country.or_else(|| preset.map(|p| p.country.to_owned()));
    let scopes = legal_scopes(check, &at, written.scopes.as_deref(), preset)?;
    if written.scopes_per_authorization == Some(0) {
        let key = at.key("scopes_per_authorization");
        return check.wrong(&key, "allows no authorization at all", "write 1 or more");
    }
    let (network, certificates) = network.unzip();
    if let (Some(Access::Authorization(_)), Some(certificates)) = (&access, certificates) {
        covered(check, &at, &certificates, &scopes);
    }
    let key = at.key("unattended_per_day");
    let unattended_per_day = check.within(&key, written.unattended_per_day, 4, 1..=100);
    let logo = logo(check, &at, written.logo_file.as_deref());
    let (cobs_version, api_url) = api?;
    Some(Provider {
        id: id.to_owned(),
        name: check.need(&at.key("name"), name, "the bank's name for people")?,
        country: check.need(&at.key("country"), country, "e.g. \"CZ\"")?,
        environment,
        scopes,
        scopes_per_authorization: written
            .scopes_per_authorization
            .or_else(|| preset.map(|p| p.scopes_per_authorization))
            .unwrap_or(1),
        access: access?,
        unattended_per_day: usize::try_from(unattended_per_day).unwrap_or(1),
        logo,
        cobs_version,
        api_url,
        network: network?,
    })
}

/// The scopes, all of which a bank can be asked for.
fn legal_scopes(
    check: &mut Check<'_>,
    at: &At<'_>,
    written: Option<&[String]>,
    preset: Option<&Preset>,
) -> Option<Vec<String>> {
    let scopes = scopes_of(written, preset);
    let scopes = check.need(&at.key("scopes"), scopes, "e.g. [\"aisp\"]")?;
    // RFC 6749 §3.3: visible ASCII but quotes and backslash
    let legal = |b: u8| b.is_ascii_graphic() && b != b'"' && b != b'\\';
    if scopes.is_empty() || scopes.iter().any(|s| s.is_empty() || !s.bytes().all(legal)) {
        let what = "is empty, or has an entry that is no scope";
        return check.wrong(&at.key("scopes"), what, "e.g. [\"aisp\"]");
    }
    if let Some(strange) = scopes.iter().find(|scope| preset.is_some() && !Role::is_known(scope)) {
        let what = format!("has \"{strange}\", which is no scope of this bank");
        return check.wrong(
            &at.key("scopes"),
            &what,
            "of \"aisp\" and \"pisp\" what your licence covers",
        );
    }
    Some(scopes)
}

/// As they are written, or as the preset has them.
fn scopes_of(written: Option<&[String]>, preset: Option<&Preset>) -> Option<Vec<String>> {
    let preset = || preset.map(|p| p.scopes.iter().map(|&scope| scope.into()).collect());
    written.map(<[String]>::to_vec).or_else(preset)
}

/// Whether real money is behind it; where nobody says, it is.
pub(super) fn environment(written: &file::Provider, preset: Option<&Preset>) -> Environment {
    let environment = written.environment.or_else(|| preset.map(|p| p.environment));
    environment.unwrap_or(Environment::Production)
}

fn access(
    check: &mut Check<'_>,
    at: &At<'_>,
    written: &file::Provider,
    preset: Option<&Preset>,
    app: Option<&App>,
) -> Option<Access> {
    let connect = written.connect.or_else(|| preset.map(|p| p.connect));
    match connect.unwrap_or(Connect::Authorization) {
        Connect::Authorization => {
            oauth(check, at, written, preset, app).map(|oauth| Access::Authorization(oauth.into()))
        }
        Connect::PreparedToken => {
            let owned = |names: &[&str]| names.iter().map(|&name| name.into()).collect();
            let tokens = written.prepared_tokens.clone();
            let tokens = tokens.or_else(|| preset.map(|p| owned(p.prepared_tokens)));
            let certificates = written.prepared_certificates.clone();
            let certificates =
                certificates.or_else(|| preset.map(|p| owned(p.prepared_certificates)));
            if environment(written, preset) == Environment::Production {
                let fix = "environment = \"sandbox\": prepared tokens are for test accounts only";
                return check.wrong(&at.key("connect"), "contradicts the environment", fix);
            }
            let fix = "e.g. [\"token-aisp\"]";
            Some(Access::Prepared {
                tokens: check.need(&at.key("prepared_tokens"), tokens, fix)?,
                certificates: certificates.unwrap_or_default(),
            })
        }
    }
}

fn oauth(
    check: &mut Check<'_>,
    at: &At<'_>,
    written: &file::Provider,
    preset: Option<&Preset>,
    app: Option<&App>,
) -> Option<OAuth> {
    let authorization_url = written.authorization_url.as_deref();
    let authorization_url = authorization_url.or_else(|| preset.and_then(|p| p.authorization_url));
    let token_url = written.token_url.as_deref();
    let token_url = token_url.or_else(|| preset.and_then(|p| p.token_url));
    let revocation_url = written.revocation_url.as_deref();
    let revocation_url = revocation_url.or_else(|| preset.and_then(|p| p.revocation_url));
    let authorization_url = url(check, &at.key("authorization_url"), authorization_url);
    let token_url = url(check, &at.key("token_url"), token_url);
    let revocation_url = match revocation_url {
        Some("") | None => None, // "" switches a preset's revocation off
        some => Some(url(check, &at.key("revocation_url"), some)?),
    };
    if revocation_url.as_ref().is_some_and(|url| url.scheme() != "https") {
        let what = "must be https (RFC 7009 §2)";
        return check.wrong(&at.key("revocation_url"), what, "use https, or \"\" for none");
    }
    let redirect_uri = redirect_uri(check, at, written.redirect_uri.as_deref(), app);
    let client_id = client::id(check, at, written);
    let key = at.key("client_secret_file");
    let fix = "a file that holds the client_secret the bank's registration answered";
    let file = check.need(&key, written.client_secret_file.as_deref(), fix);
    let file = file.filter(|file| client::is_there(check, at, "client_secret_file", file));
    let file = file.and_then(|file| check.secret(&key, file).map(|_| check.beside(file)));
    Some(OAuth {
        authorization_url: authorization_url?,
        token_url: token_url?,
        revocation_url,
        issuer: written.issuer.clone(),
        pkce: written.pkce.or_else(|| preset.map(|p| p.pkce)).unwrap_or(Pkce::Unknown),
        pkce_written: written.pkce.is_some(),
        redirect_uri: redirect_uri?,
        client_id: client_id?,
        client_secret_file: SecretFile::new(file?),
        client_authentication: written
            .client_authentication
            .or_else(|| preset.map(|p| p.client_authentication))
            .unwrap_or(ClientAuthentication::Basic),
    })
}

fn redirect_uri(
    check: &mut Check<'_>,
    at: &At<'_>,
    written: Option<&str>,
    app: Option<&App>,
) -> Option<String> {
    let key = at.key("redirect_uri");
    let fix =
        "the app's callback page as registered at the bank, e.g. https://app.example/callback";
    let written = check.need(&key, written, fix)?;
    let parsed = Url::parse(written).ok();
    let exact = parsed
        .filter(|url| url.as_str() == written && url.query().is_none() && url.fragment().is_none());
    let Some(parsed) = exact else {
        return check.wrong(&key, "is not a plain URL without query and fragment", fix);
    };
    let origin = parsed.origin().ascii_serialization();
    if app.is_some_and(|app| !app.origins.contains(&origin)) {
        let what = format!("{origin} is not one of app.origins");
        return check.wrong(&key, &what, "use the app's own origin, or add it to app.origins");
    }
    Some(written.to_owned())
}

/// `cobs_version` and `base_api_url` as ČNB publishes them: `{base}cobs/{version}`.
pub(super) fn api(
    check: &mut Check<'_>,
    at: &At<'_>,
    written: &file::Provider,
    preset: Option<&Preset>,
) -> Option<(CobsVersion, Url)> {
    let key = at.key("base_api_url");
    let base = written.base_api_url.as_deref().or_else(|| preset.and_then(|p| p.base_api_url));
    let fix = "the base API URL of the bank's portal, e.g. https://aboktpp.cnb.cz/psd2-cobs/ \
               (ČNB does not publish its sandbox's address; ask the bank for it)";
    let base = check.need(&key, base, fix)?;
    let spoken = match written.cobs_version.as_deref() {
        None => Some(preset.map_or(CobsVersion::V2, |p| p.cobs_version)),
        Some(written) => CobsVersion::ALL.into_iter().find(|version| version.as_str() == written),
    };
    let Some(spoken) = spoken else {
        let what = "only COBS 2.0 and 5.0 can be spoken as yet";
        return check.wrong(&at.key("cobs_version"), what, "cobs_version = \"2.0\"");
    };
    let version = spoken.as_str();
    if base.contains('?') {
        return check.wrong(&key, "has a query", "write scheme, host and path only");
    }
    let base = base.trim_end_matches('/');
    if base.ends_with(&format!("/cobs/{version}")) {
        let what = "ends in what the broker adds by itself";
        return check.wrong(&key, what, &format!("leave out cobs/{version}"));
    }
    Some((spoken, url(check, &key, Some(&format!("{base}/cobs/{version}")))?))
}

pub(super) fn network(
    check: &mut Check<'_>,
    at: &At<'_>,
    written: &file::Provider,
    preset: Option<&Preset>,
) -> Option<(Network, Certificates)> {
    let presented = mutual_tls(written, preset) && !check.is_draft;
    let pairs = if presented { pairs(check, at, written)? } else { Vec::new() };
    let authorities = written.ca_file.as_deref().map(|file| check.beside(file));
    let scopes = scopes_of(written.scopes.as_deref(), preset).unwrap_or_default();
    let files = TlsFiles { pairs, authorities, scopes };
    let mut resolve = Vec::new();
    for (host, address) in &written.resolve {
        let Ok(address) = address.parse::<SocketAddr>() else {
            let fix = "host = \"address:port\", e.g. \"aboktpp.cnb.cz\" = \"127.0.0.1:8443\"";
            return check.wrong(&at.key("resolve"), "has a value that is no address", fix);
        };
        let host = host.to_ascii_lowercase();
        if host == "localhost" && !address.ip().is_loopback() {
            let what = "sends localhost, which may be spoken to in clear, to another machine";
            return check.wrong(&at.key("resolve"), what, "name the other machine by its own name");
        }
        resolve.push((host, address));
    }
    match files.read().and_then(|contents| contents.settings()) {
        Ok(tls) => Some((Network { files, resolve }, tls.certificates)),
        Err(unusable) => check.wrong(&at.key(&unusable.key), &unusable.what, &unusable.fix),
    }
}

/// Whether our certificate is presented.
pub(super) fn mutual_tls(written: &file::Provider, preset: Option<&Preset>) -> bool {
    written.mutual_tls.or_else(|| preset.map(|p| p.mutual_tls)).unwrap_or(true)
}

/// An https URL; http only where the bank is a simulation on this machine.
fn url(check: &mut Check<'_>, key: &str, written: Option<&str>) -> Option<Url> {
    let written = check.need(key, written, "the URL from the bank's developer portal")?;
    let Ok(url) = Url::parse(written) else {
        return check.wrong(key, "is not a URL", "e.g. https://aboktpp.cnb.cz/…");
    };
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let secure = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    if !plain || !secure {
        let what = "must be https (http only on loopback), without user info and fragment";
        return check.wrong(key, what, "write the URL as the bank's portal has it");
    }
    Some(url)
}
