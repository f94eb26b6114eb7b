//! What our certificates say of themselves, and how long they last.

use super::Findings;
use crate::ambient::Ambient;
use crate::bank::Bank;
use crate::config::Placed;
use crate::connections::rfc3339;
use crate::program::certificates::listed;

/// Days before the end of our certificates that somebody should look at it.
const SOON: i64 = 30;

const CHECK: &str = "certificate";

/// Tells each of several, and judges the one in use with those that take over from it.
pub(super) fn certificate(findings: &mut Findings, bank: &Bank) {
    let (certificates, in_use) = bank.certificates();
    for line in listed(&certificates, in_use) {
        findings.ok(CHECK, &line);
    }
    let (Some(Placed { own, .. }), Some(remaining)) = (certificates.get(in_use), bank.remaining())
    else {
        return findings.ok(CHECK, "none is presented (mutual_tls = false)");
    };
    let several = certificates.are_several();
    let gap = bank.gap_until().map(|begin| format!(", and the next begins {}", rfc3339(begin)));
    let days = remaining.days;
    if several && !own.is_valid_at(Ambient::system().now().as_second()) {
        let what = format!("none is valid now{}", gap.unwrap_or_default());
        return findings.wrong(CHECK, &what, "put one into the list that is valid now");
    }
    let lacks: Vec<_> = own.lacks(&bank.provider.scopes).iter().map(|(scope, _)| *scope).collect();
    if bank.oauth().is_some() && !lacks.is_empty() {
        let what = format!("the one in use has no role for {}", lacks.join(" "));
        return findings.wrong(CHECK, &what, "put one into the list that covers all scopes");
    }
    if days < 0 {
        findings.wrong(CHECK, "has expired", "put the new one in its place");
    } else if let Some(gap) = gap {
        let fix = "put one into the list that lasts over the gap";
        findings.warn(CHECK, &format!("ends in {days} days{gap}"), fix);
    } else if days <= SOON {
        let fix = "order the next one; it may be put in place beforehand";
        findings.warn(CHECK, &format!("ends in {days} days"), fix);
    } else {
        // a role that is missing for a scope refuses the configuration
        let scopes =
            if own.tells_roles() { "and for the scopes" } else { "and tells no PSD2 role" };
        findings.ok(CHECK, &format!("good for {days} days, {scopes}"));
    }
}
