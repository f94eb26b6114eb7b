//! A new file comes to its place whole or not at all: it is opened, and room for it is taken, under another name
//! beside it, so that a full or read-only disk is found before anything depends on the file.

use std::fs::{File, Metadata, OpenOptions, Permissions};
use std::io::{ErrorKind, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use super::Stopped;

/// Bytes of room that are taken ahead: more than any secret has.
const ROOM: [u8; 1024] = [b'\n'; 1024];

/// A file under another name; gone with this value, unless it was put in its place.
pub(super) struct Draft {
    file: File,
    here: PathBuf,
    there: PathBuf,
}

impl Draft {
    /// Opens it beside `there`.
    pub(super) fn open(there: &Path, mode: u32) -> Result<Self, Stopped> {
        let name = there.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let here = there.with_file_name(format!(".{name}.{}.new", std::process::id()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
        #[cfg(not(unix))]
        let _ = mode;
        let file = options.open(&here).map_err(|error| failed(there, &error))?;
        let mut draft = Self { file, here, there: there.to_owned() };
        let room = draft.file.write_all(&ROOM).and_then(|()| draft.file.sync_all());
        room.map(|()| draft).map_err(|error| failed(there, &error))
    }

    /// The one that is to take an existing file's place, for the same owner, group and readers.
    pub(super) fn open_over(there: &Path) -> Result<Self, Stopped> {
        // where the name is a link, it stays one
        let there = std::fs::canonicalize(there).map_err(|error| failed(there, &error))?;
        let draft = Self::open(&there, 0o600)?;
        let alike = std::fs::metadata(&there).and_then(|before| make_alike(&draft.file, &before));
        alike.map(|()| draft).map_err(|error| {
            let (file, kind) = (there.display(), error.kind());
            let what =
                format!("{file} is another user's, and the new one cannot become so ({kind})");
            Stopped::failed(format!("{what}; fix: run this as that user"))
        })
    }

    /// Writes what it is to hold.
    pub(super) fn fill(&mut self, text: &str) -> Result<(), Stopped> {
        let done = self.file.rewind().and_then(|()| self.file.write_all(text.as_bytes()));
        let done = done.and_then(|()| self.file.set_len(text.len() as u64));
        done.and_then(|()| self.file.sync_all()).map_err(|error| failed(&self.there, &error))
    }

    /// Puts it in its place, which nothing else may have taken.
    pub(super) fn appear(&self) -> Result<(), Stopped> {
        // a link, unlike a rename, never takes another file's place; some file systems have none
        let done = match std::fs::hard_link(&self.here, &self.there) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists && !is_there(&self.there) => {
                std::fs::rename(&self.here, &self.there)
            }
            done => done,
        };
        done.map(|()| self.settle()).map_err(|error| failed(&self.there, &error))
    }

    /// Puts it in the place of the file that is there.
    pub(super) fn replace(&self) -> Result<(), Stopped> {
        let done = std::fs::rename(&self.here, &self.there);
        done.map(|()| self.settle()).map_err(|error| failed(&self.there, &error))
    }

    /// The name, too, outlives a power cut, where the file system can promise that.
    fn settle(&self) {
        let folder = self.there.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = File::open(folder.unwrap_or(Path::new(".")));
        drop(folder.and_then(|folder| folder.sync_all()));
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.here));
    }
}

/// Whether a name is taken, by whatever.
pub(super) fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

#[cfg(unix)]
fn make_alike(file: &File, before: &Metadata) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
    let now = file.metadata()?;
    if (now.uid(), now.gid()) != (before.uid(), before.gid()) {
        fchown(file, Some(before.uid()), Some(before.gid()))?;
    }
    file.set_permissions(Permissions::from_mode(before.mode() & 0o660))
}

#[cfg(not(unix))]
fn make_alike(_file: &File, _before: &Metadata) -> std::io::Result<()> {
    Ok(())
}

fn failed(file: &Path, error: &std::io::Error) -> Stopped {
    let file = file.display();
    Stopped::failed(match error.kind() {
        ErrorKind::AlreadyExists => {
            format!("{file} is there already and is never overwritten; fix: choose another name")
        }
        kind => format!("{file} cannot be written ({kind}); fix: name a file in a folder of yours"),
    })
}
