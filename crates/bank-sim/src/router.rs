//! All routes on one page, with the layers that every request passes.

use std::sync::Arc;

use axum::routing::{any, get, post};
use axum::{Router, middleware};

use crate::bank::Bank;
use crate::knobs::WebFlow;
use crate::{api, call, login, oauth, openapi, pki, registration};

/// The bank as it stands on the front and the TLS door.
pub(crate) fn bank(bank: Arc<Bank>) -> Router {
    let routes = Router::new()
        .route("/", get(login::home))
        .route("/pki/{file}", get(pki::publish::file))
        .route("/openapi.json", get(openapi::openapi))
        .merge(web_flow_1_4(&bank))
        .merge(web_flow_1_5(&bank))
        .route("/powerauth-webflow/oauth/error", get(login::sorry))
        .route("/powerauth-webflow/authenticate", get(login::show).post(login::answer))
        .route("/powerauth-webflow/authenticate/continue", get(login::proceed))
        .route("/powerauth-webflow/authenticate/cancel", get(login::cancel).post(login::cancel))
        .route("/powerauth-webflow/authenticate/stay", post(login::stay))
        .route("/powerauth-webflow/resources/{name}", get(login::resource))
        .route("/psd2-cobs/{*path}", any(api::serve))
        .merge(registration::routes());
    let phone = Router::new().route("/phone", get(login::phone));
    let phone = phone.layer(middleware::from_fn(call::pass_over)).with_state(bank.clone());
    phone.merge(recorded(routes, bank)) // in this order, or what is not found is not recorded
}

/// What only Web Flow up to 1.4 has.
fn web_flow_1_4(bank: &Arc<Bank>) -> Router<Arc<Bank>> {
    let only = middleware::from_fn_with_state((bank.clone(), WebFlow::V1_4), oauth::only);
    Router::new()
        .route(WebFlow::V1_4.authorize_path(), any(oauth::authorize::authorize))
        .route(login::POSTED, post(login::posted))
        .route("/powerauth-webflow/oauth/token", any(oauth::token::token))
        .route("/powerauth-webflow/oauth/token/revoke", any(oauth::revoke))
        .route(
            "/powerauth-webflow/oauth/check_token",
            get(oauth::check_token).post(oauth::check_token),
        )
        .route("/powerauth-webflow/oauth/token_key", any(oauth::token_key))
        .route_layer(only)
}

/// What only Web Flow from 1.5 has.
fn web_flow_1_5(bank: &Arc<Bank>) -> Router<Arc<Bank>> {
    let only = middleware::from_fn_with_state((bank.clone(), WebFlow::V1_5), oauth::only);
    Router::new()
        .route(WebFlow::V1_5.authorize_path(), any(oauth::authorize::authorize))
        .route("/powerauth-webflow/oauth2/token", any(oauth::token::token))
        .route("/powerauth-webflow/oauth2/revoke", any(oauth::revoke))
        .route("/powerauth-webflow/oauth2/introspect", any(oauth::introspect))
        .route_layer(only)
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
