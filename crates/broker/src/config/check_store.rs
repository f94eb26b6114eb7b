//! Checks `[store]`: a file of this machine or a server that many share, and the ring that seals what is kept there.

use std::path::PathBuf;

use super::check::Check;
use super::{Store, disk, file};
use crate::store::{Place, Unsafe, check_url};

impl Check<'_> {
    /// Where grants are kept.
    pub(super) fn store(&mut self, store: file::Store) -> Option<Store> {
        let place = self.place(store.file, store.url_file);
        let fix = "make one by `bankconnect keys new FILE` and name it here";
        let key_file = self.need("store.key_file", store.key_file, fix)?;
        let key_file = self.beside(&key_file);
        if !key_file.exists() {
            let what = format!("{} does not exist", key_file.display());
            let kept = matches!(&place, Some(Place::File(file)) if file.exists());
            let lost =
                "bring back the copy of it: without it all connections in the store are lost";
            return self.wrong("store.key_file", &what, if kept { lost } else { fix });
        }
        self.fit("store.key_file", disk::private(&key_file))?;
        Some(Store { place: place?, key_file })
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
