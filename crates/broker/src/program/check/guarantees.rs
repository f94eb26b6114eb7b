//! Which guarantees hold under a configuration, and what the others depend on.
//!
//! Said in a fixed order, without the time of day and without anything of the machine, so that reports can be compared.

use protocol::provider::Environment;
use serde_json::{Value, json};

use crate::certificate::Role;
use crate::config::{Access, Certificates, Config, OAuth, Placed, Provider};
use crate::connections::rfc3339;
use crate::defences::{Defences, Kept};
use crate::program::certificates::listed;
use crate::vault::Ring;

mod facts;
mod probed;

/// Whether a guarantee holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// Whatever happens around.
    Yes,
    /// On what is said beside it.
    Depends,
    /// Not under this configuration.
    No,
    /// No guarantee, but what the configuration says.
    Set,
}

impl Holds {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Yes => "holds",
            Self::Depends => "depends",
            Self::No => "WEAK",
            Self::Set => "set",
        }
    }
}

/// One guarantee.
pub(super) struct Guarantee {
    /// `broker`, or a provider's id.
    pub(super) about: String,
    pub(super) name: String,
    pub(super) holds: Holds,
    pub(super) why: String,
}

impl Guarantee {
    pub(super) fn json(&self) -> Value {
        let Self { about, name, holds, why } = self;
        json!({ "about": about, "guarantee": name, "holds": holds.word(), "why": why })
    }
}

/// All of them, as they stand at a second since 1970, by what probes found, if that can be read.
pub(super) fn of(config: &Config, ring: &Ring, findings: &Kept, now: i64) -> Vec<Guarantee> {
    let mut all = Report { about: "broker".to_owned(), guarantees: Vec::new(), findings, now };
    all.doors(config);
    all.surface(config);
    all.data(config);
    all.files(config, ring);
    all.dangers(config, None);
    for provider in &config.providers {
        all.about.clone_from(&provider.id);
        all.bank(provider);
        all.provider(provider);
        all.dangers(config, Some(&provider.id));
    }
    all.guarantees
}

struct Report<'a> {
    about: String,
    guarantees: Vec<Guarantee>,
    findings: &'a Kept,
    now: i64,
}

impl Report<'_> {
    fn add(&mut self, name: impl Into<String>, holds: Holds, why: impl Into<String>) {
        let (name, why) = (name.into(), why.into());
        self.guarantees.push(Guarantee { about: self.about.clone(), name, holds, why });
    }

    /// What the operator accepts of a provider, or of the broker itself: weak, each by itself.
    fn dangers(&mut self, config: &Config, provider: Option<&str>) {
        for accepted in config.dangers.iter().filter(|accepted| accepted.provider() == provider) {
            let name = format!("dangerous {}", accepted.danger.word);
            self.add(name, Holds::No, format!("{} {}", accepted.key, accepted.danger.risk));
        }
    }

    /// Who gets in, and how.
    fn doors(&mut self, config: &Config) {
        if config.app.development_cookie {
            self.add(
                "session cookie",
                Holds::No,
                "app.development_cookie: neither prefix nor Secure",
            );
        } else {
            self.add(
                "session cookie",
                Holds::Yes,
                "__Host-Http-, Secure, HttpOnly, SameSite=Strict",
            );
        }
        let origins = config.app.origins.join(" ");
        let why = format!("Fetch Metadata, Origin and a header of ours; from {origins} only");
        self.add("no other site can act", Holds::Yes, why);
        let listen = &config.listen;
        if listen.tls.is_some() {
            self.add("TLS to the browser", Holds::Yes, "the broker's own, 1.2 or 1.3");
        } else if listen.address.ip().is_loopback() {
            let why = "the proxy on this machine has to speak it";
            self.add("TLS to the browser", Holds::Depends, why);
        } else {
            let why =
                "in clear on the network up to the proxy: listen on loopback, or write listen.tls";
            self.add("TLS to the browser", Holds::No, why);
        }
        if listen.trusted_proxies.is_empty() {
            let why = "the connection's peer; no header is believed";
            self.add("the person's address", Holds::Yes, why);
        } else {
            let nets: Vec<_> = listen.trusted_proxies.iter().map(ToString::to_string).collect();
            let why = format!("X-Forwarded-For as {} rewrite it", nets.join(" "));
            self.add("the person's address", Holds::Depends, why);
        }
        match &config.admin {
            None => self.add("private door", Holds::Yes, "there is none"),
            Some(admin) if admin.tls.is_some() => {
                self.add("private door", Holds::Yes, "a key, and a client certificate");
            }
            Some(_) => self.add("private door", Holds::Yes, "a key, from this machine only"),
        }
    }

    /// What is kept.
    fn data(&mut self, config: &Config) {
        let why = "AES-256-GCM under the key ring; depends on who can read it and its copies";
        self.add("sealed grants", Holds::Depends, why);
        let days = config.limits.consent.as_secs() / 86_400;
        self.add("consents end", Holds::Yes, format!("after {days} days at most"));
        let days = config.app.session.as_secs() / 86_400;
        self.add("sessions end", Holds::Yes, format!("after {days} days"));
        let mib = config.limits.response_bytes / 1024 / 1024;
        let total = config.limits.total.as_secs();
        let why = format!("a bank's answer: {mib} MiB and {total} seconds at most");
        self.add("bounded answers", Holds::Yes, why);
    }

    /// What our certificates add. A role that no certificate has has refused the configuration.
    fn certificate(&mut self, provider: &Provider) {
        let tls = provider.network.files.read().and_then(|contents| contents.settings());
        let certificates = match tls {
            Ok(tls) => tls.certificates,
            Err(unusable) => return self.add("mutual TLS", Holds::No, unusable.to_string()),
        };
        let in_use = certificates.first_at(self.now);
        let Some(Placed { place, own }) = certificates.get(in_use) else {
            let (holds, why) = match provider.environment {
                Environment::Production => (Holds::No, "mutual_tls = false"),
                Environment::Sandbox => (Holds::Depends, "on the sandbox, which asks for none"),
            };
            return self.add("mutual TLS", holds, why);
        };
        let several = certificates.are_several();
        let name = if several { place.to_string() } else { "the certificate".to_owned() };
        let end = rfc3339(own.ends_at);
        if own.ends_at < self.now {
            self.add("mutual TLS", Holds::No, format!("{name} ended {end}"));
        } else if own.begins_at > self.now {
            let begin = rfc3339(own.begins_at);
            self.add("mutual TLS", Holds::No, format!("{name} begins {begin}"));
        } else {
            self.add("mutual TLS", Holds::Yes, format!("{name} ends {end}"));
        }
        if several {
            self.overlap(&certificates, in_use);
        }
        let lacks: Vec<_> = own.lacks(&provider.scopes).iter().map(|(scope, _)| *scope).collect();
        if !lacks.is_empty() && matches!(provider.access, Access::Authorization(_)) {
            let why = format!("{name} has no role for {}", lacks.join(" "));
            self.add("scopes are covered", Holds::No, why);
        } else if let Some(scope) = provider.scopes.iter().find(|scope| !Role::is_known(scope)) {
            let why = format!("on the bank: no PSD2 role is known for the scope \"{scope}\"");
            self.add("scopes are covered", Holds::Depends, why);
        } else if own.tells_roles() {
            let scopes = provider.scopes.join(" ");
            self.add(
                "scopes are covered",
                Holds::Yes,
                format!("{name} has the roles for {scopes}"),
            );
        } else {
            let why = format!("on the bank: {name} has no PSD2 statement");
            self.add("scopes are covered", Holds::Depends, why);
        }
    }

    /// Whether one certificate takes over from another.
    fn overlap(&mut self, certificates: &Certificates, in_use: usize) {
        let until = certificates.covered_until(in_use, self.now).unwrap_or_default();
        let (holds, covered) = match certificates.resumed_at(until) {
            None => (Holds::Yes, format!("without a gap until {}", rfc3339(until))),
            Some(begin) => {
                (Holds::No, format!("a gap from {} to {}", rfc3339(until), rfc3339(begin)))
            }
        };
        let list = listed(certificates, in_use).join("; ");
        self.add("certificates overlap", holds, format!("{covered}; {list}"));
    }

    fn provider(&mut self, provider: &Provider) {
        self.certificate(provider);
        let network = &provider.network;
        if network.resolve.is_empty() {
            self.add("the bank's own address", Holds::Yes, "by the system's resolver");
        } else {
            let hosts: Vec<_> = network.resolve.iter().map(|(host, _)| &**host).collect();
            let why = format!("`resolve` leads {} elsewhere; TLS checks the name", hosts.join(" "));
            self.add("the bank's own address", Holds::Depends, why);
        }
        let times = provider.unattended_per_day;
        let agreed = if times > 4 { Holds::Depends } else { Holds::Yes };
        let why = if times > 4 { ", which bank and person must have agreed to" } else { "" };
        let why = format!("an account {times} times in 24 hours at most{why}");
        self.add("reads without the person", agreed, why);
        match &provider.access {
            Access::Authorization(oauth) => self.login(oauth),
            Access::Prepared { .. } => {
                self.add("login", Holds::Depends, "none: a sandbox's tokens, never for people");
            }
        }
    }

    /// What stands between a person's login and somebody else's.
    fn login(&mut self, oauth: &OAuth) {
        let why = "one-time state, bound to session, provider and redirect URI; PKCE checked here";
        self.add("no forged callback", Holds::Yes, why);
        let known = Defences::kept(&self.about, oauth, self.findings);
        self.stolen_code(oauth, &known);
        let own = format!("by a redirect URI of its own: {}", oauth.redirect_uri);
        let why = oauth.issuer.as_ref().map_or(own, |issuer| format!("iss is {issuer}"));
        self.add("no mix-up of banks", Holds::Yes, why);
        self.banks_part(oauth, &known);
    }
}
