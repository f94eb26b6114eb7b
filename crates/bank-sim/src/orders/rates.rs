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

/// What `amount` in `payment` is worth on an account in `account`, and the rate, in hundredths.
pub(crate) fn worth(account: &'static str, payment: &'static str, amount: i64) -> (i64, i64) {
    let scaled = |by: i64, over: i64| {
        let worth = i128::from(amount) * i128::from(by) / i128::from(over);
        i64::try_from(worth).unwrap_or(i64::MAX)
    };
    match (rate(account, payment), rate(payment, account)) {
        (Some((_, rate)), _) => (scaled(rate, 100), rate),
        (None, Some((_, inverse))) => (scaled(100, inverse), 10_000 / inverse),
        (None, None) => (amount, 100),
    }
}

/// The payment currency in the bank's own words, and its rate, for an account in `account`; `None`
/// where the bank does not pay in it.
pub(crate) fn rate(account: &'static str, payment: &str) -> Option<(&'static str, i64)> {
    if account == payment {
        return Some((account, 100));
    }
    let known = RATES.iter().find(|(from, to, _)| *from == account && *to == payment);
    known.map(|(_, currency, rate)| (*currency, *rate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_are_exchanged_both_ways() {
        assert_eq!(worth("CZK", "EUR", 1_000), (25_100, 2_510));
        assert_eq!(worth("EUR", "CZK", 25_100), (1_000, 3));
        assert_eq!(worth("CZK", "CZK", 7), (7, 100));
        assert_eq!(worth("CZK", "EUR", i64::MAX), (i64::MAX, 2_510));
    }
}
