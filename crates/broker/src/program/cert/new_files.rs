//! Two files that belong together appear whole or not at all, and never in the place of another file.

use std::path::Path;

use crate::program::Stopped;
use crate::program::draft::{Draft, is_there};

/// Writes the key, which only its owner can read, and the certificate.
pub(super) fn write(
    key: &Path,
    key_text: &str,
    certificate: &Path,
    certificate_text: &str,
) -> Result<(), Stopped> {
    if key == certificate {
        return Err(Stopped::failed("--certificate-out and --key-out are one file; name two"));
    }
    for file in [key, certificate] {
        if is_there(file) {
            let what = "is there already and is never overwritten; fix: choose another name";
            return Err(Stopped::failed(format!("{} {what}", file.display())));
        }
    }
    let mut key_draft = Draft::open(key, 0o600)?;
    let mut certificate_draft = Draft::open(certificate, 0o644)?;
    key_draft.fill(key_text)?;
    certificate_draft.fill(certificate_text)?;
    key_draft.appear()?;
    certificate_draft.appear().inspect_err(|_| drop(std::fs::remove_file(key)))
}
