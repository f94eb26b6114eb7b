//! One transaction in the form of the COBS 2.0 PDF (bank-api facts 9.4 and 9.5): unused elements
//! are null, symbols are an array, and dates come in all forms of the standard, the hour-only
//! offset `+01` included (fact 12.3).

use jiff::civil::Date;
use serde_json::{Map, Value, json};

use super::resource::Version;
use crate::clock::prague;
use crate::data::Account;
use crate::data::entry::{Card, Detail, Domestic, Entry, Exchange, Foreign, Sepa, code};
use crate::data::iban::{BIC, is_valid};

/// Hundredths as a JSON number.
#[expect(clippy::cast_precision_loss, reason = "no account holds 2^53 hundredths")]
pub(super) fn number(hundredths: i64) -> f64 {
    hundredths as f64 / 100.0
}

/// The JSON of one movement.
pub(super) fn render(version: Version, entry: &Entry, account: &Account, today: Date) -> Value {
    let credit = entry.amount > 0;
    let mut one = json!({
        "entryReference": entry.reference,
        "amount": money(entry.amount.abs(), account.currency),
        "creditDebitIndicator": if credit { "CRDT" } else { "DBIT" },
        "reversalIndicator": entry.reversal,
        "status": if entry.is_pending(today) { "PDNG" } else { "BOOK" },
        "bookingDate": { "date": entry.booked(today).to_string() },
        "valueDate": { "date": value_date(entry) },
        "bankTransactionCode": { "proprietary": { "code": entry.code, "issuer": "CBA" } },
        "entryDetails": { "transactionDetails": details(entry, account, credit) },
    });
    if version > Version::V2 {
        add_later(&mut one, entry, today);
    }
    one
}

/// What later versions have beside (bank-api fact 13.2): when a hold ends, and the payment that a
/// third party has initiated.
fn add_later(one: &mut Value, entry: &Entry, today: Date) {
    let hold = entry.hold_ends().filter(|_| entry.is_pending(today));
    one["holdExpiration"] = hold.map(|date| json!({ "date": date.to_string() })).into();
    if entry.instruction.is_some() {
        let details = &mut one["entryDetails"]["transactionDetails"];
        details["references"]["paymentId"] = json!(entry.reference);
    }
}

fn details(entry: &Entry, account: &Account, credit: bool) -> Value {
    let mut details = match &entry.detail {
        // interest needs no details, so it shows clients what their absence looks like
        Detail::Plain if entry.code == code::INTEREST => return Value::Null,
        Detail::Plain | Detail::Cash => frame(),
        Detail::Card(card) => by_card(card, entry, account),
        Detail::Domestic(detail) => domestic(detail, entry, account, credit),
        Detail::Sepa(detail) => sepa(detail, entry, account, credit),
        Detail::Foreign(detail) => foreign(detail, account, credit),
    };
    if let Some(instruction) = &entry.instruction {
        if details["references"].is_null() {
            details["references"] = json!({});
        }
        details["references"]["instructionIdentification"] = json!(instruction);
    }
    details.insert("additionalTransactionInformation".to_owned(), json!(entry.text));
    Value::Object(details)
}

/// All elements, unused.
fn frame() -> Map<String, Value> {
    let names = [
        "references",
        "amountDetails",
        "charges",
        "relatedParties",
        "relatedAgents",
        "purpose",
        "remittanceInformation",
    ];
    names.into_iter().map(|name| (name.to_owned(), Value::Null)).collect()
}

fn by_card(card: &Card, entry: &Entry, account: &Account) -> Map<String, Value> {
    let mut details = frame();
    details["references"] = json!({
        "accountServicerReference": entry.reference,
        "chequeNumber": format!("xxxxxxxxxxxx{:04}", card.last),
        "clearingSystemReference": "DEBIT CARD",
    });
    let exchanged = card.exchange.map(|exchange| exchanged(entry, account, exchange));
    details["amountDetails"] = exchanged.unwrap_or_else(|| {
        let whole = json!({ "amount": money(entry.amount.abs(), account.currency) });
        let cashback =
            |cash| json!({ "type": "CASHBACK", "amount": money(cash, account.currency) });
        json!({
            "instructedAmount": whole,
            // purchase and cash together
            "transactionAmount": card.cashback.map(|_| &whole),
            "proprietaryAmount": card.cashback.map(cashback),
        })
    });
    details["relatedParties"] = if entry.code.starts_with("300001") {
        json!({ "proprietary": { "type": "ATM", "party": { "name": card.place } } })
    } else {
        json!({ "creditor": { "name": card.place, "postalAddress": null, "identification": null } })
    };
    details
}

fn domestic(
    detail: &Domestic,
    entry: &Entry,
    account: &Account,
    credit: bool,
) -> Map<String, Value> {
    let symbol = |name: &str, value: Option<i64>| value.map(|value| format!("{name}:{value}"));
    let symbols = [("VS", detail.variable), ("SS", detail.specific), ("KS", detail.constant)];
    let symbols: Vec<_> =
        symbols.into_iter().filter_map(|(name, value)| symbol(name, value)).collect();
    let mut details = frame();
    details["references"] = json!({
        "messageIdentification": null,
        "accountServicerReference": entry.reference,
        "endToEndIdentification": detail.variable.map(|value| value.to_string()),
        "paymentInformationIdentification": detail.specific.map(|value| value.to_string()),
        "instructionIdentification": detail.constant.map(|value| value.to_string()),
    });
    details["amountDetails"] = amounts(entry, account, detail.exchange);
    let other = json!({
        "identification": {
            "iban": detail.partner.account,
            "other": detail.partner.local.as_ref().map(|local| json!({ "identification": local })),
        },
        "currency": account.currency,
        // an order without a name is booked under the account
        "name": Some(&detail.partner.name).filter(|name| **name != detail.partner.account),
    });
    let (ours, theirs) = sides(credit);
    let mut parties = json!({ format!("{theirs}Account"): other });
    parties[format!("{ours}Account")] = own(account);
    details["relatedParties"] = parties;
    let bank = match &detail.partner.bic {
        Some(bic) => json!({ "bic": bic }),
        // a domestic agent may be named by its code as well
        None => json!({ "other": { "identification": detail.partner.account.get(4..8) } }),
    };
    details["relatedAgents"] = agents(credit, &bank);
    details["remittanceInformation"] = json!({
        "unstructured": detail.message,
        "structured": { "creditorReferenceInformation": { "reference": symbols } },
    });
    details
}

fn sepa(detail: &Sepa, entry: &Entry, account: &Account, credit: bool) -> Map<String, Value> {
    let mut details = frame();
    details["references"] = json!({
        "accountServicerReference": entry.reference,
        "endToEndIdentification": detail.end_to_end,
        "mandateIdentification": null,
    });
    details["amountDetails"] = amounts(entry, account, detail.exchange);
    let (ours, theirs) = sides(credit);
    let partner = &detail.partner;
    let mut parties = json!({
        theirs: {
            "name": partner.name,
            "postalAddress": { "townName": partner.town, "country": partner.country },
            "identification": null,
        },
        format!("{theirs}Account"): { "identification": { "iban": partner.account } },
        ours: { "name": account.holder, "postalAddress": null, "identification": null },
    });
    parties[format!("{ours}Account")] = own(account);
    if let Some(ultimate) = &detail.ultimate {
        parties["ultimateCreditor"] = json!({ "name": ultimate });
    }
    details["relatedParties"] = parties;
    details["relatedAgents"] = agents(credit, &json!({ "bic": partner.bic }));
    details["purpose"] = json!({ "code": "OTHR", "proprietary": null });
    details["remittanceInformation"] =
        json!({ "unstructured": detail.message, "structured": null });
    details
}

fn foreign(detail: &Foreign, account: &Account, credit: bool) -> Map<String, Value> {
    let Exchange { amount, currency, rate } = detail.exchange;
    let partner = &detail.partner;
    let mut details = frame();
    details["references"] = json!({ "messageIdentification": null, "chequeNumber": null });
    details["amountDetails"] = json!({
        "instructedAmount": { "amount": money(amount, currency) },
        "counterValueAmount": {
            "amount": money(amount * rate / 100, account.currency),
            "currencyExchange": {
                "sourceCurrency": currency,
                "targetCurrency": account.currency,
                "exchangeRate": number(rate),
            },
        },
    });
    details["charges"] = json!({ "bearer": detail.bearer });
    let (ours, theirs) = sides(credit);
    let mut parties = json!({
        theirs: {
            "name": partner.name,
            "postalAddress": { "townName": partner.town, "country": partner.country },
        },
        format!("{theirs}Account"): {
            "identification": {
                "iban": is_valid(&partner.account).then_some(&partner.account),
                "other": { "identification": partner.account },
            },
        },
        ours: { "name": account.holder },
    });
    parties[format!("{ours}Account")] = own(account);
    details["relatedParties"] = parties;
    let bank = json!({
        "bic": partner.bic,
        "name": null,
        "clearingSystemMemberIdentification": null,
        "postalAddress": { "country": partner.country },
    });
    details["relatedAgents"] = agents(credit, &bank);
    details["remittanceInformation"] = json!({ "unstructured": detail.message });
    details
}

/// The amount as it was ordered, and its counter-value where that is another one.
fn amounts(entry: &Entry, account: &Account, exchange: Option<Exchange>) -> Value {
    exchange.map_or_else(
        || json!({ "instructedAmount": { "amount": money(entry.amount.abs(), account.currency) } }),
        |exchange| exchanged(entry, account, exchange),
    )
}

fn exchanged(entry: &Entry, account: &Account, exchange: Exchange) -> Value {
    json!({
        "instructedAmount": { "amount": money(exchange.amount, exchange.currency) },
        "counterValueAmount": {
            "amount": money(entry.amount.abs(), account.currency),
            "currencyExchange": {
                "sourceCurrency": exchange.currency,
                "targetCurrency": account.currency,
                "exchangeRate": number(exchange.rate),
            },
        },
    })
}

fn own(account: &Account) -> Value {
    let other = json!({ "identification": account.number.local() });
    json!({
        "identification": { "iban": account.number.iban(), "other": other },
        "currency": account.currency,
        "name": null,
    })
}

fn agents(credit: bool, theirs: &Value) -> Value {
    let agent =
        |identification: &Value| json!({ "financialInstitutionIdentification": identification });
    let (our_side, their_side) = sides(credit);
    json!({
        format!("{our_side}Agent"): agent(&json!({ "bic": BIC })),
        format!("{their_side}Agent"): agent(theirs),
    })
}

/// Names of our side and of the other one.
fn sides(credit: bool) -> (&'static str, &'static str) {
    if credit { ("creditor", "debtor") } else { ("debtor", "creditor") }
}

fn money(hundredths: i64, currency: &str) -> Value {
    json!({ "value": number(hundredths), "currency": currency })
}

fn value_date(entry: &Entry) -> String {
    let midnight = entry.day.at(0, 0, 0, 0);
    let noon = jiff::tz::Offset::UTC.to_timestamp(entry.day.at(12, 0, 0, 0)).unwrap_or_default();
    let hours = prague(noon).seconds() / 3600;
    match entry.detail {
        Detail::Plain => format!("{midnight}.000+{hours:02}"),
        Detail::Domestic(_) => format!("{midnight}.000+{hours:02}:00"),
        _ => entry.day.to_string(),
    }
}
