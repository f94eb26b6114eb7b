//! Who registers: the third party of the certificate (bank-api facts 4.5 and 7.5).

use super::Refusal;
use crate::bank::Bank;
use crate::call::Call;
use crate::journal::Door;
use crate::pki::Role;
use crate::symbols::{self, Symbol};

/// A licensed third party.
pub(super) struct Party {
    /// What owns an application; in the sandbox the certificate's symbol.
    pub(super) licence: String,
    pub(super) organization: Option<String>,
    pub(super) roles: Vec<Role>,
}

/// The third party behind the certificate.
///
/// Errors: 401 `unauthorized_client`, 401 `access_denied`.
pub(super) fn party(bank: &Bank, call: &Call) -> Result<Party, Refusal> {
    let party = match call.door {
        Door::Sandbox => symbolic(call)?,
        Door::Front | Door::Tls | Door::Control => certified(call)?,
    };
    if bank.registry.is_blocked(&party.licence) {
        return Err(Refusal::access_denied("The third party is blocked."));
    }
    Ok(party)
}

fn certified(call: &Call) -> Result<Party, Refusal> {
    let missing = || Refusal::unauthorized_client("Client certificate is missing or unreadable.");
    let peer = call.peer.as_ref().ok_or_else(missing)?;
    let licence = peer.licence.clone().filter(|licence| licence.starts_with("PSD"));
    let (Some(licence), Some(roles)) = (licence, peer.roles.clone()) else {
        return Err(unlicensed());
    };
    Ok(Party { licence, organization: peer.organization.clone(), roles })
}

fn symbolic(call: &Call) -> Result<Party, Refusal> {
    match symbols::certificate(&call.headers) {
        Symbol::Licensed { word, roles } => {
            Ok(Party { licence: word.to_owned(), organization: Some(word.to_owned()), roles })
        }
        Symbol::Unlicensed => Err(unlicensed()),
        Symbol::Unknown => Err(Refusal::unauthorized_client("Client certificate is unknown.")),
    }
}

fn unlicensed() -> Refusal {
    Refusal::access_denied("Certificate without PSD2 licence.")
}
