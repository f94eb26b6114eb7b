//! Finds the line of a dotted key, so that a finding can name it.

use toml::de::{DeTable, DeValue};

/// The 1-based line where `key` (e.g. `providers.cnb.scopes`) stands, or where the nearest table
/// above it begins; 1 for a key whose table is not there at all.
pub(super) fn line(text: &str, key: &str) -> usize {
    let Ok(document) = DeTable::parse(text) else { return 1 };
    let mut table = document.get_ref();
    let mut offset = 0;
    for part in key.split('.') {
        let Some((name, value)) = table.iter().find(|(name, _)| name.get_ref() == part) else {
            break;
        };
        offset = name.span().start;
        match value.get_ref() {
            DeValue::Table(inner) => table = inner,
            _ => break,
        }
    }
    text[..offset].lines().count().max(1) + usize::from(text[..offset].ends_with('\n'))
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_key_is_found_on_its_line() {
        let text = "[listen]\naddress = \"x\"\n\n[providers.cnb]\npreset = \"cnb\"\n";
        assert_eq!(line(text, "listen.address"), 2);
        assert_eq!(line(text, "providers.cnb.preset"), 5);
        assert_eq!(line(text, "providers.cnb.redirect_uri"), 4);
        assert_eq!(line(text, "store.file"), 1);
    }
}
