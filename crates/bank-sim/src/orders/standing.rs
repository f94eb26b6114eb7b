//! A standing order of a third party's app (bank-api fact 13.3): it pays on its days from its signature
//! on, until its last day or until it is cancelled. Changes and the end of one in force wait for a
//! signature of their own.

use jiff::civil::Date;
use serde_json::Value;

use super::{Moment, Payment, Schedule, first_day};
use crate::data::{Ledger, workday};

/// A standing order.
#[derive(Clone, Debug)]
pub(crate) struct StandingOrder {
    /// What is paid each time.
    pub(crate) payment: Payment,
    pub(crate) schedule: Schedule,
    /// The person's name for it.
    pub(crate) alias: Option<String>,
    /// `realizedPayments`: names and days.
    pub(crate) realized: Vec<(String, Date)>,
    /// What another signature makes of it.
    pub(crate) waiting: Option<Waiting>,
    /// The next day to pay, as the schedule has it.
    next: Option<Date>,
    /// No payment leaves before this day.
    earliest: Date,
}

/// What waits for a signature although the order is in force.
#[derive(Clone, Debug)]
pub(crate) enum Waiting {
    /// The order as it is to be, with its answer and its amount.
    Change(Box<StandingOrder>, Value, String),
    Deletion,
}

/// What a signature has done.
pub(super) struct Signed {
    /// The new answer and amount.
    pub(super) changed: Option<(Value, String)>,
    pub(super) ended: bool,
}

impl StandingOrder {
    pub(crate) fn new(payment: Payment, schedule: Schedule, alias: Option<String>) -> Self {
        let earliest = schedule.first;
        let (realized, waiting, next) = (Vec::new(), None, None);
        Self { payment, schedule, alias, realized, waiting, next, earliest }
    }

    /// The day on which money moves next.
    pub(super) fn due(&self, moment: Moment) -> Option<Date> {
        let day = self.day()?;
        let ready = moment.millis >= self.payment.ready;
        (ready && day <= moment.local.date()).then_some(day)
    }

    fn day(&self) -> Option<Date> {
        self.next.map(|next| workday::from(next).max(self.earliest))
    }

    /// Takes what was signed over.
    pub(super) fn accept(&mut self, moment: Moment) -> Signed {
        match self.waiting.take() {
            Some(Waiting::Deletion) => {
                self.next = None;
                Signed { changed: None, ended: true }
            }
            Some(Waiting::Change(new, body, amount)) => {
                let realized = std::mem::take(&mut self.realized);
                *self = Self { realized, ..*new };
                self.start(moment);
                Signed { changed: Some((body, amount)), ended: false }
            }
            None => {
                self.start(moment);
                Signed { changed: None, ended: false }
            }
        }
    }

    /// Begins with the first day, or where the signature was late with the first one still
    /// possible: of days that were missed one is made up for.
    fn start(&mut self, moment: Moment) {
        self.payment.accept(moment);
        self.earliest = first_day(moment.local, self.payment.priority);
        self.next = self.schedule.begin();
        while let Some(next) = self.next.and_then(|next| self.schedule.after(next))
            && workday::from(next) <= self.earliest
        {
            self.next = Some(next);
        }
    }

    /// Pays once, and turns to the next day. False: there is not enough money, and this payment is
    /// left out.
    pub(super) fn pay(&mut self, ledger: &Ledger, user: &str, order: &str) -> bool {
        let Some(day) = self.day() else { return false };
        let name = format!("{order}-{}", self.realized.len() + 1);
        let paid = Payment { day, ..self.payment.clone() }.book(ledger, user, &name);
        if paid {
            self.realized.push((name, day));
        }
        let mut next = self.next;
        while next.is_some_and(|next| workday::from(next).max(self.earliest) <= day) {
            next = next.and_then(|next| self.schedule.after(next));
        }
        self.next = next;
        paid
    }

    /// Whether nothing will be paid any more.
    pub(super) fn is_over(&self) -> bool {
        self.next.is_none()
    }
}
