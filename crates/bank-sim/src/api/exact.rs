//! Amounts to the last digit. COBS writes amounts as JSON numbers of up to 17 digits, more than an
//! `f64` keeps; so the text of a number is read and written as it stands. (The feature
//! `arbitrary_precision` of `serde_json` would do it too, but for every crate that is built with
//! this one, and they would be tested with numbers that they do not ship with.)

use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// The place of the amount in payments and standing orders.
const AMOUNT: [&str; 3] = ["amount", "instructedAmount", "value"];

/// The text of the number at `path` in a JSON object.
pub(super) fn text<'a>(body: &'a [u8], path: &[&str]) -> Option<&'a str> {
    let (first, rest) = path.split_first()?;
    let members: BTreeMap<String, &RawValue> = serde_json::from_slice(body).ok()?;
    let found = *members.get(*first)?;
    match rest {
        [] => Some(found.get()),
        rest => text(found.get().as_bytes(), rest),
    }
}

/// The text of the amount of an order.
pub(super) fn amount(body: &[u8]) -> Option<&str> {
    text(body, &AMOUNT)
}

/// The hundredths in the text of a JSON number; `None` for more than two decimals, and for more
/// than there can be.
pub(super) fn hundredths(number: &str) -> Option<i64> {
    scaled(number, 2)
}

/// The same for another number of decimals.
pub(super) fn scaled(number: &str, decimals: u8) -> Option<i64> {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let exponent: i32 = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let shift =
        exponent.checked_add(decimals.into())?.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let scale = 10_i128.checked_pow(shift.unsigned_abs())?;
    if shift >= 0 {
        return i64::try_from(digits.checked_mul(scale)?).ok();
    }
    if digits % scale == 0 { i64::try_from(digits / scale).ok() } else { None }
}

/// `body` as text, its amount written as `amount`.
pub(super) fn write(body: &Value, amount: &str) -> Option<String> {
    let amount = RawValue::from_string(amount.to_owned()).ok()?;
    serde_json::to_string(&Exact { value: body, path: &AMOUNT, number: &amount }).ok()
}

/// A value with `number` at `path`.
struct Exact<'a> {
    value: &'a Value,
    path: &'a [&'a str],
    number: &'a RawValue,
}

impl Serialize for Exact<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.value, self.path.split_first()) {
            (_, None) => self.number.serialize(serializer),
            (Value::Object(members), Some((first, rest))) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    if name == first {
                        let exact = Exact { value, path: rest, number: self.number };
                        map.serialize_entry(name, &exact)?;
                    } else {
                        map.serialize_entry(name, value)?;
                    }
                }
                map.end()
            }
            (value, Some(_)) => value.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn seventeen_digits_come_and_go_whole() {
        let body = br#"{"amount":{"instructedAmount":{"value":999999999999999.99}},"x":1}"#;
        let number = amount(body).unwrap();
        assert_eq!(hundredths(number), Some(99_999_999_999_999_999));
        let rounded: Value = serde_json::from_slice(body).unwrap();
        let written = write(&rounded, number).unwrap();
        assert_eq!(written.as_bytes(), body);
        assert_eq!(write(&json!({ "amount": null }), number).unwrap(), r#"{"amount":null}"#);
    }

    #[test]
    fn hundredths_are_counted_not_rounded() {
        for (text, expected) in [
            ("150.50", Some(15_050)),
            ("150.5", Some(15_050)),
            ("1.5e2", Some(15_000)),
            ("1E-2", Some(1)),
            ("0.010", Some(1)),
            ("0.001", None),
            ("-3", Some(-300)),
            ("1e400", None),
            ("1e99999999999", None),
            ("92233720368547758.08", None),
        ] {
            assert_eq!(hundredths(text), expected, "{text}");
        }
    }
}
