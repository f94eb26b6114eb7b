//! Which kind a payment is. The client does not say it in COBS 2.0; the bank derives it (bank-api
//! fact 10.2). Read before anything is validated, so nothing is taken for granted.

use serde_json::Value;

use super::{find, text};
use crate::PaymentKind;
use crate::data::iban::BANK_CODE;

/// Members of the European Economic Area.
const EEA: [&str; 30] = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS",
    "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];
/// Other countries of the Single Euro Payments Area.
const SEPA: [&str; 6] = ["AD", "CH", "GB", "MC", "SM", "VA"];

/// The kind of the payment `body`.
pub(super) fn kind(body: &Value) -> PaymentKind {
    let iban = text(body, "creditorAccount.identification.iban");
    let country = country(body, iban);
    let usual = if matches!(country, None | Some("CZ")) { "CZK" } else { "EUR" };
    let currency = text(body, "amount.instructedAmount.currency").unwrap_or(usual);
    let inside = iban.is_some_and(is_inside) && find(body, "creditor").is_none();
    let czech = matches!(country, None | Some("CZ"));
    let other = find(body, "creditorAccount.identification.other").is_some();
    match (currency, country) {
        _ if inside => PaymentKind::Domestic,
        ("CZK", _) if czech && (iban.is_some() || !other) => PaymentKind::Domestic,
        ("EUR", Some(country)) if (iban.is_some() || !other) && is_sepa(country) => {
            PaymentKind::Sepa
        }
        ("EUR", None) if !other => PaymentKind::Sepa,
        (_, Some(country)) if EEA.contains(&country) => PaymentKind::Eea,
        _ => PaymentKind::NonEea,
    }
}

/// Whether the account is at this bank.
pub(super) fn is_inside(iban: &str) -> bool {
    iban.starts_with("CZ") && iban.get(4..8) == Some(BANK_CODE)
}

/// Where the money goes.
fn country<'a>(body: &'a Value, iban: Option<&'a str>) -> Option<&'a str> {
    let agent = "creditorAgent.financialInstitutionIdentification";
    let of_bic = || text(body, &format!("{agent}.bic"))?.get(4..6);
    let of_agent = || text(body, &format!("{agent}.postalAddress.country"));
    let of_creditor = || text(body, "creditor.postalAddress.country");
    iban.and_then(|iban| iban.get(..2)).or_else(of_bic).or_else(of_agent).or_else(of_creditor)
}

fn is_sepa(country: &str) -> bool {
    EEA.contains(&country) || SEPA.contains(&country)
}
