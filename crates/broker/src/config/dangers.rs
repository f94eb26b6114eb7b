//! Unsafe settings, and the words that name them: the broker starts under none that nobody named.
//!
//! `dangerous = ["resolve"]` at the top of the file takes a danger into account. A word covers the whole
//! file, and one whose danger is not in force is refused as well: so the list always says what is to be
//! put right. What is safe nowhere (another machine at the private door in clear, the development cookie
//! off loopback) has no word. A sandbox has no money behind it, so its provider needs none.

use protocol::provider::Environment;
use url::Url;

use super::check::Check;
use super::check_provider::{environment, mutual_tls};
use super::contradictions::At;
use super::preset::Preset;
use super::{Listen, file};

/// One kind of unsafe setting.
#[derive(Debug)]
pub struct Danger {
    /// What an operator writes to accept it.
    pub word: &'static str,
    /// What can happen.
    pub risk: &'static str,
    /// What to write instead.
    safe: &'static str,
}

/// A danger where it is in force.
pub struct Accepted {
    /// Which one.
    pub danger: &'static Danger,
    /// The setting that makes it, e.g. `providers.cnb.resolve`.
    pub key: String,
}

impl Accepted {
    /// The id of the provider whose setting it is; `None`: the broker's own.
    pub fn provider(&self) -> Option<&str> {
        self.key.strip_prefix("providers.")?.split('.').next()
    }
}

/// Every word there is.
static ALL: [&Danger; 7] = [
    &CLEAR_LISTEN,
    &ANY_PROXY,
    &CLEAR_BANK,
    &NO_MUTUAL_TLS,
    &RESOLVE,
    &NO_REVOCATION,
    &MORE_UNATTENDED,
];

static CLEAR_LISTEN: Danger = Danger {
    word: "clear_listen",
    risk: "can be reached from other machines in clear: who is on the way reads cookies and accounts",
    safe: "listen on 127.0.0.1 behind the proxy, or write listen.tls",
};

static ANY_PROXY: Danger = Danger {
    word: "any_proxy",
    risk: "believes everybody's X-Forwarded-For: anyone makes up the address that the bank is told",
    safe: "write the proxies' own addresses",
};

static CLEAR_BANK: Danger = Danger {
    word: "clear_bank",
    risk: "is http in production: whatever listens there is taken for the bank",
    safe: "write the https URL of the bank's portal, or environment = \"sandbox\"",
};

static NO_MUTUAL_TLS: Danger = Danger {
    word: "no_mutual_tls",
    risk: "presents no certificate in production: a stolen client secret is enough to use tokens",
    safe: "mutual_tls = true with certificate_file and private_key_file, or environment = \"sandbox\"",
};

static RESOLVE: Danger = Danger {
    word: "resolve",
    risk: "leads the bank's name elsewhere in production: secret and tokens go where it points",
    safe: "take it out, or write environment = \"sandbox\" where it leads to a simulated bank",
};

static NO_REVOCATION: Danger = Danger {
    word: "no_revocation",
    risk: "switches the bank's revocation off: tokens live on at the bank after a disconnect",
    safe: "take it out, and the preset's address is used",
};

static MORE_UNATTENDED: Danger = Danger {
    word: "more_unattended",
    risk: "is more than the law's 4 a day, which bank and person must have agreed to (RTS SCA art. 36(5)(b))",
    safe: "unattended_per_day = 4",
};

impl Check<'_> {
    /// Notes what is unsafe about how the broker listens.
    pub(super) fn listen_dangers(&mut self, listen: &Listen) {
        if listen.tls.is_none() && !listen.address.ip().is_loopback() {
            self.danger(&CLEAR_LISTEN, "listen.address".to_owned());
        }
        if listen.trusted_proxies.iter().any(|range| range.prefix_len() == 0) {
            self.danger(&ANY_PROXY, "listen.trusted_proxies".to_owned());
        }
    }

    /// Notes what is unsafe about a provider with real money behind it.
    pub(super) fn provider_dangers(
        &mut self,
        at: &At<'_>,
        written: &file::Provider,
        preset: Option<&Preset>,
    ) {
        if environment(written, preset) == Environment::Sandbox {
            return self.really_sandbox(at, written, preset);
        }
        let clear = |written: &Option<String>| {
            let url = written.as_deref().and_then(|written| Url::parse(written).ok());
            url.is_some_and(|url| url.scheme() == "http")
        };
        // a bank that no preset knows may have no revocation: then that is a fact, not a setting
        let revocation_off = written.revocation_url.as_deref() == Some("")
            && preset.is_some_and(|preset| preset.revocation_url.is_some());
        for (danger, key, in_force) in [
            (&CLEAR_BANK, "authorization_url", clear(&written.authorization_url)),
            (&CLEAR_BANK, "token_url", clear(&written.token_url)),
            (&CLEAR_BANK, "base_api_url", clear(&written.base_api_url)),
            (&NO_MUTUAL_TLS, "mutual_tls", !mutual_tls(written, preset)),
            (&RESOLVE, "resolve", !written.resolve.is_empty()),
            (&NO_REVOCATION, "revocation_url", revocation_off),
            (
                &MORE_UNATTENDED,
                "unattended_per_day",
                written.unattended_per_day.is_some_and(|times| times > 4),
            ),
        ] {
            if in_force {
                self.danger(danger, at.key(key));
            }
        }
    }

    /// A provider that says it is a sandbox must not reach a bank that a preset knows as production.
    fn really_sandbox(&mut self, at: &At<'_>, written: &file::Provider, preset: Option<&Preset>) {
        let Some(bank) = preset.filter(|preset| preset.environment == Environment::Production)
        else {
            return;
        };
        let host = |url: Option<&str>| Some(Url::parse(url?).ok()?.host_str()?.to_owned());
        for (written_url, known) in
            [(&written.token_url, bank.token_url), (&written.base_api_url, bank.base_api_url)]
        {
            let known = host(known);
            let reached =
                written_url.as_deref().map_or_else(|| known.clone(), |url| host(Some(url)));
            let Some(reached) = reached.filter(|reached| Some(reached) == known.as_ref()) else {
                continue;
            };
            if !written.resolve.contains_key(&reached) {
                let what = format!("is \"sandbox\", and {reached} is the bank itself");
                let fix =
                    "take it out; where the bank is simulated, lead its name there by resolve";
                self.wrong::<()>(&at.key("environment"), &what, fix);
                return;
            }
        }
    }

    /// Holds the dangers that were noted against the words the operator wrote; answers those accepted.
    pub(super) fn judge_dangers(&mut self, named: &[String]) -> Vec<Accepted> {
        let key = "dangerous";
        for word in named.iter().filter(|word| ALL.iter().all(|danger| danger.word != **word)) {
            let words: Vec<_> = ALL.iter().map(|danger| danger.word).collect();
            let fix = format!("words it may have: {}", words.join(", "));
            self.wrong::<()>(key, &format!("has \"{word}\", which names no danger"), &fix);
        }
        let in_force = self.refuse_unnamed(named);
        // what a wrong setting hides may be in force once it is right: only a good file has idle words
        if self.is_good() {
            let idle = |word: &&String| in_force.iter().all(|at| at.danger.word != **word);
            for word in named.iter().filter(idle) {
                let what = format!("takes \"{word}\" into account, a danger that is not there");
                self.wrong::<()>(key, &what, "take the word out, so that the list stays true");
            }
        }
        in_force
    }

    /// Refuses the dangers that were noted and not named; answers all.
    pub(super) fn refuse_unnamed(&mut self, named: &[String]) -> Vec<Accepted> {
        let in_force = self.take_dangers();
        let is_named = |word: &str| named.iter().any(|named| named == word);
        // one line for all of them, so that each fix is the other's too
        let mut words: Vec<_> = named.iter().map(String::as_str).collect();
        for Accepted { danger, .. } in &in_force {
            if !words.contains(&danger.word) {
                words.push(danger.word);
            }
        }
        let line = list(&words);
        for Accepted { danger, key } in in_force.iter().filter(|at| !is_named(at.danger.word)) {
            let fix = format!("{}; or accept it: {line}", danger.safe);
            self.wrong::<()>(key, danger.risk, &fix);
        }
        in_force
    }
}

/// The line that accepts dangers; where a table has begun it would be that table's key.
fn list(words: &[&str]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!("dangerous = [{}] above the first table", words.join(", "))
}
