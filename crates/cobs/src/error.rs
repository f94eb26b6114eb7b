//! The standard's error body (COBS 2.0 §1.2.10.1).

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Deserialize;

/// Body of an error answer of a resource.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Errors {
    /// Several may be told at once.
    #[serde(default)]
    pub errors: Vec<Error>,
}

/// One error.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Error {
    /// Its code, e.g. `AC02`. Examples carry stray spaces: read it through [`Error::code`].
    pub error: String,
    /// JSON path or parameter name it is about.
    pub scope: Option<String>,
    /// Extras of this code, e.g. `DATE` = `DATE_TO_OLD`. An object in the standard's examples, an
    /// array in its table; both are read.
    #[serde(default, deserialize_with = "crate::lenient::named_texts")]
    pub parameters: Option<BTreeMap<String, String>>,
    /// Text for logs, not for people.
    pub message: Option<String>,
}

impl Error {
    /// The code without stray spaces.
    pub fn code(&self) -> &str {
        self.error.trim()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_shapes_are_read() {
        let json = r#"{"errors":[{"error":" DT01","scope":"fromDate","parameters":
            {"DATE":"DATE_TO_OLD"},"message":null},{"error":"FORBIDDEN"}]}"#;
        let errors = serde_json::from_str::<Errors>(json).unwrap().errors;
        assert_eq!(errors.iter().map(Error::code).collect::<Vec<_>>(), ["DT01", "FORBIDDEN"]);
        assert_eq!(date(errors[0].parameters.as_ref()), Some("DATE_TO_OLD"));
        assert_eq!(errors[1].parameters, None);
    }

    #[test]
    fn odd_parameters_do_not_spoil_the_error() {
        for (parameters, expected) in [
            (r#"[{"DATE":"DATE_TO_OLD"},{"DAYS":400}]"#, Some("DATE_TO_OLD")),
            (r#"{"DATE":"DATE_TO_OLD","LIMITS":{"DAYS":400}}"#, Some("DATE_TO_OLD")),
            (r#"["DATE_TO_OLD",1]"#, None),
            (r#""DATE_TO_OLD""#, None),
            ("[]", None),
            ("null", None),
        ] {
            let json = alloc::format!(r#"{{"error":"DT01","parameters":{parameters}}}"#);
            let error = serde_json::from_str::<Error>(&json).unwrap();
            assert_eq!(date(error.parameters.as_ref()), expected, "{parameters}");
        }
    }

    fn date(parameters: Option<&BTreeMap<String, String>>) -> Option<&str> {
        parameters?.get("DATE").map(String::as_str)
    }
}
