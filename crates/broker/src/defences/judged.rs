//! What follows from findings, for `check` and `doctor`: does a bank do its part, and if not, what does the broker?

use super::{Answer, Defences, Question};
use crate::config::OAuth;

/// Whether a bank does its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It does.
    Does,
    /// It does not, and the broker makes up for it.
    MadeUpFor,
    /// It does not.
    Fails,
    /// Nobody has tried.
    Untried,
}

/// One part of a bank's.
pub(crate) struct Judged {
    pub(crate) guarantee: &'static str,
    pub(crate) verdict: Verdict,
    pub(crate) why: String,
    /// What an operator can do.
    pub(crate) fix: &'static str,
}

const TELL: &str = "tell the bank";
const PROBE: &str = "bankconnect probe";

impl Defences {
    /// Everything but PKCE, which the configuration has a say in.
    pub(crate) fn judged(&self, oauth: &OAuth) -> [Judged; 3] {
        [self.reuse(), self.redirects(), self.revocation(oauth)]
    }

    fn reuse(&self) -> Judged {
        let (verdict, why, fix) = match self.tell(Question::CodeReuse) {
            Some((Answer::Refused, at)) => {
                (Verdict::Does, format!("the bank refused a used one, probed {at}"), "")
            }
            Some((_, at)) => {
                let why = format!(
                    "the bank took one twice, against RFC 6749 4.1.2, probed {at}; the broker shows each once and \
                     keeps none"
                );
                (Verdict::Fails, why, TELL)
            }
            None => (Verdict::Untried, self.untried(), PROBE),
        };
        Judged { guarantee: "a code is good once", verdict, why, fix }
    }

    fn redirects(&self) -> Judged {
        let sent = self.tell(Question::RedirectAtAuthorization);
        let bound = self.tell(Question::RedirectAtToken);
        let (verdict, why, fix) = match (sent, bound) {
            (Some((Answer::Accepted, at)), _) => {
                let why = format!(
                    "the bank sends codes below the registered one, against RFC 9700 2.1, probed {at}; the broker \
                     asks for the registered one only"
                );
                let fix = "tell the bank; let no page below redirect_uri pass its address on";
                (Verdict::Fails, why, fix)
            }
            (_, Some((Answer::Accepted, at))) => {
                let why = format!(
                    "the bank takes a code with another one, against RFC 6749 4.1.3, probed {at}; the broker compares \
                     it itself"
                );
                (Verdict::Fails, why, TELL)
            }
            (Some(_), Some((_, at))) => {
                let why = format!(
                    "the bank took no code with another path, and none came to one, as the operator saw, probed {at}; \
                     other ports and queries were not tried"
                );
                (Verdict::Does, why, "")
            }
            _ => (Verdict::Untried, self.untried(), PROBE),
        };
        Judged { guarantee: "codes stay at the callback page's path", verdict, why, fix }
    }

    fn revocation(&self, oauth: &OAuth) -> Judged {
        let offered = oauth.revocation_url.is_some();
        let (verdict, why, fix) = match self.tell(Question::Revocation) {
            _ if !offered => {
                let why = "the bank offers no revocation: its tokens live to their end";
                (Verdict::Fails, why.to_owned(), "ask the bank for its revocation_url")
            }
            Some((Answer::NotOffered, at)) => {
                let why = format!(
                    "the bank does not revoke at revocation_url, probed {at}: tokens live to their end, and a \
                     disconnect says so"
                );
                (Verdict::Fails, why, "ask the bank for its revocation_url")
            }
            Some((Answer::EndsNothing, at)) => {
                let why = format!(
                    "the bank says yes, and its tokens live on, probed {at}; a disconnect cannot see that"
                );
                (Verdict::Fails, why, TELL)
            }
            Some((Answer::EndsToken, at)) => {
                let why = format!(
                    "an access token's revocation leaves the grant, probed {at}; the broker revokes the refresh token \
                     first, and that ends it"
                );
                (Verdict::MadeUpFor, why, "nothing; RFC 7009 2.1 allows it")
            }
            Some((Answer::NoRefreshToken, at)) => {
                let why = format!("there is nothing but a short access token, probed {at}");
                (Verdict::Does, why, "")
            }
            Some((_, at)) => {
                (Verdict::Does, format!("the bank ended a revoked grant, probed {at}"), "")
            }
            None => {
                let why = format!(
                    "{}; the broker revokes the refresh token first, and asks again until the bank says yes",
                    self.untried()
                );
                (Verdict::Untried, why, PROBE)
            }
        };
        let alive = self.answer(Question::RevokedToken) == Some(Answer::Alive);
        let (verdict, why, fix) = if alive && verdict != Verdict::Fails {
            let why = format!(
                "{why}; but the API still took the revoked access token, for its short life"
            );
            (Verdict::MadeUpFor, why, TELL)
        } else {
            (verdict, why, fix)
        };
        Judged { guarantee: "disconnecting revokes", verdict, why, fix }
    }

    /// A finding and when it was found.
    fn tell(&self, question: Question) -> Option<(Answer, String)> {
        Some((self.answer(question)?, self.found_at(question)?))
    }

    /// Why there is no finding.
    pub(crate) fn untried(&self) -> String {
        if let Some(why) = self.unread {
            return format!("on the bank: what probes found cannot be read: {why}");
        }
        let why = if self.outdated {
            "on the bank: it was probed under other settings, which does not count"
        } else {
            "on the bank: nobody has tried (bankconnect probe)"
        };
        why.to_owned()
    }
}
