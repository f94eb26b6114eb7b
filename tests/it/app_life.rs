//! `bankconnect app`, an application from its registration to its end: with the program, its files, a broker and
//! a person (bank-api section 4).

use std::os::unix::fs::PermissionsExt as _;

use bank_sim::{CertificateRequest, Knob, Role};
use demo::{Options, World};
use serde_json::{Value, json};

use crate::cli::{self, Said, change};
use crate::common::{accounts, connected, our_request, start, stepped, world};

const REGISTERED: &str = "0f4e2c1a-6d0b-4d86-9a55-2f1c7f2f9a10";

/// As an operator has it before anything is registered: no client id, no secret, two names of files.
pub(crate) fn unregistered(world: &World) {
    let line = format!("client_id = \"{REGISTERED}\"\n");
    change(world, &line, "client_id_file = \"cnb.client-id\"\n");
    change(world, "\"cnb.secret\"", "\"cnb.client-secret\"");
}

/// A run of `bankconnect app`.
pub(crate) async fn app(world: &World, command: &str, more: &[&str]) -> Said {
    cli::run(&world.folder, &[&["app", command, "--provider", "cnb"], more].concat()).await
}

/// What a file of the broker's folder holds.
pub(crate) fn held(world: &World, file: &str) -> String {
    std::fs::read_to_string(world.folder.join(file)).unwrap()
}

/// Calls of the registration so far.
pub(crate) fn calls(world: &World) -> Vec<String> {
    let requests = world.bank.requests().into_iter();
    let ours = requests.filter(|request| request.path().contains("/applications"));
    ours.map(|request| format!("{} {}", request.method, request.path())).collect()
}

/// What `doctor` says of client id and secret.
async fn doctor(world: &World) -> String {
    let said = cli::run(&world.folder, &["doctor", "--provider", "cnb"]).await;
    let client =
        said.out.lines().find(|line| line.contains("client:") || line.contains(" client "));
    client.unwrap_or_else(|| panic!("{}", said.out)).to_owned()
}

/// A registration, a login by it, a change, a new secret, the end; the secret is nowhere but in its file.
#[tokio::test]
async fn an_application_lives_from_registration_to_removal() {
    let mut world = world().await;
    unregistered(&world);
    let mut all = String::new();
    let mut keep = |said: Said| {
        assert_eq!(said.code, 0, "{}{}", said.out, said.err);
        all.push_str(&said.out);
        all.push_str(&said.err);
        said
    };
    let said = keep(app(&world, "register", &["--name", "Nová aplikace"]).await);
    let (id, first) = (held(&world, "cnb.client-id"), held(&world, "cnb.client-secret"));
    let (id, first) = (id.trim_end(), first.trim_end());
    assert!(said.out.contains(&format!("registered {id}")), "{}", said.out);
    assert!(said.out.contains("does not expire") && said.err.contains("asking"), "{}", said.out);
    for file in ["cnb.client-id", "cnb.client-secret"] {
        let mode = world.folder.join(file).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    let registered = world.bank.applications();
    let one = registered.iter().find(|one| one.client_id == id).unwrap();
    assert_eq!((&*one.name, &one.scopes), ("Nová aplikace", &vec!["aisp".into(), "pisp".into()]));
    assert_eq!(one.redirect_uris, ["https://app.example/callback"]);

    assert_ne!(cli::run(&world.folder, &["check"]).await.code, 1, "the configuration is whole");
    world.restart_broker().await.unwrap();
    let (browser, connection) = connected(&world).await;
    assert_eq!(accounts(&browser, &connection).await.status, 200);

    let more = ["--name-en", "New app", "--contact", "ops@tpp.example", "--json"];
    let told = keep(app(&world, "update", &more).await).json();
    assert_eq!((&told["changed"], &told["client_id"]), (&json!(true), &json!(id)));
    assert_eq!(told["before"]["contact"], Value::Null);
    assert_eq!(told["after"]["contact"], "ops@tpp.example");
    assert_eq!(told["after"]["client_name"], "Nová aplikace", "what is not named stays");
    let shown = keep(app(&world, "show", &["--json"]).await).json();
    assert_eq!(shown["client_name#en-US"], "New app");

    keep(app(&world, "renew-secret", &[]).await);
    assert!(world.bank.violations().is_empty(), "{:?}", world.bank.violations());
    let second = held(&world, "cnb.client-secret");
    let second = second.trim_end();
    assert_ne!(first, second);
    let (browser, connection) = connected(&world).await;
    assert_eq!(
        accounts(&browser, &connection).await.status,
        200,
        "the broker that ran all the time"
    );
    assert!(doctor(&world).await.contains("knows client_id and secret"));
    std::fs::write(world.folder.join("cnb.client-secret"), first).unwrap();
    assert!(doctor(&world).await.contains("refuses"), "the old one is dead");
    std::fs::write(world.folder.join("cnb.client-secret"), second).unwrap();

    let said = keep(app(&world, "remove", &["--yes"]).await);
    assert!(said.out.contains("left") && said.out.contains("cnb.client-secret"), "{}", said.out);
    assert!(world.folder.join("cnb.client-id").exists(), "files stay");
    assert!(world.bank.applications().iter().all(|one| one.client_id != id));
    assert!(app(&world, "show", &[]).await.err.contains("401 invalid_client"));
    assert!(!all.contains(first) && !all.contains(second), "{all}");
}

/// The secret is printed where somebody asks for it, and only there.
#[tokio::test]
async fn a_secret_is_shown_on_demand_only() {
    let world = world().await;
    unregistered(&world);
    let secret = || held(&world, "cnb.client-secret").trim_end().to_owned();
    let told = app(&world, "register", &["--json", "--show-secret"]).await.json();
    assert_eq!(told["client_secret"], secret());
    assert_eq!((&told["client_secret_expires_at"], &told["warnings"]), (&json!(0), &json!([])));
    let said = app(&world, "renew-secret", &["--json"]).await;
    assert!(said.json().get("client_secret").is_none() && !said.out.contains(&secret()));
    assert!(said.err.is_empty(), "{}", said.err);
    let said = app(&world, "renew-secret", &["--show-secret"]).await;
    assert!(said.out.contains(&secret()) && !said.err.contains(&secret()), "{}", said.out);
}

/// Where the client id stands in the configuration itself, a new secret needs no file for it.
#[tokio::test]
async fn a_secret_is_renewed_beside_a_written_client_id() {
    let world = world().await;
    // the world's two applications have one name, which this bank minds when one is changed
    assert_eq!(app(&world, "update", &["--name", "Jiná"]).await.code, 0);
    let before = held(&world, "cnb.secret");
    let told = app(&world, "renew-secret", &["--json"]).await.json();
    assert_eq!((&told["client_id"], &told["client_id_file"]), (&json!(REGISTERED), &Value::Null));
    assert_ne!(held(&world, "cnb.secret"), before);
    assert!(doctor(&world).await.contains("knows client_id and secret"));
}

/// Other scopes end the access tokens, which is said before; the broker renews them.
#[tokio::test]
async fn a_change_of_scopes_is_told_with_its_price() {
    let world = stepped().await;
    let (browser, connection) = connected(&world).await;
    let said = app(&world, "update", &["--scope", "aisp", "--name", "Jiná"]).await;
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(said.err.contains("end all access tokens"), "{}", said.err);
    let row = said.out.lines().find(|line| line.contains("scopes")).unwrap();
    assert!(row.contains("aisp pisp") && row.contains('→'), "{row}");
    assert_eq!(accounts(&browser, &connection).await.status, 200, "renewed");
    world.bank.clear_requests();
    let told = app(&world, "update", &["--scope", "aisp", "--json"]).await.json();
    assert_eq!(told["changed"], false);
    let gets = calls(&world);
    assert!(gets.len() == 1 && gets[0].starts_with("GET"), "{gets:?}");
    let elsewhere = ["--redirect-uri", "https://app.example/elsewhere"];
    let said = app(&world, "update", &elsewhere).await;
    assert!(said.code == 0 && said.err.contains("nobody could connect"), "{}", said.err);
}

/// Another licence sees nothing of ours, and nothing of ours changes; bank-api fact 4.5.
#[tokio::test]
async fn an_application_of_another_licence_is_out_of_reach() {
    let world = world().await;
    let request =
        CertificateRequest { licence: Some("PSDCZ-CNB-87654321".to_owned()), ..our_request() };
    let identity = world.bank.pki().issue(request);
    std::fs::write(world.folder.join("certificate.pem"), identity.cert_pem).unwrap();
    std::fs::write(world.folder.join("private-key.pem"), identity.key_pem).unwrap();
    let before = held(&world, "cnb.secret");
    for (command, more) in [
        ("show", &[][..]),
        ("update", &["--name", "Cizí"]),
        ("renew-secret", &[]),
        ("remove", &["--yes", "--delete-files"]),
    ] {
        let said = app(&world, command, more).await;
        assert_eq!(said.code, 1, "{command}: {}", said.out);
        assert!(said.err.contains("401 invalid_client"), "{command}: {}", said.err);
        assert!(said.err.contains("app list"), "{command}: {}", said.err);
    }
    assert_eq!(held(&world, "cnb.secret"), before);
    assert!(!world.folder.join("cnb.secret.renewing").exists());
    assert!(world.bank.applications().iter().any(|one| one.client_id == REGISTERED));
}

/// Nothing is removed unless somebody says so; whatever status the bank's yes has, it is one (fact 4.2).
#[tokio::test]
async fn a_removal_is_confirmed() {
    for status in [200, 201, 204] {
        let world = world().await;
        unregistered(&world);
        assert_eq!(app(&world, "register", &[]).await.code, 0);
        world.bank.update_knobs(|knobs| knobs.registration_delete_status = Knob::always(status));
        world.bank.clear_requests();
        for more in [&[][..], &["--json"]] {
            let said = app(&world, "remove", more).await;
            assert!(said.code == 2 && said.err.contains("--yes"), "{}", said.err);
        }
        assert!(calls(&world).is_empty());
        let id = held(&world, "cnb.client-id").trim_end().to_owned();
        let other = app(&world, "remove", &[REGISTERED, "--yes", "--delete-files", "--json"]).await;
        assert_eq!(
            other.json(),
            json!({
                "client_id": REGISTERED, "deleted_files": [], "left_files": []
            })
        );
        let told = app(&world, "remove", &["--yes", "--delete-files", "--json"]).await.json();
        assert_eq!(told["client_id"], id);
        assert_eq!(
            (told["deleted_files"].as_array().unwrap().len(), &told["left_files"]),
            (2, &json!([]))
        );
        assert!(!world.folder.join("cnb.client-id").exists());
        assert!(!world.folder.join("cnb.client-secret").exists());
    }
}

/// ČNB has the same paths below 5.0 (fact 1.5), which the rest of the broker speaks as well.
#[tokio::test]
async fn applications_are_registered_below_5_0_too() {
    let world = world().await;
    unregistered(&world);
    change(&world, "[providers.cnb]\n", "[providers.cnb]\ncobs_version = \"5.0\"\n");
    assert_eq!(app(&world, "register", &[]).await.code, 0);
    assert_eq!(calls(&world), ["POST /psd2-cobs/cobs/5.0/applications"]);
    change(&world, "\"5.0\"", "\"7.0\"");
    let said = app(&world, "list", &[]).await;
    assert!(said.code == 1 && said.err.contains("2.0 and 5.0"), "{}", said.err);
}

/// A certificate that the bank does not take is told as `doctor` tells it.
#[tokio::test]
async fn trouble_with_a_certificate_has_its_name() {
    let world = world().await;
    let request = || CertificateRequest { roles: vec![Role::AccountInformation], ..our_request() };
    let pki = world.bank.pki();
    for (identity, trouble, remedy) in [
        (pki.issue_expired(request()), "certificate_expired", "put a new certificate"),
        (pki.issue_untrusted(request()), "certificate_unknown_authority", "whole chain"),
    ] {
        std::fs::write(world.folder.join("certificate.pem"), identity.cert_pem).unwrap();
        std::fs::write(world.folder.join("private-key.pem"), identity.key_pem).unwrap();
        let said = app(&world, "renew-secret", &["--json"]).await;
        assert_eq!((said.code, &said.json()["error"]), (1, &json!(trouble)), "{}", said.err);
        assert!(said.err.contains(remedy), "{}", said.err);
    }
    let world = start(Options { mutual_tls: false, ..Options::default() }).await;
    let said = app(&world, "list", &["--json"]).await;
    assert_eq!(said.json()["error"], "unauthorized_client", "{}", said.err);
}
