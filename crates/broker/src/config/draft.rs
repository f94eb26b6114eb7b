//! A configuration that is about to be written: it is judged before any of its files is there.

use std::path::Path;

use super::check::{Check, whole};
use super::{Finding, overrides};

/// Keys of files that other commands write: the key ring, the certificate, the registration.
const TO_COME: [&str; 5] = [
    ".key_file",
    ".certificate_file",
    ".private_key_file",
    ".client_id_file",
    ".client_secret_file",
];

/// Everything wrong with the text but for files that are still to come.
pub(super) fn check(path: &Path, text: &str) -> Vec<Finding> {
    let written = match overrides::read(path, text, std::iter::empty()) {
        Ok(written) => written,
        Err(invalid) => return invalid.findings,
    };
    let mut check = Check::new(path, text, written.overridden);
    check.is_draft = true;
    whole(&mut check, written.file);
    check.into_findings()
}

/// Whether a key names such a file.
pub(super) fn is_to_come(key: &str) -> bool {
    TO_COME.iter().any(|name| key.ends_with(name))
}
