//! Slow doors, and connections that end with a reset, on bare sockets.

use std::io::ErrorKind;
use std::time::Duration;

use bank_sim::{ApiReply, Knob, Role};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::faults::bare_tls;
use crate::world::{LICENCE, World, certificate, http_date, request_id};

#[tokio::test]
async fn a_reset_is_a_reset() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    world.bank.update_knobs(|knobs| knobs.api_reply = Knob::next(1, ApiReply::Reset));
    let role = vec![Role::AccountInformation];
    let identity = world.bank.pki().issue(certificate(role, Some(LICENCE)));
    let mut stream = bare_tls(&world, &identity).await;
    let request = format!(
        "GET /psd2-cobs/cobs/2.0/my/accounts HTTP/1.1\r\nHost: localhost\r\n\
         Authorization: Bearer {}\r\nContent-Type: application/json\r\nX-Request-ID: {}\r\n\
         Date: {}\r\nUser-Involved: true\r\nTPP-Name: x\r\n\r\n",
        tokens["access_token"].as_str().unwrap(),
        request_id(),
        http_date(world.clock.now()),
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let error = stream.read_to_end(&mut answer).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert!(answer.starts_with(b"HTTP/1.1 200 OK"), "{answer:?}");
}

#[tokio::test]
async fn a_door_can_wait_before_it_listens() {
    let world = World::start().await;
    world.bank.update_knobs(|knobs| {
        knobs.accept_delay = Knob::next(1, Duration::from_hours(1));
    });
    let first = world.without_certificate().get(world.tls("/powerauth-webflow/oauth/error"));
    let waiting = first.timeout(Duration::from_millis(300)).send().await;
    assert!(waiting.unwrap_err().is_timeout());
    let second = world.without_certificate().get(world.tls("/powerauth-webflow/oauth/error"));
    assert_eq!(second.send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_handshake_can_be_slow_or_endless() {
    let world = World::start().await;
    let greet = async |pace| {
        world.bank.update_knobs(|knobs| knobs.slow_handshake = Knob::next(1, pace));
        let request = world.without_certificate().get(world.tls("/powerauth-webflow/oauth/error"));
        request.timeout(Duration::from_secs(1)).send().await
    };
    assert!(greet(Duration::from_hours(1)).await.unwrap_err().is_timeout());
    assert_eq!(greet(Duration::from_millis(1)).await.unwrap().status(), 200, "but it ends");
    assert_eq!(world.bank.knobs().slow_handshake.position(), &Duration::ZERO);
}
