//! `application/x-www-form-urlencoded` (WHATWG URL, 5) that keeps order and duplicates, because
//! duplicates are what a bank has to notice (RFC 6749, 3.1 and 3.2).

use std::fmt::Write;

/// Decoded fields of a query or a form, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads a query or body; bad escapes stay as they are.
    pub(crate) fn read(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        Self(
            pairs
                .map(|pair| {
                    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                    (decode(name), decode(value))
                })
                .collect(),
        )
    }

    /// The first value of `name`: what the servlet container hands to Web Flow.
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// The value of `name`, if there is exactly one.
    pub(crate) fn single(&self, name: &str) -> Option<&str> {
        let mut values = self.all(name);
        let value = values.next()?;
        values.next().is_none().then_some(value)
    }

    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// These fields, then `more`.
    pub(crate) fn followed_by(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }

    /// Names that come more than once.
    pub(crate) fn doubled(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.dedup_by(|second, first| second == first);
        names.retain(|name| self.all(name).nth(1).is_some());
        names
    }
}

/// Encodes one name or value.
pub(crate) fn encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
        encoded
    })
}

/// `uri` with more query parameters.
pub(crate) fn extend(uri: &str, fields: &[(&str, &str)]) -> String {
    fields.iter().fold(uri.to_owned(), |uri, (name, value)| {
        let separator = match uri.split_once('?') {
            None => "?",
            Some((_, "")) => "",
            Some(_) => "&",
        };
        format!("{uri}{separator}{}={}", encode(name), encode(value))
    })
}

/// Decodes one name or value; bad escapes stay as they are.
pub(crate) fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%')
            .then(|| text.get(at + 1..at + 3))
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (escape, bytes[at]) {
            (Some(byte), _) => {
                decoded.push(byte);
                at += 2;
            }
            (None, b'+') => decoded.push(b' '),
            (None, byte) => decoded.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_order_and_duplicates() {
        let fields = Fields::read("a=1&b=%C4%8C+x&a=2&c&=%zz");
        assert_eq!(fields.first("a"), Some("1"));
        assert_eq!(fields.single("a"), None);
        assert_eq!(fields.single("b"), Some("Č x"));
        assert_eq!(fields.first("c"), Some(""));
        assert_eq!(fields.first(""), Some("%zz"));
        assert_eq!(fields.doubled(), ["a"]);
    }

    #[test]
    fn what_is_encoded_decodes_to_itself() {
        let text = "Účet + 100 % & =?/#\u{1F600}";
        assert_eq!(decode(&encode(text)), text);
    }

    #[test]
    fn parameters_are_appended_to_whatever_query_there_is() {
        assert_eq!(extend("https://a/b", &[("c", "d e"), ("f", "g")]), "https://a/b?c=d%20e&f=g");
        assert_eq!(extend("https://a/b?x=1", &[("c", "d")]), "https://a/b?x=1&c=d");
    }
}
