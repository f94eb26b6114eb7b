//! Values that banks write in more than one way.

use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

/// Text that some examples of the standard write as a bare number (transaction codes).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum TextOrNumber {
    /// As the standard says.
    Text(String),
    /// As some banks send it.
    Number(f64),
}

/// A number that some banks write as text, which also keeps every decimal.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum NumberOrText {
    /// As the standard says.
    Number(f64),
    /// As some banks send it.
    Text(String),
}

/// One value or an array of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub enum OneOrMany {
    /// A single text; several references may stand in it, separated by commas.
    One(String),
    /// An array.
    Many(Vec<String>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        let read = |json| serde_json::from_str::<TextOrNumber>(json).unwrap();
        assert_eq!(read("10000101000"), TextOrNumber::Number(10_000_101_000.0));
        assert_eq!(read(r#""10000101000""#), TextOrNumber::Text("10000101000".into()));
        let read = |json| serde_json::from_str::<OneOrMany>(json).unwrap();
        assert_eq!(read(r#""VS:501""#), OneOrMany::One("VS:501".into()));
        assert_eq!(read(r#"["VS:501"]"#), OneOrMany::Many(alloc::vec!["VS:501".into()]));
    }
}
