//! What comes every month, quarter or year: wage or pension, rent, utilities, savings, tax,
//! interest and fees, heavier in winter where houses are heated. Payments move on workdays. There
//! are no direct debits, because the bank has none (bank-api fact 1.5).

use jiff::ToSpan;
use jiff::civil::Date;

use super::entry::{Detail, Domestic, Entry, Exchange, Foreign, Sepa, code, reference};
use super::iban::BIC;
use super::partner::{Abroad, EUROPE, OVERSEAS, Partner};
use super::people::{Customer, Income, Kind};
use super::standing::{self, Payee};
use super::workday;
use crate::random::Dice;

/// The constant symbol of wages.
const WAGE: i64 = 138;

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

    /// Whether what is due on the `nth` of the month leaves on this day.
    fn pays(&self, nth: i8) -> bool {
        self.date == workday::from(self.nth(nth))
    }

    /// The day of this month with that number.
    fn nth(&self, nth: i8) -> Date {
        self.date.first_of_month().saturating_add((i64::from(nth) - 1).days())
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
        let number = self.entries.len() + 1;
        let name = reference(amount, self.date, account, number);
        let entry = Entry::new(name, amount, self.date, code, text, detail);
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
        let constant = (amount > 0 && self.customer.habits.income == Income::Wage).then_some(WAGE);
        let message = (!message.is_empty()).then(|| message.to_owned());
        let (variable, specific) = (Some(variable), None);
        let detail = Domestic { partner, variable, specific, constant, message, exchange: None };
        self.add(account, amount, code, name, Detail::Domestic(detail));
    }

    /// A standing order between two of the customer's own accounts.
    fn transfer(&mut self, from: usize, to: usize, amount: i64, message: &str) {
        let ends = [(from, to, -amount), (to, from, amount)];
        for (account, other, amount) in ends {
            let partner =
                Partner::at(&self.customer.name, &self.customer.accounts[other].number, BIC);
            let (variable, specific, constant) = (None, Some(i64::from(self.date.month())), None);
            let message = Some(message.to_owned());
            let detail =
                Domestic { partner, variable, specific, constant, message, exchange: None };
            let code = if amount < 0 { code::STANDING_ORDER } else { code::DOMESTIC_IN };
            self.add(account, amount, code, message_of(&detail), Detail::Domestic(detail.clone()));
        }
    }

    fn sepa(&mut self, amount: i64, firm: &Abroad, message: &str, ultimate: Option<&'static str>) {
        let Some(account) = self.account(Kind::Euro) else { return };
        let detail = Sepa {
            partner: Partner::abroad(firm),
            end_to_end: format!("E2E-{}-{}", self.date, self.dice.between(100, 999)),
            message: message.to_owned(),
            ultimate: ultimate.map(ToOwned::to_owned),
            exchange: None,
        };
        let code = if amount < 0 { code::SEPA_OUT } else { code::SEPA_IN };
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
        tax(day, current);
    }
    standing_orders(day);
    utilities(day);
    europe(day);
    overseas(day);
    if day.date == day.date.last_of_month() {
        month_end(day);
    }
}

fn income(day: &mut Day<'_>, current: usize) {
    if day.date != workday::until(day.nth(10)) {
        return;
    }
    let habits = day.customer.habits;
    let (text, amount) = match habits.income {
        Income::Wage => {
            let reward = if day.date.month() == 12 { habits.earns / 2 } else { 0 };
            ("MZDA", habits.earns + reward + day.dice.between(0, 400) * 100)
        }
        Income::Pension => ("DUCHOD", habits.earns),
    };
    let message = format!("{text} {:02}/{}", day.date.month(), day.date.year());
    let variable = 2_000_000 + i64::from(day.date.month());
    day.domestic(current, amount, code::DOMESTIC_IN, (habits.payer, &message), variable);
}

/// What the customer has ordered once and for all.
fn standing_orders(day: &mut Day<'_>) {
    for order in standing::of(day.customer) {
        if !order.is_due(day.date) {
            continue;
        }
        match order.payee {
            Payee::Own(to) => day.transfer(order.account, to, order.amount, order.alias),
            Payee::Somebody(name, variable) => {
                let payee = (name, order.alias);
                day.domestic(order.account, -order.amount, code::STANDING_ORDER, payee, variable);
            }
        }
    }
}

fn tax(day: &mut Day<'_>, current: usize) {
    let quarter = day.date.month() % 3 == 1;
    if day.customer.habits.freelance && quarter && day.date == workday::until(day.nth(25)) {
        let tax = day.dice.between(6_200, 9_800) * 100;
        let payee = ("Finanční úřad pro hlavní město", "DPH");
        day.domestic(current, -tax, code::DOMESTIC_OUT, payee, 8_001_014_321);
    }
    if day.pays(17) && day.date.month() % 4 == 0 {
        let cash = day.dice.between(2, 9) * 100_000;
        day.add(current, cash, code::CASH_IN, "Vklad hotovosti", Detail::Cash);
    }
}

fn utilities(day: &mut Day<'_>) {
    let Some(account) = day.household() else { return };
    // heated from October to March
    let winter = !(4..=9).contains(&day.date.month());
    if day.pays(12) {
        let phone = day.dice.between(49_900, 71_900);
        let payee = ("Telefony Morava a.s.", "");
        day.domestic(account, -phone, code::DOMESTIC_OUT, payee, 777_123_456);
    }
    if day.pays(18) {
        let water = day.dice.between(1_150, 1_500) * 100 + if winter { 64_000 } else { 0 };
        let payee = ("Teplárna Povltaví a.s.", "Teplo a voda");
        day.domestic(account, -water, code::DOMESTIC_OUT, payee, 3_310_027_745);
    }
    if day.pays(20) {
        let energy = if winter { 298_000 } else { 164_000 } + day.dice.between(0, 90) * 100;
        let payee = ("Energie Polabí a.s.", "Elektrina a plyn");
        day.domestic(account, -energy, code::DOMESTIC_OUT, payee, 9_104_400_218);
    }
}

fn europe(day: &mut Day<'_>) {
    if day.pays(3) {
        day.sepa(-4_900, &EUROPE[1], "Hosting, monthly", None);
    }
    if day.pays(8) {
        let price = day.dice.between(1_990, 2_690);
        day.sepa(-price, &EUROPE[0], "Zeitschrift Abo", Some("Redaktion Bergluft"));
    }
    if day.pays(16) {
        let royalty = day.dice.between(33_000, 47_000);
        day.sepa(royalty, &EUROPE[2], "Autorska odmena", None);
    }
    if day.pays(24) && day.customer.habits.freelance {
        let fee = day.dice.between(60_000, 140_000);
        day.sepa(fee, &EUROPE[3], "Facture design", None);
    }
}

fn overseas(day: &mut Day<'_>) {
    let Some(account) = day.account(Kind::Euro) else { return };
    match day.date.month() % 3 {
        0 if day.pays(21) => {
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
        2 if day.pays(9) => {
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
            Kind::Joint | Kind::Treasury { .. } => {}
        }
    }
}

fn message_of(detail: &Domestic) -> &str {
    detail.message.as_deref().unwrap_or("")
}
