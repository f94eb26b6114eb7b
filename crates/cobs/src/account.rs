//! Accounts (COBS 2.0 §3.1.1, `GET /my/accounts`).

use alloc::string::String;
use serde::Deserialize;

/// One account of the person.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Account {
    /// The bank's id for this account in further calls; opaque, may change over time.
    pub id: String,
    /// Its numbers.
    pub identification: AccountNumbers,
    /// ISO 4217; missing for accounts in several currencies.
    pub currency: Option<String>,
    /// The bank that keeps it.
    pub servicer: Option<Servicer>,
    /// Name of the account.
    #[serde(rename = "nameI18N")]
    pub name_i18n: Option<String>,
    /// Name of the product.
    #[serde(rename = "productI18N")]
    pub product_i18n: Option<String>,
    /// What the person is to the account (COBS 7.0; its OpenAPI file writes `realtionship`).
    #[serde(alias = "realtionship")]
    pub relationship: Option<Relationship>,
    /// What the grant allows here, where the bank says it (COBS 7.0).
    pub suitable_scope: Option<SuitableScope>,
}

/// What the person is to an account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Relationship {
    /// The owner, or somebody who may dispose of it.
    pub is_owner: Option<bool>,
}

/// Numbers of an account in the account list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct AccountNumbers {
    /// International number (ISO 13616).
    pub iban: Option<String>,
    /// Local number, e.g. `178124-4159`. A plain string here, an object elsewhere.
    pub other: Option<String>,
}

/// The bank that keeps an account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Servicer {
    /// Local bank code, e.g. `0710`.
    pub bank_code: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country_code: Option<String>,
    /// Business identifier code (ISO 9362).
    pub bic: Option<String>,
}

/// Space-separated names of what may be called for an account; empty: everything.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct SuitableScope {
    /// Account information.
    pub aisp: Option<String>,
    /// Payments.
    pub pisp: Option<String>,
    /// Balance checks for card issuers.
    pub cisp: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_and_null_read_alike() {
        let bare = r#"{"id":"a","identification":{"iban":"CZ6907101781240000004159"}}"#;
        let nulls = r#"{"id":"a","identification":{"iban":"CZ6907101781240000004159","other":null},
            "currency":null,"servicer":null,"nameI18N":null,"productI18N":null,"new":1}"#;
        let read = |json| serde_json::from_str::<Account>(json).unwrap();
        assert_eq!(read(bare), read(nulls));
    }

    #[test]
    fn the_relationship_is_read_however_it_is_spelt() {
        for name in ["relationship", "realtionship"] {
            let json =
                alloc::format!(r#"{{"id":"a","identification":{{}},"{name}":{{"isOwner":true}}}}"#);
            let account = serde_json::from_str::<Account>(&json).unwrap();
            assert_eq!(account.relationship.and_then(|it| it.is_owner), Some(true), "{name}");
        }
    }
}
