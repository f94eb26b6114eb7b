//! Checks which certificates of ours a provider's table names, and whether they cover its scopes.

use super::certificates::{Certificates, Place};
use super::check::Check;
use super::contradictions::At;
use super::file;
use super::tls_files::Pair;

/// The files of our certificates and their keys: one pair, or a list of them.
pub(super) fn pairs(
    check: &mut Check<'_>,
    at: &At<'_>,
    written: &file::Provider,
) -> Option<Vec<Pair>> {
    let Some(list) = &written.certificates else {
        return alone(check, at, written).map(|pair| vec![pair]);
    };
    let key = at.key("certificates");
    if written.certificate_file.is_some() || written.private_key_file.is_some() {
        let what = "stands beside certificate_file or private_key_file";
        return check.wrong(&key, what, "write that pair into the list, or take the list out");
    }
    if list.is_empty() {
        let fix = format!(
            "[[{key}]] with certificate_file and private_key_file; or mutual_tls = false where \
             the bank asks for none"
        );
        return check.wrong(&key, "is empty", &fix);
    }
    let listed = |(at, tls): (usize, &file::Tls)| Pair {
        place: Place::Listed(at),
        certificate: check.beside(&tls.certificate_file),
        key: check.beside(&tls.private_key_file),
    };
    Some(list.iter().enumerate().map(listed).collect())
}

fn alone(check: &mut Check<'_>, at: &At<'_>, written: &file::Provider) -> Option<Pair> {
    let fix = "PEM of the eIDAS certificate (QWAC) with its chain; or mutual_tls = false where \
               the bank asks for none";
    let file = written.certificate_file.as_deref();
    let certificate = check.need(&at.key("certificate_file"), file, fix);
    let file = written.private_key_file.as_deref();
    let key = check.need(&at.key("private_key_file"), file, "PEM of the certificate's key");
    let (certificate, key) = (check.beside(certificate?), check.beside(key?));
    Some(Pair { place: Place::Alone, certificate, key })
}

/// Scopes that a bank is certain to refuse are a mistake, not an offer (requirement K46).
pub(super) fn covered(
    check: &mut Check<'_>,
    at: &At<'_>,
    certificates: &Certificates,
    scopes: &[String],
) {
    let Some(widest) = certificates.widest() else { return };
    let place = widest.place;
    let others =
        if certificates.are_several() { ", and no other has it with the rest" } else { "" };
    for (scope, role) in widest.own.lacks(scopes) {
        let (role, meaning) = (role.as_str(), role.meaning());
        let what = format!("has \"{scope}\", but {place} lacks its PSD2 role {role}{others}");
        let fix = format!(
            "take \"{scope}\" out, or name a certificate for {meaning}; \
             `bankconnect cert inspect` tells what one covers"
        );
        check.wrong::<()>(&at.key("scopes"), &what, &fix);
    }
}
