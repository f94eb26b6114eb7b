//! Knobs as data. A knob in JSON is its lasting position (`"rotate"`), or, with rules,
//! `{"always": "keep", "rules": [{"to": "rotate", "times": 1}]}`.

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::{Knob, Knobs, Rule};

/// Why knobs could not be turned. The text names the knob, the field and what is known instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KnobError {
    /// There is no such knob.
    #[error("unknown knob `{name}`; known knobs: {}", known.join(", "))]
    Unknown {
        /// The name that was given.
        name: String,
        /// All names there are.
        known: Vec<String>,
    },
    /// The knob has no such position.
    #[error("knob `{name}`: {reason}")]
    Position {
        /// The knob.
        name: String,
        /// Where in the value, and what would be right there.
        reason: String,
    },
    /// The text is no JSON object of knobs, or no `NAME=VALUE`.
    #[error("{0}")]
    Form(String),
}

impl Knobs {
    /// All knobs by name: a plain position, or the full form where there are rules.
    pub fn to_json(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(knobs)) => knobs,
            _ => Map::new(),
        }
    }

    /// The same knobs with some turned. Rules given without `always` keep the lasting position.
    ///
    /// Errors: an unknown name, a position the knob does not have; then nothing is turned.
    pub fn patched(&self, changes: &Map<String, Value>) -> Result<Self, KnobError> {
        let mut knobs = self.to_json();
        for (name, change) in changes {
            let Some(present) = knobs.get_mut(name) else {
                let known = knobs.keys().cloned().collect();
                return Err(KnobError::Unknown { name: name.clone(), known });
            };
            *present = completed(change, present);
        }
        serde_path_to_error::deserialize(Value::Object(knobs)).map_err(|error| {
            let (name, reason) = (error.path().to_string(), error.into_inner().to_string());
            KnobError::Position { name, reason }
        })
    }

    /// The same knobs with those of a JSON object turned.
    ///
    /// Errors: as [`Knobs::patched`], and text that is no JSON object.
    pub fn patched_from(&self, json: &str) -> Result<Self, KnobError> {
        let changes = serde_json::from_str(json)
            .map_err(|error| KnobError::Form(format!("not a JSON object of knobs: {error}")))?;
        self.patched(&changes)
    }

    /// The same knobs with one turned by `NAME=VALUE`. A value that is no JSON is a word, and so is
    /// a number or a truth value that the knob does not take.
    ///
    /// Errors: as [`Knobs::patched`], and text without `=`.
    pub fn assigned(&self, text: &str) -> Result<Self, KnobError> {
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| KnobError::Form(format!("`{text}` is not NAME=JSON_OR_WORD")))?;
        self.worded(name, value)
    }

    /// The same for a name and a value.
    pub(crate) fn worded(&self, name: &str, value: &str) -> Result<Self, KnobError> {
        let turned = |value| self.patched(&Map::from_iter([(name.to_owned(), value)]));
        let word = || Value::from(value);
        match serde_json::from_str(value) {
            Ok(scalar @ (Value::Number(_) | Value::Bool(_))) => {
                turned(scalar).or_else(|error| turned(word()).map_err(|_| error))
            }
            Ok(value) => turned(value),
            Err(error) if value.starts_with(['{', '[', '"']) => {
                let (name, reason) = (name.to_owned(), format!("no JSON: {error}"));
                Err(KnobError::Position { name, reason })
            }
            Err(_) => turned(word()),
        }
    }
}

/// `change` with the lasting position of `present` where it has rules only.
fn completed(change: &Value, present: &Value) -> Value {
    let mut change = change.clone();
    if let Some(full) = change.as_object_mut()
        && full.contains_key("rules")
        && !full.contains_key("always")
    {
        let lasting = if is_full(present) { &present["always"] } else { present };
        full.insert("always".to_owned(), lasting.clone());
    }
    change
}

fn is_full(value: &Value) -> bool {
    value.as_object().is_some_and(|full| full.contains_key("always") || full.contains_key("rules"))
}

#[derive(Serialize)]
struct FullRef<'a, T> {
    always: &'a T,
    rules: &'a [Rule<T>],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Full<T> {
    always: T,
    #[serde(default = "Vec::new")]
    rules: Vec<Rule<T>>,
}

impl<T: Serialize> Serialize for Knob<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.rules.is_empty() {
            return self.lasting.serialize(serializer);
        }
        FullRef { always: &self.lasting, rules: &self.rules }.serialize(serializer)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Knob<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        if !is_full(&value) {
            return read(value).map(|lasting| Self { lasting, rules: Vec::new() });
        }
        read::<Full<T>, _>(value).map(|full| Self { lasting: full.always, rules: full.rules })
    }
}

/// Reads a value, so that an error says where in it.
fn read<T: DeserializeOwned, E: Error>(value: Value) -> Result<T, E> {
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let place = if path == "." { String::new() } else { format!("{path}: ") };
        E::custom(format!("{place}{}", error.into_inner()))
    })
}
