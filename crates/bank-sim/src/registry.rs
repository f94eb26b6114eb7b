//! The applications that third parties have registered, by `client_id`.

use std::sync::{Arc, Mutex};

use aws_lc_rs::{constant_time, digest};

use crate::Client;
use crate::sync::lock;

/// All registered applications.
pub(crate) struct Registry(Mutex<Vec<Arc<Registered>>>);

impl Registry {
    pub(crate) fn new(clients: Vec<Client>) -> Self {
        let registered = clients.into_iter().map(|client| Arc::new(Registered::from(client)));
        Self(Mutex::new(registered.collect()))
    }

    pub(crate) fn find(&self, client_id: &str) -> Option<Arc<Registered>> {
        lock(&self.0).iter().find(|client| client.client_id == client_id).cloned()
    }
}

/// A registered application, its secret known by digest only.
#[derive(Clone)]
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
