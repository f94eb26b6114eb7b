//! The end of our certificate comes closer: the operator is told in steps, for a new one takes weeks (requirement
//! K46), and of scopes that it does not cover. Where another one takes over in time, it is the end of that one that
//! counts.

use super::Bank;

/// Days before the end at which the tone changes, nearest first.
const STEPS: [i64; 4] = [1, 7, 14, 30];
/// From this step on it is an alarm.
const ALARM: i64 = 7;

/// How long our certificates are still good, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remaining {
    /// Whole days; less than none after its end.
    pub days: i64,
    /// 30, 14, 7 or 1: no more days than these are left; 0: it has ended; `None`: there is time.
    pub step: Option<i64>,
}

impl Remaining {
    fn of(covered_until: i64, now: i64) -> Self {
        let days = (covered_until - now).div_euclid(86_400);
        let step = match days {
            ..0 => Some(0),
            _ => STEPS.into_iter().find(|step| days <= *step),
        };
        Self { days, step }
    }
}

impl Bank {
    /// Until when there is a certificate for every moment, beginning with the one in use; `None` where none is
    /// presented.
    pub fn covered_until(&self) -> Option<i64> {
        let (certificates, in_use) = self.certificates();
        certificates.covered_until(in_use, self.ambient.now().as_second())
    }

    /// When, after that, the next one begins that is there already; `None` where there is none.
    pub(crate) fn gap_until(&self) -> Option<i64> {
        self.certificates().0.resumed_at(self.covered_until()?)
    }

    /// How long [`Bank::covered_until`] is away.
    pub fn remaining(&self) -> Option<Remaining> {
        let now = self.ambient.now().as_second();
        self.covered_until().map(|until| Remaining::of(until, now))
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
        // the next certificate is there and comes too late
        let next_begins_at = self.gap_until();
        match step {
            None => {}
            Some(0) => {
                tracing::error!(
                    event = "certificate",
                    provider,
                    days,
                    step = 0,
                    next_begins_at,
                    "has ended"
                );
            }
            Some(step) if step <= ALARM => {
                tracing::error!(
                    event = "certificate",
                    provider,
                    days,
                    step,
                    next_begins_at,
                    "ends very soon"
                );
            }
            Some(step) => {
                tracing::warn!(
                    event = "certificate",
                    provider,
                    days,
                    step,
                    next_begins_at,
                    "ends soon"
                );
            }
        }
    }
}
