//! The signing of an order (bank-api fact 10.7): scenarios to choose from, methods begun and passed,
//! and the states `OPEN`, `DONE`, `CANCELLED`, `CLOSED`. It does not know what is signed.

use aws_lc_rs::constant_time::verify_slices_are_equal;

use crate::Random;

/// Wrong codes after which a signing is cancelled.
const TRIES: u8 = 5;

/// A way to sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// In the bank's own pages.
    Redirect,
    /// By a code from the person's phone, which the app passes on.
    Sms,
}

impl Method {
    /// The method of a code; `None` for one that this bank cannot play.
    pub(crate) fn named(code: &str) -> Option<Self> {
        [Self::Redirect, Self::Sms].into_iter().find(|method| method.code() == code)
    }

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Redirect => "USERAGENT_REDIRECT",
            Self::Sms => "SMS",
        }
    }
}

/// Where a signing stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Open,
    Done,
    /// By the person, or after too many wrong codes.
    Cancelled,
    /// Nobody has signed in time.
    Closed,
}

impl State {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Done => "DONE",
            Self::Cancelled => "CANCELLED",
            Self::Closed => "CLOSED",
        }
    }
}

/// A method under way.
#[derive(Clone, Debug)]
enum Begun {
    /// The operation that the bank's pages go on with, and where they send the browser at last.
    Redirect { operation: String, return_to: String },
    /// The code, and when it was sent.
    Sms { code: String, sent: i64 },
}

/// The signing of one order.
#[derive(Clone, Debug)]
pub(crate) struct Signing {
    /// `signId`.
    pub(crate) id: String,
    /// Whether the client has been told `id`.
    pub(crate) told: bool,
    pub(crate) state: State,
    /// Lists of methods, each in its order; one list has to be passed.
    pub(crate) scenarios: Vec<Vec<String>>,
    passed: Vec<&'static str>,
    begun: Option<Begun>,
    tries: u8,
    /// Milliseconds since 1970 after which it closes.
    pub(crate) until: i64,
}

impl Signing {
    pub(crate) fn open(scenarios: Vec<Vec<String>>, random: &Random, until: i64) -> Self {
        let id = format!("sgn-{}", random.text::<20>(b"0123456789abcdefghijklmnopqrstuvwxyz"));
        Self {
            id,
            told: false,
            state: State::Open,
            scenarios,
            passed: Vec::new(),
            begun: None,
            tries: 0,
            until,
        }
    }

    /// Whether `method` is the next one of some scenario.
    pub(crate) fn allows(&self, method: Method) -> bool {
        let next = |scenario: &Vec<String>| {
            scenario.starts_with(&self.passed.iter().map(ToString::to_string).collect::<Vec<_>>())
                && scenario.get(self.passed.len()).is_some_and(|next| next == method.code())
        };
        self.state == State::Open && self.scenarios.iter().any(next)
    }

    /// Begins to sign in the bank's pages, which will send the browser to `return_to`.
    pub(crate) fn redirect(&mut self, return_to: &str, random: &Random) {
        let operation =
            format!("op-{}", random.text::<24>(b"0123456789abcdefghijklmnopqrstuvwxyz"));
        let return_to = return_to.to_owned();
        self.begun = Some(Begun::Redirect { operation, return_to });
    }

    /// Begins to sign by `code`, sent at `now`.
    pub(crate) fn send(&mut self, code: String, now: i64) {
        self.begun = Some(Begun::Sms { code, sent: now });
    }

    /// The method under way.
    pub(crate) fn method(&self) -> Option<Method> {
        self.begun.as_ref().map(|begun| match begun {
            Begun::Redirect { .. } => Method::Redirect,
            Begun::Sms { .. } => Method::Sms,
        })
    }

    /// The operation under way in the bank's pages.
    pub(crate) fn operation(&self) -> Option<&str> {
        match &self.begun {
            Some(Begun::Redirect { operation, .. }) => Some(operation),
            _ => None,
        }
    }

    /// Where the bank's pages send the browser.
    pub(crate) fn return_to(&self) -> Option<&str> {
        match &self.begun {
            Some(Begun::Redirect { return_to, .. }) => Some(return_to),
            _ => None,
        }
    }

    /// The code that is waited for, and when it was sent.
    pub(crate) fn sms_code(&self) -> Option<(&str, i64)> {
        match &self.begun {
            Some(Begun::Sms { code, sent }) if self.state == State::Open => Some((code, *sent)),
            _ => None,
        }
    }

    /// Tries a code from the phone; the fifth wrong one cancels. False: it was wrong.
    pub(crate) fn try_code(&mut self, shown: &str) -> bool {
        let Some((code, _)) = self.sms_code() else { return false };
        if verify_slices_are_equal(code.as_bytes(), shown.as_bytes()).is_ok() {
            self.pass(Method::Sms);
            return true;
        }
        self.tries += 1;
        if self.tries >= TRIES {
            self.cancel();
        }
        false
    }

    /// Notes that `method` was passed; the last one of a scenario signs.
    pub(crate) fn pass(&mut self, method: Method) {
        if !self.allows(method) {
            return;
        }
        self.passed.push(method.code());
        if self.scenarios.contains(&self.passed.iter().map(ToString::to_string).collect()) {
            self.state = State::Done;
        }
    }

    /// Forgets the methods begun and passed.
    pub(crate) fn begin_anew(&mut self) {
        (self.begun, self.passed) = (None, Vec::new());
    }

    /// Gives the signing up, if it is open.
    pub(crate) fn cancel(&mut self) {
        if self.state == State::Open {
            self.state = State::Cancelled;
        }
    }

    /// Whether the time to sign is over.
    pub(crate) fn is_late(&self, now: i64) -> bool {
        self.state == State::Open && now >= self.until
    }

    /// Closes the signing, if it is open.
    pub(crate) fn close(&mut self) {
        if self.state == State::Open {
            self.state = State::Closed;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signing(scenarios: &[&[&str]]) -> Signing {
        let scenarios = scenarios.iter().map(|one| one.iter().map(ToString::to_string).collect());
        Signing::open(scenarios.collect(), &Random::seeded(1), 1000)
    }

    #[test]
    fn the_methods_of_a_scenario_come_one_after_the_other() {
        let mut signing = signing(&[&["USERAGENT_REDIRECT", "SMS"]]);
        assert!(!signing.allows(Method::Sms));
        signing.redirect("https://app.example/", &Random::seeded(1));
        signing.pass(Method::Redirect);
        assert_eq!(signing.state, State::Open);
        assert!(!signing.allows(Method::Redirect));
        signing.send("12345678".to_owned(), 5);
        assert!(signing.try_code("12345678"));
        assert_eq!(signing.state, State::Done);
        assert!(!signing.allows(Method::Sms));
    }

    #[test]
    fn five_wrong_codes_cancel_and_late_ones_close() {
        let mut one = signing(&[&["SMS"]]);
        one.send("12345678".to_owned(), 5);
        for _ in 0..4 {
            assert!(!one.try_code("0"));
            assert_eq!(one.state, State::Open);
        }
        assert!(!one.try_code("0"));
        assert_eq!(one.state, State::Cancelled);
        assert!(!one.try_code("12345678"));

        let mut late = signing(&[&["SMS"]]);
        assert!(!late.is_late(999) && late.is_late(1000));
        late.close();
        assert_eq!(late.state, State::Closed);
        late.cancel();
        assert_eq!(late.state, State::Closed);
    }
}
