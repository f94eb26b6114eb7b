//! Text of others on the way to a terminal.

/// The text without what would steer a terminal or turn the direction of what follows (Unicode TR 9): a bank, or
/// whoever wrote a certificate, must not write lines of ours.
pub(crate) fn plain(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().filter(|&c| !steers(c)).collect()
}
