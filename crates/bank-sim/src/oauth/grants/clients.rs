//! What becomes of tokens when the registration of their client changes (bank-api fact 4.4).

use super::Grants;

impl Grants {
    /// Ends the access tokens of a client; its refresh tokens stay.
    pub(crate) fn drop_access_of_client(&mut self, client_id: &str) {
        let own = self.grants.iter_mut().filter(|grant| grant.authorized.client_id == client_id);
        own.for_each(|grant| grant.access = None);
    }

    /// Forgets everything that was allowed to a client, codes under way included.
    pub(crate) fn drop_client(&mut self, client_id: &str) {
        self.grants.retain(|grant| grant.authorized.client_id != client_id);
        self.codes.retain(|_, code| code.authorized.client_id != client_id);
    }
}
