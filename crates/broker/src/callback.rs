//! `POST /authorizations/callback`: the person is back from the bank.
//!
//! The authorization is used up first, then everything is checked; only what passes becomes a
//! [`VerifiedCode`], and only that can be exchanged. ČNB's server ignores PKCE and its codes are six
//! characters long, so the broker enforces the verifier itself.

use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use protocol::authorization::FinishAuthorization;
use protocol::pkce::CodeVerifier;

use crate::Broker;
use crate::ambient::Waypoint;
use crate::arrival::{ASKED_SECONDS, New};
use crate::bank::{Bank, BankError, Fault, known_oauth};
use crate::body::Json;
use crate::error::{Error, chain};
use crate::grant::hash;
use crate::log::RequestId;
use crate::store::{Authorization, Hash, Of, Progress, SessionId, Stage, Taken};

/// A code that a verified callback brought, with its verifier. Nothing else in the program can make
/// one, and exchanging consumes it.
pub struct VerifiedCode {
    code: String,
    verifier: CodeVerifier,
}

impl VerifiedCode {
    /// Hands both to the token request.
    pub(crate) fn into_parts(self) -> (String, CodeVerifier) {
        (self.code, self.verifier)
    }
}

/// Checks the callback, exchanges the code, makes the connection, gives it a cookie of its own. A
/// callback that is refused leaves an event (requirement K08): somebody may be at work.
pub(crate) async fn finish(
    State(broker): State<Arc<Broker>>,
    Extension(RequestId(request_id)): Extension<RequestId>,
    headers: HeaderMap,
    Json(finish): Json<FinishAuthorization>,
) -> Result<Response, Error> {
    let answer = answer(broker, headers, finish).await;
    if let Err(error @ (Error::CallbackRefused(_) | Error::AuthorizationExpired)) = &answer {
        let cause = chain(error);
        tracing::warn!(event = "callback_refused", request_id, cause, "a callback was refused");
    }
    answer
}

async fn answer(
    broker: Arc<Broker>,
    headers: HeaderMap,
    finish: FinishAuthorization,
) -> Result<Response, Error> {
    let unverified = Unverified::parameters(&finish.query)
        .ok_or(Error::CallbackRefused("The bank's answer has a parameter twice."))?;
    // without `state` there is nothing to look for (requirement K06)
    let state = unverified.state.as_deref();
    let state = state.ok_or(Error::CallbackRefused("The bank's answer has no state."))?;
    let state = hash(state.as_bytes());
    // first of all: a cookie shown for the first time brings the session's authorizations along
    let session = broker.session(&headers).await?;
    if session.is_none() && broker.successor(&headers).await?.is_some() {
        return Err(Error::Unfinished); // another tab was quicker: once more, with the new cookie
    }
    let now = broker.now();
    let taken = broker.store.take_authorization(&state, now, now + ASKED_SECONDS).await?;
    let arrived = match taken {
        None => return Err(Error::AuthorizationExpired),
        Some(Taken::Before(progress, challenge)) => {
            is_of(&finish, &challenge).map_err(|_| Error::AuthorizationExpired)?;
            return answer_again(&broker, progress, session).await;
        }
        Some(Taken::Now(authorization)) => {
            broker.ambient.pass(Waypoint::CallbackTaken).await;
            let verified = unverified.verify(&broker, &finish, &authorization, session, now);
            let (bank, code) = match verified {
                Ok(verified) => verified,
                Err(refusal) => {
                    broker.store.note_stage(&state, Stage::UsedUp).await?;
                    return Err(refusal);
                }
            };
            // a task of its own: a browser that goes away must not cut the exchange in two
            let work = exchange(broker.clone(), bank, authorization, code, state);
            tokio::spawn(work).await.map_err(|_| Error::Internal("the exchange was lost"))??
        }
    };
    let session = session.ok_or(Error::CallbackRefused(OTHER_BROWSER))?;
    broker.hand_out(arrived, session, StatusCode::OK).await
}

/// The answer to a page that asks again: its answer got lost, or it did not wait for it.
async fn answer_again(
    broker: &Broker,
    progress: Progress,
    session: Option<SessionId>,
) -> Result<Response, Error> {
    let session = session.ok_or(Error::CallbackRefused(OTHER_BROWSER))?;
    match progress {
        Progress::UsedUp => Err(Error::AuthorizationExpired),
        Progress::Exchanging => Err(Error::Unfinished),
        // its cookie came through, only the rest of the answer did not
        Progress::Arrived(arrived, id) if arrived == session => {
            broker.connection_of(session, &id).await.map(|it| axum::Json(it).into_response())
        }
        Progress::Arrived(arrived, _) => broker.hand_out(arrived, session, StatusCode::OK).await,
    }
}

/// Exchanges the code and makes the connection; answers the session that holds it.
async fn exchange(
    broker: Arc<Broker>,
    bank: Arc<Bank>,
    authorization: Authorization,
    code: VerifiedCode,
    state: Hash,
) -> Result<SessionId, Error> {
    let _unfinished = broker.work.clone().read_owned().await;
    let arrived = connect(&broker, &bank, &authorization, code, &state).await;
    if let Err(error) = &arrived {
        let again = never_got_there(error);
        let reached = if again { Stage::Open(authorization.ends_at) } else { Stage::UsedUp };
        if let Err(error) = broker.store.note_stage(&state, reached).await {
            tracing::error!(%error, "the end of a callback is not noted");
        }
    }
    arrived
}

/// The bank did not look at the code, so the person need not log in once more: the same callback may
/// be tried again while the authorization lasts.
fn never_got_there(error: &Error) -> bool {
    match error {
        Error::Bank(BankError::RateLimited { .. }) => true,
        Error::Bank(BankError::Fault(fault)) => fault.never_arrived(),
        _ => false,
    }
}

async fn connect(
    broker: &Broker,
    bank: &Bank,
    authorization: &Authorization,
    code: VerifiedCode,
    state: &Hash,
) -> Result<SessionId, Error> {
    let oauth = bank.oauth().ok_or(Error::AuthorizationExpired)?;
    let grant = broker.receive(bank, oauth, code, &authorization.scopes).await?;
    let new = New {
        provider: &authorization.provider,
        scopes: &grant.scopes,
        grant: &grant.id,
        consent_ends_at: Some(broker.now() + broker.consent_seconds()),
    };
    let arrived = broker.arrive(Of::Callback(state), new).await?;
    broker.ambient.pass(Waypoint::Connected).await;
    Ok(arrived)
}

const OTHER_BROWSER: &str = "The authorization was started in another browser.";

/// What the bank's redirect brought, as the page handed it over.
pub(crate) struct Unverified {
    pub(crate) state: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) iss: Option<String>,
}

impl Unverified {
    /// Reads the query (RFC 6749 §4.1.2); `None` where a protocol parameter comes twice, whatever its
    /// values (requirement K11).
    pub(crate) fn parameters(query: &str) -> Option<Self> {
        let (mut state, mut code, mut error, mut iss) = (None, None, None, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let place = match &*name {
                "state" => &mut state,
                "code" => &mut code,
                "error" => &mut error,
                "iss" => &mut iss,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return None;
            }
        }
        Some(Self { state: state.filter(|state| !state.is_empty()), code, error, iss })
    }

    /// Every check that stands between the bank's redirect and the token endpoint.
    fn verify(
        self,
        broker: &Broker,
        finish: &FinishAuthorization,
        authorization: &Authorization,
        session: Option<SessionId>,
        now: i64,
    ) -> Result<(Arc<Bank>, VerifiedCode), Error> {
        let bank = broker.banks.find(&authorization.provider);
        let bank = bank.ok_or(Error::AuthorizationExpired)?;
        let oauth = bank.oauth().ok_or(Error::AuthorizationExpired)?;
        if authorization.ends_at <= now {
            return Err(Error::AuthorizationExpired);
        }
        if session != Some(authorization.session) {
            return Err(Error::CallbackRefused(OTHER_BROWSER));
        }
        if finish.redirect_uri != authorization.redirect_uri {
            return Err(Error::CallbackRefused(
                "The bank's answer came to another provider's page.",
            ));
        }
        // RFC 9207 §2.4: exact string; missing although announced is as wrong as different
        if oauth.issuer.is_some() && self.iss != oauth.issuer {
            return Err(Error::CallbackRefused("The answer does not come from this bank."));
        }
        let verifier = is_of(finish, &authorization.code_challenge)?;
        match (self.code, self.error) {
            (Some(code), None) if !code.is_empty() => {
                Ok((bank.clone(), VerifiedCode { code, verifier }))
            }
            (None, Some(error)) => Err(refused_by_bank(&error)),
            _ => {
                Err(Error::CallbackRefused("The bank's answer has neither one code nor one error."))
            }
        }
    }
}

/// The verifier, if it belongs to the challenge (RFC 7636 §4.6).
fn is_of(finish: &FinishAuthorization, challenge: &str) -> Result<CodeVerifier, Error> {
    let verifier = CodeVerifier::parse(&finish.code_verifier);
    let verifier =
        verifier.map_err(|_| Error::CallbackRefused("The code verifier is malformed."))?;
    let shown = verifier.challenge();
    verify_slices_are_equal(shown.as_str().as_bytes(), challenge.as_bytes()).map_err(|_| {
        Error::CallbackRefused("The code verifier is not the one of this authorization.")
    })?;
    Ok(verifier)
}

/// Error redirects (RFC 6749 §4.1.2.1); an unknown code counts as the bank's failure.
fn refused_by_bank(error: &str) -> Error {
    match known_oauth(error) {
        Some("access_denied") => Error::Cancelled,
        Some("server_error" | "temporarily_unavailable") => {
            BankError::from(Fault::unavailable()).into()
        }
        Some(code) => BankError::AuthorizationRefused(code).into(),
        None => BankError::from(Fault::Malformed("an OAuth error nobody defined")).into(),
    }
}
