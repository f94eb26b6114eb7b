//! Codes of the registration of applications (COBS 2.0 chapter 1.4; bank-api fact 4.3). The authorization server
//! has the same ones and means something else by them; only the operator ever meets these.

/// Each code in lower case, with what the operator is told.
pub(super) static REGISTRATION: [(&str, &str); 8] = [
    (
        "access_denied",
        "The bank gives nothing to this licence: use a certificate with a PSD2 licence and role, or ask whether the bank has blocked it.",
    ),
    (
        "insufficient_scope",
        "The certificate has no PSD2 role for one of the scopes: take that scope out, or name another certificate; `bankconnect cert inspect` tells what one covers.",
    ),
    (
        "invalid_client",
        "Our licence has no such application; `bankconnect app list` shows which there are.",
    ),
    (
        "invalid_redirect_uri",
        "A redirect URI breaks the bank's rules: absolute, without fragment, http or https for type web, three at most.",
    ),
    (
        "invalid_request",
        "The bank finds a field missing, too long or wrong, or our licence has an application of that name already; `bankconnect app list` shows which there are.",
    ),
    ("invalid_scope", "The bank has no such scope: ask for those that its portal names."),
    ("server_error", "The bank is in trouble itself; try again later."),
    (
        "unauthorized_client",
        "The bank does not take our certificate: check certificate_file, and that the bank knows its authority.",
    ),
];
