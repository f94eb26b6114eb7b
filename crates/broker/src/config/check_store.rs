//! Checks `[store]`: a file of this machine or a server that many share, and the ring that seals what is kept there.

use std::path::PathBuf;

use super::check::Check;
use super::{Store, disk, file};
use crate::store::{Place, Unsafe, check_url};
use crate::vault::RingSource;

impl Check<'_> {
    /// Where grants are kept.
    pub(super) fn store(&mut self, store: file::Store) -> Option<Store> {
        let place = self.place(store.file, store.url_file);
        let ring = match store.key_command {
            Some(command) => self.key_command(command, store.key_file.is_some())?,
            None => RingSource::File(self.key_file(store.key_file, place.as_ref())?),
        };
        Some(Store { place: place?, ring })
    }

    fn key_file(&mut self, file: Option<PathBuf>, place: Option<&Place>) -> Option<PathBuf> {
        let fix = "make one by `bankconnect keys new FILE` and name it here";
        let file = self.need("store.key_file", file, fix)?;
        let file = self.beside(&file);
        if !file.exists() {
            let what = format!("{} does not exist", file.display());
            let kept = matches!(place, Some(Place::File(place)) if place.exists());
            let lost =
                "bring back the copy of it: without it all connections in the store are lost";
            return self.wrong("store.key_file", &what, if kept { lost } else { fix });
        }
        self.fit("store.key_file", disk::private(&file))?;
        Some(file)
    }

    /// A program that prints the ring; it is not run here.
    fn key_command(&mut self, words: Vec<String>, beside_file: bool) -> Option<RingSource> {
        if beside_file {
            let what = "names a second key ring beside store.key_file";
            return self.wrong("store.key_command", what, "keep one of the two");
        }
        if words.first().is_none_or(String::is_empty) {
            let fix = "write [\"PROGRAM\", \"ARGUMENT\", …]; it is run without a shell";
            return self.wrong("store.key_command", "names no program", fix);
        }
        Some(RingSource::Command(words))
    }

    /// One of the two: a file of this machine, or a server that many share.
    fn place(&mut self, file: Option<PathBuf>, url_file: Option<PathBuf>) -> Option<Place> {
        let Some(url_file) = url_file else {
            let fix = "e.g. \"bankconnect.db\", or store.url_file for PostgreSQL";
            return self.need("store.file", file, fix).map(|file| Place::File(self.beside(&file)));
        };
        if file.is_some() {
            let what = "names a second store beside store.file";
            return self.wrong("store.url_file", what, "keep one of the two");
        }
        let url = self.fit("store.url_file", disk::secret(&self.beside(&url_file)))?;
        let (what, fix) = match check_url(&url) {
            Ok(()) => return Some(Place::Server(url)),
            Err(Unsafe::NoUrl) => (
                "holds no URL of a PostgreSQL database",
                "write postgres://USER:PASSWORD@HOST/DATABASE?sslmode=verify-full into it",
            ),
            Err(Unsafe::Parameter) => (
                "holds a URL with a parameter that is not known",
                "only host, sslmode, sslrootcert, sslcert and sslkey may stand behind the ?",
            ),
            Err(Unsafe::Plain) => (
                "goes to another machine without proof of its name",
                "put ?sslmode=verify-full behind it, and &sslrootcert=FILE for an authority of your own",
            ),
        };
        self.wrong("store.url_file", what, fix)
    }
}
