//! Admission to a resource, in the order of bank-api fact 7.1: first who calls (certificate,
//! licence, token), then, once the resource is known, whether they may (role, scope). The sandbox
//! takes symbolic tokens and certificates, everything else the real ones.

use http::StatusCode;

use super::Refusal;
use super::resource::Need;
use crate::bank::Bank;
use crate::call::Call;
use crate::journal::{Breach, Door};
use crate::knobs::{NoScope, Occasion};
use crate::oauth::{Access, Authorized};
use crate::orders::Owner;
use crate::pki::Role;
use crate::symbols::{self, Symbol};
use crate::sync::lock;

/// The longest token (bank-api fact 2.5).
const LONGEST_TOKEN: usize = 1024;

/// Who calls, as the certificate proves it.
pub(super) struct Party {
    roles: Vec<Role>,
    /// `None` in the sandbox, whose certificates are symbols.
    licence: Option<String>,
}

/// Who calls, for which person.
pub(super) struct Caller<'a> {
    bank: &'a Bank,
    call: &'a Call,
    party: Party,
    authorized: Authorized,
}

/// The party behind the certificate; `missing` is the status without one.
///
/// Errors: 401 `UNAUTHORISED`, 403 `FORBIDDEN`.
pub(super) fn party(
    bank: &Bank,
    call: &Call,
    occasion: Occasion<'_>,
    missing: StatusCode,
) -> Result<Party, Refusal> {
    if call.door == Door::Sandbox {
        return symbolic_party(bank, call, occasion);
    }
    let peer = call.peer.as_ref().ok_or_else(|| {
        bank.missed_certificate(call);
        match missing {
            StatusCode::FORBIDDEN => Refusal::forbidden("client certificate missing"),
            _ => Refusal::unauthorised("client certificate missing"),
        }
    })?;
    if !peer.is_licensed() {
        return Err(no_psd(bank, occasion));
    }
    if peer.licence.as_deref().is_some_and(|licence| bank.registry.is_blocked(licence)) {
        return Err(Refusal::forbidden("third party blocked"));
    }
    Ok(Party { roles: peer.roles.clone().unwrap_or_default(), licence: peer.licence.clone() })
}

/// The person behind the token.
///
/// Errors: 401 `UNAUTHORISED`, 403 `FORBIDDEN`.
pub(super) fn person<'a>(
    bank: &'a Bank,
    call: &'a Call,
    occasion: Occasion<'_>,
    party: Party,
) -> Result<Caller<'a>, Refusal> {
    let token = bearer(call)?;
    let authorized = match call.door {
        Door::Sandbox => symbolic_person(bank, token)?,
        Door::Front | Door::Tls | Door::Control => owner(bank, occasion, token, &party)?,
    };
    Ok(Caller { bank, call, party, authorized })
}

/// Whose token the call shows, even if it has expired, for the knobs; nothing is proved by it.
pub(super) fn user(bank: &Bank, call: &Call) -> Option<String> {
    let token = bearer(call).ok()?;
    match call.door {
        Door::Sandbox => symbolic_person(bank, token).ok().map(|authorized| authorized.user),
        Door::Front | Door::Tls | Door::Control => lock(&bank.grants).holder(token),
    }
}

impl Caller<'_> {
    /// Admits the caller to a resource with that need.
    ///
    /// Out: what the person has allowed to whom. Errors: 403 `FORBIDDEN`, or what the knob makes of
    /// it.
    pub(super) fn admit(self, need: Need) -> Result<Owner, Refusal> {
        let need = need.for_scope(&self.authorized.scope);
        let licence = self.party.admit(need)?;
        let scope = need.scope().unwrap_or_default();
        if self.authorized.scope != scope {
            let occasion = Occasion::of(self.call).about(Some(&self.authorized.user));
            let message = "token lacks the scope";
            return Err(match self.bank.meet(occasion, |knobs| &mut knobs.no_scope) {
                NoScope::Forbidden => Refusal::forbidden(message),
                NoScope::Unauthorised => Refusal::unauthorised(message),
                NoScope::Spring => Refusal::insufficient_scope(scope),
            });
        }
        Ok(Owner { authorized: self.authorized, licence })
    }
}

impl Party {
    /// Admits the certificate to a resource with that need.
    ///
    /// Out: the licence, `None` in the sandbox. Errors: 403 `FORBIDDEN`.
    pub(super) fn admit(self, need: Need) -> Result<Option<String>, Refusal> {
        if self.roles.contains(&need.role()) {
            Ok(self.licence)
        } else {
            Err(Refusal::forbidden("certificate lacks the role"))
        }
    }
}

/// What the owner of a real token has allowed.
fn owner(
    bank: &Bank,
    occasion: Occasion<'_>,
    token: &str,
    party: &Party,
) -> Result<Authorized, Refusal> {
    let access = lock(&bank.grants).access(token, bank.clock.millis());
    let authorized = match access {
        Access::Valid(authorized) if bank.consents.is_over(bank, occasion, &authorized) => {
            return Err(over(bank, occasion, "consent expired"));
        }
        Access::Valid(authorized) => authorized,
        Access::Unknown => return Err(Refusal::unauthorised("access token unknown")),
        Access::Expired => return Err(over(bank, occasion, "access token expired")),
    };
    let client = bank.client(&authorized.client_id);
    if client.is_none_or(|client| party.licence.as_ref() != Some(&client.licence)) {
        let detail = format!("token of {} with another party's certificate", authorized.client_id);
        bank.journal.breach(Breach::CertificateForeign, detail);
        return Err(Refusal::forbidden("certificate of another party"));
    }
    Ok(authorized)
}

/// The refusal of a certificate without PSD2 licence (bank-api fact 7.4).
fn no_psd(bank: &Bank, occasion: Occasion<'_>) -> Refusal {
    let message = "certificate without PSD2 licence";
    match bank.meet(occasion, |knobs| &mut knobs.no_psd_status) {
        401 => Refusal::unauthorised(message),
        _ => Refusal::forbidden(message),
    }
}

/// The refusal of what has ended.
fn over(bank: &Bank, occasion: Occasion<'_>, message: &str) -> Refusal {
    match bank.meet(occasion, |knobs| &mut knobs.expired_status) {
        403 => Refusal::forbidden(message),
        _ => Refusal::unauthorised(message),
    }
}

/// The certificates of tables 7.2 and 7.3.
fn symbolic_party(bank: &Bank, call: &Call, occasion: Occasion<'_>) -> Result<Party, Refusal> {
    match symbols::certificate(&call.headers) {
        Symbol::Licensed { roles, .. } => Ok(Party { roles, licence: None }),
        Symbol::Unlicensed => Err(no_psd(bank, occasion)),
        Symbol::Unknown => Err(Refusal::unauthorised("certificate unknown")),
    }
}

/// The tokens of tables 7.2 and 7.3; they open the accounts of the first customer.
fn symbolic_person(bank: &Bank, token: &str) -> Result<Authorized, Refusal> {
    let scope = match token {
        "token-aisp" => "aisp",
        "token-pisp" => "pisp",
        "token-no-scope" => "",
        _ => return Err(Refusal::unauthorised("access token unknown")),
    };
    let customer = bank.ledger.customers.first();
    let ids = |customer: &crate::data::Customer| {
        customer.accounts.iter().map(|account| account.id.clone()).collect()
    };
    Ok(Authorized {
        user: customer.map(|customer| customer.username.clone()).unwrap_or_default(),
        client_id: "sandbox".to_owned(),
        scope: scope.to_owned(),
        accounts: customer.map(ids).unwrap_or_default(),
        language: "cs",
    })
}

/// The token of the only `Authorization: Bearer` header (RFC 6750, 2.1).
fn bearer(call: &Call) -> Result<&str, Refusal> {
    let mut values = call.headers.get_all("authorization").iter();
    let missing = || Refusal::unauthorised("access token missing");
    let value = values.next().ok_or_else(missing)?;
    if values.next().is_some() {
        return Err(Refusal::parameter("Authorization"));
    }
    let (scheme, token) =
        value.to_str().ok().and_then(|value| value.split_once(' ')).ok_or_else(missing)?;
    let whole = scheme.eq_ignore_ascii_case("bearer") && !token.is_empty();
    if whole && token.len() <= LONGEST_TOKEN { Ok(token) } else { Err(missing()) }
}
