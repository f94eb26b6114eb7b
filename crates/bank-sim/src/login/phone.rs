//! The phone: what the bank has sent by SMS to all of its customers, newest first, at `GET /phone`.
//!
//! It is no part of a bank. The pages that ask for a code show it themselves; where the app asks for it
//! (a signing by SMS), this page is the phone that a person would look at. Its script asks for it anew
//! each second, so it is not taken down in the journal. `?lang=cs` and `?lang=en` switch the language.

use std::collections::VecDeque;
use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri, header};
use jiff::civil::DateTime;

use super::flow::Flow;
use super::page::{Kind, Page, escape};
use super::words::Language;
use super::{operation, order_page};
use crate::bank::Bank;
use crate::form::Fields;
use crate::orders::Order;
use crate::sync::lock;

/// Messages kept.
const KEPT: usize = 50;

/// What was sent.
#[derive(Clone)]
struct Message {
    /// Counts from 1.
    number: u64,
    /// Prague.
    at: DateTime,
    user: String,
    code: String,
    /// What the code signs; without it the code is for a login.
    order: Option<Order>,
}

/// What was sent last, newest first.
#[derive(Default)]
pub(crate) struct Phone {
    count: u64,
    messages: VecDeque<Message>,
}

/// Sends `code` to `user`, for an order or for a login.
pub(crate) fn send(bank: &Bank, user: &str, code: &str, order: Option<Order>) {
    let mut phone = lock(&bank.phone);
    phone.count += 1;
    let (number, at) = (phone.count, bank.clock.local());
    let (user, code) = (user.to_owned(), code.to_owned());
    phone.messages.push_front(Message { number, at, user, code, order });
    phone.messages.truncate(KEPT);
}

/// Sends the code that the login waits for.
pub(super) fn send_of(bank: &Bank, flow: &Flow) {
    let order = operation::order(bank, flow);
    send(bank, flow.user.as_deref().unwrap_or_default(), &flow.sms, order);
}

/// `GET /phone`.
pub(crate) async fn phone(State(bank): State<Arc<Bank>>, uri: Uri, headers: HeaderMap) -> Response {
    let asked = Fields::read(uri.query().unwrap_or(""));
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let language = asked.first("lang").and_then(Language::named);
    let language = language.unwrap_or_else(|| Language::accepted(accepted.unwrap_or("")));
    let messages = lock(&bank.phone).messages.clone();
    let shown = messages.iter().map(|message| message.shown(&bank, language)).collect::<String>();
    let words = language.words();
    // the list stands in the live region, which has to be there before what comes into it
    let main = format!(
        "<h1>{title}</h1>\n<p>{intro}</p>\n\
         <noscript><p><a href=\"?lang={lang}\">{reload}</a></p></noscript>\n\
         <section class=\"phone\" aria-labelledby=\"phone\">\n<h2 id=\"phone\">{heading}</h2>\n\
         <div role=\"log\" aria-labelledby=\"phone\"><ol id=\"messages\">\n{shown}</ol></div>\n\
         <p id=\"none\">{none}</p>\n</section>\n\
         <p id=\"away\" class=\"stayed\" role=\"status\"></p>\n\
         <template id=\"away-text\">{away}</template>\n",
        title = words.phone_title,
        intro = words.phone_intro,
        lang = language.code(),
        reload = words.phone_reload,
        heading = words.phone_messages,
        none = words.phone_none,
        away = words.phone_away,
    );
    let (kind, title, status) = (Kind::Phone, words.phone_title, StatusCode::OK);
    Page { language, title, kind, status, main, form_target: None }.respond()
}

impl Message {
    /// Markup. The id is another one after the bank was started anew.
    fn shown(&self, bank: &Bank, language: Language) -> String {
        let Self { number, at, user, code, order } = self;
        let order = order.as_ref();
        let text = order.map(|order| order_page::message(bank, language, order));
        format!(
            "<li id=\"m{number}-{code}\"><p class=\"meta\"><span class=\"user\">{user}</span> \
             <time datetime=\"{at}\">{time}</time></p>\n\
             <p class=\"message\">{text} <strong class=\"code\">{code}</strong></p></li>\n",
            user = escape(user),
            at = at.strftime("%Y-%m-%dT%H:%M:%S"),
            time = at.strftime("%H:%M:%S"),
            text = text.as_deref().unwrap_or(language.words().sms_message),
        )
    }
}
