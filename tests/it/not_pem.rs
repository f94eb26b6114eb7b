//! Certificate files as authorities hand them out, which are not PEM: told as what they are, with the command that
//! makes PEM of them.

use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use demo::World;

use crate::cert::openssl;
use crate::cli;
use crate::common::{our_request, world};

/// What stands between the first marks of a PEM file.
fn der(pem: &str) -> Vec<u8> {
    let inner = pem.lines().skip(1).take_while(|line| !line.starts_with("-----"));
    BASE64_STANDARD.decode(inner.collect::<String>()).unwrap()
}

/// The certificate of a world in PKCS#12, as many authorities hand it out.
fn pkcs12(folder: &Path) -> Vec<u8> {
    openssl(
        folder,
        "pkcs12 -export -in certificate.pem -inkey private-key.pem -out bundle.p12 -passout pass:x",
    );
    std::fs::read(folder.join("bundle.p12")).unwrap()
}

/// `check` says this of this key, and that the command which imports mends it.
async fn points_to_import(world: &World, key: &str) {
    let said = cli::run(&world.folder, &["check"]).await;
    assert_eq!(said.code, 1, "{}", said.out);
    let told = format!("providers.cnb.{key}: is not PEM but binary, as DER and PKCS#12 files are");
    assert!(said.err.contains(&told), "{}", said.err);
    assert!(said.err.contains("fix: bankconnect cert import "), "{}", said.err);
}

/// K46: binary files are told as such, at the start and under a running broker, which goes on.
#[tokio::test]
async fn binary_files_point_to_the_import() {
    let world = world().await;
    let file = |name: &str| world.folder.join(name);
    let identity = world.bank.pki().issue(our_request());
    let (certificate, key) = (file("certificate.pem"), file("private-key.pem"));
    let (chain, plain) = (std::fs::read(&certificate).unwrap(), std::fs::read(&key).unwrap());
    let bundle = pkcs12(&world.folder);
    for binary in [der(&identity.key_pem), bundle.clone()] {
        std::fs::write(&key, binary).unwrap();
        points_to_import(&world, "private_key_file").await;
    }
    world.reload().await;
    assert_eq!(crate::common::health(&world, "cnb").await["files_refused"], "private_key_file");
    std::fs::write(&key, plain).unwrap();
    for binary in [der(&identity.cert_pem), bundle] {
        std::fs::write(&certificate, binary).unwrap();
        points_to_import(&world, "certificate_file").await;
    }
    // what stands around PEM is nobody's business
    std::fs::write(&certificate, [b"0: \xc8esk\xe1 banka\n".to_vec(), chain].concat()).unwrap();
    let said = cli::run(&world.folder, &["check"]).await;
    assert_ne!(said.code, 1, "{}", said.err);
}

/// Before the certificate is there the command that writes it is the fix; one that TLS cannot present is told as
/// what it is, not as a key that does not fit.
#[tokio::test]
async fn a_missing_and_an_ancient_certificate_are_told() {
    let world = world().await;
    let certificate = world.folder.join("certificate.pem");
    std::fs::remove_file(&certificate).unwrap();
    let said = cli::run(&world.folder, &["check"]).await;
    assert!(said.err.contains("cannot be read"), "{}", said.err);
    assert!(said.err.contains("fix: bankconnect cert import "), "{}", said.err);
    // without a file of extensions x509 writes version 1
    openssl(&world.folder, "req -new -key private-key.pem -subj /CN=tpp.example -out old.csr");
    openssl(&world.folder, "x509 -req -in old.csr -signkey private-key.pem -out certificate.pem");
    let said = cli::run(&world.folder, &["check"]).await;
    let told = "providers.cnb.certificate_file: holds a certificate that TLS cannot present";
    assert!(said.err.contains(told) && said.err.contains("version 3"), "{}", said.err);
    assert!(!said.err.contains("is not the key"), "{}", said.err);
}
