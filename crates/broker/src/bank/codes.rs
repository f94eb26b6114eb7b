//! The error codes of the standards; anything else a bank sends stays in the log (requirement P23).

/// A COBS error code as the standard spells it, if it is one (COBS 2.0 and later, all chapters).
pub(crate) fn known_cobs(code: &str) -> Option<&'static str> {
    find(&COBS, code)
}

/// An OAuth error code in lower case, if it is one (RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1,
/// COBS 2.0 chapter 1.4.7). COBS prints them in upper case.
pub(crate) fn known_oauth(code: &str) -> Option<&'static str> {
    find(&OAUTH, code)
}

fn find(table: &'static [&'static str], code: &str) -> Option<&'static str> {
    let code = code.trim();
    table.iter().copied().find(|known| known.eq_ignore_ascii_case(code))
}

const OAUTH: [&str; 15] = [
    "access_denied",
    "insufficient_scope",
    "invalid_client",
    "invalid_grant",
    "invalid_redirect_uri",
    "invalid_request",
    "invalid_scope",
    "invalid_token",
    "server_error",
    "temporarily_unavailable",
    "unauthorized",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
    "unsupported_token_type",
];

const COBS: [&str; 51] = [
    "AB05",
    "AB07",
    "AB08",
    "AC01",
    "AC02",
    "AC03",
    "AC09",
    "AC10",
    "AC12",
    "ACC_DIFFERENT",
    "AG01",
    "AG09",
    "AM02",
    "AM03",
    "AM05",
    "AM06",
    "AM11",
    "AM12",
    "AUTH_LIMIT_EXCEEDED",
    "BE19",
    "CNOR",
    "CURR_DIFFERENT",
    "DNOR",
    "DT01",
    "EXECUTION_DATE_INVALID",
    "FF01",
    "FIELD_INVALID",
    "FIELD_MISSING",
    "FORB",
    "FORBIDDEN",
    "ID_NOT_FOUND",
    "INCORRECT_SIGNID",
    "INVALID_AUTHORIZATION_REDIRECT_URI",
    "NARR",
    "NOT_FOUND",
    "NOT_IMPLEMENTED",
    "NO_PART",
    "OFFD",
    "PAGE_NOT_FOUND",
    "PARAMETER_INVALID",
    "RC07",
    "RC10",
    "REC_SEND",
    "RF01",
    "RR03",
    "RR10",
    "TOO_MANY_PMTS",
    "TRANSACTION_MISSING",
    "TYPE_DIFFERENT",
    "UNAUTHORISED",
    "UNSUPPORTED_MEDIA_TYPE",
];
