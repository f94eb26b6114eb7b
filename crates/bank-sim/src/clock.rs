//! The bank's clock is handed in, so that a test can let five minutes or half a year pass at once.
//! Calendar days follow the Czech civil time (CET/CEST, the rule of Directive 2000/84/EC).

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{Timestamp, ToSpan};

use crate::sync::lock;

/// Source of the present moment; clones share one time.
#[derive(Clone, Debug)]
pub struct Clock {
    fixed: Option<SystemTime>,
    ahead: Arc<Mutex<Duration>>,
}

impl Clock {
    /// The machine's clock. [`Clock::advance`] runs it ahead of the machine.
    pub fn system() -> Self {
        Self { fixed: None, ahead: Arc::default() }
    }

    /// A clock that stands at `start` and moves only by [`Clock::advance`].
    pub fn manual(start: SystemTime) -> Self {
        Self { fixed: Some(start), ahead: Arc::default() }
    }

    /// Moves the clock forward by `step`.
    pub fn advance(&self, step: Duration) {
        *lock(&self.ahead) += step;
    }

    /// The present moment of the bank.
    pub fn now(&self) -> SystemTime {
        self.fixed.unwrap_or_else(SystemTime::now) + *lock(&self.ahead)
    }

    /// The present moment as a timestamp.
    pub(crate) fn timestamp(&self) -> Timestamp {
        Timestamp::try_from(self.now()).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// The present moment in milliseconds since 1970.
    pub(crate) fn millis(&self) -> i64 {
        self.timestamp().as_millisecond()
    }

    /// The calendar day in Prague.
    pub(crate) fn today(&self) -> Date {
        self.local().date()
    }

    /// The present moment in Prague.
    pub(crate) fn local(&self) -> DateTime {
        let now = self.timestamp();
        prague(now).to_datetime(now)
    }
}

/// Offset of Czech civil time at `moment`.
pub(crate) fn prague(moment: Timestamp) -> Offset {
    let utc = Offset::UTC.to_datetime(moment);
    let summer = turn(utc.year(), 3)..turn(utc.year(), 10);
    Offset::constant(if summer.contains(&utc) { 2 } else { 1 })
}

/// 01:00 UTC on the last Sunday of `month`, when the clocks turn.
fn turn(year: i16, month: i8) -> DateTime {
    let last = Date::constant(year, month, 31);
    let back = i64::from(last.weekday().to_sunday_zero_offset());
    last.saturating_sub(back.days()).at(1, 0, 0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prague_turns_its_clocks_on_the_last_sundays() {
        let at = |text: &str| prague(text.parse::<Timestamp>().unwrap()).seconds() / 3600;
        assert_eq!(at("2026-03-29T00:59:59Z"), 1);
        assert_eq!(at("2026-03-29T01:00:00Z"), 2);
        assert_eq!(at("2026-10-25T00:59:59Z"), 2);
        assert_eq!(at("2026-10-25T01:00:00Z"), 1);
    }

    #[test]
    fn a_manual_clock_moves_only_when_told() {
        let clock = Clock::manual(SystemTime::UNIX_EPOCH);
        let twin = clock.clone();
        twin.advance(Duration::from_secs(90));
        assert_eq!(clock.millis(), 90_000);
    }
}
