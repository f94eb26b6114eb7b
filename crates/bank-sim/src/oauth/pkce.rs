//! Proof key for code exchange (RFC 7636), as strictly as generation and knob have it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Code, OauthError};
use crate::bank::Bank;
use crate::form::Fields;
use crate::journal::Breach;
use crate::knobs::{Occasion, Pkce, WebFlow};

/// The S256 challenge of a request (RFC 7636, 4.3).
pub(super) fn challenge(request: &Fields) -> Option<String> {
    let s256 = request.first("code_challenge_method") == Some("S256");
    request
        .first("code_challenge")
        .filter(|challenge| s256 && challenge.len() == 43)
        .map(ToOwned::to_owned)
}

/// Why an authorization request is refused for its challenge (RFC 7636, 4.4.1), if it is.
pub(super) fn refusal(
    bank: &Bank,
    occasion: Occasion<'_>,
    generation: WebFlow,
    request: &Fields,
) -> Option<&'static str> {
    let pkce = generation.pkce(bank.meet(occasion, |knobs| &mut knobs.pkce));
    let (sent, good) = (request.first("code_challenge").is_some(), challenge(request).is_some());
    let refused = match pkce {
        Pkce::Normal | Pkce::Ignored => false,
        Pkce::Honoured => sent && !good,
        Pkce::Enforced => !good,
    };
    refused.then_some("code_challenge with S256 is required")
}

/// Checks the verifier (RFC 7636, 4.6). One that does not fit is noted in any case.
///
/// Errors: 400 `invalid_grant`.
pub(super) fn check_verifier(
    bank: &Bank,
    occasion: Occasion<'_>,
    generation: WebFlow,
    code: &Code,
    verifier: Option<&str>,
) -> Result<(), OauthError> {
    let shown = verifier.map(|verifier| {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, verifier.as_bytes());
        URL_SAFE_NO_PAD.encode(digest)
    });
    let fits = shown.is_some() && shown == code.challenge;
    if !fits {
        let detail = "code_verifier is missing or does not fit code_challenge";
        bank.journal.breach(Breach::VerifierDiffers, detail);
    }
    match generation.pkce(bank.meet(occasion, |knobs| &mut knobs.pkce)) {
        _ if fits => Ok(()),
        Pkce::Normal | Pkce::Ignored => Ok(()),
        Pkce::Honoured if code.challenge.is_none() => Ok(()),
        Pkce::Honoured | Pkce::Enforced => {
            Err(OauthError::bad_request("invalid_grant", "Invalid code verifier"))
        }
    }
}
