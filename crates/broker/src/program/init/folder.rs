//! The folder that is written: whole or not at all, and in nobody's way.

use std::path::{Path, PathBuf};

use crate::program::Stopped;
use crate::program::draft::{Draft, is_there};
use crate::program::keys::write_new;

/// A folder with room for the files.
pub(super) struct NewFolder {
    folder: PathBuf,
    config: PathBuf,
    ring: PathBuf,
}

impl NewFolder {
    /// Refuses a folder where a broker's files are: they are never overwritten, and a new key ring does not open an
    /// old database.
    pub(super) fn find(folder: &Path) -> Result<Self, Stopped> {
        let [config, ring, store] = ["bankconnect.toml", "bankconnect.keys", "bankconnect.db"]
            .map(|name| folder.join(name));
        let taken: Vec<_> =
            [&config, &ring, &store].into_iter().filter(|file| is_there(file)).collect();
        if !taken.is_empty() {
            let taken: Vec<_> = taken.iter().map(|file| file.display().to_string()).collect();
            let (taken, fix) = (taken.join(", "), "name a new folder: nothing is ever overwritten");
            return Err(Stopped::failed(format!("there already: {taken}; fix: {fix}")));
        }
        Ok(Self { folder: folder.to_owned(), config, ring })
    }

    /// Where the configuration is going to be.
    pub(super) fn config(&self) -> &Path {
        &self.config
    }

    /// Writes configuration and key ring, and answers their names.
    pub(super) fn write(self, config: &str) -> Result<[PathBuf; 2], Stopped> {
        let made = make(&self.folder)?;
        let written = self.fill(config);
        if written.is_err() && made {
            drop(std::fs::remove_dir(&self.folder));
        }
        written.map(|()| [self.config, self.ring])
    }

    fn fill(&self, config: &str) -> Result<(), Stopped> {
        write_new(&self.ring)?;
        let appeared = Draft::open(&self.config, 0o644).and_then(|mut draft| {
            draft.fill(config)?;
            draft.appear()
        });
        appeared.inspect_err(|_| drop(std::fs::remove_file(&self.ring)))
    }
}

/// Makes the folder, for its owner only; whether it was not there.
fn make(folder: &Path) -> Result<bool, Stopped> {
    if folder.is_dir() {
        return Ok(false);
    }
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map(|()| true).map_err(|error| {
        let (folder, kind) = (folder.display(), error.kind());
        let fix = "name one in a folder of yours that is there";
        Stopped::failed(format!("the folder {folder} cannot be made ({kind}); fix: {fix}"))
    })
}
