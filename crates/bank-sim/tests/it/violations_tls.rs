//! Breaches in the handshake, before any request.

use bank_sim::Role;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::world::{LICENCE, World, certificate, client_with};

impl World {
    /// The codes so far, once there are any: a failed handshake is noted after the client has gone.
    async fn codes_soon(&self) -> Vec<&'static str> {
        for _ in 0..200 {
            if !self.bank.violation_records().is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let requests = self.bank.violation_records();
        assert!(requests.iter().all(|violation| violation.request.is_none()));
        self.codes()
    }
}

/// A `ClientHello` of the given version with one cipher suite (RFC 5246, 7.4.1.2).
fn hello(version: [u8; 2], suite: [u8; 2]) -> Vec<u8> {
    let mut body = version.to_vec();
    body.extend([7; 32]);
    body.push(0);
    body.extend([0, 2, suite[0], suite[1], 1, 0]);
    // groups, point formats, signature algorithms
    let extensions: [&[u8]; 3] =
        [&[0, 10, 0, 4, 0, 2, 0, 0x17], &[0, 11, 0, 2, 1, 0], &[0, 13, 0, 4, 0, 2, 4, 3]];
    let extensions = extensions.concat();
    body.extend([0, u8::try_from(extensions.len()).unwrap()]);
    body.extend(extensions);
    let length = u8::try_from(body.len()).unwrap();
    let handshake = [&[1, 0, 0, length][..], &body].concat();
    [&[22, 3, 1, 0, length + 4][..], &handshake].concat()
}

#[tokio::test]
async fn old_versions_and_weak_suites() {
    let world = World::start().await;
    // TLS 1.0; TLS 1.2 with 3DES
    for (version, suite) in [([3, 1], [0xc0, 0x2b]), ([3, 3], [0, 0x0a])] {
        let mut stream = TcpStream::connect(world.bank.tls_addr()).await.unwrap();
        stream.write_all(&hello(version, suite)).await.unwrap();
        let mut alert = Vec::new();
        let _ = stream.read_to_end(&mut alert).await;
        assert_eq!(alert.first(), Some(&21), "{alert:?}");
        assert_eq!(world.codes_soon().await, ["tls_incompatible"], "{version:?} {suite:?}");
    }
}

#[tokio::test]
async fn certificates_that_nobody_trusts() {
    let world = World::start().await;
    let request = || certificate(vec![Role::AccountInformation], Some(LICENCE));
    let pki = world.bank.pki();
    for identity in [pki.issue_untrusted(request()), pki.issue_expired(request())] {
        let tpp = client_with(&world.bank, Some(&identity));
        assert!(world.request(&tpp, "/my/accounts").bearer_auth("x").send().await.is_err());
        assert_eq!(world.codes_soon().await, ["certificate_refused"]);
    }
}
