//! What the revocation of an access token ends (RFC 7009 §2.1 leaves it to the bank): Web Flow up to 1.4 takes the
//! grant along, from 1.5 the token alone (bank-api fact 5.8).

use axum::http::{HeaderMap, Method};

use super::Probe;
use crate::bank::{ApiReply, Involved, Presented, Revoked};
use crate::config::OAuth;
use crate::defences::Answer;
use crate::grant::Tokens;

impl Probe {
    /// Revokes the access token alone and looks what is left; then revokes that, and looks once more.
    pub(super) async fn watch_revocation(&mut self, oauth: &OAuth, tokens: Tokens) -> Revoked {
        if tokens.refresh_token.is_none() {
            self.findings.revocation = Some(Answer::NoRefreshToken);
            return self.bank.revoke(&tokens).await;
        }
        let opened = self.opens(&tokens).await;
        match self.bank.revoke_access_token(&tokens).await {
            Revoked::Yes => {}
            other => {
                self.findings.revocation =
                    (other == Revoked::NotOffered).then_some(Answer::NotOffered);
                return self.bank.revoke(&tokens).await;
            }
        }
        if opened == Some(true) {
            let opens = self.opens(&tokens).await;
            let alive = |opens| if opens { Answer::Alive } else { Answer::Dead };
            self.findings.revoked_token = opens.map(alive);
        }
        match self.bank.present_refresh(oauth, &tokens).await {
            Ok(Presented::Refused("invalid_grant" | "invalid_token")) => {
                self.findings.revocation = Some(Answer::EndsGrant);
                self.bank.revoke(&tokens).await
            }
            Ok(Presented::Tokens(fresh)) => self.watch_all(oauth, &fresh).await,
            Ok(Presented::Refused(_)) | Err(_) => self.bank.revoke(&tokens).await,
        }
    }

    /// The grant outlived its access token: does it outlive what a disconnect revokes?
    async fn watch_all(&mut self, oauth: &OAuth, tokens: &Tokens) -> Revoked {
        self.findings.revocation = Some(Answer::EndsToken);
        let revoked = self.bank.revoke(tokens).await;
        if revoked != Revoked::Yes {
            return revoked;
        }
        match self.bank.present_refresh(oauth, tokens).await {
            Ok(Presented::Tokens(fresh)) => {
                self.findings.revocation = Some(Answer::EndsNothing);
                self.bank.revoke(&fresh).await.max(Revoked::NotYet)
            }
            Ok(Presented::Refused(_)) | Err(_) => Revoked::Yes,
        }
    }

    /// Whether the API takes an access token, for the person who has just logged in; of the answer nothing is read.
    async fn opens(&self, tokens: &Tokens) -> Option<bool> {
        let (id, person) = (self.ambient.uuid().ok()?, Involved::person(None, &HeaderMap::new()));
        match self.bank.call(Method::GET, "/my/accounts", tokens, &person, &id).await {
            Ok(ApiReply::Content(_)) => Some(true),
            Ok(ApiReply::Unauthorised) => Some(false),
            Err(_) => None,
        }
    }
}
