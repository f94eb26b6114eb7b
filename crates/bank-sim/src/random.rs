//! Randomness is handed in: the system's for a bank that people use, a seeded one for a run that
//! must repeat. [`Dice`] is the repeatable stream (`SplitMix64`, Steele et al. 2014) that also
//! makes up the customers' year.

use std::sync::{Arc, Mutex};

use crate::sync::lock;

/// Source of codes, tokens and session identifiers; clones share one stream.
#[derive(Clone, Debug, Default)]
pub struct Random(Option<Arc<Mutex<Dice>>>);

impl Random {
    /// The operating system's generator.
    pub fn system() -> Self {
        Self(None)
    }

    /// A repeatable stream. Never for anything but tests.
    pub fn seeded(seed: u64) -> Self {
        Self(Some(Arc::new(Mutex::new(Dice::new(seed, "random")))))
    }

    /// Fills an array.
    #[expect(clippy::expect_used, reason = "a machine without entropy cannot play a bank")]
    pub(crate) fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        match &self.0 {
            None => aws_lc_rs::rand::fill(&mut bytes).expect("the system generator answers"),
            Some(dice) => {
                let mut dice = lock(dice);
                bytes.fill_with(|| dice.byte());
            }
        }
        bytes
    }

    /// A string of `N` symbols, each drawn evenly from `alphabet` (at most 256 symbols).
    pub(crate) fn text<const N: usize>(&self, alphabet: &[u8]) -> String {
        let whole = 256 - 256 % alphabet.len();
        let mut text = String::with_capacity(N);
        while text.len() < N {
            let fair = self.bytes::<N>().into_iter().map(usize::from).filter(|byte| *byte < whole);
            let symbols = fair.map(|byte| char::from(alphabet[byte % alphabet.len()]));
            text.extend(symbols.take(N - text.len()));
        }
        text
    }

    /// A random UUID (RFC 9562, 5.4).
    pub(crate) fn uuid(&self) -> String {
        let mut bytes = self.bytes::<16>();
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let digits = format!("{:032x}", u128::from_be_bytes(bytes));
        let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &digits[part]);
        parts.join("-")
    }
}

/// A repeatable stream of numbers for one purpose.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// A stream for `purpose`; equal seeds and purposes give equal streams.
    pub(crate) fn new(seed: u64, purpose: &str) -> Self {
        // FNV-1a keeps neighbouring purposes apart
        let mixed = purpose.bytes().fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(mixed)
    }

    pub(crate) fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.abs_diff(low).saturating_add(1);
        low.saturating_add_unsigned(self.next() % span)
    }

    /// True in `percent` of cases.
    pub(crate) fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of `choices`, which must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        let last = i64::try_from(choices.len()).unwrap_or(1) - 1;
        &choices[usize::try_from(self.between(0, last)).unwrap_or(0)]
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_and_purposes_differ() {
        let mut first = Dice::new(7, "a");
        let mut again = Dice::new(7, "a");
        let mut other = Dice::new(7, "b");
        let number = first.between(0, i64::MAX);
        assert_eq!(number, again.between(0, i64::MAX));
        assert_ne!(number, other.between(0, i64::MAX));
    }

    #[test]
    fn text_keeps_to_its_alphabet() {
        let text = Random::system().text::<64>(b"abc");
        assert_eq!(text.len(), 64);
        assert!(text.bytes().all(|byte| b"abc".contains(&byte)));
    }

    #[test]
    fn a_uuid_says_that_it_is_random() {
        let uuid = Random::seeded(1).uuid();
        let (version, variant) = (&uuid[14..15], &uuid[19..20]);
        assert_eq!((uuid.len(), version), (36, "4"));
        assert!("89ab".contains(variant), "{uuid}");
        assert_ne!(uuid, Random::seeded(2).uuid());
    }
}
