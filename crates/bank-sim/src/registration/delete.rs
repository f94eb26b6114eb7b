//! `DELETE applications/{id}`: the application goes, and all its tokens and codes with it.

use http::StatusCode;

use super::{Party, Refusal, Reply, refused};
use crate::Reach;
use crate::bank::Bank;
use crate::call::Call;
use crate::knobs::Occasion;
use crate::sync::lock;

/// Forgets the application.
///
/// Errors: 401 `invalid_client`.
pub(super) fn delete(bank: &Bank, call: &Call, party: &Party, id: &str) -> Result<Reply, Refusal> {
    let removed = bank.registry.remove(&party.licence, id);
    removed.map_err(|conflict| refused(bank, conflict))?;
    lock(&bank.grants).withdraw_client(id, Reach::Everything);
    let status = bank.meet(Occasion::of(call), |knobs| &mut knobs.registration_delete_status);
    Ok(Reply(StatusCode::from_u16(status).unwrap_or(StatusCode::NO_CONTENT), None))
}
