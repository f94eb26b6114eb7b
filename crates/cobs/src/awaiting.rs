//! Payments that have been signed and have not left yet (later versions than 2.0, `GET
//! /my/payments/awaiting` and `GET /my/accounts/{id}/payments/awaiting`).

use alloc::string::String;
use serde::Deserialize;

use crate::order::{OrderAmount, PaymentTypeInformation};
use crate::party::{Agent, PartyAccount};
use crate::payment::PaymentIdentification;
use crate::standing_order::OrderAccount;
use crate::transaction::RemittanceInformation;

/// A payment that has not left yet.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct AwaitingPayment {
    /// Its ids.
    pub payment_identification: PaymentIdentification,
    /// Priority and kind.
    pub payment_type_information: Option<PaymentTypeInformation>,
    /// How much.
    pub amount: OrderAmount,
    /// The day it is to leave.
    pub requested_execution_date: Option<String>,
    /// From where.
    pub debtor_account: Option<OrderAccount>,
    /// The payee's bank.
    pub creditor_agent: Option<Agent>,
    /// To where.
    pub creditor_account: Option<PartyAccount>,
    /// Message and symbols.
    pub remittance_information: Option<RemittanceInformation>,
    /// What it waits for.
    pub awaiting_status: Option<AwaitingStatus>,
}

/// What a payment waits for: `FUTURE` its day, `OVERDUE` e.g. for money, `OTHER`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(
    feature = "typescript",
    derive(ts_rs::TS),
    ts(type = "'FUTURE' | 'OVERDUE' | 'OTHER' | (string & {})")
)]
pub struct AwaitingStatus(pub String);
