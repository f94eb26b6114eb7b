//! Breaches of authorization requests, one at a time.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::browser::Browser;
use crate::violations::Draw;
use crate::world::World;

impl World {
    /// The codes that an authorization request provokes when it is opened.
    async fn opened(&self, url: &str) -> Vec<&'static str> {
        Browser::new(self).open(url).await;
        self.codes()
    }
}

#[tokio::test]
async fn parameters() {
    let world = World::start().await;
    assert!(world.opened(&Draw::new().url(&world)).await.is_empty());
    let changed = async |from: &str, to: &str| {
        let url = Draw::new().url(&world);
        assert!(url.contains(from), "{url}");
        world.opened(&url.replace(from, to)).await
    };
    assert_eq!(changed("response_type=code", "response_type=token").await, ["response_type"]);
    assert_eq!(changed("=S256", "=plain").await, ["pkce_challenge_missing"]);
    assert_eq!(changed("&code_challenge=", "&x=").await, ["pkce_challenge_missing"]);
    assert_eq!(changed("scope=aisp", "scope=aisp%20pisp").await, ["scope_asked"]);
    for scope in ["AISP", "Pisp", "aisp%20", ""] {
        let scope = format!("scope={scope}");
        assert_eq!(changed("scope=aisp", &scope).await, ["scope_asked"], "{scope}");
    }
    assert_eq!(changed("scope=aisp", "scope=aisp&scope=aisp").await, ["duplicate_parameter"]);
    assert_eq!(changed("callback&", "callback%23x&").await, ["fragment"]);
    for secret in ["client_secret", "refresh_token", "code_verifier", "access_token", "token"] {
        let more = format!("scope=aisp&{secret}=x");
        assert_eq!(changed("scope=aisp", &more).await, ["secret_in_url"], "{secret}");
    }
}

#[tokio::test]
async fn states_and_challenges() {
    let world = World::start().await;
    let (first, second) = (Draw::new(), Draw::new());
    assert!(world.opened(&first.url(&world)).await.is_empty());
    let url = |state: &str, draw: &Draw| draw.url(&world).replace(&draw.state, state);
    assert_eq!(world.opened(&url("", &second)).await, ["state_missing"]);
    assert_eq!(world.opened(&url("1234567890", &Draw::new())).await, ["state_weak"]);
    assert_eq!(world.opened(&url(&first.state, &Draw::new())).await, ["state_reused"]);
    let third = Draw::new();
    assert!(world.opened(&third.url(&world)).await.is_empty());
    let with_its_challenge = url(&Draw::new().state, &third);
    assert_eq!(world.opened(&with_its_challenge).await, ["pkce_challenge_reused"]);

    let answered = Draw::new();
    world.drawn_code(&answered).await;
    assert!(world.codes().is_empty());
    let again = world.opened(&answered.url(&world)).await;
    assert_eq!(again, ["pkce_challenge_reused", "state_reused"]);
}

#[tokio::test]
async fn unknown_clients_and_addresses() {
    let world = World::start().await;
    for (from, to) in [("client-1", "client-x"), ("9%2Fcallback", "9%2Fevil")] {
        let mut browser = Browser::new(&world);
        let url = Draw::new().url(&world).replace(from, to);
        browser.walk(&world, "eva", &url).await;
        assert_eq!(world.codes(), ["authorization_refused"], "{to}");
    }
}

#[tokio::test]
async fn a_fragment_in_the_request_target() {
    let world = World::start().await;
    let address = world.bank.front_url().replace("http://", "");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request =
        b"GET /powerauth-webflow/oauth/error#x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let _ = stream.read_to_end(&mut Vec::new()).await;
    assert_eq!(world.bank.requests()[0].target, "/powerauth-webflow/oauth/error#x");
    assert_eq!(world.codes(), ["fragment"]);
}

#[tokio::test]
async fn a_length_told_in_two_ways() {
    let world = World::start().await;
    let address = world.bank.front_url().replace("http://", "");
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request =
        b"POST /powerauth-webflow/authenticate HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
        Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    stream.write_all(request).await.unwrap();
    let _ = stream.read_to_end(&mut Vec::new()).await;
    assert_eq!(world.codes(), ["length_and_transfer_encoding"]);
}
