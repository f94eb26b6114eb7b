//! Days on which Czech banks move money: neither weekends nor public holidays (Act 245/2000 Coll.).

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// Month and day of the holidays that stay where they are.
const FIXED: [(i8, i8); 11] = [
    (1, 1),
    (5, 1),
    (5, 8),
    (7, 5),
    (7, 6),
    (9, 28),
    (10, 28),
    (11, 17),
    (12, 24),
    (12, 25),
    (12, 26),
];

/// Longer than any row of days off.
const REACH: i64 = 10;

/// The first workday from `date` on: when a payment due on `date` leaves.
pub(crate) fn from(date: Date) -> Date {
    let mut days = (0..REACH).map(|days| date.saturating_add(days.days()));
    days.find(|day| is_workday(*day)).unwrap_or(date)
}

/// The last workday up to `date`: when a wage due on `date` comes.
pub(crate) fn until(date: Date) -> Date {
    let mut days = (0..REACH).map(|days| date.saturating_sub(days.days()));
    days.find(|day| is_workday(*day)).unwrap_or(date)
}

/// Whether banks move money on `date`.
pub(crate) fn is_workday(date: Date) -> bool {
    let easter = easter(date.year());
    let moving = [easter.saturating_sub(2.days()), easter.saturating_add(1.days())];
    let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    !weekend && !moving.contains(&date) && !FIXED.contains(&(date.month(), date.day()))
}

/// Easter Sunday by the rule of Gauss, for the years 1900 to 2099.
fn easter(year: i16) -> Date {
    let golden = year % 19;
    let moon = (19 * golden + 24) % 30;
    let sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + 5) % 7;
    let late = sunday == 6 && (moon == 29 || (moon == 28 && golden > 10));
    let days = moon + sunday - if late { 7 } else { 0 };
    Date::new(year, 3, 22).unwrap_or(Date::ZERO).saturating_add(i64::from(days).days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easter_is_when_it_was() {
        for (year, month, day) in [
            (1954, 4, 18),
            (1981, 4, 19),
            (2008, 3, 23),
            (2011, 4, 24),
            (2025, 4, 20),
            (2026, 4, 5),
        ] {
            assert_eq!(easter(year), Date::constant(year, month, day));
        }
    }

    #[test]
    fn payments_wait_for_the_next_workday_and_wages_come_on_the_last() {
        let day = |month, day| Date::constant(2026, month, day);
        assert_eq!(from(day(3, 1)), day(3, 2), "a Sunday");
        assert_eq!(from(day(4, 3)), day(4, 7), "Good Friday to Easter Monday");
        assert_eq!(from(day(12, 24)), day(12, 28), "Christmas, then a weekend");
        assert_eq!(from(day(3, 2)), day(3, 2));
        assert_eq!(until(day(5, 10)), day(5, 7), "a weekend after a holiday");
    }
}
