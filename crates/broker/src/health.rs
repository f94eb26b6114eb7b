//! `GET /health/live`, `GET /health/ready`, `GET /health/providers`, `GET /openapi.json`: for machines that look after us.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use serde::Serialize;

use crate::Broker;
use crate::bank::Bank;
use crate::config::Pkce;
use crate::connections::rfc3339;
use crate::defences::Finding;

/// The process answers.
pub(crate) async fn live() -> &'static str {
    "live\n"
}

/// The process can serve: its store answers and it is not shutting down.
pub(crate) async fn ready(State(broker): State<Arc<Broker>>) -> impl IntoResponse {
    if broker.is_stopping() || !broker.held.fits() || !broker.store.is_ready().await {
        return (StatusCode::SERVICE_UNAVAILABLE, "not ready\n");
    }
    (StatusCode::OK, "ready\n")
}

/// Every bank's condition, as its last answers showed it; nobody is asked for it.
pub(crate) async fn providers(State(broker): State<Arc<Broker>>) -> axum::Json<Conditions> {
    let one = |bank: &Arc<Bank>| {
        let own = bank.certificate();
        let own = own.as_ref();
        let remaining = bank.remaining();
        let (trouble, skew) = (bank.condition().trouble(), bank.condition().skew());
        let defences = broker.declared.of(&bank.provider.id);
        let pkce = bank.oauth().map(|oauth| defences.pkce(oauth));
        Condition {
            id: bank.provider.id.clone(),
            csrf: pkce.map(Pkce::csrf_defence),
            pkce: pkce.map(Pkce::as_str),
            probed_at: defences.probed_at(),
            trouble: trouble.map(|(trouble, _)| trouble.as_str()),
            since: trouble.map(|(_, since)| rfc3339(since)),
            frozen_since: bank.frozen().map(|freeze| rfc3339(freeze.since)),
            paused_until: bank.paused_until().map(rfc3339),
            clock_skew_seconds: skew,
            certificate_ends_at: own.map(|own| rfc3339(own.ends_at)),
            certificate_covered_until: bank.covered_until().map(rfc3339),
            certificate_days_left: remaining.map(|remaining| remaining.days),
            certificate_step: remaining.and_then(|remaining| remaining.step),
            certificate_lacks: own
                .map(|own| own.lacks(&bank.provider.scopes))
                .unwrap_or_default()
                .into_iter()
                .map(|(scope, _)| scope.to_owned())
                .collect(),
            files_refused: bank.condition().files_refused(),
        }
    };
    axum::Json(Conditions { providers: broker.banks.iter().map(one).collect() })
}

/// Answer to `GET /health/providers`.
#[derive(Serialize)]
pub(crate) struct Conditions {
    providers: Vec<Condition>,
}

#[derive(Serialize)]
struct Condition {
    id: String,
    /// What forged callbacks fail at: `state`, or the bank's PKCE; nothing where nobody logs in.
    csrf: Option<&'static str>,
    /// What is known of the bank's PKCE, by configuration and probe.
    pkce: Option<&'static str>,
    /// When a probe last found something out about the bank.
    probed_at: Option<String>,
    /// What the operator has to mend, if anything.
    trouble: Option<&'static str>,
    since: Option<String>,
    /// Since when an operator keeps calls from going there, if so.
    frozen_since: Option<String>,
    /// Until when the token endpoint is left alone, because it refuses us or is in trouble.
    paused_until: Option<String>,
    /// By how much the bank's clock is ahead; unknown before its first answer.
    clock_skew_seconds: Option<i64>,
    /// When our certificate in use ends.
    certificate_ends_at: Option<String>,
    /// When the last of those ends that take over from it, one from the other, without a gap.
    certificate_covered_until: Option<String>,
    /// Whole days till that.
    certificate_days_left: Option<i64>,
    /// 30, 14, 7 or 1 where no more days are left, 0 where it has ended.
    certificate_step: Option<i64>,
    /// Scopes that our certificate has no role for.
    certificate_lacks: Vec<String>,
    /// The key of the new certificate file that cannot be used; the files before it still are.
    files_refused: Option<String>,
}

/// What probes found out about every bank: for the private door, since it tells what a bank lets pass.
pub(crate) async fn findings(State(broker): State<Arc<Broker>>) -> axum::Json<Probed> {
    let one = |bank: &Arc<Bank>| {
        let defences = broker.declared.of(&bank.provider.id);
        ProbedBank {
            id: bank.provider.id.clone(),
            probed_at: defences.probed_at(),
            findings: defences.findings(),
        }
    };
    axum::Json(Probed { providers: broker.banks.iter().map(one).collect() })
}

/// Answer to `GET /findings`.
#[derive(Serialize)]
pub(crate) struct Probed {
    providers: Vec<ProbedBank>,
}

#[derive(Serialize)]
struct ProbedBank {
    id: String,
    /// When a probe last found something out.
    probed_at: Option<String>,
    findings: Vec<Finding>,
}

/// The description of the public HTTP surface (OpenAPI 3.1).
pub(crate) async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI)
}

/// The document, tested against the routes.
pub(crate) const OPENAPI: &str = include_str!("../openapi.json");
