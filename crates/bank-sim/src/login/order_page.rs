//! The page on which an order is confirmed: what the person signs, from which account, to whom, and
//! the field for the code from the phone.

mod rows;

use std::fmt::Write;

use super::flow::Flow;
use super::operation;
use super::step::{Complaint, phone, state};
use super::words::Language;
use crate::bank::Bank;
use crate::orders::{Order, Subject, Waiting};
use rows::{meant, money, number, rows, sum};

/// What a signature does.
#[derive(Clone, Copy)]
enum Act {
    Pay,
    PayAll,
    Begin,
    Change,
    End,
}

impl Act {
    fn of(order: &Order) -> Self {
        match &order.subject {
            Subject::Payment(_) => Self::Pay,
            Subject::Batch(_) => Self::PayAll,
            Subject::StandingOrder(standing) => match &standing.waiting {
                None => Self::Begin,
                Some(Waiting::Change(..)) => Self::Change,
                Some(Waiting::Deletion) => Self::End,
            },
        }
    }

    /// What the flow signs; a payment where the order is gone.
    fn under_way(bank: &Bank, flow: &Flow) -> Self {
        operation::order(bank, flow).map_or(Self::Pay, |order| Self::of(&order))
    }
}

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
    let title = match Act::of(&order) {
        Act::Pay => word(language, "Potvrďte platbu", "Confirm the payment"),
        Act::PayAll => word(language, "Potvrďte platby", "Confirm the payments"),
        Act::Begin => word(language, "Potvrďte trvalý příkaz", "Confirm the standing order"),
        Act::Change => {
            word(language, "Potvrďte změnu trvalého příkazu", "Confirm the changed standing order")
        }
        Act::End => {
            word(language, "Potvrďte zrušení trvalého příkazu", "Confirm to end the standing order")
        }
    };
    (title, fields, phone(flow, &message(bank, language, &order)))
}

/// Whose order it is, on the pages of its signing.
pub(super) fn asks(bank: &Bank, flow: &Flow) -> &'static str {
    let language = flow.language;
    match Act::under_way(bank, flow) {
        Act::Pay => word(language, "Platbu zadala aplikace", "The payment was ordered in the app"),
        Act::PayAll => {
            word(language, "Platby zadala aplikace", "The payments were ordered in the app")
        }
        Act::Begin => word(
            language,
            "Trvalý příkaz zadala aplikace",
            "The standing order was entered in the app",
        ),
        Act::Change => word(
            language,
            "Změnu trvalého příkazu zadala aplikace",
            "The standing order was changed in the app",
        ),
        Act::End => word(
            language,
            "Zrušení trvalého příkazu zadala aplikace",
            "The end of the standing order was asked for in the app",
        ),
    }
}

/// The name of the step.
pub(super) fn step(bank: &Bank, flow: &Flow) -> &'static str {
    let language = flow.language;
    match Act::under_way(bank, flow) {
        Act::Pay => word(language, "Potvrzení platby", "Confirm the payment"),
        Act::PayAll => word(language, "Potvrzení plateb", "Confirm the payments"),
        _ => word(language, "Potvrzení příkazu", "Confirm the order"),
    }
}

pub(super) fn button(bank: &Bank, flow: &Flow) -> &'static str {
    let language = flow.language;
    match Act::under_way(bank, flow) {
        Act::Pay => word(language, "Potvrdit platbu", "Confirm payment"),
        Act::PayAll => word(language, "Potvrdit platby", "Confirm payments"),
        Act::Begin => word(language, "Potvrdit trvalý příkaz", "Confirm standing order"),
        Act::Change => word(language, "Potvrdit změnu", "Confirm change"),
        Act::End => word(language, "Zrušit trvalý příkaz", "End standing order"),
    }
}

/// What giving up means here.
pub(super) fn refuse(bank: &Bank, flow: &Flow) -> &'static str {
    let language = flow.language;
    match Act::under_way(bank, flow) {
        Act::Pay => word(
            language,
            "Odmítnout platbu a vrátit se do aplikace",
            "Refuse the payment and return to the app",
        ),
        Act::PayAll => word(
            language,
            "Odmítnout platby a vrátit se do aplikace",
            "Refuse the payments and return to the app",
        ),
        Act::Begin | Act::Change | Act::End => {
            word(language, "Odmítnout a vrátit se do aplikace", "Refuse and return to the app")
        }
    }
}

/// The application of the sandbox, which is registered nowhere.
pub(super) fn sandbox(language: Language) -> &'static str {
    word(language, "aplikace v sandboxu", "sandbox")
}

pub(super) fn not_payer(language: Language) -> &'static str {
    word(
        language,
        "Tuto platbu může potvrdit jen ten, z jehož účtu odejde.",
        "Only the person from whose account it is paid can confirm this payment.",
    )
}

/// What the message says before the code.
pub(super) fn message(bank: &Bank, language: Language, order: &Order) -> String {
    let act = match Act::of(order) {
        Act::Pay => word(language, "Potvrzení platby", "Payment"),
        Act::PayAll => word(language, "Potvrzení plateb", "Payments"),
        Act::Begin => word(language, "Nový trvalý příkaz", "New standing order"),
        Act::Change => word(language, "Změna trvalého příkazu", "Changed standing order"),
        Act::End => word(language, "Zrušení trvalého příkazu", "End of the standing order"),
    };
    let to = word(language, "na účet", "to");
    let what = match &order.subject {
        Subject::Payment(payment) => {
            format!("{} {to} {}", money(language, payment), number(payment))
        }
        Subject::StandingOrder(standing) => {
            let payment = &meant(standing).payment;
            format!("{} {to} {}", money(language, payment), number(payment))
        }
        Subject::Batch(_) => {
            let (count, sum) = sum(bank, language, order);
            format!("{count}, {} {sum}", word(language, "celkem", "in total"))
        }
    };
    let secret =
        word(language, "Nikomu kód nesdělujte. Kód:", "Do not share this code with anybody. Code:");
    format!("{act} {what}. {secret}")
}

fn word(language: Language, czech: &'static str, english: &'static str) -> &'static str {
    match language {
        Language::Czech => czech,
        Language::English => english,
    }
}
