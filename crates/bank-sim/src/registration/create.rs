//! `POST applications` (bank-api facts 4.1 and 4.2): identifier and secret are random UUIDs, and the
//! secret is shown this once.

use http::StatusCode;
use serde_json::json;

use super::wanted::Wanted;
use super::{Party, Refusal, Reply, details, refused};
use crate::bank::Bank;
use crate::call::Call;
use crate::registry::{Application, ApplicationType, Secret};

/// Registers an application of the caller's.
///
/// Errors: those of [`Wanted::read`], and 400 `invalid_request` for a name that the caller has used,
/// or for too many applications.
pub(super) fn create(bank: &Bank, call: &Call, party: &Party) -> Result<Reply, Refusal> {
    let wanted = Wanted::read(call, party)?;
    let secret = bank.random.uuid();
    let mut application = Application {
        client_id: bank.random.uuid(),
        licence: party.licence.clone(),
        application_type: ApplicationType::Web,
        name: String::new(),
        localized_name: None,
        redirect_uris: Vec::new(),
        scopes: Vec::new(),
        logo_uri: None,
        contact: None,
        secret: Secret::of(&secret),
    };
    wanted.write_to(&mut application);
    let mut body = details::full(&application);
    bank.registry.create(application).map_err(|conflict| refused(bank, conflict))?;
    body.insert("client_secret".to_owned(), json!(secret));
    body.insert("api_key".to_owned(), json!(details::NO_KEY));
    Ok(Reply(StatusCode::CREATED, Some(body.into())))
}
