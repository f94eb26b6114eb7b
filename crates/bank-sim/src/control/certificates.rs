//! The bank's certificates, rolled over and spoilt from outside, and those of third parties, revoked.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::IntoResponse;
use http::{StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Problem;
use super::problem::body;
use crate::bank::Bank;
use crate::certificates::{self, Act};
use crate::pki::server::ServerFault;
use crate::{CertificateRequest, Role};

const ACTS: [&str; 6] = [
    "{\"server\": \"renew\"}",
    "{\"server\": \"wrong_name\"} (or expired, not_yet_valid, untrusted_authority)",
    "{\"authority\": \"rotate\"}",
    "{\"authority\": \"retire_old\"}",
    "{\"revoke\": \"-----BEGIN CERTIFICATE-----…\"}",
    "{\"issue\": {\"licence\": \"PSDCZ-CNB-12345678\", \"roles\": [\"PSP_AI\", \"PSP_PI\"]}} \
     (organisation, common_name)",
];

/// What is done to a certificate.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Order {
    Server(Server),
    Authority(Authority),
    /// PEM of a client certificate of the bank's authority.
    Revoke(String),
    Issue(Wanted),
}

/// The subject of a new client certificate.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    licence: String,
    roles: Vec<Role>,
    #[serde(default = "organisation")]
    organisation: String,
    #[serde(default = "common_name")]
    common_name: String,
}

fn organisation() -> String {
    "Ukázková aplikace s.r.o.".to_owned()
}

fn common_name() -> String {
    "tpp.example".to_owned()
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Server {
    Renew,
    #[serde(untagged)]
    Fault(ServerFault),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Authority {
    Rotate,
    RetireOld,
}

/// `GET /certificates/ca.pem`: the root that third parties trust.
pub(super) async fn authority(State(bank): State<Arc<Bank>>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/pem-certificate-chain")], bank.pki.ca_pem())
}

/// `POST /certificates`: renews, spoils, rotates, retires, revokes or issues; for the next connection on.
pub(super) async fn change(
    State(bank): State<Arc<Bank>>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let order = serde_json::from_value(body(&bytes)?)
        .map_err(|error| Problem::bad(error.to_string()).allowing(ACTS))?;
    let act = match order {
        Order::Issue(wanted) => return Ok(issue(&bank, wanted)),
        Order::Server(Server::Renew) => Act::Renew,
        Order::Server(Server::Fault(fault)) => Act::Spoil(fault),
        Order::Authority(Authority::Rotate) => Act::Rotate,
        Order::Authority(Authority::RetireOld) => Act::RetireOld,
        Order::Revoke(pem) => Act::Revoke(pem),
    };
    let failed =
        |error: crate::Error| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string());
    if certificates::carry_out(&bank, &act).map_err(failed)? {
        Ok(Json(json!({ "ca_pem": bank.pki.ca_pem() })))
    } else {
        Err(Problem::missing("no authority of this bank has issued that certificate"))
    }
}

/// A new client certificate of the present authority, with its chain and key.
fn issue(bank: &Bank, wanted: Wanted) -> Json<Value> {
    let identity = bank.pki.issue(CertificateRequest {
        roles: wanted.roles,
        licence: Some(wanted.licence),
        organisation: wanted.organisation,
        common_name: wanted.common_name,
        ..CertificateRequest::default()
    });
    let (certificate, key) = (identity.cert_pem, identity.key_pem);
    Json(json!({ "cert_pem": certificate, "key_pem": key, "ca_pem": bank.pki.ca_pem() }))
}
