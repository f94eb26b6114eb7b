//! `POST /authorizations/callback`: the person is back from the bank.
//!
//! The authorization is taken out first, then everything is checked; only what passes becomes a
//! [`VerifiedCode`], and only that can be exchanged. ČNB's server ignores PKCE and its codes are six
//! characters long, so the broker enforces the verifier itself.

use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use protocol::authorization::FinishAuthorization;
use protocol::pkce::CodeVerifier;

use crate::Broker;
use crate::bank::{Bank, BankError, Fault, known_oauth};
use crate::body::Json;
use crate::config::OAuth;
use crate::error::Error;
use crate::grant::hash;
use crate::store::{Authorization, NewConnection, SessionId};

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

/// Checks the callback, exchanges the code, makes the connection, renews the session.
pub(crate) async fn finish(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    Json(finish): Json<FinishAuthorization>,
) -> Result<Response, Error> {
    let unverified = Unverified::read(&finish.query)?;
    let authorization = broker.store.take_authorization(&hash(unverified.state.as_bytes())).await?;
    let authorization = authorization.ok_or(Error::AuthorizationExpired)?;
    let session = broker.session_of_callback(&headers).await?;
    let bank = broker.banks.find(&authorization.provider);
    let (bank, oauth) =
        bank.and_then(|bank| Some((bank, bank.oauth()?))).ok_or(Error::AuthorizationExpired)?;
    let now = broker.now();
    let code = unverified.verify(&finish, &authorization, session, oauth, now)?;

    let session = authorization.session;
    // a task of its own: a browser that goes away must not cut the exchange in two
    let connected = tokio::spawn(exchange(broker.clone(), bank.clone(), authorization, code));
    let id = connected.await.map_err(|_| Error::Internal("the exchange was lost"))??;
    let connection = broker.connection_of(session, &id).await?;
    let mut response = axum::Json(connection).into_response();
    broker.renew(session).await?.put(&mut response);
    Ok(response)
}

/// Exchanges the code and makes the connection; answers its id.
async fn exchange(
    broker: Arc<Broker>,
    bank: Arc<Bank>,
    authorization: Authorization,
    code: VerifiedCode,
) -> Result<String, Error> {
    let _unfinished = broker.work.clone().read_owned().await;
    let oauth = bank.oauth().ok_or(Error::AuthorizationExpired)?;
    let grant = broker.receive(&bank, oauth, code, &authorization.scopes).await?;
    let now = broker.now();
    let connection = NewConnection {
        id: &broker.ambient.uuid()?,
        session: authorization.session,
        provider: &authorization.provider,
        scopes: &grant.scopes,
        grant: &grant.id,
        connected_at: now,
        consent_ends_at: Some(now + broker.consent_seconds()),
        session_ends_at: broker.session_ends_at(),
    };
    match broker.store.connect(&connection, now).await {
        Ok(id) => Ok(id),
        Err(error) => {
            broker.dispose(&grant.id).await;
            Err(error.into())
        }
    }
}

/// What the bank's redirect brought, as the page handed it over.
struct Unverified {
    state: String,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

impl Unverified {
    /// Reads the query (RFC 6749 §4.1.2). A protocol parameter that comes twice is refused, whatever
    /// its values (requirement K11); without `state` there is nothing to look for (K06).
    fn read(query: &str) -> Result<Self, Error> {
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
                return Err(Error::Refused("The bank's answer has a parameter twice."));
            }
        }
        let state = state.filter(|state| !state.is_empty());
        let state = state.ok_or(Error::Refused("The bank's answer has no state."))?;
        Ok(Self { state, code, error, iss })
    }

    /// Every check that stands between the bank's redirect and the token endpoint.
    fn verify(
        self,
        finish: &FinishAuthorization,
        authorization: &Authorization,
        session: Option<SessionId>,
        oauth: &OAuth,
        now: i64,
    ) -> Result<VerifiedCode, Error> {
        if authorization.ends_at <= now {
            return Err(Error::AuthorizationExpired);
        }
        if session != Some(authorization.session) {
            return Err(Error::Refused("The authorization was started in another browser."));
        }
        if finish.redirect_uri != authorization.redirect_uri {
            return Err(Error::Refused("The bank's answer came to another provider's page."));
        }
        // RFC 9207 §2.4: exact string; missing although announced is as wrong as different
        if oauth.issuer.is_some() && self.iss != oauth.issuer {
            return Err(Error::Refused("The answer does not come from this bank."));
        }
        let verifier = CodeVerifier::parse(&finish.code_verifier);
        let verifier = verifier.map_err(|_| Error::Refused("The code verifier is malformed."))?;
        let challenge = verifier.challenge();
        let expected = authorization.code_challenge.as_bytes();
        if verify_slices_are_equal(challenge.as_str().as_bytes(), expected).is_err() {
            return Err(Error::Refused("The code verifier is not the one of this authorization."));
        }
        match (self.code, self.error) {
            (Some(code), None) if !code.is_empty() => Ok(VerifiedCode { code, verifier }),
            (None, Some(error)) => Err(refused_by_bank(&error)),
            _ => Err(Error::Refused("The bank's answer has neither one code nor one error.")),
        }
    }
}

/// Error redirects (RFC 6749 §4.1.2.1); an unknown code counts as the bank's failure.
fn refused_by_bank(error: &str) -> Error {
    match known_oauth(error) {
        Some("access_denied") => Error::Cancelled,
        Some(code) => BankError::AuthorizationRefused(code).into(),
        None => BankError::from(Fault::Malformed("an OAuth error nobody defined")).into(),
    }
}
