//! `GET /my/accounts` and `GET /my/accounts/{id}/balance` (bank-api facts 9.2 and 9.3).

use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::query::{By, Paging, currency, known, sort};
use super::resource::Version;
use super::{Refusal, entry};
use crate::bank::Bank;
use crate::clock::prague;
use crate::data::Account;
use crate::data::iban::{BANK_CODE, BIC};
use crate::form::Fields;
use crate::oauth::Authorized;
use crate::orders;

/// What third parties can do with every account, by their roles (bank-api fact 13.2); the bank has no
/// direct debits (fact 1.5).
const SUITABLE: [(&str, &str); 3] = [
    ("AISP", "accountList accountBalance accountTransactions standingOrders"),
    ("PISP", "paymentOrders standingOrders batchPaymentInitiation"),
    ("CISP", "balanceCheck"),
];

/// The accounts that the token opens.
pub(super) fn list(
    bank: &Bank,
    version: Version,
    authorized: &Authorized,
    query: &Fields,
) -> Result<Value, Refusal> {
    known(query, &["size", "page", "sort", "order"])?;
    let paging = Paging::read(query)?;
    let customer = bank.ledger.customer(&authorized.user);
    let owned = customer.map_or(&[][..], |customer| customer.accounts.as_slice());
    let mut accounts: Vec<_> =
        owned.iter().filter(|account| authorized.accounts.contains(&account.id)).collect();
    sort(&mut accounts, query, &fields())?;
    paging.envelope("accounts", &accounts, StatusCode::BAD_REQUEST, |account| {
        render(version, account)
    })
}

/// The balances of one account.
pub(super) fn balance(
    bank: &Bank,
    authorized: &Authorized,
    id: &str,
    query: &Fields,
) -> Result<Value, Refusal> {
    known(query, &["currency"])?;
    let account = shared(bank, authorized, id)?;
    currency(query, account.currency)?;
    let today = bank.clock.today();
    let statement = orders::statement(bank, &authorized.user, id);
    let statement = statement.ok_or_else(Refusal::id_not_found)?;
    let yesterday = today.yesterday().unwrap_or(today).to_string();
    let now = local_time(bank.clock.timestamp());
    let line = account.credit_line.map(|line| amount(line, account.currency));
    let one = |code: &str, value: i64, date: &str, line: Value| {
        json!({
            "type": { "codeOrProprietary": { "code": code } },
            "creditLine": line,
            "amount": amount(value, account.currency),
            "creditDebitIndicator": if value < 0 { "DBIT" } else { "CRDT" },
            "date": { "dateTime": date },
        })
    };
    let line = json!({ "included": false, "amount": line });
    Ok(json!({ "balances": [
        one("CLAV", statement.available, &now, line),
        one("CLBD", statement.opening, &yesterday, Value::Null),
        one("PRCD", statement.opening, &yesterday, Value::Null),
        one("ITBD", statement.booked, &now, Value::Null),
    ] }))
}

/// The account `id`, if the token opens it.
pub(super) fn shared<'a>(
    bank: &'a Bank,
    authorized: &Authorized,
    id: &str,
) -> Result<&'a Account, Refusal> {
    let open = authorized.accounts.iter().any(|open| open == id);
    let account = bank.ledger.account(&authorized.user, id).filter(|_| open);
    account.ok_or_else(Refusal::id_not_found)
}

/// What accounts can be sorted by.
fn fields<'a>() -> [(&'static str, By<&'a Account>); 6] {
    [
        ("id", |a, b| a.id.cmp(&b.id)),
        ("identification.iban", |a, b| a.number.iban().cmp(&b.number.iban())),
        ("iban", |a, b| a.number.iban().cmp(&b.number.iban())),
        ("currency", |a, b| a.currency.cmp(b.currency)),
        ("nameI18N", |a, b| a.name.cmp(b.name)),
        ("productI18N", |a, b| a.product.cmp(&b.product)),
    ]
}

fn render(version: Version, account: &Account) -> Value {
    let mut one = json!({
        "id": account.id,
        "identification": { "iban": account.number.iban(), "other": account.number.local() },
        "currency": account.currency,
        "servicer": {
            "bankCode": (account.currency == "CZK").then_some(BANK_CODE),
            "countryCode": "CZ",
            "bic": BIC,
        },
        "nameI18N": account.name,
        "productI18N": account.product,
    });
    if version > Version::V2 {
        // everybody has accounts of their own only
        one["relationship"] = json!({ "isOwner": true });
        one["suitableScope"] = SUITABLE.into_iter().collect();
    }
    one
}

/// In Czech time, so that a balance is of the same day as the movements in it (fact 12.3).
pub(super) fn local_time(now: Timestamp) -> String {
    let offset = prague(now);
    format!("{:.0}.0+{:02}:00", offset.to_datetime(now), offset.seconds() / 3600)
}

fn amount(hundredths: i64, currency: &str) -> Value {
    json!({ "value": entry::number(hundredths.abs()), "currency": currency })
}
