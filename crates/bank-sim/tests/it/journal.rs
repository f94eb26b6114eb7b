//! What is recorded: every request at every door as it came, also those that nobody could read.

use bank_sim::{Door, RecordedRequest};
use reqwest::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::faults::{bare_tls, bare_tls_with, tls_config};
use crate::world::{LICENCE, World, certificate, client_with};

/// Sends bytes to the front door and reads until it closes.
async fn send_raw(world: &World, parts: &[&[u8]]) -> String {
    let address = world.bank.front_url().replace("http://", "");
    let mut stream = TcpStream::connect(address).await.unwrap();
    for part in parts {
        stream.write_all(part).await.unwrap();
        stream.flush().await.unwrap();
    }
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

/// The requests, once there are `count`: a connection's rest is told when the bank lets go of it.
async fn recorded(world: &World, count: usize) -> Vec<RecordedRequest> {
    for _ in 0..200 {
        let requests = world.bank.requests();
        if requests.len() >= count {
            return requests;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{:?}", world.bank.requests());
}

#[tokio::test]
async fn http1_requests_are_kept_byte_by_byte() {
    let world = World::start().await;
    let first = b"GET /a?x=1 HTTP/1.1\r\nHoSt: localhost\r\nX-B: 1\r\nx-a: 2\r\nX-b:  3 \r\n\r\n";
    let second = b"POST /b HTTP/1.1\r\nhost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n\
        5\r\nhello\r\n0\r\n\r\n";
    let third = b"GET /c HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    send_raw(&world, &[&[&first[..], &second[..30]].concat(), &second[30..], &third[..]]).await;
    let requests = recorded(&world, 3).await;
    let raw = |at: usize| requests[at].raw.as_deref().unwrap();
    assert_eq!((raw(0), raw(1), raw(2)), (&first[..], &second[..], &third[..]));
    let names: Vec<_> = requests[0].headers.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["HoSt", "X-B", "x-a", "X-b"]);
    assert_eq!(requests[0].header_values("x-B"), ["1", "3"]);
    assert_eq!((requests[1].body.as_slice(), &*requests[1].http), (&b"hello"[..], "HTTP/1.1"));
    assert!(requests.iter().all(|request| request.refused.is_none() && request.tls.is_none()));
    assert_eq!(requests.iter().map(|request| request.number).collect::<Vec<_>>(), [1, 2, 3]);
}

#[tokio::test]
async fn long_bodies_are_kept_in_part() {
    let world = World::start().await;
    let head = "POST /b HTTP/1.1\r\nhost: localhost\r\ncontent-length: 300000\r\nconnection: close\r\n\r\n";
    send_raw(&world, &[head.as_bytes(), &vec![b'x'; 300_000]]).await;
    let requests = recorded(&world, 1).await;
    assert_eq!((requests[0].refused, requests[0].body.len()), (None, 64 * 1024));
    assert_eq!(requests[0].raw.as_ref().unwrap().len(), head.len() + 64 * 1024);
}

#[tokio::test]
async fn refused_requests_are_recorded_too() {
    let world = World::start().await;
    let head = "POST /big HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n";
    let answer = send_raw(&world, &[head.as_bytes(), &vec![b'x'; 1_200_000]]).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    let requests = recorded(&world, 1).await;
    assert_eq!(requests[0].refused, Some("larger than 1 MiB"));
    assert_eq!(
        (requests[0].path(), requests[0].header("host").as_deref()),
        ("/big", Some("localhost"))
    );
    assert!(requests[0].raw.as_ref().unwrap().starts_with(head.as_bytes()));
    world.bank.clear_requests();

    let bad = b"GET /x y HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let answer = send_raw(&world, &[bad]).await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    let requests = recorded(&world, 1).await;
    assert_eq!(requests[0].raw.as_deref(), Some(&bad[..]));
    assert_eq!((&*requests[0].method, &*requests[0].target), ("GET", "/x"));
    assert_eq!(requests[0].refused, Some("unreadable or unfinished"));
    assert_eq!(requests[0].header("host").as_deref(), Some("localhost"));
    world.bank.clear_requests();

    let address = world.bank.front_url().replace("http://", "");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let half = b"POST /half HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n12345";
    stream.write_all(half).await.unwrap();
    drop(stream);
    let requests = recorded(&world, 1).await;
    assert_eq!((requests.len(), requests[0].path()), (1, "/half"));
    assert_eq!(requests[0].refused, Some("unreadable or unfinished"));
    assert!(requests[0].raw.as_ref().unwrap().ends_with(b"12345"));
}

#[tokio::test]
async fn too_many_headers_are_recorded() {
    let world = World::start().await;
    let many: Vec<_> = (0..200).map(|at| format!("x-{at}: y\r\n")).collect();
    let many = many.concat();
    let answer = send_raw(&world, &[format!("GET / HTTP/1.1\r\n{many}\r\n").as_bytes()]).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    assert_eq!(recorded(&world, 1).await[0].headers.len(), 200);
}

#[tokio::test]
async fn the_tls_session_is_recorded() {
    let world = World::start().await;
    world.api("x", "/my/accounts").await;
    let request = world.bank.requests().remove(0);
    let tls = request.tls.clone().unwrap();
    assert_eq!((&*tls.version, tls.alpn.as_deref()), ("TLSv1_3", Some("h2")));
    assert!(tls.cipher_suite.starts_with("TLS13_AES_"), "{tls:?}");
    assert!(tls.key_exchange.as_deref().is_some_and(|group| group.contains("X25519")), "{tls:?}");
    assert!(tls.client_certificate && !tls.resumed);
    assert_eq!((request.raw, &*request.http, request.listener), (None, "HTTP/2.0", Door::Tls));

    world.bank.clear_requests();
    let bare = client_with(&world.bank, None);
    let url = format!("https://localhost:{}/", world.bank.tls_addr().port());
    bare.get(url).send().await.unwrap();
    let tls = world.bank.requests().remove(0).tls.unwrap();
    assert_eq!((tls.client_certificate, tls.server_name.as_deref()), (false, Some("localhost")));
}

#[tokio::test]
async fn a_resumed_session_is_told_from_a_new_one() {
    let world = World::start().await;
    let role = vec![bank_sim::Role::AccountInformation];
    let identity = world.bank.pki().issue(certificate(role, Some(LICENCE)));
    let config = tls_config(&world, &identity);
    for _ in 0..2 {
        let mut stream = bare_tls_with(&world, &config).await;
        let bytes = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(bytes).await.unwrap();
        let _ = stream.read_to_end(&mut Vec::new()).await;
    }
    let sessions = recorded(&world, 2).await.into_iter().map(|request| request.tls.unwrap());
    let told: Vec<_> = sessions.map(|tls| (tls.resumed, tls.client_certificate)).collect();
    assert_eq!(told, [(false, true), (true, true)]);
}

#[tokio::test]
async fn http1_over_tls_is_kept_after_decryption() {
    let world = World::start().await;
    let role = vec![bank_sim::Role::AccountInformation];
    let identity = world.bank.pki().issue(certificate(role, Some(LICENCE)));
    let mut stream = bare_tls(&world, &identity).await;
    let bytes = b"GET /x HTTP/1.1\r\nHOST: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let request = recorded(&world, 1).await.remove(0);
    assert_eq!(request.raw.as_deref(), Some(&bytes[..]));
    assert_eq!(request.peer.unwrap().licence.as_deref(), Some(LICENCE));
    let tls = request.tls.unwrap();
    assert_eq!((tls.client_certificate, &tls.alpn), (true, &None));
}

#[tokio::test]
async fn memory_is_bounded_by_count_and_by_bytes() {
    let world = World::start().await;
    let body = vec![b'x'; 64 * 1024];
    for _ in 0..1100 {
        let post = world.tpp.request(Method::POST, world.tls("/x")).body(body.clone());
        post.send().await.unwrap();
    }
    let requests = world.bank.requests();
    let bytes: usize = requests.iter().map(|request| request.body.len()).sum();
    assert!(bytes <= 64 << 20 && bytes > 60 << 20, "{bytes}");
    assert_eq!(requests.last().unwrap().number, 1100, "the oldest went");
}
