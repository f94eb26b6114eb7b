//! `bankconnect cert`: certificates and keys as authorities hand them out, looked at and made ready for the broker.

use std::path::{Path, PathBuf};

use super::terminal::Terminal;
use super::{Failure, Stopped};
use crate::ambient::Ambient;
use crate::certificate::{Opened, Unreadable};
use crate::config;
use crate::secret::Secret;

mod findings;
mod import;
mod inspect;
mod new_files;
mod sheet;

/// What to do with a certificate.
#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Tells what a certificate says: licence, PSD2 roles, scopes, time, chain, and whether a key belongs to it.
    ///
    /// Exit code: 0 the broker can use it; 3 it cannot, and why is told; 1 a file stood in the way.
    Inspect {
        #[command(flatten)]
        files: Files,
    },
    /// Writes the chain and the plain key as the broker reads them, from PEM, DER, encrypted PKCS#8 or PKCS#12.
    ///
    /// Exit code: 0 both files are written; 1 neither is, and why is told.
    Import {
        #[command(flatten)]
        files: Files,
        /// Where to write the chain (PEM, leaf first); a file that is there is never overwritten.
        #[arg(long, value_name = "FILE")]
        certificate_out: PathBuf,
        /// Where to write the key (PKCS#8, mode 0600); a file that is there is never overwritten.
        #[arg(long, value_name = "FILE")]
        key_out: PathBuf,
    },
}

/// Where certificate and key come from.
#[derive(clap::Args)]
pub(super) struct Files {
    /// The certificate, alone or with its chain and key: PEM, DER or PKCS#12.
    file: PathBuf,
    /// Its private key, where it stands in a file of its own.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// A file whose first line is the passphrase; it must not be readable by every user.
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

/// Does it.
pub(super) fn run(command: &Command, terminal: Terminal) -> Result<u8, Stopped> {
    let now = Ambient::system().now();
    match command {
        Command::Import { files, certificate_out, key_out } => {
            let imported = import::import(files, certificate_out, key_out, now)?;
            imported.warn();
            terminal.answer(&imported.text(), &imported.json());
            Ok(0)
        }
        Command::Inspect { files } => {
            let sheet = inspect::judged(&files.file, files.open()?, now)?;
            terminal.answer(&sheet.text(), &sheet.json());
            Ok(if sheet.findings.is_empty() { 0 } else { NOT_FOR_THE_BROKER })
        }
    }
}

const NOT_FOR_THE_BROKER: u8 = 3;

impl Files {
    /// Certificates of the first file, with the key of the second, else of the first.
    fn open(&self) -> Result<Opened, Stopped> {
        let passphrase = self.passphrase_file.as_deref().map(passphrase).transpose()?;
        let mut opened = Opened::read(&self.file, passphrase.as_ref())?;
        if opened.certificates.is_empty() {
            let file = self.file.display();
            let what = format!("{file}: holds no certificate; fix: name the certificate's file");
            return Err(Stopped::failed(what));
        }
        if let Some(file) = &self.key {
            let key = Opened::read(file, passphrase.as_ref())?.key;
            let lacking = || {
                let what = "holds no private key; fix: name the key's file";
                Stopped::failed(format!("--key {}: {what}", file.display()))
            };
            opened.key = Some(key.ok_or_else(lacking)?);
        }
        Ok(opened)
    }
}

/// The first line of a file; blanks are part of it.
fn passphrase(file: &Path) -> Result<Secret, Failure> {
    let text = config::secret_text(file).map_err(|why| format!("--passphrase-file: {why}"))?;
    let line = text.expose().lines().next().unwrap_or_default();
    Ok(Secret::new(line.to_owned()))
}

impl From<Unreadable> for Stopped {
    fn from(unreadable: Unreadable) -> Self {
        Self::failed(unreadable.to_string())
    }
}
