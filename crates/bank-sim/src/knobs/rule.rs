//! A rule of a knob: for which requests it turns to another position, how often, how likely.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use crate::call::Call;
use crate::random::Dice;

/// Turns a knob to `to` for the requests that fulfil every condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule<T> {
    pub(super) to: T,
    /// Requests it still applies to; `None` for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) times: Option<u32>,
    /// Fitting requests it lets pass before.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(super) after: u32,
    /// In how many cases of a hundred.
    #[serde(
        default = "hundred",
        skip_serializing_if = "is_hundred",
        deserialize_with = "percentage"
    )]
    pub(super) percent: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) path: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) request: Option<String>,
}

impl<T> Rule<T> {
    /// A rule for every request.
    pub fn to(value: T) -> Self {
        let (times, user, path, request) = (None, None, None, None);
        Self { to: value, times, after: 0, percent: 100, user, path, request }
    }

    /// Only for the next `count` fitting requests.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self { times: Some(count), ..self }
    }

    /// Only after `count` fitting requests have passed.
    #[must_use]
    pub fn after(self, count: u32) -> Self {
        Self { after: count, ..self }
    }

    /// Only in so many cases of a hundred; which ones repeats with the bank's seed.
    #[must_use]
    pub fn percent(self, percent: u8) -> Self {
        Self { percent, ..self }
    }

    /// Only where the bank knows that `user` (the user name at the bank) is concerned.
    #[must_use]
    pub fn user(self, user: &str) -> Self {
        Self { user: Some(user.to_owned()), ..self }
    }

    /// Only for requests whose path contains `part`.
    #[must_use]
    pub fn path(self, part: &str) -> Self {
        Self { path: Some(part.to_owned()), ..self }
    }

    /// Only for requests with this `X-Request-ID` or `Action-ID`.
    #[must_use]
    pub fn request(self, id: &str) -> Self {
        Self { request: Some(id.to_owned()), ..self }
    }

    /// The same rule over other positions.
    pub(super) fn map<U>(self, change: impl Fn(T) -> U) -> Rule<U> {
        let Self { to, times, after, percent, user, path, request } = self;
        Rule { to: change(to), times, after, percent, user, path, request }
    }

    /// Whether the rule applies here; counts where it does.
    pub(super) fn applies(&mut self, occasion: Occasion<'_>, dice: &mut Dice) -> bool {
        if self.times == Some(0) || !self.fits(occasion) {
            return false;
        }
        if self.after > 0 {
            self.after -= 1;
            return false;
        }
        if self.percent < 100 && !dice.chance(self.percent.into()) {
            return false;
        }
        self.times = self.times.map(|times| times - 1);
        true
    }

    fn fits(&self, occasion: Occasion<'_>) -> bool {
        let wanted = |condition: &Option<String>, fits: &dyn Fn(&str) -> bool| {
            condition.as_deref().is_none_or(fits)
        };
        let header = |name: &str| occasion.call.and_then(|call| call.header(name));
        wanted(&self.user, &|user| occasion.user == Some(user))
            && wanted(&self.path, &|part| {
                occasion.call.is_some_and(|call| call.uri.path().contains(part))
            })
            && wanted(&self.request, &|id| {
                header("x-request-id") == Some(id) || header("action-id") == Some(id)
            })
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

fn hundred() -> u8 {
    100
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_hundred(percent: &u8) -> bool {
    *percent == 100
}

fn percentage<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    let percent = u8::deserialize(deserializer)?;
    let fits = (percent <= 100).then_some(percent);
    fits.ok_or_else(|| D::Error::custom(format!("{percent} is more than 100 percent")))
}

/// What is known of the request that meets a knob.
#[derive(Clone, Copy, Default)]
pub(crate) struct Occasion<'a> {
    call: Option<&'a Call>,
    user: Option<&'a str>,
}

impl<'a> Occasion<'a> {
    /// The request itself.
    pub(crate) fn of(call: &'a Call) -> Self {
        Self { call: Some(call), user: None }
    }

    /// The same, concerning `user`.
    pub(crate) fn about(self, user: Option<&'a str>) -> Self {
        Self { user, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(rule: Rule<char>, user: Option<&str>, count: usize) -> String {
        let mut knob = crate::Knob::always('-').with(rule);
        let mut dice = Dice::new(1, "rules");
        let occasion = Occasion::default().about(user);
        (0..count).map(|_| knob.meet(occasion, &mut dice)).collect()
    }

    #[test]
    fn a_rule_waits_and_ends() {
        assert_eq!(met(Rule::to('x').after(2).times(1), None, 5), "--x--");
        assert_eq!(met(Rule::to('x'), None, 3), "xxx");
    }

    #[test]
    fn a_rule_for_somebody_leaves_others_alone() {
        assert_eq!(met(Rule::to('x').user("jana").times(1), Some("petr"), 2), "--");
        assert_eq!(met(Rule::to('x').user("jana").times(1), Some("jana"), 2), "x-");
        assert_eq!(met(Rule::to('x').path("/token"), None, 1), "-");
    }

    #[test]
    fn chance_repeats_with_the_seed() {
        let seen = met(Rule::to('x').percent(30), None, 200);
        assert_eq!(seen, met(Rule::to('x').percent(30), None, 200));
        let hits = seen.matches('x').count();
        assert!((30..=90).contains(&hits), "{hits}");
    }
}
