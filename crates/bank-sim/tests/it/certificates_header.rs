//! A proxy in front of the bank that terminates TLS: bank-api facts 6.3 and 6.4.

use bank_sim::{CertificateSource, Identity, Role};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::world::{Answer, CLIENT, LICENCE, SECRET, World, basic, certificate, form};

async fn behind_a_proxy() -> World {
    World::with(|options| options.client_certificate = CertificateSource::ProxyHeader).await
}

/// The leaf as nginx, Apache and a plain proxy write it.
fn forms(identity: &Identity) -> [String; 4] {
    let end = "-----END CERTIFICATE-----\n";
    let pem = format!("{}{end}", identity.cert_pem.split_once(end).unwrap().0);
    let encoded = pem.bytes().map(|byte| match byte {
        byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    });
    [encoded.collect(), pem.replace('\n', " "), pem.replace('\n', ""), pem.replace('\n', "\t")]
}

async fn ask(world: &World, base: &str, token: &str, headers: &[(&str, &str)]) -> Answer {
    let tpp = world.without_certificate();
    let mut request = tpp
        .get(format!("{base}/psd2-cobs/cobs/2.0/my/accounts"))
        .header("content-type", "application/json")
        .header("x-request-id", crate::world::request_id())
        .header("date", crate::world::http_date(world.clock.now()))
        .header("user-involved", "true")
        .header("tpp-name", "Ukazka")
        .bearer_auth(token);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Answer::read(request.send().await.unwrap()).await
}

#[tokio::test]
async fn the_proxys_certificate_counts_in_every_form() {
    let world = behind_a_proxy().await;
    let identity =
        world.bank.pki().issue(certificate(vec![Role::AccountInformation], Some(LICENCE)));
    let code = world.code("jana", "aisp").await;
    let token = world
        .without_certificate()
        .post(world.tls("/powerauth-webflow/oauth/token"))
        .header("authorization", basic(CLIENT, SECRET))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-client-certificate", &forms(&identity)[0])
        .body(form(&[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", crate::world::CALLBACK),
            ("code_verifier", "verifier-verifier-verifier-verifier-verifier-00"),
        ]));
    let token = Answer::read(token.send().await.unwrap()).await.json();
    let token = token["access_token"].as_str().unwrap();
    world.bank.clear_requests();
    for base in [world.tls(""), world.bank.front_url()] {
        for form in forms(&identity) {
            let answer = ask(&world, &base, token, &[("x-client-certificate", &form)]).await;
            assert_eq!(answer.status, 200, "{form} {answer:?}");
            let peer = world.bank.requests().pop().unwrap().peer.unwrap();
            assert_eq!(peer.licence.as_deref(), Some(LICENCE));
        }
    }
    assert_eq!(world.bank.violations(), [""; 0]);
}

#[tokio::test]
async fn what_the_proxy_checks_the_bank_does_not() {
    let world = behind_a_proxy().await;
    for name in ["expired", "not-yet-valid", "untrusted", "revoked"] {
        let identities = world.bank.identities(LICENCE).unwrap();
        let (_, identity) = identities.into_iter().find(|(known, _)| *known == name).unwrap();
        let header = &forms(&identity)[1];
        let answer = ask(&world, &world.tls(""), "x", &[("x-client-certificate", header)]).await;
        // the certificate passed, the token did not
        assert_eq!(answer.error().0, 401, "{name}");
        assert!(answer.text.contains("access token unknown"), "{name} {answer:?}");
    }
}

#[tokio::test]
async fn a_broken_header_proves_nothing() {
    let world = behind_a_proxy().await;
    let identity =
        world.bank.pki().issue(certificate(vec![Role::AccountInformation], Some(LICENCE)));
    let [encoded, spaced, ..] = forms(&identity);
    let missing = "client certificate missing";
    let broken = [
        "certificate-all".to_owned(),
        String::new(),
        encoded.replace("%20", "+"),
        spaced[..spaced.len() / 2].to_owned(),
        spaced.replacen("MII", "MI!", 1),
        format!(
            "-----BEGIN CERTIFICATE-----{}-----END CERTIFICATE-----",
            STANDARD.encode("no certificate")
        ),
    ];
    for (at, header) in broken.iter().enumerate() {
        let answer = ask(&world, &world.tls(""), "x", &[("x-client-certificate", header)]).await;
        assert_eq!(answer.error().1, "UNAUTHORISED", "{header}");
        assert!(answer.text.contains(missing), "{header} {answer:?}");
        let noted = world.bank.violations();
        let unread = noted.iter().filter(|what| what.ends_with("that cannot be read"));
        assert_eq!(unread.count(), at + 1, "{noted:?}");
    }
    let twice = [("x-client-certificate", &*spaced), ("x-client-certificate", &*spaced)];
    assert!(ask(&world, &world.tls(""), "x", &twice).await.text.contains(missing));
    assert!(ask(&world, &world.tls(""), "x", &[]).await.text.contains(missing));
    let spelt = [("x_client_certificate", &*spaced)];
    assert_eq!(ask(&world, &world.tls(""), "x", &spelt).await.error().0, 400);
}

#[tokio::test]
async fn a_relayed_call_is_not_blamed_for_the_proxys_plain_connection() {
    let world = behind_a_proxy().await;
    assert_eq!(ask(&world, &world.bank.front_url(), "x", &[]).await.error().0, 401);
    let noted = world.bank.violations();
    assert!(!noted.iter().any(|what| what.contains("without TLS")), "{noted:?}");
}
