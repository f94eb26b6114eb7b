//! What a test does with the bank's certificates while it runs. All of it counts for the next
//! connection; a client certificate that no longer stands is refused on open connections too.

use crate::pki::server::ServerFault;
use crate::{BankSim, Error, Identity};

impl BankSim {
    /// Revokes a client certificate of the bank's authority: the handshake refuses it with
    /// `certificate_revoked`, and a request by an open connection counts as one without
    /// certificate.
    ///
    /// Out: false when no authority of the bank has issued it. Errors: a list that cannot be signed.
    pub fn revoke_certificate(&self, identity: &Identity) -> Result<bool, Error> {
        let known = self.bank.pki.revoke(identity, self.bank.clock.now());
        self.bank.doors.reload(&self.bank.pki)?;
        Ok(known)
    }

    /// A new server key and certificate of the same authority; ends a [`ServerFault`].
    ///
    /// Errors: a certificate that cannot be made.
    pub fn renew_server_certificate(&self) -> Result<(), Error> {
        self.bank.doors.show(&self.bank.pki, None)
    }

    /// Shows a spoilt server certificate at the TLS doors.
    ///
    /// Errors: a certificate that cannot be made.
    pub fn serve_certificate(&self, fault: ServerFault) -> Result<(), Error> {
        self.bank.doors.show(&self.bank.pki, Some(fault))
    }

    /// A new root and issuing authority, and a server certificate of theirs. [`crate::Pki::ca_pem`]
    /// and new identities are the new ones; client certificates of the old ones stay good until
    /// [`BankSim::retire_old_authority`].
    ///
    /// Errors: a certificate that cannot be made.
    pub fn rotate_authority(&self) -> Result<(), Error> {
        self.bank.pki.rotate()?;
        self.renew_server_certificate()
    }

    /// Refuses client certificates of all authorities but the present one.
    ///
    /// Errors: a list that cannot be signed.
    pub fn retire_old_authority(&self) -> Result<(), Error> {
        self.bank.pki.retire();
        self.bank.doors.reload(&self.bank.pki)
    }

    /// Identities of a third party with this licence, for every case that a bank and a third party
    /// have to tell apart, each with its name: `aisp`, `pisp`, `all`, `ic` (card-based instruments)
    /// and `as` (account servicing) differ by their roles, `no-psd` has neither licence nor PSD2
    /// statement; `expired`, `not-yet-valid`, `untrusted` and `revoked` do not pass the handshake.
    ///
    /// Errors: a list that cannot be signed.
    pub fn identities(&self, licence: &str) -> Result<Vec<(&'static str, Identity)>, Error> {
        let identities = self.bank.pki.ready_made(licence);
        for (_, identity) in identities.iter().filter(|(name, _)| *name == "revoked") {
            self.revoke_certificate(identity)?;
        }
        Ok(identities)
    }
}
