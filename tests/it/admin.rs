//! The private door itself: who comes in, what is there, where it listens.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use bank_sim::{CertificateRequest, Identity, Role};
use broker::Broker;
use broker::ambient::Ambient;
use broker::config::Config;
use broker::serve::{Handle, Listener};
use demo::{ADMIN_KEY, Options, World};
use reqwest::{Method, StatusCode};

use crate::common::{connected, problem, start};

async fn world() -> World {
    let admin_settings = Some("address = \"127.0.0.1:0\"".to_owned());
    start(Options { admin_settings, ..Options::default() }).await
}

/// K44: a key opens, as long as it stands in the file; a session or a page's header opens nothing.
#[tokio::test]
async fn only_a_key_opens() {
    let mut world = world().await;
    let second = "0123456789abcdef0123456789abcdef";
    let keys = format!("{ADMIN_KEY}\n{second}\n");
    std::fs::write(world.folder.join("admin.key"), keys).unwrap();
    world.restart_broker().await.unwrap();
    let (browser, id) = connected(&world).await;
    let client = demo::world::http_client(&world.bank);
    let url = format!("http://{}/connections/{id}", world.admin().unwrap());
    let ask = || client.get(&url);
    for wrong in [
        ask(),
        ask().bearer_auth(""),
        ask().bearer_auth(&ADMIN_KEY[1..]),
        ask().bearer_auth(format!("{ADMIN_KEY}\n").trim_end().to_uppercase()),
        ask().basic_auth("admin", Some(ADMIN_KEY)),
        ask().header("cookie", browser.cookie_header().unwrap()).header("x-bankconnect", "1"),
    ] {
        problem(&browser.send(wrong).await.unwrap(), 401, "refused");
    }
    for right in [ADMIN_KEY, second] {
        let answer = browser.send(ask().bearer_auth(right)).await.unwrap();
        assert_eq!(answer.status, 200);
        assert!(answer.headers.get("set-cookie").is_none());
        assert!(answer.headers.get("access-control-allow-origin").is_none());
    }
    let public = format!("http://{}/bank/connections/{id}", world.address);
    let answer = browser.send(client.get(public).bearer_auth(ADMIN_KEY)).await.unwrap();
    problem(&answer, 403, "refused");
}

/// The served description is the truth: every documented call answers, nothing else does.
#[tokio::test]
async fn exactly_the_documented_calls_answer() {
    let world = world().await;
    let (browser, client) = (world.browser(), demo::world::http_client(&world.bank));
    let base = format!("http://{}", world.admin().unwrap());
    let request = |method: Method, path: &str| {
        client.request(method, format!("{base}{path}")).bearer_auth(ADMIN_KEY)
    };
    let document = browser.send(request(Method::GET, "/openapi.json")).await.unwrap().json();
    let paths: BTreeSet<_> = document["paths"].as_object().unwrap().keys().cloned().collect();
    let mut routed: BTreeSet<_> = broker::routes::ROUTES
        .iter()
        .filter(|route| route.is_account_information())
        .map(|route| route.template.replace("{id}", "{account}"))
        .map(|template| format!("/connections/{{id}}/api{template}"))
        .collect();
    let others = ["", "/{id}", "/{id}/subject"].map(|path| format!("/connections{path}"));
    routed.extend(others);
    let others = ["/receipts", "/findings", "/metrics", "/openapi.json"];
    routed.extend(others.map(str::to_owned));
    routed.extend(["/incidents/end", "/incidents/freeze"].map(str::to_owned));
    assert_eq!(paths, routed);
    for path in paths {
        let mut target = path.replace("{id}", "nobody").replace("{account}", "acc-1");
        if path == "/connections" {
            target.push_str("?subject=nobody");
        }
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            let answer = browser.send(request(method.clone(), &target)).await.unwrap();
            let name = method.as_str().to_lowercase();
            let told = match (document["paths"][&path].get(&name), path.contains("{id}")) {
                (None, _) => StatusCode::METHOD_NOT_ALLOWED,
                (Some(call), _) if call.get("requestBody").is_some() => StatusCode::BAD_REQUEST,
                (Some(_), true) => StatusCode::NOT_FOUND, // of this connection
                (Some(_), false) => StatusCode::OK,
            };
            assert_eq!(answer.status, told, "{method} {path}");
        }
    }
    for path in ["/", "/providers", "/bank/providers", "/authorizations"] {
        problem(&browser.send(request(Method::GET, path)).await.unwrap(), 404, "not_found");
    }
    assert!(world.bank.requests().is_empty());
}

/// K46: an alarm can be hung on the end of our certificate, and on what the bank has against us.
#[tokio::test]
async fn the_condition_of_banks_is_measured() {
    let world = world().await;
    let client = demo::world::http_client(&world.bank);
    let (browser, id) = connected(&world).await;
    let url = format!("http://{}/metrics", world.admin().unwrap());
    let metrics = async || {
        let answer = browser.send(client.get(&url).bearer_auth(ADMIN_KEY)).await.unwrap();
        assert_eq!(answer.headers["content-type"], "text/plain; version=0.0.4");
        answer.text
    };
    let value = |text: &str, name: &str| {
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name}{{provider=\"cnb\"}} ")));
        line.unwrap_or_else(|| panic!("{name}: {text}")).parse::<i64>().unwrap()
    };
    let text = metrics().await;
    assert_eq!(value(&text, "bankconnect_bank_trouble"), 0);
    assert_eq!(value(&text, "bankconnect_certificate_files_refused"), 0);
    assert!(value(&text, "bankconnect_bank_clock_skew_seconds").abs() < 3600);
    let ends_at = crate::common::health(&world, "cnb").await["certificate_ends_at"].clone();
    let ends_at: jiff::Timestamp = ends_at.as_str().unwrap().parse().unwrap();
    for name in ["end", "covered_until"] {
        let told = value(&text, &format!("bankconnect_certificate_{name}_timestamp_seconds"));
        assert_eq!(told, ends_at.as_second(), "there is no other");
    }
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        assert!(line.starts_with("bankconnect_") && !line.contains(&id), "{line}");
    }
    world.bank.update_knobs(|knobs| knobs.client_auth = bank_sim::ClientAuth::Post.into());
    let attempt = browser.start("cnb", "aisp").await.unwrap();
    let landing = browser.consent(&attempt).await.unwrap();
    problem(&browser.finish(&attempt, &landing).await.unwrap(), 502, "bank_unavailable");
    assert_eq!(value(&metrics().await, "bankconnect_bank_trouble"), 1);
}

/// What is wrong with `[admin]` is told by its key; in clear it listens on this machine only.
#[tokio::test]
async fn a_door_that_stands_open_is_refused() {
    let world = world().await;
    let file = world.folder.join("bankconnect.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let all = "api_key_file = \"admin.key\"\naddress = \"127.0.0.1:0\"";
    assert!(text.contains(all));
    write_private(&world.folder.join("short.key"), "0123456789abcdef");
    write_private(&world.folder.join("spaces.key"), &"a b ".repeat(20));
    std::fs::write(world.folder.join("open.key"), ADMIN_KEY).unwrap();
    for (written, key) in [
        ("address = \"127.0.0.1:0\"", "admin.api_key_file"),
        ("api_key_file = \"short.key\"", "admin.api_key_file"),
        ("api_key_file = \"spaces.key\"", "admin.api_key_file"),
        ("api_key_file = \"open.key\"", "admin.api_key_file"),
        ("api_key_file = \"admin.key\"\naddress = \"localhost\"", "admin.address"),
        ("api_key_file = \"admin.key\"\naddress = \"0.0.0.0:0\"", "admin.address"),
        ("api_key_file = \"admin.key\"\naddress = \"192.0.2.1:1\"", "admin.address"),
        (
            "api_key_file = \"admin.key\"\ntls = { certificate_file = \"certificate.pem\", \
             private_key_file = \"private-key.pem\" }",
            "admin.client_ca_file",
        ),
        ("api_key_file = \"admin.key\"\nclient_ca_file = \"bank-ca.pem\"", "admin.client_ca_file"),
    ] {
        let text = text.replacen(all, written, 1);
        let Err(invalid) = Config::parse(&file, &text, std::iter::empty()) else {
            panic!("accepted: {written}")
        };
        let keys: Vec<_> = invalid.findings.iter().map(|finding| &*finding.key).collect();
        assert_eq!(keys, [key], "{written}");
    }
}

/// With `admin.tls` nobody without a certificate of its authority gets as far as the key.
#[tokio::test]
async fn other_machines_show_a_certificate() {
    let world = world().await;
    let pki = world.bank.pki();
    write_identity(&world.folder, "server", &issue(&world, "broker.example"));
    let file = world.folder.join("bankconnect.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let tls = "tls = { certificate_file = \"server.pem\", private_key_file = \"server.key\" }\n\
               client_ca_file = \"bank-ca.pem\"";
    let text =
        text.replacen("address = \"127.0.0.1:0\"", tls, 1).replace("bankconnect.db", "door.db");
    let mut config = Config::parse(&file, &text, std::iter::empty()).unwrap();
    let admin = config.admin.take().unwrap();
    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let door = Listener::bind(any, admin.tls.clone()).unwrap();
    let address = door.address().unwrap();
    let (broker, _router) = Broker::start(config, Ambient::system()).await.unwrap();
    let handle = Handle::new();
    let router = broker::admin::router(&broker, admin.keys);
    let serving = tokio::spawn(door.serve(router, handle.clone()));

    let url = format!("https://broker.example:{}/openapi.json", address.port());
    let authority = reqwest::Certificate::from_pem(pki.ca_pem().as_bytes()).unwrap();
    let client = |identity: Option<Identity>| {
        let mut builder = reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([authority.clone()])
            .resolve("broker.example", address);
        if let Some(Identity { cert_pem, key_pem, .. }) = identity {
            let both = format!("{cert_pem}{key_pem}");
            builder = builder.identity(reqwest::Identity::from_pem(both.as_bytes()).unwrap());
        }
        builder.build().unwrap()
    };
    assert!(client(None).get(&url).bearer_auth(ADMIN_KEY).send().await.is_err());
    let known = client(Some(issue(&world, "backend.example")));
    assert_eq!(known.get(&url).send().await.unwrap().status(), 401, "and the key too");
    let answer = known.get(&url).bearer_auth(ADMIN_KEY).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let stranger = client(Some(pki.issue_untrusted(request("backend.example"))));
    assert!(stranger.get(&url).bearer_auth(ADMIN_KEY).send().await.is_err());
    handle.shutdown();
    serving.await.unwrap().unwrap();
}

fn request(name: &str) -> CertificateRequest {
    CertificateRequest {
        roles: vec![Role::AccountInformation],
        licence: None,
        organisation: "Backend".to_owned(),
        common_name: name.to_owned(),
        ..CertificateRequest::default()
    }
}

fn issue(world: &World, name: &str) -> Identity {
    world.bank.pki().issue(request(name))
}

fn write_identity(folder: &Path, name: &str, identity: &Identity) {
    std::fs::write(folder.join(format!("{name}.pem")), &identity.cert_pem).unwrap();
    write_private(&folder.join(format!("{name}.key")), &identity.key_pem);
}

fn write_private(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}
