//! Answers of the API that are not what COBS says: in place of the right one, or made of it.

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::Refusal;
use crate::call::Call;
use crate::fault;
use crate::knobs::ApiReply;

const JSON: [(HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/json")];

/// The answer of a position that does not look at the request.
pub(super) async fn instead(position: &ApiReply) -> Option<Response> {
    Some(match position {
        ApiReply::Status(status) => Refusal::with_status(code(*status)).into_response(),
        ApiReply::Retry { status, retry_after } => {
            (code(*status), [(header::RETRY_AFTER, retry_after.clone())]).into_response()
        }
        ApiReply::Error { status, code: error } => {
            Refusal::bare(code(*status), error).into_response()
        }
        ApiReply::Expired => Refusal::unauthorised("access token expired").into_response(),
        ApiReply::InvalidToken => invalid_token(),
        ApiReply::InsufficientScope => Refusal::insufficient_scope("aisp").into_response(),
        ApiReply::Html(html) => {
            ([(header::CONTENT_TYPE, "text/html;charset=UTF-8")], html.clone()).into_response()
        }
        ApiReply::Redirect(place) => {
            (StatusCode::FOUND, [(header::LOCATION, place.clone())]).into_response()
        }
        ApiReply::Huge { bytes } => (JSON, Body::new(fault::huge(*bytes))).into_response(),
        ApiReply::Compressed { bytes } => fault::bomb(*bytes),
        ApiReply::Hang => match fault::hang().await {},
        _ => return None,
    })
}

/// The right answer, spoilt as the position says.
pub(super) async fn spoilt(call: &Call, mut answer: Response, position: ApiReply) -> Response {
    let headers = answer.headers_mut();
    match position {
        ApiReply::SetCookie(cookie) => {
            add(headers, header::SET_COOKIE, &cookie);
            answer
        }
        ApiReply::Coded(coding) => {
            add(headers, header::CONTENT_ENCODING, &coding);
            answer
        }
        ApiReply::Location(place) => {
            add(headers, header::LOCATION, &place);
            answer
        }
        ApiReply::Headers(more) => {
            for (name, value) in more {
                if let Ok(name) = HeaderName::try_from(name) {
                    add(headers, name, &value);
                }
            }
            answer
        }
        ApiReply::NextPage(next) => {
            let next = json_or_text(&next);
            let place = next.as_str().map_or_else(|| next.to_string(), ToOwned::to_owned);
            add(headers, header::LINK, &format!("<{place}>; rel=\"next\""));
            rewritten(answer, |body| next_page(body, next)).await
        }
        ApiReply::BrokenJson => rewritten(answer, |body| body[..body.len() / 2].to_owned()).await,
        ApiReply::DuplicateKeys => rewritten(answer, doubled).await,
        ApiReply::Drip { delay } => fault::drip(answer, delay).await,
        ApiReply::Truncated => fault::truncate(answer).await,
        ApiReply::Reset => fault::reset(answer, &call.wire).await,
        ApiReply::DropAfterCommit => fault::lose(),
        _ => answer,
    }
}

fn add(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.append(name, value);
    }
}

/// `answer` with another body.
async fn rewritten(answer: Response, change: impl FnOnce(&[u8]) -> Vec<u8>) -> Response {
    let (mut parts, body) = answer.into_parts();
    let body = change(&to_bytes(body, usize::MAX).await.unwrap_or_default());
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(body))
}

/// The body with another `nextPage`.
fn next_page(body: &[u8], next: Value) -> Vec<u8> {
    let Ok(Value::Object(mut fields)) = serde_json::from_slice(body) else {
        return body.to_owned();
    };
    fields.insert("nextPage".to_owned(), next);
    Value::Object(fields).to_string().into_bytes()
}

fn json_or_text(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

/// The body with every field twice, the second time with another value.
fn doubled(body: &[u8]) -> Vec<u8> {
    let Ok(Value::Object(fields)) = serde_json::from_slice(body) else {
        return body.to_owned();
    };
    let name = |name: &String| Value::from(name.as_str());
    let first = fields.iter().map(|(known, value)| format!("{}:{value}", name(known)));
    let second = fields.keys().map(|known| format!("{}:\"other\"", name(known)));
    let fields: Vec<_> = first.chain(second).collect();
    format!("{{{}}}", fields.join(",")).into_bytes()
}

/// The library's answer to an unknown token (RFC 6750, 3.1).
fn invalid_token() -> Response {
    let description = "Invalid access token";
    let challenge = format!(
        "Bearer realm=\"oauth2-resource\", error=\"invalid_token\", \
         error_description=\"{description}\""
    );
    let body = json!({ "error": "invalid_token", "error_description": description });
    let headers = [(header::WWW_AUTHENTICATE, challenge)];
    (StatusCode::UNAUTHORIZED, headers, Json(body)).into_response()
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY)
}
