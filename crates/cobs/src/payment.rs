//! Payments as the bank tells them (COBS 2.0 §3.2.2 to §3.2.5): answer of their initiation, detail.
//!
//! The table and the examples of the standard put the id and the kind in different places. Types
//! have both; [`Payment::id`] and [`Payment::kind`] read either.

use alloc::string::String;
use serde::Deserialize;

use crate::order::{
    CodeOrProprietary, InstructionStatus, OrderAmount, PaymentTypeInformation, ServiceLevel,
    SignInfo,
};
use crate::party::{Agent, Party, PartyAccount};
use crate::transaction::RemittanceInformation;

/// A payment: what was asked for, and what the bank made of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Payment {
    /// The bank's id of the payment, for all further calls; or see `paymentIdentification`.
    pub transaction_identification: Option<String>,
    /// Kind of the payment; or see `paymentTypeInformation`.
    pub service_level: Option<ServiceLevel>,
    /// Its ids.
    pub payment_identification: Option<PaymentIdentification>,
    /// Priority and kind.
    pub payment_type_information: Option<PaymentTypeInformation>,
    /// How much.
    pub amount: Option<OrderAmount>,
    /// The day it is carried out; the bank may have moved it.
    pub requested_execution_date: Option<String>,
    /// Who pays the charges of a foreign payment: `DEBT`, `CRED`, `SHAR`, `SLEV`.
    pub charge_bearer: Option<String>,
    /// On whose behalf.
    pub ultimate_debtor: Option<Party>,
    /// From where.
    pub debtor_account: Option<PartyAccount>,
    /// The payee's bank.
    pub creditor_agent: Option<Agent>,
    /// The payee.
    pub creditor: Option<Party>,
    /// To where.
    pub creditor_account: Option<PartyAccount>,
    /// For whom in the end.
    pub ultimate_creditor: Option<Party>,
    /// Purpose of the payment.
    pub purpose: Option<CodeOrProprietary>,
    /// Message and symbols.
    pub remittance_information: Option<RemittanceInformation>,
    /// Its signing.
    pub sign_info: Option<SignInfo>,
    /// Where it stands.
    pub instruction_status: Option<InstructionStatus>,
    /// What the bank has changed, with `ACWC`, e.g. `TM01`.
    pub status_change_info: Option<String>,
}

impl Payment {
    /// The bank's id of the payment, wherever it stands.
    pub fn id(&self) -> Option<&str> {
        let inside = self.payment_identification.as_ref();
        let inside = inside.and_then(|it| it.transaction_identification.as_deref());
        self.transaction_identification.as_deref().or(inside)
    }

    /// The kind of the payment, wherever it stands.
    pub fn kind(&self) -> Option<&str> {
        let inside = self.payment_type_information.as_ref();
        let inside = inside.and_then(|it| it.service_level.as_ref());
        let code = |level: &'_ ServiceLevel| level.code.is_some();
        let level = self.service_level.as_ref().filter(|level| code(level)).or(inside);
        level.and_then(|level| level.code.as_ref()).map(|code| code.0.as_str())
    }
}

/// Ids of a payment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct PaymentIdentification {
    /// The app's own, unique.
    pub instruction_identification: Option<String>,
    /// For the payee (SEPA); `NOTPROVIDED` if there is none.
    pub end_to_end_identification: Option<String>,
    /// The bank's.
    pub transaction_identification: Option<String>,
    /// The bank's of the payment's initiation (list of awaiting payments).
    pub payment_id: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_and_kind_are_read_wherever_they_stand() {
        let read = |json| serde_json::from_str::<Payment>(json).unwrap();
        let root = read(r#"{"transactionIdentification":"P","serviceLevel":{"code":"DMCT"}}"#);
        let inside = read(
            r#"{"serviceLevel":null,"paymentIdentification":{"transactionIdentification":"P"},
                "paymentTypeInformation":{"serviceLevel":{"code":"DMCT"}}}"#,
        );
        for payment in [root, inside] {
            assert_eq!((payment.id(), payment.kind()), (Some("P"), Some("DMCT")));
        }
        assert_eq!((read("{}").id(), read("{}").kind()), (None, None));
    }

    #[test]
    fn an_answer_of_the_bank_is_read_with_every_digit() {
        let json = r#"{ "transactionIdentification": "PAY42", "serviceLevel": {"code": "DMCT"},
            "paymentIdentification": {"instructionIdentification": "TPP-1",
                "transactionIdentification": "PAY42"},
            "paymentTypeInformation": {"instructionPriority": "NORM",
                "serviceLevel": {"code": "DMCT"}},
            "amount": {"instructedAmount": {"value": 150.50, "currency": "CZK"}},
            "requestedExecutionDate": "2024-01-08",
            "debtorAccount": {"identification": {"iban": "CZ6907101781240000004159"},
                "currency": "CZK"},
            "creditorAccount": {"identification": {"iban": "CZ7508000000002108589434"},
                "currency": null},
            "signInfo": {"state": "OPEN", "signId": "sgn-42"},
            "instructionStatus": "ACTC", "statusChangeInfo": null }"#;
        let payment = serde_json::from_str::<Payment>(&crate::decimal::quoted(json)).unwrap();
        let amount = payment.amount.as_ref().and_then(|it| it.instructed_amount.as_ref());
        assert_eq!(amount.map(|it| it.value.as_str()), Some("150.50"));
        assert_eq!(payment.sign_info.unwrap().sign_id.as_deref(), Some("sgn-42"));
        assert_eq!(payment.instruction_status.unwrap().0, "ACTC");
    }
}
