//! What waits for a signature of this person (later versions than 2.0, `GET /my/authorizations`).

use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

use crate::order::SignInfo;
use crate::signing::AuthorizationType;

/// An order that waits for a signature.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct PendingAuthorization {
    /// `PAYMENT`, `STANDINGORDER`, `BATCHPAYMENT`, `DIRECTDEBIT`; examples of the standard write small
    /// letters.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The bank's id of the order.
    pub transaction_identification: Option<String>,
    /// Until when it waits.
    pub valid_until: Option<String>,
    /// Each a list of methods.
    pub scenarios: Option<Vec<Vec<AuthorizationType>>>,
    /// Its signing.
    pub sign_info: Option<SignInfo>,
}
