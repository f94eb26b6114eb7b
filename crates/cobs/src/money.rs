//! Amounts, their direction, currencies and dates.

use alloc::string::String;
use serde::Deserialize;

use crate::decimal::Decimal;

/// An amount of money; never negative, the direction stands beside it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Amount {
    /// The magnitude, with at most two decimals in most currencies.
    pub value: Decimal,
    /// ISO 4217, e.g. `CZK`.
    pub currency: String,
}

/// Which way money went, or the sign of a balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum CreditDebit {
    /// In, or a balance of zero or more.
    Crdt,
    /// Out, or an overdrawn balance.
    Dbit,
}

/// A date or a date with time (ISO 8601); banks send both in the same place, and offsets such as
/// `+01` without minutes, so it stays text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct DateBox {
    /// `2024-01-05` or `2024-01-05T00:00:00.0+01:00`.
    pub date: String,
}
