//! The COBS 2.0 API below `/psd2-cobs/cobs/2.0/` (bank-api facts 2, 7, 8, 9): who calls, what is
//! asked for, whether the caller may, then headers, then the resource.
//! `POST /my/payments/balanceCheck` is the one PISP resource here.

mod accounts;
mod entry;
mod funds;
mod guard;
mod headers;
mod query;
mod refusal;
mod transactions;

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderValue, Method, StatusCode, header};
use serde_json::Value;

use crate::bank::Bank;
use crate::call::Call;
use crate::fault;
use crate::knobs::{ApiReply, Occasion};

pub(crate) use refusal::Refusal;

const BASE: &str = "/psd2-cobs/cobs/2.0/";

/// What a call asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Resource {
    Accounts,
    Balance(String),
    Transactions(String),
    BalanceCheck,
}

/// Everything below `/psd2-cobs`.
pub(crate) async fn serve(
    State(bank): State<Arc<Bank>>,
    Extension(call): Extension<Arc<Call>>,
) -> Response {
    let user = guard::user(&bank, &call);
    let occasion = Occasion::of(&call).about(user.as_deref());
    let position = bank.meet(occasion, |knobs| &mut knobs.api_reply);
    let answer = match instead(&position).await {
        Some(response) => response,
        None => match answer(&bank, &call) {
            // names of accounts and products are Czech only (bank-api fact 2.1)
            Ok(body) => ([(header::CONTENT_LANGUAGE, "cs")], Json(body)).into_response(),
            Err(refusal) => refusal.into_response(),
        },
    };
    let answer = echo(&bank, &call, answer);
    match position {
        ApiReply::SetCookie(cookie) => ([(header::SET_COOKIE, cookie)], answer).into_response(),
        ApiReply::Coded(coding) => ([(header::CONTENT_ENCODING, coding)], answer).into_response(),
        ApiReply::Drip { delay } => fault::drip(answer, delay).await,
        ApiReply::Truncated => fault::truncate(answer).await,
        _ => answer,
    }
}

fn answer(bank: &Bank, call: &Call) -> Result<Value, Refusal> {
    let caller = guard::identify(bank, call)?;
    let resource = Resource::of(&call.method, call.uri.path())?;
    let authorized = caller.admit(resource.is_payment())?;
    headers::check(bank, call)?;
    let query = call.query();
    match resource {
        Resource::Accounts => accounts::list(bank, &authorized, &query),
        Resource::Balance(id) => accounts::balance(bank, &authorized, &id, &query),
        Resource::Transactions(id) => transactions::list(bank, &authorized, &id, &query),
        Resource::BalanceCheck => funds::check(bank, &authorized, &call.body),
    }
}

impl Resource {
    fn of(method: &Method, path: &str) -> Result<Self, Refusal> {
        let rest = path.strip_prefix(BASE).ok_or_else(Refusal::not_found)?;
        let segments: Vec<_> = rest.split('/').collect();
        let (allowed, resource) = match segments[..] {
            ["my", "accounts"] => (Method::GET, Self::Accounts),
            ["my", "accounts", id, "balance"] => (Method::GET, Self::Balance(id.to_owned())),
            ["my", "accounts", id, "transactions"] => {
                (Method::GET, Self::Transactions(id.to_owned()))
            }
            ["my", "payments", "balanceCheck"] => (Method::POST, Self::BalanceCheck),
            _ => return Err(Refusal::not_found()),
        };
        if allowed == *method { Ok(resource) } else { Err(Refusal::unsupported()) }
    }

    fn is_payment(&self) -> bool {
        *self == Self::BalanceCheck
    }
}

/// The answer of a position that does not look at the request.
async fn instead(position: &ApiReply) -> Option<Response> {
    let json = [(header::CONTENT_TYPE, "application/json")];
    Some(match position {
        ApiReply::Status(status) => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_GATEWAY);
            Refusal::with_status(status).into_response()
        }
        ApiReply::Expired => Refusal::unauthorised("access token expired").into_response(),
        ApiReply::Html(html) => {
            ([(header::CONTENT_TYPE, "text/html;charset=UTF-8")], html.clone()).into_response()
        }
        ApiReply::Redirect(place) => {
            (StatusCode::FOUND, [(header::LOCATION, place.clone())]).into_response()
        }
        ApiReply::Huge { bytes } => (json, Body::new(fault::huge(*bytes))).into_response(),
        ApiReply::Hang => match fault::hang().await {},
        _ => return None,
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_resources_exist() {
        let of = |method, path: &str| Resource::of(method, &format!("{BASE}{path}")).ok();
        assert_eq!(of(&Method::GET, "my/accounts"), Some(Resource::Accounts));
        assert_eq!(of(&Method::GET, "my/accounts/x/balance"), Some(Resource::Balance("x".into())));
        assert_eq!(of(&Method::POST, "my/payments/balanceCheck"), Some(Resource::BalanceCheck));
        assert_eq!(of(&Method::POST, "my/accounts"), None);
        assert_eq!(of(&Method::GET, "my/accounts/"), None);
        assert_eq!(of(&Method::GET, "/my/accounts"), None);
        assert_eq!(of(&Method::GET, "my/accounts/x/y/balance"), None);
        assert_eq!(of(&Method::GET, "my/cards"), None);
    }
}
