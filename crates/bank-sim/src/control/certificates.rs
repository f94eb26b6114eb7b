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

const ACTS: [&str; 5] = [
    "{\"server\": \"renew\"}",
    "{\"server\": \"wrong_name\"} (or expired, not_yet_valid, untrusted_authority)",
    "{\"authority\": \"rotate\"}",
    "{\"authority\": \"retire_old\"}",
    "{\"revoke\": \"-----BEGIN CERTIFICATE-----…\"}",
];

/// What is done to a certificate.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Order {
    Server(Server),
    Authority(Authority),
    /// PEM of a client certificate of the bank's authority.
    Revoke(String),
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

/// `POST /certificates`: renews, spoils, rotates, retires or revokes; for the next connection on.
pub(super) async fn change(
    State(bank): State<Arc<Bank>>,
    bytes: Bytes,
) -> Result<Json<Value>, Problem> {
    let order = serde_json::from_value(body(&bytes)?)
        .map_err(|error| Problem::bad(error.to_string()).allowing(ACTS))?;
    let act = match order {
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
