//! The end of our certificate comes closer: the operator is told in steps, for a new one takes weeks (requirement
//! K46), and of scopes that it does not cover.

use super::Bank;
use crate::config::OwnCertificate;

/// Days before the end at which the tone changes, nearest first.
const STEPS: [i64; 4] = [1, 7, 14, 30];
/// From this step on it is an alarm.
const ALARM: i64 = 7;

/// How long our certificate is still good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remaining {
    /// Whole days; less than none after its end.
    pub days: i64,
    /// 30, 14, 7 or 1: no more days than these are left; 0: it has ended; `None`: there is time.
    pub step: Option<i64>,
}

impl Remaining {
    fn of(own: &OwnCertificate, now: i64) -> Self {
        let days = (own.ends_at - now).div_euclid(86_400);
        let step = match days {
            ..0 => Some(0),
            _ => STEPS.into_iter().find(|step| days <= *step),
        };
        Self { days, step }
    }
}

impl Bank {
    /// How long the certificate in use is still good.
    pub fn remaining(&self) -> Option<Remaining> {
        let now = self.ambient.now().as_second();
        self.certificate().map(|own| Remaining::of(&own, now))
    }

    /// Tells what is to be told of a certificate that has just come into use.
    pub(super) fn look_at_certificate(&self) {
        self.condition.forget_told_day();
        self.look_again_at_certificate();
    }

    /// The same, at most once a day.
    pub(crate) fn look_again_at_certificate(&self) {
        let (Some(own), Some(Remaining { days, step })) = (self.certificate(), self.remaining())
        else {
            return;
        };
        if !self.condition.tell_day(days) {
            return;
        }
        let provider = &self.provider.id;
        let lacks = own.lacks(&self.provider.scopes).into_iter().map(|(scope, _)| scope);
        let lacks = lacks.collect::<Vec<_>>().join(" ");
        if !lacks.is_empty() {
            tracing::error!(event = "certificate", provider, lacks, "no role for these scopes");
        }
        match step {
            None => {}
            Some(0) => {
                tracing::error!(event = "certificate", provider, days, step = 0, "has ended");
            }
            Some(step) if step <= ALARM => {
                tracing::error!(event = "certificate", provider, days, step, "ends very soon");
            }
            Some(step) => {
                tracing::warn!(event = "certificate", provider, days, step, "ends soon");
            }
        }
    }
}
