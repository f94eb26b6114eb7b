//! What a test does with the bank's certificates while it runs. All of it counts for the next
//! connection; a client certificate that no longer stands is refused on open connections too.

use crate::bank::Bank;
use crate::pki::server::ServerFault;
use crate::{BankSim, Error, Identity};

/// What can be done.
pub(crate) enum Act {
    /// A new server key and certificate of the same authority; ends a fault.
    Renew,
    Spoil(ServerFault),
    /// A new root and issuing authority, and a server certificate of theirs.
    Rotate,
    /// Client certificates of former authorities are refused.
    RetireOld,
    /// A client certificate, PEM.
    Revoke(String),
}

/// Does it. False: the certificate to revoke is of no authority of the bank.
pub(crate) fn carry_out(bank: &Bank, act: &Act) -> Result<bool, Error> {
    let (pki, doors) = (&bank.pki, &bank.doors);
    match act {
        Act::Renew => doors.show(pki, None)?,
        Act::Spoil(fault) => doors.show(pki, Some(*fault))?,
        Act::Rotate => {
            pki.rotate()?;
            doors.show(pki, None)?;
        }
        Act::RetireOld => {
            pki.retire();
            doors.reload(pki)?;
        }
        Act::Revoke(pem) => {
            let known = pki.revoke(pem, bank.clock.now());
            doors.reload(pki)?;
            return Ok(known);
        }
    }
    Ok(true)
}

impl BankSim {
    /// Revokes a client certificate of the bank's authority: the handshake refuses it with
    /// `certificate_revoked`, and a request by an open connection counts as one without
    /// certificate.
    ///
    /// Out: false when no authority of the bank has issued it. Errors: a list that cannot be signed.
    pub fn revoke_certificate(&self, identity: &Identity) -> Result<bool, Error> {
        carry_out(&self.bank, &Act::Revoke(identity.cert_pem.clone()))
    }

    /// A new server key and certificate of the same authority; ends a [`ServerFault`].
    ///
    /// Errors: a certificate that cannot be made.
    pub fn renew_server_certificate(&self) -> Result<(), Error> {
        carry_out(&self.bank, &Act::Renew).map(drop)
    }

    /// Shows a spoilt server certificate at the TLS doors.
    ///
    /// Errors: a certificate that cannot be made.
    pub fn serve_certificate(&self, fault: ServerFault) -> Result<(), Error> {
        carry_out(&self.bank, &Act::Spoil(fault)).map(drop)
    }

    /// A new root and issuing authority, and a server certificate of theirs. [`crate::Pki::ca_pem`]
    /// and new identities are the new ones; client certificates of the old ones stay good until
    /// [`BankSim::retire_old_authority`].
    ///
    /// Errors: a certificate that cannot be made.
    pub fn rotate_authority(&self) -> Result<(), Error> {
        carry_out(&self.bank, &Act::Rotate).map(drop)
    }

    /// Refuses client certificates of all authorities but the present one.
    ///
    /// Errors: a list that cannot be signed.
    pub fn retire_old_authority(&self) -> Result<(), Error> {
        carry_out(&self.bank, &Act::RetireOld).map(drop)
    }

    /// Identities of a third party with this licence, for every case that a bank and a third party
    /// have to tell apart, each with its name: `aisp`, `pisp`, `all`, `ic` (card-based instruments)
    /// and `as` (account servicing) differ by their roles, `other` is of another licence
    /// (`PSDCZ-CNB-87654321`, both roles), `no-psd` has neither licence nor PSD2 statement; `expired`, `not-yet-valid`, `untrusted` and `revoked` do not pass the handshake.
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
