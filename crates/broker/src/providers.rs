//! `GET /providers` and `GET /providers/{id}/logo`: what can be connected.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use protocol::provider::{Connect, Provider, Providers};

use crate::Broker;
use crate::bank::Bank;
use crate::body::PathId;
use crate::config::Access;
use crate::error::Error;

/// All configured providers.
pub(crate) async fn list(State(broker): State<Arc<Broker>>) -> axum::Json<Providers> {
    let providers = broker.banks.iter().map(|bank| broker.describe_provider(bank)).collect();
    axum::Json(Providers { providers })
}

/// Anybody's page may show it, by an `img`, which sends no header of ours; opened by itself it can do nothing.
const LOGO_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// The picture of a provider.
pub(crate) async fn logo(
    State(broker): State<Arc<Broker>>,
    PathId(id): PathId,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let logo = broker.banks.find(&id).and_then(|bank| bank.provider.logo.as_ref());
    let logo = logo.ok_or(Error::NotFound("There is no such picture."))?;
    let always = [
        (ETAG, &*logo.tag),
        (CACHE_CONTROL, "public, max-age=86400"),
        (CONTENT_SECURITY_POLICY, LOGO_POLICY),
    ];
    // RFC 9110 §13.1.2, where a cache may have weakened the tag
    let known = headers.get(IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let known = known.unwrap_or_default().split(',').map(|tag| tag.trim().trim_start_matches("W/"));
    if known.into_iter().any(|tag| tag == logo.tag) {
        return Ok((StatusCode::NOT_MODIFIED, always).into_response());
    }
    Ok((always, [(CONTENT_TYPE, logo.media_type)], logo.bytes.clone()).into_response())
}

impl Broker {
    fn describe_provider(&self, bank: &Bank) -> Provider {
        let provider = &bank.provider;
        let (connect, authorization_origin, prepared_tokens, prepared_certificates) =
            match &provider.access {
                Access::Authorization(oauth) => {
                    let origin = oauth.authorization_url.origin().ascii_serialization();
                    (Connect::Authorization, Some(origin), Vec::new(), Vec::new())
                }
                Access::Prepared { tokens, certificates } => {
                    (Connect::PreparedToken, None, tokens.clone(), certificates.clone())
                }
            };
        let consent_days = u16::try_from(self.consent_seconds() / 86_400).unwrap_or(u16::MAX);
        Provider {
            id: provider.id.clone(),
            name: provider.name.clone(),
            country: provider.country.clone(),
            environment: provider.environment,
            connect,
            scopes: provider.scopes.clone(),
            scopes_per_authorization: provider.scopes_per_authorization,
            authorization_origin,
            prepared_tokens,
            prepared_certificates,
            cobs_version: provider.cobs_version,
            consent_days: bank.oauth().map(|_| consent_days),
            logo: provider.logo.as_ref().map(|_| format!("/providers/{}/logo", provider.id)),
        }
    }
}
