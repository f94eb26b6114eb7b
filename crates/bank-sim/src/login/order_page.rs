//! The page on which an order is confirmed: what the person signs, from which account, to whom, and
//! the field for the code from the phone.

use std::fmt::Write;

use jiff::civil::Date;

use super::flow::Flow;
use super::operation;
use super::page::escape;
use super::step::{Complaint, described, state};
use super::words::Language;
use crate::bank::Bank;
use crate::orders::{Order, Payment, Subject};

/// Title, fields and the box beside them.
pub(super) fn parts(
    bank: &Bank,
    flow: &Flow,
    complaint: Option<Complaint>,
) -> (&'static str, String, String) {
    let language = flow.language;
    let Some(order) = operation::order(bank, flow) else { return Default::default() };
    let mut list = String::new();
    for (name, value) in rows(bank, flow, &order) {
        let _ = writeln!(list, "<dt>{name}</dt><dd>{value}</dd>");
    }
    // nine characters: people paste the eight digits with a space in the middle
    let fields = format!(
        "<dl class=\"order\">\n{list}</dl>\n<fieldset>\n<legend>{legend}</legend>\n\
         <p>{intro}</p>\n<p class=\"field\"><label for=\"sms_code\">{code}</label>\n\
         <input id=\"sms_code\" name=\"sms_code\" type=\"text\" inputmode=\"numeric\" \
         autocomplete=\"one-time-code\" maxlength=\"9\" required{state}></p>\n</fieldset>\n",
        legend = word(language, "Potvrzení kódem", "Confirmation by code"),
        intro = flow.language.words().sms_intro,
        code = flow.language.words().sms_code,
        state = state(complaint, true),
    );
    let title = word(language, "Potvrďte platbu", "Confirm the payment");
    (title, fields, phone(flow, &order))
}

/// Whose order it is, on the pages of its signing.
pub(super) fn asks(language: Language) -> &'static str {
    word(language, "Platbu zadala aplikace", "The payment was ordered in the app")
}

/// The name of the step.
pub(super) fn step(language: Language) -> &'static str {
    word(language, "Potvrzení platby", "Confirm the payment")
}

pub(super) fn button(language: Language) -> &'static str {
    word(language, "Potvrdit platbu", "Confirm payment")
}

/// What giving up means here.
pub(super) fn refuse(language: Language) -> &'static str {
    word(
        language,
        "Odmítnout platbu a vrátit se do aplikace",
        "Refuse the payment and return to the app",
    )
}

/// The application of the sandbox, which is registered nowhere.
pub(super) fn sandbox(language: Language) -> &'static str {
    word(language, "aplikace v sandboxu", "an application in the sandbox")
}

pub(super) fn not_payer(language: Language) -> &'static str {
    word(
        language,
        "Tuto platbu může potvrdit jen ten, z jehož účtu odejde.",
        "Only the person from whose account it is paid can confirm this payment.",
    )
}

/// What is signed.
fn rows(bank: &Bank, flow: &Flow, order: &Order) -> Vec<(&'static str, String)> {
    match &order.subject {
        Subject::Payment(payment) => of_payment(bank, flow, order, payment),
    }
}

fn of_payment(
    bank: &Bank,
    flow: &Flow,
    order: &Order,
    payment: &Payment,
) -> Vec<(&'static str, String)> {
    let language = flow.language;
    let from = bank.ledger.account(&order.owner.authorized.user, order.account());
    let payee = &payment.payee;
    let named = (payee.name != payee.account).then(|| escape(&payee.name));
    let symbols = payment.symbols;
    let symbol = |value: Option<i64>| value.map(|value| value.to_string());
    let rows = [
        (word(language, "Částka", "Amount"), Some(money(language, payment))),
        (word(language, "Komu", "To"), named),
        (word(language, "Na účet", "To account"), Some(number(payment))),
        (word(language, "Z účtu", "From account"), from.map(|account| described(account, flow))),
        (word(language, "Variabilní symbol", "Variable symbol"), symbol(symbols.variable)),
        (word(language, "Specifický symbol", "Specific symbol"), symbol(symbols.specific)),
        (word(language, "Konstantní symbol", "Constant symbol"), symbol(symbols.constant)),
        (word(language, "Zpráva", "Message"), payment.message.as_deref().map(escape)),
        (word(language, "Datum platby", "Payment date"), Some(day(language, payment.day))),
    ];
    rows.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))).collect()
}

fn phone(flow: &Flow, order: &Order) -> String {
    let words = flow.language.words();
    let Subject::Payment(payment) = &order.subject;
    let message = word(flow.language, "Potvrzení platby", "Payment");
    format!(
        "<aside class=\"phone\" aria-labelledby=\"phone\">\n<h2 id=\"phone\">{}</h2>\n\
         <p class=\"message\">{message} {} {} {}. {} <strong id=\"phone-code\">{}</strong></p>\n\
         </aside>\n",
        words.phone,
        money(flow.language, payment),
        word(flow.language, "na účet", "to"),
        number(payment),
        word(
            flow.language,
            "Nikomu kód nesdělujte. Kód:",
            "Do not share this code with anybody. Code:"
        ),
        flow.sms,
    )
}

/// The payee's account in the form that people know.
fn number(payment: &Payment) -> String {
    let payee = &payment.payee;
    let number = match &payee.local {
        Some(local) => format!("{local}/{}", payee.account.get(4..8).unwrap_or("")),
        None => payee.account.clone(),
    };
    escape(&number)
}

/// `1 234,50 CZK` or `CZK 1,234.50`.
fn money(language: Language, payment: &Payment) -> String {
    let (whole, rest) = (payment.amount / 100, payment.amount % 100);
    let (thousands, decimal) = match language {
        Language::Czech => ("\u{a0}", ','),
        Language::English => (",", '.'),
    };
    let digits = whole.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push_str(thousands);
        }
        grouped.push(digit);
    }
    let currency = payment.currency;
    match language {
        Language::Czech => format!("{grouped}{decimal}{rest:02}\u{a0}{currency}"),
        Language::English => format!("{currency}\u{a0}{grouped}{decimal}{rest:02}"),
    }
}

fn day(language: Language, date: Date) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = usize::try_from(date.month() - 1).unwrap_or(0);
    match language {
        Language::Czech => format!("{}.\u{a0}{}.\u{a0}{}", date.day(), date.month(), date.year()),
        Language::English => format!("{} {} {}", date.day(), MONTHS[month], date.year()),
    }
}

fn word(language: Language, czech: &'static str, english: &'static str) -> &'static str {
    match language {
        Language::Czech => czech,
        Language::English => english,
    }
}
