//! What the revocation of an access token ends (RFC 7009 §2.1 leaves it to the bank): Web Flow up to 1.4 takes the
//! grant along, from 1.5 the token alone (bank-api fact 5.8).

use axum::http::HeaderMap;

use super::Probe;
use crate::bank::{ApiCall, ApiReply, Involved, Presented, Revoked};
use crate::config::OAuth;
use crate::defences::Answer;
use crate::error::Error;
use crate::grant::Tokens;

/// What a bank says of a refresh token that has ended (RFC 6749 §5.2; Web Flow has `invalid_token` too).
const ENDED: [&str; 2] = ["invalid_grant", "invalid_token"];

impl Probe {
    /// Refreshes, so that the refresh token is known to work; then tries its revocation on what came.
    pub(super) async fn watch_revocation(&mut self, oauth: &OAuth, tokens: Tokens) -> Revoked {
        if tokens.refresh_token.is_none() {
            let revoked = self.bank.revoke(&tokens).await;
            self.findings.revocation = match revoked {
                Revoked::Yes => Some(Answer::NoRefreshToken),
                other => not_offered(other),
            };
            return revoked;
        }
        let before = self.bank.present_refresh(oauth, &tokens).await;
        self.ended_early = matches!(before, Ok(Presented::Refused(_)));
        match before {
            Ok(Presented::Tokens(fresh)) => {
                let revoked = self.watch_access_token(oauth, &fresh).await;
                // a refresh need not end the access token before it
                revoked.max(self.bank.revoke_access_token(&tokens).await)
            }
            other => self.give_up(other, &tokens).await,
        }
    }

    /// Revokes the access token alone and looks what is left; then revokes that, and looks once more.
    async fn watch_access_token(&mut self, oauth: &OAuth, tokens: &Tokens) -> Revoked {
        let opened = self.opens(tokens).await;
        match self.bank.revoke_access_token(tokens).await {
            Revoked::Yes => {}
            other => {
                self.findings.revocation = not_offered(other);
                return self.bank.revoke(tokens).await;
            }
        }
        if opened == Some(true) {
            let opens = self.opens(tokens).await;
            let alive = |opens| if opens { Answer::Alive } else { Answer::Dead };
            self.findings.revoked_token = opens.map(alive);
        }
        match self.bank.present_refresh(oauth, tokens).await {
            Ok(Presented::Refused(code)) if ENDED.contains(&code) => {
                self.findings.revocation = Some(Answer::EndsGrant);
                self.bank.revoke(tokens).await
            }
            Ok(Presented::Tokens(fresh)) => self.watch_all(oauth, &fresh).await,
            other => self.give_up(other, tokens).await,
        }
    }

    /// The grant outlived its access token: does it outlive what a disconnect revokes?
    async fn watch_all(&mut self, oauth: &OAuth, tokens: &Tokens) -> Revoked {
        let revoked = self.bank.revoke(tokens).await;
        if revoked != Revoked::Yes {
            self.findings.revocation = not_offered(revoked);
            return revoked;
        }
        match self.bank.present_refresh(oauth, tokens).await {
            Ok(Presented::Tokens(fresh)) => {
                self.findings.revocation = Some(Answer::EndsNothing);
                self.bank.revoke(&fresh).await.max(Revoked::NotYet)
            }
            Ok(Presented::Refused(code)) if ENDED.contains(&code) => {
                self.findings.revocation = Some(Answer::EndsToken);
                Revoked::Yes
            }
            other => self.give_up(other, tokens).await,
        }
    }

    /// The answer to a refresh says nothing: what is known is revoked.
    async fn give_up(&mut self, answer: Result<Presented, Error>, tokens: &Tokens) -> Revoked {
        if let Err(error) = answer {
            self.unanswered(&error);
        }
        self.bank.revoke(tokens).await
    }

    /// Whether the API takes an access token, for the person who has just logged in; of the answer nothing is read.
    async fn opens(&self, tokens: &Tokens) -> Option<bool> {
        let (id, person) = (self.ambient.uuid().ok()?, Involved::person(None, &HeaderMap::new()));
        match self.bank.call(ApiCall::read("/my/accounts"), tokens, &person, &id).await {
            Ok(ApiReply::Content(_)) => Some(true),
            Ok(ApiReply::Unauthorised) => Some(false),
            Err(_) => None,
        }
    }
}

/// The bank's word that it does not revoke; anything else is none.
fn not_offered(revoked: Revoked) -> Option<Answer> {
    (revoked == Revoked::NotOffered).then_some(Answer::NotOffered)
}
