//! All routes on one page, with the layers that every request passes.

use std::sync::Arc;

use axum::routing::{any, get};
use axum::{Router, middleware};

use crate::bank::Bank;
use crate::{api, call, login, oauth, openapi, pki, registration};

/// The bank as it stands on the front and the TLS door.
pub(crate) fn bank(bank: Arc<Bank>) -> Router {
    let routes = Router::new()
        .route("/", get(login::home))
        .route("/pki/{file}", get(pki::publish::file))
        .route("/openapi.json", get(openapi::openapi))
        .route("/powerauth-webflow/oauth/authorize", any(oauth::authorize::authorize))
        .route("/powerauth-webflow/oauth/token", any(oauth::token::token))
        .route("/powerauth-webflow/oauth/token/revoke", any(oauth::revoke))
        .route(
            "/powerauth-webflow/oauth/check_token",
            get(oauth::introspect).post(oauth::introspect),
        )
        .route("/powerauth-webflow/oauth/error", get(login::sorry))
        .route("/powerauth-webflow/authenticate", get(login::show).post(login::answer))
        .route("/powerauth-webflow/authenticate/continue", get(login::proceed))
        .route("/powerauth-webflow/resources/{name}", get(login::resource))
        .route("/psd2-cobs/{*path}", any(api::serve))
        .merge(registration::routes());
    recorded(routes, bank)
}

/// The sandbox: the API and the registration, and nothing else.
pub(crate) fn sandbox(bank: Arc<Bank>) -> Router {
    let routes = Router::new().route("/psd2-cobs/{*path}", any(api::serve));
    recorded(routes.merge(registration::routes()), bank)
}

fn recorded(routes: Router<Arc<Bank>>, bank: Arc<Bank>) -> Router {
    let record = middleware::from_fn_with_state(bank.clone(), call::take_down);
    let date = middleware::from_fn_with_state(bank.clone(), call::date);
    routes.layer(record).layer(date).with_state(bank)
}
