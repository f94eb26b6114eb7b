//! A login that goes on with an operation: an order is signed in place of a consent (bank-api facts
//! 5.4.3 and 10.8). The order knows where the browser goes back to, whatever the address says.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::response::Response;
use http::StatusCode;

use super::flow::{Flow, Step};
use super::step::Complaint;
use crate::bank::Bank;
use crate::call::Call;
use crate::form::Fields;
use crate::oauth::{Authorized, Code, authorize, origin};
use crate::orders::{Method, Moment, Order};
use crate::sync::lock;

/// Why a login ended that nobody went on with.
pub(super) const TIMED_OUT: &str = "Authentication timed out";

impl Flow {
    /// The operation of the request; of several the first.
    fn operation(&self) -> Option<String> {
        self.request().first("operation_id").map(ToOwned::to_owned)
    }

    /// Whether an order is signed here.
    pub(super) fn signs(&self) -> bool {
        self.operation().is_some()
    }
}

/// The order that the flow signs.
pub(super) fn order(bank: &Bank, flow: &Flow) -> Option<Order> {
    crate::orders::sweep(bank);
    lock(&bank.orders).by_operation(&flow.operation()?).cloned()
}

/// Whether the flow names an operation that there is not, or that has been ended.
pub(super) fn is_unknown(bank: &Bank, flow: &Flow) -> bool {
    flow.signs()
        && flow.step != Step::Done
        && !order(bank, flow).is_some_and(|order| order.signing.allows(Method::Redirect))
}

/// The step behind the present one.
pub(super) fn next(flow: &Flow) -> Step {
    if flow.signs() && flow.step == Step::Login { Step::Confirm } else { flow.step.next() }
}

/// Whether `user` may go on: everybody without an operation, and with one only its payer.
pub(super) fn may_sign(bank: &Bank, flow: &Flow, user: &str) -> bool {
    !flow.signs() || order(bank, flow).is_some_and(|order| order.owner.authorized.user == user)
}

/// Signs the order, if the code is right.
pub(super) fn confirm(bank: &Bank, flow: &Flow, form: &Fields) -> Result<(), Complaint> {
    let code: String = form.first("sms_code").unwrap_or("").split_whitespace().collect();
    verify_slices_are_equal(code.as_bytes(), flow.sms.as_bytes())
        .map_err(|_| Complaint::WrongSms)?;
    change(bank, flow, |order| order.signing.pass(Method::Redirect));
    Ok(())
}

/// The application that has ordered, whatever the address says.
pub(super) fn client(bank: &Bank, flow: &Flow) -> Option<String> {
    Some(order(bank, flow)?.owner.authorized.client_id)
}

/// Where the browser of a flow with an operation may be sent.
pub(super) fn target(bank: &Bank, flow: &Flow) -> Option<String> {
    origin(order(bank, flow)?.signing.return_to()?)
}

/// The way back for an operation that was given up; it is cancelled, unless only time ran out.
/// `None` for a flow without one.
pub(super) fn denied(bank: &Bank, call: &Call, flow: &Flow, why: &str) -> Option<String> {
    let order = order(bank, flow)?;
    if why != TIMED_OUT {
        change(bank, flow, |order| order.signing.cancel());
    }
    let error = [("error", "access_denied"), ("error_description", why)];
    let return_to = order.signing.return_to()?;
    Some(authorize::back(bank, (call, flow), return_to, &error, Some(&order.signing.id), &[]))
}

/// The end of a flow with an operation: back to the app with a code, which it may exchange or not.
/// `None` for a flow without one.
pub(crate) fn finish(bank: &Bank, call: &Call, flow: &Flow) -> Option<Response> {
    let lost = || authorize::leave("/powerauth-webflow/oauth/error", StatusCode::FOUND);
    // nothing was consented to, so without its order the flow must not end in a consent
    flow.signs().then(|| signed(bank, call, flow).unwrap_or_else(lost))
}

fn signed(bank: &Bank, call: &Call, flow: &Flow) -> Option<Response> {
    let order = order(bank, flow)?;
    let return_to = order.signing.return_to()?;
    let authorized =
        Authorized { language: flow.language.code(), ..order.owner.authorized.clone() };
    let code = Code {
        authorized,
        redirect_uri: return_to.to_owned(),
        redirect_uri_given: true,
        challenge: None,
        of_signing: true,
        issued: bank.clock.millis(),
    };
    let code = lock(&bank.grants).issue_code(&bank.random, flow.generation, code);
    let answer = [("code", code.as_str())];
    let place =
        authorize::back(bank, (call, flow), return_to, &answer, Some(&order.signing.id), &[]);
    Some(authorize::leave(&place, StatusCode::SEE_OTHER))
}

/// Changes the order and lets it follow.
fn change(bank: &Bank, flow: &Flow, change: impl FnOnce(&mut Order)) {
    let Some(id) = order(bank, flow).map(|order| order.id) else { return };
    let mut orders = lock(&bank.orders);
    orders.change(&id, change);
    orders.settle(&id, Moment::of(&bank.clock));
}
