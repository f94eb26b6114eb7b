//! The recorded requests, in a form that loses nothing: order, spelling and bytes are what a test of a
//! client wants to see.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{StatusCode, header};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Problem;
use crate::bank::Bank;
use crate::journal::TlsSession;
use crate::{RecordedRequest, Role};

/// Which requests to list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// Those whose path contains it.
    path: Option<String>,
    /// Those of this door.
    door: Option<String>,
    /// Those after this number.
    since: Option<u64>,
    /// So many at most, the oldest first.
    limit: Option<usize>,
}

impl Filter {
    fn fits(&self, request: &RecordedRequest) -> bool {
        self.path.as_ref().is_none_or(|part| request.path().contains(part))
            && self.door.as_ref().is_none_or(|door| request.listener.name() == door)
            && self.since.is_none_or(|since| request.number > since)
    }
}

/// `GET /requests`: those that fit, oldest first.
pub(super) async fn list(
    State(bank): State<Arc<Bank>>,
    filter: Result<Query<Filter>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Value>, Problem> {
    let filters = ["path", "door", "since", "limit"];
    let filter = filter.map_err(|error| Problem::bad(error.body_text()).allowing(filters))?;
    let doors = ["front", "tls", "sandbox"];
    if filter.door.as_ref().is_some_and(|door| !doors.contains(&door.as_str())) {
        return Err(Problem::bad("unknown door").allowing(doors));
    }
    let requests = bank.journal.requests();
    let fitting = requests.iter().filter(|request| filter.fits(request));
    let fitting = fitting.take(filter.limit.unwrap_or(usize::MAX));
    Ok(Json(fitting.map(|request| written(request)).collect()))
}

/// `GET /requests/{number}/raw`: the bytes as they came.
pub(super) async fn raw(
    State(bank): State<Arc<Bank>>,
    Path(number): Path<u64>,
) -> Result<impl IntoResponse, Problem> {
    let requests = bank.journal.requests();
    let found = requests.iter().find(|request| request.number == number);
    let found = found.ok_or_else(|| Problem::missing(format!("no request {number} is kept")))?;
    let raw = found.raw.clone().ok_or_else(|| {
        let detail = format!("request {number} came by {} and has no bytes of its own", found.http);
        Problem::missing(detail)
    })?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], raw))
}

/// `DELETE /requests`: forgets them; numbers go on.
pub(super) async fn clear(State(bank): State<Arc<Bank>>) -> StatusCode {
    bank.journal.clear_requests();
    StatusCode::NO_CONTENT
}

fn written(request: &RecordedRequest) -> Value {
    let headers = request.headers.iter().map(|(name, value)| {
        let mut field = bytes("value", value);
        field["name"] = json!(name);
        field
    });
    let peer = request.peer.as_ref().map(|peer| {
        let names = |roles: &Vec<Role>| roles.iter().map(|role| name(*role)).collect::<Vec<_>>();
        let roles = peer.roles.as_ref().map(names);
        json!({ "subject": peer.subject, "licence": peer.licence, "roles": roles })
    });
    let mut object = bytes("body", &request.body);
    object["number"] = json!(request.number);
    object["at"] = json!(Timestamp::try_from(request.at).unwrap_or_default().to_string());
    object["door"] = json!(request.listener.name());
    object["http"] = json!(request.http);
    object["method"] = json!(request.method);
    object["target"] = json!(request.target);
    object["path"] = json!(request.path());
    object["headers"] = headers.collect();
    object["raw_base64"] = json!(request.raw.as_ref().map(|raw| STANDARD.encode(raw)));
    object["peer"] = json!(peer);
    object["tls"] = json!(request.tls.as_deref().map(session));
    object["refused"] = json!(request.refused);
    object
}

/// The name of a role in the PSD2 statement.
fn name(role: Role) -> &'static str {
    match role {
        Role::AccountServicing => "PSP_AS",
        Role::PaymentInitiation => "PSP_PI",
        Role::AccountInformation => "PSP_AI",
        Role::CardInstruments => "PSP_IC",
    }
}

/// An object with `name` as text, or `name_base64` where it is no text.
fn bytes(name: &str, value: &[u8]) -> Value {
    match std::str::from_utf8(value) {
        Ok(text) => json!({ name: text }),
        Err(_) => json!({ format!("{name}_base64"): STANDARD.encode(value) }),
    }
}

fn session(tls: &TlsSession) -> Value {
    json!({
        "version": tls.version,
        "cipher_suite": tls.cipher_suite,
        "key_exchange": tls.key_exchange,
        "alpn": tls.alpn,
        "server_name": tls.server_name,
        "client_certificate": tls.client_certificate,
        "resumed": tls.resumed,
    })
}
