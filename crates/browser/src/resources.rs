//! Calls through a connection: to the bank's API, and to what the broker keeps of its orders.
//!
//! What the answer must be the TypeScript shell says and checks (`ts/connection.ts`): a page asks for
//! few of the standard's many resources, and pays for those only.

use js_sys::Array;
use wasm_bindgen::JsValue;

use crate::connections::{Ask, Expect, escaped, path};
use crate::error::{get, text};
use crate::fetch::Call;

const METHODS: [&str; 3] = ["POST", "PUT", "DELETE"];

/// A call below the connection `given.id`. `given` also holds `path` (segments below the
/// connection), and where wanted `method`, `query` (as in a URL, with its `?`), `body` (JSON as
/// text), `key` (of an order, so that it is never given twice), `actionId`, `signal`.
pub(crate) fn call(given: &JsValue) -> Ask {
    let mut path = path(given);
    for segment in Array::from(&get(given, "path")).iter() {
        path.push('/');
        path.push_str(&escaped(&segment.as_string().unwrap_or_default()));
    }
    path.push_str(&text(given, "query").unwrap_or_default());
    let method = text(given, "method");
    let method = METHODS.into_iter().find(|known| method.as_deref() == Some(known));
    let call = Call {
        body: get(given, "body"),
        key: get(given, "key"),
        action_id: get(given, "actionId"),
        ..Call::new(method.unwrap_or("GET"), path).for_caller(given)
    };
    Ask { call, expect: Expect::Any }
}
