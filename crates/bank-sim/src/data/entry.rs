//! One movement on an account, in the bank's own terms. The COBS form is made in `api::entry`.
//! Codes are those of the Czech Banking Association (bank-api fact 9.6).

use jiff::ToSpan;
use jiff::civil::Date;

use super::partner::Partner;

/// Codes of the Czech Banking Association.
pub(crate) mod code {
    pub(crate) const DOMESTIC_OUT: &str = "10000101000";
    pub(crate) const DOMESTIC_EXPRESS: &str = "10000102000";
    pub(crate) const STANDING_ORDER: &str = "10000105000";
    pub(crate) const DOMESTIC_IN: &str = "10000107000";
    pub(crate) const FOREIGN_OUT: &str = "10000201000";
    pub(crate) const FOREIGN_IN: &str = "10000202000";
    pub(crate) const SEPA_OUT: &str = "10000401000";
    pub(crate) const SEPA_EXPRESS: &str = "10000402000";
    pub(crate) const SEPA_IN: &str = "10000403000";
    pub(crate) const CASH_IN: &str = "20000101000";
    pub(crate) const ATM: &str = "30000101000";
    pub(crate) const ATM_ABROAD: &str = "30000102000";
    pub(crate) const CARD: &str = "30000201000";
    pub(crate) const CASHBACK: &str = "30000202000";
    pub(crate) const FEE_FOREIGN: &str = "40000201000";
    pub(crate) const FEE_CARD: &str = "40000501000";
    pub(crate) const FEE: &str = "40000601000";
    pub(crate) const INTEREST: &str = "90000201000";
}

/// Days between a card payment and its posting.
const CARD_DAYS: i64 = 2;

/// Days that a card payment stays blocked at most.
const HOLD_DAYS: i64 = 7;

/// The earliest day of movements that can still be blocked on `today`.
pub(crate) fn recent(today: Date) -> Date {
    today.saturating_sub(CARD_DAYS.days())
}

/// A movement.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) reference: String,
    /// Hundredths of the account's currency; negative leaves the account.
    pub(crate) amount: i64,
    /// The day it happened.
    pub(crate) day: Date,
    pub(crate) code: &'static str,
    /// What the bank prints for the customer.
    pub(crate) text: String,
    pub(crate) reversal: bool,
    /// A payment that is signed and not booked yet.
    pub(crate) blocked: bool,
    /// The reference that a third party gave its order.
    pub(crate) instruction: Option<String>,
    pub(crate) detail: Detail,
}

/// The bank's number of a movement: its direction, day, account and place in the day.
pub(super) fn reference(amount: i64, day: Date, account: usize, number: usize) -> String {
    let letter = if amount < 0 { 'D' } else { 'K' };
    let (year, month, date) = (day.year() % 100, day.month(), day.day());
    format!("{letter}{year:02}{month:02}{date:02}-{account}{number:04}")
}

impl Entry {
    /// An ordinary movement that is booked.
    pub(super) fn new(
        reference: String,
        amount: i64,
        day: Date,
        code: &'static str,
        text: &str,
        detail: Detail,
    ) -> Self {
        let (text, reversal, blocked, instruction) = (text.to_owned(), false, false, None);
        Self { reference, amount, day, code, text, reversal, blocked, instruction, detail }
    }

    /// True while a payment is only blocked.
    pub(crate) fn is_pending(&self, today: Date) -> bool {
        self.blocked || (self.by_card() && today < self.posted())
    }

    /// The booking day: the day itself while pending.
    pub(crate) fn booked(&self, today: Date) -> Date {
        if self.is_pending(today) { self.day } else { self.posted() }
    }

    /// The day on which a card payment that nobody has asked for is given back.
    pub(crate) fn hold_ends(&self) -> Option<Date> {
        self.by_card().then(|| self.day.saturating_add(HOLD_DAYS.days()))
    }

    fn by_card(&self) -> bool {
        matches!(self.detail, Detail::Card(_))
    }

    fn posted(&self) -> Date {
        if self.by_card() { self.day.saturating_add(CARD_DAYS.days()) } else { self.day }
    }
}

/// What a movement is made of, by its kind (bank-api fact 9.5).
#[derive(Clone, Debug)]
pub(crate) enum Detail {
    /// Fee or interest.
    Plain,
    /// Cash over the counter.
    Cash,
    Card(Card),
    Domestic(Domestic),
    Sepa(Sepa),
    Foreign(Foreign),
}

/// A card payment or withdrawal.
#[derive(Clone, Debug)]
pub(crate) struct Card {
    /// Last four digits.
    pub(crate) last: i64,
    pub(crate) place: &'static str,
    /// Cash handed out at the till, included in the amount.
    pub(crate) cashback: Option<i64>,
    pub(crate) exchange: Option<Exchange>,
}

/// The amount in the other currency.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exchange {
    pub(crate) amount: i64,
    pub(crate) currency: &'static str,
    /// Hundredths of the account's currency for one of the other.
    pub(crate) rate: i64,
}

#[derive(Clone, Debug)]
pub(crate) struct Domestic {
    pub(crate) partner: Partner,
    pub(crate) variable: Option<i64>,
    pub(crate) specific: Option<i64>,
    pub(crate) constant: Option<i64>,
    pub(crate) message: Option<String>,
    pub(crate) exchange: Option<Exchange>,
}

#[derive(Clone, Debug)]
pub(crate) struct Sepa {
    pub(crate) partner: Partner,
    pub(crate) end_to_end: String,
    pub(crate) message: String,
    /// For whom an outgoing payment is in the end.
    pub(crate) ultimate: Option<String>,
    pub(crate) exchange: Option<Exchange>,
}

#[derive(Clone, Debug)]
pub(crate) struct Foreign {
    pub(crate) partner: Partner,
    pub(crate) exchange: Exchange,
    pub(crate) bearer: &'static str,
    pub(crate) message: String,
}
