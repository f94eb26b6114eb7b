//! What a probe found, for people and for programs. Neither says a code, a token or a secret.

use serde_json::{Value, json};

use super::super::Stopped;
use crate::bank::Revoked;
use crate::config::{OAuth, Pkce};
use crate::defences::{Answer, Defences};
use crate::probe::{Findings, Issuer, Tried};

/// What a probe found of one provider.
pub(super) struct Report<'a> {
    pub(super) provider: &'a str,
    pub(super) oauth: &'a OAuth,
    pub(super) findings: Findings,
    /// What is known by now, earlier findings included.
    pub(super) defences: Defences,
    /// The findings are in the store.
    pub(super) kept: bool,
    /// Logins that came to nothing.
    pub(super) failures: &'a [Stopped],
}

impl Report<'_> {
    /// One object; the README explains the fields.
    pub(super) fn json(&self) -> Value {
        let Self { provider, oauth, findings, defences, kept, failures } = self;
        let counts = defences.pkce(oauth);
        let failures = failures
            .iter()
            .map(|failure| json!({ "error": failure.word, "detail": failure.sentence }));
        json!({
            "provider": provider,
            "pkce": findings.pkce.map(Pkce::as_str),
            "configured": oauth.pkce.as_str(),
            "counts": counts.as_str(),
            "csrf": counts.csrf_defence(),
            "refusal": findings.refusal,
            "own_verifier": findings.own_verifier.map(tried),
            "code_reuse": findings.code_reuse.map(tried),
            "iss": findings.issuer.map(|issuer| match issuer {
                Issuer::Absent => "absent",
                Issuer::Matches => "matches",
                Issuer::NotConfigured => "not_configured",
            }),
            "redirect_at_authorization": findings.redirect_at_authorization.map(tried),
            "redirect_at_token": findings.redirect_at_token.map(tried),
            "revocation": findings.revocation.map(Answer::as_str),
            "revoked_token": findings.revoked_token.map(Answer::as_str),
            "tokens": findings.tokens.map(tokens),
            "proven": !findings.needs_proof(),
            "kept": kept,
            "failures": failures.collect::<Vec<_>>(),
        })
    }

    /// A line for each finding, and what follows for the configuration.
    pub(super) fn text(&self) -> String {
        let findings = &self.findings;
        let mut lines: Vec<String> = Vec::new();
        let mut say = |line: Option<&str>| lines.extend(line.map(str::to_owned));
        say(self.pkce());
        say(findings.code_reuse.map(reuse));
        say(findings.redirect_at_authorization.map(sent));
        say(findings.redirect_at_token.map(bound));
        let unproven = "What was refused is not proven and not kept: no code as old brought tokens in this run, and codes \
                        end soon. Be quicker, and skip no login.";
        say(findings.needs_proof().then_some(unproven));
        say(findings.revocation.map(revocation));
        say(findings.revoked_token.map(revoked_token));
        say(findings.issuer.map(issuer));
        say(Some(match findings.tokens {
            None => "No tokens came.",
            Some(Revoked::Yes) => "The tokens that came are revoked.",
            Some(Revoked::NotOffered) => {
                "The tokens that came are NOT revoked, the bank does not offer that: withdraw the consent there."
            }
            Some(_) => {
                "NOT all tokens are revoked that came, or may have come in an answer that got lost: they may be alive.\n\
                 Withdraw the consent at the bank."
            }
        }));
        for failure in self.failures {
            lines.push(format!("A login came to nothing: {}.", failure.sentence));
        }
        lines.extend(self.setting());
        let csrf = self.defences.pkce(self.oauth).csrf_defence();
        lines.push(format!("The defence against forged callbacks is then: {csrf}"));
        lines.join("\n")
    }

    fn pkce(&self) -> Option<&'static str> {
        Some(match (self.findings.pkce?, self.findings.own_verifier) {
            (Pkce::Enforced, Some(Tried::Accepted)) => {
                "PKCE is enforced: a wrong verifier was refused, the right one was not."
            }
            (Pkce::Enforced, _) if self.findings.needs_proof() => "A wrong verifier was refused.",
            (Pkce::Enforced, _) => "PKCE is enforced: a wrong verifier was refused.",
            _ => "PKCE is ignored: the bank gave tokens for a wrong verifier.",
        })
    }

    /// What to write, if anything.
    fn setting(&self) -> Option<String> {
        let Self { provider, oauth, kept, .. } = self;
        let found = self.findings.pkce.filter(|_| !self.findings.needs_proof())?;
        let (word, written) = (found.as_str(), oauth.pkce.as_str());
        let write = format!("Write into [providers.{provider}]: pkce = \"{word}\"");
        Some(match (oauth.pkce_written, *kept) {
            (true, _) if found == oauth.pkce => {
                format!("The configuration says so already: pkce = \"{word}\"")
            }
            (true, true) => {
                format!(
                    "The configuration has pkce = \"{written}\", and the weaker counts. {write}"
                )
            }
            (false, true) => {
                format!("It counts from now on as pkce = \"{word}\", for a running broker too.")
            }
            (_, false) => write,
        })
    }
}

fn reuse(tried: Tried) -> &'static str {
    match tried {
        Tried::Refused => "The code was not good a second time.",
        Tried::Accepted => "THE CODE WAS GOOD TWICE, against RFC 6749 4.1.2: tell the bank.",
        Tried::Unknown => "Whether the code was good once only, the bank's answer did not tell.",
    }
}

fn sent(tried: Tried) -> &'static str {
    match tried {
        Tried::Accepted => {
            "THE BANK SENDS CODES TO A REDIRECT URI THAT IS NOT REGISTERED, against RFC 9700 2.1: tell the bank."
        }
        _ => "The bank sends nobody to a redirect URI below the registered one.",
    }
}

fn bound(tried: Tried) -> &'static str {
    match tried {
        Tried::Accepted => {
            "THE BANK TAKES A CODE WITH ANOTHER REDIRECT URI, against RFC 6749 4.1.3: tell the bank."
        }
        _ => "A code with another redirect URI was refused.",
    }
}

fn revocation(answer: Answer) -> &'static str {
    match answer {
        Answer::EndsGrant => "Revoking the access token ended the grant.",
        Answer::EndsToken => {
            "Revoking the access token did not end the grant, revoking the refresh token did: the broker\n\
             revokes that first."
        }
        Answer::NotOffered => {
            "The bank does not revoke access tokens at this address: a disconnect says that it offers no revocation."
        }
        Answer::NoRefreshToken => "There is no refresh token: nothing outlives the access token.",
        _ => {
            "THE GRANT OUTLIVES REVOCATION: the bank said yes, and the refresh token brought tokens. Tell the bank."
        }
    }
}

fn revoked_token(answer: Answer) -> &'static str {
    match answer {
        Answer::Dead => "The API refused the revoked access token.",
        _ => "THE API STILL TOOK THE REVOKED ACCESS TOKEN.",
    }
}

fn issuer(issuer: Issuer) -> &'static str {
    match issuer {
        Issuer::Absent => "State came back as it was sent; iss did not come.",
        Issuer::Matches => "State came back as it was sent, and iss is the configured one.",
        Issuer::NotConfigured => {
            "State came back as it was sent; iss came too, so `issuer` should be configured."
        }
    }
}

fn tried(tried: Tried) -> &'static str {
    match tried {
        Tried::Refused => "refused",
        Tried::Accepted => "accepted",
        Tried::Unknown => "unknown",
    }
}

fn tokens(revoked: Revoked) -> &'static str {
    match revoked {
        Revoked::Yes => "revoked",
        Revoked::NotOffered => "revocation_not_offered",
        Revoked::NotYet => "not_revoked",
    }
}
