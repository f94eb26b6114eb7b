//! A single payment: when it leaves, and how it is booked (bank-api facts 10.2, 10.9 and 9.6). The
//! payer is debited, and a payee at this bank is credited at once.

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};
use serde::{Deserialize, Serialize};

use super::Moment;
use super::rates::worth;
use crate::data::entry::{Detail, Domestic, Entry, Exchange, Foreign, Sepa, code};
use crate::data::iban::BIC;
use crate::data::{Account, Customer, Ledger, Partner, workday};

/// Payments of later hours leave on the next workday.
const CUT_OFF: Time = Time::constant(17, 0, 0, 0);

/// The kind of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentKind {
    /// `DMCT`: in Czech crowns to a Czech account, or within the bank.
    Domestic,
    /// `ESCT`: in euros within the SEPA area.
    Sepa,
    /// `EXCT`: in another currency within the European Economic Area.
    Eea,
    /// `NXCT`: anywhere else.
    NonEea,
}

impl PaymentKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Domestic, Self::Sepa, Self::Eea, Self::NonEea];

    /// `serviceLevel.code` (bank-api fact 10.2).
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Domestic => "DMCT",
            Self::Sepa => "ESCT",
            Self::Eea => "EXCT",
            Self::NonEea => "NXCT",
        }
    }
}

/// `instructionPriority`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Priority {
    #[default]
    Normal,
    High,
    /// At any hour of any day.
    Instant,
}

impl Priority {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Normal => "NORM",
            Self::High => "HIGH",
            Self::Instant => "INST",
        }
    }
}

/// An ordered payment.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub(crate) kind: PaymentKind,
    pub(crate) priority: Priority,
    /// `instructionIdentification`, the third party's reference.
    pub(crate) instruction: String,
    /// The account that pays, by its name in the API.
    pub(crate) account: String,
    /// Hundredths of `currency`.
    pub(crate) amount: i64,
    pub(crate) currency: &'static str,
    pub(crate) payee: Partner,
    pub(crate) symbols: Symbols,
    pub(crate) message: Option<String>,
    pub(crate) end_to_end: Option<String>,
    /// For whom it is in the end.
    pub(crate) ultimate: Option<String>,
    pub(crate) bearer: &'static str,
    /// The day it leaves.
    pub(crate) day: Date,
    /// Milliseconds from the signature to the booking.
    pub(crate) takes: i64,
    /// Milliseconds since 1970 before which it is not booked.
    pub(crate) ready: i64,
    /// Milliseconds that it waits for missing money.
    pub(crate) patience: i64,
    /// Milliseconds since 1970 when money was found missing first.
    pub(crate) overdue: Option<i64>,
    /// Whether a standing order pays it.
    pub(crate) standing: bool,
}

/// Symbols of Czech payments (bank-api fact 12.4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Symbols {
    pub(crate) variable: Option<i64>,
    pub(crate) specific: Option<i64>,
    pub(crate) constant: Option<i64>,
}

/// The first day on which a payment of this moment leaves.
pub(crate) fn first_day(local: DateTime, priority: Priority) -> Date {
    let today = local.date();
    if priority == Priority::Instant {
        return today;
    }
    let late = local.time() >= CUT_OFF;
    workday::from(if late { today.saturating_add(1.days()) } else { today })
}

impl Payment {
    /// Takes the signed payment over: it leaves on its day, or on the first one still possible.
    pub(super) fn accept(&mut self, moment: Moment) {
        self.day = self.day.max(first_day(moment.local, self.priority));
        self.ready = moment.millis.saturating_add(self.takes);
    }

    pub(super) fn is_due(&self, moment: Moment) -> bool {
        moment.local.date() >= self.day && moment.millis >= self.ready
    }

    /// Waits for the money that is missing, and leaves on the day when it is there. False: it has
    /// waited long enough.
    pub(super) fn wait(&mut self, moment: Moment) -> bool {
        let since = *self.overdue.get_or_insert(moment.millis);
        self.day = self.day.max(moment.local.date());
        moment.millis.saturating_sub(since) < self.patience
    }

    /// Books the payment of `user`. False: there is not enough money.
    pub(super) fn book(&self, ledger: &Ledger, user: &str, order: &str) -> bool {
        let Some(account) = ledger.account(user, &self.account) else { return false };
        let Some(statement) = ledger.statement(user, &self.account, self.day) else { return false };
        let debit = self.debit(account, order);
        if -debit.amount > statement.available.saturating_add(account.credit_line.unwrap_or(0)) {
            return false;
        }
        ledger.post(user, &self.account, debit);
        if let Some((holder, theirs)) = ledger.holder(&self.payee.account) {
            self.credit(ledger, account, (holder, theirs), order);
        }
        true
    }

    /// What the payment blocks on `account` until it is booked.
    pub(super) fn blocked(&self, account: &Account, order: &str) -> Entry {
        Entry { blocked: true, ..self.debit(account, order) }
    }

    /// What the payment takes from `account`.
    fn debit(&self, account: &Account, order: &str) -> Entry {
        let (debit, exchange) = self.on(account);
        self.entry(order.to_owned(), -debit, self.payee.clone(), exchange)
    }

    /// What the payment is on `account`, in hundredths of its currency, and the exchange if it is
    /// another one.
    fn on(&self, account: &Account) -> (i64, Option<Exchange>) {
        let (worth, rate) = worth(account.currency, self.currency, self.amount);
        let exchange = Exchange { amount: self.amount, currency: self.currency, rate };
        (worth, (self.currency != account.currency).then_some(exchange))
    }

    fn credit(
        &self,
        ledger: &Ledger,
        payer: &Account,
        (holder, theirs): (&Customer, &Account),
        order: &str,
    ) {
        let (gain, exchange) = self.on(theirs);
        let partner = Partner::at(&payer.holder, &payer.number, BIC);
        let mut entry = self.entry(format!("{order}-K"), gain, partner, exchange);
        entry.instruction = None;
        ledger.post(&holder.username, &theirs.id, entry);
    }

    /// One side of the payment.
    fn entry(
        &self,
        reference: String,
        amount: i64,
        partner: Partner,
        exchange: Option<Exchange>,
    ) -> Entry {
        let message = self.message.clone();
        let text = message.clone().unwrap_or_else(|| partner.name.clone());
        let detail = match self.kind {
            PaymentKind::Domestic => {
                let Symbols { variable, specific, constant } = self.symbols;
                Detail::Domestic(Domestic {
                    partner,
                    variable,
                    specific,
                    constant,
                    message,
                    exchange,
                })
            }
            PaymentKind::Sepa => Detail::Sepa(Sepa {
                partner,
                end_to_end: self.end_to_end.clone().unwrap_or_else(|| "NOTPROVIDED".to_owned()),
                message: message.unwrap_or_default(),
                ultimate: self.ultimate.clone(),
                exchange,
            }),
            PaymentKind::Eea | PaymentKind::NonEea => {
                let same = Exchange { amount: self.amount, currency: self.currency, rate: 100 };
                let exchange = exchange.unwrap_or(same);
                let message = message.unwrap_or_default();
                Detail::Foreign(Foreign { partner, exchange, bearer: self.bearer, message })
            }
        };
        Entry {
            reference,
            amount,
            day: self.day,
            code: self.code(amount > 0),
            text,
            reversal: false,
            blocked: false,
            instruction: Some(self.instruction.clone()),
            detail,
        }
    }

    /// The code of the Czech Banking Association (bank-api fact 9.6).
    fn code(&self, credit: bool) -> &'static str {
        match (self.kind, credit, self.priority) {
            (PaymentKind::Domestic, true, _) => code::DOMESTIC_IN,
            (PaymentKind::Domestic, false, _) if self.standing => code::STANDING_ORDER,
            (PaymentKind::Domestic, false, Priority::Normal) => code::DOMESTIC_OUT,
            (PaymentKind::Domestic, false, _) => code::DOMESTIC_EXPRESS,
            (PaymentKind::Sepa, true, _) => code::SEPA_IN,
            (PaymentKind::Sepa, false, Priority::Normal) => code::SEPA_OUT,
            (PaymentKind::Sepa, false, _) => code::SEPA_EXPRESS,
            (_, true, _) => code::FOREIGN_IN,
            (_, false, _) => code::FOREIGN_OUT,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payments_leave_on_workdays_before_five() {
        let at = |day, hour| Date::constant(2026, 3, day).at(hour, 0, 0, 0);
        let first = |day, hour| first_day(at(day, hour), Priority::Normal).day();
        assert_eq!(first(13, 16), 13, "a Friday");
        assert_eq!(first(13, 17), 16, "after the cut-off");
        assert_eq!(first(14, 10), 16, "a Saturday");
        assert_eq!(first_day(at(14, 23), Priority::Instant).day(), 14);
    }
}
