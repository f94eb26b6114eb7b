//! What an auditor has to know beside the guarantees: how the broker is set, and who can read its files.
//!
//! Nothing of the machine is told, neither names of files nor whether the broker has run: the database has the same
//! line before its first start.

use protocol::provider::Environment;

use super::{Holds, Report};
use crate::config::{Access, Config, Provider, rights_of_others};
use crate::store::Place;
use crate::vault::{Ring, RingSource};

impl Report<'_> {
    /// Where the broker answers on the app's origin, and its bounds.
    pub(super) fn surface(&mut self, config: &Config) {
        let prefix = &config.listen.prefix;
        let why = format!("everything stands below {prefix}/ of the app's origin");
        self.add("surface", Holds::Set, why);
        let limits = config.limits;
        let seconds = [limits.connect, limits.first_byte, limits.idle, limits.reload];
        let [connect, first_byte, idle, reload] = seconds.map(|limit| limit.as_secs());
        let why = format!(
            "{connect} seconds to connect, {first_byte} to an answer's head, {idle} between its pieces; \
             certificate files are looked at every {reload} seconds"
        );
        self.add("limits", Holds::Set, why);
    }

    /// Who can read what the broker keeps.
    pub(super) fn files(&mut self, config: &Config, ring: &Ring) {
        let (newest, count) = (ring.active(), ring.ids().len());
        let keys = if count == 1 { "1 key".to_owned() } else { format!("{count} keys") };
        let keys = format!("{keys}, {newest} seals");
        let (holds, readers) = match &config.store.ring {
            RingSource::File(file) => readers(rights_of_others(file)),
            RingSource::Command(_) => (Holds::Depends, "a command prints it: on who may run that"),
        };
        self.add("key ring", holds, format!("{readers}; {keys}"));
        let (holds, why) = match &config.store.place {
            Place::Server(_) => {
                (Holds::Depends, "PostgreSQL: who else may read it, its own roles decide")
            }
            Place::File(file) if rights_of_others(file).is_some_and(|rights| rights != 0) => {
                (Holds::Depends, "others have rights to it now; the next start ends that")
            }
            Place::File(_) => (Holds::Yes, "its owner's only: each start sees to that"),
        };
        self.add("database", holds, why);
    }

    /// What the bank is to us.
    pub(super) fn bank(&mut self, provider: &Provider) {
        let environment = match provider.environment {
            Environment::Production => "production",
            Environment::Sandbox => "sandbox",
        };
        let scopes = provider.scopes.join(" ");
        let access = match &provider.access {
            Access::Authorization(_) => {
                let at_once = provider.scopes_per_authorization;
                format!("people log in for {scopes}, {at_once} at a time")
            }
            Access::Prepared { .. } => format!("tokens are handed out by name, for {scopes}"),
        };
        self.add("access", Holds::Set, format!("{environment}; {access}"));
        let mut urls = vec![&provider.api_url];
        if let Access::Authorization(oauth) = &provider.access {
            urls.extend([&oauth.authorization_url, &oauth.token_url]);
        }
        if urls.iter().all(|url| url.scheme() == "https") {
            self.add("TLS to the bank", Holds::Yes, "every address of it is https");
        } else {
            let why = "an address of it is http, which is taken on this machine only";
            self.add("TLS to the bank", Holds::Depends, why);
        }
    }
}

/// Whether a secret file is its owner's only.
fn readers(rights: Option<u32>) -> (Holds, &'static str) {
    match rights {
        Some(0) => (Holds::Yes, "its owner's only"),
        Some(_) => (Holds::Depends, "on who is in its group, which has rights to it"),
        None => (Holds::Depends, "on the rights of its folder"),
    }
}
