//! Batches: payments that wait for their signatures, bound to be signed at once (later versions than
//! 2.0).

use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

use crate::order::{InstructionStatus, SignInfo};

/// Body of `POST /my/batchpayments`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct BatchRequest {
    /// The app's own id, unique, at most 18 characters.
    pub exchange_identification: String,
    /// The person's name for it.
    pub instruction_name: Option<String>,
    /// Payments from one account, in one currency and of one kind, whose signings are `OPEN`.
    pub payments: Vec<BatchPaymentRequest>,
}

/// A payment to be bound into a batch.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields))]
pub struct BatchPaymentRequest {
    /// Its signing, from the answer of its initiation.
    pub sign_id: String,
}

/// Answer of `POST /my/batchpayments`, and body of its status.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Batch {
    /// The bank's id of the batch, for all further calls.
    pub transaction_identification: Option<String>,
    /// Its signing.
    pub sign_info: Option<SignInfo>,
    /// Where it stands.
    pub instruction_status: Option<InstructionStatus>,
    /// Why.
    pub status_change_info: Option<String>,
    /// Its payments (status only).
    pub payments: Option<Vec<BatchPayment>>,
}

/// A payment of a batch.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct BatchPayment {
    /// The bank's id of the payment.
    pub transaction_identification: Option<String>,
    /// Its signing.
    pub sign_info: Option<SignInfo>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_read_with_the_examples_spelling() {
        let json = r#"{"transactionIdentification":"B","instructionStatus":"ACTC",
            "signInfo":{"state":"OPEN","signID":"s"},
            "payments":[{"transactionIdentification":"P","signInfo":{"signID":"t"}}]}"#;
        let batch = serde_json::from_str::<Batch>(json).unwrap();
        let payment = batch.payments.unwrap().remove(0);
        assert_eq!(payment.sign_info.unwrap().sign_id.as_deref(), Some("t"));
        assert_eq!(batch.sign_info.unwrap().sign_id.as_deref(), Some("s"));
    }
}
