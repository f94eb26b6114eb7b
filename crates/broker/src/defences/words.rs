//! What a probe may find out about a bank, and the words it is kept and told by.

/// What a probe may find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Question {
    /// Does it refuse a code with another verifier (RFC 9700 §2.1.1)?
    Pkce,
    /// Does it take a code twice (RFC 6749 §4.1.2)?
    CodeReuse,
    /// Does its redirect name the issuer (RFC 9207)?
    Issuer,
    /// Does it send a browser to an address that is not registered (RFC 9700 §2.1)?
    RedirectAtAuthorization,
    /// Does it take a code with another redirect URI than its own (RFC 6749 §4.1.3)?
    RedirectAtToken,
    /// What ends with a revoked access token (RFC 7009 §2.1)?
    Revocation,
    /// Does the API still take it?
    RevokedToken,
}

/// What a probe found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Of PKCE: the bank checks it.
    Enforced,
    /// Of PKCE: it does not.
    Ignored,
    /// As it has to be.
    Refused,
    /// What has to be refused was taken.
    Accepted,
    /// It comes.
    Sent,
    /// It does not come.
    Absent,
    /// A refresh is refused.
    EndsGrant,
    /// A refresh still brings tokens, until the refresh token is revoked as well.
    EndsToken,
    /// A refresh brings tokens even then.
    EndsNothing,
    /// The bank does not revoke access tokens.
    NotOffered,
    /// There is nothing to refresh with, so nothing to outlive the access token.
    NoRefreshToken,
    /// The API refuses it.
    Dead,
    /// The API takes it.
    Alive,
}

impl Question {
    /// In the order in which they are told.
    pub(crate) const ALL: [Self; 7] = [
        Self::Pkce,
        Self::CodeReuse,
        Self::Issuer,
        Self::RedirectAtAuthorization,
        Self::RedirectAtToken,
        Self::Revocation,
        Self::RevokedToken,
    ];

    /// For programs, and in the store.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pkce => "pkce",
            Self::CodeReuse => "code_reuse",
            Self::Issuer => "iss",
            Self::RedirectAtAuthorization => "redirect_at_authorization",
            Self::RedirectAtToken => "redirect_at_token",
            Self::Revocation => "revocation",
            Self::RevokedToken => "revoked_token",
        }
    }

    /// What may be found.
    pub(super) fn answers(self) -> &'static [Answer] {
        match self {
            Self::Pkce => &[Answer::Enforced, Answer::Ignored],
            Self::CodeReuse | Self::RedirectAtAuthorization | Self::RedirectAtToken => {
                &[Answer::Refused, Answer::Accepted]
            }
            Self::Issuer => &[Answer::Sent, Answer::Absent],
            Self::Revocation => &[
                Answer::EndsGrant,
                Answer::EndsToken,
                Answer::EndsNothing,
                Answer::NotOffered,
                Answer::NoRefreshToken,
            ],
            Self::RevokedToken => &[Answer::Dead, Answer::Alive],
        }
    }
}

impl Answer {
    /// For programs, and in the store.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Enforced => "enforced",
            Self::Ignored => "ignored",
            Self::Refused => "refused",
            Self::Accepted => "accepted",
            Self::Sent => "sent",
            Self::Absent => "absent",
            Self::EndsGrant => "ends_grant",
            Self::EndsToken => "ends_token",
            Self::EndsNothing => "ends_nothing",
            Self::NotOffered => "not_offered",
            Self::NoRefreshToken => "no_refresh_token",
            Self::Dead => "dead",
            Self::Alive => "alive",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::OPENAPI;

    #[test]
    fn the_description_of_the_private_door_has_every_word() {
        for question in Question::ALL {
            assert!(OPENAPI.contains(&format!("\"{}\"", question.as_str())), "{question:?}");
            for answer in question.answers() {
                assert!(OPENAPI.contains(&format!("\"{}\"", answer.as_str())), "{answer:?}");
            }
        }
    }
}
