//! How the bank's page of a signing is opened (bank-api fact 10.7): by its address, or by a form that
//! is posted to it. What a bank puts into `SAMLRequest` is its own affair (derived): here it is the
//! operation, in the base64 of the POST binding of SAML 2.0 (Bindings, 3.5.4).

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use serde_json::{Value, json};

use super::{Language, failure};
use crate::bank::Bank;
use crate::call::Call;
use crate::form::{Fields, extend};
use crate::knobs::{SignPage, WebFlow};
use crate::oauth::authorize;
use crate::orders::Order;
use crate::sync::lock;

const AUTHORIZE: &str = "/powerauth-webflow/oauth/authorize";
/// Where the form is posted to (derived).
pub(crate) const POSTED: &str = "/powerauth-webflow/oauth/signing";

/// `method`, `href` and `formData` of step II for the operation under way.
pub(crate) fn opening(bank: &Bank, order: &Order, page: SignPage) -> (&'static str, Value, Value) {
    let operation = order.signing.operation().unwrap_or("");
    let href = |url: String| json!({ "url": url, "id": operation });
    match page {
        SignPage::Get => {
            let url = extend(&format!("{}{AUTHORIZE}", bank.front), &request(order));
            ("GET", href(url), Value::Null)
        }
        SignPage::Post => {
            let form = json!({
                "SAMLRequest": STANDARD.encode(operation),
                "relayState": order.signing.id,
            });
            ("POST", href(format!("{}{POSTED}", bank.front)), form)
        }
    }
}

/// The posted form: goes on as the address would.
pub(crate) async fn posted(
    State(bank): State<Arc<Bank>>,
    Extension(generation): Extension<WebFlow>,
    Extension(call): Extension<Arc<Call>>,
) -> Response {
    if let Some(query) = query(&bank, &call.form()) {
        return authorize::start(&bank, generation, &call, &query);
    }
    let language = Language::accepted(call.header("accept-language").unwrap_or(""));
    failure(StatusCode::BAD_REQUEST, language, "signing_form")
}

/// The authorization request for the operation of a form; `None` where the form is not the bank's own.
fn query(bank: &Bank, form: &Fields) -> Option<String> {
    let operation = STANDARD.decode(form.single("SAMLRequest")?).ok()?;
    let orders = lock(&bank.orders);
    let order = orders.by_operation(std::str::from_utf8(&operation).ok()?)?;
    let is_own = form.single("relayState") == Some(&order.signing.id);
    is_own.then(|| extend("", &request(order)).split_off(1))
}

/// An authorization request that goes on with the operation, as the bank itself would like it
/// (bank-api fact 10.8).
fn request(order: &Order) -> [(&str, &str); 6] {
    [
        ("operation_id", order.signing.operation().unwrap_or("")),
        ("response_type", "code"),
        ("client_id", &order.owner.authorized.client_id),
        ("redirect_uri", order.signing.return_to().unwrap_or("")),
        ("scope", "pisp"),
        ("state", &order.signing.id),
    ]
}
