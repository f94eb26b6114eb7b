//! The token reply (bank-api fact 5.7), written as text, so that a knob can put anything into it.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, StatusCode, header};
use serde_json::{Value, json};

use super::grants::Issued;
use super::refusal::no_store;
use crate::bank::Bank;
use crate::call::Call;
use crate::fault;
use crate::knobs::{Field, Occasion, TokenReply};

const JSON: [(HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/json;charset=UTF-8")];

/// The answer of a position that does not even look at the request.
pub(super) async fn instead(position: &TokenReply) -> Option<Response> {
    let response = match position {
        TokenReply::Redirect { status, location } => {
            (code(*status), [(header::LOCATION, location.clone())]).into_response()
        }
        TokenReply::Status { status, retry_after: None } => code(*status).into_response(),
        TokenReply::Status { status, retry_after: Some(wait) } => {
            (code(*status), [(header::RETRY_AFTER, wait.clone())]).into_response()
        }
        TokenReply::Huge { bytes } => (JSON, fault::huge(*bytes)).into_response(),
        TokenReply::NotJson(html) => {
            ([(header::CONTENT_TYPE, "text/html;charset=UTF-8")], html.clone()).into_response()
        }
        TokenReply::Error { status, error, description } => {
            let body = json!({ "error": error, "error_description": description });
            (code(*status), JSON, body.to_string()).into_response()
        }
        TokenReply::Compressed { bytes } => fault::bomb(*bytes),
        TokenReply::Hang => match fault::hang().await {},
        _ => return None,
    };
    Some(no_store(response))
}

/// The reply with tokens, its form spoilt where the position says so.
pub(super) async fn good(
    bank: &Bank,
    call: &Call,
    issued: &Issued,
    position: &TokenReply,
) -> Response {
    let fields = fields(bank, call, issued, position);
    bank.watch.refresh_issued(issued.refresh_token.as_deref());
    let object = written(&fields);
    let body = match position {
        TokenReply::JsonArray => format!("[{object}]").into_bytes(),
        TokenReply::DuplicateKeys => {
            let second = fields.iter().map(|(name, _)| (*name, "\"other\"".to_owned()));
            let twice: Vec<_> = fields.iter().cloned().chain(second).collect();
            written(&twice).into_bytes()
        }
        TokenReply::BadUtf8 => {
            // in the middle of the access token
            let mut body = object.into_bytes();
            if let Some(byte) = body.get_mut(20) {
                *byte = 0xff;
            }
            body
        }
        _ => object.into_bytes(),
    };
    let mut response = no_store((JSON, Body::from(body)).into_response());
    if matches!(position, TokenReply::JsonArray | TokenReply::DuplicateKeys | TokenReply::BadUtf8) {
        response.extensions_mut().insert(fault::Lost);
    }
    spoilt(call, response, position).await
}

/// Any answer, sent as the position says.
pub(super) async fn spoilt(call: &Call, response: Response, position: &TokenReply) -> Response {
    match position {
        TokenReply::Drip { delay } => fault::drip(response, *delay).await,
        TokenReply::Truncated => fault::truncate(response).await,
        TokenReply::Reset => fault::reset(response, &call.wire).await,
        TokenReply::Gzip => fault::compress(response).await,
        TokenReply::DropAfterCommit => fault::lose(),
        _ => response,
    }
}

fn fields(
    bank: &Bank,
    call: &Call,
    issued: &Issued,
    position: &TokenReply,
) -> Vec<(&'static str, String)> {
    let occasion = Occasion::of(call).about(Some(&issued.authorized.user));
    let token_type = bank.meet(occasion, |knobs| &mut knobs.token_type);
    let expires_in = bank.meet(occasion, |knobs| &mut knobs.expires_in);
    let scope = bank.meet(occasion, |knobs| &mut knobs.scope);
    let text = |text: &str| Value::from(text).to_string();
    let authorized = &issued.authorized;
    let all = [
        ("access_token", Some(text(&issued.access_token))),
        ("token_type", field(token_type, || text("bearer"))),
        ("refresh_token", issued.refresh_token.as_deref().map(text)),
        ("expires_in", field(expires_in, || issued.expires_in.to_string())),
        ("scope", field(scope, || text(&authorized.scope))),
        ("language", Some(text(authorized.language))),
        ("sca", Some("true".to_owned())),
        ("organization_id", Some(text("DEFAULT"))),
    ];
    let all = all.into_iter().filter_map(|(name, value)| value.map(|value| (name, value)));
    all.chain(extra(position)).collect()
}

/// Fields that no standard reply has.
fn extra(position: &TokenReply) -> Vec<(&'static str, String)> {
    match position {
        TokenReply::IdToken(token) => vec![("id_token", Value::from(token.as_str()).to_string())],
        TokenReply::ExtraFields => vec![
            ("not_before_policy", "0".to_owned()),
            ("session", json!({ "id": "7", "roles": ["user", null] }).to_string()),
            ("", "\"\"".to_owned()),
            ("__proto__", json!({ "access_token": "other" }).to_string()),
        ],
        _ => Vec::new(),
    }
}

fn field(position: Field, normal: impl FnOnce() -> String) -> Option<String> {
    match position {
        Field::Normal => Some(normal()),
        Field::Absent => None,
        Field::Raw(json) => Some(json),
    }
}

fn written(fields: &[(&str, String)]) -> String {
    let fields: Vec<_> = fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    format!("{{{}}}", fields.join(","))
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
