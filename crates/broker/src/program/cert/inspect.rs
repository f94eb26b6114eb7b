//! Reads a certificate with its chain and key and judges whether the broker can use it.

use std::path::Path;

use jiff::Timestamp;

use super::findings;
use crate::certificate::{Certificate, Chain, Format, KeyBytes, Opened, leaf_first};
use crate::program::Stopped;

/// A certificate, looked at.
pub(super) struct Sheet {
    pub(super) file: String,
    pub(super) format: Format,
    /// The one that is ours.
    pub(super) leaf: Certificate,
    /// All, in the file's order.
    pub(super) all: Vec<Certificate>,
    pub(super) chain: Chain,
    /// Whether the key is that of the leaf; `None`: no key was given.
    pub(super) matches_key: Option<bool>,
    pub(super) now: i64,
    /// Why the broker could not use it.
    pub(super) findings: Vec<findings::Finding>,
}

/// Judges what a file held.
pub(super) fn judged(file: &Path, opened: Opened, now: Timestamp) -> Result<Sheet, Stopped> {
    let key = opened.key.as_ref();
    let chain = Chain::judge(&opened.certificates, key);
    let (sorted, _) = leaf_first(opened.certificates.clone(), key);
    let leaf = sorted.into_iter().next();
    let leaf = leaf.ok_or_else(|| Stopped::failed("there is no certificate"))?;
    let matches_key = key.map(|key| belongs(&leaf, key)).transpose()?;
    let mut sheet = Sheet {
        file: file.display().to_string(),
        format: opened.format,
        leaf,
        all: opened.certificates,
        chain,
        matches_key,
        now: now.as_second(),
        findings: Vec::new(),
    };
    sheet.findings = findings::of(&sheet);
    Ok(sheet)
}

/// Whether the key is the certificate's.
fn belongs(leaf: &Certificate, key: &KeyBytes) -> Result<bool, Stopped> {
    leaf.is_of(key).map_err(|error| {
        let fix = "ask for a certificate for an EC P-256 or RSA key";
        Stopped::failed(format!("TLS cannot work with the private key ({error}); fix: {fix}"))
    })
}
