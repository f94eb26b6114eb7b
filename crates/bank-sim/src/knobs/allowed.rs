//! Positions that a type alone does not rule out: what a knob would not act upon is refused when it
//! is turned.

use http::HeaderValue;
use serde::de::{DeserializeOwned, Error, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::Knob;
use crate::orders::Method;

/// A refusal of the API.
pub(super) fn refusals<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Knob<u16>, D::Error> {
    knob(deserializer, |status| one_of(*status, &[401, 403]))
}

/// A redirect.
pub(super) fn redirects<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Knob<u16>, D::Error> {
    knob(deserializer, |status| one_of(*status, &[302, 303]))
}

/// A good deletion.
pub(super) fn deletions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Knob<u16>, D::Error> {
    knob(deserializer, |status| one_of(*status, &[200, 201, 204]))
}

/// A failure, or none.
pub(super) fn failures<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Knob<Option<u16>>, D::Error> {
    knob(deserializer, |status: &Option<u16>| {
        status.map_or(Ok(()), |status| one_of(status, &[500, 503]))
    })
}

/// Any one method is enough.
pub(super) fn each_method() -> Vec<Vec<String>> {
    let methods = [Method::Redirect, Method::Sms];
    methods.iter().map(|method| vec![method.code().to_owned()]).collect()
}

/// Ways to sign that can be passed.
pub(super) fn scenarios<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Knob<Vec<Vec<String>>>, D::Error> {
    knob(deserializer, |ways: &Vec<Vec<String>>| {
        if ways.is_empty() || ways.iter().any(Vec::is_empty) {
            return Err("an empty list of methods cannot be passed".to_owned());
        }
        match ways.iter().flatten().find(|code| Method::named(code).is_none()) {
            Some(code) => Err(format!(
                "unknown method `{code}`, expected `{}` or `{}`",
                Method::Redirect.code(),
                Method::Sms.code()
            )),
            None => Ok(()),
        }
    })
}

/// A value that can stand in a header.
pub(super) fn header<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let value = String::deserialize(deserializer)?;
    match HeaderValue::try_from(&value) {
        Ok(_) => Ok(value),
        Err(_) => Err(D::Error::custom(format!("{value:?} is no header that can be sent"))),
    }
}

/// The same, or none.
pub(super) fn header_if_any<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let value = Option::<String>::deserialize(deserializer)?;
    value.map(|value| header(Value::from(value)).map_err(D::Error::custom)).transpose()
}

/// The text of a JSON value.
pub(super) fn json_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    match serde_json::from_str::<IgnoredAny>(&text) {
        Ok(_) => Ok(text),
        Err(error) => Err(D::Error::custom(format!("{text:?} is no JSON text: {error}"))),
    }
}

/// Any JSON value: a string as it is, others as their text.
pub(super) fn json_or_string<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<String, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => text,
        other => other.to_string(),
    })
}

fn one_of(status: u16, allowed: &[u16]) -> Result<(), String> {
    if allowed.contains(&status) {
        return Ok(());
    }
    let allowed: Vec<_> = allowed.iter().map(u16::to_string).collect();
    Err(format!("{status} is none of {}", allowed.join(", ")))
}

fn knob<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
    fits: impl Fn(&T) -> Result<(), String>,
) -> Result<Knob<T>, D::Error> {
    let knob = Knob::<T>::deserialize(deserializer)?;
    let mut positions =
        std::iter::once(&knob.lasting).chain(knob.rules.iter().map(|rule| &rule.to));
    positions.try_for_each(fits).map_err(D::Error::custom)?;
    Ok(knob)
}
