//! A movement as a list shows it. What people do is written in the books. What the municipality's
//! account does follows from a rule: only day, number and amount are kept, and the rest is made up
//! when it is looked at, so that a hundred thousand of them take a few megabytes.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;

use super::crowd::Treasury;
use super::entry::Entry;

/// A movement in the books.
#[derive(Clone)]
pub(super) enum Movement {
    Written(Arc<Entry>),
    Ruled { rule: Arc<Treasury>, day: Date, number: u32, amount: i64 },
}

impl Movement {
    pub(super) fn day(&self) -> Date {
        match self {
            Self::Written(entry) => entry.day,
            Self::Ruled { day, .. } => *day,
        }
    }

    pub(super) fn amount(&self) -> i64 {
        match self {
            Self::Written(entry) => entry.amount,
            Self::Ruled { amount, .. } => *amount,
        }
    }

    /// The row of this movement as seen from `today`.
    pub(super) fn row(&self, today: Date) -> Row {
        let booked = match self {
            Self::Written(entry) => entry.booked(today),
            Self::Ruled { day, .. } => *day,
        };
        Row { booked, movement: self.clone() }
    }
}

/// A movement and the day it is booked on, as seen from one day.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) booked: Date,
    movement: Movement,
}

impl Row {
    /// A movement that is blocked and not in the books yet.
    pub(crate) fn blocked(entry: Entry) -> Self {
        Self { booked: entry.day, movement: Movement::Written(Arc::new(entry)) }
    }

    /// The day it happened.
    pub(crate) fn day(&self) -> Date {
        self.movement.day()
    }

    /// Hundredths of the account's currency; negative leaves the account.
    pub(crate) fn amount(&self) -> i64 {
        self.movement.amount()
    }

    /// True while it is only blocked.
    pub(crate) fn is_pending(&self, today: Date) -> bool {
        matches!(&self.movement, Movement::Written(entry) if entry.is_pending(today))
    }

    /// The whole movement.
    pub(crate) fn entry(&self) -> Cow<'_, Entry> {
        match &self.movement {
            Movement::Written(entry) => Cow::Borrowed(entry),
            Movement::Ruled { rule, day, number, .. } => Cow::Owned(rule.entry(*day, *number)),
        }
    }
}
