//! The other side of a payment, as the request names it.

use serde_json::Value;

use super::text;
use crate::data::{Partner, bic_of};

/// The payee of a valid request.
pub(super) fn read(body: &Value) -> Partner {
    let iban = text(body, "creditorAccount.identification.iban");
    let other = text(body, "creditorAccount.identification.other.identification");
    let account = iban.or(other).unwrap_or("").to_owned();
    let bank = iban.filter(|iban| iban.starts_with("CZ")).and_then(|iban| iban.get(4..8));
    let bic = text(body, "creditorAgent.financialInstitutionIdentification.bic");
    let bic = bic.or_else(|| bank.and_then(bic_of));
    let country = iban.and_then(|iban| iban.get(..2)).or_else(|| bic.and_then(|bic| bic.get(4..6)));
    let country = country.or_else(|| text(body, "creditor.postalAddress.country"));
    Partner {
        name: text(body, "creditor.name").map_or_else(|| account.clone(), ToOwned::to_owned),
        local: bank.and(iban).and_then(local),
        bic: bic.map(ToOwned::to_owned),
        town: text(body, "creditor.postalAddress.townName").map(ToOwned::to_owned),
        country: country.unwrap_or("").to_owned(),
        account,
    }
}

/// The form that people write of a Czech IBAN: `prefix-base`.
pub(super) fn local(iban: &str) -> Option<String> {
    let prefix: u64 = iban.get(8..14)?.parse().ok()?;
    let base: u64 = iban.get(14..24)?.parse().ok()?;
    Some(if prefix == 0 { base.to_string() } else { format!("{prefix}-{base}") })
}
