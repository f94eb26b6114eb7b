//! Files that the configuration names: what they hold, and that secrets are not open to everybody.

use std::path::Path;

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
    match String::from_utf8(bytes) {
        Ok(text) if !text.trim().is_empty() => Ok(Secret::new(text)),
        _ => Err(Unfit {
            what: "the file is empty or not text".to_owned(),
            fix: "write the secret into it".to_owned(),
        }),
    }
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
