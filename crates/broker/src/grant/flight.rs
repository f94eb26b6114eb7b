//! One refresh per grant at a time; whoever else needs it waits for the same outcome.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use protocol::connection::Reason;
use tokio::sync::watch;

use crate::bank::{BankError, Fault, Rejected};
use crate::error::Error;
use crate::store::StoreError;

/// What came of a refresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The grant of this id holds usable tokens.
    Fresh(String),
    /// The bank accepts the grant no more, or it is gone.
    Ended(Reason),
    /// Not this time; the grant is untouched.
    Failed(Why),
}

/// Why a refresh failed, as far as it matters to who waits for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// The bank did not answer usefully; seconds, where it says when it will.
    Bank(Option<u32>),
    /// It asks for patience; seconds, where it says how many.
    RateLimited(Option<u32>),
    /// It does not accept our client id, secret or certificate.
    Client,
    /// Another broker is at it; seconds until its turn is over.
    Elsewhere(u32),
    /// An operator has frozen the bank.
    Frozen,
    /// The bank is left alone for a while; seconds until it is asked.
    Paused(u32),
    /// Our store does not answer.
    Store,
    /// Something else of ours failed.
    Ours,
}

impl Why {
    pub(super) fn of(error: &Error) -> Self {
        match error {
            Error::Bank(BankError::RateLimited { retry_after }) => Self::RateLimited(*retry_after),
            Error::Bank(
                BankError::ClientRejected { .. } | BankError::Fault(Fault::Certificate { .. }),
            ) => Self::Client,
            Error::Bank(BankError::Fault(Fault::RenewedElsewhere { retry_after })) => {
                Self::Elsewhere(*retry_after)
            }
            Error::Bank(BankError::Fault(Fault::Frozen)) => Self::Frozen,
            Error::Bank(BankError::Fault(Fault::Paused { retry_after })) => {
                Self::Paused(*retry_after)
            }
            Error::Bank(error) => Self::Bank(error.retry_after()),
            Error::Store(_) => Self::Store,
            _ => Self::Ours,
        }
    }
}

impl From<Why> for Error {
    /// The refresh has a log line of its own with the whole cause.
    fn from(why: Why) -> Self {
        match why {
            Why::Bank(retry_after) => BankError::from(Fault::NotRenewed { retry_after }).into(),
            Why::RateLimited(retry_after) => BankError::RateLimited { retry_after }.into(),
            Why::Client => BankError::ClientRejected { rejected: Rejected::Client }.into(),
            Why::Elsewhere(retry_after) => {
                BankError::from(Fault::RenewedElsewhere { retry_after }).into()
            }
            Why::Frozen => BankError::from(Fault::Frozen).into(),
            Why::Paused(retry_after) => BankError::from(Fault::Paused { retry_after }).into(),
            Why::Store => Self::Store(StoreError::PoolTimedOut),
            Why::Ours => Self::Internal("access could not be renewed"),
        }
    }
}

/// The refreshes under way, by grant id (requirement P13: never by anything coarser).
#[derive(Clone, Default)]
pub(crate) struct Flights(Arc<Mutex<HashMap<String, watch::Receiver<Option<Outcome>>>>>);

impl Flights {
    /// Joins the refresh of this grant, or starts it with `work`.
    ///
    /// The work runs in a task of its own: a caller that gives up does not interrupt it, for a
    /// refresh cut off half-way could cost the person the consent.
    pub(super) async fn join(
        &self,
        grant: &str,
        work: impl Future<Output = Outcome> + Send + 'static,
    ) -> Outcome {
        let mut outcome = self.join_or_start(grant, work);
        let outcome = outcome.wait_for(Option::is_some).await;
        let outcome = outcome.ok().and_then(|outcome| outcome.clone());
        outcome.unwrap_or(Outcome::Failed(Why::Ours)) // the task was lost, e.g. by a panic
    }

    fn join_or_start(
        &self,
        grant: &str,
        work: impl Future<Output = Outcome> + Send + 'static,
    ) -> watch::Receiver<Option<Outcome>> {
        let mut flights = self.lock();
        // a closed channel is a task that was lost
        if let Some(outcome) = flights.get(grant).filter(|outcome| outcome.has_changed().is_ok()) {
            return outcome.clone();
        }
        let (tell, outcome) = watch::channel(None);
        flights.insert(grant.to_owned(), outcome.clone());
        let (all, grant) = (self.clone(), grant.to_owned());
        tokio::spawn(async move {
            let outcome = work.await;
            // first off the list, then told: who comes later reads the store anew
            all.lock().remove(&grant);
            tell.send_replace(Some(outcome));
        });
        outcome
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, watch::Receiver<Option<Outcome>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
