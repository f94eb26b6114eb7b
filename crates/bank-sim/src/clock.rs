//! The bank's clock is handed in, so that a test can let five minutes or half a year pass at once.
//! Calendar days follow the Czech civil time (CET/CEST, the rule of Directive 2000/84/EC).

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::sync::lock;

/// Source of the present moment; clones share one time.
#[derive(Clone, Debug)]
pub struct Clock {
    fixed: Option<SystemTime>,
    shift: Arc<Mutex<SignedDuration>>,
}

impl Clock {
    /// The machine's clock. [`Clock::advance`] and [`Clock::set_back`] part it from the machine.
    pub fn system() -> Self {
        Self { fixed: None, shift: Arc::default() }
    }

    /// A clock that stands at `start` and moves only when it is told to.
    pub fn manual(start: SystemTime) -> Self {
        Self { fixed: Some(start), shift: Arc::default() }
    }

    /// Moves the clock forward by `step`.
    pub fn advance(&self, step: Duration) {
        let mut shift = lock(&self.shift);
        *shift = shift.saturating_add(signed(step));
    }

    /// Moves the clock back by `step`, as on a machine whose time is put right: what was issued
    /// before then lies in the future. It never goes behind 1970.
    pub fn set_back(&self, step: Duration) {
        let start = self.fixed.unwrap_or_else(SystemTime::now);
        let furthest = start.duration_since(UNIX_EPOCH).map_or(SignedDuration::ZERO, signed);
        let mut shift = lock(&self.shift);
        // no further than it shows, or advancing would do nothing for long
        *shift = shift.saturating_sub(signed(step)).max(-furthest);
    }

    /// The present moment of the bank.
    pub fn now(&self) -> SystemTime {
        let (start, shift) = (self.fixed.unwrap_or_else(SystemTime::now), *lock(&self.shift));
        if shift.is_negative() {
            start.checked_sub(shift.unsigned_abs()).map_or(UNIX_EPOCH, |now| now.max(UNIX_EPOCH))
        } else {
            start + shift.unsigned_abs()
        }
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

fn signed(step: Duration) -> SignedDuration {
    SignedDuration::try_from(step).unwrap_or(SignedDuration::MAX)
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
        twin.set_back(Duration::from_secs(30));
        assert_eq!(clock.millis(), 60_000);
        twin.set_back(Duration::from_hours(1));
        assert_eq!(clock.millis(), 0);
    }
}
