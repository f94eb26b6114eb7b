//! Codes put to the test: with another verifier, once more, with another redirect URI.

use protocol::pkce::CodeVerifier;

use super::attempt::beside;
use super::{Attempt, Landed, Probe, Tried};
use crate::bank::{BankError, Presented};
use crate::config::{OAuth, Pkce};
use crate::error::Error;

impl Probe {
    /// Presents a code with a verifier that is not its own, then once more; fails where the bank's first answer
    /// says nothing of PKCE.
    pub(crate) async fn try_verifier(
        &mut self,
        oauth: &OAuth,
        attempt: &Attempt,
        landed: Landed,
    ) -> Result<(), Error> {
        let wrong = CodeVerifier::from_random(&self.ambient.random()?);
        let code = &landed.code;
        let first = self.bank.present(oauth, code, &wrong, &oauth.redirect_uri).await?;
        self.findings.issuer = Some(landed.issuer);
        let refusal = match first {
            Presented::Tokens(tokens) => {
                self.findings.pkce = Some(Pkce::Ignored);
                self.spend(oauth, tokens).await;
                self.findings.code_reuse = Some(self.once_more(oauth, code, &wrong).await);
                return Ok(());
            }
            Presented::Refused(refusal) => refusal,
        };
        (self.findings.pkce, self.findings.refusal) = (Some(Pkce::Enforced), Some(refusal));
        let Some(own) = &attempt.verifier else {
            // of a code that was never shown as it should be, a second refusal says nothing
            self.findings.code_reuse = Some(Tried::Unknown);
            return Ok(());
        };
        let mut again = self.once_more(oauth, code, own).await;
        self.findings.own_verifier = Some(again);
        if again == Tried::Accepted {
            again = self.once_more(oauth, code, own).await;
        }
        self.findings.code_reuse = Some(again);
        Ok(())
    }

    /// Presents a code with a redirect URI that is not its own; fails where the bank's answer says nothing of it.
    pub(crate) async fn try_other_redirect(
        &mut self,
        oauth: &OAuth,
        attempt: &Attempt,
        landed: Landed,
    ) -> Result<(), Error> {
        let own = own(attempt)?;
        let other = beside(&landed.redirect_uri);
        let presented = self.bank.present(oauth, &landed.code, own, &other).await?;
        self.findings.issuer = Some(landed.issuer);
        match presented {
            Presented::Tokens(tokens) => {
                self.findings.redirect_at_token = Some(Tried::Accepted);
                self.spend(oauth, tokens).await;
            }
            Presented::Refused(_) => {
                self.findings.redirect_at_token = Some(Tried::Refused);
                // a code that outlives the refusal must not lie about
                self.once_more(oauth, &landed.code, own).await;
            }
        }
        Ok(())
    }

    /// The bank ended a login with a page of its own, as it has to where the redirect URI is not registered.
    pub(crate) fn stayed_at_bank(&mut self) {
        self.findings.redirect_at_authorization = Some(Tried::Refused);
    }

    /// The bank sent the browser on although the redirect URI was not registered: there, or where it should.
    pub(crate) async fn try_sent_beside(
        &mut self,
        oauth: &OAuth,
        attempt: &Attempt,
        landed: Landed,
    ) -> Result<(), Error> {
        let there = landed.redirect_uri != oauth.redirect_uri;
        self.findings.redirect_at_authorization =
            Some(if there { Tried::Accepted } else { Tried::Refused });
        self.findings.issuer = Some(landed.issuer);
        let presented = self.bank.present(oauth, &landed.code, own(attempt)?, &landed.redirect_uri);
        if let Presented::Tokens(tokens) = presented.await? {
            self.spend(oauth, tokens).await;
        }
        Ok(())
    }

    /// Exchanges a code as it should be.
    pub(crate) async fn exchange(
        &mut self,
        oauth: &OAuth,
        attempt: &Attempt,
        landed: Landed,
    ) -> Result<(), Error> {
        let presented = self.bank.present(oauth, &landed.code, own(attempt)?, &landed.redirect_uri);
        let presented = presented.await?;
        self.findings.issuer = Some(landed.issuer);
        match presented {
            Presented::Tokens(tokens) => self.spend(oauth, tokens).await,
            Presented::Refused(code) => return Err(BankError::TokenRefused(code).into()),
        }
        Ok(())
    }

    async fn once_more(&mut self, oauth: &OAuth, code: &str, verifier: &CodeVerifier) -> Tried {
        match self.bank.present(oauth, code, verifier, &oauth.redirect_uri).await {
            Ok(Presented::Tokens(tokens)) => {
                self.spend(oauth, tokens).await;
                Tried::Accepted
            }
            Ok(Presented::Refused(_)) => Tried::Refused,
            Err(_) => Tried::Unknown,
        }
    }
}

fn own(attempt: &Attempt) -> Result<&CodeVerifier, Error> {
    attempt.verifier.as_ref().ok_or(Error::Internal("resumed attempt"))
}
