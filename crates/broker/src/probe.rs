//! What a bank really does with codes, redirect URIs and revocation (RFC 9700; requirement K04): a person logs in,
//! and what comes back is put to the test.
//!
//! Only the bank can tell, and only by codes and tokens of its own making. Whatever tokens come are revoked.

use std::sync::Arc;
use std::time::Duration;

use crate::ambient::Ambient;
use crate::bank::{Bank, BankError, Fault, Revoked};
use crate::config::{OAuth, Pkce};
use crate::defences::{Answer, Question};
use crate::error::Error;
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
    /// What became of a code that had brought tokens, shown once more while they were still good.
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
    /// How old the oldest code may have been that was refused, without anything of its own to prove why.
    refused: Option<Duration>,
    /// How old the oldest code at least was that brought tokens: so none younger had ended.
    exchanged: Option<Duration>,
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

    /// Whether a code was refused, and none as old was taken: it may have ended before it was shown.
    pub(crate) fn needs_proof(&self) -> bool {
        self.refused.is_some_and(|refused| self.exchanged.is_none_or(|age| age < refused))
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
        let of_code = [Question::Pkce, Question::RedirectAtToken];
        let unproven = self.needs_proof();
        all.into_iter()
            .filter(|(question, _)| !(unproven && of_code.contains(question)))
            .filter_map(|(question, answer)| Some((question, answer?)))
            .collect()
    }
}

/// No code is waited with for longer: RFC 6749 §4.1.2 lets none live longer.
const LONGEST_WAIT: Duration = Duration::from_mins(10);

/// What a run is to find out of the tokens that come.
#[derive(Clone, Copy)]
pub(crate) struct Wanted {
    /// Whether a code that brought some brings more.
    pub(crate) code_reuse: bool,
    /// What their revocation ends.
    pub(crate) revocation: bool,
}

/// One run against one bank.
pub(crate) struct Probe {
    bank: Arc<Bank>,
    ambient: Ambient,
    wanted: Wanted,
    /// The last tokens could not be refreshed, for the bank ends them where their code comes twice (RFC 6749
    /// §4.1.2), or for a reason of its own.
    ended_early: bool,
    /// What was found so far.
    pub(crate) findings: Findings,
}

impl Probe {
    /// Nothing is found yet.
    pub(crate) fn new(bank: Arc<Bank>, ambient: Ambient, wanted: Wanted) -> Self {
        Self { bank, ambient, wanted, ended_early: false, findings: Findings::default() }
    }

    /// Whether a code with everything right has something left to tell.
    pub(crate) fn wants_exchange(&self) -> bool {
        self.wants_revocation() || self.findings.needs_proof()
    }

    /// Whether one more has, after tokens that had ended too early.
    pub(crate) fn wants_other_tokens(&self) -> bool {
        self.wants_revocation() && self.ended_early
    }

    fn wants_revocation(&self) -> bool {
        self.wanted.revocation && self.findings.revocation.is_none()
    }

    /// How long to wait until a code is as old as those that were refused, so that it proves why they were;
    /// `None` where there is nothing to wait for, or no use in it.
    pub(crate) fn wait(&self, landed: &Landed) -> Option<Duration> {
        let refused = self.findings.refused.filter(|_| self.findings.needs_proof())?;
        let wait = refused.saturating_sub(landed.pasted.elapsed());
        (wait > Duration::ZERO && wait <= LONGEST_WAIT).then_some(wait)
    }

    /// A code was refused that was at most that old.
    fn refused(&mut self, age: Duration) {
        self.findings.refused = self.findings.refused.max(Some(age));
    }

    /// Gets rid of tokens that a code brought; the first ones show what revocation does, where that is asked.
    async fn spend(&mut self, oauth: &OAuth, tokens: Tokens) {
        let revoked = if self.wants_revocation() {
            self.watch_revocation(oauth, tokens).await
        } else {
            self.bank.revoke(&tokens).await
        };
        self.became(revoked);
    }

    /// The worst that became of tokens stays.
    fn became(&mut self, revoked: Revoked) {
        self.findings.tokens = self.findings.tokens.max(Some(revoked));
    }

    /// The bank gave no useful answer to something that may have brought tokens: whatever was in it lives on.
    fn unanswered(&mut self, error: &Error) {
        if lost(error) {
            self.became(Revoked::NotYet);
        }
    }
}

/// Whether an answer with tokens may have been on its way.
pub(crate) fn lost(error: &Error) -> bool {
    let Error::Bank(BankError::Fault(fault)) = error else { return false };
    matches!(fault, Fault::Broken(_) | Fault::TimedOut | Fault::TooLarge | Fault::Status { .. })
}
