//! Standing orders as an app orders and changes them: body of `POST /my/standingorders` and `PUT
//! /my/standingorders/{id}` (later versions than 2.0).

use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

use crate::order::{CodeOrProprietary, ServiceLevel};
use crate::party::{Agent, Party};
use crate::payment_request::{
    AmountRequest, ChargeBearer, CreditorAccountRequest, CreditorRequest, DebtorAccountRequest,
    InstructionPriority, OrderAmountRequest, RemittanceRequest,
};

/// A standing order to be set up or changed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct StandingOrderRequest {
    /// Its ids.
    pub standing_order_identification: OrderIdentificationRequest,
    /// Priority and kind.
    pub payment_type_information: Option<OrderTypeRequest>,
    /// How much each time.
    pub amount: OrderAmountRequest,
    /// First execution (ISO 8601).
    pub requested_execution_date: String,
    /// When it is carried out.
    pub standing_order: StandingOrderTermsRequest,
    /// Who pays the charges of foreign payments.
    pub charge_bearer: Option<ChargeBearer>,
    /// Who pays.
    pub debtor: Option<Party>,
    /// From where.
    pub debtor_account: DebtorAccountRequest,
    /// The payee's bank.
    pub creditor_agent: Option<Agent>,
    /// The payee.
    pub creditor: Option<CreditorRequest>,
    /// To where.
    pub creditor_account: CreditorAccountRequest,
    /// Purpose of the payments.
    pub purpose: Option<CodeOrProprietary>,
    /// A word to the payee's bank.
    pub instruction_for_next_agent: Option<String>,
    /// Message and symbols.
    pub remittance_information: Option<RemittanceRequest>,
}

/// Id of a standing order to be set up.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct OrderIdentificationRequest {
    /// The app's own, unique, at most 35 characters.
    pub instruction_identification: String,
}

/// How the payments of a standing order are carried out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct OrderTypeRequest {
    /// Default: `NORM`.
    pub instruction_priority: Option<InstructionPriority>,
    /// Kind of the payments.
    pub service_level: Option<ServiceLevel>,
    /// Category of the purpose.
    pub category_purpose: Option<CodeOrProprietary>,
}

/// When a standing order is to be carried out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct StandingOrderTermsRequest {
    /// The person's name for it, at most 250 characters.
    pub alias: Option<String>,
    /// How often.
    pub execution: ExecutionRequest,
    /// How long.
    pub validity: Option<ValidityRequest>,
    /// When not.
    pub exceptions: Option<ExceptionsRequest>,
}

/// How often a standing order is to be carried out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct ExecutionRequest {
    /// What ends it.
    pub mode: ExecutionMode,
    /// Which day, where the day falls badly.
    pub mode_due: DueMode,
    /// How often.
    pub interval: Interval,
    /// Which day or month of the interval: `WEEKLY` 1 to 7 (Czech National Bank: 1 to 5), `MONTHLY` 1
    /// to 28, `BI_MONTHLY` 1 to 2, `QUARTERLY` 1 to 3, `HALFYEARLY` 1 to 6, `YEARLY` 1 to 12.
    pub interval_due: u8,
}

/// What ends a standing order. The Czech National Bank has the first two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum ExecutionMode {
    /// The last day, `validity.lastExecutionDate`.
    UntilDate,
    /// Only the person.
    UntilCancellation,
    /// So many times, `validity.maxIterations`.
    AfterMaxIterationExceeded,
    /// So much money, `validity.maxAmount`.
    MaxAmountExceeded,
}

/// Which day is taken. The Czech National Bank has the first only; its page calls it `DUE_DAY`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum DueMode {
    /// The day itself.
    DueDayOfMonth,
    /// The same, in the words of the Czech National Bank's page; no word of the standard.
    DueDay,
    /// It or the day before.
    DueOrBeforeDayOfMonth,
    /// It or the day after.
    DueOrNextDayOfMonth,
    /// The last of the month.
    DueLastDayOfMonth,
}

/// How often a standing order is carried out. The Czech National Bank has neither `BI_MONTHLY` nor
/// `IRREGULAR`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum Interval {
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
    /// Every month.
    Monthly,
    /// Every two months.
    BiMonthly,
    /// Every three months.
    Quarterly,
    /// Twice a year.
    #[serde(rename = "HALFYEARLY")]
    HalfYearly,
    /// Every year.
    Yearly,
    /// As the bank and the person have agreed.
    Irregular,
}

/// How long a standing order is to be carried out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct ValidityRequest {
    /// Last day (ISO 8601), with `UNTIL_DATE`.
    pub last_execution_date: Option<String>,
    /// So many times, with `AFTER_MAX_ITERATION_EXCEEDED`.
    pub max_iterations: Option<u32>,
    /// So much money, with `MAX_AMOUNT_EXCEEDED`.
    pub max_amount: Option<AmountRequest>,
}

/// When a standing order is not to be carried out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct ExceptionsRequest {
    /// Months, spelt as the standard's OpenAPI file does; its examples write `stoppages`.
    pub stopages: Option<Vec<Month>>,
    /// From day to day.
    pub breaks: Option<BreakRequest>,
}

/// A month without payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[expect(missing_docs, reason = "months")]
pub enum Month {
    January,
    February,
    March,
    April,
    May,
    June,
    July,
    August,
    September,
    October,
    November,
    December,
}

/// A time without payments.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct BreakRequest {
    /// First day (ISO 8601).
    pub valid_from_date: String,
    /// Last day (ISO 8601).
    pub valid_to_date: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_the_standards() {
        let read = |json: &str| serde_json::from_str::<ExecutionRequest>(json);
        for interval in ["DAILY", "WEEKLY", "BI_MONTHLY", "HALFYEARLY", "IRREGULAR"] {
            let json = alloc::format!(
                r#"{{"mode":"AFTER_MAX_ITERATION_EXCEEDED","modeDue":"DUE_OR_NEXT_DAY_OF_MONTH",
                    "interval":"{interval}","intervalDue":5}}"#
            );
            assert!(read(&json).is_ok(), "{interval}");
        }
        let text =
            r#"{"mode":"UNTIL_DATE","modeDue":"DUE_DAY","interval":"DAILY","intervalDue":"5"}"#;
        assert!(read(text).is_err(), "a request has a number there");
        assert_eq!(serde_json::from_str::<Month>(r#""JULY""#).unwrap(), Month::July);
    }
}
