//! One person on the way from the authorization request to the consent.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Language;
use crate::Random;
use crate::form::Fields;
use crate::knobs::WebFlow;
use crate::recent::Recent;

/// Milliseconds without action after which a flow ends.
pub(super) const PATIENCE: i64 = 5 * 60 * 1000;
/// Milliseconds without action after which a person is warned.
pub(super) const WARNING: i64 = 4 * 60 * 1000;
/// Milliseconds after an SMS before there can be another one.
const BETWEEN_SMS: i64 = 60 * 1000;
/// Wrong answers after which a flow ends.
pub(super) const TRIES: u8 = 5;
/// Milliseconds after which a flow nobody came back to is forgotten.
const FORGOTTEN: i64 = 60 * 60 * 1000;
/// Flows kept at most.
const KEPT: usize = 50_000;

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

    /// Whether a code from the phone is waited for.
    pub(super) fn asks_for_code(self) -> bool {
        matches!(self, Self::Sms | Self::Confirm)
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
    /// The generation whose authorization endpoint it came from, and goes back to.
    pub(crate) generation: WebFlow,
    /// The saved authorization request, raw.
    pub(crate) query: String,
    pub(crate) step: Step,
    pub(crate) language: Language,
    /// The user name, once the password was right.
    pub(crate) user: Option<String>,
    pub(crate) accounts: Vec<String>,
    /// Where it stands in [`Flows::texted`].
    listed: Option<(String, u64)>,
    pub(super) csrf: String,
    pub(super) sms: String,
    /// How many messages have been sent.
    pub(super) sms_count: u32,
    /// When the last one was sent.
    sms_sent: i64,
    pub(super) tries: u8,
    pub(super) touched: i64,
}

impl Flow {
    pub(crate) fn new(
        generation: WebFlow,
        query: &str,
        language: Language,
        random: &Random,
        now: i64,
    ) -> Self {
        Self {
            generation,
            query: query.to_owned(),
            step: Step::Login,
            language,
            user: None,
            accounts: Vec::new(),
            listed: None,
            csrf: URL_SAFE_NO_PAD.encode(random.bytes::<16>()),
            sms: String::new(),
            sms_count: 0,
            sms_sent: 0,
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

    /// Sends a new SMS code; the one before it is worth nothing any more.
    pub(super) fn send_sms(&mut self, random: &Random, now: i64) {
        self.sms = random.text::<8>(b"0123456789");
        self.sms_count += 1;
        self.sms_sent = now;
    }

    /// Sends another SMS code where the last one was sent long enough ago.
    ///
    /// Errors: the seconds until then.
    pub(super) fn send_sms_again(&mut self, random: &Random, now: i64) -> Result<(), i64> {
        let wait = self.sms_sent + BETWEEN_SMS - now;
        if wait > 0 {
            return Err((wait + 999) / 1000);
        }
        self.send_sms(random, now);
        Ok(())
    }

    pub(crate) fn is_late(&self, now: i64) -> bool {
        now - self.touched > PATIENCE
    }
}

/// Logins under way.
pub(crate) struct Flows {
    /// Under the value of the session cookie.
    by_session: Recent<Flow>,
    /// The sessions at the step of the SMS code, by user name and number of the change.
    texted: BTreeMap<(String, u64), String>,
    changes: u64,
}

impl Default for Flows {
    fn default() -> Self {
        Self { by_session: Recent::new(KEPT), texted: BTreeMap::new(), changes: 0 }
    }
}

impl Flows {
    /// Starts a flow in place of `old` and names its session.
    pub(crate) fn start(&mut self, old: Option<&str>, flow: Flow, random: &Random) -> String {
        old.map(|old| self.end(old));
        let now = flow.touched;
        let mut gone = self.by_session.sweep(2, |known| now - known.touched >= FORGOTTEN);
        let session = URL_SAFE_NO_PAD.encode(random.bytes::<24>());
        gone.extend(self.by_session.insert(session.clone(), flow));
        for flow in &mut gone {
            self.unlist(flow);
        }
        session
    }

    pub(crate) fn find(&self, session: &str) -> Option<&Flow> {
        self.by_session.get(session)
    }

    /// Changes a flow, in one step for all who try at once; each change starts the five minutes
    /// anew.
    pub(super) fn change<T>(
        &mut self,
        session: &str,
        now: i64,
        change: impl FnOnce(&mut Flow) -> T,
    ) -> Option<T> {
        let flow = self.by_session.get_mut(session)?;
        flow.touched = now;
        flow.listed.take().map(|listed| self.texted.remove(&listed));
        let changed = change(flow);
        self.changes += 1;
        if let (true, Some(user)) = (flow.step.asks_for_code(), &flow.user) {
            let listed = (user.clone(), self.changes);
            self.texted.insert(listed.clone(), session.to_owned());
            flow.listed = Some(listed);
        }
        Some(changed)
    }

    /// Ends a flow.
    pub(crate) fn end(&mut self, session: &str) -> Option<Flow> {
        let mut flow = self.by_session.remove(session)?;
        self.unlist(&mut flow);
        Some(flow)
    }

    /// The SMS code that `user` has been sent last, if it can still be used.
    pub(crate) fn sms_code(&self, user: &str, now: i64) -> Option<String> {
        let (first, last) = ((user.to_owned(), 0), (user.to_owned(), u64::MAX));
        let sessions = self.texted.range(first..=last).rev();
        let mut flows = sessions.filter_map(|(_, session)| self.by_session.get(session));
        flows.find(|flow| !flow.is_late(now)).map(|flow| flow.sms.clone())
    }

    fn unlist(&mut self, flow: &mut Flow) {
        flow.listed.take().map(|listed| self.texted.remove(&listed));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(flows: &mut Flows, old: Option<&str>, now: i64) -> String {
        let random = Random::system();
        let flow = Flow::new(WebFlow::V1_4, "scope=aisp", Language::Czech, &random, now);
        flows.start(old, flow, &random)
    }

    #[test]
    fn a_flow_that_nobody_comes_back_to_is_forgotten_by_the_way() {
        let mut flows = Flows::default();
        let [left, kept] = [start(&mut flows, None, 0), start(&mut flows, None, 0)];
        flows.change(&kept, FORGOTTEN - 1, |flow| {
            (flow.step, flow.user) = (Step::Sms, Some("jana".to_owned()));
            flow.send_sms(&Random::system(), FORGOTTEN - 1);
        });
        start(&mut flows, None, FORGOTTEN);
        assert!(flows.find(&left).is_none());
        assert_eq!(
            flows.find(&kept).map(|flow| &flow.sms),
            flows.sms_code("jana", FORGOTTEN).as_ref()
        );
        for now in 0..4 {
            start(&mut flows, None, 2 * FORGOTTEN + now);
        }
        assert!(flows.find(&kept).is_none());
        assert!(flows.texted.is_empty());
    }

    #[test]
    fn a_new_flow_takes_the_place_of_the_old_one() {
        let mut flows = Flows::default();
        let old = start(&mut flows, None, 0);
        let new = start(&mut flows, Some(&old), 0);
        assert!(flows.find(&old).is_none() && flows.find(&new).is_some());
        assert_eq!(flows.change(&old, 0, |_| ()), None);
    }
}
