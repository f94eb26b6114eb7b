//! The books: all movements from thirteen months ago to the bank's today. When the clock passes
//! midnight the missing days are made up; days already written do not change. A customer's books
//! are opened when somebody first looks into them, so that a bank of thousands starts at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::calendar::{Day, due};
use super::crowd::{Population, Treasury, crowd, municipality};
use super::entry::{Entry, recent};
use super::people::{Account, Customer, Kind, people};
use super::row::{Movement, Row};
use super::spending::spend;
use crate::random::Dice;
use crate::sync::lock;

/// Days of history the bank keeps at hand.
pub(crate) const HISTORY: i64 = 400;

/// Customers and their books.
pub(crate) struct Ledger {
    pub(crate) customers: Vec<Customer>,
    /// How many of them a login page can list.
    shown: usize,
    by_name: HashMap<String, usize>,
    /// Index of the customer, index of the account.
    by_iban: HashMap<String, (usize, usize)>,
    seed: u64,
    /// What accounts of municipalities do.
    rule: Arc<Treasury>,
    /// By customer; written up when somebody looks.
    books: Vec<Mutex<Books>>,
}

/// The books of one customer.
struct Books {
    /// The last day written.
    until: Date,
    /// By account, oldest first.
    entries: Vec<Vec<Movement>>,
    /// By account, how it looked when somebody last looked.
    views: Vec<View>,
    /// By account, everything in `entries` included.
    balances: Vec<i64>,
}

/// The rows of an account as of one day, kept because people turn pages.
#[derive(Clone, Default)]
struct View {
    seen: Option<Date>,
    rows: Arc<Vec<Row>>,
}

/// An account's movements and balances at one moment.
pub(crate) struct Statement {
    /// Newest booking first.
    pub(crate) rows: Arc<Vec<Row>>,
    /// Everything posted.
    pub(crate) booked: i64,
    /// Posted before today.
    pub(crate) opening: i64,
    /// Posted, less what is blocked.
    pub(crate) available: i64,
}

impl Ledger {
    /// Opens the books of the bank with `seed`, up to `today`.
    pub(crate) fn open(seed: u64, today: Date, population: Population) -> Self {
        let mut customers = people(seed);
        customers.extend(municipality(seed, population));
        let shown = customers.len();
        customers.extend(crowd(seed, population));
        let blank = |customer: &Customer| {
            Mutex::new(Books {
                until: today.saturating_sub(days(HISTORY)),
                entries: vec![Vec::new(); customer.accounts.len()],
                views: vec![View::default(); customer.accounts.len()],
                balances: customer.accounts.iter().map(|account| account.opening).collect(),
            })
        };
        let books = customers.iter().map(blank).collect();
        let names = customers.iter().enumerate();
        let by_name = names.map(|(of, customer)| (customer.username.clone(), of)).collect();
        let by_iban = by_iban(&customers);
        let rule = Arc::new(Treasury::new(seed));
        Self { customers, shown, by_name, by_iban, seed, rule, books }
    }

    /// The customers that a login page lists.
    pub(crate) fn shown(&self) -> &[Customer] {
        &self.customers[..self.shown]
    }

    pub(crate) fn customer(&self, username: &str) -> Option<&Customer> {
        self.by_name.get(username).map(|of| &self.customers[*of])
    }

    /// The statement of one of a customer's accounts on `today`.
    pub(crate) fn statement(&self, username: &str, id: &str, today: Date) -> Option<Statement> {
        let (of, at) = self.place(username, id)?;
        let mut books = lock(&self.books[of]);
        self.write_up(&self.customers[of], &mut books, today);
        let (rows, closing) = (books.rows(at, today), books.balances[at]);
        drop(books);
        // blocked movements keep their own day, so those of the last days decide the balances
        let recent = rows.iter().take_while(|row| row.booked >= recent(today));
        let (mut pending, mut booked_today) = (0, 0);
        for row in recent {
            if row.is_pending(today) {
                pending += row.amount();
            } else if row.booked == today {
                booked_today += row.amount();
            }
        }
        let booked = closing - pending;
        Some(Statement { booked, opening: booked - booked_today, available: closing, rows })
    }

    /// The account `id` of `username`.
    pub(crate) fn account(&self, username: &str, id: &str) -> Option<&Account> {
        self.customer(username)?.accounts.iter().find(|account| account.id == id)
    }

    /// Books a movement that somebody ordered, on its day. False: there is no such account.
    pub(crate) fn post(&self, username: &str, id: &str, entry: Entry) -> bool {
        let Some((of, at)) = self.place(username, id) else { return false };
        let mut books = lock(&self.books[of]);
        self.write_up(&self.customers[of], &mut books, entry.day);
        books.insert(at, entry);
        true
    }

    /// Who holds the account with this IBAN, if it is at this bank.
    pub(crate) fn holder(&self, iban: &str) -> Option<(&Customer, &Account)> {
        let (of, at) = *self.by_iban.get(iban)?;
        Some((&self.customers[of], &self.customers[of].accounts[at]))
    }

    /// Where the account `id` of `username` stands: index of the customer, index of the account.
    fn place(&self, username: &str, id: &str) -> Option<(usize, usize)> {
        let of = *self.by_name.get(username)?;
        let at = self.customers[of].accounts.iter().position(|account| account.id == id)?;
        Some((of, at))
    }

    fn write_up(&self, customer: &Customer, books: &mut Books, today: Date) {
        while books.until < today {
            books.until = books.until.saturating_add(1.days());
            let purpose = format!("{} {}", customer.username, books.until);
            let mut day = Day {
                date: books.until,
                customer,
                balances: &books.balances,
                dice: Dice::new(self.seed, &purpose),
                entries: Vec::new(),
            };
            due(&mut day);
            spend(&mut day);
            let (date, written) = (day.date, day.entries);
            for (at, entry) in written {
                books.add(at, Movement::Written(Arc::new(entry)));
            }
            for (at, account) in customer.accounts.iter().enumerate() {
                let Kind::Treasury { daily } = account.kind else { continue };
                for number in 0..daily {
                    books.add(at, self.ruled(date, number));
                }
            }
        }
    }

    fn ruled(&self, day: Date, number: u32) -> Movement {
        let amount = self.rule.amount(day, number);
        Movement::Ruled { rule: self.rule.clone(), day, number, amount }
    }
}

impl Books {
    fn add(&mut self, at: usize, movement: Movement) {
        self.balances[at] += movement.amount();
        self.entries[at].push(movement);
        self.views[at].seen = None;
    }

    /// The rows of an account, newest booking first.
    fn rows(&mut self, at: usize, today: Date) -> Arc<Vec<Row>> {
        let view = &mut self.views[at];
        if view.seen != Some(today) {
            let newest = self.entries[at].iter().rev();
            let mut rows: Vec<_> = newest.map(|movement| movement.row(today)).collect();
            rows.sort_by_key(|row| std::cmp::Reverse(row.booked));
            *view = View { seen: Some(today), rows: Arc::new(rows) };
        }
        view.rows.clone()
    }

    /// Adds an entry behind the others of its day.
    fn insert(&mut self, at: usize, entry: Entry) {
        self.balances[at] += entry.amount;
        let entries = &mut self.entries[at];
        let behind = entries.partition_point(|known| known.day() <= entry.day);
        entries.insert(behind, Movement::Written(Arc::new(entry)));
        self.views[at].seen = None;
    }
}

fn by_iban(customers: &[Customer]) -> HashMap<String, (usize, usize)> {
    let all = customers.iter().enumerate().flat_map(|(of, customer)| {
        let accounts = customer.accounts.iter().enumerate();
        accounts.map(move |(at, account)| (account.number.iban(), (of, at)))
    });
    all.collect()
}

fn days(count: i64) -> Span {
    count.days()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = Date::constant(2026, 3, 14);

    #[test]
    fn nobody_overdraws_beyond_the_credit_line() {
        for (seed, month) in (1..=6).flat_map(|seed| (0..12).map(move |month| (seed, month))) {
            let today = TODAY.saturating_add(month.months());
            let ledger = Ledger::open(seed, today, Population::default());
            for customer in &ledger.customers {
                for account in &customer.accounts {
                    let entries = ledger.statement(&customer.username, &account.id, today);
                    let mut balance = account.opening;
                    for row in entries.unwrap().rows.iter().rev() {
                        balance += row.amount();
                        let floor = -account.credit_line.unwrap_or(0);
                        assert!(
                            balance >= floor,
                            "{seed} {} {:?} {}",
                            customer.username,
                            account.kind,
                            row.day()
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn current_accounts_have_several_hundred_movements_up_to_today() {
        let ledger = Ledger::open(1, TODAY, Population::default());
        for customer in &ledger.customers {
            let statements = customer.accounts.iter().filter_map(|account| {
                let busy = matches!(account.kind, Kind::Current);
                busy.then(|| ledger.statement(&customer.username, &account.id, TODAY).unwrap())
            });
            for statement in statements {
                assert!(statement.rows.len() > 250, "{}", statement.rows.len());
                assert!(statement.rows[0].day() > TODAY.saturating_sub(5.days()));
            }
        }
    }

    #[test]
    fn balances_are_the_sum_of_the_movements_and_days_go_on() {
        let ledger = Ledger::open(1, TODAY, Population::default());
        let account = &ledger.customers[0].accounts[0];
        let before = ledger.statement("jana", &account.id, TODAY).unwrap();
        let sum: i64 = before.rows.iter().map(Row::amount).sum();
        assert_eq!(before.available, account.opening + sum);

        let later = TODAY.saturating_add(30.days());
        let after = ledger.statement("jana", &account.id, later).unwrap();
        assert!(after.rows.len() > before.rows.len());
        let known =
            |old: &Row| after.rows.iter().any(|new| new.entry().reference == old.entry().reference);
        assert!(before.rows.iter().all(known));
    }

    #[test]
    fn another_seed_is_another_bank() {
        let (one, two) = (
            Ledger::open(1, TODAY, Population::default()),
            Ledger::open(2, TODAY, Population::default()),
        );
        assert_ne!(one.customers[0].accounts[0].id, two.customers[0].accounts[0].id);
        assert_eq!(
            one.customers[0].accounts[0].id,
            Ledger::open(1, TODAY, Population::default()).customers[0].accounts[0].id
        );
    }
}
