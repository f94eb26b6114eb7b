//! Decimal numbers to the last digit.
//!
//! COBS writes amounts as JSON numbers of up to 17 digits, more than an `f64` keeps, and readers of
//! JSON make an `f64` of them. So whoever wants every digit puts the numbers behind the keys of
//! amounts in quotation marks first ([`quoted`]) and reads the JSON then.

use alloc::string::{String, ToString as _};
use core::fmt;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

/// A decimal number as it was written, e.g. `150.50` or `999999999999999.99`. Count with it in
/// decimals.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Decimal(String);

impl Decimal {
    /// Its digits as they were written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Behind these keys stand amounts and rates, and nothing else.
const KEYS: [&str; 3] = ["\"value\"", "\"totalAmount\"", "\"exchangeRate\""];

/// The JSON text with every number behind `value`, `totalAmount` and `exchangeRate` as a string of
/// the same digits. All else stays as it is: no text can pass for a key, because quotation marks in
/// it are escaped.
pub fn quoted(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(colon) = rest.find(':') {
        let (key, value) = rest.split_at(colon + 1);
        out.push_str(key);
        rest = value;
        let number = value.trim_start_matches(is_space);
        let end = number.find(|c| !is_of_number(c)).unwrap_or(number.len());
        if end > 0 && is_exact(key) {
            let (digits, after) = number.split_at(end);
            for part in ["\"", digits, "\""] {
                out.push_str(part);
            }
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// Whether a text that ends with a colon ends with one of the keys.
fn is_exact(text: &str) -> bool {
    let text = text.trim_end_matches(|c| c == ':' || is_space(c));
    let ends = |key: &&str| text.strip_suffix(*key).is_some_and(|before| !before.ends_with('\\'));
    KEYS.iter().any(ends)
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

fn is_of_number(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | 'e' | 'E')
}

impl<'de> Deserialize<'de> for Decimal {
    /// From a string, whose digits are kept, or from a number, of which an `f64` is left.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;
        impl Visitor<'_> for Written {
            type Value = Decimal;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("a decimal number")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Decimal, E> {
                Ok(Decimal(text.to_string()))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Decimal, E> {
                Ok(Decimal(number.to_string()))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Decimal, E> {
                Ok(Decimal(number.to_string()))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Decimal, E> {
                Ok(Decimal(number.to_string()))
            }
        }
        deserializer.deserialize_any(Written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_digit_is_kept() {
        for digits in ["150.50", "0.00", "999999999999999.99", "-1", "1e3", "1E-2"] {
            for (json, key) in [
                (alloc::format!(r#"{{"value":{digits},"currency":"CZK"}}"#), "value"),
                (alloc::format!(r#"{{ "totalAmount" :   {digits} }}"#), "totalAmount"),
                (alloc::format!(r#"{{"a":[{{}}],"exchangeRate":{digits}}}"#), "exchangeRate"),
                (alloc::format!(r#"{{"value":"{digits}"}}"#), "value"),
            ] {
                let read = serde_json::from_str::<serde_json::Value>(&quoted(&json)).unwrap();
                assert_eq!(read[key], digits, "{json}");
                let decimal = serde_json::from_value::<Decimal>(read[key].clone()).unwrap();
                assert_eq!(decimal.as_str(), digits);
            }
        }
    }

    #[test]
    fn nothing_else_is_touched() {
        for json in [
            r#"{"value":null,"totalAmount":true,"exchangeRate":{"a":1},"values":1,"Value":2}"#,
            r#"{"message":"\"value\":5, \"value\" : 6","pageNumber":0}"#,
            r#"{"a\"value":5,"\"value\"":6}"#,
            r#"["value","totalAmount",1,":",2]"#,
            r#"{"intervalDue":25,"pollInterval":5000,"date":"2026-01-01T00:00:00+01:00"}"#,
            "",
            "no JSON: 5",
        ] {
            assert_eq!(quoted(json), json);
        }
    }

    #[test]
    fn a_number_that_was_not_quoted_is_read_as_well() {
        let read = |json| serde_json::from_str::<Decimal>(json).unwrap();
        assert_eq!(read("150.50").as_str(), "150.5");
        assert_eq!(read("150").as_str(), "150");
        assert_eq!(read("-3").as_str(), "-3");
        assert!(serde_json::from_str::<Decimal>("null").is_err());
    }
}
