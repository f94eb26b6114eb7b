//! Hostile answers of the token and revocation endpoints: each is what its position says.

use std::time::Duration;

use bank_sim::{Knob, RevokeReply, TokenReply};
use serde_json::Value;

use crate::world::{CLIENT, SECRET, World, basic, form};

impl World {
    async fn refresh_met(
        &self,
        token: &str,
        reply: TokenReply,
    ) -> reqwest::Result<reqwest::Response> {
        self.bank.update_knobs(|knobs| knobs.refresh_reply = Knob::next(1, reply));
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
        let request = self.tpp.post(self.tls("/powerauth-webflow/oauth/token"));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let request = request.header("authorization", basic(CLIENT, SECRET));
        request.body(form(&fields)).timeout(Duration::from_secs(5)).send().await
    }

    async fn refresh_token(&self) -> String {
        let tokens = self.connect("jana", "aisp").await;
        tokens["refresh_token"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn an_error_is_told_as_the_standard_tells_it() {
    let world = World::start().await;
    let token = world.refresh_token().await;
    let live = world.bank.live_tokens();
    let text = |text: &str| text.to_owned();
    let reply = TokenReply::Error {
        status: 500,
        error: text("server_error"),
        description: text("out of order"),
    };
    let answer = world.refresh_met(&token, reply).await.unwrap();
    assert_eq!(answer.status(), 500);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!(
        (&body["error"], &body["error_description"]),
        (&"server_error".into(), &"out of order".into())
    );
    assert_eq!(world.bank.live_tokens(), live, "nothing was done");
}

#[tokio::test]
async fn replies_can_be_compressed_unasked() {
    let world = World::start().await;
    let token = world.refresh_token().await;
    let answer = world.refresh_met(&token, TokenReply::Gzip).await.unwrap();
    assert_eq!(answer.headers()["content-encoding"], "gzip");
    let packed = answer.bytes().await.unwrap();
    let plain: Value = serde_json::from_reader(flate2::read::GzDecoder::new(&*packed)).unwrap();
    assert_eq!(plain["refresh_token"], *token);

    let reply = TokenReply::Compressed { bytes: 20_000_000 };
    let packed = world.refresh_met(&token, reply).await.unwrap().bytes().await.unwrap();
    let mut plain = flate2::read::GzDecoder::new(&*packed);
    assert_eq!(std::io::copy(&mut plain, &mut std::io::sink()).unwrap(), 20_000_000);
}

#[tokio::test]
async fn a_reset_reply_has_done_its_work() {
    let world = World::start().await;
    world.bank.update_knobs(|knobs| knobs.refresh = bank_sim::Refresh::Rotate.into());
    let token = world.refresh_token().await;
    let answer = world.refresh_met(&token, TokenReply::Reset).await.unwrap();
    assert!(answer.bytes().await.is_err());
    assert_ne!(world.bank.live_tokens()[0].refresh_token.as_ref(), Some(&token));
}

#[tokio::test]
async fn replies_can_say_more_than_they_should() {
    let world = World::start().await;
    let token = world.refresh_token().await;
    let answer = world.refresh_met(&token, TokenReply::ExtraFields).await.unwrap();
    let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!((&body["token_type"], &body["session"]["id"]), (&"bearer".into(), &"7".into()));
    assert_eq!(body["__proto__"]["access_token"], "other");

    let bad = "eyJhbGciOiJub25lIn0.e30.".to_owned();
    let answer = world.refresh_met(&token, TokenReply::IdToken(bad.clone())).await.unwrap();
    let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    assert_eq!((&body["id_token"], &body["refresh_token"]), (&bad.into(), &token.into()));
}

#[tokio::test]
async fn revocation_can_be_lost_or_pretended() {
    let world = World::start().await;
    let token = world.refresh_token().await;
    let fields = [("token", &*token)];
    let turn = |reply| world.bank.update_knobs(|knobs| knobs.revoke_reply = Knob::next(1, reply));
    turn(RevokeReply::OkUnknown);
    let answer = world.post("token/revoke", Some(basic(CLIENT, SECRET)), &fields).await;
    assert_eq!((answer.status.as_u16(), world.bank.live_tokens().len()), (200, 1));

    turn(RevokeReply::DropAfterCommit);
    let request = world.tpp.post(world.tls("/powerauth-webflow/oauth/token/revoke"));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let request = request.header("authorization", basic(CLIENT, SECRET)).body(form(&fields));
    assert!(request.send().await.is_err());
    assert!(world.bank.live_tokens().is_empty());
}
