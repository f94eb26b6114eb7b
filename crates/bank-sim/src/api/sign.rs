//! The steps of a signing (bank-api fact 10.7), the same for all that is signed: what can be chosen
//! (0 and I), a method begun (II), a method ended or its state asked for (III).

use std::time::Duration;

use serde_json::{Value, json};

use super::Refusal;
use super::resource::{SignStep, Version};
use crate::bank::Bank;
use crate::call::Call;
use crate::journal::Door;
use crate::knobs::Occasion;
use crate::login::{self, opening};
use crate::oauth::origin;
use crate::orders::{Method, Moment, Order, OrderKind, Owner, Signing, State};
use crate::sync::lock;

/// Milliseconds that a client should wait before it asks again.
const POLL: u64 = 5000;
/// The code on the phone of the sandbox, which nobody can look at.
const SANDBOX_CODE: &str = "12345678";

/// A new signing, as the knobs have it.
pub(super) fn open(bank: &Bank, occasion: Occasion<'_>) -> Signing {
    let scenarios = bank.meet(occasion, |knobs| &mut knobs.sign_scenarios);
    let ttl = millis(bank.meet(occasion, |knobs| &mut knobs.sign_ttl));
    let until = bank.clock.millis().saturating_add(ttl);
    let mut signing = Signing::open(scenarios, &bank.random, until);
    signing.told = bank.meet(occasion, |knobs| &mut knobs.sign_at_initiation);
    signing
}

/// Whole milliseconds.
pub(super) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Step 0: names the signing.
///
/// Errors: 404 `TRANSACTION_MISSING` or `ID_NOT_FOUND`, 501 where the bank has no such step.
pub(super) fn start(
    bank: &Bank,
    call: &Call,
    version: Version,
    owner: &Owner,
    id: &str,
) -> Result<Value, Refusal> {
    optional(bank, call, owner)?;
    let mut orders = lock(&bank.orders);
    let order = orders.find_mut(OrderKind::Payment, id).filter(|order| order.owner.is(owner));
    let missing = || Refusal::order_missing(version, OrderKind::Payment);
    let signing = &mut order.ok_or_else(missing)?.signing;
    signing.told = true;
    Ok(offer(signing))
}

/// Steps I to III of the signing `sign` of the order `id`.
///
/// Errors: 404 `ID_NOT_FOUND`, 400 `FF01`, `FIELD_MISSING`, `FIELD_INVALID`,
/// `AUTH_LIMIT_EXCEEDED`, `INVALID_AUTHORIZATION_REDIRECT_URI`, 501 where the bank has no such step.
pub(super) fn step(
    bank: &Bank,
    call: &Call,
    owner: &Owner,
    (kind, id, sign): (OrderKind, &str, &str),
    step: SignStep,
) -> Result<Value, Refusal> {
    if step != SignStep::Begin {
        optional(bank, call, owner)?;
    }
    let mut orders = lock(&bank.orders);
    let order = orders.find_mut(kind, id).filter(|order| order.owner.is(owner));
    let order = order.filter(|order| order.signing.id == sign);
    let order = order.ok_or_else(|| Refusal::signing_not_found(kind))?;
    let answer = match step {
        SignStep::Show => Ok(offer(&order.signing)),
        SignStep::Begin => begin(bank, call, order),
        SignStep::End => end(call, order),
    };
    orders.settle(id, Moment::of(&bank.clock));
    answer
}

/// `signInfo`.
pub(super) fn info(signing: &Signing) -> Value {
    json!({ "state": signing.state.code(), "signId": signing.told.then_some(&signing.id) })
}

/// Refuses an optional resource where the bank has none.
///
/// Errors: 501 `NOT_IMPLEMENTED`.
pub(super) fn optional(bank: &Bank, call: &Call, owner: &Owner) -> Result<(), Refusal> {
    let occasion = Occasion::of(call).about(Some(&owner.authorized.user));
    let present = bank.meet(occasion, |knobs| &mut knobs.optional_resources);
    if present { Ok(()) } else { Err(Refusal::unsupported()) }
}

fn offer(signing: &Signing) -> Value {
    json!({ "scenarios": signing.scenarios, "signInfo": info(signing) })
}

fn begin(bank: &Bank, call: &Call, order: &mut Order) -> Result<Value, Refusal> {
    let request = read(&call.body)?;
    let code = kind(&request)?;
    if order.signing.state != State::Open {
        return Err(not_open(&format!("State {}", order.signing.state.code())));
    }
    if order.batch.is_some() {
        return Err(not_open("Bound into a batch"));
    }
    let method = Method::named(code).filter(|method| order.signing.allows(*method));
    let method = method.ok_or_else(|| Refusal::code("AUTH_LIMIT_EXCEEDED", "authorizationType"))?;
    let (opened, href, form) = match method {
        Method::Redirect => {
            let return_to = return_to(bank, call, order, &request)?;
            order.signing.redirect(&return_to, &bank.random);
            let occasion = Occasion::of(call).about(Some(&order.owner.authorized.user));
            let page = bank.meet(occasion, |knobs| &mut knobs.sign_page);
            let (opened, href, form) = opening(bank, order, page);
            (Some(opened), href, form)
        }
        Method::Sms => {
            let code = match call.door {
                Door::Sandbox => SANDBOX_CODE.to_owned(),
                Door::Front | Door::Tls | Door::Control => bank.random.text::<8>(b"0123456789"),
            };
            tracing::info!(user = %order.owner.authorized.user, %code, "SMS");
            if call.door != Door::Sandbox {
                login::send(bank, &order.owner.authorized.user, &code, Some(order.clone()));
            }
            order.signing.send(code, bank.clock.millis());
            (None, Value::Null, Value::Null)
        }
    };
    Ok(json!({
        "authorizationType": method.code(),
        "method": opened,
        "href": href,
        "formData": form,
        "signInfo": info(&order.signing),
    }))
}

/// `redirectUrl`, which must be at home where the application is registered; by default the first
/// registered address. The application of the sandbox is registered nowhere.
fn return_to(bank: &Bank, call: &Call, order: &Order, request: &Value) -> Result<String, Refusal> {
    let scope = "redirectUrl";
    let client = bank.client(&order.owner.authorized.client_id);
    let registered = client.as_ref().map_or(&[][..], |client| &client.redirect_uris);
    let asked = match request.get(scope).filter(|asked| !asked.is_null()) {
        None => registered.first().ok_or_else(|| Refusal::code("FIELD_MISSING", scope))?,
        Some(asked) => asked.as_str().ok_or_else(|| Refusal::code("FIELD_INVALID", scope))?,
    };
    let asked_origin = origin(asked);
    let home =
        call.door == Door::Sandbox || registered.iter().any(|uri| origin(uri) == asked_origin);
    let web = asked.starts_with("https://") || asked.starts_with("http://");
    if asked_origin.is_some() && home && web {
        Ok(asked.to_owned())
    } else {
        Err(Refusal::code("INVALID_AUTHORIZATION_REDIRECT_URI", scope))
    }
}

fn end(call: &Call, order: &mut Order) -> Result<Value, Refusal> {
    let request = read(&call.body)?;
    let code = kind(&request)?;
    let signing = &mut order.signing;
    if signing.state == State::Open {
        let method = signing.method().filter(|method| method.code() == code);
        let exceeded = || Refusal::code("AUTH_LIMIT_EXCEEDED", "authorizationType");
        let method = method.ok_or_else(exceeded)?;
        let shown = request.get("oneTimePassword").filter(|shown| !shown.is_null());
        if let (Method::Sms, Some(shown)) = (method, shown) {
            let invalid = || Refusal::code("FIELD_INVALID", "oneTimePassword");
            signing.try_code(shown.as_str().ok_or_else(invalid)?);
        }
    }
    Ok(json!({ "state": signing.state.code(), "pollInterval": POLL }))
}

fn read(body: &[u8]) -> Result<Value, Refusal> {
    let request: Value = crate::json::read(body).ok_or_else(Refusal::unreadable)?;
    if request.is_object() { Ok(request) } else { Err(Refusal::unreadable()) }
}

/// `authorizationType`.
fn kind(request: &Value) -> Result<&str, Refusal> {
    let scope = "authorizationType";
    match request.get(scope).filter(|code| !code.is_null()) {
        None => Err(Refusal::code("FIELD_MISSING", scope)),
        Some(code) => code.as_str().ok_or_else(|| Refusal::code("FIELD_INVALID", scope)),
    }
}

/// The standard has no code of its own for it.
fn not_open(why: &str) -> Refusal {
    Refusal::with_parameters("AUTH_LIMIT_EXCEEDED", "signId", json!({ "error": why }))
}
