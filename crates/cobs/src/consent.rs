//! What the person has allowed, as the bank keeps it (COBS 3.0 and later, `GET /my/consents`).

use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

use crate::account::AccountNumbers;

/// The consent, with what it opens.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Consents {
    /// For withdrawing it.
    pub consent_id: String,
    /// What it opens, by account.
    pub consents: Vec<AccountConsent>,
}

/// What the consent opens of one account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct AccountConsent {
    /// Its numbers.
    pub identification: Option<AccountNumbers>,
    /// E.g. `AISP.balances`, `AISP.transactions`, `PIS`; some banks write `AIS.`.
    pub accesses: Option<Vec<String>>,
    /// Until when.
    pub valid_until: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_example_is_read() {
        let json = r#"{"consentId":"c","consents":[{"identification":{"iban":"CZ69","other":null},
            "accesses":["AIS.balances","AISP.transactions","PIS"],"validUntil":null}]}"#;
        let all = serde_json::from_str::<Consents>(json).unwrap();
        assert_eq!(all.consents[0].accesses.as_ref().map(Vec::len), Some(3));
    }
}
