//! Payments as an app orders them (COBS 2.0 §3.2.2): body of `POST /my/payments`.
//!
//! The bank tells the kind by what is filled, so what a kind must not have has to be left out.
//! Fields that no kind may have are not here.

use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

use crate::decimal::Decimal;
use crate::party::{Agent, OtherAccount, Party, PostalAddress};

/// A payment to be made: domestic, SEPA, in the European Economic Area (EEA) or beyond.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct PaymentRequest {
    /// Its ids.
    pub payment_identification: PaymentIdentificationRequest,
    /// Priority.
    pub payment_type_information: Option<PriorityRequest>,
    /// How much.
    pub amount: OrderAmountRequest,
    /// The day to carry it out (ISO 8601); the bank's next if missing.
    pub requested_execution_date: Option<String>,
    /// Who pays the charges; EEA and beyond only.
    pub charge_bearer: Option<ChargeBearer>,
    /// On whose behalf; SEPA only.
    pub ultimate_debtor: Option<Party>,
    /// From where.
    pub debtor_account: DebtorAccountRequest,
    /// The payee's bank; not domestic. With `bic` in the EEA.
    pub creditor_agent: Option<Agent>,
    /// The payee; required unless domestic, where it must be missing.
    pub creditor: Option<CreditorRequest>,
    /// To where.
    pub creditor_account: CreditorAccountRequest,
    /// For whom in the end; SEPA only.
    pub ultimate_creditor: Option<Party>,
    /// Message and symbols.
    pub remittance_information: Option<RemittanceRequest>,
    /// The original third party, where another asks for it.
    pub initiating_party: Option<InitiatingParty>,
}

/// Ids of a payment to be made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct PaymentIdentificationRequest {
    /// The app's own, unique, at most 35 characters.
    pub instruction_identification: String,
    /// For the payee; required by SEPA (`NOTPROVIDED` if there is none), missing elsewhere.
    pub end_to_end_identification: Option<String>,
}

/// How fast.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct PriorityRequest {
    /// Default: `NORM`.
    pub instruction_priority: Option<InstructionPriority>,
}

/// How fast a payment is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum InstructionPriority {
    /// Next day.
    Norm,
    /// Same day.
    High,
    /// At once.
    Inst,
}

/// The amount of an order, in the standard's wrapping.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct OrderAmountRequest {
    /// The amount.
    pub instructed_amount: AmountRequest,
}

/// An amount of money to be moved.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct AmountRequest {
    /// At least `0.01`, at most two decimals; becomes a JSON number of the same digits.
    pub value: Decimal,
    /// ISO 4217, e.g. `CZK`.
    pub currency: String,
}

/// Who pays the charges of a foreign payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum ChargeBearer {
    /// The payer.
    Debt,
    /// The payee.
    Cred,
    /// Each their own.
    Shar,
    /// As the scheme has it.
    Slev,
}

/// The account that pays.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct DebtorAccountRequest {
    /// Its number.
    pub identification: IbanRequest,
    /// ISO 4217.
    pub currency: Option<String>,
}

/// An international account number.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct IbanRequest {
    /// ISO 13616, without spaces.
    pub iban: String,
}

/// The account that is paid.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct CreditorAccountRequest {
    /// One of its numbers.
    pub identification: CreditorNumberRequest,
    /// ISO 4217; domestic only.
    pub currency: Option<String>,
}

/// Number of the account that is paid; one of the two.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct CreditorNumberRequest {
    /// ISO 13616, without spaces.
    pub iban: Option<String>,
    /// Local number; outside SEPA only.
    pub other: Option<OtherAccount>,
}

/// The payee.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct CreditorRequest {
    /// Name, at most 70 characters.
    pub name: String,
    /// Address; required outside the EEA.
    pub postal_address: Option<PostalAddress>,
}

/// What the payer writes to the payee.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct RemittanceRequest {
    /// Message, at most 140 characters.
    pub unstructured: Option<String>,
    /// Symbols; domestic only.
    pub structured: Option<StructuredRequest>,
}

/// Wrapping of the symbols as the standard has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct StructuredRequest {
    /// Holds the symbols.
    pub creditor_reference_information: SymbolsRequest,
}

/// Variable, specific and constant symbol.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct SymbolsRequest {
    /// `VS:`, `SS:`, `KS:` and up to ten digits; each at most once.
    pub reference: Vec<String>,
}

/// The third party that asked for a payment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct InitiatingParty {
    /// Name, at most 35 characters.
    pub name: Option<String>,
    /// Address in one line, at most 35 characters.
    pub postal_address: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domestic_payment_is_a_request() {
        let json = r#"{ "paymentIdentification": {"instructionIdentification": "TPP-1"},
            "paymentTypeInformation": {"instructionPriority": "NORM"},
            "amount": {"instructedAmount": {"value": 999999999999.99, "currency": "CZK"}},
            "requestedExecutionDate": "2024-01-08",
            "debtorAccount": {"identification": {"iban": "CZ6907101781240000004159"},
                "currency": "CZK"},
            "creditorAccount": {"identification": {"iban": "CZ7508000000002108589434"}},
            "remittanceInformation": {"unstructured": "/VS/7418529630/SS/1234567890"} }"#;
        let json = crate::decimal::quoted(json);
        let request = serde_json::from_str::<PaymentRequest>(&json).unwrap();
        assert_eq!(request.amount.instructed_amount.value.as_str(), "999999999999.99");
        let misspelt = json.replace("requestedExecutionDate", "requestedDate");
        assert!(serde_json::from_str::<PaymentRequest>(&misspelt).is_err());
    }
}
