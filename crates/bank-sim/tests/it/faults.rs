//! The knobs: a hostile answer is hostile in just the way it says (security facts D.4).

use std::sync::Arc;
use std::time::Duration;

use bank_sim::{ApiReply, Field, Identity, Knob, RevokeReply, TokenReply};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::world::{CLIENT, LICENCE, SECRET, World, basic, certificate, form};

impl World {
    /// A refresh whose answer may be anything.
    pub(crate) async fn raw_refresh(&self, token: &str) -> reqwest::Result<reqwest::Response> {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
        let request = self.tpp.post(self.tls("/powerauth-webflow/oauth/token"));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let request = request.header("authorization", basic(CLIENT, SECRET));
        request.body(form(&fields)).timeout(Duration::from_secs(2)).send().await
    }

    fn next_token_reply(&self, reply: TokenReply) {
        self.bank.update_knobs(|knobs| knobs.token_reply = Knob::next(1, reply));
    }
}

#[tokio::test]
async fn token_replies_break_as_told_and_only_once() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["refresh_token"].as_str().unwrap();

    let location = "https://evil.example/".to_owned();
    world.next_token_reply(TokenReply::Redirect { status: 307, location: location.clone() });
    let reply = world.raw_refresh(token).await.unwrap();
    assert_eq!(reply.status(), 307);
    assert_eq!(reply.headers()["location"], &*location);

    world.next_token_reply(TokenReply::Status { status: 503, retry_after: Some("7".to_owned()) });
    let reply = world.raw_refresh(token).await.unwrap();
    assert_eq!(
        (reply.status().as_u16(), &reply.headers()["retry-after"]),
        (503, &"7".parse().unwrap())
    );

    world.next_token_reply(TokenReply::Huge { bytes: 5_000_000 });
    let reply = world.raw_refresh(token).await.unwrap();
    assert_eq!(reply.bytes().await.unwrap().len(), 5_000_000);

    world.next_token_reply(TokenReply::Truncated);
    assert!(world.raw_refresh(token).await.unwrap().bytes().await.is_err());

    world.next_token_reply(TokenReply::JsonArray);
    let reply = world.raw_refresh(token).await.unwrap().text().await.unwrap();
    assert!(reply.starts_with("[{\"access_token\":"), "{reply}");

    world.next_token_reply(TokenReply::DuplicateKeys);
    let reply = world.raw_refresh(token).await.unwrap().text().await.unwrap();
    assert_eq!(reply.matches("\"access_token\":").count(), 2);

    world.next_token_reply(TokenReply::BadUtf8);
    let reply = world.raw_refresh(token).await.unwrap().bytes().await.unwrap();
    assert!(std::str::from_utf8(&reply).is_err());

    world.next_token_reply(TokenReply::NotJson("<p>údržba</p>".to_owned()));
    let reply = world.raw_refresh(token).await.unwrap();
    assert_eq!(reply.headers()["content-type"], "text/html;charset=UTF-8");

    world.next_token_reply(TokenReply::Hang);
    assert!(world.raw_refresh(token).await.unwrap_err().is_timeout());

    world.next_token_reply(TokenReply::Drip { delay: Duration::from_millis(1) });
    assert!(world.raw_refresh(token).await.unwrap().bytes().await.unwrap().len() > 100);

    assert_eq!(world.raw_refresh(token).await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_lost_reply_has_done_its_work() {
    let world = World::start().await;
    world.bank.update_knobs(|knobs| knobs.refresh = bank_sim::Refresh::Rotate.into());
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["refresh_token"].as_str().unwrap();
    world.bank.update_knobs(|knobs| {
        knobs.refresh_reply = Knob::next(1, TokenReply::DropAfterCommit);
    });
    assert!(world.raw_refresh(token).await.is_err());
    assert_eq!(world.raw_refresh(token).await.unwrap().status(), 400, "the token was rotated");
    let live = world.bank.live_tokens();
    let token = live[0].refresh_token.clone().unwrap();

    // the same by HTTP/1.1, where nothing of the answer may leave
    let role = vec![bank_sim::Role::AccountInformation];
    let identity = world.bank.pki().issue(certificate(role, Some(LICENCE)));
    world.next_token_reply(TokenReply::DropAfterCommit);
    assert_eq!(lost_by_http1(&world, &identity, &token).await, "");
    assert_ne!(world.bank.live_tokens()[0].refresh_token.as_ref(), Some(&token));
}

/// Everything the bank answers to a refresh on a bare TLS connection.
async fn lost_by_http1(world: &World, identity: &Identity, token: &str) -> String {
    let mut stream = bare_tls(world, identity).await;
    let body = form(&[("grant_type", "refresh_token"), ("refresh_token", token)]);
    let request = format!(
        "POST /powerauth-webflow/oauth/token HTTP/1.1\r\nHost: localhost\r\nAuthorization: {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        basic(CLIENT, SECRET),
        body.len(),
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

pub(crate) async fn bare_tls(world: &World, identity: &Identity) -> TlsStream<TcpStream> {
    bare_tls_with(world, &tls_config(world, identity)).await
}

/// What a client keeps between its connections, sessions to resume included.
pub(crate) fn tls_config(world: &World, identity: &Identity) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    let pem = world.bank.pki().ca_pem();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    let chain = CertificateDer::pem_slice_iter(identity.cert_pem.as_bytes());
    let chain = chain.collect::<Result<Vec<_>, _>>().unwrap();
    let key = PrivateKeyDer::from_pem_slice(identity.key_pem.as_bytes()).unwrap();
    let config = ClientConfig::builder().with_root_certificates(roots);
    Arc::new(config.with_client_auth_cert(chain, key).unwrap())
}

pub(crate) async fn bare_tls_with(
    world: &World,
    config: &Arc<ClientConfig>,
) -> TlsStream<TcpStream> {
    let stream = TcpStream::connect(world.bank.tls_addr()).await.unwrap();
    let name = "localhost".try_into().unwrap();
    TlsConnector::from(config.clone()).connect(name, stream).await.unwrap()
}

#[tokio::test]
async fn fields_of_the_reply_can_be_anything() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["refresh_token"].as_str().unwrap();
    for (json, written) in [
        ("\"60\"", "\"expires_in\":\"60\""),
        ("1e300", "\"expires_in\":1e300"),
        ("null", "\"expires_in\":null"),
    ] {
        world.bank.update_knobs(|knobs| {
            knobs.expires_in = Field::Raw(json.to_owned()).into();
            knobs.token_type = Field::Raw("\"mac\"".to_owned()).into();
            knobs.scope = Field::Raw("\"aisp pisp\"".to_owned()).into();
        });
        let reply = world.raw_refresh(token).await.unwrap().text().await.unwrap();
        assert!(reply.contains(written), "{reply}");
        assert!(reply.contains("\"token_type\":\"mac\"") && reply.contains("\"aisp pisp\""));
    }
}

#[tokio::test]
async fn api_answers_break_as_told_and_only_once() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    let send = async |reply: ApiReply| {
        world.bank.update_knobs(|knobs| knobs.api_reply = Knob::next(1, reply));
        let request = world.request(&world.tpp, "/my/accounts").bearer_auth(token);
        request.timeout(Duration::from_secs(10)).send().await
    };
    assert_eq!(send(ApiReply::Status(429)).await.unwrap().status(), 429);
    assert_eq!(send(ApiReply::Expired).await.unwrap().status(), 401);
    let html = send(ApiReply::Html("<p>x</p>".to_owned())).await.unwrap();
    assert_eq!(html.headers()["content-type"], "text/html;charset=UTF-8");
    let cookie = send(ApiReply::SetCookie("a=b".to_owned())).await.unwrap();
    assert_eq!(cookie.headers()["set-cookie"], "a=b");
    assert_eq!(cookie.status(), 200);
    let redirect = send(ApiReply::Redirect("https://evil.example/".to_owned())).await.unwrap();
    assert_eq!(redirect.status(), 302);
    let huge = send(ApiReply::Huge { bytes: 3_000_000 }).await.unwrap();
    assert_eq!(huge.bytes().await.unwrap().len(), 3_000_000);
    assert!(send(ApiReply::Truncated).await.unwrap().bytes().await.is_err());
    let drip = send(ApiReply::Drip { delay: Duration::from_micros(100) }).await.unwrap();
    assert!(drip.bytes().await.unwrap().len() > 100);
    assert!(send(ApiReply::Hang).await.unwrap_err().is_timeout());
    assert_eq!(world.api(token, "/my/accounts").await.status, 200);
}

#[tokio::test]
async fn refusals_have_the_codes_of_the_catalogue() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    for (status, code) in [
        (400, "PARAMETER_INVALID"),
        (401, "UNAUTHORISED"),
        (403, "FORBIDDEN"),
        (404, "NOT_FOUND"),
        (415, "UNSUPPORTED_MEDIA_TYPE"),
        (422, "UNPROCESSABLE_ENTITY"),
        (500, "NARR"),
        (501, "NOT_IMPLEMENTED"),
        (503, "NARR"),
    ] {
        world.bank.update_knobs(|knobs| knobs.api_reply = ApiReply::Status(status).into());
        let answer = world.api(token, "/my/accounts").await;
        assert_eq!(answer.error(), (status, code.to_owned(), String::new()));
        assert_eq!(!answer.header("process-id").is_empty(), matches!(status, 500 | 503));
        assert_eq!(answer.header("x-request-id").len(), 36);
    }
    // the standard has no code for too many calls
    world.bank.update_knobs(|knobs| knobs.api_reply = ApiReply::Status(429).into());
    let answer = world.api(token, "/my/accounts").await;
    assert_eq!((answer.status.as_u16(), &*answer.text), (429, ""));
}

#[tokio::test]
async fn revocation_fails_as_told() {
    let world = World::start().await;
    let tokens = world.connect("jana", "aisp").await;
    let fields = [("token", tokens["access_token"].as_str().unwrap())];
    world.bank.update_knobs(|knobs| {
        knobs.revoke_reply = Knob::next(1, RevokeReply::Status(503));
    });
    let revoke = async || world.post("token/revoke", Some(basic(CLIENT, SECRET)), &fields).await;
    assert_eq!(revoke().await.status, 503);
    assert_eq!(world.bank.live_tokens().len(), 1);
    assert_eq!(revoke().await.status, 200);
}

#[tokio::test]
async fn a_stopped_bank_does_not_answer() {
    let world = World::start().await;
    let url = world.tls("/powerauth-webflow/oauth/error");
    assert_eq!(world.tpp.get(&url).send().await.unwrap().status(), 200);
    world.bank.stop().await;
    assert!(world.tpp.get(&url).send().await.is_err());
}
