//! What openapi.json promises, held against every answer that the tests read: its status, its
//! headers, its media type and each field of its body.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use reqwest::Method;
use serde_json::{Value, json};

use crate::world::Answer;

pub(crate) const METHODS: [Method; 6] =
    [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS];

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../openapi.json")).unwrap());

/// One described call: path template, method, operation.
pub(crate) struct Operation {
    pub(crate) template: &'static str,
    pub(crate) method: Method,
    pub(crate) value: &'static Value,
}

/// Fails where the answer to `method` on `path` is not as described.
pub(crate) fn conforms(answer: &Answer, method: &Method, path: &str) {
    if let Some(breach) = breach(answer, method, path) {
        panic!("{method} {path} is not as openapi.json has it: {breach}\n{answer:?}");
    }
}

/// The same where the method is not known: one that the path has must fit, or none was asked.
pub(crate) fn conforms_to_any(answer: &Answer, path: &str) {
    let known: Vec<_> = METHODS.iter().filter(|method| find(method, path).is_some()).collect();
    if known.is_empty() {
        return conforms(answer, &Method::GET, path);
    }
    let breaches: Vec<_> = known.iter().filter_map(|method| breach(answer, method, path)).collect();
    let no_such_method = matches!(answer.status.as_u16(), 405 | 501);
    let fits = breaches.len() < known.len() || no_such_method;
    assert!(fits, "{path} is not as openapi.json has it: {known:?} {breaches:#?}\n{answer:?}");
}

pub(crate) fn document() -> &'static Value {
    &DOCUMENT
}

/// All described calls.
pub(crate) fn operations() -> &'static [Operation] {
    static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
        let paths = DOCUMENT["paths"].as_object().unwrap();
        let calls = paths.iter().flat_map(|(template, item)| {
            METHODS.into_iter().filter_map(move |method| {
                let value = item.get(method.as_str().to_lowercase())?;
                Some(Operation { template, method, value })
            })
        });
        calls.collect()
    });
    &OPERATIONS
}

/// What `$ref` stands for, or the value itself.
pub(crate) fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => {
            let target = reference.strip_prefix('#').and_then(|place| DOCUMENT.pointer(place));
            target.unwrap_or_else(|| panic!("{reference} leads nowhere"))
        }
        None => value,
    }
}

/// The schema with everything it refers to at hand.
pub(crate) fn validator(schema: &Value) -> Validator {
    let schema = json!({ "allOf": [schema], "components": DOCUMENT["components"] });
    let options = jsonschema::draft202012::options().should_validate_formats(true);
    options.build(&schema).unwrap_or_else(|error| panic!("{error}"))
}

/// The first thing in which an answer differs from its description.
pub(crate) fn breach(answer: &Answer, method: &Method, path: &str) -> Option<String> {
    let status = answer.status.as_u16();
    let Some(operation) = find(method, path) else {
        let refused = matches!(status, 400 | 401 | 403 | 404 | 405 | 501);
        return (!refused).then(|| format!("{status} although it is not described"));
    };
    let described = &operation.value["responses"][status.to_string()];
    if described.is_null() {
        return Some(format!("status {status} is not described"));
    }
    let described = resolved(described);
    let lacking = lacking_header(answer, described);
    let content = &described["content"];
    let wrong = match content.as_object() {
        None => (!answer.text.is_empty()).then(|| "there should be no body".to_owned()),
        Some(content) => {
            let media = answer.header("content-type").split(';').next().unwrap_or("");
            match content.get(media) {
                None => Some(format!("media type {media:?}")),
                Some(_) if media != "application/json" => None,
                Some(content) => {
                    let name = format!("{method} {} {status}", operation.template);
                    wrong_body(answer, name, &content["schema"])
                }
            }
        }
    };
    lacking.or(wrong)
}

fn lacking_header(answer: &Answer, described: &'static Value) -> Option<String> {
    let headers = described["headers"].as_object()?;
    headers.iter().find_map(|(name, header)| {
        let header = resolved(header);
        let value = answer.headers.get(name);
        let missing = header["required"] == true && value.is_none();
        let expected = header["schema"]["const"].as_str();
        let other = value.zip(expected).is_some_and(|(value, expected)| value != expected);
        (missing || other).then(|| format!("header {name}: {value:?}"))
    })
}

fn wrong_body(answer: &Answer, name: String, schema: &Value) -> Option<String> {
    static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> =
        LazyLock::new(Mutex::default);
    let mut known = VALIDATORS.lock().unwrap();
    let validator = known.entry(name).or_insert_with(|| Arc::new(validator(schema))).clone();
    drop(known);
    let Ok(body) = serde_json::from_str(&answer.text) else { return Some("no JSON".to_owned()) };
    let first = validator.iter_errors(&body).next()?;
    Some(told(&first))
}

/// The error with its path; of alternatives that all fail, the one that fails deepest, since it
/// is the one that was meant.
pub(crate) fn told(error: &ValidationError<'_>) -> String {
    deepest(error).1
}

fn deepest(error: &ValidationError<'_>) -> (usize, String) {
    let own = || {
        let path = error.instance_path().to_string();
        (path.matches('/').count(), format!("{path}: {error}"))
    };
    match error.kind() {
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            let inner = context.iter().flatten().map(|inner| deepest(inner));
            // the first of equals, so that null, which comes last, is not what is told
            inner.rev().max_by_key(|(depth, _)| *depth).unwrap_or_else(own)
        }
        _ => own(),
    }
}

/// The described call; a literal segment goes before a parameter.
fn find(method: &Method, path: &str) -> Option<&'static Operation> {
    let path = &*described(path);
    let fitting = operations().iter().filter(|one| {
        let mut pairs = one.template.split('/').zip(path.split('/'));
        one.method == *method
            && one.template.matches('/').count() == path.matches('/').count()
            && pairs.all(|(known, asked)| fits(known, asked))
    });
    fitting.min_by_key(|one| one.template.matches('{').count())
}

/// The path as the document has it: the standard is not of one mind about `my` before `payments`, and
/// about the slash behind a signing (bank-api fact 10.1), so the bank takes both.
fn described(path: &str) -> String {
    let path = path.strip_suffix('/').filter(|path| path.contains("/sign")).unwrap_or(path);
    let (base, rest) = path.split_at(path.len().min("/psd2-cobs/cobs/2.0".len()));
    let rest = match rest.strip_prefix("/my/payments/").or(rest.strip_prefix("/payments/")) {
        Some(rest) if base.ends_with("/2.0") && rest.ends_with("/status") => {
            format!("/payments/{rest}")
        }
        Some(rest) => format!("/my/payments/{rest}"),
        None => rest.to_owned(),
    };
    base.to_owned() + &rest
}

fn fits(known: &str, asked: &str) -> bool {
    match known {
        "{version}" => matches!(asked, "2.0" | "5.0"),
        known if known.starts_with('{') => !asked.is_empty(),
        known => known == asked,
    }
}
