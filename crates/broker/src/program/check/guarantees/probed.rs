//! Guarantees that only the bank can give: as the configuration and the probes have them.

use super::{Holds, Report};
use crate::config::{OAuth, Pkce};
use crate::defences::{Defences, Judged, Question, Verdict};

impl Report<'_> {
    /// A code in strange hands.
    pub(super) fn stolen_code(&mut self, oauth: &OAuth, known: &Defences) {
        let found = known.found_at(Question::Pkce);
        let found = found.map(|at| format!(", probed {at}")).unwrap_or_default();
        let (holds, why) = match known.pkce(oauth) {
            _ if known.contradicts(oauth) => {
                let written = oauth.pkce.as_str();
                let why = format!(
                    "`pkce` says {written}, but the bank ignores it{found}: write pkce = \"ignored\""
                );
                (Holds::No, why)
            }
            // whatever the operator wrote, a probe may have found the contrary
            _ if known.unread.is_some() => (Holds::Depends, known.untried()),
            Pkce::Enforced => (Holds::Yes, format!("the bank enforces PKCE{found}")),
            Pkce::Ignored => {
                let why =
                    format!("the bank ignores PKCE{found}; on its one short way to us, by TLS");
                (Holds::Depends, why)
            }
            Pkce::Unknown => {
                (Holds::Depends, "on the bank's PKCE: bankconnect probe tells".to_owned())
            }
        };
        self.add("a stolen code is worthless", holds, why);
    }

    /// The rest.
    pub(super) fn banks_part(&mut self, oauth: &OAuth, known: &Defences) {
        for Judged { guarantee, verdict, why, .. } in known.judged(oauth) {
            let holds = match verdict {
                Verdict::Does => Holds::Yes,
                Verdict::MadeUpFor | Verdict::Untried => Holds::Depends,
                Verdict::Fails => Holds::No,
            };
            self.add(guarantee, holds, why);
        }
    }
}
