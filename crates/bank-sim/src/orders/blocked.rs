//! Between the signature and the booking a payment blocks its money: it is among the movements as
//! pending, and what can be spent is less (bank-api fact 10.9).

use std::cmp::Reverse;
use std::sync::Arc;

use jiff::civil::Date;

use super::{Orders, Status};
use crate::bank::Bank;
use crate::data::entry::Entry;
use crate::data::{Account, Row, Statement};
use crate::sync::lock;

/// The statement of the account `id` of `user` today, what signed payments block included.
pub(crate) fn statement(bank: &Bank, user: &str, id: &str) -> Option<Statement> {
    let today = bank.clock.today();
    let mut statement = bank.ledger.statement(user, id, today)?;
    let account = bank.ledger.account(user, id)?;
    let blocked = lock(&bank.orders).blocked(user, account, today);
    if !blocked.is_empty() {
        statement.available += blocked.iter().map(|entry| entry.amount).sum::<i64>();
        let pending = blocked.into_iter().map(Row::blocked);
        let mut rows: Vec<_> = pending.chain(statement.rows.iter().cloned()).collect();
        rows.sort_by_key(|row| Reverse(row.booked));
        statement.rows = Arc::new(rows);
    }
    Some(statement)
}

impl Orders {
    /// What payments of `user` will take from `account` as soon as they are booked.
    fn blocked(&self, user: &str, account: &Account, today: Date) -> Vec<Entry> {
        let signed = self.of(user).into_iter().filter(|order| order.status == Status::Acsp);
        let payments = signed.filter_map(|order| Some((order, order.payment()?)));
        // what waits for money has none that could be blocked
        let leaving = payments.filter(|(_, payment)| {
            payment.overdue.is_none() && payment.account == account.id && payment.day <= today
        });
        leaving.map(|(order, payment)| payment.blocked(account, &order.id)).collect()
    }
}
