//! The bank's own certificate: renewed, of a new authority, and spoilt, for what a third party must
//! trust and must not.

use bank_sim::{BankSim, Role, ServerFault};
use rustls::CertificateError;
use rustls::version::TLS13;
use rustls_pki_types::CertificateDer;

use crate::peers::{client, connect, tls_error};
use crate::world::{LICENCE, World, certificate, client_with};

/// The bank's chain as a client sees it that trusts `ca_pem`.
async fn shown(
    bank: &BankSim,
    ca_pem: &str,
) -> Result<Vec<CertificateDer<'static>>, rustls::Error> {
    let config = client(ca_pem, None, &TLS13);
    let stream = connect(bank.tls_addr(), "localhost", config).await.map_err(tls_error)?;
    Ok(stream.get_ref().1.peer_certificates().unwrap().to_vec())
}

fn why(error: rustls::Error) -> CertificateError {
    match error {
        rustls::Error::InvalidCertificate(why) => why,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_renewed_certificate_is_of_the_same_authority() {
    let world = World::start().await;
    let ca_pem = world.bank.pki().ca_pem();
    let before = shown(&world.bank, &ca_pem).await.unwrap();
    assert_eq!(shown(&world.bank, &ca_pem).await.unwrap(), before);
    world.bank.renew_server_certificate().unwrap();
    assert_eq!(world.bank.pki().ca_pem(), ca_pem);
    let after = shown(&world.bank, &ca_pem).await.unwrap();
    assert_ne!(after[0], before[0]);
    assert_eq!(after[1], before[1]);
}

#[tokio::test]
async fn an_authority_is_replaced_in_two_steps() {
    let world = World::start().await;
    let old_ca = world.bank.pki().ca_pem();
    let request = || certificate(vec![Role::AccountInformation], Some(LICENCE));
    let [old, revoked, kept] = [(); 3].map(|()| world.bank.pki().issue(request()));
    world.bank.revoke_certificate(&revoked).unwrap();
    let open = client_with(&world.bank, Some(&kept));
    assert_eq!(world.request(&open, "/my/accounts").send().await.unwrap().status(), 401);
    world.bank.rotate_authority().unwrap();
    let new_ca = world.bank.pki().ca_pem();
    assert_ne!(new_ca, old_ca);
    assert!(matches!(
        why(shown(&world.bank, &old_ca).await.unwrap_err()),
        CertificateError::UnknownIssuer
    ));
    assert!(shown(&world.bank, &new_ca).await.is_ok());

    let new = world.bank.pki().issue(request());
    let ask = |identity| {
        let tpp = client_with(&world.bank, Some(identity));
        world.request(&tpp, "/my/accounts").bearer_auth("x").send()
    };
    assert_eq!(ask(&old).await.unwrap().status(), 401);
    assert_eq!(ask(&new).await.unwrap().status(), 401);
    assert!(ask(&revoked).await.is_err());
    let next = world.bank.pki().issue(request());
    world.bank.revoke_certificate(&next).unwrap();
    assert!(ask(&next).await.is_err());

    world.bank.clear_requests();
    world.bank.retire_old_authority().unwrap();
    assert!(ask(&old).await.is_err());
    assert_eq!(ask(&new).await.unwrap().status(), 401);
    let retired = |what: &String| what.starts_with("certificate of a retired authority");
    assert!(!world.bank.violations().iter().any(retired));
    assert_eq!(world.request(&open, "/my/accounts").send().await.unwrap().status(), 401);
    let noted = world.bank.violations();
    assert!(noted.iter().any(retired), "{noted:?}");
}

#[tokio::test]
async fn a_spoilt_certificate_is_spoilt_in_one_respect() {
    let world = World::start().await;
    let ca_pem = world.bank.pki().ca_pem();
    let failure = async |fault| {
        world.bank.serve_certificate(fault).unwrap();
        why(shown(&world.bank, &ca_pem).await.unwrap_err())
    };
    assert!(matches!(
        failure(ServerFault::WrongName).await,
        CertificateError::NotValidForNameContext { .. }
    ));
    assert!(matches!(failure(ServerFault::Expired).await, CertificateError::ExpiredContext { .. }));
    assert!(matches!(
        failure(ServerFault::NotYetValid).await,
        CertificateError::NotValidYetContext { .. }
    ));
    assert!(matches!(
        failure(ServerFault::UntrustedAuthority).await,
        CertificateError::UnknownIssuer
    ));
    assert!(world.tpp.get(world.tls("/")).send().await.is_err());
    world.bank.renew_server_certificate().unwrap();
    assert!(shown(&world.bank, &ca_pem).await.is_ok());
    assert_eq!(world.tpp.get(world.tls("/")).send().await.unwrap().status(), 200);
}
