//! The named customers: four people with different money. Their habits drive the calendar.

use super::iban::{BANK_CODE, Number};
use crate::random::Dice;

/// A person with accounts and a way to log in.
#[derive(Clone, Debug)]
pub(crate) struct Customer {
    pub(crate) username: String,
    pub(crate) password: String,
    pub(crate) name: String,
    pub(crate) accounts: Vec<Account>,
    pub(crate) habits: Habits,
}

/// An account.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// Opaque name in the API.
    pub(crate) id: String,
    pub(crate) number: Number,
    pub(crate) kind: Kind,
    /// The customer's name.
    pub(crate) holder: String,
    pub(crate) currency: &'static str,
    pub(crate) name: &'static str,
    /// The name in English, for the bank's own pages.
    pub(crate) english: &'static str,
    pub(crate) product: Option<&'static str>,
    /// Agreed overdraft.
    pub(crate) credit_line: Option<i64>,
    /// Balance before the first known day.
    pub(crate) opening: i64,
}

/// What an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Current,
    Savings,
    Euro,
    /// A second current account for shared costs.
    Joint,
    /// Of a municipality, with that many movements a day.
    Treasury {
        /// Movements a day.
        daily: u32,
    },
}

/// What a person lives on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Income {
    /// With overtime, and a reward in December.
    Wage,
    /// The same amount every month.
    Pension,
}

/// Money that comes and goes by itself, in hundredths of a koruna.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Habits {
    pub(crate) income: Income,
    /// Who pays it.
    pub(crate) payer: &'static str,
    /// How much a month.
    pub(crate) earns: i64,
    pub(crate) landlord: &'static str,
    pub(crate) rent: i64,
    pub(crate) saving: i64,
    /// Chance of an ordinary purchase on a day, in percent.
    pub(crate) spending: i64,
    /// Sends and receives invoices, pays tax by itself.
    pub(crate) freelance: bool,
}

impl Habits {
    /// Whether the rent is an instalment, which ends.
    pub(super) fn mortgage(&self) -> bool {
        self.landlord.starts_with("Hypot")
    }
}

/// The customers of the bank with `seed`.
pub(crate) fn people(seed: u64) -> Vec<Customer> {
    let sheet: [(&str, &str, &[Kind], Habits); 4] = [
        ("jana", "Jana Nováková", &[Kind::Current, Kind::Savings, Kind::Euro], JANA),
        ("petr", "Petr Svoboda", &[Kind::Current, Kind::Euro], PETR),
        ("eva", "Eva Dvořáková", &[Kind::Current, Kind::Savings], EVA),
        (
            "tomas",
            "Tomáš Procházka",
            &[Kind::Current, Kind::Joint, Kind::Savings, Kind::Euro],
            TOMAS,
        ),
    ];
    let named = |(username, name, kinds, habits)| customer(seed, username, name, kinds, habits);
    sheet.into_iter().map(named).collect()
}

/// One customer with an account of each of `kinds`.
pub(super) fn customer(
    seed: u64,
    username: &str,
    name: &str,
    kinds: &[Kind],
    habits: Habits,
) -> Customer {
    let mut dice = Dice::new(seed, username);
    let password = format!("{}-{}", dice.pick(&WORDS), dice.between(1000, 9999));
    let accounts = kinds.iter().map(|kind| account(&mut dice, *kind, name)).collect();
    let (username, name) = (username.to_owned(), name.to_owned());
    Customer { username, password, name, accounts, habits }
}

const CROWN: i64 = 100;
const EURO: i64 = 100;

const WORDS: [&str; 8] = ["lipa", "most", "vltava", "kolo", "jablko", "snezka", "pramen", "zvonek"];

const JANA: Habits = Habits {
    income: Income::Wage,
    payer: "Nakladatelství Kampa a.s.",
    earns: 46_800 * CROWN,
    landlord: "Bytové družstvo Lípa",
    rent: 16_500 * CROWN,
    saving: 5_000 * CROWN,
    spending: 58,
    freelance: false,
};

const PETR: Habits = Habits {
    income: Income::Wage,
    payer: "Studio Obzor s.r.o.",
    earns: 58_000 * CROWN,
    landlord: "Hypoteční ústav Praha a.s.",
    rent: 19_870 * CROWN,
    saving: 0,
    spending: 66,
    freelance: true,
};

const EVA: Habits = Habits {
    income: Income::Pension,
    payer: "Česká správa sociálního zabezpečení",
    earns: 22_340 * CROWN,
    landlord: "Společenství vlastníků Květná 12",
    rent: 4_890 * CROWN,
    saving: 1_500 * CROWN,
    spending: 40,
    freelance: false,
};

const TOMAS: Habits = Habits {
    income: Income::Wage,
    payer: "Přístavní inženýři s.r.o.",
    earns: 71_250 * CROWN,
    landlord: "Realitní správa Vinohrady s.r.o.",
    rent: 24_000 * CROWN,
    saving: 9_000 * CROWN,
    spending: 70,
    freelance: false,
};

fn account(dice: &mut Dice, kind: Kind, holder: &str) -> Account {
    let (currency, name, english, product) = match kind {
        Kind::Current => ("CZK", "Běžný účet", "Current account", Some("Účet klienta")),
        Kind::Joint => ("CZK", "Společná domácnost", "Household account", None),
        Kind::Savings => ("CZK", "Spořicí účet", "Savings account", Some("Spoření Plus")),
        Kind::Euro => ("EUR", "Účet v eurech", "Euro account", Some("Devizový účet")),
        Kind::Treasury { .. } => ("CZK", "Účet obce", "Municipal account", Some("Účet klienta")),
    };
    let (opening, credit_line) = match kind {
        Kind::Current => (dice.between(70_000 * CROWN, 95_000 * CROWN), Some(30_000 * CROWN)),
        Kind::Joint => (dice.between(40_000 * CROWN, 55_000 * CROWN), None),
        Kind::Savings => (dice.between(150_000 * CROWN, 320_000 * CROWN), None),
        Kind::Euro => (dice.between(2_500 * EURO, 4_200 * EURO), None),
        Kind::Treasury { .. } => (dice.between(9_000_000 * CROWN, 12_000_000 * CROWN), None),
    };
    Account {
        id: format!("acc-{:08x}", dice.between(0x1000_0000, 0xffff_ffff)),
        number: Number::roll(dice, BANK_CODE),
        kind,
        holder: holder.to_owned(),
        currency,
        name,
        english,
        product,
        credit_line,
        opening,
    }
}
