//! A new file comes to its place whole or not at all: it is opened, and room for it is taken, under another name
//! beside it, so that a full or read-only disk is found before anything depends on the file.

use std::fs::{File, Metadata, OpenOptions, Permissions};
use std::io::{ErrorKind, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Stopped;

/// Bytes of room that are taken ahead: more than any secret has.
const ROOM: [u8; 1024] = [b'\n'; 1024];

/// What is older was left behind by a run that was killed: longer than any answer is waited for.
pub(super) const STALE: Duration = Duration::from_mins(1);

/// A file under another name; gone with this value, unless it was put in its place.
pub(super) struct Draft {
    file: File,
    /// `None` when it has come to its place: the name may be another run's by then.
    here: Option<PathBuf>,
    there: PathBuf,
}

impl Draft {
    /// Opens it beside `there`; what a run that was killed has left behind goes.
    pub(super) fn open(there: &Path, mode: u32) -> Result<Self, Stopped> {
        let name = there.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        let here = there.with_file_name(format!(".{name}.new"));
        if is_left_behind(&here) {
            drop(std::fs::remove_file(&here));
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
        #[cfg(not(unix))]
        let _ = mode;
        let file = options.open(&here).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                let here = here.display();
                let what = "another run is writing it, or died less than a minute ago";
                Stopped::failed(format!("{here} is there: {what}; fix: try again in a minute"))
            }
            _ => failed(there, &error),
        })?;
        let mut draft = Self { file, here: Some(here), there: there.to_owned() };
        let room = draft.file.write_all(&ROOM).and_then(|()| draft.file.sync_all());
        room.map(|()| draft).map_err(|error| failed(there, &error))
    }

    /// The one that is to take an existing file's place, for the same owner, group and readers.
    pub(super) fn open_over(there: &Path) -> Result<Self, Stopped> {
        // where the name is a link, it stays one
        let there = follow(there)?;
        let draft = Self::open(&there, 0o600)?;
        let alike = std::fs::metadata(&there).and_then(|before| make_alike(&draft.file, &before));
        alike.map(|()| draft).map_err(|error| match error.kind() {
            ErrorKind::PermissionDenied => {
                let what = "is another user's, and the new one cannot become so";
                let file = there.display();
                Stopped::failed(format!("{file} {what}; fix: run this as that user"))
            }
            _ => failed(&there, &error),
        })
    }

    /// Writes what it is to hold.
    pub(super) fn fill(&mut self, text: &str) -> Result<(), Stopped> {
        let done = self.file.rewind().and_then(|()| self.file.write_all(text.as_bytes()));
        let done = done.and_then(|()| self.file.set_len(text.len() as u64));
        done.and_then(|()| self.file.sync_all()).map_err(|error| failed(&self.there, &error))
    }

    /// Puts it in its place, which nothing else may have taken.
    pub(super) fn appear(&mut self) -> Result<(), Stopped> {
        self.come(|here, there| match std::fs::hard_link(here, there) {
            // a link, unlike a rename, never takes another file's place; some file systems have none
            Err(error) if error.kind() != ErrorKind::AlreadyExists && !is_there(there) => {
                std::fs::rename(here, there)
            }
            Ok(()) => std::fs::remove_file(here),
            Err(error) => Err(error),
        })
    }

    /// Puts it in the place of the file that is there.
    pub(super) fn replace(&mut self) -> Result<(), Stopped> {
        self.come(|here, there| std::fs::rename(here, there))
    }

    fn come(
        &mut self,
        how: impl FnOnce(&Path, &Path) -> std::io::Result<()>,
    ) -> Result<(), Stopped> {
        let Some(here) = &self.here else { return Ok(()) };
        how(here, &self.there).map_err(|error| failed(&self.there, &error))?;
        self.here = None;
        self.settle();
        Ok(())
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
        if let Some(here) = &self.here {
            drop(std::fs::remove_file(here));
        }
    }
}

/// Where a name leads. A link of somebody else's is not followed: it might lead to a file that he could not write.
fn follow(name: &Path) -> Result<PathBuf, Stopped> {
    let led = std::fs::canonicalize(name).map_err(|error| failed(name, &error))?;
    let (link, file) = (std::fs::symlink_metadata(name), std::fs::metadata(&led));
    match (link, file) {
        (Ok(link), Ok(file)) if link.is_symlink() && !same_owner(&link, &file) => {
            let what = "is a link, and neither yours nor the owner's of what it leads to";
            let fix = "name the file itself, or run this as the link's owner";
            Err(Stopped::failed(format!("{} {what}; fix: {fix}", name.display())))
        }
        _ => Ok(led),
    }
}

/// Older than any call that is waited for.
fn is_left_behind(file: &Path) -> bool {
    let data = file.symlink_metadata().ok().filter(Metadata::is_file);
    let changed = data.and_then(|data| data.modified().ok());
    // a time ahead of the clock tells nothing of a run at work
    changed.is_some_and(|at| at.elapsed().map_or(true, |age| age > STALE))
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

#[cfg(unix)]
fn same_owner(link: &Metadata, file: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    link.uid() == file.uid() || link.uid() == 0
}

#[cfg(not(unix))]
fn same_owner(_link: &Metadata, _file: &Metadata) -> bool {
    true
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
