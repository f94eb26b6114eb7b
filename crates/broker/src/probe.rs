//! Whether a bank enforces PKCE (RFC 9700 §2.1.1, requirement K04): a person logs in, and the code that comes back
//! is presented with a verifier that is not its own.
//!
//! Only the bank can tell, and only by a code of its own making. The tokens it gives for a wrong verifier are
//! revoked; nothing is stored.

use std::sync::Arc;

use protocol::pkce::CodeVerifier;
use protocol::state::State;
use url::Url;

use crate::ambient::{Ambient, NoRandomness};
use crate::authorize::authorization_url;
use crate::bank::{Bank, Presented, Revoked, known_oauth};
use crate::callback::Unverified;
use crate::config::{OAuth, Pkce};
use crate::error::Error;
use crate::grant::Tokens;

/// One attempt: what was sent to the bank with the person.
pub(crate) struct Probe {
    bank: Arc<Bank>,
    state: State,
    /// `None` for an attempt that another run of the program began.
    verifier: Option<CodeVerifier>,
    scope: String,
}

/// Why there is no code to present. Nothing was sent anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoCode {
    /// Not an address of the callback page.
    #[error("this is not the address that the bank sends the browser to")]
    NotTheCallback,
    /// RFC 6749 §3.1.
    #[error("the bank's answer has a parameter twice")]
    Twice,
    /// The person said no, or the bank would not let them.
    #[error("the login did not come to its end; the bank says {0}")]
    Ended(&'static str),
    /// Missing or another one.
    #[error("the state is not the one that was sent: this is no answer to this attempt")]
    State,
    /// Missing or another one, where one is configured (RFC 9207 §2.4).
    #[error("the issuer is not the configured one: the answer does not come from this bank")]
    Issuer,
    /// Neither a code nor an error.
    #[error("the bank's answer has no code")]
    Missing,
}

/// `iss` in the callback (RFC 9207).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Issuer {
    /// It did not come.
    Absent,
    /// It came and is the configured one.
    Matches,
    /// It came, and the configuration has none.
    NotConfigured,
}

/// A code that came back with the right state.
pub(crate) struct Landed {
    code: String,
    issuer: Issuer,
}

/// What became of a code that was presented once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    /// As it has to be (RFC 6749 §4.1.2).
    Refused,
    /// It brought tokens a second time.
    Accepted,
    /// The bank's answer said nothing of it.
    Unknown,
}

/// What the probe found.
pub(crate) struct Findings {
    /// `Enforced` or `Ignored`.
    pub(crate) pkce: Pkce,
    /// The bank's word to the wrong verifier, where it refused.
    pub(crate) refusal: Option<&'static str>,
    /// Whether the code's own verifier brought tokens after the refusal, where it was tried. If it did, the
    /// verifier is proven to be the reason; most banks burn a code with its first refusal.
    pub(crate) own_verifier: Option<Again>,
    /// What became of the code at its last time, when it was used up.
    pub(crate) code_reuse: Again,
    /// As said.
    pub(crate) issuer: Issuer,
    /// What became of the tokens that came, the worst of them.
    pub(crate) tokens: Option<Revoked>,
}

impl Probe {
    /// A new attempt at a bank where people log in.
    pub(crate) fn begin(
        bank: Arc<Bank>,
        scope: String,
        ambient: &Ambient,
    ) -> Result<Self, NoRandomness> {
        let state = State::from_random(&ambient.random()?);
        let verifier = Some(CodeVerifier::from_random(&ambient.random()?));
        Ok(Self { bank, state, verifier, scope })
    }

    /// An attempt that another run began with this state.
    pub(crate) fn resume(bank: Arc<Bank>, state: State) -> Self {
        Self { bank, state, verifier: None, scope: String::new() }
    }

    /// Where the person has to log in; `None` for a resumed attempt.
    pub(crate) fn authorization_url(&self, oauth: &OAuth) -> Option<String> {
        let challenge = self.verifier.as_ref()?.challenge();
        Some(authorization_url(oauth, &self.scope, challenge.as_str(), &self.state))
    }

    /// The attempt's state, by which another run can resume it.
    pub(crate) fn state(&self) -> &str {
        self.state.as_str()
    }

    /// Reads the address that the bank sent the browser to.
    pub(crate) fn read(&self, oauth: &OAuth, pasted: &str) -> Result<Landed, NoCode> {
        let mut page = Url::parse(pasted.trim()).map_err(|_| NoCode::NotTheCallback)?;
        let query = page.query().unwrap_or_default().to_owned();
        page.set_query(None);
        page.set_fragment(None);
        if page.as_str() != oauth.redirect_uri || query.is_empty() {
            return Err(NoCode::NotTheCallback);
        }
        let Unverified { state, code, error, iss } =
            Unverified::parameters(&query).ok_or(NoCode::Twice)?;
        if let Some(error) = error {
            return Err(NoCode::Ended(known_oauth(&error).unwrap_or("something unknown")));
        }
        if state.as_deref() != Some(self.state.as_str()) {
            return Err(NoCode::State);
        }
        let issuer = match (&oauth.issuer, iss) {
            (Some(known), Some(iss)) if *known == iss => Issuer::Matches,
            (Some(_), _) => return Err(NoCode::Issuer),
            (None, Some(_)) => Issuer::NotConfigured,
            (None, None) => Issuer::Absent,
        };
        let code = code.filter(|code| !code.is_empty()).ok_or(NoCode::Missing)?;
        Ok(Landed { code, issuer })
    }

    /// Presents the code; fails where the bank's first answer says nothing of PKCE.
    pub(crate) async fn present(
        self,
        oauth: &OAuth,
        landed: Landed,
        ambient: &Ambient,
    ) -> Result<Findings, Error> {
        let Landed { code, issuer } = landed;
        let wrong = CodeVerifier::from_random(&ambient.random()?);
        let mut findings = Findings {
            pkce: Pkce::Ignored,
            refusal: None,
            own_verifier: None,
            code_reuse: Again::Unknown,
            issuer,
            tokens: None,
        };
        let mut good = &wrong;
        match self.bank.present(oauth, &code, &wrong).await? {
            Presented::Tokens(tokens) => self.revoke(tokens, &mut findings).await,
            Presented::Refused(refusal) => {
                (findings.pkce, findings.refusal) = (Pkce::Enforced, Some(refusal));
                if let Some(own) = &self.verifier {
                    let again = self.once_more(oauth, &code, own, &mut findings).await;
                    findings.own_verifier = Some(again);
                    if again != Again::Accepted {
                        findings.code_reuse = again;
                        return Ok(findings);
                    }
                    good = own;
                }
            }
        }
        findings.code_reuse = self.once_more(oauth, &code, good, &mut findings).await;
        Ok(findings)
    }

    async fn once_more(
        &self,
        oauth: &OAuth,
        code: &str,
        verifier: &CodeVerifier,
        findings: &mut Findings,
    ) -> Again {
        match self.bank.present(oauth, code, verifier).await {
            Ok(Presented::Tokens(tokens)) => {
                self.revoke(tokens, findings).await;
                Again::Accepted
            }
            Ok(Presented::Refused(_)) => Again::Refused,
            Err(_) => Again::Unknown,
        }
    }

    async fn revoke(&self, tokens: Tokens, findings: &mut Findings) {
        let revoked = self.bank.revoke(&tokens).await;
        findings.tokens = Some(findings.tokens.map_or(revoked, |before| before.max(revoked)));
    }
}
