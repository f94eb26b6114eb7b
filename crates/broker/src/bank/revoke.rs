//! Revocation (RFC 7009): the refresh token first, then the access token.
//!
//! At Web Flow 1.4 either takes the pair along; from 1.5 an access token takes only itself and the
//! refresh token both (bank-api facts 5.8). So this order ends the grant on every version.

use std::sync::Mutex;

use oauth2::{
    AccessToken, AsyncHttpClient, HttpRequest, HttpResponse, RefreshToken, RevocationUrl,
    StandardRevocableToken,
};
use reqwest::StatusCode;
use serde::Deserialize;

use super::client_secret::Verdict;
use super::codes::known_oauth;
use super::token::{Boxed, registered};
use super::{Bank, BankError};
use crate::error::chain;
use crate::grant::{Tokens, hash};

/// What came of asking the bank to forget tokens, from the best to what is left to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Revoked {
    /// It has forgotten them, or never knew them.
    Yes,
    /// It does not offer revocation.
    NotOffered,
    /// It did not say; to be asked again.
    NotYet,
}

/// What the bank said, and the SHA-256 of its last reply, where it is one: status, line feed, body.
pub type Told = (Revoked, Option<[u8; 32]>);

const NOT_OFFERED: Told = (Revoked::NotOffered, None);

impl Bank {
    /// Asks the bank to forget the tokens.
    pub async fn revoke(&self, tokens: &Tokens) -> Revoked {
        self.forget(tokens).await.0
    }

    /// The same; answers what an auditor may want to compare, too.
    pub async fn forget(&self, tokens: &Tokens) -> Told {
        let mut told = (Revoked::Yes, None);
        if let Some(refresh_token) = &tokens.refresh_token {
            let token = RefreshToken::new(refresh_token.expose().to_owned());
            told = self.revoke_one(StandardRevocableToken::RefreshToken(token)).await;
        }
        if told.0 == Revoked::Yes {
            let (revoked, reply) = self.forget_access_token(tokens).await;
            told = (revoked, reply.or(told.1));
        }
        told
    }

    /// Asks the bank to forget the access token; what becomes of the grant is the bank's business.
    pub(crate) async fn revoke_access_token(&self, tokens: &Tokens) -> Revoked {
        self.forget_access_token(tokens).await.0
    }

    async fn forget_access_token(&self, tokens: &Tokens) -> Told {
        let token = AccessToken::new(tokens.access_token.expose().to_owned());
        self.revoke_one(StandardRevocableToken::AccessToken(token)).await
    }

    async fn revoke_one(&self, token: StandardRevocableToken) -> Told {
        let Some(oauth) = self.oauth() else { return NOT_OFFERED };
        let Some(url) = oauth.revocation_url.clone() else { return NOT_OFFERED };
        let Some(mut attempt) = self.attempt() else { return NOT_OFFERED };
        let url = RevocationUrl::from_url(url);
        loop {
            let client = registered(oauth, attempt.secret()).set_revocation_url(url.clone());
            let Ok(request) = client.revoke_token(token.clone()) else {
                return NOT_OFFERED;
            };
            let wire = Answer { bank: self, seen: Mutex::new(None) };
            let answer: Boxed<'_, _> = Box::pin(request.request_async(&wire));
            if let Err(oauth2::RequestTokenError::Request(error)) = answer.await {
                tracing::warn!(provider = self.provider.id, cause = chain(&error), "revocation");
            }
            let Some((status, body)) = wire.seen.into_inner().ok().flatten() else {
                return (Revoked::NotYet, None);
            };
            if !attempt.again(verdict(status)).await {
                let reply = [status.as_str().as_bytes(), b"\n", &body].concat();
                return (judge(status, &body), Some(hash(&reply)));
            }
        }
    }
}

/// Keeps status and body: Web Flow answers 400 in a shape of its own for a token it does not know,
/// so the crate's reading of the body says nothing.
struct Answer<'a> {
    bank: &'a Bank,
    seen: Mutex<Option<(StatusCode, Vec<u8>)>>,
}

impl<'c> AsyncHttpClient<'c> for Answer<'_> {
    type Error = BankError;
    type Future = Boxed<'c, Result<HttpResponse, BankError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            // not by the gate: a revocation only takes access away
            let answer = self.bank.post_form(&self.bank.line(), request).await?;
            if let Ok(mut seen) = self.seen.lock() {
                *seen = Some((answer.status(), answer.body().clone()));
            }
            Ok(answer)
        })
    }
}

/// RFC 7009 §2.2.1, RFC 6749 §5.2: who is no client of the bank gets 401. Success says nothing of the secret: some
/// banks ask for none here (COBS chapter 3.6).
fn verdict(status: StatusCode) -> Verdict {
    if status == StatusCode::UNAUTHORIZED { Verdict::Refused } else { Verdict::Silent }
}

/// RFC 7009 §2.2: 200 also for a token nobody knows; Web Flow: 400 in its own shape. Any other 400
/// is somebody else's, e.g. of a gateway that does not like our certificate.
fn judge(status: StatusCode, body: &[u8]) -> Revoked {
    #[derive(Deserialize, Default)]
    #[serde(default)]
    struct Refusal {
        error: Option<String>,
        #[serde(rename = "responseObject")]
        web_flow: Option<WebFlow>,
    }
    #[derive(Deserialize)]
    struct WebFlow {
        #[serde(rename = "code")]
        _code: String,
    }
    match status {
        _ if status.is_success() => Revoked::Yes,
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Revoked::NotOffered,
        StatusCode::BAD_REQUEST => {
            let refusal: Refusal = serde_json::from_slice(body).unwrap_or_default();
            match (refusal.error.as_deref().map(known_oauth), refusal.web_flow) {
                (Some(Some("invalid_token" | "invalid_grant")), _) | (None, Some(_)) => {
                    Revoked::Yes
                }
                (Some(Some("unsupported_token_type")), _) => Revoked::NotOffered,
                _ => Revoked::NotYet,
            }
        }
        _ => Revoked::NotYet,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_word_counts_as_revoked() {
        let power_auth = br#"{"status":"ERROR","responseObject":{"code":"ERROR_GENERIC"}}"#;
        let bad = StatusCode::BAD_REQUEST;
        assert_eq!(judge(StatusCode::OK, b""), Revoked::Yes);
        assert_eq!(judge(bad, power_auth), Revoked::Yes);
        assert_eq!(judge(bad, b"<html>No required SSL certificate was sent"), Revoked::NotYet);
        assert_eq!(judge(bad, b"{}"), Revoked::NotYet);
        assert_eq!(judge(bad, b""), Revoked::NotYet);
        assert_eq!(judge(bad, br#"{"error":"invalid_token"}"#), Revoked::Yes);
        assert_eq!(judge(bad, br#"{"error":"invalid_client"}"#), Revoked::NotYet);
        assert_eq!(judge(bad, br#"{"error":"unsupported_token_type"}"#), Revoked::NotOffered);
        assert_eq!(judge(StatusCode::UNAUTHORIZED, b""), Revoked::NotYet);
        assert_eq!(judge(StatusCode::NOT_FOUND, b""), Revoked::NotOffered);
    }
}
