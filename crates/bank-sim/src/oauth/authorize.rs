//! `/oauth/authorize` (bank-api facts 5.4 and 5.5). Nothing is validated before the login: the
//! request is saved as it came. Afterwards client, redirect URI and scope are checked, the code is
//! issued and the session ends, so there is no single sign-on. PKCE is noted and, by default,
//! ignored.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

use super::redirect_uri::resolve;
use super::{Authorized, Code};
use crate::bank::Bank;
use crate::call::Call;
use crate::form::{self, Fields};
use crate::journal::{Breach, Door};
use crate::knobs::{Occasion, Pkce, State as StateKnob};
use crate::login::{self, Flow, Language, SESSION, Step};
use crate::registry::Registered;
use crate::sync::lock;

/// The authorization endpoint.
pub(crate) async fn authorize(
    State(bank): State<Arc<Bank>>,
    Extension(call): Extension<Arc<Call>>,
) -> Response {
    let query = call.uri.query().unwrap_or("");
    let session = call.cookie(SESSION).unwrap_or("");
    let flow = lock(&bank.flows).find(session).cloned();
    match flow.filter(|flow| flow.step == Step::Done && flow.query == query) {
        None => start(&bank, &call, query),
        Some(flow) if flow.is_late(bank.clock.millis()) => login::time_out(&bank, session),
        Some(_) => {
            // taken out in one step, so that two requests at once get one code
            let flow = lock(&bank.flows).end(session);
            flow.map_or_else(|| start(&bank, &call, query), |flow| finish(&bank, &flow))
        }
    }
}

/// The way back for a login that was refused or given up; `None` where Web Flow finds none.
///
/// It wants `state`, and each of the others exactly once, the URI equal to a registered one.
pub(crate) fn denied(bank: &Bank, flow: &Flow, why: &str) -> Option<String> {
    let request = flow.request();
    let client = bank.client(request.single("client_id")?)?;
    let redirect_uri = request.single("redirect_uri")?;
    let state = request.single("state")?;
    let whole = client.redirect_uris.iter().any(|registered| registered == redirect_uri)
        && request.single("response_type") == Some("code");
    let error = [("error", "access_denied"), ("error_description", why)];
    whole.then(|| back(bank, flow, redirect_uri, &error, Some(state)))
}

/// A redirect that ends the session.
pub(crate) fn leave(place: &str, status: StatusCode) -> Response {
    let gone = format!("{SESSION}=; Path=/powerauth-webflow; Max-Age=0; HttpOnly; SameSite=Lax");
    let headers = [
        (header::LOCATION, place),
        (header::SET_COOKIE, &gone),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (status, headers).into_response()
}

fn start(bank: &Bank, call: &Call, query: &str) -> Response {
    bank.watch.authorization(bank, &call.query());
    let language = Language::accepted(call.header("accept-language").unwrap_or(""));
    let flow = Flow::new(query, language, &bank.random, bank.clock.millis());
    let session = lock(&bank.flows).start(call.cookie(SESSION), flow, &bank.random);
    let secure = if call.door == Door::Tls { "; Secure" } else { "" };
    let cookie =
        format!("{SESSION}={session}; Path=/powerauth-webflow; HttpOnly; SameSite=Lax{secure}");
    let headers = [
        (header::LOCATION, "/powerauth-webflow/authenticate"),
        (header::SET_COOKIE, &cookie),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (StatusCode::FOUND, headers).into_response()
}

/// What could not be answered to the app, and so becomes a page.
struct Stranded(StatusCode, &'static str);

/// Validates the saved request and sends the person back.
fn finish(bank: &Bank, flow: &Flow) -> Response {
    let request = flow.request();
    match checked(bank, flow, &request) {
        Ok(place) => leave(&place, StatusCode::SEE_OTHER),
        Err(Stranded(status, cause)) => {
            let detail = format!("authorization request: {cause}");
            bank.journal.breach(Breach::AuthorizationRefused, detail);
            login::failure(status, flow.language, cause)
        }
    }
}

fn checked(bank: &Bank, flow: &Flow, request: &Fields) -> Result<String, Stranded> {
    let client = request.first("client_id").and_then(|client_id| bank.client(client_id));
    let client = client.ok_or(Stranded(StatusCode::UNAUTHORIZED, "invalid_client"))?;
    let requested = request.first("redirect_uri");
    let redirect_uri = resolve(&client.redirect_uris, requested)
        .ok_or(Stranded(StatusCode::BAD_REQUEST, "redirect_uri_mismatch"))?;
    let state = request.first("state");
    let refuse = |error: &[(&str, &str)]| Ok(back(bank, flow, &redirect_uri, error, state));
    if request.first("response_type") != Some("code") {
        return refuse(&[("error", "unsupported_response_type")]);
    }
    let scope = request.first("scope").unwrap_or("").to_owned();
    if !client.scopes.contains(&scope) {
        return refuse(&[
            ("error", "invalid_scope"),
            ("error_description", "Invalid scope"),
            ("scope", &client.scopes.join(" ")),
        ]);
    }
    let challenge = challenge(request);
    let pkce = bank.meet(concerning(flow), |knobs| &mut knobs.pkce);
    if pkce == Pkce::Enforced && challenge.is_none() {
        let description = "code_challenge with S256 is required";
        return refuse(&[("error", "invalid_request"), ("error_description", description)]);
    }
    let code = Code {
        authorized: authorized(flow, &client, scope),
        redirect_uri: redirect_uri.clone(),
        redirect_uri_given: requested.is_some(),
        challenge,
        issued: bank.clock.millis(),
    };
    let code = lock(&bank.grants).issue_code(&bank.random, code);
    bank.watch.code_issued(&code);
    Ok(back(bank, flow, &redirect_uri, &[("code", &code)], state))
}

fn authorized(flow: &Flow, client: &Registered, scope: String) -> Authorized {
    Authorized {
        user: flow.user.clone().unwrap_or_default(),
        client_id: client.client_id.clone(),
        scope,
        accounts: flow.accounts.clone(),
        language: flow.language.code(),
    }
}

fn concerning(flow: &Flow) -> Occasion<'_> {
    Occasion::default().about(flow.user.as_deref())
}

/// The redirect URI with an answer, `state` and `iss` as the knobs have them.
fn back(
    bank: &Bank,
    flow: &Flow,
    uri: &str,
    answer: &[(&str, &str)],
    state: Option<&str>,
) -> String {
    bank.watch.answered(state);
    let knob = bank.meet(concerning(flow), |knobs| &mut knobs.state);
    let iss = bank.meet(concerning(flow), |knobs| &mut knobs.iss);
    let state = state.and_then(|state| match knob {
        StateKnob::Keep => Some(state.to_owned()),
        StateKnob::Drop => None,
        StateKnob::Alter => Some(altered(state)),
    });
    let tail = [("state", state.as_deref()), ("iss", iss.as_deref())];
    let tail = tail.into_iter().filter_map(|(name, value)| value.map(|value| (name, value)));
    let fields: Vec<_> = answer.iter().copied().chain(tail).collect();
    form::extend(uri, &fields)
}

/// `state` with its last symbol changed.
fn altered(state: &str) -> String {
    let mut symbols: Vec<_> = state.chars().collect();
    let last = symbols.pop();
    symbols.push(if last == Some('A') { 'B' } else { 'A' });
    symbols.into_iter().collect()
}

/// The S256 challenge of a request (RFC 7636, 4.3).
fn challenge(request: &Fields) -> Option<String> {
    let s256 = request.first("code_challenge_method") == Some("S256");
    request
        .first("code_challenge")
        .filter(|challenge| s256 && challenge.len() == 43)
        .map(ToOwned::to_owned)
}
