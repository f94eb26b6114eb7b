//! A certificate, looked at: for people and for programs.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::inspect::Sheet;
use crate::certificate::{Certificate, OrganizationIdentifier, allows};
use crate::program::terminal::{BAD, GOOD, WARN, paint, table};
use crate::receipts::hex;

/// Days before the end from which it is worth a word.
const SOON: i64 = 30;

impl Sheet {
    /// Scopes that the roles allow.
    fn scopes(&self) -> Vec<&'static str> {
        self.leaf.qualified().psd2.map(|psd2| allows(&psd2.roles)).unwrap_or_default()
    }

    fn days_left(&self) -> i64 {
        (self.leaf.ends_at() - self.now).div_euclid(86_400)
    }

    /// One object; the README explains the fields.
    pub(super) fn json(&self) -> Value {
        let (leaf, qualified) = (&self.leaf, self.leaf.qualified());
        let types: Vec<_> = qualified.types.iter().map(|kind| kind.as_str()).collect();
        let psd2 = qualified.psd2.as_ref().map(|psd2| {
            let role = |role: &crate::certificate::Role| {
                json!({ "role": role.as_str(), "meaning": role.meaning() })
            };
            json!({
                "roles": psd2.roles.iter().map(role).collect::<Vec<_>>(),
                "authority": { "name": psd2.authority_name, "id": psd2.authority_id },
            })
        });
        let key = leaf.public_key();
        json!({
            "file": self.file,
            "format": self.format.as_str(),
            "subject": leaf.subject(),
            "organization_identifier": leaf.organization_identifier().map(|id| organization(&id)),
            "issuer": leaf.issuer(),
            "serial": leaf.serial(),
            "sha256": hex(&leaf.fingerprint()),
            "qualified": { "compliant": qualified.compliant, "types": types },
            "psd2": psd2,
            "scopes": self.scopes(),
            "valid": {
                "from": time(leaf.begins_at()),
                "until": time(leaf.ends_at()),
                "days_left": self.days_left(),
            },
            "chain": {
                "links": self.links(),
                "in_order": self.chain.in_order,
                "complete": self.chain.complete,
            },
            "key_usage": leaf.key_usage(),
            "extended_key_usage": leaf.extended_key_usage(),
            "client_authentication": leaf.is_for_clients(),
            "key": { "algorithm": key.algorithm, "bits": key.bits },
            "matches_key": self.matches_key,
            "findings": self.findings.iter().map(|finding| finding.word).collect::<Vec<_>>(),
        })
    }

    fn links(&self) -> Vec<Value> {
        let signed = self.chain.signed_by_next.iter().copied().map(Some).chain([None]);
        let link = |(link, signed): (&Certificate, Option<bool>)| {
            json!({
                "subject": link.subject(),
                "issuer": link.issuer(),
                "until": time(link.ends_at()),
                "signed_by_next": signed,
            })
        };
        self.all.iter().zip(signed).map(link).collect()
    }

    /// Tables of what it says, then the verdict.
    pub(super) fn text(&self) -> String {
        let rows = self.rows().into_iter().map(|(name, value)| vec![name.to_owned(), value]);
        let mut parts =
            vec![table(&["certificate", &self.file], rows.collect()), self.chain_table()];
        let days = self.days_left();
        if (0..=SOON).contains(&days) {
            parts.push(paint(WARN, &format!("It ends in {days} days: ask for the next one now.")));
        }
        parts.extend(self.findings.iter().map(|finding| paint(BAD, finding.sentence)));
        if self.findings.is_empty() {
            let scopes = self.scopes().join(", ");
            parts.push(paint(GOOD, &format!("The broker can use it for the scopes: {scopes}")));
        }
        parts.join("\n")
    }

    fn rows(&self) -> Vec<(&'static str, String)> {
        let (leaf, qualified) = (&self.leaf, self.leaf.qualified());
        let none = || "none".to_owned();
        let types = qualified.types.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ");
        let key = leaf.public_key();
        let bits = key.bits.map_or_else(String::new, |bits| format!(", {bits} bits"));
        let usage = leaf.key_usage().map(|usage| usage.join(", "));
        let purposes = leaf.extended_key_usage().map(|purposes| purposes.join(", "));
        let mut rows =
            vec![("format", self.format.as_str().to_owned()), ("subject", leaf.subject())];
        rows.push(("organization", self.organization_text().unwrap_or_else(none)));
        rows.push(("issuer", leaf.issuer()));
        rows.push(("serial", leaf.serial()));
        rows.push(("SHA-256", hex(&leaf.fingerprint())));
        rows.push(("qualified for", if types.is_empty() { none() } else { types }));
        if let Some(psd2) = &qualified.psd2 {
            let role =
                |role: &crate::certificate::Role| format!("{} ({})", role.meaning(), role.as_str());
            rows.push(("roles", psd2.roles.iter().map(role).collect::<Vec<_>>().join(", ")));
            rows.push(("authority", format!("{} ({})", psd2.authority_name, psd2.authority_id)));
        }
        rows.push(("scopes", self.scopes().join(", ")));
        rows.push(("valid from", time(leaf.begins_at())));
        let left = match self.days_left() {
            days @ 0.. => format!("{days} days left"),
            _ => "over".to_owned(),
        };
        rows.push(("valid until", format!("{} ({left})", time(leaf.ends_at()))));
        rows.push(("key", format!("{}{bits}", key.algorithm)));
        rows.push(("key usage", usage.unwrap_or_else(none)));
        rows.push(("extended usage", purposes.unwrap_or_else(none)));
        rows.push((
            "private key",
            match self.matches_key {
                None => "not given".to_owned(),
                Some(true) => "belongs to it".to_owned(),
                Some(false) => "another certificate's".to_owned(),
            },
        ));
        rows
    }

    fn organization_text(&self) -> Option<String> {
        let OrganizationIdentifier { text, parts } = self.leaf.organization_identifier()?;
        let Some(parts) = parts else { return Some(format!("{text} (not in a known form)")) };
        let authority = parts.authority.map_or_else(String::new, |name| format!(", {name}"));
        let (scheme, country, number) = (parts.scheme, parts.country, parts.number);
        Some(format!("{text} ({scheme}, {country}{authority}, {number})"))
    }

    fn chain_table(&self) -> String {
        let signed = self.chain.signed_by_next.iter().copied().map(Some).chain([None]);
        let row = |(link, signed): (&Certificate, Option<bool>)| {
            let signed = match signed {
                Some(true) => "signed by the next",
                Some(false) => "NOT signed by the next",
                None => "the last",
            };
            vec![link.short_name(), time(link.ends_at()), signed.to_owned()]
        };
        table(&["chain", "until", "signature"], self.all.iter().zip(signed).map(row).collect())
    }
}

fn organization(id: &OrganizationIdentifier) -> Value {
    let parts = id.parts.as_ref();
    json!({
        "text": id.text,
        "scheme": parts.map(|parts| &parts.scheme),
        "country": parts.map(|parts| &parts.country),
        "authority": parts.and_then(|parts| parts.authority.as_ref()),
        "number": parts.map(|parts| &parts.number),
    })
}

/// RFC 3339.
fn time(second: i64) -> String {
    Timestamp::from_second(second).map_or_else(|_| second.to_string(), |time| time.to_string())
}
