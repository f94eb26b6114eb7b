//! What a probe found, for people and for programs. Neither says a code, a token or a secret.

use serde_json::{Value, json};

use crate::bank::Revoked;
use crate::config::Pkce;
use crate::probe::{Again, Findings, Issuer};

/// What a probe found of one provider.
pub(super) struct Report<'a> {
    pub(super) provider: &'a str,
    /// What the configuration says.
    pub(super) configured: Pkce,
    pub(super) findings: Findings,
}

impl Report<'_> {
    /// One object; the README explains the fields.
    pub(super) fn json(&self) -> Value {
        let Self { provider, configured, findings } = self;
        json!({
            "provider": provider,
            "pkce": findings.pkce.as_str(),
            "configured": configured.as_str(),
            "csrf": findings.pkce.csrf_defence(),
            "refusal": findings.refusal,
            "own_verifier": findings.own_verifier.map(again),
            "code_reuse": again(findings.code_reuse),
            "iss": match findings.issuer {
                Issuer::Absent => "absent",
                Issuer::Matches => "matches",
                Issuer::NotConfigured => "not_configured",
            },
            "tokens": findings.tokens.map(tokens),
        })
    }

    /// A line for each finding, and the line of the configuration.
    pub(super) fn text(&self) -> String {
        let Self { provider, configured, findings } = self;
        let pkce = match (findings.pkce, findings.own_verifier) {
            (Pkce::Enforced, Some(Again::Accepted)) => {
                "PKCE is enforced: a wrong verifier was refused, the right one was not."
            }
            (Pkce::Enforced, _) => {
                "PKCE is enforced: a wrong verifier was refused. (That the verifier was the reason, you see\n\
                 by a connection of the app: it must succeed.)"
            }
            _ => "PKCE is ignored: the bank gave tokens for a wrong verifier.",
        };
        let tokens = match findings.tokens {
            None => "No tokens came.",
            Some(Revoked::Yes) => "The tokens that came are revoked.",
            Some(_) => "The tokens that came are NOT revoked: withdraw the consent at the bank.",
        };
        let reuse = match findings.code_reuse {
            Again::Refused => "The code was good once only.",
            Again::Accepted => "THE CODE WAS GOOD TWICE, against RFC 6749 4.1.2: tell the bank.",
            Again::Unknown => {
                "Whether the code was good once only, the bank's answer did not tell."
            }
        };
        let issuer = match findings.issuer {
            Issuer::Absent => "State came back as it was sent; iss did not come.",
            Issuer::Matches => "State came back as it was sent, and iss is the configured one.",
            Issuer::NotConfigured => {
                "State came back as it was sent; iss came too, so `issuer` should be configured."
            }
        };
        let (word, csrf) = (findings.pkce.as_str(), findings.pkce.csrf_defence());
        let setting = if findings.pkce == *configured {
            format!("The configuration says so already: pkce = \"{word}\"")
        } else {
            format!("Write into [providers.{provider}]: pkce = \"{word}\"")
        };
        let defence = format!("The defence against forged callbacks is then: {csrf}");
        [pkce, tokens, reuse, issuer, &setting, &defence].join("\n")
    }
}

fn again(again: Again) -> &'static str {
    match again {
        Again::Refused => "refused",
        Again::Accepted => "accepted",
        Again::Unknown => "unknown",
    }
}

fn tokens(revoked: Revoked) -> &'static str {
    match revoked {
        Revoked::Yes => "revoked",
        Revoked::NotOffered => "revocation_not_offered",
        Revoked::StillUsed | Revoked::NotYet => "not_revoked",
    }
}
