//! Everything the bank knows while it runs. One value, shared by all doors.

use std::sync::Mutex;

use aws_lc_rs::{constant_time, digest};

use crate::data::Ledger;
use crate::journal::Journal;
use crate::login::Flows;
use crate::oauth::Grants;
use crate::sync::lock;
use crate::{Client, Clock, Knobs, Options, Random};

/// The state of a running bank.
pub(crate) struct Bank {
    pub(crate) clients: Vec<Registered>,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) journal: Journal,
    pub(crate) ledger: Ledger,
    pub(crate) grants: Mutex<Grants>,
    pub(crate) flows: Mutex<Flows>,
    knobs: Mutex<Knobs>,
}

impl Bank {
    pub(crate) fn new(options: Options) -> Self {
        let ledger = Ledger::open(options.seed, options.clock.today());
        Self {
            clients: options.clients.into_iter().map(Registered::from).collect(),
            clock: options.clock,
            random: options.random,
            journal: Journal::default(),
            ledger,
            grants: Mutex::default(),
            flows: Mutex::default(),
            knobs: Mutex::new(options.knobs),
        }
    }

    pub(crate) fn client(&self, client_id: &str) -> Option<&Registered> {
        self.clients.iter().find(|client| client.client_id == client_id)
    }

    /// Looks at, or turns, the knobs.
    pub(crate) fn knobs<T>(&self, turn: impl FnOnce(&mut Knobs) -> T) -> T {
        turn(&mut lock(&self.knobs))
    }
}

/// A registered application, its secret known by digest only.
pub(crate) struct Registered {
    pub(crate) client_id: String,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) licence: String,
    pub(crate) name: String,
    secret: digest::Digest,
}

impl Registered {
    pub(crate) fn knows(&self, secret: &str) -> bool {
        let shown = digest::digest(&digest::SHA256, secret.as_bytes());
        constant_time::verify_slices_are_equal(shown.as_ref(), self.secret.as_ref()).is_ok()
    }
}

impl From<Client> for Registered {
    fn from(client: Client) -> Self {
        Self {
            secret: digest::digest(&digest::SHA256, client.client_secret.as_bytes()),
            client_id: client.client_id,
            redirect_uris: client.redirect_uris,
            scopes: client.scopes,
            licence: client.licence,
            name: client.name,
        }
    }
}
