//! Breaches at the token endpoint and its neighbours.

use crate::bank::Bank;
use crate::call::Call;
use crate::form::Fields;
use crate::journal::Breach;

/// Exactly one client authentication method (RFC 6749, 2.3).
pub(super) fn check_client(bank: &Bank, call: &Call, form: &Fields) {
    let headers = call.headers.get_all("authorization").iter().count();
    let in_form = form.first("client_secret").is_some();
    let path = call.uri.path();
    match headers + usize::from(in_form) {
        0 => {
            let detail = format!("no client authentication at {path}");
            bank.journal.breach(Breach::AuthenticationMissing, detail);
        }
        1 => {}
        _ => {
            let detail = format!("two client authentication methods in one request to {path}");
            bank.journal.breach(Breach::AuthenticationTwice, detail);
        }
    }
}

/// Codes and tokens that cannot be right.
pub(super) fn check_grant(bank: &Bank, form: &Fields) {
    match form.first("grant_type") {
        Some("authorization_code") => check_code(bank, form),
        Some("refresh_token") => {
            let token = form.first("refresh_token").unwrap_or("");
            if !bank.watch.refresh_issued.knows(token) {
                let detail = "refresh token that this bank has never issued";
                bank.journal.breach(Breach::RefreshUnknown, detail);
            }
        }
        _ => {}
    }
}

fn check_code(bank: &Bank, form: &Fields) {
    let code = form.first("code").unwrap_or("");
    if !bank.watch.codes_issued.knows(code) {
        bank.journal.breach(Breach::CodeUnknown, "code that this bank has never issued");
    } else if !bank.watch.codes_shown.note(code) {
        bank.journal.breach(Breach::CodeReused, "code that has been shown before");
    }
    if form.first("code_verifier").is_some_and(|verifier| !is_verifier(verifier)) {
        let detail = "code_verifier has not 43 to 128 unreserved symbols";
        bank.journal.breach(Breach::VerifierForm, detail);
    }
}

fn is_verifier(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}
