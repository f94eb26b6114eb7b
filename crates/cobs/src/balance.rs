//! Balances (COBS 2.0 §3.1.3, `GET /my/accounts/{id}/balance`).

use alloc::string::String;
use serde::Deserialize;

use crate::money::{Amount, CreditDebit};

/// One balance of an account.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Balance {
    /// Which balance it is.
    #[serde(rename = "type")]
    pub kind: Option<BalanceType>,
    /// An agreed overdraft.
    pub credit_line: Option<CreditLine>,
    /// The magnitude.
    pub amount: Amount,
    /// Its sign.
    pub credit_debit_indicator: CreditDebit,
    /// The moment it was true.
    pub date: Option<BalanceDate>,
}

/// Wrapping of the code as the standard has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct BalanceType {
    /// Holds the code.
    pub code_or_proprietary: BalanceCode,
}

/// Code of a balance.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct BalanceCode {
    /// `CLAV` available, `PRCD` opening, `CLBD` closing booked, `ITBD` interim booked.
    pub code: String,
}

/// An agreed overdraft.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct CreditLine {
    /// Whether the balance counts it in.
    pub included: bool,
    /// Its size.
    pub amount: Option<Amount>,
}

/// When a balance was true.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct BalanceDate {
    /// A date or a date with time (ISO 8601).
    pub date_time: String,
}
