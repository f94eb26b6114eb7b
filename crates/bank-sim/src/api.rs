//! The COBS API below `/psd2-cobs/cobs/2.0/` and `/5.0/` (bank-api facts 2, 7, 8, 9): who calls, what
//! is asked for, whether the caller may, then headers, then the resource.

mod accounts;
mod authorizations;
mod awaiting;
mod batches;
mod consents;
mod entry;
mod exact;
mod funds;
mod guard;
mod headers;
mod hostile;
mod order_status;
mod payments;
mod query;
mod refusal;
mod resource;
mod sign;
mod standing_orders;
mod transactions;
mod unattended;

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderValue, StatusCode, header};
use serde_json::Value;

use crate::bank::Bank;
use crate::call::Call;
use crate::knobs::Occasion;
use crate::orders::{self, Owner};

pub(crate) use refusal::Refusal;
pub(crate) use unattended::Unattended;

use headers::Wants;
use resource::{Need, Resource, Version};

/// Everything below `/psd2-cobs`.
pub(crate) async fn serve(
    State(bank): State<Arc<Bank>>,
    Extension(call): Extension<Arc<Call>>,
) -> Response {
    let user = guard::user(&bank, &call);
    let occasion = Occasion::of(&call).about(user.as_deref());
    let position = bank.meet(occasion, |knobs| &mut knobs.api_reply);
    let answer = match hostile::instead(&position).await {
        Some(response) => response,
        None => match answer(&bank, &call, occasion) {
            Ok(reply) => reply.into_response(),
            Err(refusal) => refusal.into_response(),
        },
    };
    let answer = echo(&bank, &call, answer);
    hostile::spoilt(&call, answer, position).await
}

fn answer(bank: &Bank, call: &Call, occasion: Occasion<'_>) -> Result<Reply, Refusal> {
    orders::sweep(bank);
    let resource = Resource::of(&call.method, call.uri.path());
    let known = resource.as_ref().ok().map(|(_, resource)| resource);
    let fields = known.is_some_and(|resource| resource.need().speaks_of_fields());
    let early = fields.then(|| headers::strictness(bank, occasion));
    if early == Some(true) {
        headers::media(call)?;
    }
    let check = |version: Version, resource: &Resource| {
        let strict = early.unwrap_or_else(|| headers::strictness(bank, occasion));
        headers::check(bank, call, Wants { fields, name: !resource.is_nameless(version) }, strict)
    };
    let missing = known.map_or(StatusCode::UNAUTHORIZED, Resource::without_certificate);
    let party = guard::party(bank, call, occasion, missing)?;
    if known.is_some_and(|resource| resource.need().scope().is_none()) {
        let (version, resource) = resource?;
        let licence = party.admit(resource.need())?;
        check(version, &resource)?;
        return for_party(bank, call, &resource, licence.as_deref());
    }
    let caller = guard::person(bank, call, occasion, party)?;
    let (version, resource) = resource?;
    let owner = caller.admit(resource.need())?;
    check(version, &resource)?;
    unattended::admit(bank, call, &owner.authorized)?;
    match resource.need() {
        Need::Payments => payments_of_person(bank, call, version, resource, &owner),
        _ => accounts_of_person(bank, call, version, resource, &owner),
    }
}

/// Resources for which the certificate is enough.
fn for_party(
    bank: &Bank,
    call: &Call,
    resource: &Resource,
    licence: Option<&str>,
) -> Result<Reply, Refusal> {
    match resource {
        Resource::PaymentStatus(id) => payments::status(bank, licence, id),
        Resource::CardBalanceCheck => funds::check_card(bank, call, licence).map(Reply::from),
        _ => Err(Refusal::not_found()),
    }
}

/// Resources that a person has allowed to look at.
fn accounts_of_person(
    bank: &Bank,
    call: &Call,
    version: Version,
    resource: Resource,
    owner: &Owner,
) -> Result<Reply, Refusal> {
    let (authorized, query) = (&owner.authorized, call.query());
    let body = match resource {
        Resource::Accounts => accounts::list(bank, version, authorized, &query),
        Resource::Balance(id) => accounts::balance(bank, authorized, &id, &query),
        Resource::Transactions(id) => transactions::list(bank, version, authorized, (&id, &query)),
        Resource::Awaiting(id) => awaiting::list(bank, authorized, id.as_deref(), &query),
        Resource::StandingOrders => standing_orders::list(bank, call, version, authorized, &query),
        Resource::StandingOrderDetail(id) => {
            return standing_orders::detail(bank, call, owner, &id);
        }
        Resource::Consents => consents::list(bank, call, authorized, &query),
        Resource::ConsentWithdrawal(id) => return consents::withdraw(bank, call, authorized, &id),
        _ => Err(Refusal::not_found()),
    };
    body.map(Reply::from)
}

/// Resources by which a person has allowed to move money.
fn payments_of_person(
    bank: &Bank,
    call: &Call,
    version: Version,
    resource: Resource,
    owner: &Owner,
) -> Result<Reply, Refusal> {
    let query = call.query();
    let body = match resource {
        Resource::BalanceCheck => funds::check(bank, call, owner),
        Resource::Initiate => return payments::initiate(bank, call, owner),
        Resource::PaymentDetail(id) => return payments::detail(bank, call, version, owner, &id),
        Resource::PaymentDeletion(id) => return payments::delete(bank, call, version, owner, &id),
        Resource::StandingOrderEntry => return standing_orders::enter(bank, call, owner),
        Resource::StandingOrderChange(id) => {
            return standing_orders::change(bank, call, owner, &id);
        }
        Resource::StandingOrderDeletion(id) => {
            return standing_orders::delete(bank, call, owner, &id);
        }
        Resource::BatchEntry => return batches::enter(bank, call, owner),
        Resource::BatchDeletion(id) => return batches::delete(bank, call, owner, &id, &query),
        Resource::OrderStatus(kind, id) => order_status::status(bank, owner, kind, &id),
        Resource::Authorizations => authorizations::list(bank, owner, &query),
        Resource::SignStart(id) => sign::start(bank, call, version, owner, &id),
        Resource::Sign(kind, id, signing, step) => {
            sign::step(bank, call, owner, (kind, &id, &signing), step)
        }
        _ => Err(Refusal::not_found()),
    };
    body.map(Reply::from)
}

/// A good answer.
struct Reply {
    status: StatusCode,
    /// `None` sends no body.
    body: Option<Value>,
    /// The text of `amount.instructedAmount.value` where it must not be rounded.
    amount: Option<String>,
}

impl From<Value> for Reply {
    fn from(body: Value) -> Self {
        Self { status: StatusCode::OK, body: Some(body), amount: None }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let Some(body) = self.body else { return self.status.into_response() };
        // names of accounts and products are Czech only (bank-api fact 2.1)
        let language = [(header::CONTENT_LANGUAGE, "cs")];
        match self.amount.as_deref().and_then(|amount| exact::write(&body, amount)) {
            Some(text) => {
                let json = [(header::CONTENT_TYPE, "application/json")];
                (self.status, language, json, text).into_response()
            }
            None => (self.status, language, Json(body)).into_response(),
        }
    }
}

/// Headers that every answer of the API and the registration carries (bank-api facts 2.4 and 8.2).
pub(crate) fn echo(bank: &Bank, call: &Call, mut response: Response) -> Response {
    let failed = matches!(response.status().as_u16(), 500 | 503);
    let headers = response.headers_mut();
    if failed && let Ok(process) = HeaderValue::try_from(bank.random.text::<16>(b"0123456789")) {
        headers.insert("process-id", process);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    for name in ["x-request-id", "action-id"] {
        if let Some(value) = call.headers.get(name).filter(|value| value.len() <= 60) {
            headers.insert(name, value.clone());
        }
    }
    response
}
