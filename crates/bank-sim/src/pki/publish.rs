//! What a certificate points to, over plain HTTP as everywhere: the revocation list of its issuer
//! (RFC 5280, 4.2.1.13) and the issuer's own certificate (4.2.2.1).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

use super::Pki;
use super::authority::Authority;
use crate::bank::Bank;
use crate::sync::lock;

/// `GET /pki/{file}`.
pub(crate) async fn file(State(bank): State<Arc<Bank>>, Path(file): Path<String>) -> Response {
    match published(&bank.pki, &format!("/pki/{file}"), bank.clock.now()) {
        Some((media, content)) => ([(header::CONTENT_TYPE, media)], content).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The file at `path` with its media type (RFC 2585, 4).
fn published(pki: &Pki, path: &str, now: std::time::SystemTime) -> Option<(&'static str, Vec<u8>)> {
    let own = lock(&pki.own).clone();
    own.iter().find_map(|own| match path.strip_prefix(&Authority::path(own.generation))? {
        ".crl" => Some(("application/pkix-crl", own.crl(now).ok()?.to_vec())),
        ".crt" => Some(("application/pkix-cert", own.issuing().to_vec())),
        _ => None,
    })
}
