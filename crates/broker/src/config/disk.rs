//! Files that the configuration names: what they hold, and that secrets are not open to everybody.

use std::path::Path;

use super::tls::IMPORT;
use crate::secret::Secret;

/// A file that is of no use: what is wrong with it, and the fix.
#[derive(Debug, thiserror::Error)]
#[error("{what}; fix: {fix}")]
pub(crate) struct Unfit {
    pub(super) what: String,
    pub(super) fix: String,
}

/// Contents of a file that holds something public.
pub(super) fn contents(path: &Path) -> Result<Vec<u8>, Unfit> {
    std::fs::read(path).map_err(|error| Unfit {
        what: format!("{} cannot be read ({})", path.display(), error.kind()),
        fix: "name an existing file that the broker may read".to_owned(),
    })
}

/// Contents of a file that holds a secret: readable by its owner, not by everybody.
pub(super) fn secret(path: &Path) -> Result<Secret, Unfit> {
    secret_text(path).map(|text| Secret::new(text.expose().trim().to_owned()))
}

/// The same with the blanks around it.
pub(crate) fn secret_text(path: &Path) -> Result<Secret, Unfit> {
    let bytes = contents(path)?;
    private(path)?;
    text(bytes)
}

fn text(bytes: Vec<u8>) -> Result<Secret, Unfit> {
    match String::from_utf8(bytes) {
        Ok(text) if !text.trim().is_empty() => Ok(Secret::new(text)),
        _ => Err(Unfit {
            what: "the file is empty or not text".to_owned(),
            fix: "write the secret into it".to_owned(),
        }),
    }
}

/// Contents of a file that holds a private key in PEM, as [`secret`] reads it; a binary one is told as what it is.
pub(super) fn private_key(path: &Path) -> Result<Secret, Unfit> {
    let bytes = contents(path)?;
    private(path)?;
    if is_binary(&bytes) {
        return Err(Unfit { what: NOT_PEM.to_owned(), fix: IMPORT.to_owned() });
    }
    text(bytes).map(|text| Secret::new(text.expose().trim().to_owned()))
}

/// Of a file that should be PEM.
pub(super) const NOT_PEM: &str = "is not PEM but binary, as DER and PKCS#12 files are";

/// Whether a file that should be PEM is none. DER and PKCS#12 begin with a SEQUENCE, which is a legal letter; and
/// what stands around PEM may be of any encoding.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    let marked = bytes.windows(PEM_MARK.len()).any(|window| window == PEM_MARK);
    !marked && (bytes.first() == Some(&SEQUENCE) || std::str::from_utf8(bytes).is_err())
}

/// How PEM begins (RFC 7468 §2).
const PEM_MARK: &[u8] = b"-----BEGIN";
/// How DER of a certificate, a key or PKCS#12 begins (X.690 §8.9.1).
const SEQUENCE: u8 = 0x30;

/// What group and others may do with a file: the last two digits of its mode. `None`: it is not there, or this
/// system has no modes.
#[cfg(unix)]
pub(crate) fn rights_of_others(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).ok().map(|data| data.permissions().mode() & 0o077)
}

/// As above.
#[cfg(not(unix))]
pub(crate) fn rights_of_others(_path: &Path) -> Option<u32> {
    None
}

/// Refuses a file that everybody can read.
pub(super) fn private(path: &Path) -> Result<(), Unfit> {
    if !readable_by_everybody(path) {
        return Ok(());
    }
    Err(Unfit {
        what: format!("{} can be read by every user of this machine", path.display()),
        fix: format!("chmod 600 {}", path.display()),
    })
}

#[cfg(unix)]
fn readable_by_everybody(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn readable_by_everybody(_path: &Path) -> bool {
    false
}
