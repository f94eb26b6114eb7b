//! `POST /my/payments/balanceCheck` and, for card issuers, `POST /accounts/balanceCheck` (bank-api
//! facts 10.10 and 11): is there enough money on an account.

use serde_json::{Map, Value, json};

use super::payments::{self, Form, Row, Rules, find, row, text};
use super::{Refusal, exact};
use crate::PaymentKind;
use crate::bank::Bank;
use crate::call::Call;
use crate::data::iban::is_valid;
use crate::data::{Account, Customer, Kind};
use crate::knobs::Occasion;
use crate::orders::{self, Owner};
use crate::sync::lock;

const IBAN: &str = "debtorAccount.identification.iban";
const AMOUNT: &str = "transactionDetails.totalAmount";
const EXCHANGE: &str = "exchangeIdentification";
/// What `exchangeIdentification` is unique for.
const PURPOSE: &str = "balance check";

const AUTHENTICATION: &[&str] = &[
    "NPIN", "PPSG", "PSWD", "SCRT", "SCNL", "SNCT", "CPSG", "ADDB", "BIOM", "CDHI", "CRYP", "CSCV",
    "PSVE", "CSEC", "ADDS", "TOKP",
];
const MERCHANT: &[&str] = &["OPOI", "MERC", "ACCP", "ITAG", "ACQR", "CISS", "DLIS"];

/// The table of bank-api fact 10.10; there is one kind only.
const ROWS: &[Row] = &[
    row(EXCHANGE, "1111", Form::Reference(18)),
    row(
        "card",
        "0000",
        Form::Object(&[
            row("cardholderName", "0000", Form::Text(45)),
            row("maskedPan", "1111", Form::MaskedPan(30)),
        ]),
    ),
    row(
        "debtorAccount",
        "1111",
        Form::Object(&[
            row("identification", "1111", Form::Object(&[row("iban", "1111", Form::Iban)])),
            row("currency", "0000", Form::Currency),
        ]),
    ),
    row("authenticationMethod", "0000", Form::One(AUTHENTICATION, "FIELD_INVALID")),
    row(
        "merchant",
        "0000",
        Form::Object(&[
            row("identification", "1111", Form::Code(35)),
            row("type", "0000", Form::One(MERCHANT, "FIELD_INVALID")),
            row("shortName", "1111", Form::Text(35)),
            row("commonName", "1111", Form::Text(70)),
            row("address", "0000", Form::Text(140)),
            row("countryCode", "0000", Form::Country),
            row("merchantCategoryCode", "1111", Form::Category),
        ]),
    ),
    row(
        "transactionDetails",
        "1111",
        Form::Object(&[
            row("currency", "1111", Form::Currency),
            row("totalAmount", "1111", Form::Number),
        ]),
    ),
];

/// Who asks.
struct Who<'a> {
    licence: Option<&'a str>,
    /// Decimals that the amount may have.
    decimals: u8,
    /// Whether slashes may stand anywhere (bank-api fact 2.6).
    slashes: bool,
    allowed: &'a dyn Fn(&Customer, &Account) -> bool,
}

/// For an app that initiates payments: the accounts that the person has allowed it.
///
/// Errors: those of bank-api fact 10.10.
pub(super) fn check(bank: &Bank, call: &Call, owner: &Owner) -> Result<Value, Refusal> {
    let authorized = &owner.authorized;
    let occasion = Occasion::of(call).about(Some(&authorized.user));
    let allowed = |holder: &Customer, account: &Account| {
        holder.username == authorized.user && authorized.accounts.contains(&account.id)
    };
    let licence = owner.licence.as_deref();
    answer(bank, call, occasion, &Who { licence, decimals: 2, slashes: true, allowed: &allowed })
}

/// For a card issuer: the accounts whose holders have told the bank so.
///
/// Errors: those of bank-api fact 10.10.
pub(super) fn check_card(
    bank: &Bank,
    call: &Call,
    licence: Option<&str>,
) -> Result<Value, Refusal> {
    let occasion = Occasion::of(call);
    let allowed = |holder: &Customer, _: &Account| {
        bank.meet(occasion.about(Some(&holder.username)), |knobs| &mut knobs.card_consent)
    };
    answer(bank, call, occasion, &Who { licence, decimals: 5, slashes: false, allowed: &allowed })
}

fn answer(
    bank: &Bank,
    call: &Call,
    occasion: Occasion<'_>,
    who: &Who<'_>,
) -> Result<Value, Refusal> {
    let request: Value = crate::json::read(&call.body).ok_or_else(Refusal::unreadable)?;
    let Value::Object(mut members) = request else { return Err(Refusal::unreadable()) };
    respell(&mut members);
    let rules = Rules::met(bank, occasion);
    payments::check(&mut members, ROWS, PaymentKind::Domestic, &rules)?;
    if let Some(reason) = bank.meet(occasion, |knobs| &mut knobs.narrative) {
        return Err(Refusal::narrative(&reason));
    }
    let body = Value::Object(members);
    if let Some(refusal) = Refusal::all(slashes(&body).filter(|_| !who.slashes)) {
        return Err(refusal);
    }
    let account = debtor(bank, &body, &rules, who)?;
    let asked = exact::text(&call.body, &["transactionDetails", "totalAmount"]).unwrap_or("");
    let asked = exact::scaled(asked, who.decimals).filter(|amount| *amount > 0);
    let exchange = &body[EXCHANGE];
    let reference = exchange.as_str().map_or_else(|| exchange.to_string(), ToOwned::to_owned);
    let mut orders = lock(&bank.orders);
    let used = orders.has_used(PURPOSE, who.licence, &reference);
    let found = currencies(&body, account.1)
        .into_iter()
        .chain(asked.is_none().then(|| Refusal::code("AM12", AMOUNT)))
        .chain(used.then(|| Refusal::code("RF01", EXCHANGE)));
    if let Some(refusal) = Refusal::all(found) {
        return Err(refusal);
    }
    orders.note(PURPOSE, who.licence, &reference);
    drop(orders);
    let scale = 10_i64.pow(u32::from(who.decimals) - 2);
    let enough = available(bank, account).saturating_mul(scale) >= asked.unwrap_or(i64::MAX);
    Ok(json!({
        "responseIdentification": bank.random.text::<15>(b"123456789").parse::<u64>().unwrap_or(1),
        "exchangeIdentification": exchange,
        "response": if enough { "APPR" } else { "DECL" },
    }))
}

/// Identifications with a slash at an end, or two together (bank-api fact 2.6).
fn slashes(body: &Value) -> impl Iterator<Item = Refusal> {
    let bad = |text: &str| text.starts_with('/') || text.ends_with('/') || text.contains("//");
    let names = [EXCHANGE, "merchant.identification"].into_iter();
    let found = names.filter(move |name| text(body, name).is_some_and(bad));
    found.map(|name| Refusal::code("RR10", name))
}

/// Examples of the standard spell the card in another way than its table.
fn respell(members: &mut Map<String, Value>) {
    let Some(Value::Object(card)) = members.get_mut("card") else { return };
    for (example, table) in [("cardHolderName", "cardholderName"), ("maskedPAN", "maskedPan")] {
        if let Some(value) = card.remove(example) {
            card.entry(table).or_insert(value);
        }
    }
}

/// The account, if the who may ask about it.
///
/// Errors: `AC02`, 403 `AG01`.
fn debtor<'a>(
    bank: &'a Bank,
    body: &Value,
    rules: &Rules,
    who: &Who<'_>,
) -> Result<(&'a Customer, &'a Account), Refusal> {
    let iban = text(body, IBAN).unwrap_or("");
    let good = !rules.strict_ibans || is_valid(iban);
    let holder = bank.ledger.holder(iban).filter(|_| good);
    let (holder, account) = holder.ok_or_else(|| Refusal::code("AC02", IBAN))?;
    if (who.allowed)(holder, account) {
        Ok((holder, account))
    } else {
        Err(Refusal::not_allowed(IBAN))
    }
}

/// `AC09`, `AC12`, `AM11`.
fn currencies(body: &Value, account: &Account) -> Vec<Refusal> {
    let mut found = Vec::new();
    let of_account = "debtorAccount.currency";
    if text(body, of_account).is_some_and(|asked| asked != account.currency) {
        found.push(Refusal::code("AC09", of_account));
    }
    // there are no cards to savings
    if find(body, "card").is_some() && account.kind == Kind::Savings {
        found.push(Refusal::code("AC12", IBAN));
    }
    let of_transaction = "transactionDetails.currency";
    if text(body, of_transaction) != Some(account.currency) {
        found.push(Refusal::code("AM11", of_transaction));
    }
    found
}

/// Hundredths that can be spent.
fn available(bank: &Bank, (holder, account): (&Customer, &Account)) -> i64 {
    let line = account.credit_line.unwrap_or(0);
    let statement = orders::statement(bank, &holder.username, &account.id);
    statement.map_or(0, |statement| statement.available.saturating_add(line))
}
