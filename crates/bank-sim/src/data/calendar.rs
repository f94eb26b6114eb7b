//! What comes every month, quarter or year: salary, rent, SIPO, utilities, savings, tax, interest
//! and fees, heavier in winter where houses are heated.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::entry::{Detail, Domestic, Entry, Exchange, Foreign, Sepa, code};
use super::iban::BIC;
use super::partner::{Abroad, EUROPE, OVERSEAS, Partner};
use super::people::{Customer, Kind};
use crate::random::Dice;

/// One customer's day while it is made up.
pub(super) struct Day<'a> {
    pub(super) date: Date,
    pub(super) customer: &'a Customer,
    /// Balances at the start of the day, by account.
    pub(super) balances: &'a [i64],
    pub(super) dice: Dice,
    /// The day's movements with the index of their account.
    pub(super) entries: Vec<(usize, Entry)>,
}

impl Day<'_> {
    /// The first account of a kind.
    pub(super) fn account(&self, kind: Kind) -> Option<usize> {
        self.customer.accounts.iter().position(|account| account.kind == kind)
    }

    /// Where daily life is paid from.
    pub(super) fn household(&self) -> Option<usize> {
        self.account(Kind::Joint).or_else(|| self.account(Kind::Current))
    }

    /// Adds a movement.
    pub(super) fn add(
        &mut self,
        account: usize,
        amount: i64,
        code: &'static str,
        text: &str,
        detail: Detail,
    ) {
        let (day, number) = (self.date, self.entries.len() + 1);
        let reference = format!(
            "{}{:02}{:02}{:02}-{account}{number:04}",
            if amount < 0 { 'D' } else { 'K' },
            day.year() % 100,
            day.month(),
            day.day(),
        );
        let text = text.to_owned();
        let entry = Entry { reference, amount, day, code, text, reversal: false, detail };
        self.entries.push((account, entry));
    }

    fn domestic(
        &mut self,
        account: usize,
        amount: i64,
        code: &'static str,
        (name, message): (&str, &str),
        variable: i64,
    ) {
        let partner = Partner::czech(name);
        let constant = (code == code::SIPO).then_some(558);
        let message = (!message.is_empty()).then(|| message.to_owned());
        let (variable, specific) = (Some(variable), None);
        let detail = Domestic { partner, variable, specific, constant, message };
        self.add(account, amount, code, name, Detail::Domestic(detail));
    }

    /// A standing order between two of the customer's own accounts.
    fn transfer(&mut self, from: usize, to: usize, amount: i64, message: &str) {
        let ends = [(from, to, -amount), (to, from, amount)];
        for (account, other, amount) in ends {
            let partner =
                Partner::at(self.customer.name, &self.customer.accounts[other].number, BIC);
            let (variable, specific, constant) = (None, Some(i64::from(self.date.month())), None);
            let message = Some(message.to_owned());
            let detail = Domestic { partner, variable, specific, constant, message };
            let code = if amount < 0 { code::STANDING_ORDER } else { code::DOMESTIC_IN };
            self.add(account, amount, code, message_of(&detail), Detail::Domestic(detail.clone()));
        }
    }

    fn sepa(&mut self, amount: i64, code: &'static str, firm: &Abroad, message: &str) {
        let Some(account) = self.account(Kind::Euro) else { return };
        let debit = code == code::SEPA_DEBIT;
        let detail = Sepa {
            partner: Partner::abroad(firm),
            end_to_end: format!("E2E-{}-{}", self.date, self.dice.between(100, 999)),
            message: message.to_owned(),
            mandate: debit.then(|| format!("M-{}-0017", self.customer.username)),
            ultimate: debit.then_some("Gemeinsame Abrechnungsstelle"),
        };
        self.add(account, amount, code, message, Detail::Sepa(detail));
    }

    fn foreign(&mut self, amount: i64, code: &'static str, exchange: Exchange, firm: &Abroad) {
        let Some(account) = self.account(Kind::Euro) else { return };
        let message = format!("INVOICE {}/{:04}", self.date.year(), self.dice.between(1, 9999));
        let text = message.clone();
        let partner = Partner::abroad(firm);
        let detail = Detail::Foreign(Foreign { partner, exchange, bearer: "SHA", message });
        self.add(account, amount, code, &text, detail);
    }
}

/// Everything that is due on this day.
pub(super) fn due(day: &mut Day<'_>) {
    if let Some(current) = day.account(Kind::Current) {
        income(day, current);
        housing(day, current);
        saving(day, current);
        tax(day, current);
    }
    utilities(day);
    europe(day);
    overseas(day);
    if day.date == day.date.last_of_month() {
        month_end(day);
    }
}

fn income(day: &mut Day<'_>, current: usize) {
    if day.date != workday(day.date, 10) {
        return;
    }
    let habits = day.customer.habits;
    let reward = if day.date.month() == 12 { habits.salary / 2 } else { 0 };
    let salary = habits.salary + reward + day.dice.between(0, 400) * 100;
    let message = format!("MZDA {:02}/{}", day.date.month(), day.date.year());
    let variable = 2_000_000 + i64::from(day.date.month());
    day.domestic(current, salary, code::DOMESTIC_IN, (habits.employer, &message), variable);
}

fn housing(day: &mut Day<'_>, current: usize) {
    if day.date.day() == 1 {
        let habits = day.customer.habits;
        let payee = (habits.landlord, "Najem a zalohy");
        day.domestic(current, -habits.rent, code::STANDING_ORDER, payee, 4_127_011);
    }
}

fn saving(day: &mut Day<'_>, current: usize) {
    let saving = day.customer.habits.saving;
    match (day.account(Kind::Savings), day.date.day(), day.date.month()) {
        (Some(savings), 11, _) => day.transfer(current, savings, saving, "Sporeni"),
        (Some(savings), 1, 7) => day.transfer(savings, current, 4 * saving, "Na dovolenou"),
        _ => {}
    }
    if let (Some(joint), 2) = (day.account(Kind::Joint), day.date.day()) {
        day.transfer(current, joint, 2_900_000, "Domacnost");
    }
}

fn tax(day: &mut Day<'_>, current: usize) {
    let quarter = day.date.month() % 3 == 1;
    if day.customer.habits.freelance && quarter && day.date == workday(day.date, 25) {
        let tax = day.dice.between(6_200, 9_800) * 100;
        let payee = ("Finanční úřad pro hlavní město", "DPH");
        day.domestic(current, -tax, code::DOMESTIC_OUT, payee, 8_001_014_321);
    }
    if day.date.day() == 17 && day.date.month() % 4 == 0 {
        let cash = day.dice.between(2, 9) * 100_000;
        day.add(current, cash, code::CASH_IN, "Vklad hotovosti", Detail::Cash);
    }
}

fn utilities(day: &mut Day<'_>) {
    let Some(account) = day.household() else { return };
    // heated from October to March
    let winter = !(4..=9).contains(&day.date.month());
    match day.date.day() {
        12 => {
            let phone = day.dice.between(49_900, 71_900);
            let payee = ("Telefony Morava a.s.", "");
            day.domestic(account, -phone, code::COLLECTION, payee, 777_123_456);
        }
        15 => {
            let sipo = day.dice.between(1_350, 1_720) * 100 + if winter { 64_000 } else { 0 };
            let payee = ("SIPO", "Rozhlas, televize, noviny");
            day.domestic(account, -sipo, code::SIPO, payee, 5_034_567_891);
        }
        20 => {
            let energy = if winter { 298_000 } else { 164_000 } + day.dice.between(0, 90) * 100;
            let payee = ("Energie Polabí a.s.", "Zaloha elektrina a plyn");
            day.domestic(account, -energy, code::DOMESTIC_OUT, payee, 9_104_400_218);
        }
        _ => {}
    }
}

fn europe(day: &mut Day<'_>) {
    let freelance = day.customer.habits.freelance;
    match day.date.day() {
        3 => day.sepa(-4_900, code::SEPA_OUT, &EUROPE[1], "Hosting, monthly"),
        8 => {
            let premium = day.dice.between(1_990, 2_690);
            day.sepa(-premium, code::SEPA_DEBIT, &EUROPE[0], "Zeitschrift Abo");
        }
        16 => {
            let royalty = day.dice.between(33_000, 47_000);
            day.sepa(royalty, code::SEPA_IN, &EUROPE[2], "Autorska odmena");
        }
        24 if freelance => {
            let fee = day.dice.between(60_000, 140_000);
            day.sepa(fee, code::SEPA_IN, &EUROPE[3], "Facture design");
        }
        _ => {}
    }
}

fn overseas(day: &mut Day<'_>) {
    let Some(account) = day.account(Kind::Euro) else { return };
    match (day.date.day(), day.date.month() % 3) {
        (21, 0) => {
            let (amount, rate) = (day.dice.between(9_000, 24_000), day.dice.between(88, 95));
            let exchange = Exchange { amount, currency: "USD", rate };
            day.foreign(-amount * rate / 100, code::FOREIGN_OUT, exchange, &OVERSEAS[0]);
            day.add(
                account,
                -800,
                code::FEE_FOREIGN,
                "Poplatek za zahraniční platbu",
                Detail::Plain,
            );
        }
        (9, 2) => {
            let (amount, rate) = (day.dice.between(15_000, 30_000), day.dice.between(113, 120));
            let exchange = Exchange { amount, currency: "GBP", rate };
            day.foreign(amount * rate / 100, code::FOREIGN_IN, exchange, &OVERSEAS[1]);
        }
        _ => {}
    }
}

fn month_end(day: &mut Day<'_>) {
    for at in 0..day.customer.accounts.len() {
        let (kind, balance) = (day.customer.accounts[at].kind, day.balances[at].max(0));
        match kind {
            Kind::Savings => {
                // 3.2 % a year
                let interest = balance * 32 / 12_000;
                day.add(at, interest, code::INTEREST, "Připsaný úrok", Detail::Plain);
            }
            Kind::Current => {
                day.add(at, balance / 120_000, code::INTEREST, "Připsaný úrok", Detail::Plain);
                day.add(at, -4_900, code::FEE, "Vedení účtu", Detail::Plain);
            }
            Kind::Euro => day.add(at, -200, code::FEE, "Vedení účtu", Detail::Plain),
            Kind::Joint => {}
        }
    }
}

/// The last workday up to the `nth` of the month of `date`.
fn workday(date: Date, nth: i8) -> Date {
    let due = date.first_of_month().saturating_add((i64::from(nth) - 1).days());
    match due.weekday() {
        Weekday::Saturday => due.saturating_sub(1.days()),
        Weekday::Sunday => due.saturating_sub(2.days()),
        _ => due,
    }
}

fn message_of(detail: &Domestic) -> &str {
    detail.message.as_deref().unwrap_or("")
}
