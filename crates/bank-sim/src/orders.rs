//! What people's apps have ordered: payments, and whatever else is signed and then carried out
//! (bank-api facts 10.5, 10.7 and 10.9). An order has an owner, the echoed request, a status and a
//! signing. How it is signed ([`signing`]) knows nothing of what is signed ([`Subject`]):
//! [`Orders::settle`] reads the state of the signing and lets the subject follow.
//!
//! There is no timer. [`sweep`] runs before anybody looks, and lets time do its work: it closes
//! what nobody has signed and carries out what is due.

pub(crate) mod payment;
mod rates;
pub(crate) mod signing;

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::civil::DateTime;
use serde_json::Value;

use crate::bank::Bank;
use crate::data::Ledger;
use crate::oauth::Authorized;
use crate::sync::lock;
use crate::{Clock, Random};

pub use payment::PaymentKind;
pub(crate) use payment::{Payment, Priority, Symbols, first_day};
pub(crate) use rates::rate;
pub(crate) use signing::{Method, Signing, State};

/// The code of ISO 20022 for a lack of money.
const NO_FUNDS: &str = "AM04";
/// The code of ISO 20022 for an order that its owner has cancelled.
const CANCELLED: &str = "DS02";
/// The code of ISO 20022 for an answer that never came.
const NO_ANSWER: &str = "NOAS";

/// Where an order stands (bank-api fact 10.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Entered, waits for its signature.
    Actc,
    /// The same, with a change.
    Acwc,
    /// Signed.
    Acsp,
    /// Carried out.
    Acsc,
    Rjct,
}

impl Status {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Actc => "ACTC",
            Self::Acwc => "ACWC",
            Self::Acsp => "ACSP",
            Self::Acsc => "ACSC",
            Self::Rjct => "RJCT",
        }
    }

    /// True while the order waits for its signature.
    pub(crate) fn is_unsigned(self) -> bool {
        matches!(self, Self::Actc | Self::Acwc)
    }
}

/// What is ordered.
#[derive(Clone, Debug)]
pub(crate) enum Subject {
    /// A single payment.
    Payment(Payment),
}

/// Whose order it is.
#[derive(Clone, Debug)]
pub(crate) struct Owner {
    /// The person, the application, and what the one has allowed the other.
    pub(crate) authorized: Authorized,
    /// Licence of the third party; `None` in the sandbox.
    pub(crate) licence: Option<String>,
}

impl Owner {
    /// Whether a caller stands for the same person and the same third party.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.licence == other.licence && self.authorized.user == other.authorized.user
    }
}

/// An order.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// `transactionIdentification`.
    pub(crate) id: String,
    pub(crate) owner: Owner,
    pub(crate) subject: Subject,
    /// The answer to its initiation, without what changes later.
    pub(crate) body: Value,
    /// The amount as it was written.
    pub(crate) amount: String,
    pub(crate) status: Status,
    /// `statusChangeInfo`: why the status is what it is.
    pub(crate) change: Option<&'static str>,
    pub(crate) signing: Signing,
}

/// A moment of the bank, in both of its clocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// Milliseconds since 1970.
    pub(crate) millis: i64,
    /// Prague.
    pub(crate) local: DateTime,
}

impl Moment {
    pub(crate) fn of(clock: &Clock) -> Self {
        Self { millis: clock.millis(), local: clock.local() }
    }
}

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

    pub(crate) fn find(&self, id: &str) -> Option<&Order> {
        self.by_id.get(id)
    }

    pub(crate) fn find_mut(&mut self, id: &str) -> Option<&mut Order> {
        self.by_id.get_mut(id)
    }

    /// The order whose signing has this operation.
    pub(crate) fn by_operation(&self, operation: &str) -> Option<&Order> {
        self.by_id.values().find(|order| order.signing.operation() == Some(operation))
    }

    /// Forgets an order; its references stay used.
    pub(crate) fn remove(&mut self, id: &str) {
        self.by_id.remove(id);
        self.alive.remove(id);
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
        let Some(order) = self.by_id.get_mut(id).filter(|order| order.status.is_unsigned()) else {
            return;
        };
        match order.signing.state {
            State::Open => {}
            State::Done => match &mut order.subject {
                Subject::Payment(payment) => {
                    payment.accept(moment);
                    order.status = Status::Acsp;
                }
            },
            State::Cancelled => (order.status, order.change) = (Status::Rjct, Some(CANCELLED)),
            State::Closed => (order.status, order.change) = (Status::Rjct, Some(NO_ANSWER)),
        }
    }

    /// Closes what is late and carries out what is due, in the order of the days.
    fn sweep(&mut self, ledger: &Ledger, moment: Moment) {
        let alive: Vec<_> = self.alive.iter().cloned().collect();
        for id in &alive {
            if let Some(order) = self.by_id.get_mut(id) {
                order.signing.expire(moment.millis);
            }
            self.settle(id, moment);
        }
        let mut due: Vec<_> = alive.iter().filter_map(|id| self.due(id, moment)).collect();
        due.sort_unstable();
        for (_, id) in due {
            if let Some(order) = self.by_id.get_mut(&id) {
                order.carry_out(ledger);
            }
        }
        let by_id = &self.by_id;
        self.alive.retain(|id| by_id.get(id).is_some_and(Order::is_alive));
    }

    /// The day and name of an order that has to be carried out now.
    fn due(&self, id: &str, moment: Moment) -> Option<(jiff::civil::Date, String)> {
        let order = self.by_id.get(id).filter(|order| order.status == Status::Acsp)?;
        match &order.subject {
            Subject::Payment(payment) => {
                payment.is_due(moment).then(|| (payment.day, id.to_owned()))
            }
        }
    }
}

impl Order {
    /// The account that pays.
    pub(crate) fn account(&self) -> &str {
        match &self.subject {
            Subject::Payment(payment) => &payment.account,
        }
    }

    fn is_alive(&self) -> bool {
        self.status.is_unsigned() || self.status == Status::Acsp
    }

    /// Carries the order out on its day.
    fn carry_out(&mut self, ledger: &Ledger) {
        let user = &self.owner.authorized.user;
        let done = match &self.subject {
            Subject::Payment(payment) => payment.book(ledger, user, &self.id),
        };
        if done {
            self.status = Status::Acsc;
        } else {
            (self.status, self.change) = (Status::Rjct, Some(NO_FUNDS));
        }
    }
}

/// Lets time do its work on the bank's orders.
pub(crate) fn sweep(bank: &Bank) {
    lock(&bank.orders).sweep(&bank.ledger, Moment::of(&bank.clock));
}
