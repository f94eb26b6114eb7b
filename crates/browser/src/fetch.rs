//! The only place that calls `fetch`.
//!
//! Every call carries the static header that a foreign site cannot set, and credentials for the
//! same origin only; there is no way to leave either out (requirement B16). A redirect is refused,
//! so neither header nor body ever follows one. Nothing here navigates, whatever the answer (B18).

use gloo_net::http::{Request, Response};
use js_sys::futures::JsFuture;
use js_sys::{Function, JSON, Object, Reflect};
use protocol::path::STATIC_HEADER;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{AbortController, AbortSignal, Window};

use crate::error::{Code, Failure, failure, get, joined, set};
use crate::settings::Settings;

/// One call to the broker.
pub(crate) struct Call {
    pub(crate) method: &'static str,
    /// Below the broker's URL, with its query.
    pub(crate) path: String,
    /// JSON as text; `undefined` for none.
    pub(crate) body: JsValue,
    /// Sent as `Idempotency-Key`, where given.
    pub(crate) key: JsValue,
    /// Sent as `Action-ID`, where given: one value for all pages of one reading.
    pub(crate) action_id: JsValue,
    /// Aborted when the caller no longer wants the answer.
    pub(crate) signal: Option<AbortSignal>,
}

/// A successful answer, parsed by the browser and not checked yet.
pub(crate) struct Answer {
    pub(crate) response: web_sys::Response,
    pub(crate) body: JsValue,
}

impl Call {
    pub(crate) fn new(method: &'static str, path: impl Into<String>) -> Self {
        let [body, key, action_id] = [const { JsValue::UNDEFINED }; 3];
        Self { method, path: path.into(), body, key, action_id, signal: None }
    }

    /// With the caller's `signal`, if its arguments hold one.
    pub(crate) fn for_caller(self, given: &JsValue) -> Self {
        let signal = get(given, "signal");
        Self { signal: signal.is_object().then(|| signal.unchecked_into()), ..self }
    }

    /// Sends the call and reads the answer.
    ///
    /// Errors: the broker's problem, `closed`, `timeout`, `network`, `invalid_response`.
    pub(crate) async fn send(self, settings: &Settings) -> Result<Answer, Failure> {
        let deadline = Deadline::start(settings, self.signal.as_ref())?;
        self.exchange(settings, &deadline.signal()).await.map_err(|fault| match fault {
            Fault::Answered(problem) => problem,
            Fault::Unreached if self.signal.as_ref().is_some_and(AbortSignal::aborted) => aborted(),
            Fault::Unreached if deadline.signal().aborted() => {
                failure(Code::Timeout, "the broker did not answer in time")
            }
            Fault::Unreached => failure(Code::Network, "the broker could not be reached"),
        })
    }

    async fn exchange(&self, settings: &Settings, abort: &AbortSignal) -> Result<Answer, Fault> {
        let request = self.request(settings, abort).map_err(|_| Fault::Unreached)?;
        let response = Request::from(request).send().await;
        read(response.map_err(|_| Fault::Unreached)?, settings).await
    }

    /// A plain object for `RequestInit`: its setters, and the builder of gloo-net, cost the page more.
    fn request(
        &self,
        settings: &Settings,
        abort: &AbortSignal,
    ) -> Result<web_sys::Request, JsValue> {
        let init = Object::new();
        set(&init, "method", &self.method.into());
        set(&init, "credentials", &"same-origin".into());
        set(&init, "redirect", &"error".into());
        set(&init, "signal", abort);
        let headers = Object::new();
        let (name, value) = STATIC_HEADER;
        set(&headers, name, &value.into());
        for (name, value) in [("action-id", &self.action_id), ("idempotency-key", &self.key)] {
            if value.is_string() {
                set(&headers, name, value);
            }
        }
        if self.body.is_string() {
            set(&headers, "content-type", &"application/json".into());
            set(&init, "body", &self.body);
        }
        set(&init, "headers", &headers);
        let url = joined(&[&settings.broker, &self.path]);
        web_sys::Request::new_with_str_and_init(&url, init.unchecked_ref())
    }
}

/// Why there is no answer to hand on.
enum Fault {
    Answered(Failure),
    /// `fetch` itself failed: offline, aborted, cut off.
    Unreached,
}

async fn read(response: Response, settings: &Settings) -> Result<Answer, Fault> {
    let response = web_sys::Response::from(response);
    let text = response.text().map_err(|_| Fault::Unreached)?;
    let text = JsFuture::from(text).await.map_err(|_| Fault::Unreached)?; // cut off while reading
    let body = settings.parse.call1(&JsValue::NULL, &text);
    match body {
        Ok(body) if response.ok() => Ok(Answer { response, body }),
        Err(_) if response.ok() => Err(Fault::Answered(Failure::not_the_contract(&response))),
        body => {
            let body = body.unwrap_or(JsValue::UNDEFINED);
            Err(Fault::Answered(Failure::from_answer(&response, &body)))
        }
    }
}

/// A body of our own making as text.
pub(crate) fn json(body: &Object) -> JsValue {
    JSON::stringify(body).map_or(JsValue::UNDEFINED, Into::into)
}

/// The failure of a call whose caller aborted it.
pub(crate) fn aborted() -> Failure {
    failure(Code::Closed, "the caller ended the call")
}

/// Aborts a call when its time is up or its caller aborts; disarmed when dropped.
///
/// The caller's own signal is never given to `fetch`: aborted with a reason that is no `Error` it
/// would make gloo-net panic. `abort` is bound to no reason, which rejects with a `DOMException`.
struct Deadline<'a> {
    window: &'a Window,
    controller: AbortController,
    caller: Option<&'a AbortSignal>,
    abort: Function,
    timer: i32,
}

impl<'a> Deadline<'a> {
    fn start(settings: &'a Settings, caller: Option<&'a AbortSignal>) -> Result<Self, Failure> {
        if caller.is_some_and(AbortSignal::aborted) {
            return Err(aborted());
        }
        let unsupported = |_| failure(Code::Unsupported, "this browser has no AbortController");
        let controller = AbortController::new().map_err(unsupported)?;
        let abort = Reflect::get(&controller, &"abort".into()).map_err(unsupported)?;
        let abort = abort.unchecked_into::<Function>();
        let abort = abort.bind1(&controller, &JsValue::UNDEFINED).unchecked_into();
        let window = &settings.window;
        let timer = window
            .set_timeout_with_callback_and_timeout_and_arguments_0(&abort, settings.timeout_ms)
            .map_err(unsupported)?;
        if let Some(caller) = caller {
            caller.add_event_listener_with_callback("abort", &abort).map_err(unsupported)?;
        }
        Ok(Self { window, controller, caller, abort, timer })
    }

    fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }
}

impl Drop for Deadline<'_> {
    fn drop(&mut self) {
        self.window.clear_timeout_with_handle(self.timer);
        if let Some(caller) = self.caller {
            drop(caller.remove_event_listener_with_callback("abort", &self.abort));
        }
    }
}
