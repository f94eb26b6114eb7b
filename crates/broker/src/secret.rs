//! Text that must never be printed: secrets, tokens, keys.
//!
//! There is no `Debug`, `Display`, `Serialize` or `PartialEq` on purpose, so a careless log line,
//! body or comparison does not compile. The memory is wiped on drop (requirement T27).

use zeroize::Zeroizing;

/// A secret text. [`Secret::expose`] is the only way out; search for it to see every use.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The plain text.
    pub fn expose(&self) -> &str {
        &self.0
    }
}
