//! What a day brings: groceries, meals, shops, cash, a summer abroad, presents before Christmas.

use super::calendar::Day;
use super::entry::{Card, Detail, Exchange, code};
use super::partner::{GROCERS, HOLIDAYS, SHOPS, SUBSCRIPTIONS, TABLES};
use super::people::Kind;

/// All card payments and withdrawals of this day.
pub(super) fn spend(day: &mut Day<'_>) {
    let away = matches!((day.date.month(), day.date.day()), (7, 18..=29));
    if away {
        holiday(day);
    } else {
        home(day);
        meals(day);
        shops(day);
        cash(day);
    }
    subscriptions(day);
}

fn home(day: &mut Day<'_>) {
    let Some(account) = day.household() else { return };
    if !day.dice.chance(day.customer.habits.spending) {
        return;
    }
    let feast = if day.date.month() == 12 { 140 } else { 100 };
    let amount = scaled(day, 14_000, 98_000) * feast / 100;
    let place = *day.dice.pick(&GROCERS);
    let cashback = day.dice.chance(4).then_some(100_000);
    let code = if cashback.is_some() { code::CASHBACK } else { code::CARD };
    let amount = amount + cashback.unwrap_or(0);
    pay(day, account, amount, code, place, cashback);
}

fn meals(day: &mut Day<'_>) {
    let Some(account) = day.account(Kind::Current) else { return };
    let weekend = day.date.weekday().to_monday_zero_offset() > 4;
    if day.dice.chance(if weekend { 18 } else { 26 }) {
        let amount = scaled(day, 129, 290) * 100;
        let place = *day.dice.pick(&TABLES);
        pay(day, account, amount, code::CARD, place, None);
    }
}

fn shops(day: &mut Day<'_>) {
    let Some(account) = day.account(Kind::Current) else { return };
    let presents = matches!((day.date.month(), day.date.day()), (11, 20..) | (12, ..=23));
    if !day.dice.chance(if presents { 25 } else { 12 }) {
        return;
    }
    let amount = scaled(day, 9_900, 149_900);
    let place = *day.dice.pick(&SHOPS);
    pay(day, account, amount, code::CARD, place, None);
    if day.dice.chance(3) {
        // taken back by the shop at once
        if let Some((account, entry)) = day.entries.last().cloned() {
            day.add(account, -entry.amount, entry.code, "Storno platby kartou", entry.detail);
            if let Some((_, entry)) = day.entries.last_mut() {
                entry.reversal = true;
            }
        }
    }
}

fn cash(day: &mut Day<'_>) {
    let Some(account) = day.account(Kind::Current) else { return };
    if day.dice.chance(5) {
        let amount = day.dice.between(1, 4) * 50_000;
        pay(day, account, amount, code::ATM, "BANKOMAT NAMESTI MIRU, PRAHA 2", None);
        day.add(account, -600, code::FEE_CARD, "Výběr z bankomatu", Detail::Plain);
    }
}

fn holiday(day: &mut Day<'_>) {
    let Some(account) = day.account(Kind::Current) else { return };
    let rate = day.dice.between(2_440, 2_530);
    for place in HOLIDAYS {
        if day.dice.chance(25) {
            let euro = day.dice.between(450, 5_200);
            let exchange = Exchange { amount: euro, currency: "EUR", rate };
            exchanged(day, account, code::CARD, place, exchange);
        }
    }
    if day.dice.chance(10) {
        let exchange = Exchange { amount: 10_000, currency: "EUR", rate };
        exchanged(day, account, code::ATM_ABROAD, "BANKOMAT ROVINJ HR", exchange);
    }
}

fn subscriptions(day: &mut Day<'_>) {
    let Some(account) = day.account(Kind::Euro) else { return };
    if day.dice.chance(24) {
        let amount = day.dice.between(399, 2_999);
        let place = *day.dice.pick(&SUBSCRIPTIONS);
        pay(day, account, amount, code::CARD, place, None);
    }
}

fn pay(
    day: &mut Day<'_>,
    account: usize,
    amount: i64,
    code: &'static str,
    place: &'static str,
    cashback: Option<i64>,
) {
    let card = Card { last: last_digits(day), place, cashback, exchange: None };
    day.add(account, -amount, code, place, Detail::Card(card));
}

fn exchanged(
    day: &mut Day<'_>,
    account: usize,
    code: &'static str,
    place: &'static str,
    exchange: Exchange,
) {
    let amount = exchange.amount * exchange.rate / 100;
    let card = Card { last: last_digits(day), place, cashback: None, exchange: Some(exchange) };
    day.add(account, -amount, code, place, Detail::Card(card));
}

/// An amount that fits what the person earns.
fn scaled(day: &mut Day<'_>, low: i64, high: i64) -> i64 {
    let means = day.customer.habits.earns + 2_000_000;
    day.dice.between(low, high) * means / 6_680_000
}

/// The same card for the same person.
fn last_digits(day: &Day<'_>) -> i64 {
    day.customer.accounts.first().map_or(0, |account| account.opening % 10_000)
}
