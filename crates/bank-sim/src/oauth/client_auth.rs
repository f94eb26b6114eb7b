//! Who calls: the TLS certificate and the client's secret must name the same party. Basic or form
//! fields (RFC 6749, 2.3.1; bank-api fact 5.3); with form fields the presence of `client_id`
//! starts the check.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::OauthError;
use crate::bank::Bank;
use crate::call::Call;
use crate::form::Fields;
use crate::journal::Breach;
use crate::knobs::{ClientAuth, Occasion, WebFlow};
use crate::registry::Registered;

/// What an endpoint takes for proof of who calls.
#[derive(Clone, Copy)]
pub(super) struct Demand {
    certificate: bool,
    accepted: ClientAuth,
}

impl Demand {
    /// Of the token endpoint, as the knobs have it for this request.
    pub(super) fn of_token(bank: &Bank, occasion: Occasion<'_>, generation: WebFlow) -> Self {
        Self {
            certificate: bank.meet(occasion, |knobs| &mut knobs.require_mtls_at_token),
            accepted: generation.client_auth(bank.meet(occasion, |knobs| &mut knobs.client_auth)),
        }
    }

    /// Of another endpoint, which takes `accepted` whatever the token endpoint takes, and leaves
    /// the knobs of the token endpoint as they are.
    pub(super) fn beside_token(bank: &Bank, accepted: ClientAuth) -> Self {
        let certificate = bank.knobs(|knobs| *knobs.require_mtls_at_token.lasting());
        Self { certificate, accepted }
    }
}

/// Checks certificate and secret.
///
/// In: the call and its form, and what the endpoint demands. Out: the client.
/// Errors: 401 as in the table of bank-api fact 5.7.
pub(super) fn authenticate(
    bank: &Bank,
    call: &Call,
    form: &Fields,
    demand: Demand,
) -> Result<Arc<Registered>, OauthError> {
    let accepted = demand.accepted;
    if demand.certificate && call.peer.is_none() {
        bank.missed_certificate(call);
        let description = "Client certificate is required";
        return Err(OauthError::unauthorized("invalid_client", description));
    }
    let client = match basic(call) {
        Some(credentials) => by_basic(bank, call, form, credentials, accepted)?,
        None if accepted == ClientAuth::Basic => return Err(OauthError::bad_basic()),
        None => by_form(bank, form)?,
    };
    if bank.registry.is_blocked(&client.licence) {
        return Err(OauthError::unauthorized("invalid_client", "Third party is blocked"));
    }
    match &call.peer {
        Some(peer) if peer.licence.as_deref() != Some(&client.licence) => {
            let detail = format!("certificate of another party for {}", client.client_id);
            bank.journal.breach(Breach::CertificateForeign, detail);
            let description = "Client certificate does not belong to the client";
            Err(OauthError::unauthorized("invalid_client", description))
        }
        _ => Ok(client),
    }
}

/// A Basic header that cannot be read.
struct Unreadable;

/// Credentials of an `Authorization: Basic` header, if there is one.
fn basic(call: &Call) -> Option<Result<(String, String), Unreadable>> {
    let mut values = call.headers.get_all("authorization").iter();
    let value = values.next()?;
    if values.next().is_some() {
        return Some(Err(Unreadable));
    }
    let value = value.to_str().ok()?;
    let (scheme, credentials) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("basic").then(|| {
        let decoded = STANDARD.decode(credentials.trim()).map_err(|_| Unreadable)?;
        let decoded = String::from_utf8(decoded).map_err(|_| Unreadable)?;
        let (client_id, secret) = decoded.split_once(':').ok_or(Unreadable)?;
        Ok((client_id.to_owned(), secret.to_owned()))
    })
}

fn by_basic(
    bank: &Bank,
    call: &Call,
    form: &Fields,
    credentials: Result<(String, String), Unreadable>,
    accepted: ClientAuth,
) -> Result<Arc<Registered>, OauthError> {
    let known = credentials.ok().and_then(|(client_id, secret)| {
        bank.client(&client_id).filter(|client| client.knows(&secret))
    });
    let client =
        known.filter(|_| accepted != ClientAuth::Post).ok_or_else(OauthError::bad_basic)?;
    match form.first("client_id") {
        Some(other) if other != client.client_id => {
            let detail = format!("client_id differs from Basic at {}", call.uri.path());
            bank.journal.breach(Breach::ClientIdDiffers, detail);
            let description = "Given client ID does not match authenticated client";
            Err(OauthError::unauthorized("invalid_client", description))
        }
        _ => Ok(client),
    }
}

fn by_form(bank: &Bank, form: &Fields) -> Result<Arc<Registered>, OauthError> {
    let client_id = form.first("client_id").ok_or_else(|| {
        let description = "Full authentication is required to access this resource";
        OauthError::unauthorized("unauthorized", description)
    })?;
    let secret = form.first("client_secret").unwrap_or("");
    let client = bank.client(client_id).filter(|client| client.knows(secret));
    client.ok_or_else(|| OauthError::bad_form("invalid_client", "Bad client credentials"))
}
