//! The gate that everything passes which goes to a bank with a token, or for one. An operator can shut it.
//!
//! Revocations go round it: they only take access away.

use std::sync::{Arc, PoisonError, RwLock};

use super::line::Line;
use super::{Bank, BankError, Fault};
use crate::store::Freeze;

/// Open, or shut by a freeze.
#[derive(Default)]
pub(super) struct Gate(RwLock<Option<Freeze>>);

impl Bank {
    /// Fails where an operator has frozen the bank.
    pub(crate) fn pass(&self) -> Result<(), BankError> {
        if self.frozen().is_some() { Err(Fault::Frozen.into()) } else { Ok(()) }
    }

    /// The line for a call with a token, or for one.
    pub(super) fn open_line(&self) -> Result<Arc<Line>, BankError> {
        self.pass()?;
        Ok(self.line())
    }

    /// The freeze that is in force.
    pub(crate) fn frozen(&self) -> Option<Freeze> {
        self.gate.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Shuts the gate, or opens it, and tells so where that is new.
    pub(crate) fn set_frozen(&self, freeze: Option<Freeze>) {
        let mut gate = self.gate.0.write().unwrap_or_else(PoisonError::into_inner);
        if *gate == freeze {
            return;
        }
        let provider = &self.provider.id;
        if let Some(Freeze { reason, since, .. }) = &freeze {
            let what = "an operator has frozen the bank: nothing goes there but revocations";
            tracing::error!(event = "frozen", provider, reason, since, "{what}");
        } else {
            tracing::warn!(event = "thawed", provider, "calls go to the bank again");
        }
        *gate = freeze;
    }
}
