//! `POST /my/payments/balanceCheck` (bank-api fact 10.10): is there enough money on one of the
//! person's accounts.

use serde_json::{Value, json};

use super::Refusal;
use crate::bank::Bank;
use crate::data::iban::is_valid;
use crate::oauth::Authorized;

const REQUIRED: [&str; 4] = [
    "exchangeIdentification",
    "debtorAccount.identification.iban",
    "transactionDetails.currency",
    "transactionDetails.totalAmount",
];

/// Answers `APPR` or `DECL`.
///
/// Errors: `FF01`, `FIELD_MISSING`, `AC02`, `AC09`, `AM11`, `AM12`.
pub(super) fn check(bank: &Bank, authorized: &Authorized, body: &[u8]) -> Result<Value, Refusal> {
    let request: Value = serde_json::from_slice(body).map_err(|_| Refusal::unreadable())?;
    let [exchange, iban, currency, amount] = REQUIRED.map(|path| find(&request, path));
    let fields = [&exchange, &iban, &currency, &amount];
    let missing = REQUIRED.iter().zip(fields).filter(|(_, field)| field.is_none());
    let missing = missing.map(|(name, _)| Refusal::code("FIELD_MISSING", name));
    if let Some(refusal) = Refusal::all(missing) {
        return Err(refusal);
    }
    let iban = iban.and_then(Value::as_str).filter(|iban| is_valid(iban)).unwrap_or("");
    let customer = bank.ledger.customer(&authorized.user);
    let account = customer
        .and_then(|customer| customer.accounts.iter().find(|one| one.number.iban() == iban))
        .filter(|account| authorized.accounts.contains(&account.id))
        .ok_or_else(|| Refusal::code("AC02", REQUIRED[1]))?;
    let of_account = find(&request, "debtorAccount.currency").and_then(Value::as_str);
    if of_account.is_some_and(|currency| currency != account.currency) {
        return Err(Refusal::code("AC09", "debtorAccount.currency"));
    }
    if currency.and_then(Value::as_str) != Some(account.currency) {
        return Err(Refusal::code("AM11", REQUIRED[2]));
    }
    let amount = amount.and_then(Value::as_f64).filter(|amount| *amount > 0.0);
    let amount = amount.ok_or_else(|| Refusal::code("AM12", REQUIRED[3]))?;
    let statement = bank.ledger.statement(&authorized.user, &account.id, bank.clock.today());
    let line = account.credit_line.unwrap_or(0);
    let available = statement.map_or(0, |statement| statement.available + line);
    let enough = super::entry::number(available) >= amount;
    Ok(json!({
        "responseIdentification": bank.clock.millis(),
        "exchangeIdentification": exchange,
        "response": if enough { "APPR" } else { "DECL" },
    }))
}

/// The element at a dotted path; null counts as absent.
fn find<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let found = path.split('.').try_fold(value, |value, name| value.get(name));
    found.filter(|value| !value.is_null())
}
