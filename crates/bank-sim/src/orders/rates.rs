//! What the bank charges for other currencies. Made up, and always the same.

/// Account currency, payment currency, hundredths of the first for one of the second.
const RATES: [(&str, &str, i64); 9] = [
    ("CZK", "EUR", 2_510),
    ("CZK", "USD", 2_290),
    ("CZK", "GBP", 2_930),
    ("CZK", "CHF", 2_680),
    ("CZK", "PLN", 588),
    ("EUR", "USD", 92),
    ("EUR", "GBP", 117),
    ("EUR", "CHF", 106),
    ("EUR", "PLN", 23),
];

/// The payment currency in the bank's own words, and its rate, for an account in `account`; `None`
/// where the bank does not pay in it.
pub(crate) fn rate(account: &'static str, payment: &str) -> Option<(&'static str, i64)> {
    if account == payment {
        return Some((account, 100));
    }
    let known = RATES.iter().find(|(from, to, _)| *from == account && *to == payment);
    known.map(|(_, currency, rate)| (*currency, *rate))
}
