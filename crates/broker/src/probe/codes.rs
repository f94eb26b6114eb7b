//! Codes put to the test: with another verifier, with another redirect URI, and once more.

use protocol::pkce::CodeVerifier;

use super::attempt::beside;
use super::{Attempt, Landed, Probe, Tried};
use crate::bank::{BankError, Presented};
use crate::config::{OAuth, Pkce};
use crate::error::Error;

/// A code, and what it is shown with.
struct Shown<'a> {
    landed: &'a Landed,
    verifier: &'a CodeVerifier,
    redirect_uri: &'a str,
}

/// The bank's answer to a code; tokens that came are gone by now.
enum Reply {
    Tokens,
    Refused(&'static str),
}

impl Probe {
    /// Presents a code with a verifier that is not its own, then with its own; fails where the bank's first answer
    /// says nothing of PKCE.
    pub(crate) async fn try_verifier(
        &mut self,
        oauth: &OAuth,
        attempt: &Attempt,
        landed: Landed,
    ) -> Result<(), Error> {
        let wrong = &CodeVerifier::from_random(&self.ambient.random()?);
        let redirect_uri = &oauth.redirect_uri;
        let first = self.show(oauth, Shown { landed: &landed, verifier: wrong, redirect_uri });
        let first = first.await?;
        self.findings.issuer = Some(landed.issuer);
        let Reply::Refused(refusal) = first else {
            self.findings.pkce = Some(Pkce::Ignored);
            return Ok(());
        };
        let age = attempt.age();
        (self.findings.pkce, self.findings.refusal) = (Some(Pkce::Enforced), Some(refusal));
        if let Some(own) = &attempt.verifier {
            let again = Shown { landed: &landed, verifier: own, redirect_uri };
            self.findings.own_verifier = Some(self.once_more(oauth, again).await);
        }
        if self.findings.own_verifier != Some(Tried::Accepted) {
            self.refused(age);
        }
        Ok(())
    }

    /// Presents a code with a redirect URI that is not its own; fails where the bank's answer says nothing of it.
    pub(crate) async fn try_other_redirect(
        &mut self,
        oauth: &OAuth,
        attempt: &Attempt,
        landed: Landed,
    ) -> Result<(), Error> {
        let verifier = own(attempt)?;
        let other = &beside(&landed.redirect_uri);
        let first = self.show(oauth, Shown { landed: &landed, verifier, redirect_uri: other });
        let first = first.await?;
        self.findings.issuer = Some(landed.issuer);
        let Reply::Refused(_) = first else {
            self.findings.redirect_at_token = Some(Tried::Accepted);
            return Ok(());
        };
        let age = attempt.age();
        self.findings.redirect_at_token = Some(Tried::Refused);
        // a code that outlives the refusal must not lie about, and proves it
        let again = Shown { landed: &landed, verifier, redirect_uri: &oauth.redirect_uri };
        if self.once_more(oauth, again).await != Tried::Accepted {
            self.refused(age);
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
        self.show_as_it_is(oauth, attempt, &landed).await?;
        Ok(())
    }

    /// Exchanges a code as it should be.
    pub(crate) async fn exchange(
        &mut self,
        oauth: &OAuth,
        attempt: &Attempt,
        landed: Landed,
    ) -> Result<(), Error> {
        let reply = self.show_as_it_is(oauth, attempt, &landed).await?;
        self.findings.issuer = Some(landed.issuer);
        match reply {
            Reply::Tokens => Ok(()),
            Reply::Refused(code) => Err(BankError::TokenRefused(code).into()),
        }
    }

    async fn show_as_it_is(
        &mut self,
        oauth: &OAuth,
        attempt: &Attempt,
        landed: &Landed,
    ) -> Result<Reply, Error> {
        let (verifier, redirect_uri) = (own(attempt)?, &landed.redirect_uri);
        self.show(oauth, Shown { landed, verifier, redirect_uri }).await
    }

    /// Presents a code that was refused before.
    async fn once_more(&mut self, oauth: &OAuth, shown: Shown<'_>) -> Tried {
        match self.show(oauth, shown).await {
            Ok(Reply::Tokens) => Tried::Accepted,
            Ok(Reply::Refused(_)) => Tried::Refused,
            Err(error) => {
                self.unanswered(&error);
                Tried::Unknown
            }
        }
    }

    /// Presents a code and gets rid of what it brings; the first one that brings something is presented twice.
    async fn show(&mut self, oauth: &OAuth, shown: Shown<'_>) -> Result<Reply, Error> {
        let Shown { landed, verifier, redirect_uri } = shown;
        let age = landed.pasted.elapsed();
        let first = self.bank.present(oauth, &landed.code, verifier, redirect_uri).await?;
        let tokens = match first {
            Presented::Tokens(tokens) => tokens,
            Presented::Refused(code) => return Ok(Reply::Refused(code)),
        };
        self.findings.exchanged = self.findings.exchanged.max(Some(age));
        let mut second = None;
        if self.wanted.code_reuse && self.findings.code_reuse.is_none() {
            // before the tokens are revoked: a bank may forget the code along with them
            let again = self.bank.present(oauth, &landed.code, verifier, redirect_uri).await;
            self.findings.code_reuse = Some(match again {
                Ok(Presented::Tokens(tokens)) => {
                    second = Some(tokens);
                    Tried::Accepted
                }
                Ok(Presented::Refused(_)) => Tried::Refused,
                Err(error) => {
                    self.unanswered(&error);
                    Tried::Unknown
                }
            });
        }
        self.spend(oauth, tokens).await;
        if let Some(second) = second {
            let revoked = self.bank.revoke(&second).await;
            self.became(revoked);
        }
        Ok(Reply::Tokens)
    }
}

fn own(attempt: &Attempt) -> Result<&CodeVerifier, Error> {
    attempt.verifier.as_ref().ok_or(Error::Internal("resumed attempt"))
}
