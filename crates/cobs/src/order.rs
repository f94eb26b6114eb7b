//! What payments, standing orders and batches have in common (COBS 2.0 §3.2, later versions alike).

use alloc::string::String;
use serde::Deserialize;

use crate::money::Amount;

/// Where an order stands. `ACTC` accepted, waits for its signature; `ACWC` accepted with a change;
/// `ACSP` signed, being carried out; `ACSC` carried out; `RJCT` refused. A bank may have more.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(
    feature = "typescript",
    derive(ts_rs::TS),
    ts(type = "'ACTC' | 'ACWC' | 'ACSP' | 'ACSC' | 'RJCT' | (string & {})")
)]
pub struct InstructionStatus(pub String);

/// How far a signing is. `OPEN` waits, `DONE` is signed, `CANCELLED` and `CLOSED` come to nothing. The
/// standard leaves the words to the bank, so there may be others.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(
    feature = "typescript",
    derive(ts_rs::TS),
    ts(type = "'OPEN' | 'DONE' | 'CANCELLED' | 'CLOSED' | (string & {})")
)]
pub struct SignState(pub String);

/// The signing of an order.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct SignInfo {
    /// How far it is.
    pub state: Option<SignState>,
    /// Its id in the calls of the signing. Missing where the bank wants the signing begun by a call of
    /// its own (payments only). Examples of the standard write `signID`.
    #[serde(alias = "signID")]
    pub sign_id: Option<String>,
}

/// Body of `GET …/status` of a payment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct OrderStatus {
    /// Where the order stands.
    pub instruction_status: InstructionStatus,
    /// Why, e.g. `TM01`: after the bank's closing time (not in 2.0).
    pub status_change_info: Option<String>,
}

/// The amount of an order, in the standard's wrapping.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct OrderAmount {
    /// The amount.
    pub instructed_amount: Option<Amount>,
}

/// How an order is carried out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct PaymentTypeInformation {
    /// How fast: `NORM` next day, `HIGH` same day, `INST` at once.
    pub instruction_priority: Option<String>,
    /// Which kind of payment the bank made of it.
    pub service_level: Option<ServiceLevel>,
    /// Category of the purpose.
    pub category_purpose: Option<CodeOrProprietary>,
}

/// Wrapping of the kind of a payment as the standard has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct ServiceLevel {
    /// The kind.
    pub code: Option<ServiceLevelCode>,
}

/// Kind of a payment: `DMCT` domestic, `ESCT` SEPA, `EXCT` in the European Economic Area, `NXCT`
/// outside it, `XBCT` cross-border. A bank may have more.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(
    feature = "typescript",
    derive(ts_rs::TS),
    ts(type = "'DMCT' | 'ESCT' | 'EXCT' | 'NXCT' | 'XBCT' | (string & {})")
)]
pub struct ServiceLevelCode(pub String);

/// A code or free text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct CodeOrProprietary {
    /// From a code list.
    pub code: Option<String>,
    /// Free text.
    pub proprietary: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_signing_is_read_however_it_is_spelt() {
        for name in ["signId", "signID"] {
            let json = alloc::format!(r#"{{"state":"OPEN","{name}":"s"}}"#);
            let info = serde_json::from_str::<SignInfo>(&json).unwrap();
            assert_eq!(info.sign_id.as_deref(), Some("s"), "{name}");
        }
        let bare = serde_json::from_str::<SignInfo>(r#"{"state":"DONE","signId":null}"#).unwrap();
        assert_eq!((bare.state, bare.sign_id), (Some(SignState("DONE".into())), None));
    }
}
