//! Values that banks write in more than one way.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

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

/// Reads an object, or the first of an array of them.
pub(crate) fn first<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written<T> {
        // first, because an array would pass for a struct's fields in order
        Many(Vec<T>),
        One(T),
    }
    Ok(match Option::deserialize(deserializer)? {
        None => None,
        Some(Written::Many(many)) => many.into_iter().next(),
        Some(Written::One(one)) => Some(one),
    })
}

/// Reads named texts from an object or from an array of such objects; leaves out whatever else
/// stands there.
pub(crate) fn named_texts<'de, D>(
    deserializer: D,
) -> Result<Option<BTreeMap<String, String>>, D::Error>
where
    D: Deserializer<'de>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Text {
        Text(String),
        Other(IgnoredAny),
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Names {
        Names(BTreeMap<String, Text>),
        Other(IgnoredAny),
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Many(Vec<Names>),
        One(Names),
    }
    let all = match Option::deserialize(deserializer)? {
        None | Some(Written::One(Names::Other(_))) => return Ok(None),
        Some(Written::One(one)) => alloc::vec![one],
        Some(Written::Many(many)) => many,
    };
    let pairs = all.into_iter().filter_map(|names| match names {
        Names::Names(names) => Some(names),
        Names::Other(_) => None,
    });
    let texts = pairs.flatten().filter_map(|(name, text)| match text {
        Text::Text(text) => Some((name, text)),
        Text::Other(_) => None,
    });
    Ok(Some(texts.collect()))
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
