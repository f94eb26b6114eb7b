//! Reading just enough of a callback's query to know whose it is.
//!
//! The whole query goes to the broker as it stood (B09); nothing here decides about success.

use protocol::state::State;

/// The first `state` of our own making in a query without its `?`; `None` when the query has
/// none, or has neither `code` nor `error`: then it is not a callback of ours.
pub(crate) fn own_state(query: &str) -> Option<State> {
    let mut state = None;
    let mut answers = false;
    for pair in query.as_bytes().split(|byte| *byte == b'&') {
        let mut parts = pair.splitn(2, |byte| *byte == b'=');
        match (parts.next()?, parts.next().unwrap_or_default()) {
            (b"code" | b"error", _) => answers = true,
            (b"state", value) if state.is_none() => {
                state = decode(value).and_then(|text| State::parse(&text).ok());
            }
            _ => {}
        }
    }
    state.filter(|_| answers)
}

/// Percent-decodes what can only be ASCII here; `None` when it is not.
fn decode(value: &[u8]) -> Option<String> {
    let mut bytes = value.iter();
    let mut out = String::with_capacity(value.len());
    while let Some(byte) = bytes.next() {
        let plain = match byte {
            b'%' => hex(*bytes.next()?)? << 4 | hex(*bytes.next()?)?,
            other => *other,
        };
        if !plain.is_ascii() {
            return None;
        }
        out.push(char::from(plain));
    }
    Some(out)
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours() -> String {
        State::from_random(&[9; 32]).as_str().to_owned()
    }

    fn found(query: &str) -> Option<String> {
        own_state(query).map(|state| state.as_str().to_owned())
    }

    #[test]
    fn code_or_error_with_our_state_is_ours() {
        let state = ours();
        assert_eq!(found(&format!("code=AbC123&state={state}")), Some(state.clone()));
        assert_eq!(found(&format!("error=access_denied&state={state}")), Some(state.clone()));
        assert_eq!(found(&format!("state={state}&code=")), Some(state.clone()));
        let encoded = state.replace('.', "%2E").replace('-', "%2d");
        assert_eq!(found(&format!("code=x&state={encoded}")), Some(state));
    }

    #[test]
    fn foreign_callbacks_are_left_alone() {
        let state = ours();
        assert_eq!(found("code=abc&state=xyz"), None);
        assert_eq!(found("code=abc"), None);
        assert_eq!(found(&format!("state={state}")), None);
        assert_eq!(found(&format!("code=1&state={state}x")), None);
        assert_eq!(found("code=1&state=%"), None);
        assert_eq!(found("code=1&state=%zz"), None);
        assert_eq!(found("code=1&state=%ff"), None);
        assert_eq!(found(""), None);
    }

    #[test]
    fn b09_a_doubled_state_is_still_ours_to_hand_on() {
        let state = ours();
        assert_eq!(found(&format!("code=1&state=evil&state={state}")), Some(state.clone()));
        assert_eq!(found(&format!("code=1&state=%ff&state={state}")), Some(state));
    }
}
