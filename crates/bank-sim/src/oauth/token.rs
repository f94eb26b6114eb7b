//! `POST /oauth/token`: code exchange and refresh (bank-api facts 5.3, 5.6, 5.7; RFC 6749, 4.1.3
//! and 6). A code burns when it is shown, whatever the later checks say.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::Method;

use super::client_auth::{Demand, authenticate};
use super::grants::{Code, Issued, RefreshRefusal, Terms};
use super::{OauthError, method_not_allowed, pkce, reply};
use crate::bank::Bank;
use crate::call::Call;
use crate::form::Fields;
use crate::journal::Breach;
use crate::knobs::{Occasion, RedirectUri, Refresh, RefreshFailure, TokenReply, WebFlow};
use crate::registry::Registered;
use crate::sync::lock;

/// The token endpoint.
pub(crate) async fn token(
    State(bank): State<Arc<Bank>>,
    Extension(generation): Extension<WebFlow>,
    Extension(call): Extension<Arc<Call>>,
) -> Response {
    if call.method != Method::POST {
        return method_not_allowed(&call.method);
    }
    let form = call.form();
    let user = lock(&bank.grants).shown(form.first("code"), form.first("refresh_token"));
    let occasion = Occasion::of(&call).about(user.as_deref());
    let position = match form.first("grant_type") {
        Some("refresh_token") => bank.meet(occasion, |knobs| &mut knobs.refresh_reply),
        _ => TokenReply::Normal,
    };
    let position = match position {
        TokenReply::Normal => bank.meet(occasion, |knobs| &mut knobs.token_reply),
        other => other,
    };
    tokio::time::sleep(bank.meet(occasion, |knobs| &mut knobs.token_delay)).await;
    match reply::instead(&position).await {
        Some(response) => response,
        None => match serve(&bank, occasion, generation, &call, &form) {
            Ok(issued) => reply::good(&bank, &call, &issued, &position).await,
            Err(refusal) => reply::spoilt(&call, refusal.into_response(), &position).await,
        },
    }
}

/// The tokens that client and grant are good for.
fn serve(
    bank: &Bank,
    occasion: Occasion<'_>,
    generation: WebFlow,
    call: &Call,
    form: &Fields,
) -> Result<Issued, OauthError> {
    let client = authenticate(bank, call, form, Demand::of_token(bank, occasion, generation));
    let client = client.inspect_err(|_| bank.watch.client_refused(form))?;
    let terms = Terms {
        now: bank.clock.millis(),
        access_ttl: bank.meet(occasion, |knobs| &mut knobs.access_ttl),
        refresh_ttl: bank.meet(occasion, |knobs| &mut knobs.refresh_ttl),
        refresh: bank.meet(occasion, |knobs| &mut knobs.refresh),
    };
    match form.first("grant_type").filter(|grant_type| !grant_type.is_empty()) {
        None => Err(OauthError::bad_request("invalid_request", "Missing grant type")),
        Some("authorization_code") => exchange(bank, occasion, generation, &client, form, terms),
        Some("refresh_token") if terms.refresh != Refresh::None => {
            refresh(bank, occasion, &client, form, terms)
        }
        Some(known @ ("refresh_token" | "client_credentials" | "password" | "implicit")) => {
            let description = format!("Unauthorized grant type: {known}");
            Err(OauthError::unauthorized("invalid_client", description))
        }
        Some(other) => {
            let description = format!("Unsupported grant type: {other}");
            Err(OauthError::bad_request("unsupported_grant_type", description))
        }
    }
}

fn exchange(
    bank: &Bank,
    occasion: Occasion<'_>,
    generation: WebFlow,
    client: &Registered,
    form: &Fields,
    terms: Terms,
) -> Result<Issued, OauthError> {
    let name = form.first("code").ok_or_else(|| {
        OauthError::bad_request("invalid_request", "An authorization code must be supplied.")
    })?;
    let code = lock(&bank.grants).take_code(name);
    let age = |code: &Code| Duration::from_millis((terms.now - code.issued).unsigned_abs());
    let ttl = bank.meet(occasion, |knobs| &mut knobs.code_ttl).or(generation.code_ttl());
    let code = code
        .filter(|code| ttl.is_none_or(|ttl| age(code) < ttl))
        .ok_or_else(|| OauthError::bad_request("invalid_grant", "Invalid authorization code"))?;
    let redirect_uri = form.first("redirect_uri");
    let expected = code.redirect_uri_given || redirect_uri.is_some();
    if expected && redirect_uri != Some(&code.redirect_uri) {
        let detail = "redirect_uri at token differs from the authorization request";
        bank.journal.breach(Breach::RedirectUriDiffers, detail);
    }
    let position = bank.meet(occasion, |knobs| &mut knobs.redirect_uri);
    let bound = expected && position != RedirectUri::Unbound;
    if bound && redirect_uri != Some(&code.redirect_uri) {
        return Err(OauthError::bad_request("invalid_grant", "Redirect URI mismatch."));
    }
    if code.authorized.client_id != client.client_id {
        bank.journal.breach(Breach::CodeForeign, "code of another client");
        return Err(OauthError::unauthorized("invalid_client", "Client ID mismatch"));
    }
    if code.of_signing {
        let standing = lock(&bank.grants).standing(&code.authorized);
        let standing = standing.ok_or_else(|| {
            OauthError::bad_request("invalid_grant", "Invalid authorization code")
        })?;
        return Ok(lock(&bank.grants).issue(standing, &bank.random, terms));
    }
    pkce::check_verifier(bank, occasion, generation, &code, form.first("code_verifier"))?;
    bank.consents.given(&code.authorized, code.issued);
    Ok(lock(&bank.grants).issue(code.authorized, &bank.random, terms))
}

fn refresh(
    bank: &Bank,
    occasion: Occasion<'_>,
    client: &Registered,
    form: &Fields,
    terms: Terms,
) -> Result<Issued, OauthError> {
    let token = form.first("refresh_token").ok_or_else(|| {
        OauthError::bad_request("invalid_request", "refresh_token parameter not provided")
    })?;
    match bank.meet(occasion, |knobs| &mut knobs.refresh_failure) {
        RefreshFailure::Off => {}
        RefreshFailure::InvalidGrant => {
            lock(&bank.grants).kill_refresh(token);
            return Err(OauthError::bad_request("invalid_grant", "Invalid refresh token"));
        }
        RefreshFailure::InvalidClient => {
            return Err(OauthError::bad_form("invalid_client", "Bad client credentials"));
        }
    }
    let narrowed = form.first("scope").filter(|scope| !scope.is_empty());
    let issued =
        lock(&bank.grants).refresh(token, &client.client_id, narrowed, &bank.random, terms);
    let issued = issued.map_err(|refusal| refused(bank, token, refusal))?;
    if bank.consents.is_over(bank, occasion, &issued.authorized) {
        lock(&bank.grants).revoke(&issued.access_token, &client.client_id);
        return Err(OauthError::bad_request("invalid_grant", "Invalid refresh token"));
    }
    Ok(issued)
}

fn refused(bank: &Bank, token: &str, refusal: RefreshRefusal) -> OauthError {
    let invalid = |description: &str| OauthError::bad_request("invalid_grant", description);
    match refusal {
        RefreshRefusal::Unknown => invalid("Invalid refresh token"),
        RefreshRefusal::OtherClient => {
            bank.journal.breach(Breach::RefreshForeign, "refresh token of another client");
            invalid("Wrong client for this refresh token")
        }
        RefreshRefusal::Wider { granted } => {
            bank.journal.breach(Breach::RefreshWider, "refresh asks for more scope than granted");
            let description = "Unable to narrow the scope of the client authentication";
            OauthError::bad_request("invalid_scope", description).with_scope(&granted)
        }
        RefreshRefusal::Expired => {
            OauthError::unauthorized("invalid_token", "Invalid refresh token (expired)")
        }
        RefreshRefusal::Reused => {
            if !bank.watch.is_excused(token) {
                let detail = "refresh token presented again after its rotation";
                bank.journal.breach(Breach::RefreshReused, detail);
            }
            invalid("Invalid refresh token")
        }
    }
}
