//! Client certificates: what they say, when the handshake refuses them and how it says so, and the
//! revocation list (bank-api fact 6, RFC 5280).

use std::time::{Duration, SystemTime};

use bank_sim::{Clock, Identity, Role};
use der::Decode;
use der::asn1::ObjectIdentifier;
use der::oid::AssociatedOid;
use rustls::version::{TLS12, TLS13};
use rustls::{AlertDescription, HandshakeKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use x509_cert::Certificate;
use x509_cert::crl::CertificateList;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, CertificatePolicies, CrlDistributionPoints,
    ExtendedKeyUsage, KeyUsage, SubjectKeyIdentifier,
};

use crate::peers::{alert, chain, client, connect, tls_error};
use crate::world::{Answer, LICENCE, SECRET, World, basic, certificate, client_with, form};

fn named(world: &World, wanted: &str) -> Identity {
    let identities = world.bank.identities(LICENCE).unwrap();
    identities.into_iter().find(|(name, _)| *name == wanted).unwrap().1
}

fn leaf(identity: &Identity) -> Certificate {
    Certificate::from_der(&chain(identity)[0]).unwrap()
}

fn extension<'a, T: Decode<'a, Error = der::Error> + AssociatedOid>(
    certificate: &'a Certificate,
) -> T {
    let mut extensions = certificate.tbs_certificate().extensions().unwrap().iter();
    let found = extensions.find(|found| found.extn_id == T::OID).expect("the extension");
    T::from_der(found.extn_value.as_bytes()).unwrap()
}

fn uri(name: &GeneralName) -> String {
    match name {
        GeneralName::UniformResourceIdentifier(uri) => uri.to_string(),
        other => panic!("{other:?}"),
    }
}

/// Where the certificate sends for the list of its issuer.
fn list_address(identity: &Identity) -> String {
    let leaf = leaf(identity);
    let points: CrlDistributionPoints = extension(&leaf);
    let Some(DistributionPointName::FullName(names)) = &points.0[0].distribution_point else {
        panic!("{points:?}");
    };
    uri(&names[0])
}

async fn list(world: &World, address: &str) -> CertificateList {
    let answer = world.without_certificate().get(address).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/pkix-crl");
    CertificateList::from_der(&answer.bytes().await.unwrap()).unwrap()
}

#[tokio::test]
async fn certificates_have_the_form_of_qualified_ones() {
    let world = World::start().await;
    let leaf = leaf(&named(&world, "aisp"));
    assert!(extension::<KeyUsage>(&leaf).digital_signature());
    let usages = extension::<ExtendedKeyUsage>(&leaf).0;
    let oid = |text: &str| ObjectIdentifier::new(text).unwrap();
    assert_eq!(usages, [oid("1.3.6.1.5.5.7.3.2"), oid("1.3.6.1.5.5.7.3.1")]);
    let policies = extension::<CertificatePolicies>(&leaf).0;
    let policies: Vec<_> = policies.iter().map(|policy| policy.policy_identifier).collect();
    assert_eq!(policies, [oid("0.4.0.194112.1.4"), oid("0.4.0.19495.3.1")]);
    assert_eq!(extension::<SubjectKeyIdentifier>(&leaf).0.as_bytes().len(), 20);
    assert!(extension::<AuthorityKeyIdentifier>(&leaf).key_identifier.is_some());

    let access: AuthorityInfoAccessSyntax = extension(&leaf);
    let issuer = uri(&access.0[0].access_location);
    let issuer = world.without_certificate().get(issuer).send().await.unwrap();
    assert_eq!(issuer.headers()["content-type"], "application/pkix-cert");
    let issuer = Certificate::from_der(&issuer.bytes().await.unwrap()).unwrap();
    assert_eq!(issuer.tbs_certificate().subject(), leaf.tbs_certificate().issuer());
    let missing = format!("{}/pki/issuing-2.crl", world.bank.front_url());
    assert_eq!(world.without_certificate().get(missing).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn the_handshake_says_why_it_fails() {
    let world = World::start().await;
    let cases = [
        ("expired", AlertDescription::CertificateExpired),
        ("not-yet-valid", AlertDescription::CertificateExpired),
        ("revoked", AlertDescription::CertificateRevoked),
        ("untrusted", AlertDescription::UnknownCA),
    ];
    for (name, expected) in cases {
        let identity = named(&world, name);
        for version in [&TLS12, &TLS13] {
            assert_eq!(alert(&world.bank, &identity, version).await, expected, "{name}");
        }
    }
    assert!(world.bank.requests().is_empty());
}

#[tokio::test]
async fn a_client_that_has_begun_to_speak_hears_the_alert() {
    let world = World::start().await;
    let expected = rustls::Error::AlertReceived(AlertDescription::CertificateRevoked);
    let config = client(&world.bank.pki().ca_pem(), Some(&named(&world, "revoked")), &TLS13);
    for _ in 0..3 {
        let stream = connect(world.bank.tls_addr(), "localhost", config.clone()).await;
        let mut stream = stream.unwrap();
        // as by HTTP/2, whose client speaks on without waiting: no write may meet a reset
        for _ in 0..5 {
            stream.write_all(&[0; 1024]).await.unwrap();
            stream.flush().await.unwrap();
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(tls_error(stream.read_u8().await.unwrap_err()), expected);
    }
}

#[tokio::test]
async fn the_identities_differ_as_their_names_say() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    let (ai, pi) = (Role::AccountInformation, Role::PaymentInitiation);
    let cases = [
        ("aisp", Some(vec![ai]), 200),
        ("pisp", Some(vec![pi]), 403),
        ("all", Some(vec![pi, ai]), 200),
        ("ic", Some(vec![Role::CardInstruments]), 403),
        ("as", Some(vec![Role::AccountServicing]), 403),
        ("no-psd", None, 403),
    ];
    for (name, roles, status) in cases {
        let tpp = client_with(&world.bank, Some(&named(&world, name)));
        let request = world.request(&tpp, "/my/accounts").bearer_auth(token);
        assert_eq!(request.send().await.unwrap().status(), status, "{name}");
        let peer = world.bank.requests().pop().unwrap().peer.unwrap();
        assert_eq!(peer.roles, roles, "{name}");
        assert_eq!(peer.licence.is_some(), name != "no-psd");
        assert_eq!(peer.serial_number.as_deref(), Some("12345678"));
        assert_eq!(peer.address(), "Zkušební 12/3\nPraha 1\n11000\nHlavní město Praha\nCZ");
        assert_eq!(peer.website().as_deref(), Some("https://tpp.example"));
    }
}

#[tokio::test]
async fn the_other_third_party_has_a_licence_of_its_own() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    let other = client_with(&world.bank, Some(&named(&world, "other")));
    let request = world.request(&other, "/my/accounts").bearer_auth(token);
    assert!(matches!(request.send().await.unwrap().status().as_u16(), 401 | 403));
    let list = other.get(world.tls("/psd2-cobs/cobs/2.0/applications")).send().await.unwrap();
    assert_eq!(Answer::read(list).await.json()["applications"].as_array().unwrap().len(), 0);
    let peer = world.bank.requests().pop().unwrap().peer.unwrap();
    assert_eq!(peer.licence.as_deref(), Some("PSDCZ-CNB-87654321"));
}

#[tokio::test]
async fn the_expired_identity_has_really_expired() {
    let world = World::with(|options| options.clock = Clock::system()).await;
    let expired = leaf(&named(&world, "expired"));
    let ended = expired.tbs_certificate().validity().not_after.to_system_time();
    assert!(ended < SystemTime::now());
}

#[tokio::test]
async fn a_revoked_certificate_is_on_the_list() {
    let world = World::start().await;
    let request = || certificate(vec![Role::AccountInformation], Some(LICENCE));
    let [first, second] = [(); 2].map(|()| world.bank.pki().issue(request()));
    let address = list_address(&first);
    assert!(address.starts_with(&world.bank.front_url()), "{address}");
    assert!(list(&world, &address).await.tbs_cert_list.revoked_certificates.is_none());

    assert!(world.bank.revoke_certificate(&first).unwrap());
    assert!(world.bank.revoke_certificate(&first).unwrap());
    assert!(!world.bank.revoke_certificate(&world.bank.pki().issue_untrusted(request())).unwrap());
    let published = list(&world, &address).await.tbs_cert_list;
    let revoked = published.revoked_certificates.unwrap();
    assert_eq!(revoked.len(), 1);
    assert_eq!(&revoked[0].serial_number, leaf(&first).tbs_certificate().serial_number());
    assert_eq!(revoked[0].revocation_date.to_system_time(), world.clock.now());
    assert_eq!(&published.issuer, leaf(&first).tbs_certificate().issuer());
    assert_eq!(published.this_update.to_system_time(), world.clock.now());
    let again =
        CertificateList::from_der(&world.bank.pki().crl(world.clock.now()).unwrap()).unwrap();
    assert_eq!(again.tbs_cert_list.revoked_certificates.unwrap(), revoked);

    let answer = |identity| {
        let tpp = client_with(&world.bank, Some(identity));
        world.request(&tpp, "/my/accounts").send()
    };
    assert!(answer(&first).await.is_err());
    assert_eq!(answer(&second).await.unwrap().status(), 401);
}

#[tokio::test]
async fn an_open_connection_does_not_outlive_its_certificate() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    let identity = named(&world, "aisp");
    let tpp = client_with(&world.bank, Some(&identity));
    let ask = async || {
        let request = world.request(&tpp, "/my/accounts").bearer_auth(token);
        Answer::read(request.send().await.unwrap()).await
    };
    assert_eq!(ask().await.status, 200);
    world.bank.revoke_certificate(&identity).unwrap();
    // reqwest still has the connection of before
    assert_eq!(ask().await.error(), (401, "UNAUTHORISED".to_owned(), String::new()));
    let token_url = world.tls("/powerauth-webflow/oauth/token");
    let refresh = tokens["refresh_token"].as_str().unwrap();
    let request = tpp
        .post(token_url)
        .header("authorization", basic(crate::world::CLIENT, SECRET))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form(&[("grant_type", "refresh_token"), ("refresh_token", refresh)]));
    let answer = Answer::read(request.send().await.unwrap()).await;
    assert_eq!(answer.oauth_error(), (401, "invalid_client".to_owned()));
    let noted = "revoked certificate sent to /psd2-cobs/cobs/2.0/my/accounts";
    assert!(world.bank.violations().iter().any(|what| what == noted));

    let other = client_with(&world.bank, Some(&named(&world, "all")));
    let ask = async || world.request(&other, "/my/accounts").send().await.unwrap();
    assert_eq!(Answer::read(ask().await).await.error().1, "UNAUTHORISED");
    world.bank.clear_requests();
    world.clock.advance(Duration::from_hours(2 * 365 * 24 + 1));
    assert_eq!(ask().await.status(), 401);
    assert!(world.bank.violations()[0].starts_with("expired certificate sent to"));
}

#[tokio::test]
async fn a_session_is_not_resumed_after_the_revocation() {
    let world = World::start().await;
    let identity = named(&world, "aisp");
    let config = client(&world.bank.pki().ca_pem(), Some(&identity), &TLS12);
    let again = async || connect(world.bank.tls_addr(), "localhost", config.clone()).await;
    let kind = |stream: TlsStream<TcpStream>| stream.get_ref().1.handshake_kind();
    assert_eq!(kind(again().await.unwrap()), Some(HandshakeKind::Full));
    assert_eq!(kind(again().await.unwrap()), Some(HandshakeKind::Resumed));
    world.bank.revoke_certificate(&identity).unwrap();
    let expected = rustls::Error::AlertReceived(AlertDescription::CertificateRevoked);
    assert_eq!(tls_error(again().await.unwrap_err()), expected);
}
