//! Turns the written file into a [`Config`], collecting every finding on the way.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use rustls::ServerConfig;
use url::Url;

use super::check_provider::check_provider;
use super::dangers::{Accepted, Danger};
use super::disk::{self, Unfit};
use super::overrides::Written;
use super::{
    App, Config, Finding, Invalid, Listen, Provider, Tpp, draft, file, is_loopback, locate, tls,
};
use crate::secret::Secret;

/// Where findings are collected and files are looked for.
pub(super) struct Check<'a> {
    path: &'a Path,
    text: &'a str,
    /// Keys that variables override, with the variable's name.
    overridden: Vec<(String, String)>,
    findings: Vec<Finding>,
    /// Unsafe settings found on the way.
    dangers: Vec<Accepted>,
    /// Whether files of its own may be missing.
    pub(super) is_draft: bool,
}

pub(super) fn check(path: &Path, text: &str, written: Written) -> Result<Config, Invalid> {
    let Written { file, overridden } = written;
    let mut check = Check::new(path, text, overridden);
    match whole(&mut check, file) {
        Some(config) => Ok(config),
        None => Err(Invalid { findings: check.findings }),
    }
}

/// The whole file; `None` where there are findings, or a draft's files are missing.
pub(super) fn whole(check: &mut Check<'_>, file: file::File) -> Option<Config> {
    let listen = check.listen(file.listen);
    let admin = check.admin(file.admin.as_ref());
    let app = check.app(file.app, listen.as_ref());
    let store = check.store(file.store);
    let tpp = check.tpp(file.tpp);
    let limits = check.limits(&file.limits);
    let providers = check.providers(file.providers, app.as_ref());
    let dangers = check.judge_dangers(&file.dangerous);
    let (listen, app, store, tpp) = (listen?, app?, store?, tpp?);
    let config = Config { listen, admin, app, store, tpp, limits, providers, dangers };
    check.is_good().then_some(config)
}

impl<'a> Check<'a> {
    /// Nothing found yet.
    pub(super) fn new(path: &'a Path, text: &'a str, overridden: Vec<(String, String)>) -> Self {
        let (findings, dangers) = (Vec::new(), Vec::new());
        Self { path, text, overridden, findings, dangers, is_draft: false }
    }

    /// All that was found.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// Whether nothing is wrong so far.
    pub(super) fn is_good(&self) -> bool {
        self.findings.is_empty()
    }

    /// Notes an unsafe setting; whether the operator accepts it is judged at the end.
    pub(super) fn danger(&mut self, danger: &'static Danger, key: String) {
        self.dangers.push(Accepted { danger, key });
    }

    /// All that were noted.
    pub(super) fn take_dangers(&mut self) -> Vec<Accepted> {
        std::mem::take(&mut self.dangers)
    }

    /// Adds a finding; answers `None` so that a caller can leave with it.
    pub(super) fn wrong<T>(&mut self, key: &str, what: &str, fix: &str) -> Option<T> {
        if self.is_draft && draft::is_to_come(key) {
            return None;
        }
        let variable = self.overridden.iter().find(|(overridden, _)| overridden == key);
        let place = match variable {
            Some((_, name)) => name.clone(),
            None => format!("{}:{}", self.path.display(), locate::line(self.text, key)),
        };
        self.findings.push(Finding {
            place,
            key: key.to_owned(),
            what: what.to_owned(),
            fix: fix.to_owned(),
        });
        None
    }

    /// The value, or a finding that it is missing.
    pub(super) fn need<T>(&mut self, key: &str, value: Option<T>, fix: &str) -> Option<T> {
        if value.is_none() {
            return self.wrong(key, "is missing", fix);
        }
        value
    }

    /// A path, relative to the configuration's folder.
    pub(super) fn beside(&self, path: &Path) -> PathBuf {
        self.path.parent().unwrap_or(Path::new(".")).join(path)
    }

    /// Contents of a file that holds something public.
    pub(super) fn contents(&mut self, key: &str, path: &Path) -> Option<Vec<u8>> {
        let contents = disk::contents(&self.beside(path));
        self.fit(key, contents)
    }

    /// Contents of a file that holds a secret: readable by its owner, not by everybody.
    pub(super) fn secret(&mut self, key: &str, path: &Path) -> Option<Secret> {
        let secret = disk::secret(&self.beside(path));
        self.fit(key, secret)
    }

    /// Contents of a file that holds a private key in PEM.
    pub(super) fn private_key(&mut self, key: &str, path: &Path) -> Option<Secret> {
        let secret = disk::private_key(&self.beside(path));
        self.fit(key, secret)
    }

    /// What a file holds, or a finding.
    pub(super) fn fit<T>(&mut self, key: &str, file: Result<T, Unfit>) -> Option<T> {
        match file {
            Ok(held) => Some(held),
            Err(unfit) => self.wrong(key, &unfit.what, &unfit.fix),
        }
    }

    fn listen(&mut self, listen: file::Listen) -> Option<Listen> {
        let key = "listen.address";
        let address = listen.address.as_deref().unwrap_or("127.0.0.1:4300");
        let address: SocketAddr = match address.parse() {
            Ok(address) => address,
            Err(_) => return self.wrong(key, "is not an address", "e.g. \"127.0.0.1:4300\""),
        };
        let prefix = listen.prefix.unwrap_or_else(|| protocol::path::DEFAULT_PREFIX.to_owned());
        let plain = |c: char| c.is_ascii_alphanumeric() || "/-_".contains(c);
        let fits = prefix.is_empty()
            || (prefix.starts_with('/') && !prefix.ends_with('/') && prefix.chars().all(plain));
        if !fits {
            return self.wrong("listen.prefix", "is not a path prefix", "e.g. \"/bank\"");
        }
        let mut trusted_proxies = Vec::new();
        for written in &listen.trusted_proxies {
            let net = written.parse::<IpNet>().ok();
            match net.or_else(|| written.parse::<IpAddr>().ok().map(IpNet::from)) {
                Some(net) => trusted_proxies.push(net),
                None => {
                    return self.wrong(
                        "listen.trusted_proxies",
                        "has an entry that is not an address range",
                        "e.g. [\"10.0.0.0/8\"]; leave it out to trust no proxy",
                    );
                }
            }
        }
        let tls = match &listen.tls {
            Some(tls) => Some(self.own_tls(tls)?),
            None => None,
        };
        let listen = Listen { address, prefix, tls, trusted_proxies };
        self.listen_dangers(&listen);
        Some(listen)
    }

    fn own_tls(&mut self, tls: &file::Tls) -> Option<Arc<ServerConfig>> {
        let chain = self.contents("listen.tls.certificate_file", &tls.certificate_file);
        let key = self.private_key("listen.tls.private_key_file", &tls.private_key_file);
        tls::server(&chain?, &key?, None).map_or_else(
            |unusable| {
                let key = format!("listen.tls.{}", unusable.key);
                self.wrong(&key, &unusable.what, &unusable.fix)
            },
            Some,
        )
    }

    fn app(&mut self, app: file::App, listen: Option<&Listen>) -> Option<App> {
        let key = "app.origins";
        if app.origins.is_empty() {
            return self.wrong(key, "is missing", "e.g. [\"https://app.example\"]");
        }
        let mut all_loopback = true;
        for written in &app.origins {
            let Some(url) = origin(written) else {
                let what = format!("\"{written}\" is not an origin");
                return self.wrong(
                    key,
                    &what,
                    "scheme and host only, e.g. \"https://app.example\"",
                );
            };
            all_loopback &= is_loopback(&url);
            if url.scheme() == "http" && !is_loopback(&url) {
                let what = format!("\"{written}\" is not https");
                return self.wrong(key, &what, "serve the app by https; http only on localhost");
            }
        }
        let local = listen.is_none_or(|listen| listen.address.ip().is_loopback());
        if app.development_cookie && !(all_loopback && local) {
            return self.wrong(
                "app.development_cookie",
                "is for loopback only: it has neither prefix nor Secure",
                "take it out, or use http://localhost origins and a loopback address",
            );
        }
        // a month more than the longest consent, so that its end can still be told
        let days = self.within("app.session_days", app.session_days, 210, 1..=400);
        Some(App {
            origins: app.origins,
            development_cookie: app.development_cookie,
            session: Duration::from_secs(days * 86_400),
        })
    }

    fn tpp(&mut self, tpp: file::Tpp) -> Option<Tpp> {
        let name = self.need("tpp.name", tpp.name, "your company's name, e.g. \"Example a.s.\"")?;
        let visible = |text: &str| text.bytes().all(|b| (b' '..=b'~').contains(&b));
        if name.trim().is_empty() || !visible(&name) {
            let what = "cannot stand in a header: only visible ASCII can";
            return self.wrong("tpp.name", what, "write it without diacritics");
        }
        if tpp.identification.as_deref().is_some_and(|text| !visible(text)) {
            let what = "cannot stand in a header: only visible ASCII can";
            return self.wrong("tpp.identification", what, "e.g. \"PSDCZ-CNB-12345678\"");
        }
        Some(Tpp { name, identification: tpp.identification })
    }

    fn providers(
        &mut self,
        written: BTreeMap<String, file::Provider>,
        app: Option<&App>,
    ) -> Vec<Provider> {
        if written.is_empty() {
            let fix = "add [providers.cnb] with preset = \"cnb\"";
            self.wrong::<()>("providers", "no bank is configured", fix);
        }
        let mut providers = Vec::new();
        for (id, provider) in written {
            providers.extend(check_provider(self, &id, provider, app));
        }
        self.distinct_redirect_uris(&providers);
        providers
    }

    /// Without `iss`, only the redirect URI tells two banks apart (RFC 9700 §4.4.2.2, K10).
    fn distinct_redirect_uris(&mut self, providers: &[Provider]) {
        let mut seen = BTreeMap::new();
        for provider in providers {
            let super::Access::Authorization(oauth) = &provider.access else { continue };
            if let Some(other) = seen.insert(oauth.redirect_uri.clone(), &provider.id) {
                let key = format!("providers.{}.redirect_uri", provider.id);
                let what = format!("is the one of \"{other}\", so a mix-up could not be noticed");
                self.wrong::<()>(&key, &what, "register a callback page of its own per provider");
            }
        }
    }
}

/// The URL of an origin written as browsers send it (RFC 6454 §6.1): nothing behind the host.
fn origin(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let exact = url.origin().ascii_serialization() == text;
    (exact && matches!(url.scheme(), "http" | "https")).then_some(url)
}
