//! Names in certificates, as people write them, and the number of a licence among them.

use crate::plain::plain;
use der::asn1::{Any, ObjectIdentifier};
use der::{Tag, Tagged as _};
use x509_cert::name::Name;

/// Attributes that have a short name (RFC 4514 §3), and those of company certificates.
const SHORT: [(&str, &str); 10] = [
    ("2.5.4.3", "CN"),
    ("2.5.4.5", "serialNumber"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "street"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.17", "postalCode"),
    ("2.5.4.97", "organizationIdentifier"),
];

/// An `organizationIdentifier`: the text, and its parts where it is written as ETSI EN 319 412-1 §5.1.4 and TS
/// 119 495 §5.2.1 say, e.g. `PSDCZ-CNB-12345678`.
pub(crate) struct OrganizationIdentifier {
    /// As it stands there.
    pub(crate) text: String,
    /// Its parts.
    pub(crate) parts: Option<Parts>,
}

/// Parts of an `organizationIdentifier`.
pub(crate) struct Parts {
    /// `PSD` for a payment licence, else e.g. `VAT` or `NTR`.
    pub(crate) scheme: String,
    /// ISO 3166-1 alpha-2.
    pub(crate) country: String,
    /// The competent authority, with `PSD` only.
    pub(crate) authority: Option<String>,
    /// The number there.
    pub(crate) number: String,
}

impl OrganizationIdentifier {
    pub(super) fn read(text: String) -> Self {
        let parts = parts(&text);
        Self { text, parts }
    }
}

fn parts(text: &str) -> Option<Parts> {
    let (head, rest) = text.split_once('-')?;
    let upper = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase());
    if head.len() != 5 || !upper(head) {
        return None;
    }
    let (scheme, country) = head.split_at(3);
    let (authority, number) = match scheme {
        "PSD" => rest.split_once('-').map(|(authority, number)| (Some(authority), number))?,
        _ => (None, rest),
    };
    let known = authority.is_none_or(|name| (2..=8).contains(&name.len()) && upper(name));
    (known && !number.is_empty()).then(|| Parts {
        scheme: scheme.to_owned(),
        country: country.to_owned(),
        authority: authority.map(str::to_owned),
        number: number.to_owned(),
    })
}

/// `CN=tpp.example, O=Example a.s., C=CZ`: the order that people read, most particular part first.
pub(super) fn described(name: &Name) -> String {
    let mut parts: Vec<_> = name
        .iter()
        .map(|attribute| {
            let oid = attribute.oid.to_string();
            let short = SHORT.iter().find(|(number, _)| *number == oid);
            let short = short.map_or(oid.as_str(), |(_, short)| short);
            format!("{short}={}", text(&attribute.value))
        })
        .collect();
    parts.reverse();
    parts.join(", ")
}

/// The first attribute of a kind.
pub(super) fn attribute(name: &Name, oid: ObjectIdentifier) -> Option<String> {
    name.iter().find(|attribute| attribute.oid == oid).map(|attribute| text(&attribute.value))
}

/// The text in any of the string types, without what would move a terminal's cursor.
pub(super) fn text(value: &Any) -> String {
    let bytes = value.value();
    let text = if value.tag() == Tag::BmpString {
        let units: Vec<_> =
            bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    } else {
        String::from_utf8_lossy(bytes).into_owned()
    };
    plain(&text)
}
