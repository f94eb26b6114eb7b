//! Consents as the API tells them (bank-api fact 14): one of each person for each application, with
//! what it opens by account. Withdrawing it ends the tokens of that person and application.

use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::accounts::local_time;
use super::query::known;
use super::{Refusal, Reply};
use crate::bank::Bank;
use crate::call::Call;
use crate::data::Account;
use crate::form::Fields;
use crate::knobs::Occasion;
use crate::oauth::Authorized;
use crate::sync::lock;

/// `GET /my/consents`.
///
/// Errors: 400 `PARAMETER_INVALID`; 404 `NOT_FOUND` where the bank has no such resource.
pub(super) fn list(
    bank: &Bank,
    call: &Call,
    authorized: &Authorized,
    query: &Fields,
) -> Result<Value, Refusal> {
    present(bank, call, authorized)?;
    known(query, &[])?;
    let customer = bank.ledger.customer(&authorized.user).ok_or_else(Refusal::not_found)?;
    let allowed = allowed(bank, authorized);
    let until = allowed.iter().filter_map(|one| {
        bank.consents.ends(bank, Occasion::of(call), one).map(Timestamp::from_millisecond)
    });
    let until = until.flatten().min().map(local_time);
    let consents = customer.accounts.iter().filter_map(|account| {
        let accesses = accesses(&allowed, account);
        (!accesses.is_empty()).then(|| {
            json!({
                "identification": {
                    "iban": account.number.iban(),
                    "other": account.number.local(),
                },
                "accesses": accesses,
                "validUntil": until,
            })
        })
    });
    let id = bank.consents.name(authorized, &bank.random);
    Ok(json!({ "consentId": id, "consents": consents.collect::<Vec<_>>() }))
}

/// `DELETE /my/consents/{consentId}`.
///
/// Errors: 404 `NOT_FOUND`.
pub(super) fn withdraw(
    bank: &Bank,
    call: &Call,
    authorized: &Authorized,
    id: &str,
) -> Result<Reply, Refusal> {
    present(bank, call, authorized)?;
    if !bank.consents.withdraw(authorized, id) {
        return Err(Refusal::not_found());
    }
    lock(&bank.grants).withdraw_pair(&authorized.user, &authorized.client_id);
    Ok(Reply { status: StatusCode::NO_CONTENT, body: None, amount: None })
}

fn present(bank: &Bank, call: &Call, authorized: &Authorized) -> Result<(), Refusal> {
    let occasion = Occasion::of(call).about(Some(&authorized.user));
    let present = bank.meet(occasion, |knobs| &mut knobs.consents_resource);
    if present { Ok(()) } else { Err(Refusal::not_found()) }
}

/// What the person has allowed the application; in the sandbox, where nobody has, what the token
/// stands for.
fn allowed(bank: &Bank, authorized: &Authorized) -> Vec<Authorized> {
    let of_pair = lock(&bank.grants).of_pair(&authorized.user, &authorized.client_id);
    if of_pair.is_empty() { vec![authorized.clone()] } else { of_pair }
}

/// The standard mixes the prefixes `AIS` and `AISP`; these are always `AISP`.
fn accesses(allowed: &[Authorized], account: &Account) -> Vec<&'static str> {
    let open = allowed.iter().filter(|one| one.accounts.contains(&account.id));
    let accesses = open.flat_map(|one| match one.scope.as_str() {
        "aisp" => &["AISP.accounts", "AISP.balances", "AISP.transactions"][..],
        _ => &["PIS"][..],
    });
    accesses.copied().collect()
}
