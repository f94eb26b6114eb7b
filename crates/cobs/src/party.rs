//! Who stands on the two sides of a transaction, and their banks (COBS 2.0 §3.1.5).

use alloc::string::String;
use serde::Deserialize;

use crate::lenient::OneOrMany;

/// A person or an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Party {
    /// Name.
    pub name: Option<String>,
    /// Address.
    #[serde(alias = "postalAddres")]
    pub postal_address: Option<PostalAddress>,
    /// Official identification.
    pub identification: Option<PartyIdentification>,
}

/// A postal address.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct PostalAddress {
    /// Street.
    pub street_name: Option<String>,
    /// House number.
    pub building_number: Option<String>,
    /// Postal code.
    pub post_code: Option<String>,
    /// Town.
    pub town_name: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Lines of an unstructured address; one string or an array.
    pub address_line: Option<OneOrMany>,
}

/// Official identification; one of the two.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct PartyIdentification {
    /// Of an organisation.
    pub organisation_identification: Option<Organisation>,
    /// Of a person.
    pub private_identification: Option<Person>,
}

/// Identification of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Organisation {
    /// Business identifier code.
    pub bic_or_bei: Option<String>,
    /// Another register.
    pub other: Option<OtherIdentification>,
}

/// Identification of a person.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Person {
    /// A register.
    pub other: Option<OtherIdentification>,
}

/// An entry in some register.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct OtherIdentification {
    /// The entry.
    pub identification: Option<RegisterEntry>,
    /// Which register.
    pub scheme_name: Option<SchemeName>,
    /// Who keeps it.
    pub issuer: Option<String>,
}

/// An entry: its text, or, in the OpenAPI file, another object with the register's name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum RegisterEntry {
    /// As the standard's text has it.
    Text(String),
    /// As the OpenAPI file has it.
    Nested(NestedEntry),
}

/// An entry with its register, as the OpenAPI file nests it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct NestedEntry {
    /// The entry.
    pub identification: Option<String>,
    /// Which register.
    pub scheme_name: Option<SchemeName>,
    /// Who keeps it.
    pub issuer: Option<String>,
}

/// Name of a register: a code or free text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct SchemeName {
    /// From a code list.
    pub code: Option<String>,
    /// Free text.
    pub proprietary: Option<String>,
    /// Who keeps it; examples of the standard put it here.
    pub issuer: Option<String>,
}

/// An account on either side of a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct PartyAccount {
    /// Its numbers.
    pub identification: Option<PartyAccountNumbers>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// Name of the account.
    pub name: Option<String>,
}

/// Numbers of an account outside the account list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct PartyAccountNumbers {
    /// International number (ISO 13616).
    pub iban: Option<String>,
    /// Local number.
    pub other: Option<OtherAccount>,
}

/// A local account number; an object here, a string in the account list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct OtherAccount {
    /// The number.
    pub identification: Option<String>,
}

/// A bank on either side of a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Agent {
    /// Which bank.
    pub financial_institution_identification: Option<Institution>,
}

/// A bank.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct Institution {
    /// Business identifier code.
    pub bic: Option<String>,
    /// Membership in a clearing system.
    pub clearing_system_member_identification: Option<ClearingMember>,
    /// Name.
    #[serde(alias = "neme")]
    pub name: Option<String>,
    /// Address.
    #[serde(alias = "postalAddres")]
    pub postal_address: Option<PostalAddress>,
    /// Local bank code.
    pub other: Option<OtherAccount>,
}

/// Membership in a clearing system.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct ClearingMember {
    /// Which system.
    pub clearing_system_identification: Option<ClearingSystem>,
    /// Number of the member.
    pub member_identification: Option<String>,
}

/// A clearing system: a code or free text.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(optional_fields = nullable))]
pub struct ClearingSystem {
    /// From a code list, or the local bank code.
    pub code: Option<String>,
    /// Free text.
    pub proprietary: Option<String>,
    /// Number of the member; the OpenAPI file puts it here.
    pub member_identification: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_register_entry_is_read_in_both_forms() {
        let read = |json| serde_json::from_str::<OtherIdentification>(json).unwrap();
        let text = read(r#"{"identification":"12345678","schemeName":{"code":"TXID"}}"#);
        assert_eq!(text.identification, Some(RegisterEntry::Text("12345678".into())));
        let nested = read(
            r#"{"identification":{"identification":"12345678","schemeName":{"code":"TXID"}}}"#,
        );
        let entry = NestedEntry {
            identification: Some("12345678".into()),
            scheme_name: text.scheme_name,
            issuer: None,
        };
        assert_eq!(nested.identification, Some(RegisterEntry::Nested(entry)));
    }

    #[test]
    fn the_member_of_a_clearing_system_is_read_in_both_places() {
        let read = |json| serde_json::from_str::<ClearingMember>(json).unwrap();
        let beside =
            read(r#"{"clearingSystemIdentification":{"code":"0100"},"memberIdentification":"7"}"#);
        assert_eq!(beside.member_identification.as_deref(), Some("7"));
        let inside =
            read(r#"{"clearingSystemIdentification":{"code":"0100","memberIdentification":"7"}}"#);
        let system = inside.clearing_system_identification.unwrap();
        assert_eq!(system.member_identification.as_deref(), Some("7"));
    }
}
