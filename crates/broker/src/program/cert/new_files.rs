//! Two files that belong together appear whole or not at all, and never in the place of another file.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::program::Stopped;

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
        if file.symlink_metadata().is_ok() {
            return Err(failed(file, &std::io::ErrorKind::AlreadyExists.into()));
        }
    }
    let key_draft = Draft::write(key, key_text, 0o600)?;
    let certificate_draft = Draft::write(certificate, certificate_text, 0o644)?;
    key_draft.appear()?;
    certificate_draft.appear().inspect_err(|_| drop(std::fs::remove_file(key)))
}

/// A whole file under another name; gone with this value.
struct Draft<'a> {
    here: PathBuf,
    there: &'a Path,
}

impl<'a> Draft<'a> {
    fn write(there: &'a Path, text: &str, mode: u32) -> Result<Self, Stopped> {
        let name = there.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let here = there.with_file_name(format!(".{name}.{}.new", std::process::id()));
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
        #[cfg(not(unix))]
        let _ = mode;
        let mut file = options.open(&here).map_err(|error| failed(there, &error))?;
        let draft = Self { here, there };
        let done = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
        done.map(|()| draft).map_err(|error| failed(there, &error))
    }

    /// A link, unlike a rename, never takes another file's place.
    fn appear(&self) -> Result<(), Stopped> {
        std::fs::hard_link(&self.here, self.there).map_err(|error| failed(self.there, &error))
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.here));
    }
}

fn failed(file: &Path, error: &std::io::Error) -> Stopped {
    let file = file.display();
    Stopped::failed(match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            format!("{file} is there already and is never overwritten; fix: choose another name")
        }
        kind => format!("{file} cannot be written ({kind}); fix: name a file in a folder of yours"),
    })
}
