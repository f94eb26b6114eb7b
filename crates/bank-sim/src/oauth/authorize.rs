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
use super::{Authorized, Code, pkce};
use crate::bank::Bank;
use crate::call::Call;
use crate::form::{self, Fields};
use crate::journal::{Breach, Door};
use crate::knobs::{Occasion, State as StateKnob, WebFlow};
use crate::login::{self, Flow, Language, SESSION, Step};
use crate::registry::Registered;
use crate::sync::lock;

/// The authorization endpoint.
pub(crate) async fn authorize(
    State(bank): State<Arc<Bank>>,
    Extension(generation): Extension<WebFlow>,
    Extension(call): Extension<Arc<Call>>,
) -> Response {
    let query = call.uri.query().unwrap_or("");
    let session = call.cookie(SESSION).unwrap_or("");
    let flow = lock(&bank.flows).find(session).cloned();
    let is_this = |flow: &Flow| {
        flow.step == Step::Done && flow.generation == generation && flow.query == query
    };
    match flow.filter(is_this) {
        None => start(&bank, generation, &call, query),
        Some(flow) if flow.is_late(bank.clock.millis()) => login::time_out(&bank, &call, session),
        Some(_) => {
            // taken out in one step, so that two requests at once get one code
            let flow = lock(&bank.flows).end(session);
            flow.map_or_else(
                || start(&bank, generation, &call, query),
                |flow| {
                    login::finish(&bank, &call, &flow)
                        .unwrap_or_else(|| finish(&bank, &call, &flow))
                },
            )
        }
    }
}

/// The way back for a login that was refused or given up; `None` where Web Flow finds none.
///
/// It wants `state`, and each of the others exactly once, the URI equal to a registered one.
pub(crate) fn denied(bank: &Bank, call: &Call, flow: &Flow, why: &str) -> Option<String> {
    let request = flow.request();
    let client = bank.client(request.single("client_id")?)?;
    let redirect_uri = request.single("redirect_uri")?;
    let state = request.single("state")?;
    let whole = client.redirect_uris.iter().any(|registered| registered == redirect_uri)
        && request.single("response_type") == Some("code");
    let error = [("error", "access_denied"), ("error_description", why)];
    whole.then(|| back(bank, (call, flow), redirect_uri, &error, Some(state), &[]))
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

/// Begins a login for the authorization request `query`.
pub(crate) fn start(bank: &Bank, generation: WebFlow, call: &Call, query: &str) -> Response {
    bank.watch.authorization(bank, &Fields::read(query));
    let language = Language::accepted(call.header("accept-language").unwrap_or(""));
    let flow = Flow::new(generation, query, language, &bank.random, bank.clock.millis());
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
fn finish(bank: &Bank, call: &Call, flow: &Flow) -> Response {
    let request = flow.request();
    match checked(bank, call, flow, &request) {
        Ok(place) => {
            let status = bank.meet(concerning(call, flow), |knobs| &mut knobs.redirect_status);
            leave(&place, StatusCode::from_u16(status).unwrap_or(StatusCode::SEE_OTHER))
        }
        Err(Stranded(status, cause)) => {
            let detail = format!("authorization request: {cause}");
            bank.journal.breach(Breach::AuthorizationRefused, detail);
            login::failure(status, flow.language, cause)
        }
    }
}

fn checked(bank: &Bank, call: &Call, flow: &Flow, request: &Fields) -> Result<String, Stranded> {
    let client = request.first("client_id").and_then(|client_id| bank.client(client_id));
    let client = client.ok_or(Stranded(StatusCode::UNAUTHORIZED, "invalid_client"))?;
    let requested = request.first("redirect_uri");
    let position = bank.meet(concerning(call, flow), |knobs| &mut knobs.redirect_uri);
    let redirect_uri = resolve(&client.redirect_uris, requested, position)
        .ok_or(Stranded(StatusCode::BAD_REQUEST, "redirect_uri_mismatch"))?;
    let state = request.first("state");
    let refuse = |error: &[(&str, &str)], more: &[(&str, &str)]| {
        Ok(back(bank, (call, flow), &redirect_uri, error, state, more))
    };
    if request.first("response_type") != Some("code") {
        return refuse(&[("error", "unsupported_response_type")], &[]);
    }
    let scope = request.first("scope").unwrap_or("").to_owned();
    if !client.scopes.contains(&scope) {
        let error = [("error", "invalid_scope"), ("error_description", "Invalid scope")];
        return refuse(&error, &[("scope", &client.scopes.join(" "))]);
    }
    if let Some(why) = pkce::refusal(bank, concerning(call, flow), flow.generation, request) {
        return refuse(&[("error", "invalid_request"), ("error_description", why)], &[]);
    }
    if flow.generation == WebFlow::V1_5 && state.is_none() {
        // an exception of Web Flow itself (bank-api fact 5.5); the status is derived
        return Err(Stranded(StatusCode::INTERNAL_SERVER_ERROR, "state_missing"));
    }
    let code = Code {
        authorized: authorized(flow, &client, scope),
        redirect_uri: redirect_uri.clone(),
        redirect_uri_given: requested.is_some(),
        challenge: pkce::challenge(request),
        of_signing: false,
        issued: bank.clock.millis(),
    };
    let code = lock(&bank.grants).issue_code(&bank.random, flow.generation, code);
    bank.watch.code_issued(&code);
    Ok(back(bank, (call, flow), &redirect_uri, &[("code", &code)], state, &[]))
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

/// The call that ends the flow, and its person.
fn concerning<'a>(call: &'a Call, flow: &'a Flow) -> Occasion<'a> {
    Occasion::of(call).about(flow.user.as_deref())
}

/// The redirect URI with an answer, `state`, what comes `more`, and all as the knobs have it.
pub(crate) fn back(
    bank: &Bank,
    (call, flow): (&Call, &Flow),
    uri: &str,
    answer: &[(&str, &str)],
    state: Option<&str>,
    more: &[(&str, &str)],
) -> String {
    bank.watch.answered(state);
    let occasion = concerning(call, flow);
    let knob = bank.meet(occasion, |knobs| &mut knobs.state);
    let iss = bank.meet(occasion, |knobs| &mut knobs.iss);
    let extra = bank.meet(occasion, |knobs| &mut knobs.redirect_extra);
    let state = state.and_then(|state| match knob {
        StateKnob::Keep => Some(state.to_owned()),
        StateKnob::Drop => None,
        StateKnob::Alter => Some(altered(state)),
    });
    let state = state.iter().map(|state| ("state", state.as_str()));
    let iss = iss.iter().map(|iss| ("iss", iss.as_str()));
    let extra = extra.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let known = answer.iter().copied().chain(state).chain(more.iter().copied());
    form::extend(uri, &known.chain(iss).chain(extra).collect::<Vec<_>>())
}

/// `state` with its last symbol changed.
fn altered(state: &str) -> String {
    let mut symbols: Vec<_> = state.chars().collect();
    let last = symbols.pop();
    symbols.push(if last == Some('A') { 'B' } else { 'A' });
    symbols.into_iter().collect()
}
