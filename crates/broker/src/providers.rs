//! `GET /providers`: what can be connected.

use std::sync::Arc;

use axum::extract::State;
use protocol::provider::{Connect, Provider, Providers};

use crate::Broker;
use crate::bank::Bank;
use crate::config::Access;

/// All configured providers.
pub(crate) async fn list(State(broker): State<Arc<Broker>>) -> axum::Json<Providers> {
    let providers = broker.banks.iter().map(|bank| describe(bank)).collect();
    axum::Json(Providers { providers })
}

fn describe(bank: &Bank) -> Provider {
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
    }
}
