//! What is signed, line by line.

use jiff::civil::Date;

use super::super::flow::Flow;
use super::super::page::escape;
use super::super::step::described;
use super::super::words::Language;
use super::word;
use crate::bank::Bank;
use crate::orders::{Interval, Order, Payment, StandingOrder, Subject, Waiting};
use crate::sync::lock;

type Row = (&'static str, Option<String>);

/// Names and values.
pub(super) fn rows(bank: &Bank, flow: &Flow, order: &Order) -> Vec<(&'static str, String)> {
    let rows = match &order.subject {
        Subject::Payment(payment) => {
            let day = (word(flow.language, "Datum platby", "Payment date"), payment.day);
            of_payment(bank, flow, order, payment, day)
        }
        Subject::StandingOrder(standing) => of_standing(bank, flow, order, standing),
        Subject::Batch(_) => of_batch(bank, flow, order),
    };
    rows.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))).collect()
}

fn of_payment(
    bank: &Bank,
    flow: &Flow,
    order: &Order,
    payment: &Payment,
    (dated, date): (&'static str, Date),
) -> Vec<Row> {
    let language = flow.language;
    let from = bank.ledger.account(&order.owner.authorized.user, &payment.account);
    let payee = &payment.payee;
    let named = (payee.name != payee.account).then(|| escape(&payee.name));
    let symbols = payment.symbols;
    let symbol = |value: Option<i64>| value.map(|value| value.to_string());
    vec![
        (word(language, "Částka", "Amount"), Some(money(language, payment))),
        (word(language, "Komu", "To"), named),
        (word(language, "Na účet", "To account"), Some(number(payment))),
        (word(language, "Z účtu", "From account"), from.map(|account| described(account, flow))),
        (word(language, "Variabilní symbol", "Variable symbol"), symbol(symbols.variable)),
        (word(language, "Specifický symbol", "Specific symbol"), symbol(symbols.specific)),
        (word(language, "Konstantní symbol", "Constant symbol"), symbol(symbols.constant)),
        (word(language, "Zpráva", "Message"), payment.message.as_deref().map(escape)),
        (dated, Some(day(language, date))),
    ]
}

/// The standing order as it will be, or of one that is to end as it is.
fn of_standing(bank: &Bank, flow: &Flow, order: &Order, standing: &StandingOrder) -> Vec<Row> {
    let language = flow.language;
    let meant = meant(standing);
    let schedule = &meant.schedule;
    let first = (word(language, "První platba", "First payment"), schedule.first);
    let mut rows = of_payment(bank, flow, order, &meant.payment, first);
    let last = match schedule.last {
        Some(last) => day(language, last),
        None => word(language, "do odvolání", "until cancelled").to_owned(),
    };
    rows.extend([
        (word(language, "Název", "Name"), meant.alias.as_deref().map(escape)),
        (word(language, "Jak často", "How often"), Some(often(language, schedule.interval).into())),
        (word(language, "Poslední platba", "Last payment"), Some(last)),
    ]);
    rows
}

/// What the signature makes of a standing order.
pub(super) fn meant(standing: &StandingOrder) -> &StandingOrder {
    match &standing.waiting {
        Some(Waiting::Change(new, ..)) => new,
        Some(Waiting::Deletion) | None => standing,
    }
}

/// The sum, then every payment.
fn of_batch(bank: &Bank, flow: &Flow, order: &Order) -> Vec<Row> {
    let language = flow.language;
    let (count, sum) = sum(bank, language, order);
    let orders = lock(&bank.orders);
    let payments: Vec<_> = orders.members(order).into_iter().filter_map(Order::payment).collect();
    let user = &order.owner.authorized.user;
    let from = payments.first().and_then(|first| bank.ledger.account(user, &first.account));
    let mut rows = vec![
        (word(language, "Celkem", "Total"), Some(sum)),
        (word(language, "Počet plateb", "Payments"), Some(count.to_string())),
        (word(language, "Z účtu", "From account"), from.map(|account| described(account, flow))),
    ];
    rows.extend(payments.into_iter().map(|payment| {
        let (to, date) = (number(payment), day(language, payment.day));
        let value = format!("{} → {to}, {date}", money(language, payment));
        (word(language, "Platba", "Payment"), Some(value))
    }));
    rows
}

/// How many payments a batch has, and how much they are together.
pub(super) fn sum(bank: &Bank, language: Language, order: &Order) -> (usize, String) {
    let orders = lock(&bank.orders);
    let payments: Vec<_> = orders.members(order).into_iter().filter_map(Order::payment).collect();
    let total = payments.iter().fold(0_i64, |sum, payment| sum.saturating_add(payment.amount));
    let currency = payments.first().map_or("", |payment| payment.currency);
    (payments.len(), written(language, total, currency))
}

fn often(language: Language, interval: Interval) -> &'static str {
    match interval {
        Interval::Daily => word(language, "každý pracovní den", "every workday"),
        Interval::Weekly => word(language, "každý týden", "every week"),
        Interval::Monthly => word(language, "každý měsíc", "every month"),
        Interval::Quarterly => word(language, "každé čtvrtletí", "every quarter"),
        Interval::HalfYearly => word(language, "každé pololetí", "every half-year"),
        Interval::Yearly => word(language, "každý rok", "every year"),
    }
}

/// The payee's account in the form that people know.
pub(super) fn number(payment: &Payment) -> String {
    let payee = &payment.payee;
    let number = match &payee.local {
        Some(local) => format!("{local}/{}", payee.account.get(4..8).unwrap_or("")),
        None => payee.account.clone(),
    };
    escape(&number)
}

pub(super) fn money(language: Language, payment: &Payment) -> String {
    written(language, payment.amount, payment.currency)
}

/// `1 234,50 CZK` or `CZK 1,234.50`.
fn written(language: Language, amount: i64, currency: &str) -> String {
    let (whole, rest) = (amount / 100, amount % 100);
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
