//! One person on the way from the authorization request to the consent.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Language;
use crate::Random;
use crate::form::Fields;

/// Milliseconds without action after which a flow ends.
pub(super) const PATIENCE: i64 = 5 * 60 * 1000;
/// Wrong answers after which a flow ends.
pub(super) const TRIES: u8 = 5;
/// Milliseconds after which a flow nobody came back to is forgotten.
const FORGOTTEN: i64 = 60 * 60 * 1000;

/// A step of the login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Login,
    Sms,
    Accounts,
    Consent,
    /// An order is shown and confirmed by a code, in place of the three before.
    Confirm,
    /// Everything is answered; the authorization endpoint may issue a code.
    Done,
}

impl Step {
    /// The value of the hidden field `step`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Sms => "sms",
            Self::Accounts => "accounts",
            Self::Consent => "consent",
            Self::Confirm => "confirm",
            Self::Done => "done",
        }
    }

    pub(super) fn next(self) -> Self {
        match self {
            Self::Login => Self::Sms,
            Self::Sms => Self::Accounts,
            Self::Accounts => Self::Consent,
            Self::Consent | Self::Confirm | Self::Done => Self::Done,
        }
    }
}

/// A login under way.
#[derive(Clone, Debug)]
pub(crate) struct Flow {
    /// The saved authorization request, raw.
    pub(crate) query: String,
    pub(crate) step: Step,
    pub(crate) language: Language,
    /// The user name, once the password was right.
    pub(crate) user: Option<String>,
    pub(crate) accounts: Vec<String>,
    pub(super) csrf: String,
    pub(super) sms: String,
    pub(super) tries: u8,
    pub(super) touched: i64,
}

impl Flow {
    pub(crate) fn new(query: &str, language: Language, random: &Random, now: i64) -> Self {
        Self {
            query: query.to_owned(),
            step: Step::Login,
            language,
            user: None,
            accounts: Vec::new(),
            csrf: URL_SAFE_NO_PAD.encode(random.bytes::<16>()),
            sms: random.text::<8>(b"0123456789"),
            tries: 0,
            touched: now,
        }
    }

    /// The decoded authorization request.
    pub(crate) fn request(&self) -> Fields {
        Fields::read(&self.query)
    }

    /// The scope, if it is one that a login can be made for: exactly one value (bank-api fact 5.4).
    pub(super) fn scope(&self) -> Option<&'static str> {
        match self.request().first("scope")?.to_lowercase().as_str() {
            "aisp" => Some("aisp"),
            "pisp" => Some("pisp"),
            _ => None,
        }
    }

    pub(crate) fn is_late(&self, now: i64) -> bool {
        now - self.touched > PATIENCE
    }
}

/// Logins under way, by session cookie.
#[derive(Default)]
pub(crate) struct Flows(HashMap<String, Flow>);

impl Flows {
    /// Starts a flow in place of `old` and names its session.
    pub(crate) fn start(&mut self, old: Option<&str>, flow: Flow, random: &Random) -> String {
        self.0.retain(|session, known| {
            Some(session.as_str()) != old && flow.touched - known.touched < FORGOTTEN
        });
        let session = URL_SAFE_NO_PAD.encode(random.bytes::<24>());
        self.0.insert(session.clone(), flow);
        session
    }

    pub(crate) fn find(&self, session: &str) -> Option<&Flow> {
        self.0.get(session)
    }

    pub(super) fn find_mut(&mut self, session: &str) -> Option<&mut Flow> {
        self.0.get_mut(session)
    }

    /// Ends a flow.
    pub(crate) fn end(&mut self, session: &str) -> Option<Flow> {
        self.0.remove(session)
    }

    /// The SMS code that `user` has been sent last, if it can still be used.
    pub(crate) fn sms_code(&self, user: &str, now: i64) -> Option<String> {
        let waiting = self.0.values().filter(|flow| {
            matches!(flow.step, Step::Sms | Step::Confirm)
                && flow.user.as_deref() == Some(user)
                && !flow.is_late(now)
        });
        waiting.max_by_key(|flow| flow.touched).map(|flow| flow.sms.clone())
    }
}
