//! `bankconnect cert`, the program itself, on files as authorities and key stores hand them out: written by the
//! `openssl` program, from identities that the simulated bank issues.

use std::path::Path;

use demo::World;
use serde_json::{Value, json};

use crate::cli::{Said, run};
use crate::common::world;

const LICENCE: &str = "PSDCZ-CNB-12345678";

/// A world with a file pair for each identity of the bank: `NAME.crt` (the chain) and `NAME.key` (PKCS#8).
pub(crate) async fn identities() -> World {
    let world = world().await;
    for (name, identity) in world.bank.identities(LICENCE).unwrap() {
        write(&world.folder, &format!("{name}.crt"), &identity.cert_pem);
        write(&world.folder, &format!("{name}.key"), &identity.key_pem);
    }
    write(&world.folder, "pass", "correct horse\n");
    write(&world.folder, "wrong", "battery staple\n");
    world
}

pub(crate) fn write(folder: &Path, name: &str, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let file = folder.join(name);
    std::fs::write(&file, text).unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
}

pub(crate) fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

/// Runs `openssl` in a folder; the arguments are parted by blanks.
pub(crate) fn openssl(folder: &Path, arguments: &str) {
    let arguments = arguments.split_whitespace();
    let done = std::process::Command::new("openssl").args(arguments).current_dir(folder).output();
    let done = done.unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// The files of `all`, in every form that is read.
pub(crate) fn every_form(folder: &Path) {
    for line in [
        "x509 -in all.crt -outform DER -out all.cer",
        "pkcs8 -topk8 -nocrypt -in all.key -outform DER -out all-key.der",
        "pkcs8 -topk8 -v2 aes-256-cbc -passout file:pass -in all.key -out all.pk8",
        "pkcs8 -topk8 -v2 des3 -v2prf hmacWithSHA1 -passout file:pass -in all.key -out all-des3.pk8",
        "pkcs8 -topk8 -scrypt -passout file:pass -in all.key -outform DER -out all-scrypt.pk8",
        "pkey -traditional -in all.key -out all-sec1.key",
        "pkey -traditional -in all.key -outform DER -out all-sec1.der",
        "ec -aes256 -passout file:pass -in all.key -out all-old.key",
        "pkcs8 -topk8 -v1 PBE-SHA1-3DES -passout file:pass -in all.key -out all-v1.pk8",
        "pkcs12 -export -in all.crt -inkey all.key -passout file:pass -out all.p12",
        "pkcs12 -export -legacy -in all.crt -inkey all.key -passout file:pass -out all-legacy.pfx",
        "crl2pkcs7 -nocrl -certfile all.crt -out all.p7b",
    ] {
        openssl(folder, line);
    }
}

pub(crate) fn words(said: &Said, field: &str) -> Value {
    said.json()[field].clone()
}

/// K46: everything that a certificate says, as programs read it.
#[tokio::test]
async fn a_certificate_is_told_field_by_field() {
    let world = identities().await;
    let arguments = ["cert", "inspect", "all.crt", "--key", "all.key", "--json"];
    let said = run(&world.folder, &arguments).await;
    let mut told = said.json();
    assert_eq!(said.code, 0, "{}", said.err);
    let serial = told["serial"].take();
    assert_eq!(told["sha256"].take().as_str().unwrap().len(), 64);
    assert!(serial.as_str().unwrap().len() > 8 && told["valid"]["from"].take().is_string());
    let until = told["valid"]["until"].take();
    assert!([729, 730].contains(&told["valid"]["days_left"].take().as_i64().unwrap()));
    assert_eq!(told["chain"]["links"][0]["until"].take(), until);
    assert!(told["chain"]["links"][1]["until"].take().as_str().unwrap() > until.as_str().unwrap());
    let (subject, issuer) = (told["subject"].take(), "CN=Czech Test Bank TPP CA");
    for part in ["O=Ukázková aplikace s.r.o.", "CN=tpp.example", "C=CZ", LICENCE] {
        assert!(subject.as_str().unwrap().contains(part), "{subject}");
    }
    let (issuing, root) = (
        format!("{issuer}, O=Czech Test Bank, C=CZ"),
        "CN=Czech Test Bank Root CA, O=Czech Test Bank, C=CZ",
    );
    let role = |role: &str, meaning: &str| json!({ "role": role, "meaning": meaning });
    let expected = json!({
        "file": "all.crt",
        "format": "pem",
        "subject": null,
        "organization_identifier": {
            "text": LICENCE,
            "scheme": "PSD", "country": "CZ", "authority": "CNB", "number": "12345678",
        },
        "issuer": issuing,
        "serial": null,
        "sha256": null,
        "qualified": { "compliant": true, "types": ["web"] },
        "psd2": {
            "roles": [role("PSP_PI", "payment initiation"), role("PSP_AI", "account information")],
            "authority": { "name": "Czech National Bank", "id": "CZ-CNB" },
        },
        "scopes": ["pisp", "aisp"],
        "valid": { "from": null, "until": null, "days_left": null },
        "chain": {
            "links": [
                { "subject": subject, "issuer": issuing, "until": null, "signed_by_next": true },
                { "subject": issuing, "issuer": root, "until": null, "signed_by_next": null },
            ],
            "in_order": true,
            "complete": true,
        },
        "key_usage": ["digitalSignature"],
        "extended_key_usage": ["clientAuth", "serverAuth"],
        "client_authentication": true,
        "key": { "algorithm": "EC P-256", "bits": 256 },
        "matches_key": true,
        "findings": [],
    });
    assert_eq!(told, expected);
}

/// K46: the same certificate reads the same from every form of file, and its key is found to belong to it.
#[tokio::test]
async fn every_form_is_read() {
    let world = identities().await;
    every_form(&world.folder);
    for (file, key, format, links) in [
        ("all.crt", "all.key", "pem", 2),
        ("all.crt", "all-key.der", "pem", 2),
        ("all.crt", "all.pk8", "pem", 2),
        ("all.crt", "all-des3.pk8", "pem", 2),
        ("all.crt", "all-scrypt.pk8", "pem", 2),
        ("all.crt", "all-sec1.key", "pem", 2),
        ("all.crt", "all-sec1.der", "pem", 2),
        ("all.cer", "all.key", "der", 1),
        ("all.p12", "", "pkcs12", 2),
        ("all-legacy.pfx", "", "pkcs12", 2),
        ("all-legacy.pfx", "all.p12", "pkcs12", 2),
    ] {
        let mut arguments = vec!["--json", "cert", "inspect", file, "--passphrase-file", "pass"];
        arguments.extend((!key.is_empty()).then_some(["--key", key]).iter().flatten());
        let said = run(&world.folder, &arguments).await;
        let told = said.json();
        assert_eq!(told["format"], format, "{file} {key}: {told}");
        assert_eq!(told["matches_key"], true, "{file} {key}: {told}");
        assert_eq!(told["scopes"], json!(["pisp", "aisp"]), "{file} {key}");
        let chain = &told["chain"];
        assert_eq!(chain["links"].as_array().unwrap().len(), links, "{file} {key}");
        let whole = links == 2;
        assert_eq!(chain["complete"], whole, "{file} {key}");
        let findings = if whole { json!([]) } else { json!(["chain_incomplete"]) };
        assert_eq!(
            (&told["findings"], said.code),
            (&findings, if whole { 0 } else { 3 }),
            "{file}"
        );
    }
}

/// K46: each reason that keeps the broker from using a certificate has its word, and its sentence for people.
#[tokio::test]
async fn each_reason_has_its_word() {
    let world = identities().await;
    let folder = &world.folder;
    let chain = read(folder, "all.crt");
    let second = chain.rfind("-----BEGIN").unwrap();
    write(folder, "turned.crt", &format!("{}{}", &chain[second..], &chain[..second]));
    write(folder, "mixed.crt", &format!("{chain}{}", world.bank.pki().ca_pem()));
    write(folder, "strange.crt", &format!("{}{}", &chain[..second], read(folder, "untrusted.crt")));
    seal(folder);
    for (file, key, words, scopes) in [
        ("aisp.crt", "aisp.key", json!([]), json!(["aisp"])),
        ("pisp.crt", "pisp.key", json!([]), json!(["pisp"])),
        ("ic.crt", "ic.key", json!([]), json!(["cisp"])),
        ("mixed.crt", "all.key", json!([]), json!(["pisp", "aisp"])),
        ("as.crt", "as.key", json!(["no_scope"]), json!([])),
        ("no-psd.crt", "no-psd.key", json!(["no_psd2"]), json!([])),
        ("expired.crt", "expired.key", json!(["expired"]), json!(["pisp", "aisp"])),
        (
            "not-yet-valid.crt",
            "not-yet-valid.key",
            json!(["not_yet_valid"]),
            json!(["pisp", "aisp"]),
        ),
        ("all.crt", "aisp.key", json!(["key_mismatch"]), json!(["pisp", "aisp"])),
        ("turned.crt", "all.key", json!(["chain_order"]), json!(["pisp", "aisp"])),
        (
            "strange.crt",
            "all.key",
            json!(["chain_order", "chain_incomplete"]),
            json!(["pisp", "aisp"]),
        ),
        ("seal.crt", "seal.key", json!(["seal"]), json!(["aisp"])),
    ] {
        let arguments = ["cert", "inspect", file, "--key", key];
        let said = run(folder, &[&arguments[..], &["--json"]].concat()).await;
        let told = said.json();
        assert_eq!((&told["findings"], &told["scopes"]), (&words, &scopes), "{file}");
        let good = words == json!([]);
        assert_eq!(said.code, if good { 0 } else { 3 }, "{file}");
        let people = run(folder, &arguments).await;
        assert_eq!((people.code, people.out.contains("can use it")), (said.code, good), "{file}");
    }
    let seal = run(folder, &["cert", "inspect", "seal.crt", "--json"]).await;
    let told = (words(&seal, "qualified"), words(&seal, "matches_key"), words(&seal, "key"));
    let expected = json!({ "compliant": false, "types": ["eseal"] });
    assert_eq!(told, (expected, json!(null), json!({ "algorithm": "RSA", "bits": 3072 })));
    let people = run(folder, &["cert", "inspect", "pisp.crt"]).await.out;
    for part in
        ["payment initiation (PSP_PI)", "Czech National Bank (CZ-CNB)", " days left)", "web"]
    {
        assert!(people.contains(part), "{people}");
    }
}

/// A self-signed QSEAL, as `openssl` makes one.
fn seal(folder: &Path) {
    let settings = format!(
        "[req]\ndistinguished_name = dn\nprompt = no\nx509_extensions = ext\nstring_mask = utf8only\n\
         [dn]\nC = CZ\nO = Seal s.r.o.\norganizationIdentifier = {LICENCE}\n\
         [ext]\nkeyUsage = nonRepudiation\nbasicConstraints = CA:FALSE\n\
         1.3.6.1.5.5.7.1.3 = ASN1:SEQUENCE:statements\n\
         [statements]\na = SEQUENCE:strange\nb = SEQUENCE:type\nc = SEQUENCE:psd2\n\
         [strange]\na = OID:1.2.3.4\nb = INTEGER:1\nc = INTEGER:2\n\
         [type]\na = OID:0.4.0.1862.1.6\nb = SEQUENCE:kinds\n\
         [kinds]\na = OID:0.4.0.1862.1.6.2\n\
         [psd2]\na = OID:0.4.0.19495.2\nb = SEQUENCE:info\n\
         [info]\na = SEQUENCE:roles\nb = UTF8:CNB\nc = UTF8:CZ-CNB\n\
         [roles]\na = SEQUENCE:ai\nb = SEQUENCE:new\n\
         [ai]\na = OID:0.4.0.19495.1.3\nb = UTF8:PSP_XX\n\
         [new]\na = OID:0.4.0.19495.1.9\nb = UTF8:PSP_AI\n"
    );
    write(folder, "seal.cnf", &settings);
    openssl(
        folder,
        "req -x509 -newkey rsa:3072 -nodes -keyout seal.key -out seal.crt -days 9 -config seal.cnf",
    );
}

/// What cannot be read is told with the fix; no passphrase is ever in an answer.
#[tokio::test]
async fn what_cannot_be_read_says_how_it_can() {
    let world = identities().await;
    let folder = &world.folder;
    every_form(folder);
    write(folder, "half.crt", &read(folder, "all.crt")[..400]);
    write(folder, "garbage", "neither one nor the other");
    write(folder, "bent.crt", &read(folder, "all.crt").replacen("MII", "MIX", 1));
    std::fs::write(folder.join("noise"), [0x30, 0x82, 0xff, 0xff, 0]).unwrap();
    std::fs::write(folder.join("open"), "correct horse").unwrap();
    for (file, key, pass, says) in [
        ("all.p12", "", "", "no passphrase was given; fix: write the passphrase into a file"),
        ("all.p12", "", "wrong", "all.p12: does not open with this passphrase"),
        ("all-legacy.pfx", "", "wrong", "does not open with this passphrase"),
        ("all.crt", "all.pk8", "wrong", "all.pk8: does not open with this passphrase"),
        ("all.crt", "all.pk8", "", "no passphrase was given"),
        (
            "all.crt",
            "all-old.key",
            "pass",
            "openssl pkcs8 -topk8 -v2 aes-256-cbc -in all-old.key -out all-old.key.pk8",
        ),
        ("all.crt", "all-v1.pk8", "pass", "-in all-v1.pk8 -out all-v1.pk8.pk8"),
        ("all.p7b", "", "", "openssl pkcs7 -print_certs -in all.p7b -out all.p7b.crt"),
        ("half.crt", "", "", "its CERTIFICATE is damaged"),
        ("bent.crt", "", "", "its CERTIFICATE is damaged"),
        ("garbage", "", "", "is no certificate, key or key store"),
        ("noise", "", "", "is no certificate, key or key store"),
        ("all.key", "", "", "all.key: holds no certificate"),
        ("all.crt", "aisp.crt", "", "--key aisp.crt: holds no private key"),
        ("absent", "", "", "absent: cannot be read (entity not found)"),
        ("all.crt", "", "absent", "--passphrase-file: absent cannot be read"),
        ("all.p12", "", "open", "can be read by every user of this machine; fix: chmod 600 open"),
    ] {
        let mut arguments = vec!["cert", "inspect", file, "--json"];
        for (option, value) in [("--key", key), ("--passphrase-file", pass)] {
            arguments.extend((!value.is_empty()).then_some([option, value]).iter().flatten());
        }
        let said = run(folder, &arguments).await;
        assert_eq!((said.code, &words(&said, "error")), (1, &json!("failed")), "{file} {key}");
        assert!(said.err.contains(says), "{file} {key}: {}", said.err);
        for secret in ["correct horse", "battery staple"] {
            assert!(!said.err.contains(secret) && !said.out.contains(secret), "{file} {key}");
        }
    }
}
