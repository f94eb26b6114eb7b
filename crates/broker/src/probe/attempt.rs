//! One login: what was sent to the bank with the person, and the address they came back to.

use std::time::{Duration, Instant};

use protocol::pkce::CodeVerifier;
use protocol::state::State;
use url::Url;

use crate::ambient::{Ambient, NoRandomness};
use crate::authorize::authorization_url;
use crate::bank::known_oauth;
use crate::callback::Unverified;
use crate::config::OAuth;

/// One login.
pub(crate) struct Attempt {
    state: State,
    /// `None` for an attempt that another run of the program began.
    pub(super) verifier: Option<CodeVerifier>,
    scope: String,
    /// Before anybody could log in; `None` as above.
    begun: Option<Instant>,
    /// Where the bank is asked to send the browser.
    pub(crate) redirect_uri: String,
}

/// Why there is no code to present. Nothing was sent anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoCode {
    /// Not an address of the callback page.
    #[error("this is not the address that the bank sends the browser to")]
    NotTheCallback,
    /// RFC 6749 §3.1.
    #[error("the bank's answer has a parameter twice")]
    Twice,
    /// The person said no, or the bank would not let them.
    #[error("the login did not come to its end; the bank says {0}")]
    Ended(&'static str),
    /// Missing or another one.
    #[error("the state is not the one that was sent: this is no answer to this attempt")]
    State,
    /// Missing or another one, where one is configured (RFC 9207 §2.4).
    #[error("the issuer is not the configured one: the answer does not come from this bank")]
    Issuer,
    /// Neither a code nor an error.
    #[error("the bank's answer has no code")]
    Missing,
}

/// `iss` in the callback (RFC 9207).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Issuer {
    /// It did not come.
    Absent,
    /// It came and is the configured one.
    Matches,
    /// It came, and the configuration has none.
    NotConfigured,
}

/// A code that came back with the right state.
pub(crate) struct Landed {
    pub(super) code: String,
    pub(super) issuer: Issuer,
    /// Where the browser was sent.
    pub(super) redirect_uri: String,
    /// When it was there, at the latest.
    pub(super) pasted: Instant,
}

impl Attempt {
    /// A new login that ends where it has to.
    pub(crate) fn begin(
        oauth: &OAuth,
        scope: &str,
        ambient: &Ambient,
    ) -> Result<Self, NoRandomness> {
        let state = State::from_random(&ambient.random()?);
        let verifier = Some(CodeVerifier::from_random(&ambient.random()?));
        let redirect_uri = oauth.redirect_uri.clone();
        let begun = Some(Instant::now());
        Ok(Self { state, verifier, scope: scope.to_owned(), begun, redirect_uri })
    }

    /// A new login that asks to end at an address that is not registered.
    pub(crate) fn begin_beside(
        oauth: &OAuth,
        scope: &str,
        ambient: &Ambient,
    ) -> Result<Self, NoRandomness> {
        let attempt = Self::begin(oauth, scope, ambient)?;
        Ok(Self { redirect_uri: beside(&oauth.redirect_uri), ..attempt })
    }

    /// An attempt that another run began with this state.
    pub(crate) fn resume(oauth: &OAuth, state: State) -> Self {
        let redirect_uri = oauth.redirect_uri.clone();
        Self { state, verifier: None, scope: String::new(), begun: None, redirect_uri }
    }

    /// How old a code of this attempt is at most.
    pub(super) fn age(&self) -> Duration {
        self.begun.map_or(Duration::MAX, |begun| begun.elapsed())
    }

    /// Where the person has to log in; `None` for a resumed attempt.
    pub(crate) fn authorization_url(&self, oauth: &OAuth) -> Option<String> {
        let challenge = self.verifier.as_ref()?.challenge();
        let redirect_uri = &self.redirect_uri;
        Some(authorization_url(oauth, redirect_uri, &self.scope, challenge.as_str(), &self.state))
    }

    /// The attempt's state, by which another run can resume it.
    pub(crate) fn state(&self) -> &str {
        self.state.as_str()
    }

    /// Reads the address that the bank sent the browser to: the one asked for, or the registered one.
    pub(crate) fn read(&self, oauth: &OAuth, pasted: &str) -> Result<Landed, NoCode> {
        let mut page = Url::parse(pasted.trim()).map_err(|_| NoCode::NotTheCallback)?;
        let query = page.query().unwrap_or_default().to_owned();
        page.set_query(None);
        page.set_fragment(None);
        let known = [&self.redirect_uri, &oauth.redirect_uri];
        if query.is_empty() || !known.iter().any(|known| known.as_str() == page.as_str()) {
            return Err(NoCode::NotTheCallback);
        }
        let Unverified { state, code, error, iss } =
            Unverified::parameters(&query).ok_or(NoCode::Twice)?;
        if let Some(error) = error {
            return Err(NoCode::Ended(known_oauth(&error).unwrap_or("something unknown")));
        }
        if state.as_deref() != Some(self.state.as_str()) {
            return Err(NoCode::State);
        }
        let issuer = match (&oauth.issuer, iss) {
            (Some(known), Some(iss)) if *known == iss => Issuer::Matches,
            (Some(_), _) => return Err(NoCode::Issuer),
            (None, Some(_)) => Issuer::NotConfigured,
            (None, None) => Issuer::Absent,
        };
        let code = code.filter(|code| !code.is_empty()).ok_or(NoCode::Missing)?;
        Ok(Landed { code, issuer, redirect_uri: page.into(), pasted: Instant::now() })
    }
}

/// An address that is not registered, on the app's own origin: whatever a lax bank sends there stays in the house.
pub(super) fn beside(redirect_uri: &str) -> String {
    format!("{}/bankconnect-probe", redirect_uri.trim_end_matches('/'))
}
