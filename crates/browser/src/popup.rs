//! The page that opened a popup: sends it to the bank and waits for what it brings back.
//!
//! `popup.closed` alone proves nothing: a bank with `Cross-Origin-Opener-Policy` makes it true at
//! once while the person is still logging in (B12). What counts is judged by [`Watch`].

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::futures::JsFuture;
use wasm_bindgen::JsValue;
use web_sys::Window;

use crate::attempt;
use crate::error::{Code, Failure, failure, get, text};
use crate::fetch::aborted;
use crate::finish::{Landing, finish};
use crate::hand_over::{Listening, Repeating, promise};
use crate::query;
use crate::settings::Settings;
use crate::start::Started;

const LOOK_EVERY_MS: i32 = 100;

/// Sends the popup to the bank and finishes the attempt with what comes back. `landed` is given
/// that, once the person is back from the bank. Returns what [`finish`] does.
///
/// Ends exactly once (B13): with a result, with the broker's problem, or with `closed` when the
/// person closed the window, the caller aborted, or the attempt's time ran out.
pub(crate) async fn run(
    settings: &Settings,
    popup: &Window,
    started: &Started,
    signal: JsValue,
    landed: impl FnOnce(&JsValue),
) -> Result<JsValue, Failure> {
    let brought = wait(settings, popup, started, signal).await;
    drop(popup.close()); // the callback page closes itself; this is for every other ending
    let attempt = attempt::find(settings, &started.state)?;
    match (brought, attempt) {
        (Ok(landing), Some(attempt)) => {
            landed(&landing.object);
            finish(settings, &attempt, &landing).await
        }
        (Ok(_), None) => Err(failure(Code::StateMismatch, "the attempt is no longer pending")),
        (Err(failure), _) => {
            attempt::forget(settings, &started.state);
            Err(failure)
        }
    }
}

async fn wait(
    settings: &Settings,
    popup: &Window,
    started: &Started,
    signal: JsValue,
) -> Result<Landing, Failure> {
    let (over, settle) = promise();
    let brought = Rc::new(RefCell::new(None));

    let (slot, heard, state) = (brought.clone(), settle.clone(), started.state.clone());
    let listening = Listening::start(&started.state, move |landing: Landing| {
        let own = query::own_state(&landing.query);
        if own.is_some_and(|own| own.as_str() == state.as_str()) {
            slot.replace(Some(landing));
            drop(heard.call0(&JsValue::NULL));
        }
    })?;

    let closed = || failure(Code::Closed, "the bank's window was closed");
    if is_closed(popup) {
        return Err(closed()); // it never left this page, so here the word can be trusted
    }
    popup.location().replace(&started.url).map_err(|_| closed())?;

    let ended_by_caller = Rc::new(Cell::new(false));
    let (watched, by_caller, window) =
        (popup.clone(), ended_by_caller.clone(), settings.window.clone());
    let watch = Cell::new(Watch::new(settings.attempt_ttl_ms));
    let looking = Repeating::start(&settings.window, LOOK_EVERY_MS, move || {
        by_caller.set(get(&signal, "aborted").is_truthy());
        let mut seen = watch.get();
        let over = seen.look(&sight(&watched, &window));
        watch.set(seen);
        if over || by_caller.get() {
            drop(settle.call0(&JsValue::NULL));
        }
    });
    let _ = JsFuture::from(over).await;
    drop((looking, listening));
    let brought = brought.take();
    let ending = || if ended_by_caller.get() { aborted() } else { closed() };
    brought.ok_or_else(ending)
}

fn is_closed(popup: &Window) -> bool {
    get(popup, "closed").is_truthy()
}

/// What can be seen of a popup at one moment.
#[derive(Clone, Copy)]
struct Sight {
    closed: bool,
    /// It shows a page of another origin.
    away: bool,
    /// The opener is what the person works with now.
    opener_focused: bool,
    now_ms: f64,
}

fn sight(popup: &Window, opener: &Window) -> Sight {
    let closed = is_closed(popup);
    Sight {
        closed,
        away: !closed && text(&popup.location(), "href").is_none(), // reading it throws
        opener_focused: opener.document().is_some_and(|page| page.has_focus().unwrap_or(true)),
        now_ms: opener.performance().map_or(0.0, |clock| clock.now()),
    }
}

/// Judges from many sights whether a popup is gone.
///
/// Gone means: it stayed in sight at the bank, so no policy had cut it off (a popup being cut off
/// is away for some 20 ms before it reads `closed`); it has read `closed` for a second, so a
/// hand-over would have arrived; and the person is back at the opener. A popup that was cut off
/// cannot be judged: then only the time allowed, or the caller, ends the wait.
#[derive(Clone, Copy)]
struct Watch {
    allowed_ms: f64,
    since_ms: Option<f64>,
    away_since_ms: Option<f64>,
    stayed_in_sight: bool,
    closed_since_ms: Option<f64>,
}

impl Watch {
    const IN_SIGHT_MS: f64 = 300.0;
    const GRACE_MS: f64 = 1_000.0;

    fn new(allowed_ms: f64) -> Self {
        Self {
            allowed_ms,
            since_ms: None,
            away_since_ms: None,
            stayed_in_sight: false,
            closed_since_ms: None,
        }
    }

    /// True once the wait is over.
    fn look(&mut self, sight: &Sight) -> bool {
        let now = sight.now_ms;
        let lasts = |since: &mut Option<f64>, holds: bool, for_ms: f64| {
            *since = holds.then(|| since.unwrap_or(now));
            since.is_some_and(|since| now - since >= for_ms)
        };
        self.stayed_in_sight |= lasts(&mut self.away_since_ms, sight.away, Self::IN_SIGHT_MS);
        let gone = sight.closed && self.stayed_in_sight && sight.opener_focused;
        lasts(&mut self.closed_since_ms, gone, Self::GRACE_MS)
            || lasts(&mut self.since_ms, true, self.allowed_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT_BANK: Sight = Sight { closed: false, away: true, opener_focused: false, now_ms: 0.0 };
    const BLANK: Sight = Sight { away: false, ..AT_BANK };
    const GONE: Sight = Sight { closed: true, away: false, opener_focused: true, now_ms: 0.0 };

    /// The first moment (one look every 100 ms) at which the wait is over, if any within a minute.
    fn over_at(allowed_ms: f64, sights: impl Fn(f64) -> Sight) -> Option<f64> {
        let mut watch = Watch::new(allowed_ms);
        (0..600)
            .map(|step| f64::from(step) * 100.0)
            .find(|&now_ms| watch.look(&Sight { now_ms, ..sights(now_ms) }))
    }

    #[test]
    fn b13_closing_at_the_bank_ends_the_wait_within_a_second() {
        let closes_at_4s = |now: f64| if now < 4_000.0 { AT_BANK } else { GONE };
        assert_eq!(over_at(600_000.0, closes_at_4s), Some(5_000.0));
    }

    #[test]
    fn b12_a_popup_cut_off_by_coop_is_not_taken_for_closed() {
        let cut_at_once = |now: f64| match now {
            ..600.0 => BLANK,
            ..700.0 => AT_BANK, // one look may fall into the moment of the cut
            _ => GONE,
        };
        assert_eq!(over_at(600_000.0, cut_at_once), None);
        let cut_by_second_page = |now: f64| {
            if now < 4_000.0 { AT_BANK } else { Sight { opener_focused: false, ..GONE } }
        };
        assert_eq!(over_at(600_000.0, cut_by_second_page), None);
    }

    #[test]
    fn b13_the_time_allowed_bounds_every_wait() {
        assert_eq!(over_at(30_000.0, |_| AT_BANK), Some(30_000.0));
        assert_eq!(over_at(30_000.0, |_| GONE), Some(30_000.0));
    }
}
