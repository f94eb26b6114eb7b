//! What the bank's no, or its silence, means to the operator, and the fix.

use crate::bank::{Fault, RegistrationError, registration_words};
use crate::error::chain;
use crate::program::Stopped;

/// Why a call came to nothing.
pub(super) fn refused(error: &RegistrationError) -> Stopped {
    match error {
        RegistrationError::Refused { status, code, said } => {
            let meaning = registration_words(code).map_or(
                "It does not take the request: check base_api_url and cobs_version.",
                |(_, operator)| operator,
            );
            let said = if said.is_empty() { String::new() } else { format!(" ({said})") };
            let status = status.as_u16();
            let sentence = format!("the registration answers {status} {code}{said}. {meaning}");
            Stopped { code: 1, word: code, sentence }
        }
        RegistrationError::Fault(Fault::Certificate { trouble, .. }) => {
            let sentence = format!("{}; fix: {}", chain(error), trouble.remedy());
            Stopped { code: 1, word: trouble.as_str(), sentence }
        }
        RegistrationError::Fault(Fault::Redirect(_)) => {
            let fix = "check base_api_url; a redirect is never followed";
            Stopped::failed(format!("{}; fix: {fix}", chain(error)))
        }
        RegistrationError::Fault(_) => {
            let fix = "try again later; `bankconnect doctor` goes the way to the bank step by step";
            Stopped::failed(format!("{}; fix: {fix}", chain(error)))
        }
    }
}

/// The same for a call that changes something, with what to do where the bank may have done it.
pub(super) fn undone(error: &RegistrationError, otherwise: &str) -> Stopped {
    let mut stopped = refused(error);
    if error.may_be_done() {
        stopped.code = 3;
        stopped.sentence.push('\n');
        stopped.sentence.push_str(otherwise);
    }
    stopped
}
