//! What a bank really does with codes, redirect URIs and revocation (RFC 9700; requirement K04): a person logs in,
//! and what comes back is put to the test.
//!
//! Only the bank can tell, and only by codes and tokens of its own making. Whatever tokens come are revoked.

use std::sync::Arc;

use crate::ambient::Ambient;
use crate::bank::{Bank, Revoked};
use crate::config::{OAuth, Pkce};
use crate::defences::{Answer, Question};
use crate::grant::Tokens;

mod attempt;
mod codes;
mod revocation;

pub(crate) use attempt::{Attempt, Issuer, Landed, NoCode};

/// What became of something that a bank has to refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tried {
    /// As it has to be.
    Refused,
    /// It brought tokens, or a code.
    Accepted,
    /// The bank's answer said nothing of it.
    Unknown,
}

impl Tried {
    fn answer(self) -> Option<Answer> {
        match self {
            Self::Refused => Some(Answer::Refused),
            Self::Accepted => Some(Answer::Accepted),
            Self::Unknown => None,
        }
    }
}

/// What one run found; `None` is what it did not try.
#[derive(Default)]
pub(crate) struct Findings {
    /// `Enforced` or `Ignored`.
    pub(crate) pkce: Option<Pkce>,
    /// The bank's word to the wrong verifier, where it refused.
    pub(crate) refusal: Option<&'static str>,
    /// Whether the code's own verifier brought tokens after the refusal, where it was tried. If it did, the
    /// verifier is proven to be the reason; most banks burn a code with its first refusal.
    pub(crate) own_verifier: Option<Tried>,
    /// What became of the code at its last time, when it was used up.
    pub(crate) code_reuse: Option<Tried>,
    /// As said.
    pub(crate) issuer: Option<Issuer>,
    /// A login that was to end at an address that is not registered (RFC 9700 §2.1, §4.1).
    pub(crate) redirect_at_authorization: Option<Tried>,
    /// A code presented with another redirect URI than its own (RFC 6749 §4.1.3).
    pub(crate) redirect_at_token: Option<Tried>,
    /// What the revocation of an access token ended, or why nobody could see.
    pub(crate) revocation: Option<Answer>,
    /// Whether the API still took the access token that was revoked.
    pub(crate) revoked_token: Option<Answer>,
    /// What became of the tokens that came, the worst of them.
    pub(crate) tokens: Option<Revoked>,
    /// A code brought tokens: so the bank takes codes of ours, and this soon.
    exchanged: bool,
}

impl Findings {
    /// No question is answered but what comes with every login.
    pub(crate) fn is_empty(&self) -> bool {
        let redirects = self.redirect_at_authorization.or(self.redirect_at_token);
        self.pkce.is_none()
            && redirects.is_none()
            && self.revocation.is_none()
            && self.tokens.is_none()
    }

    /// Whether a code was refused, and none was taken: it may have ended before it was pasted.
    pub(crate) fn needs_proof(&self) -> bool {
        let refused =
            self.pkce == Some(Pkce::Enforced) || self.redirect_at_token == Some(Tried::Refused);
        refused && !self.exchanged
    }

    /// What is worth keeping: a refusal only where it is proven that something can be had.
    pub(crate) fn answers(&self) -> Vec<(Question, Answer)> {
        let pkce = self.pkce.and_then(|pkce| match pkce {
            Pkce::Enforced => Some(Answer::Enforced),
            Pkce::Ignored => Some(Answer::Ignored),
            Pkce::Unknown => None,
        });
        let issuer = self.issuer.map(|issuer| match issuer {
            Issuer::Absent => Answer::Absent,
            Issuer::Matches | Issuer::NotConfigured => Answer::Sent,
        });
        let all = [
            (Question::Pkce, pkce),
            (Question::CodeReuse, self.code_reuse.and_then(Tried::answer)),
            (Question::Issuer, issuer),
            (
                Question::RedirectAtAuthorization,
                self.redirect_at_authorization.and_then(Tried::answer),
            ),
            (Question::RedirectAtToken, self.redirect_at_token.and_then(Tried::answer)),
            (Question::Revocation, self.revocation),
            (Question::RevokedToken, self.revoked_token),
        ];
        let of_code = [Question::Pkce, Question::CodeReuse, Question::RedirectAtToken];
        let unproven = self.needs_proof();
        all.into_iter()
            .filter(|(question, _)| !(unproven && of_code.contains(question)))
            .filter_map(|(question, answer)| Some((question, answer?)))
            .collect()
    }
}

/// One run against one bank.
pub(crate) struct Probe {
    bank: Arc<Bank>,
    ambient: Ambient,
    /// Whether tokens that come have to show what their revocation does.
    revocation: bool,
    /// What was found so far.
    pub(crate) findings: Findings,
}

impl Probe {
    /// Nothing is found yet.
    pub(crate) fn new(bank: Arc<Bank>, ambient: Ambient, revocation: bool) -> Self {
        Self { bank, ambient, revocation, findings: Findings::default() }
    }

    /// Whether a code with everything right has something left to tell.
    pub(crate) fn wants_exchange(&self) -> bool {
        let revocation = self.revocation && self.findings.revocation.is_none();
        revocation || self.findings.needs_proof()
    }

    /// Gets rid of tokens that a code brought; the first ones show what revocation does, where that is asked.
    async fn spend(&mut self, oauth: &OAuth, tokens: Tokens) {
        self.findings.exchanged = true;
        let revoked = if self.revocation && self.findings.revocation.is_none() {
            self.watch_revocation(oauth, tokens).await
        } else {
            self.bank.revoke(&tokens).await
        };
        let before = self.findings.tokens;
        self.findings.tokens = Some(before.map_or(revoked, |before| before.max(revoked)));
    }
}
