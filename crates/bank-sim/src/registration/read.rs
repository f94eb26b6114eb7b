//! `GET applications` and `GET applications/{id}`: what was registered, without the secret, which the
//! bank does not know.

use http::StatusCode;
use serde_json::{Value, json};

use super::{Party, Refusal, Reply, details, refused};
use crate::bank::Bank;
use crate::call::Call;
use crate::knobs::Occasion;
use crate::registry::Application;

/// All applications of the caller's.
pub(super) fn list(bank: &Bank, call: &Call, party: &Party) -> Reply {
    let keeps = keeps_contact(bank, call);
    let all = bank.registry.all();
    let own = all.iter().filter(|known| known.licence == party.licence);
    let own: Vec<_> = own.map(|known| detailed(known, keeps)).collect();
    Reply(StatusCode::OK, Some(json!({ "applications": own })))
}

/// One of them.
///
/// Errors: 401 `invalid_client`.
pub(super) fn detail(bank: &Bank, call: &Call, party: &Party, id: &str) -> Result<Reply, Refusal> {
    let known = bank.registry.of(&party.licence, id).map_err(|conflict| refused(bank, conflict))?;
    Ok(Reply(StatusCode::OK, Some(detailed(&known, keeps_contact(bank, call)))))
}

fn detailed(application: &Application, keeps_contact: bool) -> Value {
    let mut body =
        if keeps_contact { details::full(application) } else { details::lasting(application) };
    body.insert("api_key".to_owned(), json!(details::NO_KEY));
    body.into()
}

fn keeps_contact(bank: &Bank, call: &Call) -> bool {
    bank.meet(Occasion::of(call), |knobs| &mut knobs.registration_keeps_contact)
}
