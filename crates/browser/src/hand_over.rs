//! The callback page inside a popup: gives what it brought to the page that opened it.
//!
//! A bank with `Cross-Origin-Opener-Policy` cuts `window.opener`, so the way is a
//! BroadcastChannel (B12). It reaches pages of this origin only (B11), and it is named after the
//! `state`, so only the page that drew it listens. Messages are repeated until one is answered.

use std::cell::Cell;

use js_sys::futures::JsFuture;
use js_sys::{Function, Promise};
use protocol::state::State;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{BroadcastChannel, Window};

use crate::error::{Code, Failure, failure, joined};
use crate::finish::Landing;
use crate::settings::Settings;

/// How often a landing is offered, and how many times, until the opener answers: 5 seconds.
const EVERY_MS: i32 = 200;
const TIMES: i32 = 25;

const ACKNOWLEDGED: &str = "ok";

/// Offers the landing to whoever waits for this state; `true` when it was taken.
///
/// Errors: `unsupported` without BroadcastChannel.
pub(crate) async fn to_opener(
    settings: &Settings,
    state: &State,
    landing: &Landing,
) -> Result<bool, Failure> {
    let channel = channel(state)?;
    let message = landing.object.clone();
    let (taken, settle) = promise();

    let heard = settle.clone();
    let on_message = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
        if data(&event).as_string().as_deref() == Some(ACKNOWLEDGED) {
            drop(heard.call1(&JsValue::NULL, &JsValue::TRUE));
        }
    });
    channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));

    let sender = channel.clone();
    let left = Cell::new(TIMES);
    let offer = move || {
        drop(sender.post_message(&message));
        left.set(left.get() - 1);
        if left.get() < 0 {
            drop(settle.call1(&JsValue::NULL, &JsValue::FALSE));
        }
    };
    offer();
    let repeating = Repeating::start(&settings.window, EVERY_MS, offer);
    let taken = JsFuture::from(taken).await;
    drop(repeating);
    channel.close();
    Ok(taken.is_ok_and(|taken| taken.is_truthy()))
}

/// The opener's side of the channel: hands the first landing to `take` and answers it.
pub(crate) struct Listening {
    channel: BroadcastChannel,
    _on_message: Closure<dyn FnMut(JsValue)>,
}

impl Listening {
    /// Errors: `unsupported` without BroadcastChannel.
    pub(crate) fn start(state: &State, take: impl Fn(Landing) + 'static) -> Result<Self, Failure> {
        let channel = channel(state)?;
        let answer = channel.clone();
        let on_message = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            if let Some(landing) = Landing::read(&data(&event)) {
                drop(answer.post_message(&ACKNOWLEDGED.into()));
                take(landing);
            }
        });
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Ok(Self { channel, _on_message: on_message })
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.channel.close();
    }
}

/// Runs a closure at an interval until dropped.
pub(crate) struct Repeating {
    window: Window,
    timer: i32,
    _tick: Closure<dyn FnMut(JsValue)>,
}

impl Repeating {
    pub(crate) fn start(window: &Window, every_ms: i32, tick: impl Fn() + 'static) -> Self {
        let tick = Closure::<dyn FnMut(JsValue)>::new(move |_: JsValue| tick());
        let function = tick.as_ref().unchecked_ref();
        let timer = window
            .set_interval_with_callback_and_timeout_and_arguments_0(function, every_ms)
            .unwrap_or(0);
        Self { window: window.clone(), timer, _tick: tick }
    }
}

impl Drop for Repeating {
    fn drop(&mut self) {
        self.window.clear_interval_with_handle(self.timer);
    }
}

/// A promise and the function that resolves it.
pub(crate) fn promise() -> (Promise, Function) {
    let mut settle = JsValue::UNDEFINED;
    let promise: Promise = Promise::new_typed::<JsValue>(&mut |resolve, _| settle = resolve.into());
    (promise, settle.unchecked_into()) // the executor has run: promises call it at once
}

fn channel(state: &State) -> Result<BroadcastChannel, Failure> {
    BroadcastChannel::new(&joined(&["bankconnect:", state.as_str()]))
        .map_err(|_| failure(Code::Unsupported, "this browser has no BroadcastChannel"))
}

fn data(event: &JsValue) -> JsValue {
    crate::error::get(event, "data")
}
