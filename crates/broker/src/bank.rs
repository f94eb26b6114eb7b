//! The only module that talks to a bank.
//!
//! Every call goes over the provider's own TLS configuration (its certificate, its authorities), in
//! its own connection pool, follows no redirect, and is bounded in time and size.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::ambient::Ambient;
use crate::config::{Access, Limits, OAuth, Provider, Tpp, Unusable};

mod api;
mod body;
mod breaker;
mod client_secret;
mod codes;
mod condition;
mod diagnose;
mod dial;
mod error;
mod expiry;
mod gate;
mod headers;
mod line;
mod present;
mod registration;
mod reply;
mod resolve;
mod revoke;
mod token;

pub use api::{ApiCall, ApiReply};
pub use condition::{Condition, Trouble};
pub use error::{BankError, Fault, Rejected};
pub use expiry::Remaining;
pub use headers::{Involved, Person};
pub use registration::{Application, Breach, Credentials, Registrar, RegistrationError, Wanted};
pub use reply::{Salvage, TokenReply};
pub use revoke::{Revoked, Told};
pub use token::{Boxed, Keep};

pub(crate) use codes::{Language, known_oauth, registration as registration_words, words};
pub(crate) use diagnose::{Handshake, Offer};
pub(crate) use present::Presented;

/// One provider and the clients that reach it.
pub struct Bank {
    /// Its settings.
    pub provider: Provider,
    /// Bounds on every call.
    limits: Limits,
    /// The clients that reach it.
    switch: line::Switch,
    /// Ours at the token endpoint, where people log in.
    client_secret: Option<client_secret::ClientSecret>,
    /// Headers that are the same on every API call.
    standing: headers::Standing,
    ambient: Ambient,
    condition: Condition,
    gate: gate::Gate,
    breaker: breaker::Breaker,
}

/// All configured banks, by the ids of their providers.
pub struct Banks(BTreeMap<String, Arc<Bank>>);

impl Banks {
    /// Builds the clients; fails where TLS cannot work with the files of a provider.
    pub fn new(
        providers: Vec<Provider>,
        tpp: &Tpp,
        limits: Limits,
        ambient: &Ambient,
    ) -> Result<Self, Unusable> {
        let mut banks = BTreeMap::new();
        for provider in providers {
            let id = provider.id.clone();
            banks.insert(id, Arc::new(Bank::new(provider, tpp, limits, ambient.clone())?));
        }
        Ok(Self(banks))
    }

    /// A bank by its provider's id.
    pub fn find(&self, provider: &str) -> Option<&Arc<Bank>> {
        self.0.get(provider)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Bank>> {
        self.0.values()
    }
}

impl Bank {
    fn new(
        provider: Provider,
        tpp: &Tpp,
        limits: Limits,
        ambient: Ambient,
    ) -> Result<Self, Unusable> {
        let switch = line::Switch::new(&provider.network, limits, ambient.now())?;
        let client_secret = match &provider.access {
            Access::Authorization(oauth) => {
                Some(client_secret::ClientSecret::new(oauth.client_secret_file.clone())?)
            }
            Access::Prepared { .. } => None,
        };
        let standing = headers::Standing::new(tpp);
        let condition = Condition::default();
        let (breaker, gate) = (breaker::Breaker::default(), gate::Gate::default());
        let bank = Self {
            provider,
            limits,
            switch,
            client_secret,
            standing,
            ambient,
            condition,
            gate,
            breaker,
        };
        bank.look_at_certificate();
        Ok(bank)
    }

    /// How the bank stands to us.
    pub fn condition(&self) -> &Condition {
        &self.condition
    }

    /// The longest that an answer of the authorization server is waited for.
    pub(crate) fn longest_answer(&self) -> Duration {
        self.limits.first_byte
    }

    /// The longest that the body of an answer to an act is waited for.
    pub(crate) fn longest_body(&self) -> Duration {
        self.limits.total.min(Duration::from_mins(1))
    }

    /// The longest that an act may take, from its first byte to the last of its answer.
    pub(crate) fn longest_act(&self) -> Duration {
        self.limits.first_byte + self.longest_body()
    }

    /// The authorization server's settings, where the provider has one.
    pub fn oauth(&self) -> Option<&OAuth> {
        match &self.provider.access {
            Access::Authorization(oauth) => Some(oauth),
            Access::Prepared { .. } => None,
        }
    }
}
