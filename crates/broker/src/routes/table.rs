//! The resources on one page (COBS 2.0 chapters 3.1 and 3.2; for 5.0 what later versions publish).

use axum::http::Method;

use super::{Body, Effect, Route};
use protocol::provider::CobsVersion::{self, V2, V5};

const BOTH: &[CobsVersion] = &[V2, V5];
const EARLY: &[CobsVersion] = &[V2];
const LATER: &[CobsVersion] = &[V5];

const AISP: &[&str] = &["aisp"];
const PISP: &[&str] = &["pisp"];
const EITHER: &[&str] = &["aisp", "pisp"];

const NONE: &[&str] = &[];
const PAGES: &[&str] = &["size", "page", "sort", "order"];
const MOVEMENTS: &[&str] = &["fromDate", "toDate", "currency", "size", "page", "sort", "order"];

const ONE_PAYMENT: &str = "/my/payments/{id}";
const SIGN_PAYMENT: &str = "/my/payments/{id}/sign/{signId}";
const ONE_STANDING_ORDER: &str = "/my/standingorders/{id}";
const SIGN_STANDING_ORDER: &str = "/my/standingorders/{id}/sign/{signId}";
const SIGN_BATCH: &str = "/my/batchpayments/{id}/sign/{signId}";

/// Everything that is served. What is more exact comes first.
pub static ROUTES: &[Route] = &[
    read(BOTH, AISP, "/my/accounts", PAGES),
    read(BOTH, AISP, "/my/accounts/{id}/balance", &["currency"]),
    read(BOTH, AISP, "/my/accounts/{id}/transactions", MOVEMENTS),
    read(LATER, AISP, "/my/accounts/{id}/payments/awaiting", PAGES),
    read(LATER, AISP, "/my/payments/awaiting", PAGES),
    // orders that stand; 2.0 has their list alone
    read(EARLY, AISP, "/my/standingorders", MOVEMENTS),
    read(LATER, AISP, "/my/standingorders", PAGES),
    initiate(LATER, "/my/standingorders"),
    read(LATER, EITHER, ONE_STANDING_ORDER, NONE),
    act(LATER, Method::PUT, ONE_STANDING_ORDER, Body::Needed),
    act(LATER, Method::DELETE, ONE_STANDING_ORDER, Body::None),
    read(LATER, PISP, "/my/standingorders/{id}/status", NONE),
    read(LATER, PISP, SIGN_STANDING_ORDER, NONE),
    act(LATER, Method::POST, SIGN_STANDING_ORDER, Body::Needed),
    act(LATER, Method::PUT, SIGN_STANDING_ORDER, Body::Needed),
    // payments
    Route {
        versions: BOTH,
        method: Method::POST,
        template: "/my/payments/balanceCheck",
        early: None,
        scopes: PISP,
        parameters: NONE,
        effect: Effect::Ask,
        body: Body::Needed,
    },
    initiate(BOTH, "/my/payments"),
    Route {
        versions: BOTH,
        method: Method::GET,
        template: "/my/payments/{id}/status",
        early: Some("/payments/{id}/status"),
        scopes: PISP,
        parameters: NONE,
        effect: Effect::Read,
        body: Body::None,
    },
    read(BOTH, PISP, ONE_PAYMENT, NONE),
    act(BOTH, Method::DELETE, ONE_PAYMENT, Body::None),
    act(BOTH, Method::POST, "/my/payments/{id}/sign", Body::None),
    read(BOTH, PISP, SIGN_PAYMENT, NONE),
    act(BOTH, Method::POST, SIGN_PAYMENT, Body::Needed),
    act(BOTH, Method::PUT, SIGN_PAYMENT, Body::Needed),
    // batches of payments
    initiate(LATER, "/my/batchpayments"),
    Route {
        versions: LATER,
        method: Method::DELETE,
        template: "/my/batchpayments/{id}",
        early: None,
        scopes: PISP,
        parameters: &["allInstructions"],
        effect: Effect::Act,
        body: Body::None,
    },
    read(LATER, PISP, "/my/batchpayments/{id}/status", NONE),
    read(LATER, PISP, SIGN_BATCH, NONE),
    act(LATER, Method::POST, SIGN_BATCH, Body::Needed),
    act(LATER, Method::PUT, SIGN_BATCH, Body::Needed),
    // what waits for a signature, and what the person has allowed
    read(LATER, PISP, "/my/authorizations", NONE),
    read(LATER, EITHER, "/my/consents", NONE),
    Route {
        versions: LATER,
        method: Method::DELETE,
        template: "/my/consents/{id}",
        early: None,
        scopes: EITHER,
        parameters: NONE,
        effect: Effect::Act,
        body: Body::None,
    },
];

const fn read(
    versions: &'static [CobsVersion],
    scopes: &'static [&'static str],
    template: &'static str,
    parameters: &'static [&'static str],
) -> Route {
    let (method, effect, body) = (Method::GET, Effect::Read, Body::None);
    Route { versions, method, template, early: None, scopes, parameters, effect, body }
}

const fn act(
    versions: &'static [CobsVersion],
    method: Method,
    template: &'static str,
    body: Body,
) -> Route {
    let (scopes, parameters, effect) = (PISP, NONE, Effect::Act);
    Route { versions, method, template, early: None, scopes, parameters, effect, body }
}

const fn initiate(versions: &'static [CobsVersion], template: &'static str) -> Route {
    let (method, effect, body) = (Method::POST, Effect::Initiate, Body::Needed);
    let (scopes, parameters) = (PISP, NONE);
    Route { versions, method, template, early: None, scopes, parameters, effect, body }
}
