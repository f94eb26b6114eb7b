//! Base64url of 256 random bits: the shape of `state` and of the PKCE verifier.

use alloc::string::String;

/// Characters of 32 bytes in base64url without padding.
pub(crate) const LENGTH: usize = 43;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64url without padding (RFC 4648 §5). Written here because it ends up in the page: the
/// `base64` crate costs a kilobyte more there.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(LENGTH);
    let (mut held, mut bits) = (0_u32, 0_u32);
    let mut put = |bits: u32| text.push(char::from(ALPHABET[(bits & 63) as usize]));
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 6 {
            bits -= 6;
            put(held >> bits);
        }
    }
    if bits > 0 {
        put(held << (6 - bits));
    }
    text
}

/// True for the characters that RFC 7636 §4.1 and every URL query leave alone.
pub(crate) fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

#[cfg(test)]
mod tests {
    use super::encode;

    /// RFC 4648 §10, without padding, and the two characters that differ from plain base64.
    #[test]
    fn the_vectors_of_the_standard() {
        let vectors = ["", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy"];
        for (length, expected) in vectors.iter().enumerate() {
            assert_eq!(encode(&b"foobar"[..length]), *expected);
        }
        assert_eq!(encode(&[0xfb, 0xff, 0xfe]), "-__-");
    }
}
