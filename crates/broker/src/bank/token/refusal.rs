//! What a token endpoint that gives no tokens says: of the grant, of us, or of nothing.

use oauth2::RequestTokenError;
use oauth2::basic::BasicErrorResponse;

use crate::bank::client_secret::Verdict;
use crate::bank::codes::known_oauth;
use crate::bank::reply::TokenReply;
use crate::bank::{BankError, Fault, Rejected};
use crate::error::Error;

pub(super) fn into_error(error: RequestTokenError<Error, BasicErrorResponse>) -> Error {
    match error {
        RequestTokenError::Request(error) => error,
        RequestTokenError::ServerResponse(answer) => refusal(answer.error().as_ref()).into(),
        // the crate's error would print the body: a reply that cannot be read may hold a token
        RequestTokenError::Parse(_, body) if TokenReply::judge(&body).is_err() => {
            let what = "neither a token reply nor an OAuth error";
            BankError::from(Fault::Malformed(what)).into()
        }
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            BankError::from(Fault::Malformed("token reply has the wrong media type")).into()
        }
    }
}

/// A refusal by its code: ours to mend, or the grant's end.
fn refusal(code: &str) -> BankError {
    match known_oauth(code) {
        Some("invalid_client" | "unauthorized") => {
            BankError::ClientRejected { rejected: Rejected::Client }
        }
        // said to a client that is known by its secret
        Some("unauthorized_client" | "access_denied") => {
            BankError::ClientRejected { rejected: Rejected::Unclear }
        }
        Some("server_error" | "temporarily_unavailable") => Fault::unavailable().into(),
        Some(code) => BankError::TokenRefused(code),
        None => Fault::Malformed("an OAuth error nobody defined").into(),
    }
}

/// What the token endpoint says of our secret: whoever is told that his grant is over was taken as a client.
pub(super) fn verdict(reply: &Result<TokenReply, Error>) -> Verdict {
    match reply {
        Ok(_) => Verdict::Worked,
        Err(Error::Bank(BankError::TokenRefused("invalid_grant" | "invalid_token"))) => {
            Verdict::Known
        }
        Err(Error::Bank(BankError::ClientRejected {
            rejected: Rejected::Client | Rejected::Wordless,
        })) => Verdict::Refused,
        Err(_) => Verdict::Silent,
    }
}

/// Web Flow says 401 in a body of its own to a bad secret (bank-api fact 5.7); others say it in HTML, or in nothing.
pub(super) fn wordless(body: &[u8]) -> bool {
    #[derive(serde::Deserialize)]
    struct Refusal {
        error: String,
    }
    let refusal = serde_json::from_slice::<Refusal>(body);
    refusal.map_or(true, |refusal| known_oauth(&refusal.error).is_none())
}
