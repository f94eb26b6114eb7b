//! The login's requests: show a step, answer it, finish, give up (bank-api facts 5.4 and 5.5).

use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

use super::flow::{Flow, Step, TRIES};
use super::operation;
use super::step::{Complaint, page};
use super::words::Language;
use super::{failure, page::welcome, phone};
use crate::bank::Bank;
use crate::call::Call;
use crate::form::Fields;
use crate::oauth::authorize;
use crate::sync::lock;

/// The cookie of a login, which is the bank's own and has nothing to do with its API.
pub(crate) const SESSION: &str = "webflow_session";

const HERE: &str = "/powerauth-webflow/authenticate";
const CONTINUE: &str = "/powerauth-webflow/authenticate/continue";
const ERROR: &str = "/powerauth-webflow/oauth/error";
const CANCELED: &str = "User canceled authentication request";

/// `GET /authenticate`: the current step.
pub(crate) async fn show(
    State(bank): State<Arc<Bank>>,
    Extension(call): Extension<Arc<Call>>,
) -> Response {
    let Some((session, flow)) = current(&bank, &call) else { return found(ERROR) };
    let now = bank.clock.millis();
    if flow.is_late(now) {
        return time_out(&bank, &call, &session);
    }
    if flow.scope().is_none() {
        // no operation can be made for it: the flow fails before the first page
        lock(&bank.flows).end(&session);
        return found(ERROR);
    }
    if operation::is_unknown(&bank, &flow) {
        lock(&bank.flows).end(&session);
        return found(ERROR);
    }
    let language = call.query().first("lang").and_then(Language::named);
    let seen = lock(&bank.flows).change(&session, now, |flow| {
        flow.language = language.unwrap_or(flow.language);
        flow.clone()
    });
    match seen {
        None => found(ERROR),
        Some(flow) if flow.step == Step::Done => found(CONTINUE),
        Some(flow) => page(&bank, &flow, None).respond(),
    }
}

/// `POST /authenticate`: an answer to the current step.
pub(crate) async fn answer(
    State(bank): State<Arc<Bank>>,
    Extension(call): Extension<Arc<Call>>,
) -> Response {
    let Some((session, flow)) = current(&bank, &call) else { return found(ERROR) };
    let form = call.form();
    if !is_own_form(&flow, &form) {
        return failure(StatusCode::FORBIDDEN, flow.language, "csrf");
    }
    let now = bank.clock.millis();
    if flow.is_late(now) {
        return time_out(&bank, &call, &session);
    }
    if operation::is_unknown(&bank, &flow) {
        lock(&bank.flows).end(&session);
        return found(ERROR);
    }
    if form.first("action") == Some("cancel") {
        return give_up(&bank, &call, &session, CANCELED);
    }
    // in one step, so that answers that come at once cannot share a try
    let answered = lock(&bank.flows).change(&session, now, |flow| {
        let result = attempt(&bank, flow, &form);
        (flow.clone(), result)
    });
    match answered {
        None => found(ERROR),
        Some((flow, Ok(()))) if flow.step == Step::Done => see_other(CONTINUE),
        Some((_, Ok(()))) => see_other(HERE),
        Some((flow, Err(_))) if flow.tries >= TRIES => {
            give_up(&bank, &call, &session, "Maximum number of authentication attempts exceeded")
        }
        Some((flow, Err(complaint))) => page(&bank, &flow, Some(complaint)).respond(),
    }
}

/// `GET` or `POST /authenticate/cancel`: the person gives up, wherever the login stands.
pub(crate) async fn cancel(
    State(bank): State<Arc<Bank>>,
    Extension(call): Extension<Arc<Call>>,
) -> Response {
    match current(&bank, &call) {
        Some((session, _)) => give_up(&bank, &call, &session, CANCELED),
        None => found(ERROR),
    }
}

/// `POST /authenticate/stay`: the person is still there. 410 when the login is over.
pub(crate) async fn stay(
    State(bank): State<Arc<Bank>>,
    Extension(call): Extension<Arc<Call>>,
) -> StatusCode {
    let now = bank.clock.millis();
    match current(&bank, &call) {
        Some((_, flow)) if !is_own_form(&flow, &call.form()) => StatusCode::FORBIDDEN,
        Some((session, flow)) if !flow.is_late(now) => {
            let stayed = lock(&bank.flows).change(&session, now, |_| ());
            stayed.map_or(StatusCode::GONE, |()| StatusCode::NO_CONTENT)
        }
        _ => StatusCode::GONE,
    }
}

/// `GET /authenticate/continue`: back to the authorization endpoint.
pub(crate) async fn proceed(
    State(bank): State<Arc<Bank>>,
    Extension(call): Extension<Arc<Call>>,
) -> Response {
    match current(&bank, &call) {
        Some((session, flow)) if flow.is_late(bank.clock.millis()) => {
            time_out(&bank, &call, &session)
        }
        Some((_, flow)) if flow.step == Step::Done => {
            found(&format!("{}?{}", flow.generation.authorize_path(), flow.query))
        }
        Some(_) => found(HERE),
        None => found(ERROR),
    }
}

/// `GET /oauth/error`: the end for those who cannot be sent back.
pub(crate) async fn sorry(Extension(call): Extension<Arc<Call>>) -> Response {
    failure(StatusCode::OK, accepted(&call), "")
}

/// `GET /` of the front door.
pub(crate) async fn home(Extension(call): Extension<Arc<Call>>) -> Response {
    welcome(accepted(&call))
}

/// The pages' own files.
pub(crate) async fn resource(Path(name): Path<String>) -> Response {
    let (media, content) = match name.as_str() {
        "style.css" => ("text/css;charset=UTF-8", include_str!("style.css")),
        "phone.js" => ("text/javascript;charset=UTF-8", include_str!("phone.js")),
        "patience.js" => ("text/javascript;charset=UTF-8", include_str!("patience.js")),
        "logo.svg" => ("image/svg+xml", include_str!("logo.svg")),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let headers = [
        (header::CONTENT_TYPE, media),
        (header::CACHE_CONTROL, "max-age=300"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, content).into_response()
}

/// Takes the answer to the current step; the old form of another step changes nothing.
fn attempt(bank: &Bank, flow: &mut Flow, form: &Fields) -> Result<(), Complaint> {
    if form.first("step") != Some(flow.step.name()) {
        return Ok(());
    }
    if flow.step.asks_for_code() && form.first("action") == Some("resend") {
        let sent = flow.send_sms_again(&bank.random, bank.clock.millis());
        return sent.map(|()| phone::send_of(bank, flow)).map_err(Complaint::TooSoon);
    }
    let settled = settle(bank, flow, form);
    match settled {
        Ok(()) => (flow.step, flow.tries) = (operation::next(flow), 0),
        Err(_) => flow.tries += 1,
    }
    settled
}

/// Checks the answer to the current step and notes what follows from it.
fn settle(bank: &Bank, flow: &mut Flow, form: &Fields) -> Result<(), Complaint> {
    match flow.step {
        Step::Login => {
            let username = form.first("username").unwrap_or("").trim();
            let password = form.first("password").unwrap_or("");
            let customer = bank.ledger.customer(username);
            let known = customer.filter(|customer| {
                verify_slices_are_equal(customer.password.as_bytes(), password.as_bytes()).is_ok()
            });
            let customer = known.ok_or(Complaint::WrongLogin)?;
            if !operation::may_sign(bank, flow, &customer.username) {
                return Err(Complaint::NotPayer);
            }
            flow.user = Some(customer.username.clone());
            flow.send_sms(&bank.random, bank.clock.millis());
            phone::send_of(bank, flow);
            Ok(())
        }
        Step::Sms => {
            let code: String = form.first("sms_code").unwrap_or("").split_whitespace().collect();
            verify_slices_are_equal(code.as_bytes(), flow.sms.as_bytes())
                .map_err(|_| Complaint::WrongSms)
        }
        Step::Accounts => {
            let customer = flow.user.as_deref().and_then(|user| bank.ledger.customer(user));
            let owned = customer.map_or(&[][..], |customer| &customer.accounts);
            let owned = owned.iter().map(|account| account.id.as_str());
            let chosen: Vec<_> = form.all("account").collect();
            flow.accounts = owned.filter(|id| chosen.contains(id)).map(ToOwned::to_owned).collect();
            if flow.accounts.is_empty() { Err(Complaint::NoAccounts) } else { Ok(()) }
        }
        Step::Confirm => operation::confirm(bank, flow, form),
        Step::Consent | Step::Done if form.first("consent") == Some("yes") => Ok(()),
        Step::Consent | Step::Done => Err(Complaint::NoConsent),
    }
}

/// Ends a flow that nobody has gone on with for five minutes.
pub(crate) fn time_out(bank: &Bank, call: &Call, session: &str) -> Response {
    give_up(bank, call, session, operation::TIMED_OUT)
}

/// Ends the flow; back to the app where that is allowed.
fn give_up(bank: &Bank, call: &Call, session: &str, why: &str) -> Response {
    let flow = lock(&bank.flows).end(session);
    let place = flow.and_then(|flow| {
        operation::denied(bank, call, &flow, why)
            .or_else(|| authorize::denied(bank, call, &flow, why))
    });
    authorize::leave(&place.unwrap_or_else(|| ERROR.to_owned()), StatusCode::FOUND)
}

fn current(bank: &Bank, call: &Call) -> Option<(String, Flow)> {
    let session = call.cookie(SESSION)?;
    let flow = lock(&bank.flows).find(session).cloned()?;
    Some((session.to_owned(), flow))
}

/// Whether a form came from the flow's own page.
fn is_own_form(flow: &Flow, form: &Fields) -> bool {
    let csrf = form.single("csrf").unwrap_or("");
    verify_slices_are_equal(csrf.as_bytes(), flow.csrf.as_bytes()).is_ok()
}

fn accepted(call: &Call) -> Language {
    Language::accepted(call.header("accept-language").unwrap_or(""))
}

fn found(place: &str) -> Response {
    moved(StatusCode::FOUND, place)
}

fn see_other(place: &str) -> Response {
    moved(StatusCode::SEE_OTHER, place)
}

fn moved(status: StatusCode, place: &str) -> Response {
    let headers = [(header::LOCATION, place), (header::CACHE_CONTROL, "no-store")];
    (status, headers).into_response()
}
