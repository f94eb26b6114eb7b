//! Who we are to a bank's authorization server: what its registration answered, in files that `bankconnect app`
//! writes or the operator does.

use std::path::{Path, PathBuf};

use super::check::Check;
use super::contradictions::At;
use super::file;

/// The client id, as it is written or from its file.
pub(super) fn id(check: &mut Check<'_>, at: &At<'_>, written: &file::Provider) -> Option<String> {
    only_one(check, at, written)?;
    let key = at.key("client_id_file");
    match (&written.client_id, &written.client_id_file) {
        (Some(id), _) => Some(id.clone()),
        (None, Some(file)) if is_there(check, at, "client_id_file", file) => {
            let contents = check.contents(&key, file)?;
            let id = first_line(&contents);
            if id.is_none() {
                let fix =
                    "write the client_id the bank's registration answered into it, as one line";
                return check.wrong(&key, "the file's first line is no client id", fix);
            }
            id
        }
        (None, Some(_)) => None,
        (None, None) => {
            let answered = "the client_id the bank's application registration answered";
            let fix = format!("{answered}; or client_id_file, and run {}", register(at));
            check.need(&at.key("client_id"), None, &fix)
        }
    }
}

/// Refuses a client id that stands in two places.
pub(super) fn only_one(check: &mut Check<'_>, at: &At<'_>, written: &file::Provider) -> Option<()> {
    if written.client_id.is_some() && written.client_id_file.is_some() {
        let key = at.key("client_id_file");
        return check.wrong(&key, "stands beside client_id", "keep one of the two");
    }
    Some(())
}

/// Whether a file that the registration writes is there; a finding where it is not.
pub(super) fn is_there(check: &mut Check<'_>, at: &At<'_>, key: &str, file: &Path) -> bool {
    let file = check.beside(file);
    if file.exists() {
        return true;
    }
    let what = format!("{} does not exist", file.display());
    let fix = format!("run {}, or write the file", register(at));
    check.wrong::<()>(&at.key(key), &what, &fix);
    false
}

/// The file that is there while the secret in `client_secret_file` is being renewed: the old one is good no
/// more, and the new one is not in its place yet.
pub fn renewing(client_secret_file: &Path) -> PathBuf {
    let mut name = client_secret_file.file_name().unwrap_or_default().to_owned();
    name.push(".renewing");
    client_secret_file.with_file_name(name)
}

/// The first line, where it can be a client id (RFC 6749 appendix A.1).
pub(super) fn first_line(contents: &[u8]) -> Option<String> {
    let line = std::str::from_utf8(contents).ok()?.lines().next()?.trim();
    let visible = line.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    (visible && !line.is_empty()).then(|| line.to_owned())
}

fn register(at: &At<'_>) -> String {
    format!("`bankconnect app register --provider {}`", at.id)
}
