//! Serves the built page on the app's origin, under the strictest policy it can live with.

use std::path::Path;

use axum::Router;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;

/// No inline script or style, no other origin, no framing, no HTML from strings; WebAssembly needs
/// `wasm-unsafe-eval` and nothing more (requirements B08, B20). Forms go to the banks alone, whose
/// page of a signing may want one.
pub fn policy(banks: &[String]) -> String {
    let banks = if banks.is_empty() { "'none'".to_owned() } else { banks.join(" ") };
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
         style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
         form-action {banks}; base-uri 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'"
    )
}

/// The file of [`service`]'s folder that the bank sends people back to.
pub const CALLBACK: &str = "callback.html";

/// The files of `folder`; `/callback` is where, and `/callback/…` for further banks, the bank sends people back to.
/// `banks` are the origins of the banks' pages.
#[expect(clippy::expect_used, reason = "an origin, as URLs write it, is ASCII")]
pub fn service(folder: &Path, opener_policy: bool, banks: &[String]) -> Router {
    let policy = HeaderValue::try_from(policy(banks)).expect("origins are ASCII");
    let callback = ServeFile::new(folder.join(CALLBACK));
    let mut router = Router::new()
        .route_service("/callback", callback.clone())
        .route_service("/callback/{bank}", callback)
        .fallback_service(ServeDir::new(folder))
        .layer(SetResponseHeaderLayer::overriding(CONTENT_SECURITY_POLICY, policy))
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(REFERRER_POLICY, "no-referrer"))
        .layer(header(CACHE_CONTROL, "no-cache"));
    if opener_policy {
        let name = HeaderName::from_static("cross-origin-opener-policy");
        router = router.layer(header(name, "same-origin"));
    }
    router
}

fn header(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}
