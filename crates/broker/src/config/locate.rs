//! Finds the line of a dotted key, so that a finding can name it.

use toml::de::{DeTable, DeValue};

/// The 1-based line where `key` (e.g. `providers.cnb.scopes`) stands, or where the nearest table
/// above it begins; 1 for a key whose table is not there at all.
pub(super) fn line(text: &str, key: &str) -> usize {
    let Ok(document) = DeTable::parse(text) else { return 1 };
    let mut table = document.get_ref();
    let mut offset = 0;
    for part in key.split('.') {
        let (part, at) = entry(part);
        let Some((name, value)) = table.iter().find(|(name, _)| name.get_ref() == part) else {
            break;
        };
        offset = name.span().start;
        match (value.get_ref(), at) {
            (DeValue::Table(inner), _) => table = inner,
            (DeValue::Array(list), Some(at)) => {
                let Some(listed) = list.get(at) else { break };
                offset = listed.span().start;
                let DeValue::Table(inner) = listed.get_ref() else { break };
                table = inner;
            }
            _ => break,
        }
    }
    text[..offset].lines().count().max(1) + usize::from(text[..offset].ends_with('\n'))
}

/// `certificates[1]` is the second entry of the list `certificates`.
fn entry(part: &str) -> (&str, Option<usize>) {
    let listed = part.strip_suffix(']').and_then(|part| part.split_once('['));
    let listed = listed.and_then(|(name, at)| Some((name, at.parse().ok()?)));
    listed.map_or((part, None), |(name, at)| (name, Some(at)))
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

    #[test]
    fn a_key_of_an_entry_is_found_on_its_line() {
        let tables = "[[p.c]]\na = 1\n[[p.c]]\na = 2\nb = 3\n";
        assert_eq!(line(tables, "p.c[1].b"), 5);
        assert_eq!(line(tables, "p.c[1]"), 3);
        assert_eq!(line(tables, "p.c[1].missing"), 3);
        assert_eq!(line("[p]\nc = [\n{ a = 1 },\n{ a = 2 },\n]\n", "p.c[1].a"), 4);
        assert_eq!(line("[p]\nc = [\n]\n", "p.c"), 2);
    }
}
