//! What people's apps have ordered: payments, and whatever else is signed and then carried out
//! (bank-api facts 10.5, 10.7, 10.9 and 13). An order has an owner, the echoed request, a status and a
//! signing. How it is signed ([`signing`]) knows nothing of what is signed ([`Subject`]):
//! [`Orders::settle`] reads the state of the signing and lets the subject follow.
//!
//! There is no timer. [`sweep`] runs before anybody looks, and lets time do its work: it closes
//! what nobody has signed and carries out what is due.

mod batch;
mod blocked;
mod order;
pub(crate) mod payment;
mod rates;
mod schedule;
pub(crate) mod signing;
mod standing;

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::Random;
use crate::bank::Bank;
use crate::data::Ledger;
use crate::sync::lock;

pub(crate) use batch::Batch;
pub(crate) use blocked::statement;
pub(crate) use order::{Moment, Order, OrderKind, Owner, Status, Subject};
pub use payment::PaymentKind;
pub(crate) use payment::{Payment, Priority, Symbols, first_day};
pub(crate) use rates::rate;
pub(crate) use schedule::{Interval, Schedule};
pub(crate) use signing::{Method, Signing, State};
pub(crate) use standing::{StandingOrder, Waiting};

/// The code of ISO 20022 for a lack of money.
const NO_FUNDS: &str = "AM04";
/// The code of ISO 20022 for an order that its owner has cancelled.
const CANCELLED: &str = "DS02";
/// The code of ISO 20022 for an answer that never came.
const NO_ANSWER: &str = "NOAS";

/// All orders.
#[derive(Default)]
pub(crate) struct Orders {
    by_id: HashMap<String, Order>,
    /// Those that time can still change.
    alive: BTreeSet<String>,
    /// References that a third party has used: what they are for, its licence, the reference.
    used: HashSet<(&'static str, Option<String>, String)>,
}

impl Orders {
    /// A name for a new order: 19 characters, hard to guess.
    pub(crate) fn name(&self, random: &Random) -> String {
        loop {
            let id = format!("PAY{}", random.text::<16>(b"0123456789"));
            if !self.by_id.contains_key(&id) {
                return id;
            }
        }
    }

    /// Enters an order.
    pub(crate) fn enter(&mut self, order: Order) {
        self.alive.insert(order.id.clone());
        self.by_id.insert(order.id.clone(), order);
    }

    /// The order of that kind and name.
    pub(crate) fn find(&self, kind: OrderKind, id: &str) -> Option<&Order> {
        self.by_id.get(id).filter(|order| order.kind() == kind)
    }

    pub(crate) fn find_mut(&mut self, kind: OrderKind, id: &str) -> Option<&mut Order> {
        self.by_id.get_mut(id).filter(|order| order.kind() == kind)
    }

    /// The orders of `user`, by name.
    pub(crate) fn of(&self, user: &str) -> Vec<&Order> {
        let theirs = |order: &&Order| order.owner.authorized.user == user;
        let mut orders: Vec<_> = self.by_id.values().filter(theirs).collect();
        orders.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        orders
    }

    /// The payment whose signing has this name.
    pub(crate) fn by_signing(&self, sign: &str) -> Option<&Order> {
        let payments = self.by_id.values().filter(|order| order.kind() == OrderKind::Payment);
        payments.into_iter().find(|order| order.signing.id == sign)
    }

    /// Changes an order, which may wait for a signature once more.
    pub(crate) fn change(&mut self, id: &str, change: impl FnOnce(&mut Order)) {
        if let Some(order) = self.by_id.get_mut(id) {
            change(order);
            self.alive.insert(id.to_owned());
        }
    }

    /// The order whose signing has this operation.
    pub(crate) fn by_operation(&self, operation: &str) -> Option<&Order> {
        self.by_id.values().find(|order| order.signing.operation() == Some(operation))
    }

    /// Forgets an order; its references stay used.
    pub(crate) fn remove(&mut self, id: &str) -> Option<Order> {
        self.alive.remove(id);
        let order = self.by_id.remove(id)?;
        if let Some(batch) = &order.batch {
            self.drop_from(batch, id);
        }
        Some(order)
    }

    /// Notes that a third party has used `reference` for `purpose`. False: it had done so before.
    pub(crate) fn note(
        &mut self,
        purpose: &'static str,
        licence: Option<&str>,
        reference: &str,
    ) -> bool {
        self.used.insert((purpose, licence.map(ToOwned::to_owned), reference.to_owned()))
    }

    pub(crate) fn has_used(
        &self,
        purpose: &'static str,
        licence: Option<&str>,
        reference: &str,
    ) -> bool {
        let used = (purpose, licence.map(ToOwned::to_owned), reference.to_owned());
        self.used.contains(&used)
    }

    /// The code that `user` has been sent last for a signature by SMS.
    pub(crate) fn sms_code(&self, user: &str) -> Option<String> {
        let theirs = self.by_id.values().filter(|order| order.owner.authorized.user == user);
        let sent = theirs.filter_map(|order| order.signing.sms_code());
        sent.max_by_key(|(_, sent)| *sent).map(|(code, _)| code.to_owned())
    }

    /// Lets the order follow its signing: a signed one is accepted, another one is rejected. Call
    /// it after each change of the signing; it does nothing where nothing follows.
    pub(crate) fn settle(&mut self, id: &str, moment: Moment) {
        let Some(order) = self.by_id.get_mut(id).filter(|order| order.is_waiting()) else { return };
        order.follow(moment);
        let state = order.signing.state;
        for member in batch::members(order) {
            if let Some(payment) = self.by_id.get_mut(&member).filter(|one| one.is_waiting()) {
                payment.signing.state = state;
                payment.follow(moment);
            }
        }
    }

    /// Closes what is late and carries out what is due, in the order of the days.
    fn sweep(&mut self, ledger: &Ledger, moment: Moment) {
        let by_id = &self.by_id;
        // a payment in a batch waits as long as the batch does
        let late = |id: &&String| {
            let order = by_id.get(*id).filter(|order| order.batch.is_none());
            order.is_some_and(|order| order.signing.is_late(moment.millis))
        };
        let late: Vec<_> = self.alive.iter().filter(late).cloned().collect();
        let due = |id: &String| by_id.get(id)?.due(moment).map(|day| (day, id.clone()));
        let mut due: BTreeSet<_> = self.alive.iter().filter_map(due).collect();
        let changed = !late.is_empty() || !due.is_empty();
        for id in &late {
            if let Some(order) = self.by_id.get_mut(id) {
                order.signing.close();
            }
            self.settle(id, moment);
        }
        while let Some((_, id)) = due.pop_first() {
            let Some(order) = self.by_id.get_mut(&id) else { continue };
            let again = order.carry_out(ledger, moment);
            let batch = order.batch.clone();
            due.extend(order.due(moment).filter(|_| again).map(|day| (day, id)));
            if let Some(batch) = batch {
                self.conclude(&batch);
            }
        }
        if changed {
            let by_id = &self.by_id;
            self.alive.retain(|id| by_id.get(id).is_some_and(Order::is_alive));
        }
    }
}

/// Lets time do its work on the bank's orders.
pub(crate) fn sweep(bank: &Bank) {
    lock(&bank.orders).sweep(&bank.ledger, Moment::of(&bank.clock));
}
