//! Turns what an authority handed out into the two files that the broker reads: the chain in PEM, leaf first, and the
//! plain key in PKCS#8, which nobody else can read.

use std::path::Path;

use der::pem::{self, LineEnding};
use jiff::Timestamp;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::inspect::{self, Sheet};
use super::{Files, new_files};
use crate::certificate::{Certificate, Opened, leaf_first};
use crate::program::Stopped;
use crate::program::terminal::{WARN, paint, say};

/// What was written.
pub(super) struct Imported {
    certificate: String,
    key: String,
    /// Certificates that do not belong into the chain.
    left_out: Vec<String>,
    /// The new chain, looked at.
    sheet: Sheet,
}

/// Reads, orders and writes; nothing is written where anything is wrong with the pair.
pub(super) fn import(
    files: &Files,
    certificate_out: &Path,
    key_out: &Path,
    now: Timestamp,
) -> Result<Imported, Stopped> {
    let Opened { format, certificates, key } = files.open()?;
    let key = key.ok_or_else(|| {
        let file = files.file.display();
        let fix = "name the key that the certificate was requested with by --key";
        Stopped::failed(format!("{file}: holds no private key; fix: {fix}"))
    })?;
    let (chain, mut rest) = leaf_first(certificates, Some(&key));
    // a bank has the root already, and believes no other (RFC 8446 §4.4.2)
    let (first, above) = chain.split_at(1.min(chain.len()));
    let (roots, between): (Vec<_>, Vec<_>) = above.iter().cloned().partition(Certificate::is_root);
    rest.extend(roots);
    let chain = [first, &between].concat();
    let chain_text = pem_chain(&chain)?;
    let key_text = pem_of("PRIVATE KEY", &key)?;
    let left_out = rest.iter().map(Certificate::subject).collect();
    let opened = Opened { format, certificates: chain, key: Some(key) };
    let sheet = inspect::judged(certificate_out, opened, now)?;
    if sheet.matches_key == Some(false) {
        let what = "the private key belongs to none of the certificates";
        let fix = "name the key that the certificate was requested with by --key";
        return Err(Stopped::failed(format!("{what}; fix: {fix}")));
    }
    new_files::write(key_out, &key_text, certificate_out, &chain_text)?;
    let (certificate, key) = (certificate_out.display(), key_out.display());
    Ok(Imported { certificate: certificate.to_string(), key: key.to_string(), left_out, sheet })
}

fn pem_chain(chain: &[Certificate]) -> Result<Zeroizing<String>, Stopped> {
    let mut text = Zeroizing::new(String::new());
    for certificate in chain {
        text.push_str(&pem_of("CERTIFICATE", certificate.der())?);
    }
    Ok(text)
}

fn pem_of(label: &str, der: &[u8]) -> Result<Zeroizing<String>, Stopped> {
    let text = pem::encode_string(label, LineEnding::LF, der);
    text.map(Zeroizing::new).map_err(|error| Stopped::failed(format!("{label}: {error}")))
}

impl Imported {
    /// What keeps the broker from using it now, beside the answer.
    pub(super) fn warn(&self) {
        for finding in &self.sheet.findings {
            say(&paint(WARN, finding.sentence));
        }
    }

    pub(super) fn text(&self) -> String {
        let written = format!(
            "wrote {} (the chain) and {} (the key, mode 0600); name them as\n\
             certificate_file and private_key_file of the provider",
            self.certificate, self.key
        );
        let left_out = |subject| format!("left out, for the bank does not need it: {subject}");
        let lines = self.left_out.iter().map(left_out);
        [written].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "certificate_file": self.certificate,
            "private_key_file": self.key,
            "subject": self.sheet.leaf.subject(),
            "certificates": self.sheet.all.len(),
            "left_out": self.left_out,
            "findings": self.sheet.findings.iter().map(|finding| finding.word).collect::<Vec<_>>(),
        })
    }
}
