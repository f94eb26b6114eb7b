//! Standing orders as the bank tells them: the list (COBS 2.0.1), and one of them with all that it
//! says (later versions).

use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

use crate::lenient::TextOrNumber;
use crate::money::Amount;
use crate::order::{
    CodeOrProprietary, InstructionStatus, OrderAmount, PaymentTypeInformation, SignInfo,
};
use crate::party::{Agent, Party, PartyAccount, PartyAccountNumbers};
use crate::transaction::RemittanceInformation;

/// A standing order: an entry of the list, or what was asked for and what the bank made of it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct StandingOrder {
    /// Its ids.
    pub standing_order_identification: OrderIdentification,
    /// Priority and kind.
    pub payment_type_information: Option<PaymentTypeInformation>,
    /// How much each time.
    pub amount: Option<OrderAmount>,
    /// First or next execution.
    pub requested_execution_date: Option<String>,
    /// When it is carried out.
    pub standing_order: Option<StandingOrderTerms>,
    /// Who pays the charges: `DEBT`, `CRED`, `SHAR`, `SLEV`.
    pub charge_bearer: Option<String>,
    /// Who pays.
    pub debtor: Option<Party>,
    /// From where.
    pub debtor_account: Option<OrderAccount>,
    /// The payee's bank.
    pub creditor_agent: Option<Agent>,
    /// The payee.
    pub creditor: Option<Party>,
    /// To where.
    pub creditor_account: Option<PartyAccount>,
    /// Purpose of the payments.
    pub purpose: Option<CodeOrProprietary>,
    /// A word to the payee's bank.
    pub instruction_for_next_agent: Option<String>,
    /// Message and symbols.
    pub remittance_information: Option<RemittanceInformation>,
    /// Its signing.
    pub sign_info: Option<SignInfo>,
    /// Where it stands.
    pub instruction_status: Option<InstructionStatus>,
    /// Why.
    pub status_change_info: Option<String>,
}

/// Ids of a standing order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct OrderIdentification {
    /// The app's own, unique.
    pub instruction_identification: Option<String>,
    /// The bank's, for all further calls.
    pub transaction_identification: Option<String>,
}

/// The account that pays, with its id in the list of accounts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct OrderAccount {
    /// As in the list of accounts.
    pub id: Option<String>,
    /// Its numbers.
    pub identification: Option<PartyAccountNumbers>,
    /// ISO 4217.
    pub currency: Option<String>,
}

/// When a standing order is carried out.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct StandingOrderTerms {
    /// The person's name for it.
    pub alias: Option<String>,
    /// How often.
    pub execution: Option<Execution>,
    /// How long.
    pub validity: Option<Validity>,
    /// When not.
    pub exceptions: Option<Exceptions>,
}

/// How often a standing order is carried out. Words as in the requests; a bank may have more.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Execution {
    /// What ends it.
    pub mode: Option<String>,
    /// Which day, where the day falls badly.
    pub mode_due: Option<String>,
    /// How often.
    pub interval: Option<String>,
    /// Which day or month of the interval; a number that examples write as text.
    pub interval_due: Option<TextOrNumber>,
}

/// How long a standing order is carried out.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Validity {
    /// Last day; `null`: until it is cancelled.
    pub last_execution_date: Option<String>,
    /// After so many times.
    pub max_iterations: Option<TextOrNumber>,
    /// After so much money.
    pub max_amount: Option<Amount>,
}

/// When a standing order is not carried out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Exceptions {
    /// Months, `JANUARY` to `DECEMBER`. The OpenAPI file writes `stopages`.
    #[serde(alias = "stopages")]
    pub stoppages: Option<Vec<String>>,
    /// From day to day.
    pub breaks: Option<Breaks>,
}

/// A break, or an array of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Breaks {
    /// As the examples have it.
    Many(Vec<Break>),
    /// As the OpenAPI file has it.
    One(Break),
}

/// A time without payments.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Break {
    /// First day.
    pub valid_from_date: Option<String>,
    /// Last day.
    pub valid_to_date: Option<String>,
}

/// Answer of `DELETE /my/standingorders/{id}`. One in force is deleted once this is signed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct StandingOrderDeletion {
    /// Its ids.
    pub standing_order_identification: Option<OrderIdentification>,
    /// Signing of the deletion.
    pub sign_info: Option<SignInfo>,
    /// Where it stands.
    pub instruction_status: Option<InstructionStatus>,
}

/// Body of `GET /my/standingorders/{id}/status`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct StandingOrderStatus {
    /// Where the order stands.
    pub instruction_status: InstructionStatus,
    /// Why.
    pub status_change_info: Option<String>,
    /// What it has paid.
    pub realized_payments: Option<Vec<RealizedPayment>>,
}

/// A payment that a standing order made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct RealizedPayment {
    /// The bank's id of the payment.
    pub transaction_identification: Option<String>,
    /// Its day.
    pub date: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_stoppages_and_due_days_are_read_however_they_are_written() {
        let read = |json: &str| serde_json::from_str::<StandingOrderTerms>(json).unwrap();
        let one = read(
            r#"{"execution":{"intervalDue":"25"},"exceptions":{"stopages":["JULY"],
                "breaks":{"validFromDate":"2026-07-01","validToDate":null}}}"#,
        );
        let many = read(
            r#"{"execution":{"intervalDue":25},"exceptions":{"stoppages":["JULY"],
                "breaks":[{"validFromDate":"2026-07-01"}]}}"#,
        );
        let due = |terms: &StandingOrderTerms| terms.execution.clone().unwrap().interval_due;
        assert_eq!(due(&one), Some(TextOrNumber::Text("25".into())));
        assert_eq!(due(&many), Some(TextOrNumber::Number(25.0)));
        let (one, many) = (one.exceptions.unwrap(), many.exceptions.unwrap());
        assert_eq!(one.stoppages, many.stoppages);
        let Some(Breaks::One(only)) = one.breaks else { unreachable!("an object") };
        assert_eq!(many.breaks, Some(Breaks::Many(alloc::vec![only])));
    }
}
