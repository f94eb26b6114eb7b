//! What a page has asked a bank to do, as the broker keeps it by its `Idempotency-Key`.

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// One order: a payment, a standing order or a batch. `A` is the bank's JSON.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(concrete(A = ts_rs::Dummy), bound = ""))]
pub struct KeptOrder<A> {
    /// The `Idempotency-Key` it was entered with.
    pub key: String,
    /// Which resource was called, e.g. `/my/payments`.
    pub path: String,
    /// When it was sent, RFC 3339 in UTC.
    pub begun_at: String,
    /// What came of it.
    pub outcome: OrderOutcome,
    /// What the bank answered; `null` unless `outcome` is `answered`.
    #[cfg_attr(feature = "typescript", ts(type = "unknown"))]
    pub answer: Option<A>,
}

/// What is known of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum OrderOutcome {
    /// It is on its way.
    InFlight,
    /// The bank has taken it.
    Answered,
    /// The bank has refused it; the same call with the same key says why.
    Refused,
    /// The bank's answer got lost; only the bank knows.
    Unknown,
}

/// Answer to `GET /connections/{id}/orders`.
#[derive(Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(concrete(A = ts_rs::Dummy), bound = ""))]
pub struct KeptOrders<A> {
    /// Those of the last 7 days, newest first, at most 50.
    pub orders: Vec<KeptOrder<A>>,
}
