//! The form of one element (bank-api facts 2.6 and 12): types, lengths, characters, enumerations.

use serde_json::Value;

use super::Rules;
use super::rows::Form;
use crate::orders::Symbols;

/// Checks a value; the error is its code.
pub(super) fn check(value: &Value, form: Form, rules: &Rules) -> Result<(), &'static str> {
    let invalid = "FIELD_INVALID";
    let good = match form {
        Form::Object(_) => false,
        Form::Any => true,
        Form::Own(good) => good(value),
        Form::Number => value.is_number(),
        Form::Clearing => return clearing(value),
        Form::Reference(most) => return reference(value, most),
        Form::MaskedPan(most) => value.as_str().is_some_and(|pan| is_masked(pan, most)),
        Form::Category => value.as_str().is_some_and(is_category),
        Form::Symbols => symbols(value).is_some(),
        Form::Lines(most) => return lines(value, most, rules),
        Form::Code(most) => return text(value, most, true),
        Form::Text(most) => return text(value, most, rules.strict_characters),
        Form::Date => value.as_str().is_some_and(is_date),
        Form::Currency => value.as_str().is_some_and(|text| is_upper(text, 3)),
        Form::Country => value.as_str().is_some_and(|text| is_upper(text, 2)),
        Form::Iban => value.as_str().is_some_and(is_iban),
        Form::One(list, code) => {
            let one = value.as_str().ok_or(invalid)?;
            return if list.contains(&one) { Ok(()) } else { Err(code) };
        }
        Form::Bic => {
            let bic = value.as_str().ok_or(invalid)?;
            return if is_bic(bic) { Ok(()) } else { Err("RC07") };
        }
    };
    if good { Ok(()) } else { Err(invalid) }
}

/// The symbols of a structured reference: an array, or one string with quotes and commas inside;
/// each kind at most once (bank-api fact 12.4). `None` for anything else.
pub(super) fn symbols(value: &Value) -> Option<Symbols> {
    let items: Vec<&str> = match value {
        Value::String(text) => {
            text.split(['"', ',']).map(str::trim).filter(|item| !item.is_empty()).collect()
        }
        Value::Array(items) => items.iter().map(Value::as_str).collect::<Option<_>>()?,
        _ => return None,
    };
    let mut symbols = Symbols::default();
    for item in items {
        let (kind, digits) = item.split_once(':')?;
        let slot = match kind {
            "VS" => &mut symbols.variable,
            "SS" => &mut symbols.specific,
            "KS" => &mut symbols.constant,
            _ => return None,
        };
        if slot.is_some() {
            return None;
        }
        *slot = Some(symbol(digits)?);
    }
    Some(symbols)
}

/// The symbols at the start of a message: `/VS/1234567890/SS/1/KS/308`.
pub(super) fn symbols_in(message: &str) -> Symbols {
    let mut symbols = Symbols::default();
    let mut parts = message.strip_prefix('/').unwrap_or(message).split(['/', ' ']);
    while let (Some(kind), Some(digits)) = (parts.next(), parts.next()) {
        let slot = match kind {
            "VS" => &mut symbols.variable,
            "SS" => &mut symbols.specific,
            "KS" => &mut symbols.constant,
            _ => break,
        };
        match symbol(digits) {
            Some(value) if slot.is_none() => *slot = Some(value),
            _ => break,
        }
    }
    symbols
}

/// One to ten digits.
fn symbol(digits: &str) -> Option<i64> {
    let whole =
        (1..=10).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| whole)
}

/// A text of at most `most` characters, where `swift` only those of SWIFT.
pub(super) fn text(value: &Value, most: usize, swift: bool) -> Result<(), &'static str> {
    let text = value.as_str().ok_or("FIELD_INVALID")?;
    if text.chars().count() > most {
        return Err("FIELD_INVALID");
    }
    if swift && !text.bytes().all(is_swift) { Err("RR10") } else { Ok(()) }
}

/// A code, or a number without decimals.
fn reference(value: &Value, most: usize) -> Result<(), &'static str> {
    match value.as_u64() {
        Some(number) if number.to_string().len() <= most => Ok(()),
        _ => text(value, most, true),
    }
}

fn is_masked(pan: &str, most: usize) -> bool {
    let hidden = |byte| matches!(byte, b'*' | b' ');
    pan.len() <= most
        && pan.bytes().any(hidden)
        && pan.bytes().all(|byte| byte.is_ascii_digit() || hidden(byte))
}

fn is_category(code: &str) -> bool {
    matches!(code.len(), 3 | 4) && code.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// `bic` as ISO 9362 has it, in the pattern of bank-api fact 12.5.
pub(super) fn is_bic(bic: &str) -> bool {
    let bytes = bic.as_bytes();
    matches!(bytes.len(), 8 | 11)
        && bytes[..6].iter().all(u8::is_ascii_uppercase)
        && matches!(bytes[6], b'A'..=b'Z' | b'2'..=b'9')
        && matches!(bytes[7], b'A'..=b'N' | b'P'..=b'Z' | b'0'..=b'9')
        && bytes[8..].iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// The form of an IBAN; its check digits are looked at later.
pub(super) fn is_iban(iban: &str) -> bool {
    let bytes = iban.as_bytes();
    (5..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes[4..].iter().all(u8::is_ascii_alphanumeric)
}

/// `YYYY-MM-DD`; whether there is such a day is asked later.
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

fn is_upper(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Characters without diacritics (bank-api fact 2.6).
fn is_swift(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"/-?:().,'+ ".contains(&byte)
}

fn lines(value: &Value, most: usize, rules: &Rules) -> Result<(), &'static str> {
    match value {
        Value::Array(items) if items.len() <= 2 => {
            items.iter().try_for_each(|item| text(item, most, rules.strict_characters))
        }
        value => text(value, most, rules.strict_characters),
    }
}

/// A clearing system by its code or name, and the number of a bank in it; the number may also be
/// inside, as the `OpenAPI` files have it (bank-api fact 9.4).
fn clearing(value: &Value) -> Result<(), &'static str> {
    let system = &value["clearingSystemIdentification"];
    let number = match &value["memberIdentification"] {
        Value::Null => &system["memberIdentification"],
        number => number,
    };
    let named = ["code", "proprietary"].iter().any(|name| text(&system[*name], 35, true).is_ok());
    let numbered = number.as_str().is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    if named && numbered && text(number, 35, true).is_ok() { Ok(()) } else { Err("RC10") }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn symbols_come_as_array_and_as_the_string_of_the_standard() {
        let all = Symbols { variable: Some(123_456), specific: Some(7), constant: Some(456) };
        let text = json!(r#"VS:123456","KS:456","SS:7"#);
        assert_eq!(symbols(&text), Some(all));
        assert_eq!(symbols(&json!(["KS:456", "VS:123456", "SS:7"])), Some(all));
        for bad in [
            json!(["VS:1", "VS:2"]),
            json!(["VS:12345678901"]),
            json!(["VS:"]),
            json!(["XS:1"]),
            json!(["VS:+1"]),
            json!([1]),
            json!({ "VS": 1 }),
        ] {
            assert_eq!(symbols(&bad), None, "{bad}");
        }
        assert_eq!(symbols_in("/VS/123456/SS/7/KS/456"), all);
        assert_eq!(symbols_in("VS/123456 thanks").variable, Some(123_456));
        assert_eq!(symbols_in("Lunch/VS/1"), Symbols::default());
    }

    #[test]
    fn bics_have_eight_or_eleven_characters() {
        for bic in ["CNBACZPP", "GIBACZPXXXX", "COBADEFF300"] {
            assert!(is_bic(bic), "{bic}");
        }
        for bic in ["CNBACZP", "CNBACZPPX", "cnbaczpp", "CNB1CZPP", "CNBACZ1P", "CNBACZPO", ""] {
            assert!(!is_bic(bic), "{bic}");
        }
    }
}
