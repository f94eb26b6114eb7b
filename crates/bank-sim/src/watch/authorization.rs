//! Breaches of an authorization request. A person may reload it, so the same `state` with the same
//! challenge is the same request, until it has been answered.

use std::collections::{HashMap, HashSet, VecDeque};

use super::transport::doubled;
use crate::bank::Bank;
use crate::form::Fields;
use crate::journal::Breach;

const MOST: usize = 100_000;
/// Random bits that a state must look like.
const BITS: f64 = 128.0;

pub(super) fn check(bank: &Bank, request: &Fields) {
    let noted = |breach, what: &str| bank.journal.breach(breach, what);
    if request.first("response_type") != Some("code") {
        noted(Breach::ResponseType, "response_type of the authorization request is not code");
    }
    if !is_banks_own(request) && !matches!(request.first("scope"), Some("aisp" | "pisp")) {
        noted(Breach::ScopeAsked, "scope of the authorization request is not exactly aisp or pisp");
    }
    if !is_banks_own(request) && challenge(request).is_none() {
        noted(Breach::ChallengeMissing, "authorization request without an S256 code_challenge");
    }
    match request.first("state").unwrap_or("") {
        "" => noted(Breach::StateMissing, "authorization request without state"),
        weak if bits(weak) < BITS => {
            let detail = format!("state looks like {:.0} random bits", bits(weak));
            bank.journal.breach(Breach::StateWeak, detail);
        }
        _ => {}
    }
    doubled(bank, "the authorization endpoint", request);
    for name in ["access_token", "token"] {
        if request.first(name).is_some() {
            noted(Breach::SecretInUrl, &format!("{name} in the authorization request"));
        }
    }
    if request.first("redirect_uri").is_some_and(|uri| uri.contains('#')) {
        noted(Breach::Fragment, "fragment in redirect_uri");
    }
}

/// Whether the address is that of a signing, which the bank itself has made.
pub(super) fn is_banks_own(request: &Fields) -> bool {
    request.first("operation_id").is_some()
}

/// The S256 challenge of a request (RFC 7636, 4.3).
fn challenge(request: &Fields) -> Option<&str> {
    let s256 = request.first("code_challenge_method") == Some("S256");
    request.first("code_challenge").filter(|challenge| s256 && challenge.len() == 43)
}

/// The most random bits that `text` can hold, judged by the symbols it uses; next to none where it
/// uses few of them.
fn bits(text: &str) -> f64 {
    let all = |class: fn(&u8) -> bool| text.bytes().filter(|byte| *byte != b'-').all(|b| class(&b));
    let alphabet: f64 = if all(u8::is_ascii_digit) {
        10.0
    } else if all(u8::is_ascii_hexdigit) {
        16.0
    } else {
        64.0
    };
    let (symbols, length) =
        text.bytes().fold((HashSet::new(), 0_u32), |(mut seen, count), byte| {
            seen.insert(byte);
            (seen, count + u32::from(byte != b'-' || alphabet > 16.0))
        });
    if symbols.len() < 8 { 0.0 } else { f64::from(length) * alphabet.log2() }
}

/// Authorization requests so far, by `state` and by challenge.
#[derive(Default)]
pub(super) struct Requests {
    by_state: HashMap<String, Begun>,
    by_challenge: HashMap<String, String>,
    order: VecDeque<(String, String)>,
}

struct Begun {
    challenge: String,
    answered: bool,
}

impl Requests {
    /// Notes a new request, and what it repeats.
    pub(super) fn begin(&mut self, bank: &Bank, request: &Fields) {
        let state = request.first("state").unwrap_or("").to_owned();
        let challenge = challenge(request).unwrap_or("").to_owned();
        let known = self.by_state.get(&state).filter(|_| !state.is_empty());
        if known.is_some_and(|known| known.answered || known.challenge != challenge) {
            bank.journal.breach(Breach::StateReused, "state of another authorization request");
        }
        let answered = known.is_some_and(|known| known.answered);
        let other = self.by_challenge.get(&challenge).filter(|_| !challenge.is_empty());
        if other.is_some_and(|other| *other != state || answered) {
            let detail = "code_challenge of another authorization request";
            bank.journal.breach(Breach::ChallengeReused, detail);
        }
        self.by_challenge.insert(challenge.clone(), state.clone());
        let begun = Begun { challenge: challenge.clone(), answered };
        self.by_state.insert(state.clone(), begun);
        self.order.push_back((state, challenge));
        if self.order.len() > MOST
            && let Some((state, challenge)) = self.order.pop_front()
        {
            self.by_state.remove(&state);
            self.by_challenge.remove(&challenge);
        }
    }

    pub(super) fn answer(&mut self, state: Option<&str>) {
        let begun = state.and_then(|state| self.by_state.get_mut(state));
        if let Some(begun) = begun {
            begun.answered = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_hold_128_bits_looks_random() {
        for strong in [
            "k3Jx0bUu0Zr9sWQm4nH7yA",
            "2f1c7f2f9a104d869a550f4e2c1a6d0b",
            "2f1c7f2f-9a10-4d86-9a55-0f4e2c1a6d0b",
            "3141592653589793238462643383279502884197",
        ] {
            assert!(bits(strong) >= BITS, "{strong}: {}", bits(strong));
        }
        for weak in ["s-1", "314159265358979323846264338327950288", "2f1c7f2f9a104d869a550f4e"] {
            assert!(bits(weak) < BITS, "{weak}: {}", bits(weak));
        }
        assert!(bits(&"a".repeat(100)) < BITS);
    }
}
