//! A simulated Czech bank for tests and demonstrations: the PowerAuth Web Flow authorization
//! server (1.4 or 1.5), the COBS 2.0 and 5.0 API of PSD2 and mutual TLS with eIDAS-like certificates.
//!
//! It is the strict peer of a third party's software, written from the published facts alone, and
//! it can be told to misbehave ([`Knobs`]). It records every request ([`BankSim::requests`]) and
//! every breach of protocol ([`BankSim::violation_records`]).
#![doc = include_str!("../README.md")]

mod api;
mod bank;
mod call;
mod certificates;
mod clock;
mod consent;
mod control;
mod data;
mod fault;
mod form;
mod journal;
mod json;
mod knobs;
mod listen;
mod login;
mod oauth;
mod openapi;
mod options;
mod orders;
mod pki;
mod proxy;
mod random;
mod recent;
mod registration;
mod registry;
mod router;
mod symbols;
mod sync;
mod tls;
mod watch;
mod wire;

use std::net::SocketAddr;
use std::sync::Arc;

pub use clock::Clock;
pub use data::Population;
pub use journal::{Door, RecordedRequest, TlsSession, Violation};
pub use knobs::{
    ApiReply, ClientAuth, Field, Knob, KnobError, Knobs, NoScope, Pkce, RedirectUri, Refresh,
    RefreshFailure, RevokeReply, Rule, SignPage, State, TokenReply, UnattendedReply, WebFlow,
};
pub use oauth::{Reach, TokenInfo};
pub use options::{CertificateSource, Client, Error, Options};
pub use orders::PaymentKind;
pub use pki::peer::PeerCertificate;
pub use pki::server::ServerFault;
pub use pki::{CertificateRequest, Identity, Pki, Role};
pub use random::Random;
pub use registry::{Application, ApplicationType};

use bank::Bank;
use listen::{Listener, Place};
use sync::lock;
use tls::Doors;

/// A running bank. Dropping it, or [`BankSim::stop`], shuts its doors.
pub struct BankSim {
    bank: Arc<Bank>,
    front: Listener,
    tls: Listener,
    sandbox: Option<Listener>,
    control: Option<Listener>,
}

/// How a customer logs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// User name.
    pub username: String,
    /// Password.
    pub password: String,
    /// The person's name.
    pub display_name: String,
}

impl BankSim {
    /// Opens the bank's doors inside the current tokio runtime.
    ///
    /// Errors: a door that cannot be opened, or must not be; a certificate that cannot be made.
    pub async fn start(options: Options) -> Result<Self, Error> {
        let (control, anywhere) = (options.control, options.control_anywhere);
        if let Some(address) = control.filter(|address| !anywhere && !address.ip().is_loopback()) {
            return Err(Error::ControlExposed { address });
        }
        let front = Place::at(options.front).await?;
        let tls = Place::at(options.tls).await?;
        let sandbox = Place::at_some(options.sandbox).await?;
        let control = Place::at_some(control).await?;
        let front_url = options.front_url.clone();
        let front_url = front_url.unwrap_or_else(|| format!("http://{}", front.address));
        let pki = Pki::new(options.clock.now(), options.host_names.clone(), front_url.clone())?;
        let doors = Doors::new(&pki, options.client_certificate, &options.clock)?;
        let bank = Arc::new(Bank::new(options, front_url, pki, doors));
        let router = || router::bank(bank.clone());
        let (mutual, one_sided) = (bank.doors.mutual.clone(), bank.doors.one_sided.clone());
        let sandbox = sandbox.map(|place| {
            let router = router::sandbox(bank.clone());
            Listener::tls(place, router, bank.clone(), Door::Sandbox, one_sided)
        });
        let control = control.map(|place| {
            let router = control::router(bank.clone(), anywhere);
            Listener::plain(place, router, bank.clone(), Door::Control)
        });
        Ok(Self {
            front: Listener::plain(front, router(), bank.clone(), Door::Front),
            tls: Listener::tls(tls, router(), bank.clone(), Door::Tls, mutual),
            sandbox,
            control,
            bank,
        })
    }

    /// The plain door for browsers: `http://127.0.0.1:PORT`, or as [`Options::front_url`] has it.
    pub fn front_url(&self) -> String {
        self.bank.front.clone()
    }

    /// The page that shows what customers get by SMS, as on their phones.
    pub fn phone_url(&self) -> String {
        format!("{}/phone", self.bank.front)
    }

    /// The TLS door.
    pub fn tls_addr(&self) -> SocketAddr {
        self.tls.address
    }

    /// The sandbox door, if there is one.
    pub fn sandbox_addr(&self) -> Option<SocketAddr> {
        self.sandbox.as_ref().map(|sandbox| sandbox.address)
    }

    /// The control endpoint, if there is one.
    pub fn control_addr(&self) -> Option<SocketAddr> {
        self.control.as_ref().map(|control| control.address)
    }

    /// The bank's certificate authority.
    pub fn pki(&self) -> &Pki {
        &self.bank.pki
    }

    /// The bank's clock.
    pub fn clock(&self) -> &Clock {
        &self.bank.clock
    }

    /// The present behaviour.
    pub fn knobs(&self) -> Knobs {
        self.bank.knobs(|knobs| knobs.clone())
    }

    /// Replaces the behaviour.
    pub fn set_knobs(&self, knobs: Knobs) {
        self.update_knobs(|present| *present = knobs);
    }

    /// Changes the behaviour.
    pub fn update_knobs(&self, change: impl FnOnce(&mut Knobs)) {
        self.bank.knobs(change);
    }

    /// The requests so far, oldest first; the last 10 000 are kept, and 64 MiB of them.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        let requests = self.bank.journal.requests();
        requests.iter().map(|request| RecordedRequest::clone(request)).collect()
    }

    /// Forgets requests and violations.
    pub fn clear_requests(&self) {
        self.bank.journal.clear_requests();
        self.bank.journal.clear_violations();
    }

    /// Every breach of protocol seen, oldest first, in words.
    pub fn violations(&self) -> Vec<String> {
        self.violation_records().iter().map(ToString::to_string).collect()
    }

    /// Every breach of protocol seen, oldest first.
    pub fn violation_records(&self) -> Vec<Violation> {
        self.bank.journal.violations()
    }

    /// Tokens that are good now.
    pub fn live_tokens(&self) -> Vec<TokenInfo> {
        lock(&self.bank.grants).live(self.bank.clock.millis())
    }

    /// The person withdraws every consent at the bank: tokens and codes die.
    pub fn revoke_consent(&self, user: &str) {
        lock(&self.bank.grants).withdraw(user);
    }

    /// The person withdraws at the bank what one application was allowed.
    pub fn revoke_consent_of(&self, user: &str, client_id: &str) {
        lock(&self.bank.grants).withdraw_pair(user, client_id);
    }

    /// The bank takes tokens away from an application, whoever allowed them.
    pub fn revoke_client(&self, client_id: &str, reach: Reach) {
        lock(&self.bank.grants).withdraw_client(client_id, reach);
    }

    /// How the customers log in.
    pub fn credentials(&self) -> Vec<Credential> {
        let customers = self.bank.ledger.customers.iter();
        let credential = |customer: &data::Customer| Credential {
            username: customer.username.clone(),
            password: customer.password.clone(),
            display_name: customer.name.clone(),
        };
        customers.map(credential).collect()
    }

    /// The SMS code that `user` is being asked for, if a login is at that step, or else a signature
    /// by SMS; of several the code of the latest.
    pub fn sms_code(&self, user: &str) -> Option<String> {
        let logging_in = lock(&self.bank.flows).sms_code(user, self.bank.clock.millis());
        logging_in.or_else(|| lock(&self.bank.orders).sms_code(user))
    }

    /// Shuts all doors and waits until they are shut.
    pub async fn stop(self) {
        if let Some(sandbox) = self.sandbox {
            sandbox.close().await;
        }
        if let Some(control) = self.control {
            control.close().await;
        }
        self.front.close().await;
        self.tls.close().await;
    }
}
