//! What only a login can tell: nobody logs in here, so it is told as `bankconnect probe` found it.

use super::Findings;
use crate::config::{OAuth, Pkce};
use crate::defences::{Answer, Defences, Judged, Question, Verdict};

/// Tells all of it.
pub(super) fn tell(findings: &mut Findings, oauth: &OAuth, known: &Defences) {
    pkce(findings, oauth, known);
    for Judged { guarantee, verdict, why, fix } in known.judged(oauth) {
        match verdict {
            Verdict::Does => findings.ok(guarantee, &why),
            Verdict::MadeUpFor | Verdict::Fails => findings.warn(guarantee, &why, fix),
            Verdict::Untried => findings.skipped(guarantee, &why),
        }
    }
    if known.answer(Question::Issuer) == Some(Answer::Sent) && oauth.issuer.is_none() {
        let fix = "configure what it sends as `issuer`, once you have it from the bank itself";
        findings.warn("iss", "the bank sends it, and nobody compares it", fix);
    }
}

fn pkce(findings: &mut Findings, oauth: &OAuth, known: &Defences) {
    let counts = known.pkce(oauth);
    let source = match known.found_at(Question::Pkce) {
        Some(at) => format!("probed {at}"),
        None => "by the configuration".to_owned(),
    };
    if known.contradicts(oauth) {
        let what =
            format!("`pkce` says {}, but the bank ignores it, {source}", oauth.pkce.as_str());
        let fix = "write pkce = \"ignored\"; it counts as that already";
        findings.warn("PKCE", &what, fix);
    } else if known.unread.is_some() {
        findings.skipped("PKCE", &known.untried());
    } else if counts == Pkce::Unknown {
        let what = "nobody has tried whether the bank enforces it";
        findings.warn("PKCE", what, "bankconnect probe");
    } else {
        findings.ok("PKCE", &format!("{}, {source}", counts.as_str()));
    }
}
