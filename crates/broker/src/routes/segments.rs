//! Segments of a path: decoded once, and written anew.

use std::fmt::Write as _;

/// Decodes each segment once; `None` for anything that more than one reader could take differently:
/// empty and dot segments, separators, control characters, a second layer of encoding.
pub(super) fn decode(raw_path: &str) -> Option<Vec<String>> {
    raw_path.strip_prefix('/')?.split('/').map(decode_segment).collect()
}

fn decode_segment(raw: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        if first == b'%' {
            let (hex, tail) = tail.split_at_checked(2)?;
            let hex = hex.iter().all(u8::is_ascii_hexdigit).then_some(hex)?;
            bytes.push(u8::from_str_radix(str::from_utf8(hex).ok()?, 16).ok()?);
            rest = tail;
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    let segment = String::from_utf8(bytes).ok()?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~=+:@!$'()*,".contains(&b);
    let fits = !matches!(segment.as_str(), "" | "." | "..")
        && segment.len() <= 128
        && segment.bytes().all(plain);
    fits.then_some(segment)
}

/// Percent-encodes all but unreserved characters (RFC 3986 §2.3) and the comma of value lists.
pub(super) fn encode(text: &str, target: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~,".contains(&byte) {
            target.push(char::from(byte));
        } else {
            // writing to a String cannot fail
            let _ = write!(target, "%{byte:02X}");
        }
    }
}
