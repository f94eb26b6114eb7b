//! `POST /authorizations`: a person wants to connect a bank.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use protocol::authorization::{StartAuthorization, StartedAuthorization};
use protocol::pkce::CodeChallenge;
use protocol::state::State as OAuthState;

use crate::Broker;
use crate::bank::Bank;
use crate::body::Json;
use crate::config::OAuth;
use crate::error::Error;
use crate::grant::hash;
use crate::session::Caller;
use crate::store::{Authorization, Begun};

/// How long a person may take at the bank (requirement K05).
const AUTHORIZATION_SECONDS: i64 = 600;
/// Attempts a session may have open; the oldest gives way (requirement T25).
const MOST_OPEN: i64 = 16;

/// Remembers the authorization and answers where to send the person.
pub(crate) async fn start(
    State(broker): State<Arc<Broker>>,
    headers: HeaderMap,
    Json(start): Json<StartAuthorization>,
) -> Result<Response, Error> {
    let bank = broker.banks.find(&start.provider);
    let bank = bank.ok_or(Error::NotFound("There is no such provider."))?;
    let oauth = bank.oauth().ok_or(Error::InvalidRequest(
        "This provider hands out tokens by name; use POST /connections.",
    ))?;
    let state = OAuthState::parse(&start.state)
        .map_err(|_| Error::InvalidRequest("state is not bc1. and 43 base64url characters."))?;
    let code_challenge = CodeChallenge::parse(&start.code_challenge)
        .map_err(|_| Error::InvalidRequest("code_challenge is not 43 base64url characters."))?;
    bank.pass()?; // nobody is sent to a bank whose codes would not be exchanged
    check_scopes(bank, &start.scopes)?;
    check_certificate(bank, &start.scopes)?;

    let (session, cookie) = match broker.caller(&headers).await? {
        Caller::Known(session) | Caller::Succeeded(session) => (session, None),
        Caller::New(session, cookie) => (session, Some(cookie)),
    };
    broker.check_quota(session).await?;
    let authorization = Authorization {
        session,
        provider: start.provider,
        scopes: start.scopes,
        redirect_uri: oauth.redirect_uri.clone(),
        code_challenge: code_challenge.as_str().to_owned(),
        ends_at: broker.now() + AUTHORIZATION_SECONDS,
    };
    let state_hash = hash(state.as_str().as_bytes());
    match broker.store.begin_authorization(&state_hash, &authorization, MOST_OPEN).await? {
        Begun::Yes => {}
        Begun::StateUsed => {
            return Err(Error::InvalidRequest("state was used before; draw a new one."));
        }
        Begun::SessionGone => return Err(Error::Unfinished),
    }

    let scope = authorization.scopes.join(" ");
    let (redirect_uri, challenge) = (&oauth.redirect_uri, &authorization.code_challenge);
    let authorization_url = authorization_url(oauth, redirect_uri, &scope, challenge, &state);
    let mut response = axum::Json(StartedAuthorization { authorization_url }).into_response();
    if let Some(cookie) = cookie {
        cookie.put(&mut response);
    }
    Ok(response)
}

/// At least one, none twice, all covered by our licence, no more than the bank takes at once.
fn check_scopes(bank: &Bank, scopes: &[String]) -> Result<(), Error> {
    let most = usize::from(bank.provider.scopes_per_authorization);
    if scopes.is_empty() {
        return Err(Error::InvalidRequest("scopes is empty; name at least one."));
    }
    if scopes.iter().enumerate().any(|(at, scope)| scopes[..at].contains(scope)) {
        return Err(Error::InvalidRequest("scopes names one twice."));
    }
    if !scopes.iter().all(|scope| bank.provider.scopes.contains(scope)) {
        return Err(Error::InvalidRequest(
            "scopes names one that this provider does not offer; see GET /providers.",
        ));
    }
    if scopes.len() > most {
        return Err(Error::InvalidRequest(
            "This bank takes fewer scopes per authorization; connect once for each.",
        ));
    }
    Ok(())
}

/// The configuration was checked at the start, but a lesser certificate may have come since: nobody logs in for
/// what the bank is certain to refuse (requirement K46).
fn check_certificate(bank: &Bank, scopes: &[String]) -> Result<(), Error> {
    let Some(own) = bank.certificate() else { return Ok(()) };
    let Some((scope, role)) = own.lacks(scopes).into_iter().next() else { return Ok(()) };
    let (provider, role) = (&bank.provider.id, role.as_str());
    tracing::error!(event = "scope_uncovered", provider, scope, role, "replace the certificate");
    Err(Error::Uncovered { scope: scope.to_owned(), role })
}

/// RFC 6749 §4.1.1 and RFC 7636 §4.3, built from the configuration and what was checked above; query
/// parameters of the page's call never reach it (bug class C37).
pub(crate) fn authorization_url(
    oauth: &OAuth,
    redirect_uri: &str,
    scope: &str,
    code_challenge: &str,
    state: &OAuthState,
) -> String {
    let mut url = oauth.authorization_url.clone();
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &oauth.client_id)
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("scope", scope)
        .append_pair("state", state.as_str())
        .append_pair("code_challenge", code_challenge)
        .append_pair("code_challenge_method", "S256");
    url.into()
}
