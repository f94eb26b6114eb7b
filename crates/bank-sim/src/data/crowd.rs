//! Customers beyond the four named ones, for load: a crowd of ordinary people, and a municipality
//! whose account moves all day long.

use jiff::civil::Date;

use super::HISTORY;
use super::entry::{Detail, Domestic, Entry, code, reference};
use super::partner::Partner;
use super::people::{Customer, Habits, Income, Kind, customer};
use crate::random::Dice;

/// How many customers and movements there are beside the four named customers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Population {
    /// Further customers, `klient00001` and on, each with a current account.
    pub crowd: u32,
    /// Movements of the last 400 days on the account of the municipality `obec`, rounded up to a
    /// multiple of 400; 0 leaves the municipality out.
    pub movements: u32,
}

const FIRST_NAMES: [&str; 8] =
    ["Adam", "Barbora", "Cyril", "Dana", "Emil", "Františka", "Hynek", "Ivana"];
/// The same form for women and men.
const SURNAMES: [&str; 6] = ["Janků", "Krejčí", "Martinů", "Petrů", "Tichý-Malá", "Zelený-Nová"];

/// The municipality, if the population has one.
pub(super) fn municipality(seed: u64, population: Population) -> Option<Customer> {
    let days = u32::try_from(HISTORY).unwrap_or(1);
    let daily = population.movements.div_ceil(days);
    let kinds = [Kind::Treasury { daily }];
    (daily > 0).then(|| customer(seed, "obec", "Obec Horní Lhota", &kinds, QUIET))
}

/// The crowd.
pub(super) fn crowd(seed: u64, population: Population) -> impl Iterator<Item = Customer> {
    (1..=population.crowd).map(move |number| {
        let at = usize::try_from(number).unwrap_or(0);
        let first = FIRST_NAMES[at % FIRST_NAMES.len()];
        let last = SURNAMES[at / FIRST_NAMES.len() % SURNAMES.len()];
        let habits = Habits { earns: 3_000_000 + 1_000 * i64::from(number % 2_000), ..QUIET };
        let username = format!("klient{number:05}");
        customer(seed, &username, &format!("{first} {last}"), &[Kind::Current], habits)
    })
}

/// What the account of a municipality does all day: small payments in, some out. Every movement
/// follows from its day and number alone.
pub(super) struct Treasury {
    seed: u64,
    citizens: Vec<Partner>,
    works: Partner,
}

impl Treasury {
    pub(super) fn new(seed: u64) -> Self {
        let citizens = (1..=16).map(|one| Partner::czech(&format!("Poplatník {one}"))).collect();
        Self { seed, citizens, works: Partner::czech("Technické služby Horní Lhota s.r.o.") }
    }

    pub(super) fn amount(&self, day: Date, number: u32) -> i64 {
        Self::draw(&mut self.dice(day, number), number)
    }

    pub(super) fn entry(&self, day: Date, number: u32) -> Entry {
        let mut dice = self.dice(day, number);
        let amount = Self::draw(&mut dice, number);
        let (partner, text, code) = if amount < 0 {
            (&self.works, "Úhrada faktury", code::DOMESTIC_OUT)
        } else {
            (dice.pick(&self.citizens), "Místní poplatek", code::DOMESTIC_IN)
        };
        let detail = Domestic {
            partner: partner.clone(),
            variable: Some(dice.between(1_000_000, 9_999_999)),
            specific: None,
            constant: None,
            message: None,
            exchange: None,
        };
        let place = usize::try_from(number).unwrap_or(0) + 1;
        let name = reference(amount, day, 0, place);
        Entry::new(name, amount, day, code, text, Detail::Domestic(detail))
    }

    fn dice(&self, day: Date, number: u32) -> Dice {
        Dice::new(self.seed, &format!("treasury {day} {number}"))
    }

    /// Every tenth goes out.
    fn draw(dice: &mut Dice, number: u32) -> i64 {
        let (low, high, sign) = if number % 10 == 9 { (900, 4_000, -100) } else { (100, 500, 100) };
        sign * dice.between(low, high)
    }
}

const QUIET: Habits = Habits {
    income: Income::Wage,
    payer: "Městské služby Lhota s.r.o.",
    earns: 0,
    landlord: "Bytové družstvo Lípa",
    rent: 900_000,
    saving: 0,
    spending: 40,
    freelance: false,
};

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::super::Ledger;
    use super::*;

    const TODAY: Date = Date::constant(2026, 3, 14);

    #[test]
    fn the_municipality_has_as_many_movements_as_asked_for() {
        let population = Population { movements: 2_000, ..Population::default() };
        let ledger = Ledger::open(1, TODAY, population);
        let account = &ledger.customer("obec").unwrap().accounts[0];
        let statement = ledger.statement("obec", &account.id, TODAY).unwrap();
        assert_eq!(statement.rows.len(), 2_000);
        let oldest = statement.rows.last().unwrap().booked;
        assert!(oldest > TODAY.saturating_sub(HISTORY.days()));
        assert!(statement.booked > 0);
        let sum: i64 = statement.rows.iter().map(|row| row.entry().amount).sum();
        assert_eq!(statement.booked, account.opening + sum, "made up twice, the same both times");
    }

    #[test]
    fn the_crowd_has_names_and_passwords_of_its_own() {
        let population = Population { crowd: 300, ..Population::default() };
        let ledger = Ledger::open(1, TODAY, population);
        assert_eq!(ledger.customers.len(), 304);
        assert_eq!(ledger.shown().len(), 4);
        let last = ledger.customer("klient00300").unwrap();
        assert!(last.password.len() > 8);
        assert!(ledger.statement("klient00300", &last.accounts[0].id, TODAY).unwrap().booked > 0);
    }
}
