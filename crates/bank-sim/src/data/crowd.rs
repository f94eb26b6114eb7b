//! Customers beyond the four named ones, for load: a crowd of ordinary people, and a municipality
//! whose account moves all day long.

use super::HISTORY;
use super::calendar::Day;
use super::entry::{Detail, Domestic, code};
use super::partner::Partner;
use super::people::{Customer, Habits, Income, Kind, customer};

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

/// The day of a municipality: small payments in, some out.
pub(super) fn treasury(day: &mut Day<'_>) {
    for at in 0..day.customer.accounts.len() {
        let Kind::Treasury { daily } = day.customer.accounts[at].kind else { continue };
        let citizens: Vec<_> =
            (0..16).map(|one| Partner::czech(&format!("Poplatník {}", one + 1))).collect();
        let works = Partner::czech("Technické služby Horní Lhota s.r.o.");
        for number in 0..daily {
            let out = number % 10 == 9;
            let amount =
                if out { -day.dice.between(900, 4_000) } else { day.dice.between(100, 500) };
            let partner = if out { works.clone() } else { day.dice.pick(&citizens).clone() };
            let (text, kind) = if out {
                ("Úhrada faktury", code::DOMESTIC_OUT)
            } else {
                ("Místní poplatek", code::DOMESTIC_IN)
            };
            let detail = Domestic {
                partner,
                variable: Some(day.dice.between(1_000_000, 9_999_999)),
                specific: None,
                constant: None,
                message: None,
                exchange: None,
            };
            day.add(at, 100 * amount, kind, text, Detail::Domestic(detail));
        }
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
    use jiff::civil::Date;

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
        let oldest = statement.rows.last().unwrap().0;
        assert!(oldest > TODAY.saturating_sub(HISTORY.days()));
        assert!(statement.booked > 0);
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
