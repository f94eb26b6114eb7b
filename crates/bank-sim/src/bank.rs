//! Everything the bank knows while it runs. One value, shared by all doors.

use std::sync::{Arc, Mutex};

use crate::api::Unattended;
use crate::call::Call;
use crate::consent::Consents;
use crate::data::Ledger;
use crate::journal::{Breach, Journal};
use crate::knobs::Occasion;
use crate::login::{Flows, Phone};
use crate::oauth::Grants;
use crate::orders::Orders;
use crate::pki::Pki;
use crate::random::Dice;
use crate::registry::{Registered, Registry};
use crate::sync::lock;
use crate::tls::Doors;
use crate::watch::Watch;
use crate::{CertificateSource, Clock, Knob, Knobs, Options, Random};

/// The state of a running bank.
pub(crate) struct Bank {
    pub(crate) registry: Registry,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) journal: Journal,
    pub(crate) ledger: Ledger,
    pub(crate) grants: Mutex<Grants>,
    pub(crate) flows: Mutex<Flows>,
    pub(crate) consents: Consents,
    pub(crate) unattended: Unattended,
    pub(crate) watch: Watch,
    /// The knobs that the bank was started with.
    pub(crate) start: Knobs,
    pub(crate) pki: Pki,
    pub(crate) doors: Doors,
    pub(crate) client_certificate: CertificateSource,
    pub(crate) orders: Mutex<Orders>,
    pub(crate) phone: Mutex<Phone>,
    /// Where people's browsers reach the bank.
    pub(crate) front: String,
    knobs: Mutex<Knobs>,
    /// Decides where a rule applies in some cases only; repeats with the seed.
    chance: Mutex<Dice>,
}

impl Bank {
    pub(crate) fn new(options: Options, front: String, pki: Pki, doors: Doors) -> Self {
        let ledger = Ledger::open(options.seed, options.clock.today(), options.population);
        Self {
            registry: Registry::new(options.clients),
            journal: Journal::new(options.clock.clone()),
            clock: options.clock,
            random: options.random,
            ledger,
            grants: Mutex::default(),
            flows: Mutex::default(),
            consents: Consents::default(),
            unattended: Unattended::default(),
            watch: Watch::default(),
            start: options.knobs.clone(),
            pki,
            doors,
            client_certificate: options.client_certificate,
            orders: Mutex::default(),
            phone: Mutex::default(),
            front,
            knobs: Mutex::new(options.knobs),
            chance: Mutex::new(Dice::new(options.seed, "knobs")),
        }
    }

    pub(crate) fn client(&self, client_id: &str) -> Option<Arc<Registered>> {
        self.registry.find(client_id)
    }

    /// Looks at, or turns, the knobs.
    pub(crate) fn knobs<T>(&self, turn: impl FnOnce(&mut Knobs) -> T) -> T {
        turn(&mut lock(&self.knobs))
    }

    /// Notes a call without the client certificate that it needs.
    pub(crate) fn missed_certificate(&self, call: &Call) {
        // without TLS there is none to be had, and that is noted already
        if call.wire.tls().is_some() {
            let detail = format!("{} called without a client certificate", call.uri.path());
            self.journal.breach(Breach::CertificateMissing, detail);
        }
    }

    /// The position of one knob on this occasion; uses up a rule that applies to it.
    pub(crate) fn meet<T: Clone>(
        &self,
        occasion: Occasion<'_>,
        which: impl FnOnce(&mut Knobs) -> &mut Knob<T>,
    ) -> T {
        which(&mut lock(&self.knobs)).meet(occasion, &mut lock(&self.chance))
    }
}
