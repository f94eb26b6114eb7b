//! `PUT applications/{id}`: every field anew. Other scopes end the access tokens of the application,
//! while its refresh tokens stay (bank-api fact 4.4).

use std::collections::BTreeSet;

use http::StatusCode;

use super::wanted::Wanted;
use super::{Party, Refusal, Reply, details, refused};
use crate::Reach;
use crate::bank::Bank;
use crate::call::Call;
use crate::sync::lock;

/// Replaces what was registered.
///
/// Errors: those of create, and 401 `invalid_client`.
pub(super) fn change(bank: &Bank, call: &Call, party: &Party, id: &str) -> Result<Reply, Refusal> {
    let wanted = Wanted::read(call, party)?;
    let changed = bank.registry.change(&party.licence, id, |known| wanted.write_to(known));
    let [old, new] = changed.map_err(|conflict| refused(bank, conflict))?;
    if BTreeSet::from_iter(&old.scopes) != BTreeSet::from_iter(&new.scopes) {
        lock(&bank.grants).withdraw_client(id, Reach::AccessTokens);
    }
    Ok(Reply(StatusCode::OK, Some(details::full(&new).into())))
}
