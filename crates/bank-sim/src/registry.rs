//! The applications that third parties have registered, by `client_id`, and the third parties that
//! the bank has blocked.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex};

use aws_lc_rs::{constant_time, digest};

use crate::Client;
use crate::sync::lock;

/// How many applications one third party may have.
const MOST: usize = 1000;

/// All registered applications.
#[derive(Default)]
pub(crate) struct Registry {
    applications: Mutex<BTreeMap<String, Arc<Application>>>,
    blocked: Mutex<BTreeSet<String>>,
}

/// Why an application was not taken or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conflict {
    /// The third party has another application of that name.
    NameTaken,
    /// The third party has too many.
    TooMany,
    /// There is no such application.
    Unknown,
    /// It is another third party's.
    Foreign,
}

impl Registry {
    pub(crate) fn new(clients: Vec<Client>) -> Self {
        let registered = clients.into_iter().map(Application::from);
        let registered = registered.map(|known| (known.client_id.clone(), Arc::new(known)));
        Self { applications: Mutex::new(registered.collect()), blocked: Mutex::default() }
    }

    pub(crate) fn find(&self, client_id: &str) -> Option<Arc<Application>> {
        lock(&self.applications).get(client_id).cloned()
    }

    /// All applications.
    pub(crate) fn all(&self) -> Vec<Arc<Application>> {
        lock(&self.applications).values().cloned().collect()
    }

    /// An application of the third party with that licence.
    pub(crate) fn of(&self, licence: &str, id: &str) -> Result<Arc<Application>, Conflict> {
        owned(&lock(&self.applications), licence, id).cloned()
    }

    /// Takes a new application.
    pub(crate) fn create(&self, new: Application) -> Result<(), Conflict> {
        let mut applications = lock(&self.applications);
        let own = applications.values().filter(|known| known.licence == new.licence);
        if own.count() >= MOST {
            return Err(Conflict::TooMany);
        }
        check_name(&applications, &new)?;
        applications.insert(new.client_id.clone(), Arc::new(new));
        Ok(())
    }

    /// Changes an application of the third party with that licence. Out: as it was, and as it is.
    pub(crate) fn change(
        &self,
        licence: &str,
        id: &str,
        change: impl FnOnce(&mut Application),
    ) -> Result<[Arc<Application>; 2], Conflict> {
        let mut applications = lock(&self.applications);
        let old = owned(&applications, licence, id)?.clone();
        let mut new = Application::clone(&old);
        change(&mut new);
        check_name(&applications, &new)?;
        let new = Arc::new(new);
        applications.insert(id.to_owned(), new.clone());
        Ok([old, new])
    }

    /// Forgets an application of the third party with that licence.
    pub(crate) fn remove(&self, licence: &str, id: &str) -> Result<(), Conflict> {
        let mut applications = lock(&self.applications);
        owned(&applications, licence, id)?;
        applications.remove(id);
        Ok(())
    }

    pub(crate) fn block(&self, licence: &str) {
        lock(&self.blocked).insert(licence.to_owned());
    }

    pub(crate) fn unblock(&self, licence: &str) {
        lock(&self.blocked).remove(licence);
    }

    pub(crate) fn is_blocked(&self, licence: &str) -> bool {
        lock(&self.blocked).contains(licence)
    }
}

fn owned<'a>(
    applications: &'a BTreeMap<String, Arc<Application>>,
    licence: &str,
    id: &str,
) -> Result<&'a Arc<Application>, Conflict> {
    let known = applications.get(id).ok_or(Conflict::Unknown)?;
    if known.licence == licence { Ok(known) } else { Err(Conflict::Foreign) }
}

fn check_name(
    applications: &BTreeMap<String, Arc<Application>>,
    new: &Application,
) -> Result<(), Conflict> {
    let taken = |known: &Arc<Application>| {
        known.client_id != new.client_id
            && (&known.licence, &known.name) == (&new.licence, &new.name)
    };
    if applications.values().any(taken) { Err(Conflict::NameTaken) } else { Ok(()) }
}

/// The name that the rest of the crate has for it.
pub(crate) type Registered = Application;

/// A registered application (bank-api fact 4.1), its secret known by digest only.
#[derive(Clone, Debug)]
pub struct Application {
    /// `client_id`.
    pub client_id: String,
    /// `organizationIdentifier` of the third party it belongs to; in the sandbox the symbol of the
    /// certificate.
    pub licence: String,
    /// `application_type`.
    pub application_type: ApplicationType,
    /// `client_name`.
    pub name: String,
    /// `client_name#en-US`.
    pub localized_name: Option<String>,
    /// `redirect_uris`.
    pub redirect_uris: Vec<String>,
    /// `scopes`.
    pub scopes: Vec<String>,
    /// `logo_uri`.
    pub logo_uri: Option<String>,
    /// `contact`.
    pub contact: Option<String>,
    pub(crate) secret: Secret,
}

/// Where an application runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApplicationType {
    /// On a server; its redirect URIs are http or https.
    Web,
    /// On a device; its redirect URIs may have a scheme of their own.
    Native,
}

impl Application {
    pub(crate) fn knows(&self, secret: &str) -> bool {
        let (shown, known) = (Secret::of(secret), &self.secret);
        constant_time::verify_slices_are_equal(shown.0.as_ref(), known.0.as_ref()).is_ok()
    }
}

impl From<Client> for Application {
    fn from(client: Client) -> Self {
        Self {
            secret: Secret::of(&client.client_secret),
            client_id: client.client_id,
            licence: client.licence,
            application_type: ApplicationType::Web,
            name: client.name,
            localized_name: None,
            redirect_uris: client.redirect_uris,
            scopes: client.scopes,
            logo_uri: None,
            contact: None,
        }
    }
}

/// Digest of a client secret. The product keeps bcrypt hashes; slowness protects what people choose,
/// while secrets of the registration are random UUIDs, which nobody finds by trying.
#[derive(Clone)]
pub(crate) struct Secret(digest::Digest);

impl Secret {
    pub(crate) fn of(secret: &str) -> Self {
        Self(digest::digest(&digest::SHA256, secret.as_bytes()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}
