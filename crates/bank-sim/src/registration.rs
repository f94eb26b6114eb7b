//! Registration of applications below `/psd2-cobs/cobs/{2.0,5.0}/applications` (bank-api facts 1.5,
//! 4 and 7.5). The client certificate alone says who calls; there is neither token nor secret. What
//! is checked comes in the order of fact 4.5: certificate, licence, scopes, fields, redirect URIs,
//! and last whose application it is.
//!
//! The standard has no list call and ČNB does not publish the form of its own: here it is an object
//! with the array `applications` of details, ordered by `client_id`, without pages. A third party's
//! block by the bank (which the product has since 1.4.0) answers `access_denied` here, `invalid_client`
//! at the token endpoint and `FORBIDDEN` in the API, which is derived too.

mod change;
mod create;
mod delete;
mod details;
mod party;
mod read;
mod redirect;
mod refusal;
mod renew;
mod wanted;

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Extension, Json, Router};
use http::StatusCode;
use serde_json::Value;

use crate::bank::Bank;
use crate::call::Call;
use crate::journal::Breach;
use crate::knobs::Occasion;
use crate::registry::{Application, Conflict};
use crate::{BankSim, api};
use party::Party;
use refusal::Refusal;

/// The routes of both versions, and what is said beside them.
pub(crate) fn routes() -> Router<Arc<Bank>> {
    let routes = ["2.0", "5.0"].into_iter().fold(Router::new(), |routes, version| {
        let all = format!("/psd2-cobs/cobs/{version}/applications");
        let one = get(detail).put(change).delete(delete);
        routes
            .route(&all, get(list).post(create).fallback(wrong_method))
            .route(&format!("{all}/{{id}}"), one.fallback(wrong_method))
            .route(&format!("{all}/{{id}}/renewSecret"), post(renew).fallback(wrong_method))
    });
    // what else is below is not the API's to answer, nor are other versions
    let places = ["", "/", "/{id}", "/{id}/", "/{id}/{*rest}"];
    places.into_iter().fold(routes, |routes, place| {
        routes.route(&format!("/psd2-cobs/cobs/{{version}}/applications{place}"), any(unknown))
    })
}

impl BankSim {
    /// The registered applications, without secrets.
    pub fn applications(&self) -> Vec<Application> {
        self.bank.registry.all().iter().map(|known| Application::clone(known)).collect()
    }

    /// Blocks the third party with this licence: registration, token endpoint and API refuse it.
    pub fn block_tpp(&self, licence: &str) {
        self.bank.registry.block(licence);
    }

    /// Ends the block.
    pub fn unblock_tpp(&self, licence: &str) {
        self.bank.registry.unblock(licence);
    }
}

async fn create(State(bank): State<Arc<Bank>>, Extension(call): Extension<Arc<Call>>) -> Response {
    answer(&bank, &call, |party| create::create(&bank, &call, party))
}

async fn list(State(bank): State<Arc<Bank>>, Extension(call): Extension<Arc<Call>>) -> Response {
    answer(&bank, &call, |party| Ok(read::list(&bank, &call, party)))
}

async fn detail(
    State(bank): State<Arc<Bank>>,
    Path(id): Path<String>,
    Extension(call): Extension<Arc<Call>>,
) -> Response {
    answer(&bank, &call, |party| read::detail(&bank, &call, party, &id))
}

async fn change(
    State(bank): State<Arc<Bank>>,
    Path(id): Path<String>,
    Extension(call): Extension<Arc<Call>>,
) -> Response {
    answer(&bank, &call, |party| change::change(&bank, &call, party, &id))
}

async fn renew(
    State(bank): State<Arc<Bank>>,
    Path(id): Path<String>,
    Extension(call): Extension<Arc<Call>>,
) -> Response {
    answer(&bank, &call, |party| renew::renew(&bank, party, &id))
}

async fn delete(
    State(bank): State<Arc<Bank>>,
    Path(id): Path<String>,
    Extension(call): Extension<Arc<Call>>,
) -> Response {
    answer(&bank, &call, |party| delete::delete(&bank, &call, party, &id))
}

async fn unknown(State(bank): State<Arc<Bank>>, Extension(call): Extension<Arc<Call>>) -> Response {
    answer(&bank, &call, |_| Err(Refusal::no_resource()))
}

async fn wrong_method(
    State(bank): State<Arc<Bank>>,
    Extension(call): Extension<Arc<Call>>,
) -> Response {
    answer(&bank, &call, |_| Err(Refusal::method()))
}

/// A good answer; without a body where there is none.
struct Reply(StatusCode, Option<Value>);

fn answer(
    bank: &Bank,
    call: &Call,
    act: impl FnOnce(&Party) -> Result<Reply, Refusal>,
) -> Response {
    if call.headers.contains_key("authorization") {
        bank.journal.violation(format!("Authorization sent to {}", call.uri.path()));
    }
    let reply = match bank.meet(Occasion::of(call), |knobs| &mut knobs.registration_failure) {
        Some(status) => Err(Refusal::server_error(status)),
        None => party::party(bank, call).and_then(|party| act(&party)),
    };
    let response = match reply {
        Ok(Reply(status, Some(body))) => (status, Json(body)).into_response(),
        Ok(Reply(status, None)) => status.into_response(),
        Err(refusal) => refusal.into_response(),
    };
    api::echo(bank, call, response)
}

/// Why an application was not taken or changed, in the words of the registration.
fn refused(bank: &Bank, conflict: Conflict) -> Refusal {
    match conflict {
        Conflict::NameTaken => Refusal::request("Application with given name already exists."),
        Conflict::TooMany => Refusal::request("Too many applications."),
        Conflict::Unknown => Refusal::unknown(),
        Conflict::Foreign => {
            let detail = "registration of another party's application";
            bank.journal.breach(Breach::RegistrationForeign, detail);
            Refusal::unknown()
        }
    }
}
