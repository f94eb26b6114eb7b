//! `POST applications/{id}/renewSecret`: a new secret, and the old one dies at once.

use http::StatusCode;
use serde_json::json;

use super::{Party, Refusal, Reply, refused};
use crate::bank::Bank;
use crate::registry::Secret;

/// Replaces the secret.
///
/// Errors: 401 `invalid_client`.
pub(super) fn renew(bank: &Bank, party: &Party, id: &str) -> Result<Reply, Refusal> {
    let secret = bank.random.uuid();
    let changed =
        bank.registry.change(&party.licence, id, |known| known.secret = Secret::of(&secret));
    changed.map_err(|conflict| refused(bank, conflict))?;
    let body = json!({ "client_id": id, "client_secret": secret, "client_secret_expires_at": 0 });
    Ok(Reply(StatusCode::OK, Some(body)))
}
