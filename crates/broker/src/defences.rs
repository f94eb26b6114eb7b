//! What is known of a bank's own defences: what the configuration says, what probes found out, and which of
//! the two counts (requirement K04). The weaker does where both say something.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use serde::Serialize;

use crate::bank::Bank;
use crate::config::{OAuth, Pkce};
use crate::connections::rfc3339;
use crate::grant::hash;
use crate::store::{Hash, ProbeFinding};

mod judged;
mod words;

pub(crate) use judged::{Judged, Verdict};
pub(crate) use words::{Answer, Question};

/// An answer and when it was found, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Found {
    question: Question,
    answer: Answer,
    at: i64,
}

/// The same for programs.
#[derive(Serialize)]
pub(crate) struct Finding {
    question: &'static str,
    answer: &'static str,
    found_at: String,
}

/// What probes found out about one bank, as far as it still counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Defences {
    found: Vec<Found>,
    /// There are findings of other settings: another bank, or another registration there.
    pub(crate) outdated: bool,
    /// Why nobody can tell what was found.
    pub(crate) unread: Option<&'static str>,
}

/// What the store has of all probes, or why that cannot be read.
pub(crate) type Kept = Result<Vec<ProbeFinding>, &'static str>;

impl Defences {
    /// Those of a provider, as far as the store could be read.
    pub(crate) fn kept(provider: &str, oauth: &OAuth, kept: &Kept) -> Self {
        match kept {
            Ok(all) => Self::of(provider, oauth, all),
            Err(why) => Self { unread: Some(why), ..Self::default() },
        }
    }

    /// Those of a provider, out of all that is in the store. Words that this version does not know count as
    /// nothing found.
    pub(crate) fn of(provider: &str, oauth: &OAuth, all: &[ProbeFinding]) -> Self {
        let known = fingerprint(oauth);
        let (same, others): (Vec<_>, Vec<_>) = all
            .iter()
            .filter(|one| one.provider == provider)
            .partition(|one| one.fingerprint == known);
        let found = Question::ALL.into_iter().filter_map(|question| {
            let one = same.iter().find(|one| one.question == question.as_str())?;
            let mut answers = question.answers().iter();
            let answer = *answers.find(|answer| answer.as_str() == one.answer)?;
            Some(Found { question, answer, at: one.at })
        });
        Self { found: found.collect(), outdated: !others.is_empty(), unread: None }
    }

    /// What was found at one time and is kept nowhere.
    pub(crate) fn found(answers: &[(Question, Answer)], at: i64) -> Self {
        let found = |&(question, answer): &_| Found { question, answer, at };
        Self { found: answers.iter().map(found).collect(), ..Self::default() }
    }

    /// What was found, if anybody tried.
    pub(crate) fn answer(&self, question: Question) -> Option<Answer> {
        self.find(question).map(|found| found.answer)
    }

    /// When it was.
    pub(crate) fn found_at(&self, question: Question) -> Option<String> {
        self.find(question).map(|found| rfc3339(found.at))
    }

    fn find(&self, question: Question) -> Option<&Found> {
        self.found.iter().find(|found| found.question == question)
    }

    /// When the last of it was found.
    pub(crate) fn probed_at(&self) -> Option<String> {
        self.found.iter().map(|found| found.at).max().map(rfc3339)
    }

    /// All of it, for people: question, answer, time.
    pub(crate) fn rows(&self) -> impl Iterator<Item = [String; 3]> {
        let words = |found: &Found| {
            let (question, answer) = (found.question.as_str(), found.answer.as_str());
            [question.to_owned(), answer.to_owned(), rfc3339(found.at)]
        };
        self.found.iter().map(words)
    }

    /// All of it, for programs.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let tell = |&Found { question, answer, at }: &Found| Finding {
            question: question.as_str(),
            answer: answer.as_str(),
            found_at: rfc3339(at),
        };
        self.found.iter().map(tell).collect()
    }

    /// What counts as known of the bank's PKCE: the weaker of what is written and what was found; where nothing
    /// is written, what was found; and the preset's value only of a bank that nobody has probed.
    pub(crate) fn pkce(&self, oauth: &OAuth) -> Pkce {
        match self.probed_pkce() {
            None => oauth.pkce,
            Some(probed) if oauth.pkce_written => probed.min(oauth.pkce),
            Some(probed) => probed,
        }
    }

    /// The configuration says that PKCE is enforced, and it was found ignored.
    pub(crate) fn contradicts(&self, oauth: &OAuth) -> bool {
        let says = oauth.pkce_written && oauth.pkce == Pkce::Enforced;
        says && self.probed_pkce() == Some(Pkce::Ignored)
    }

    fn probed_pkce(&self) -> Option<Pkce> {
        self.answer(Question::Pkce).map(|answer| match answer {
            Answer::Enforced => Pkce::Enforced,
            _ => Pkce::Ignored,
        })
    }
}

/// Of everything that makes a bank and our registration there the same ones.
pub(crate) fn fingerprint(oauth: &OAuth) -> Hash {
    let revocation = oauth.revocation_url.as_ref().map_or("", |url| url.as_str());
    let parts =
        [oauth.authorization_url.as_str(), oauth.token_url.as_str(), revocation, &oauth.client_id];
    // no URL has a line break
    hash(parts.join("\n").as_bytes())
}

/// What a running broker declares of each bank.
#[derive(Default)]
pub(crate) struct Declared(RwLock<BTreeMap<String, Defences>>);

impl Declared {
    /// What was last read of a provider.
    pub(crate) fn of(&self, provider: &str) -> Defences {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.get(provider).cloned().unwrap_or_default()
    }

    /// Takes what the store has now; what is new of a bank is told in the log.
    pub(crate) fn take<'a>(
        &self,
        banks: impl Iterator<Item = &'a Bank>,
        findings: &[ProbeFinding],
    ) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for bank in banks {
            let Some(oauth) = bank.oauth() else { continue };
            let id = &bank.provider.id;
            let defences = Defences::of(id, oauth, findings);
            if all.get(id) != Some(&defences) {
                declare(id, oauth, &defences);
                all.insert(id.clone(), defences);
            }
        }
    }
}

fn declare(provider: &str, oauth: &OAuth, defences: &Defences) {
    let pkce = defences.pkce(oauth);
    let (csrf, pkce, probed_at) = (pkce.csrf_defence(), pkce.as_str(), defences.probed_at());
    tracing::info!(
        event = "csrf_defence",
        provider,
        csrf,
        pkce,
        probed_at,
        "against forged callbacks"
    );
    if defences.contradicts(oauth) {
        let written = oauth.pkce.as_str();
        tracing::warn!(
            event = "probe_contradicts",
            provider,
            written,
            counts = pkce,
            probed_at,
            "the bank's PKCE is weaker than `pkce` says"
        );
    }
}
