//! The file of a client secret. It is read at the start, again when it changes, and at once when the bank refuses
//! the secret: `bankconnect app renew-secret` replaces it under a running broker.

use std::path::PathBuf;
use std::time::Duration;

use super::{Unusable, disk, renewing};
use crate::secret::Secret;

/// A marker older than this was left behind by a renewal that was killed.
const STALE: Duration = Duration::from_mins(1);

/// Where a client secret is.
#[derive(Clone)]
pub struct SecretFile(PathBuf);

impl SecretFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// What it holds now, without the blanks around it.
    pub fn read(&self) -> Result<Secret, Unusable> {
        disk::secret(&self.0).map_err(Unusable::of_file("client_secret_file"))
    }

    /// Whether a new secret has been asked for and is not in the file yet.
    pub fn is_being_renewed(&self) -> bool {
        // times of files are the system's, so its clock is the one to ask
        let modified = std::fs::metadata(renewing(&self.0)).and_then(|data| data.modified());
        modified.is_ok_and(|at| at.elapsed().is_ok_and(|age| age < STALE))
    }
}
