//! Forged requests are refused before anything else looks at them.
//!
//! Three checks, each enough against today's browsers: tower-http's `csrf` layer (Fetch Metadata, then
//! Origin), our stricter reading of the same headers, and a static header that a foreign site
//! cannot set without a CORS preflight, which is never granted (requirements K29, K30, B16).

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use protocol::path::STATIC_HEADER;
use std::sync::Arc;
use tower_http::csrf::{CsrfLayer, ProtectionError, ResponseForProtectionError};

use crate::Broker;
use crate::error::Error;

/// tower-http's layer with our origins and our kind of answer.
pub(crate) fn layer(
    origins: &[String],
) -> Result<CsrfLayer<Refusal>, tower_http::csrf::ConfigError> {
    let mut layer = CsrfLayer::new();
    for origin in origins {
        layer = layer.add_trusted_origin(origin)?;
    }
    Ok(layer.with_rejection_response(Refusal))
}

/// Turns the layer's rejection into a problem.
#[derive(Clone)]
pub(crate) struct Refusal;

impl ResponseForProtectionError<axum::body::Body> for Refusal {
    fn response_for_protection_error(&mut self, _: ProtectionError) -> Response {
        Error::Refused("The request comes from another site.").into_response()
    }
}

/// Our own check, on every call, reads included.
pub(crate) async fn check(
    State(broker): State<Arc<Broker>>,
    request: Request,
    next: Next,
) -> Response {
    match judge(request.method(), request.headers(), &broker.app.origins) {
        Ok(()) => next.run(request).await,
        Err(what) => Error::Refused(what).into_response(),
    }
}

fn judge(method: &Method, headers: &HeaderMap, origins: &[String]) -> Result<(), &'static str> {
    let only = |name: &str| {
        let mut values = headers.get_all(name).iter();
        let first = values.next().map(HeaderValue::as_bytes);
        (first, values.next().is_some())
    };
    let (fixed, twice) = only(STATIC_HEADER.0);
    if fixed != Some(STATIC_HEADER.1.as_bytes()) || twice {
        return Err("The header x-bankconnect: 1 is missing; use the bankconnect package.");
    }
    let (site, twice) = only("sec-fetch-site");
    if twice || site.is_some_and(|site| site != b"same-origin") {
        return Err("The request comes from another site.");
    }
    let (origin, twice) = only("origin");
    let ours = |origin: &[u8]| origins.iter().any(|known| known.as_bytes() == origin);
    if twice || origin.is_some_and(|origin| !ours(origin)) {
        return Err("The request comes from an origin that is not configured.");
    }
    if site.is_none() && origin.is_none() && method != Method::GET {
        return Err("The request names neither Sec-Fetch-Site nor Origin.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// K29: the table of header combinations.
    #[test]
    fn every_combination_of_headers() {
        let origins = ["https://app.example".to_owned()];
        let sites =
            [None, Some("same-origin"), Some("same-site"), Some("cross-site"), Some("none")];
        let from = [None, Some("https://app.example"), Some("https://evil.example"), Some("null")];
        for method in [Method::GET, Method::POST, Method::DELETE] {
            for site in sites {
                for origin in from {
                    for fixed in [None, Some("1"), Some("2")] {
                        let mut headers = HeaderMap::new();
                        let mut put = |name, value: Option<&'static str>| {
                            value.map(|value| headers.insert(name, value.parse().unwrap()));
                        };
                        put("sec-fetch-site", site);
                        put("origin", origin);
                        put("x-bankconnect", fixed);
                        let good = fixed == Some("1")
                            && matches!(site, None | Some("same-origin"))
                            && matches!(origin, None | Some("https://app.example"))
                            && (method == Method::GET || site.is_some() || origin.is_some());
                        let judged = judge(&method, &headers, &origins).is_ok();
                        assert_eq!(judged, good, "{method} {site:?} {origin:?} {fixed:?}");
                    }
                }
            }
        }
    }
}
