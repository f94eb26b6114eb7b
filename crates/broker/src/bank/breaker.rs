//! The breaker of a token endpoint (requirements T13, P28): a bank that refuses us as its client, or is in
//! trouble itself, is not asked again by every caller. For a pause nobody asks; then one does, and what it is
//! told ends the pause or begins the next. No grant is touched by it, and every broker has a breaker of its own.

use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Bank, BankError, Fault, Rejected};
use crate::error::Error;
use crate::store::Hash;

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

/// Times have a begin, so that a clock that is set back ends them and prolongs none.
#[derive(Default)]
struct State {
    /// Failures since the last answer of use.
    in_a_row: u32,
    /// The refresh tokens that were answered unclearly since then.
    unclear: Vec<Hash>,
    /// Pauses since then; 0: everybody may ask.
    pauses: u32,
    /// Nobody asks.
    paused: Range<i64>,
    /// Somebody tries, and will be done by its end.
    trying: Range<i64>,
    /// It takes an operator to mend it.
    operator: bool,
}

/// What an answer of the token endpoint says of the bank.
#[derive(Clone, Copy)]
enum Word {
    /// It takes us, whatever it made of the call.
    Well,
    /// It does not take us: the operator's business.
    Refused,
    /// It does not take us, or does not like one grant: some grants in a row have to be told so.
    Unclear(Hash),
    /// It is in trouble; seconds, where it says how long.
    Trouble(Option<u32>),
    /// Nothing: the failure is our own, or of this one call.
    Nothing,
}

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    /// Can be made later as well; the digest of its token.
    Refresh(Hash),
    /// Its code ends soon: it is held back only where the bank refuses us.
    Exchange,
}

/// Leave to ask. Once it is gone, another may try.
pub(super) struct Admitted<'a> {
    bank: &'a Bank,
    tries: Option<Range<i64>>,
}

impl State {
    /// Seconds that a refresh has to wait; 0: go.
    fn wait(&self, now: i64) -> i64 {
        if self.pauses == 0 {
            0
        } else if self.paused.contains(&now) {
            self.paused.end - now
        } else if self.trying.contains(&now) {
            A_MOMENT
        } else {
            0
        }
    }

    /// Takes note of a failure. Answers whether the bank is to be left alone for it.
    fn count(&mut self, word: Word) -> bool {
        match word {
            Word::Well | Word::Nothing => false,
            Word::Refused => true,
            Word::Trouble(asked) => {
                self.in_a_row = self.in_a_row.saturating_add(1);
                asked.is_some() || self.pauses > 0 || self.in_a_row >= IN_A_ROW
            }
            Word::Unclear(token) => {
                // one person's page may ask again and again
                if !self.unclear.contains(&token) {
                    self.unclear.push(token);
                }
                let enough = self.unclear.len() >= IN_A_ROW as usize;
                if enough {
                    self.unclear.clear();
                }
                enough
            }
        }
    }

    /// Begins a pause; of calls that were under way together, the first to fail does. Answers whether it did.
    fn pause(&mut self, now: i64, word: Word, chance: f64) -> bool {
        let asked = if let Word::Trouble(asked) = word { asked } else { None };
        let longer = asked.map_or(0, |asked| i64::from(asked).min(LONGEST_ASKED));
        if self.pauses > 0 && self.paused.contains(&now) {
            self.paused.end = self.paused.end.max(now + longer);
            return false;
        }
        let ours = (FIRST << self.pauses.min(8)).min(LONGEST);
        // brokers and banks that failed together do not come again together: ours shorter, the bank's longer
        let length = if longer > ours {
            longer + share(longer.min(LONGEST), chance / 4.0)
        } else {
            ours - share(ours, chance / 4.0)
        };
        self.pauses = self.pauses.saturating_add(1);
        self.paused = now..now + length.max(1);
        self.trying = 0..0;
        self.operator = matches!(word, Word::Refused);
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

impl Drop for Admitted<'_> {
    fn drop(&mut self) {
        let mut state = self.bank.breaker.state();
        if self.tries.as_ref() == Some(&state.trying) {
            state.trying = 0..0;
        }
    }
}

impl Bank {
    /// Until when, in seconds since 1970, no refresh is asked for; `None` where one may be.
    pub fn paused_until(&self) -> Option<i64> {
        let now = self.ambient.now().as_second();
        let wait = self.breaker.state().wait(now);
        (wait > 0).then_some(now + wait)
    }

    /// Refuses at once what would have to wait for the end of a pause.
    pub(crate) fn may_refresh(&self) -> Result<(), BankError> {
        self.pass()?;
        let wait = self.breaker.state().wait(self.ambient.now().as_second());
        if wait == 0 { Ok(()) } else { Err(paused(wait)) }
    }

    /// The same for a call that goes out now: after a pause it is the one that tries.
    pub(super) fn admit(&self, call: Call) -> Result<Admitted<'_>, BankError> {
        self.pass()?;
        let mut state = self.breaker.state();
        let now = self.ambient.now().as_second();
        if state.pauses == 0 || (call == Call::Exchange && !state.operator) {
            return Ok(Admitted { bank: self, tries: None });
        }
        match state.wait(now) {
            0 => {
                let longest =
                    i64::try_from(self.longest_answer().as_secs()).unwrap_or(i64::MAX / 4);
                state.trying = now..now + 2 * longest.max(1); // with another secret it may ask twice
                Ok(Admitted { bank: self, tries: Some(state.trying.clone()) })
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
    pub(super) fn heard<T>(&self, call: Call, answer: &Result<T, Error>) {
        let word = word(call, answer);
        if let Word::Well = word {
            return self.end_pause("it takes us");
        }
        let chance = self.ambient.random::<1>().map_or(0.0, |[byte]| f64::from(byte) / 255.0);
        let mut state = self.breaker.state();
        let now = self.ambient.now().as_second();
        if state.count(word) && state.pause(now, word, chance) {
            let (provider, pauses, operator) = (&self.provider.id, state.pauses, state.operator);
            let seconds = state.paused.end - now;
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

/// A caller can send any code, so what an exchange is told says nothing of the bank, unless that is clear.
fn word<T>(call: Call, answer: &Result<T, Error>) -> Word {
    let error = match answer {
        Ok(_) | Err(Error::Bank(BankError::TokenRefused(_))) => return Word::Well,
        Err(Error::Bank(error)) => error,
        Err(_) => return Word::Nothing,
    };
    match (error, call) {
        (
            BankError::ClientRejected { rejected: Rejected::Client }
            | BankError::Fault(Fault::Certificate { .. }),
            _,
        ) => Word::Refused,
        (BankError::ClientRejected { .. }, Call::Refresh(token)) => Word::Unclear(token),
        (BankError::Fault(Fault::Unreachable(_)), _) => Word::Trouble(None),
        (
            BankError::RateLimited { .. }
            | BankError::Fault(Fault::Broken(_) | Fault::TimedOut | Fault::Status { .. }),
            Call::Refresh(_),
        ) => Word::Trouble(error.retry_after()),
        _ => Word::Nothing,
    }
}
