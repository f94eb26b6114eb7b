//! The COBS API below `/psd2-cobs/cobs/2.0/` and `/5.0/` (bank-api facts 2, 7, 8, 9): who calls, what
//! is asked for, whether the caller may, then headers, then the resource.

mod accounts;
mod entry;
mod funds;
mod guard;
mod headers;
mod hostile;
mod query;
mod refusal;
mod resource;
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

pub(crate) use refusal::Refusal;
pub(crate) use unattended::Unattended;

use resource::Resource;

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
        None => match answer(&bank, &call) {
            Ok(reply) => reply.into_response(),
            Err(refusal) => refusal.into_response(),
        },
    };
    let answer = echo(&bank, &call, answer);
    hostile::spoilt(&call, answer, position).await
}

fn answer(bank: &Bank, call: &Call) -> Result<Reply, Refusal> {
    let party = guard::party(bank, call)?;
    let resource = Resource::of(&call.method, call.uri.path());
    let caller = guard::person(bank, call, party)?;
    let (_version, resource) = resource?;
    let authorized = caller.admit(resource.need())?;
    headers::check(bank, call)?;
    unattended::admit(bank, call, &authorized)?;
    let query = call.query();
    let body = match resource {
        Resource::Accounts => accounts::list(bank, &authorized, &query),
        Resource::Balance(id) => accounts::balance(bank, &authorized, &id, &query),
        Resource::Transactions(id) => transactions::list(bank, &authorized, &id, &query),
        Resource::BalanceCheck => funds::check(bank, &authorized, &call.body),
    };
    body.map(Reply::from)
}

/// A good answer.
struct Reply {
    status: StatusCode,
    /// `None` sends no body.
    body: Option<Value>,
}

impl From<Value> for Reply {
    fn from(body: Value) -> Self {
        Self { status: StatusCode::OK, body: Some(body) }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let Some(body) = self.body else { return self.status.into_response() };
        // names of accounts and products are Czech only (bank-api fact 2.1)
        (self.status, [(header::CONTENT_LANGUAGE, "cs")], Json(body)).into_response()
    }
}

/// Headers that every answer of the API carries (bank-api facts 2.4 and 8.2).
fn echo(bank: &Bank, call: &Call, mut response: Response) -> Response {
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
