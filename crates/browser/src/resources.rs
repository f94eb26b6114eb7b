//! Reading accounts, balances and transactions through a connection, page by page.

use cobs::paging::next_page;
use cobs::resource::Resource;
use js_sys::{Number, Object, encode_uri_component};
use wasm_bindgen::JsValue;

use crate::connections::{Ask, Expect, path, segment};
use crate::error::{Failure, get, joined, set};
use crate::fetch::{Answer, Call};
use crate::shape::{ACCOUNT, BALANCE, Shape, TRANSACTION};

/// Which page of what.
pub(crate) struct PageOf {
    resource: Resource,
    /// Number of the page; 0 when the choice is left to the bank.
    asked: f64,
}

/// One page of `resource` behind the connection `given.id`. `given` also holds `account` (not for
/// the account list), `query` (parameters of the standard by name; others are not sent), `page`
/// (`undefined` for the first) and `actionId`.
pub(crate) fn read(resource: Resource, given: &JsValue) -> Ask {
    let path = joined(&[&path(given), "/api", &below(resource, given)]);
    let asked = get(given, "page").as_f64().unwrap_or(0.0);
    let call =
        Call { action_id: get(given, "actionId"), ..Call::new("GET", path).for_caller(given) };
    Ask { call, expect: Expect::Page(PageOf { resource, asked }) }
}

/// The page's entries and the number of the next: `{items, next}`; `next` is absent after the last.
///
/// Errors: `invalid_response`.
pub(crate) fn page(answer: &Answer, of: &PageOf) -> Result<JsValue, Failure> {
    let page = Object::new();
    set(&page, "items", &answer.items(of.resource.collection(), shape(of.resource))?);
    let number = |name| get(&answer.body, name).as_f64();
    if let Some(next) = next_page(number("pageNumber").unwrap_or(of.asked), number("nextPage")) {
        set(&page, "next", &next.into());
    }
    Ok(page.into())
}

fn shape(resource: Resource) -> Shape {
    match resource {
        Resource::Accounts => ACCOUNT,
        Resource::Balances => BALANCE,
        Resource::Transactions => TRANSACTION,
    }
}

/// Path and query below the bank's base URL.
fn below(resource: Resource, given: &JsValue) -> String {
    let (before, after) = resource.path();
    let mut path = String::from(before);
    if !after.is_empty() {
        path.push_str(&segment(given, "account"));
        path.push_str(after);
    }
    let (query, page) = (get(given, "query"), get(given, "page"));
    let mut mark = "?";
    for name in resource.parameters() {
        let paged = *name == "page" && !page.is_undefined();
        if let Some(value) = if paged { plain(&page) } else { plain(&get(&query, name)) } {
            for part in [mark, name, "=", &String::from(encode_uri_component(&value))] {
                path.push_str(part);
            }
            mark = "&";
        }
    }
    path
}

/// A parameter's value as text; `None` for anything but a string or a number.
fn plain(value: &JsValue) -> Option<String> {
    let digits = |number: f64| Number::from(number).to_string_with_radix(10).ok().map(String::from);
    value.as_string().or_else(|| value.as_f64().and_then(digits))
}
