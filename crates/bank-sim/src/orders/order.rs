//! One order: whose it is, what is ordered, where it stands (bank-api facts 10.5, 10.9, 13.3, 13.5).

use jiff::civil::{Date, DateTime};
use serde_json::Value;

use super::signing::{Signing, State};
use super::{Batch, CANCELLED, NO_ANSWER, NO_FUNDS, Payment, StandingOrder};
use crate::Clock;
use crate::data::Ledger;
use crate::oauth::Authorized;

/// Where an order stands (bank-api fact 10.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Entered, waits for its signature.
    Actc,
    /// The same, with a change.
    Acwc,
    /// Signed.
    Acsp,
    /// Carried out; of a standing order: for the last time.
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

    /// True while the order waits for its first signature.
    pub(crate) fn is_unsigned(self) -> bool {
        matches!(self, Self::Actc | Self::Acwc)
    }
}

/// What is ordered.
#[derive(Clone, Debug)]
pub(crate) enum Subject {
    /// A single payment.
    Payment(Box<Payment>),
    /// A standing order, with what is to become of it by another signature.
    StandingOrder(Box<StandingOrder>),
    /// Single payments that are signed at once.
    Batch(Batch),
}

/// The kinds of orders, each with resources of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OrderKind {
    Payment,
    StandingOrder,
    Batch,
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
    /// The batch that signs this payment in its place.
    pub(crate) batch: Option<String>,
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

impl Order {
    pub(crate) fn kind(&self) -> OrderKind {
        match self.subject {
            Subject::Payment(_) => OrderKind::Payment,
            Subject::StandingOrder(_) => OrderKind::StandingOrder,
            Subject::Batch(_) => OrderKind::Batch,
        }
    }

    /// The payment, once or again and again; `None` for a batch.
    pub(crate) fn payment(&self) -> Option<&Payment> {
        match &self.subject {
            Subject::Payment(payment) => Some(payment),
            Subject::StandingOrder(standing) => Some(&standing.payment),
            Subject::Batch(_) => None,
        }
    }

    /// The standing order, if it is one.
    pub(crate) fn standing(&self) -> Option<&StandingOrder> {
        match &self.subject {
            Subject::StandingOrder(standing) => Some(standing),
            _ => None,
        }
    }

    /// Whether somebody can still sign something of it, by this order's own signing.
    pub(crate) fn is_waiting(&self) -> bool {
        let waits = self.standing().is_some_and(|standing| standing.waiting.is_some());
        self.status.is_unsigned() || waits
    }

    pub(super) fn is_alive(&self) -> bool {
        self.is_waiting() || self.status == Status::Acsp
    }

    /// The day on which money has to move, if that is now.
    pub(super) fn due(&self, moment: Moment) -> Option<Date> {
        let signed = self.status == Status::Acsp;
        match &self.subject {
            Subject::Payment(payment) => (signed && payment.is_due(moment)).then_some(payment.day),
            Subject::StandingOrder(standing) => standing.due(moment).filter(|_| signed),
            Subject::Batch(_) => None,
        }
    }

    /// Carries the order out on its day. True: it may be due another time.
    pub(super) fn carry_out(&mut self, ledger: &Ledger, moment: Moment) -> bool {
        let user = &self.owner.authorized.user;
        match &mut self.subject {
            Subject::Payment(payment) => {
                if payment.book(ledger, user, &self.id) {
                    self.status = Status::Acsc;
                } else if !payment.wait(moment) {
                    (self.status, self.change) = (Status::Rjct, Some(NO_FUNDS));
                }
                false
            }
            Subject::StandingOrder(standing) => {
                let paid = standing.pay(ledger, user, &self.id);
                self.change = (!paid).then_some(NO_FUNDS);
                if standing.is_over() {
                    self.status = Status::Acsc;
                }
                true
            }
            Subject::Batch(_) => false,
        }
    }

    /// Lets the order follow its signing.
    pub(super) fn follow(&mut self, moment: Moment) {
        match self.signing.state {
            State::Open => {}
            State::Done => self.accept(moment),
            State::Cancelled => self.give_up(CANCELLED),
            State::Closed => self.give_up(NO_ANSWER),
        }
    }

    fn accept(&mut self, moment: Moment) {
        self.status = match &mut self.subject {
            Subject::Payment(payment) => {
                payment.accept(moment);
                Status::Acsp
            }
            Subject::Batch(_) => Status::Acsp,
            Subject::StandingOrder(standing) => {
                let signed = standing.accept(moment);
                if let Some((body, amount)) = signed.changed {
                    (self.body, self.amount) = (body, amount);
                }
                match signed.ended {
                    true => {
                        self.change = Some(CANCELLED);
                        Status::Rjct
                    }
                    false if standing.is_over() => Status::Acsc,
                    false => Status::Acsp,
                }
            }
        };
    }

    /// Rejects the order; of one in force only what was to become of it.
    fn give_up(&mut self, why: &'static str) {
        if let Subject::StandingOrder(standing) = &mut self.subject
            && standing.waiting.take().is_some()
        {
            return;
        }
        (self.status, self.change) = (Status::Rjct, Some(why));
    }
}
