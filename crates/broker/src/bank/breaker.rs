//! The breaker of a token endpoint (requirements T13, P28): a bank that refuses us as its client, or is in
//! trouble itself, is not asked again by every caller. For a pause nobody asks; then one does, and what it is
//! told ends the pause or begins the next. No grant is touched by it, and every broker has a breaker of its own.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Bank, BankError, Fault};
use crate::error::Error;

/// The first pause, in seconds; each further one is twice as long.
const FIRST: i64 = 5;
/// No pause of ours is longer.
const LONGEST: i64 = 60;
/// The longest that a bank may ask for by `Retry-After`.
const LONGEST_ASKED: i64 = 600;
/// So many failures in a row are the bank's trouble, and not that of one call.
const IN_A_ROW: u32 = 3;
/// What callers are told while somebody tries whether the bank is back, in seconds.
const A_MOMENT: i64 = 1;

/// Whether the token endpoint may be asked.
#[derive(Default)]
pub(super) struct Breaker(Mutex<State>);

#[derive(Default)]
struct State {
    /// Failures since the last answer of use.
    in_a_row: u32,
    /// Pauses since then; 0: everybody may ask.
    pauses: u32,
    /// Nobody asks before.
    until: i64,
    /// Somebody tries, and will be done by then.
    trying_until: i64,
    /// It takes an operator to mend it.
    operator: bool,
}

/// What an answer of the token endpoint says of the bank.
enum Word {
    /// It takes us, whatever it made of the call.
    Well,
    /// It does not take us: the operator's business.
    Refused,
    /// It is in trouble; seconds, where it says how long.
    Trouble(Option<u32>),
    /// Nothing: the failure is our own.
    Nothing,
}

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    /// Can be made later as well.
    Refresh,
    /// Its code ends soon: it is held back only where the bank refuses us.
    Exchange,
}

impl State {
    /// Seconds to wait; 0: go.
    fn wait(&self, now: i64, call: Call) -> i64 {
        if self.pauses == 0 || (call == Call::Exchange && !self.operator) {
            0
        } else if self.until > now {
            self.until - now
        } else if self.trying_until > now {
            A_MOMENT
        } else {
            0
        }
    }

    /// Begins a pause; of calls that were under way together, the first to fail does. Answers whether it did.
    fn pause(&mut self, now: i64, asked: Option<u32>, operator: bool, chance: f64) -> bool {
        let longer = asked.map_or(0, |asked| i64::from(asked).min(LONGEST_ASKED));
        if self.pauses > 0 && self.until > now {
            self.until = self.until.max(now + longer);
            return false;
        }
        let ours = (FIRST << self.pauses.min(8)).min(LONGEST);
        // brokers and banks that failed together do not come again together: ours shorter, the bank's longer
        let length = if longer > ours {
            longer + share(longer.min(LONGEST), chance / 4.0)
        } else {
            ours - share(ours, chance / 4.0)
        };
        *self = Self {
            in_a_row: self.in_a_row,
            pauses: self.pauses.saturating_add(1),
            until: now + length.max(1),
            trying_until: 0,
            operator,
        };
        true
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a few seconds")]
fn share(of: i64, part: f64) -> i64 {
    (of as f64 * part) as i64
}

impl Breaker {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bank {
    /// Until when, in seconds since 1970, no refresh is asked for; `None` where one may be.
    pub fn paused_until(&self) -> Option<i64> {
        let now = self.ambient.now().as_second();
        let wait = self.breaker.state().wait(now, Call::Refresh);
        (wait > 0).then_some(now + wait)
    }

    /// Refuses at once what would have to wait for the end of a pause.
    pub(crate) fn may_refresh(&self) -> Result<(), BankError> {
        self.pass()?;
        let wait = self.breaker.state().wait(self.ambient.now().as_second(), Call::Refresh);
        if wait == 0 { Ok(()) } else { Err(paused(wait)) }
    }

    /// The same for a call that goes out now: after a pause it is the one that tries.
    pub(super) fn admit(&self, call: Call) -> Result<(), BankError> {
        self.pass()?;
        let now = self.ambient.now().as_second();
        let mut state = self.breaker.state();
        match state.wait(now, call) {
            0 => {
                let longest =
                    i64::try_from(self.longest_answer().as_secs()).unwrap_or(i64::MAX / 2);
                state.trying_until = now + 2 * longest; // with another secret it may ask twice
                Ok(())
            }
            wait => Err(paused(wait)),
        }
    }

    /// Everybody may ask: what was in the way may be mended by new files.
    pub(super) fn end_pause(&self, why: &'static str) {
        let before = std::mem::take(&mut *self.breaker.state());
        if before.pauses > 0 {
            let (provider, pauses) = (&self.provider.id, before.pauses);
            tracing::warn!(event = "bank_resumed", provider, pauses, why, "it is asked again");
        }
    }

    /// Takes note of an answer of the token endpoint, or of none.
    pub(super) fn heard<T>(&self, answer: &Result<T, Error>) {
        let (asked, operator) = match word(answer) {
            Word::Well => return self.end_pause("it takes us"),
            Word::Nothing => {
                self.breaker.state().trying_until = 0;
                return;
            }
            Word::Refused => (None, true),
            Word::Trouble(asked) => (asked, false),
        };
        let now = self.ambient.now().as_second();
        let chance = self.ambient.random::<1>().map_or(0.0, |[byte]| f64::from(byte) / 255.0);
        let mut state = self.breaker.state();
        state.in_a_row = state.in_a_row.saturating_add(1);
        let opens = operator || asked.is_some() || state.pauses > 0 || state.in_a_row >= IN_A_ROW;
        if opens && state.pause(now, asked, operator, chance) {
            let (provider, seconds, pauses) = (&self.provider.id, state.until - now, state.pauses);
            drop(state);
            tracing::warn!(
                event = "bank_paused",
                provider,
                seconds,
                pauses,
                operator,
                "its token endpoint is left alone; no consent is lost by it"
            );
        }
    }
}

fn paused(wait: i64) -> BankError {
    Fault::Paused { retry_after: u32::try_from(wait).unwrap_or(u32::MAX) }.into()
}

fn word<T>(answer: &Result<T, Error>) -> Word {
    match answer {
        Ok(_) | Err(Error::Bank(BankError::TokenRefused(_))) => Word::Well,
        Err(Error::Bank(
            BankError::ClientRejected { .. } | BankError::Fault(Fault::Certificate { .. }),
        )) => Word::Refused,
        Err(Error::Bank(BankError::Fault(Fault::Frozen))) => Word::Nothing,
        Err(Error::Bank(error)) => Word::Trouble(error.retry_after()),
        Err(_) => Word::Nothing,
    }
}
