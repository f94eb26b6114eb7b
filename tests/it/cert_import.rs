//! `bankconnect cert import`, the program itself: what it writes is what the broker reads, or nothing is written.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::json;

use crate::cert::{every_form, identities, openssl, read, words, write};
use crate::cli::{Said, run};
use crate::common::{accounts, connected};

/// Imports `file` with what `more` says, parted by blanks, to `new.crt` and `new.key`.
async fn import(folder: &Path, file: &str, more: &str) -> Said {
    let out = "--certificate-out new.crt --key-out new.key --json";
    let line = format!("cert import {file} {more} {out}");
    run(folder, &line.split_whitespace().collect::<Vec<_>>()).await
}

fn forget(folder: &Path) {
    for name in ["new.crt", "new.key"] {
        std::fs::remove_file(folder.join(name)).unwrap();
    }
}

/// Nothing but what was there before: no draft either.
fn untouched(folder: &Path) -> bool {
    let mut names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    !names.any(|name| name.to_string_lossy().contains("new"))
}

fn mode(folder: &Path, name: &str) -> u32 {
    std::fs::metadata(folder.join(name)).unwrap().permissions().mode() & 0o777
}

/// K46, T27: from every form come the same two files, as the bank's own tool would have written them.
#[tokio::test]
async fn every_form_becomes_what_the_broker_reads() {
    let world = identities().await;
    let folder = &world.folder;
    every_form(folder);
    let (chain, key) = (read(folder, "all.crt"), read(folder, "all.key"));
    let second = chain.rfind("-----BEGIN").unwrap();
    let root = world.bank.pki().ca_pem();
    write(folder, "turned.crt", &format!("{root}{}{}", &chain[second..], &chain[..second]));
    let pass = "--passphrase-file pass";
    for (file, more, left_out) in [
        ("all.crt", "--key all.key".to_owned(), 0),
        ("turned.crt", "--key all.key".to_owned(), 1),
        ("all.crt", "--key all-key.der".to_owned(), 0),
        ("all.crt", format!("--key all.pk8 {pass}"), 0),
        ("all.crt", format!("--key all-des3.pk8 {pass}"), 0),
        ("all.crt", format!("--key all-scrypt.pk8 {pass}"), 0),
        ("all.crt", "--key all-sec1.key".to_owned(), 0),
        ("all.crt", "--key all-sec1.der".to_owned(), 0),
        ("all.p12", pass.to_owned(), 0),
        ("all-legacy.pfx", pass.to_owned(), 0),
    ] {
        let said = import(folder, file, &more).await;
        assert_eq!(said.code, 0, "{file} {more}: {}", said.err);
        let told = said.json();
        assert_eq!(told["certificate_file"], "new.crt");
        assert_eq!(told["private_key_file"], "new.key");
        assert_eq!((&told["certificates"], &told["findings"]), (&json!(2), &json!([])), "{file}");
        assert_eq!(told["left_out"].as_array().unwrap().len(), left_out, "{file}");
        assert_eq!(plain(&read(folder, "new.crt")), plain(&chain), "{file} {more}");
        assert_eq!((mode(folder, "new.key"), mode(folder, "new.crt")), (0o600, 0o644));
        // SEC 1 has no attributes to keep, so the same key can be written in two ways
        for name in ["new.key", "all.key"] {
            openssl(folder, &format!("pkey -in {name} -outform DER -out {name}.der"));
        }
        assert!(read(folder, "new.key").starts_with("-----BEGIN PRIVATE KEY-----\n"));
        let der = |name: &str| std::fs::read(folder.join(name)).unwrap();
        assert!(der("new.key.der") == der("all.key.der"), "{file} {more}");
        assert!(!said.out.contains(&plain(&key)[30..60]) && !said.err.contains("PRIVATE"));
        forget(folder);
        std::fs::remove_file(folder.join("new.key.der")).unwrap();
    }
    assert!(untouched(folder));
}

fn plain(pem: &str) -> String {
    pem.split_whitespace().collect()
}

/// The broker takes the files as they are, and the bank takes the broker; an RSA key from PKCS#1 does too.
#[tokio::test]
async fn the_broker_uses_what_was_imported() {
    let world = identities().await;
    let folder = &world.folder;
    every_form(folder);
    for name in ["certificate.pem", "private-key.pem"] {
        std::fs::remove_file(folder.join(name)).unwrap();
    }
    let out = "--certificate-out certificate.pem --key-out private-key.pem --passphrase-file pass";
    let line = format!("cert import all-legacy.pfx {out}");
    let said = run(folder, &line.split_whitespace().collect::<Vec<_>>()).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.out.contains("wrote certificate.pem") && said.err.is_empty(), "{}", said.out);
    world.reload().await;
    let (browser, id) = connected(&world).await;
    assert_eq!(accounts(&browser, &id).await.status, 200);
    openssl(folder, "req -x509 -newkey rsa:2048 -nodes -subj /CN=own -keyout rsa.key -out rsa.crt");
    openssl(folder, "rsa -traditional -in rsa.key -out rsa1.key");
    assert!(read(folder, "rsa1.key").starts_with("-----BEGIN RSA PRIVATE KEY-----"));
    let said = import(folder, "rsa.crt", "--key rsa1.key").await;
    assert_eq!((said.code, words(&said, "findings")), (0, json!(["no_psd2"])), "{}", said.err);
    assert!(said.err.contains("no PSD2 statement"), "{}", said.err);
    assert_eq!(read(folder, "new.key"), read(folder, "rsa.key"));
}

/// Where anything is wrong nothing is written, and nothing that is there is touched.
#[tokio::test]
async fn nothing_is_written_where_anything_is_wrong() {
    let world = identities().await;
    let folder = &world.folder;
    every_form(folder);
    for (file, more, says) in [
        ("all.crt", "", "all.crt: holds no private key; fix: name the key"),
        ("all.crt", "--key aisp.key", "the private key belongs to none of the certificates"),
        ("all.p12", "--key aisp.key --passphrase-file pass", "belongs to none"),
        ("all.p12", "--passphrase-file wrong", "does not open with this passphrase"),
        ("all.crt", "--key all.pk8", "no passphrase was given"),
        (
            "all.crt",
            "--key all-old.key --passphrase-file pass",
            "fix: openssl pkcs8 -topk8 -v2 aes-256-cbc -in all-old.key -out all-old.key.pk8",
        ),
    ] {
        let said = import(folder, file, more).await;
        assert_eq!((said.code, words(&said, "error")), (1, json!("failed")), "{file} {more}");
        assert!(said.err.contains(says), "{file} {more}: {}", said.err);
        assert!(untouched(folder), "{file} {more}");
    }
    for present in ["new.crt", "new.key"] {
        write(folder, present, "mine");
        let said = import(folder, "all.crt", "--key all.key").await;
        let says = format!("{present} is there already and is never overwritten");
        assert!(said.code == 1 && said.err.contains(&says), "{}", said.err);
        assert_eq!(read(folder, present), "mine");
        std::fs::remove_file(folder.join(present)).unwrap();
        assert!(untouched(folder), "neither of the two: {present}");
    }
    for (key_out, says) in [("new.pem", "are one file"), ("nowhere/new.pem", "cannot be written")] {
        let line = "cert import all.crt --key all.key --certificate-out new.pem --key-out";
        let arguments: Vec<_> = line.split(' ').chain([key_out]).collect();
        let said = run(folder, &arguments).await;
        assert!(said.code == 1 && said.err.contains(says), "{}", said.err);
    }
    assert!(untouched(folder));
}

/// The conversions that the program names for old files do what it says.
#[tokio::test]
async fn the_named_conversions_work() {
    let world = identities().await;
    let folder = &world.folder;
    every_form(folder);
    for key in ["all-old.key", "all-v1.pk8"] {
        let said = import(folder, "all.crt", &format!("--key {key} --passphrase-file pass")).await;
        let (_, fix) = said.err.split_once("fix: openssl ").unwrap();
        let (command, _) = fix.split_once(',').unwrap();
        // at a terminal it would ask; of one file it would take the second line for the second
        write(folder, "again", &read(folder, "pass"));
        openssl(folder, &format!("{command} -passin file:pass -passout file:again"));
        let more = format!("--key {key}.pk8 --passphrase-file pass");
        let said = import(folder, "all.crt", &more).await;
        assert_eq!(said.code, 0, "{}", said.err);
        forget(folder);
    }
    let said = import(folder, "all.p7b", "--key all.key").await;
    let (_, fix) = said.err.split_once("fix: openssl ").unwrap();
    openssl(folder, fix.split_once(',').unwrap().0);
    assert_eq!(import(folder, "all.p7b.crt", "--key all.key").await.code, 0);
}

/// A configuration with an encrypted key says how it becomes one that is not.
#[tokio::test]
async fn the_configuration_points_to_the_import() {
    let world = identities().await;
    let folder = &world.folder;
    every_form(folder);
    write(folder, "private-key.pem", &read(folder, "all.pk8"));
    let said = run(folder, &["serve", "--config", "bankconnect.toml"]).await;
    assert_eq!(said.code, 1);
    for part in ["providers.cnb.private_key_file", "is encrypted", "bankconnect cert import"] {
        assert!(said.err.contains(part), "{}", said.err);
    }
}
