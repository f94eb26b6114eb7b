//! The status of payments, standing orders and batches as 5.0 tells it (bank-api facts 10.5, 13.2,
//! 13.3 and 13.5): to the third party and person that entered them.

use serde_json::{Value, json};

use super::resource::Version;
use super::{Refusal, sign};
use crate::bank::Bank;
use crate::orders::{Order, OrderKind, Owner, StandingOrder};
use crate::sync::lock;

/// `instructionStatus` with its reason; of a standing order the payments made so far, of a batch
/// its payments.
///
/// Errors: 404 `ID_NOT_FOUND`.
pub(super) fn status(
    bank: &Bank,
    owner: &Owner,
    kind: OrderKind,
    id: &str,
) -> Result<Value, Refusal> {
    let orders = lock(&bank.orders);
    let order = orders.find(kind, id).filter(|order| order.owner.is(owner));
    let order = order.ok_or_else(|| Refusal::order_missing(Version::V5, kind))?;
    let mut body = json!({
        "instructionStatus": order.status.code(),
        "statusChangeInfo": order.change,
    });
    if let Some(standing) = order.standing() {
        body["realizedPayments"] = realized(standing);
    }
    if kind == OrderKind::Batch {
        let payment = |order: &&Order| {
            json!({
                "transactionIdentification": order.id,
                "signInfo": sign::info(&order.signing),
            })
        };
        body["transactionIdentification"] = json!(order.id);
        body["signInfo"] = sign::info(&order.signing);
        body["payments"] = orders.members(order).iter().map(payment).collect();
    }
    Ok(body)
}

fn realized(standing: &StandingOrder) -> Value {
    let payment = |(name, day): &(String, jiff::civil::Date)| json!({ "transactionIdentification": name, "date": day.to_string() });
    standing.realized.iter().map(payment).collect()
}
