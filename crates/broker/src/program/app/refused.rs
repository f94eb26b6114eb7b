//! What the bank's no, or its silence, means to the operator, and the fix.

use axum::http::StatusCode;

use crate::bank::{Fault, RegistrationError, registration_words};
use crate::error::chain;
use crate::program::Stopped;

/// Why a call came to nothing.
pub(super) fn refused(error: &RegistrationError) -> Stopped {
    let fix = match error {
        RegistrationError::Refused { status, code, said } => return said_no(*status, code, said),
        RegistrationError::Fault(Fault::Certificate { trouble, .. }) => {
            let sentence = format!("{}; fix: {}", chain(error), trouble.remedy());
            return Stopped { code: 1, word: trouble.as_str(), sentence };
        }
        RegistrationError::Interrupted => return Stopped::failed(error.to_string()),
        RegistrationError::Fault(Fault::Redirect(_)) => {
            "check base_api_url; a redirect is never followed"
        }
        RegistrationError::Fault(Fault::Unreachable(_)) => {
            "check base_api_url, `resolve`, and this machine's way to the network"
        }
        RegistrationError::Fault(Fault::TimedOut) => {
            "try again later, or raise limits.first_byte_seconds"
        }
        RegistrationError::Fault(_) => "try again later, then ask the bank",
    };
    Stopped::failed(format!("{}; fix: {fix}", chain(error)))
}

/// A refusal by its code; where there is none that the standard knows, by its status.
fn said_no(status: StatusCode, code: &'static str, said: &str) -> Stopped {
    let gateway = status.is_server_error().then_some("server_error");
    let words = registration_words(code).or_else(|| registration_words(gateway?));
    let meaning = match words {
        Some((_, operator)) => operator,
        None if status == StatusCode::TOO_MANY_REQUESTS => {
            "The bank asks for patience: try again later."
        }
        None => "It does not take the request: check base_api_url and cobs_version.",
    };
    let said = if said.is_empty() { String::new() } else { format!(" ({said})") };
    let sentence = format!("the registration answers {} {code}{said}. {meaning}", status.as_u16());
    Stopped { code: 1, word: code, sentence }
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
