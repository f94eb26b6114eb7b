//! The broker serving TLS itself, without a proxy in front.

use std::net::SocketAddr;

use bank_sim::{CertificateRequest, Role};
use broker::Broker;
use broker::ambient::Ambient;
use broker::config::Config;
use broker::serve::{Handle, Listener};
use demo::{Options, World};

/// K50, K36: TLS of its own, HTTP/2 where the client can, the same answers and headers.
#[tokio::test]
async fn the_broker_serves_tls_itself() {
    let world = World::start(Options::default()).await.unwrap();
    let identity = world.bank.pki().issue(CertificateRequest {
        roles: vec![Role::AccountInformation],
        licence: None,
        organisation: "Broker".to_owned(),
        common_name: "broker.example".to_owned(),
        ..CertificateRequest::default()
    });
    std::fs::write(world.folder.join("server.pem"), &identity.cert_pem).unwrap();
    std::fs::write(world.folder.join("server.key"), &identity.key_pem).unwrap();
    let file = world.folder.join("bankconnect.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let tls =
        "[listen]\ntls = { certificate_file = \"server.pem\", private_key_file = \"server.key\" }";
    let text = text.replacen("[listen]", tls, 1).replace("bankconnect.db", "own-tls.db");

    let open = Config::parse(&file, &text, std::iter::empty());
    assert!(open.is_err(), "a key that everybody can read is refused");
    make_private(&world.folder.join("server.key"));
    let config = Config::parse(&file, &text, std::iter::empty()).unwrap();

    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    let listener = Listener::bind(any, config.listen.tls.clone()).unwrap();
    let address = listener.address().unwrap();
    let (_broker, router) = Broker::start(config, Ambient::system()).await.unwrap();
    let handle = Handle::new();
    let serving = tokio::spawn(listener.serve(router, handle.clone()));

    let authority = reqwest::Certificate::from_pem(world.bank.pki().ca_pem().as_bytes()).unwrap();
    let client = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([authority])
        .resolve("broker.example", address)
        .build()
        .unwrap();
    let url = format!("https://broker.example:{}/bank/health/ready", address.port());
    let answer = client.get(&url).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.version(), reqwest::Version::HTTP_2);
    assert!(answer.headers().contains_key("strict-transport-security"));
    drop(client);
    handle.shutdown();
    serving.await.unwrap().unwrap();
}

fn make_private(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}
