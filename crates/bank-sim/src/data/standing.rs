//! Standing orders that customers have given the bank themselves. The calendar pays by them, so they
//! agree with the movements; the API lists them (bank-api facts 1.5 and 9.7).

use jiff::ToSpan;
use jiff::civil::Date;

use super::partner::Partner;
use super::people::{Account, Customer, Kind};
use super::workday;
use crate::random::Dice;

/// How often a standing order is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Interval {
    /// On a day of each month.
    Monthly(i8),
    /// On the first of a month.
    Yearly(i8),
}

/// Who is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Payee {
    /// Somebody at another bank, by a variable symbol.
    Somebody(&'static str, i64),
    /// Another account of the same person.
    Own(usize),
}

/// A standing order.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    /// The bank's name for it.
    pub(crate) id: String,
    /// The person's name for it, which is also the message.
    pub(crate) alias: &'static str,
    /// Index of the account that pays.
    pub(crate) account: usize,
    pub(crate) amount: i64,
    pub(crate) interval: Interval,
    /// Whether it has a last day; otherwise it goes on until it is cancelled.
    pub(crate) ends: bool,
    pub(super) payee: Payee,
}

impl Standing {
    /// The account number of who is paid.
    pub(crate) fn payee(&self, customer: &Customer) -> String {
        match self.payee {
            Payee::Somebody(name, _) => Partner::czech(name).account,
            Payee::Own(at) => customer.accounts[at].number.iban(),
        }
    }

    /// Whether it is paid on this day.
    pub(crate) fn is_due(&self, date: Date) -> bool {
        let due = match self.interval {
            Interval::Monthly(day) => Some(day),
            Interval::Yearly(month) => (date.month() == month).then_some(1),
        };
        due.is_some_and(|day| {
            let day = i64::from(day) - 1;
            date == workday::from(date.first_of_month().saturating_add(day.days()))
        })
    }

    /// Whether it is paid at least once in a period, both days included.
    pub(crate) fn falls(&self, from: Date, to: Date) -> bool {
        // a year and a long weekend hold every interval
        let days = (0..380_i64).map(|days| from.saturating_add(days.days()));
        days.take_while(|day| *day <= to).any(|day| self.is_due(day))
    }
}

/// The standing orders of a customer.
pub(crate) fn of(customer: &Customer) -> Vec<Standing> {
    let mut dice = Dice::new(0, &format!("standing {}", customer.username));
    let mut orders = Vec::new();
    let mut give = |account, amount, alias, interval, payee| {
        let id = format!("TP{:012}", dice.between(1, 999_999_999_999));
        let ends = alias == HOUSING && customer.habits.mortgage();
        orders.push(Standing { id, alias, account, amount, interval, ends, payee });
    };
    let find =
        |kind: Kind| customer.accounts.iter().position(|account: &Account| account.kind == kind);
    let (habits, current) = (customer.habits, find(Kind::Current));
    let (joint, savings) = (find(Kind::Joint), find(Kind::Savings));
    if let Some(current) = current {
        let landlord = Payee::Somebody(habits.landlord, 4_127_011);
        give(current, habits.rent, HOUSING, Interval::Monthly(1), landlord);
        if let Some(savings) = savings {
            let (to, back) = (Payee::Own(savings), Payee::Own(current));
            give(current, habits.saving, "Sporeni", Interval::Monthly(11), to);
            give(savings, 4 * habits.saving, "Na dovolenou", Interval::Yearly(7), back);
        }
        if let Some(joint) = joint {
            give(current, 3_200_000, "Domacnost", Interval::Monthly(2), Payee::Own(joint));
        }
    }
    if let Some(household) = joint.or(current) {
        let radio = Payee::Somebody("Rozhlas a televize", 5_034_567_891);
        give(household, 20_500, "Poplatky", Interval::Monthly(15), radio);
    }
    orders
}

const HOUSING: &str = "Najem a zalohy";

#[cfg(test)]
mod tests {
    use super::super::people::people;
    use super::*;

    #[test]
    fn orders_fall_on_workdays_of_their_interval() {
        let customers = people(1);
        let orders = of(&customers[0]);
        assert_eq!(orders.len(), 4);
        let rent = &orders[0];
        // the first of March 2026 is a Sunday
        assert!(
            rent.is_due(Date::constant(2026, 3, 2)) && !rent.is_due(Date::constant(2026, 3, 1))
        );
        let holiday = &orders[2];
        let day = |month, day| Date::constant(2026, month, day);
        assert!(holiday.falls(day(6, 1), day(7, 1)) && !holiday.falls(day(7, 2), day(12, 31)));
        assert!(holiday.falls(day(7, 2), Date::constant(2027, 7, 1)));
    }
}
