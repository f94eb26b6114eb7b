//! Transactions (COBS 2.0 §3.1.5, `GET /my/accounts/{id}/transactions`).
//!
//! The PDF puts everything about the payment under `entryDetails.transactionDetails`; the OpenAPI
//! file puts most of it beside that object. [`EntryDetails`] reads both.

use alloc::string::String;
use serde::Deserialize;

use crate::decimal::Decimal;
use crate::lenient::{OneOrMany, TextOrNumber};
use crate::money::{Amount, CreditDebit, DateBox};
use crate::party::{Agent, Party, PartyAccount};

/// One booked or blocked movement.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Transaction {
    /// The bank's number of the entry.
    pub entry_reference: Option<String>,
    /// In the currency of the account.
    pub amount: Amount,
    /// Which way the money went.
    pub credit_debit_indicator: CreditDebit,
    /// Whether it takes an earlier entry back.
    pub reversal_indicator: Option<bool>,
    /// `BOOK` booked, `PDNG` blocked.
    pub status: Option<String>,
    /// When it was booked.
    pub booking_date: Option<DateBox>,
    /// From when it counts.
    pub value_date: Option<DateBox>,
    /// Until when a card payment stays blocked (COBS 7.0).
    pub hold_expiration: Option<DateBox>,
    /// What kind of movement it is.
    pub bank_transaction_code: Option<BankTransactionCode>,
    /// More, by kind.
    pub entry_details: Option<EntryDetails>,
}

/// Kind of a movement.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct BankTransactionCode {
    /// A code of the Czech Banking Association's list.
    pub proprietary: Option<ProprietaryCode>,
}

/// A code and whose it is.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct ProprietaryCode {
    /// E.g. `10000101000`, an outgoing domestic payment.
    pub code: TextOrNumber,
    /// `CBA`
    pub issuer: Option<String>,
}

/// Details of a movement.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct EntryDetails {
    /// As the standard's text has it. Every example has an object here; the table announces an
    /// array, of which the first would count.
    #[serde(default, deserialize_with = "crate::lenient::first")]
    pub transaction_details: Option<TransactionDetails>,
    /// As the OpenAPI file has it: the same fields, one level up.
    #[serde(flatten)]
    pub beside: TransactionDetails,
}

/// Details of the payment behind a movement.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct TransactionDetails {
    /// Numbers that people and banks gave it.
    pub references: Option<References>,
    /// Amounts in other currencies.
    pub amount_details: Option<AmountDetails>,
    /// Who pays the charges of a foreign payment.
    pub charges: Option<Charges>,
    /// The two sides.
    pub related_parties: Option<RelatedParties>,
    /// Their banks.
    pub related_agents: Option<RelatedAgents>,
    /// Purpose of the payment.
    pub purpose: Option<Purpose>,
    /// Message and symbols.
    pub remittance_information: Option<RemittanceInformation>,
    /// Free text of the bank.
    pub additional_transaction_information: Option<String>,
}

/// Numbers of a payment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct References {
    /// The client's label.
    pub message_identification: Option<String>,
    /// The bank's reference.
    pub account_servicer_reference: Option<String>,
    /// A further bank reference; card sequence or specific symbol.
    pub payment_information_identification: Option<String>,
    /// From a third party, or the constant symbol.
    pub instruction_identification: Option<String>,
    /// End-to-end reference, or the variable symbol.
    pub end_to_end_identification: Option<String>,
    /// SEPA direct debit mandate.
    pub mandate_identification: Option<String>,
    /// Cheque number or masked card.
    pub cheque_number: Option<String>,
    /// Payment type code or card scheme.
    pub clearing_system_reference: Option<String>,
    /// Id of the payment's initiation (COBS 7.0).
    pub payment_id: Option<String>,
}

/// Amounts in other currencies.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct AmountDetails {
    /// As ordered.
    pub instructed_amount: Option<AmountBox>,
    /// Total with cashback.
    pub transaction_amount: Option<AmountBox>,
    /// After conversion.
    pub counter_value_amount: Option<CounterValue>,
    /// Cashback.
    pub proprietary_amount: Option<ProprietaryAmount>,
}

/// An amount in the standard's wrapping.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct AmountBox {
    /// The amount.
    pub amount: Option<Amount>,
}

/// A converted amount.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct CounterValue {
    /// The amount.
    pub amount: Option<Amount>,
    /// The conversion.
    pub currency_exchange: Option<CurrencyExchange>,
}

/// A conversion.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct CurrencyExchange {
    /// From (ISO 4217).
    pub source_currency: Option<String>,
    /// To (ISO 4217).
    pub target_currency: Option<String>,
    /// Rate.
    pub exchange_rate: Option<Decimal>,
}

/// An amount of a kind of its own.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct ProprietaryAmount {
    /// `CASHBACK`
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The amount.
    pub amount: Option<Amount>,
}

/// Charges of a foreign payment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Charges {
    /// `OUR`, `SHA`, `BEN`, or `DEBT`, `CRED`, `SHAR`, `SLEV`.
    pub bearer: Option<String>,
}

/// The sides of a payment; the counterparty's is filled.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct RelatedParties {
    /// Who paid.
    pub debtor: Option<Party>,
    /// From where.
    pub debtor_account: Option<PartyAccount>,
    /// On whose behalf.
    pub ultimate_debtor: Option<Party>,
    /// Who was paid.
    pub creditor: Option<Party>,
    /// To where.
    pub creditor_account: Option<PartyAccount>,
    /// For whom in the end.
    pub ultimate_creditor: Option<Party>,
    /// A cash machine.
    pub proprietary: Option<ProprietaryParty>,
}

/// A party of a kind of its own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct ProprietaryParty {
    /// Kind.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The party.
    pub party: Option<Party>,
}

/// The banks of the two sides.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct RelatedAgents {
    /// Of who paid.
    pub debtor_agent: Option<Agent>,
    /// Of who was paid.
    pub creditor_agent: Option<Agent>,
}

/// Purpose of a payment: a code or free text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Purpose {
    /// ISO 20022 code.
    pub code: Option<String>,
    /// Free text.
    pub proprietary: Option<String>,
}

/// What the payer wrote to the payee.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct RemittanceInformation {
    /// Message.
    pub unstructured: Option<String>,
    /// Symbols.
    pub structured: Option<StructuredRemittance>,
}

/// Wrapping of the symbols as the standard has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct StructuredRemittance {
    /// Holds the symbols.
    pub creditor_reference_information: Option<CreditorReference>,
}

/// Variable, specific and constant symbol.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct CreditorReference {
    /// `VS:`, `SS:`, `KS:` and up to ten digits each.
    pub reference: Option<OneOrMany>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_read_wherever_they_stand() {
        let rest = r#""additionalTransactionInformation":"x""#;
        let read = |json: &str| serde_json::from_str::<EntryDetails>(json).unwrap();
        let inner = |details: EntryDetails| details.transaction_details.unwrap();
        let object = inner(read(&alloc::format!(r#"{{"transactionDetails":{{{rest}}}}}"#)));
        assert_eq!(object.additional_transaction_information.as_deref(), Some("x"));
        let array = inner(read(&alloc::format!(r#"{{"transactionDetails":[{{{rest}}},{{}}]}}"#)));
        assert_eq!(array, object);
        let beside = read(&alloc::format!(r#"{{"transactionDetails":null,{rest}}}"#));
        assert_eq!((beside.transaction_details, beside.beside), (None, object));
        assert_eq!(read("{}").transaction_details, None);
        assert_eq!(read(r#"{"transactionDetails":[]}"#).transaction_details, None);
    }

    #[test]
    fn the_end_of_a_hold_is_read() {
        let json = r#"{"amount":{"value":1,"currency":"CZK"},"creditDebitIndicator":"DBIT",
            "holdExpiration":{"date":"2026-03-16"}}"#;
        let transaction = serde_json::from_str::<Transaction>(json).unwrap();
        assert_eq!(transaction.hold_expiration.unwrap().date, "2026-03-16");
    }
}
