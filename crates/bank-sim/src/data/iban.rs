//! Czech account numbers: the weighted mod 11 test of both parts (Decree 169/2011 Coll.) and the
//! IBAN around them (ISO 13616, mod 97; bank-api fact 12.1).

use crate::random::Dice;

/// The bank code of the Czech National Bank.
pub(crate) const BANK_CODE: &str = "0710";
/// Its BIC.
pub(crate) const BIC: &str = "CNBACZPP";

const WEIGHTS: [u64; 10] = [6, 3, 7, 9, 10, 5, 8, 4, 2, 1];

/// A local account number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) prefix: u64,
    pub(crate) base: u64,
    pub(crate) bank: &'static str,
}

impl Number {
    /// A valid number at `bank`, with a prefix in one case of three.
    pub(crate) fn roll(dice: &mut Dice, bank: &'static str) -> Self {
        let mut valid = |low, high| {
            loop {
                let part = dice.between(low, high).unsigned_abs();
                if passes(part) {
                    return part;
                }
            }
        };
        let base = valid(100_000_000, 9_999_999_999);
        let prefix = valid(10, 999_999);
        let prefix = if dice.chance(33) { prefix } else { 0 };
        Self { prefix, base, bank }
    }

    /// The IBAN, 24 characters.
    pub(crate) fn iban(&self) -> String {
        let account = format!("{}{:06}{:010}", self.bank, self.prefix, self.base);
        // C = 12, Z = 35
        let check = 98 - remainder(&format!("{account}123500"));
        format!("CZ{check:02}{account}")
    }

    /// The form people write: `prefix-base`.
    pub(crate) fn local(&self) -> String {
        match self.prefix {
            0 => self.base.to_string(),
            prefix => format!("{prefix}-{}", self.base),
        }
    }
}

/// True when `iban` has the right form and check digits, and a Czech one passes mod 11 too.
pub(crate) fn is_valid(iban: &str) -> bool {
    let form = (15..=34).contains(&iban.len())
        && iban.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && iban[..2].bytes().all(|byte| byte.is_ascii_uppercase())
        && iban[2..4].bytes().all(|byte| byte.is_ascii_digit());
    if !form {
        return false;
    }
    let turned = format!("{}{}", &iban[4..], &iban[..4]);
    let digits: String = turned
        .chars()
        .filter_map(|symbol| symbol.to_digit(36).map(|value| value.to_string()))
        .collect();
    remainder(&digits) == 1 && (!iban.starts_with("CZ") || is_czech(iban))
}

fn is_czech(iban: &str) -> bool {
    let part = |from: usize, to: usize| iban.get(from..to).and_then(|part| part.parse().ok());
    iban.len() == 24 && part(8, 14).is_some_and(passes) && part(14, 24).is_some_and(passes)
}

fn passes(part: u64) -> bool {
    let digits = format!("{part:010}");
    let weighted =
        digits.bytes().zip(WEIGHTS).map(|(digit, weight)| u64::from(digit - b'0') * weight);
    weighted.sum::<u64>() % 11 == 0
}

fn remainder(digits: &str) -> u32 {
    digits.bytes().fold(0, |rest, digit| (rest * 10 + u32::from(digit - b'0')) % 97)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_numbers_pass() {
        for iban in [
            "CZ6907101781240000004159",
            "CZ7508000000002108589434",
            "CZ1308001800640033122856",
            "CZ8858000000001234567899",
            "DE89370400440532013000",
            "SK3112000000198742637541",
        ] {
            assert!(is_valid(iban), "{iban}");
        }
    }

    #[test]
    fn wrong_numbers_fail() {
        for iban in [
            "CZ0708000000001019540081", // printed in a COBS example
            "CZ690710178124000000415",  // truncated there
            "AT872011102000123456",
            "CZ6907101781240000004160",
            "cz6907101781240000004159",
            "",
            "CZ",
        ] {
            assert!(!is_valid(iban), "{iban}");
        }
    }

    #[test]
    fn rolled_numbers_are_valid() {
        let mut dice = Dice::new(3, "iban");
        for _ in 0..200 {
            let number = Number::roll(&mut dice, BANK_CODE);
            assert!(is_valid(&number.iban()), "{number:?}");
        }
    }

    #[test]
    fn the_parts_are_where_the_iban_wants_them() {
        let number = Number { prefix: 178_124, base: 4159, bank: BANK_CODE };
        assert_eq!(number.iban(), "CZ6907101781240000004159");
        assert_eq!(number.local(), "178124-4159");
    }
}
