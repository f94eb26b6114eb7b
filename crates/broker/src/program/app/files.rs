//! The files that a registration and a renewal write. They are opened before the bank is asked, for what it
//! answers is told once.

use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::config::{Registration, renewing};
use crate::program::Stopped;
use crate::program::draft::{Draft, STALE, is_there};
use crate::secret::Secret;

/// Client id and secret of a new application; both come to their places, or neither.
pub(super) struct NewFiles {
    id: Draft,
    secret: Draft,
    secret_file: PathBuf,
}

impl NewFiles {
    /// Refuses files that are there, and lines that are missing in the configuration.
    pub(super) fn open(of: &Registration) -> Result<Self, Stopped> {
        if of.client_id.is_some() && of.client_id_file.is_none() {
            return Err(Stopped::failed(format!(
                "[providers.{}] has a client_id, so an application is registered; fix: for another one take that \
                 line out, and write\n{}",
                of.provider,
                lines(&of.provider)
            )));
        }
        let (id_file, secret_file) = places(of)?;
        for file in [id_file, secret_file] {
            if is_there(file) {
                return Err(Stopped::failed(format!(
                    "{} is there already and is never overwritten; fix: `bankconnect app renew-secret` gets a new \
                     secret for the same application; for another one move the file away",
                    file.display()
                )));
            }
        }
        let (id, secret) = (Draft::open(id_file, 0o600)?, Draft::open(secret_file, 0o600)?);
        Ok(Self { id, secret, secret_file: secret_file.to_owned() })
    }

    /// Writes both.
    pub(super) fn write(&mut self, client_id: &str, secret: &Secret) -> Result<(), Stopped> {
        self.id.fill(&format!("{client_id}\n"))?;
        self.secret.fill(&line(secret))?;
        self.secret.appear()?;
        self.id.appear().inspect_err(|_| drop(std::fs::remove_file(&self.secret_file)))
    }
}

/// A new secret on its way to the place of the old one, with the mark that it is.
pub(super) struct Renewal {
    secret: Draft,
    /// Where no file says yet whose secret it is.
    id: Option<Draft>,
    _mark: Mark,
}

impl Renewal {
    /// Sets the mark; refuses to put the secret of another application in the place of the configured one's.
    pub(super) fn open(of: &Registration, client_id: &str) -> Result<Self, Stopped> {
        if let Some(configured) = of.client_id.as_ref().filter(|known| *known != client_id) {
            return Err(Stopped::failed(format!(
                "[providers.{}] is application {configured}: the secret of another one would take the place of its \
                 secret; fix: configure that application first",
                of.provider
            )));
        }
        let (id_file, secret_file) = match (&of.client_id_file, &of.client_secret_file) {
            (None, Some(secret_file)) if of.client_id.is_some() => (None, &**secret_file),
            _ => places(of).map(|(id, secret)| (Some(id), secret))?,
        };
        let mark = Mark::set(secret_file)?;
        let open = |file: &Path| {
            if is_there(file) { Draft::open_over(file) } else { Draft::open(file, 0o600) }
        };
        let id = id_file.filter(|_| of.client_id.is_none()).map(open).transpose()?;
        Ok(Self { secret: open(secret_file)?, id, _mark: mark })
    }

    /// Puts the new secret in its place.
    pub(super) fn write(&mut self, client_id: &str, secret: &Secret) -> Result<(), Stopped> {
        self.secret.fill(&line(secret))?;
        self.secret.replace()?;
        match &mut self.id {
            Some(id) => id.fill(&format!("{client_id}\n")).and_then(|()| id.replace()),
            None => Ok(()),
        }
    }
}

/// Says that a secret is being renewed, for a broker that meets a bank which knows the new one only; gone with
/// this value.
struct Mark(PathBuf);

impl Mark {
    fn set(secret_file: &Path) -> Result<Self, Stopped> {
        let path = renewing(secret_file);
        let stale = path.metadata().and_then(|data| data.modified());
        // a time ahead of the clock tells nothing of a run at work
        if stale.is_ok_and(|since| since.elapsed().map_or(true, |age| age > STALE)) {
            drop(std::fs::remove_file(&path));
        }
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(&path) {
            Ok(mut file) => {
                // for people who find it
                drop(write!(file, "{}", std::process::id()));
                Ok(Self(path))
            }
            Err(error) => Err(Stopped::failed(match error.kind() {
                ErrorKind::AlreadyExists => format!(
                    "{} is there: another renewal is at work, or died less than a minute ago; fix: try again in a \
                     minute",
                    path.display()
                ),
                kind => format!(
                    "{} cannot be written ({kind}); fix: let this user write in that folder",
                    path.display()
                ),
            })),
        }
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.0));
    }
}

/// Where client id and secret are to stand.
fn places(of: &Registration) -> Result<(&Path, &Path), Stopped> {
    match (&of.client_id_file, &of.client_secret_file) {
        (Some(id), Some(secret)) if id == secret => Err(Stopped::failed(
            "client_id_file and client_secret_file are one file; fix: name two",
        )),
        (Some(id), Some(secret)) => Ok((id, secret)),
        (id, _) => {
            let missing = if id.is_none() { "client_id_file" } else { "client_secret_file" };
            Err(Stopped::failed(format!(
                "[providers.{}] has no {missing}; fix: it needs both lines, with names of your choice:\n{}",
                of.provider,
                lines(&of.provider)
            )))
        }
    }
}

fn lines(provider: &str) -> String {
    format!(
        "  client_id_file = \"{provider}.client-id\"\n  client_secret_file = \"{provider}.client-secret\""
    )
}

fn line(secret: &Secret) -> Zeroizing<String> {
    Zeroizing::new(format!("{}\n", secret.expose()))
}
