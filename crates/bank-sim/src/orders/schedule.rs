//! The days of a standing order, within ČNB's limits (bank-api facts 1.5 and 13.3): the first one is
//! named, then each due day after it. What falls on a day without payments is paid on the next
//! workday; what falls into a stoppage or a break is not paid at all.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::data::workday;

/// How far a next day is looked for, in years.
const HORIZON: i64 = 10;

/// How often a standing order is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interval {
    /// On workdays.
    Daily,
    Weekly,
    Monthly,
    Quarterly,
    HalfYearly,
    Yearly,
}

impl Interval {
    const ALL: [Self; 6] =
        [Self::Daily, Self::Weekly, Self::Monthly, Self::Quarterly, Self::HalfYearly, Self::Yearly];

    pub(crate) fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|interval| interval.code() == code)
    }

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Daily => "DAILY",
            Self::Weekly => "WEEKLY",
            Self::Monthly => "MONTHLY",
            Self::Quarterly => "QUARTERLY",
            Self::HalfYearly => "HALFYEARLY",
            Self::Yearly => "YEARLY",
        }
    }

    /// The largest `intervalDue`. Of `DAILY` the standard says none: its due means nothing.
    pub(crate) fn most(self) -> i8 {
        match self {
            Self::Daily | Self::Monthly => 28,
            Self::Weekly => 5,
            Self::Quarterly => 3,
            Self::HalfYearly => 6,
            Self::Yearly => 12,
        }
    }

    /// Months from one payment to the next.
    fn months(self) -> i8 {
        match self {
            Self::Daily | Self::Weekly | Self::Monthly => 1,
            Self::Quarterly => 3,
            Self::HalfYearly => 6,
            Self::Yearly => 12,
        }
    }
}

/// When a standing order is paid.
#[derive(Clone, Debug)]
pub(crate) struct Schedule {
    pub(crate) first: Date,
    pub(crate) interval: Interval,
    /// Day of the week or of the month, or the month of the interval.
    pub(crate) due: i8,
    /// Not before the first one. `None`: until it is cancelled.
    pub(crate) last: Option<Date>,
    /// Months without payment, 1 to 12.
    pub(crate) stoppages: Vec<i8>,
    /// Days without payment, both ends included.
    pub(crate) breaks: Vec<(Date, Date)>,
}

impl Schedule {
    /// The first day on which something is paid, as the order has it.
    pub(super) fn begin(&self) -> Option<Date> {
        if self.pays(self.first) { Some(self.first) } else { self.after(self.first) }
    }

    /// The next day after `date` on which something is paid, as the order has it; `None` where
    /// there is none any more.
    pub(super) fn after(&self, date: Date) -> Option<Date> {
        let until = date.saturating_add(HORIZON.years());
        let until = self.last.map_or(until, |last| last.min(until));
        let mut days = std::iter::successors(self.due_after(date), |day| self.due_after(*day))
            .take_while(|day| *day <= until);
        days.find(|day| self.pays(*day))
    }

    /// Whether money moves at least once in a period, both days included.
    pub(crate) fn falls(&self, from: Date, to: Date) -> bool {
        let days = std::iter::successors(self.begin(), |day| self.after(*day));
        let mut days = days.map(workday::from).take_while(|day| *day <= to);
        days.any(|day| day >= from)
    }

    fn pays(&self, date: Date) -> bool {
        !self.stoppages.contains(&date.month())
            && !self.breaks.iter().any(|(from, to)| (*from..=*to).contains(&date))
    }

    /// The next due day.
    fn due_after(&self, date: Date) -> Option<Date> {
        match self.interval {
            Interval::Daily => date.tomorrow().ok().map(workday::from).filter(|day| *day > date),
            Interval::Weekly => (1..=7_i64)
                .filter_map(|days| date.checked_add(days.days()).ok())
                .find(|day| day.weekday().to_monday_one_offset() == self.due),
            _ => (0..=12_i64).find_map(|months| self.in_month(date, months)),
        }
    }

    /// The due day `months` after the month of `date`, if there is one, and it is after `date`.
    fn in_month(&self, date: Date, months: i64) -> Option<Date> {
        let month = date.first_of_month().checked_add(months.months()).ok()?;
        let monthly = self.interval == Interval::Monthly;
        let is_due = monthly || (month.month() - 1) % self.interval.months() + 1 == self.due;
        let day = if monthly { self.due } else { self.first.day().min(month.days_in_month()) };
        month.with().day(day).build().ok().filter(|day| is_due && *day > date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(schedule: &Schedule, count: usize) -> Vec<String> {
        let days = std::iter::successors(schedule.begin(), |day| schedule.after(*day));
        days.take(count).map(|day| day.to_string()).collect()
    }

    fn schedule(first: Date, interval: Interval, due: i8) -> Schedule {
        Schedule { first, interval, due, last: None, stoppages: vec![], breaks: vec![] }
    }

    #[test]
    fn every_interval_has_its_days() {
        let first = Date::constant(2026, 1, 31);
        for (interval, due, expected) in [
            (Interval::Daily, 1, ["2026-01-31", "2026-02-02", "2026-02-03"]),
            (Interval::Weekly, 5, ["2026-01-31", "2026-02-06", "2026-02-13"]),
            (Interval::Monthly, 28, ["2026-01-31", "2026-02-28", "2026-03-28"]),
            (Interval::Quarterly, 1, ["2026-01-31", "2026-04-30", "2026-07-31"]),
            (Interval::HalfYearly, 2, ["2026-01-31", "2026-02-28", "2026-08-31"]),
            (Interval::Yearly, 1, ["2026-01-31", "2027-01-31", "2028-01-31"]),
        ] {
            assert_eq!(days(&schedule(first, interval, due), 3), expected, "{interval:?}");
        }
    }

    #[test]
    fn stoppages_breaks_and_the_last_day_are_kept() {
        let day = |month, day| Date::constant(2026, month, day);
        let mut one = schedule(day(3, 10), Interval::Monthly, 10);
        one.stoppages = vec![7, 8];
        one.breaks = vec![(day(4, 10), day(5, 9))];
        one.last = Some(day(9, 10));
        let expected = ["2026-03-10", "2026-05-10", "2026-06-10", "2026-09-10"];
        assert_eq!(days(&one, 9), expected);
        assert!(one.falls(day(5, 11), day(5, 11)), "a Sunday is paid on Monday");
        assert!(!one.falls(day(7, 1), day(8, 31)) && !one.falls(day(9, 11), day(12, 31)));
        one.stoppages = (1..=12).collect();
        assert_eq!(one.begin(), None);
    }
}
