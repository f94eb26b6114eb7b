//! The WebAssembly component of the npm package `bankconnect`.
//!
//! The TypeScript shell in `ts/` holds the public classes and the element; everything with a rule
//! in it happens here: secrets, storage, checks, calls to the broker, paging, the popup protocol.
//! JSON is parsed by the browser and checked field by field ([`shape`]).
//!
//! | act | file |
//! |---|---|
//! | begin a connection, check where it leads | `start`, `address`, `attempt` |
//! | come back from the bank | `query`, `finish` |
//! | come back in a popup | `hand_over` (callback page), `popup` (opener) |
//! | what can be connected, what is, ending it | `connections` |
//! | every call to the bank through a connection | `resources` |
//! | every call to the broker | `fetch` |
//!
//! An export takes the options and one object of arguments, `given`: passing objects costs no glue.
//! Errors reach JavaScript as plain objects, see [`error::Failure::into_js`]. All asynchronous
//! exports go through [`promised`]: one bridge keeps the module small.

mod address;
mod attempt;
mod connections;
mod error;
mod fetch;
mod finish;
mod hand_over;
mod popup;
mod query;
mod resources;
mod settings;
mod shape;
mod start;

use std::pin::Pin;

use js_sys::futures::future_to_promise;
use js_sys::{Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Window;

use connections::Ask;
use error::Failure;
use finish::Landing;
use settings::Settings;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// `GET /providers`; an array of providers.
#[wasm_bindgen]
pub fn providers(options: &JsValue, given: &JsValue) -> Promise {
    ask(options, connections::providers(given))
}

/// Begins an authorization (`start::begin`); the URL to send the person to.
#[wasm_bindgen]
pub fn begin(options: &JsValue, given: &JsValue) -> Promise {
    let given = given.clone();
    promised(options, |settings| async move {
        let started = start::begin(&settings, &given).await?;
        Ok(started.url.into())
    })
}

/// Begins an authorization in a popup that the caller's click opened, and finishes it;
/// `{connection, appState, rest}`. `phase` is called with `waiting`, then with `exchanging` and the
/// landing, which [`land`] takes should the broker not be reached now.
#[wasm_bindgen(js_name = connectInPopup)]
pub fn connect_in_popup(
    options: &JsValue,
    given: &JsValue,
    window: Window,
    phase: Function,
) -> Promise {
    let given = given.clone();
    promised(options, |settings| async move {
        let tell = |word: &str, landing: &JsValue| {
            drop(phase.call2(&JsValue::NULL, &word.into(), landing));
        };
        let started = start::begin(&settings, &given).await?;
        tell("waiting", &JsValue::UNDEFINED);
        let signal = error::get(&given, "signal");
        popup::run(&settings, &window, &started, signal, |landing| tell("exchanging", landing))
            .await
    })
}

/// Finishes what a bank's redirect brought to a callback page: `{connection, appState, rest}`, or
/// `null` when it was handed to the opener of this popup, or `undefined` when it is not ours.
#[wasm_bindgen]
pub fn land(options: &JsValue, given: &JsValue) -> Promise {
    let landing = Landing::read(given);
    promised(options, |settings| async move {
        match landing {
            Some(landing) => finish::land(&settings, &landing).await,
            None => Ok(JsValue::UNDEFINED),
        }
    })
}

/// `POST /connections`; a connection.
#[wasm_bindgen(js_name = connectPrepared)]
pub fn connect_prepared(options: &JsValue, given: &JsValue) -> Promise {
    ask(options, connections::connect_prepared(given))
}

/// `GET /connections`; an array of connections.
#[wasm_bindgen(js_name = connections)]
pub fn list_connections(options: &JsValue, given: &JsValue) -> Promise {
    ask(options, connections::list(given))
}

/// `GET /connections/{id}`; a connection.
#[wasm_bindgen]
pub fn connection(options: &JsValue, given: &JsValue) -> Promise {
    ask(options, connections::one(given))
}

/// `DELETE /connections/{id}`; a receipt.
#[wasm_bindgen]
pub fn disconnect(options: &JsValue, given: &JsValue) -> Promise {
    ask(options, connections::disconnect(given))
}

/// Any call below a connection (`resources::call`); the answer's body.
#[wasm_bindgen]
pub fn call(options: &JsValue, given: &JsValue) -> Promise {
    ask(options, resources::call(given))
}

fn ask(options: &JsValue, ask: Ask) -> Promise {
    promised(options, |settings| ask.send(settings))
}

/// The one bridge between Rust's futures and JavaScript's promises.
fn promised<F>(options: &JsValue, work: impl FnOnce(Settings) -> F) -> Promise
where
    F: Future<Output = Result<JsValue, Failure>> + 'static,
{
    bridge(Settings::read(options).map(|settings| Box::pin(work(settings)) as Work))
}

type Work = Pin<Box<dyn Future<Output = Result<JsValue, Failure>>>>;

fn bridge(work: Result<Work, Failure>) -> Promise {
    future_to_promise(async {
        match work {
            Ok(work) => work.await,
            Err(failure) => Err(failure),
        }
        .map_err(Failure::into_js)
    })
}
