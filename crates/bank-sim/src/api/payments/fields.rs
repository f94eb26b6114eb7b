//! Checks a body against the table, element by element, and collects every error (bank-api facts
//! 10.4, 12.6 and 15). What must not come is refused or, in the lenient mode, removed.

use serde_json::{Map, Value};

use super::Rules;
use super::rows::{Form, Row};
use super::{Refusal, forms};
use crate::PaymentKind;

/// Checks `body` as a payment of `kind` and removes what the bank ignores.
///
/// Errors: `FIELD_MISSING`, `FIELD_INVALID`, `RR03`, `RR10`, `RC07`, `RC10`, `BE19`, all together.
pub(in crate::api) fn check(
    body: &mut Map<String, Value>,
    rows: &[Row],
    kind: PaymentKind,
    rules: &Rules,
) -> Result<(), Refusal> {
    let mut checker = Checker { at: kind as usize, rules, found: Vec::new() };
    checker.members(Some(body), rows, "");
    Refusal::all(checker.found).map_or(Ok(()), Err)
}

/// What is left blank counts as absent (bank-api fact 2.1).
pub(super) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.iter().all(is_blank),
        Value::Object(members) => members.values().all(is_blank),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

struct Checker<'a> {
    /// The column of the kind.
    at: usize,
    rules: &'a Rules,
    found: Vec<Refusal>,
}

impl Checker<'_> {
    /// Checks the members of an object; `None` for an absent one whose members are missed.
    fn members(&mut self, mut members: Option<&mut Map<String, Value>>, rows: &[Row], scope: &str) {
        if let Some(members) = members.as_deref_mut() {
            let unknown = |name: &&String| !rows.iter().any(|row| row.name == *name);
            let unknown: Vec<_> = members.keys().filter(unknown).cloned().collect();
            for name in unknown {
                self.ignore(members, &name, &join(scope, &name));
            }
        }
        for row in rows {
            let scope = join(scope, row.name);
            let value = members.as_deref_mut().and_then(|members| members.get_mut(row.name));
            match (row.occurs.as_bytes()[self.at], value) {
                (b'-', Some(_)) => {
                    if let Some(members) = members.as_deref_mut() {
                        self.ignore(members, row.name, &scope);
                    }
                }
                (b'0' | b'1', Some(value)) if !is_blank(value) => self.value(value, row, &scope),
                (b'1', _) => self.missed(row, &scope),
                _ => {}
            }
        }
    }

    fn value(&mut self, value: &mut Value, row: &Row, scope: &str) {
        match (row.form, value) {
            (Form::Object(rows), Value::Object(members)) => {
                self.members(Some(members), rows, scope);
            }
            (form, value) => {
                if let Err(code) = forms::check(value, form, self.rules) {
                    self.found.push(Refusal::code(code, scope));
                }
            }
        }
    }

    /// Names what an absent element would have to hold: its own mandatory parts, or itself.
    fn missed(&mut self, row: &Row, scope: &str) {
        let before = self.found.len();
        if let Form::Object(rows) = row.form {
            self.members(None, rows, scope);
        }
        if self.found.len() == before {
            let code = match scope {
                "creditor.name" | "creditor.postalAddress" => "RR03",
                _ => "FIELD_MISSING",
            };
            self.found.push(Refusal::code(code, scope));
        }
    }

    /// An element that must not come; a blank one does no harm.
    fn ignore(&mut self, members: &mut Map<String, Value>, name: &str, scope: &str) {
        let removed = members.remove(name);
        if self.rules.strict_elements && removed.is_some_and(|value| !is_blank(&value)) {
            self.found.push(Refusal::code("FIELD_INVALID", scope));
        }
    }
}

fn join(scope: &str, name: &str) -> String {
    if scope.is_empty() { name.to_owned() } else { format!("{scope}.{name}") }
}
