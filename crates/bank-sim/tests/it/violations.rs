//! A good client provokes no violation, and each code is provoked by what it says. This file has
//! the good client; its neighbours break one rule at a time.

use std::collections::BTreeSet;

use aws_lc_rs::digest;
use bank_sim::{Knob, Refresh, Role, TokenReply, Violation};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::browser::Browser;
use crate::world::{Answer, CALLBACK, CLIENT, LICENCE, SECRET, World, basic, query};

/// What a good client draws anew for each authorization.
pub(crate) struct Draw {
    pub(crate) state: String,
    pub(crate) verifier: String,
}

impl Draw {
    pub(crate) fn new() -> Self {
        let random = || {
            let mut bytes = [0; 32];
            aws_lc_rs::rand::fill(&mut bytes).unwrap();
            URL_SAFE_NO_PAD.encode(bytes)
        };
        Self { state: random(), verifier: random() }
    }

    pub(crate) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, self.verifier.as_bytes()))
    }

    /// The authorization request.
    pub(crate) fn url(&self, world: &World) -> String {
        let url = world.authorize_url("aisp");
        let (base, _) = url.split_once("&state=").unwrap();
        format!(
            "{base}&state={}&code_challenge={}&code_challenge_method=S256",
            self.state,
            self.challenge()
        )
    }
}

impl World {
    /// Login and consent of jana by a good request; the code.
    pub(crate) async fn drawn_code(&self, draw: &Draw) -> String {
        let mut browser = Browser::new(self);
        browser.walk(self, "jana", &draw.url(self)).await;
        query(&browser.left_to, "code").unwrap()
    }

    pub(crate) async fn exchange_drawn(&self, code: &str, draw: &Draw) -> Answer {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", &draw.verifier),
        ];
        self.token(&fields).await
    }

    /// Tokens of a good client.
    pub(crate) async fn good_tokens(&self) -> Value {
        let draw = Draw::new();
        let code = self.drawn_code(&draw).await;
        let answer = self.exchange_drawn(&code, &draw).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    /// The codes of the violations so far, each once, which are forgotten.
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        let records = self.bank.violation_records();
        self.bank.clear_requests();
        let codes: BTreeSet<_> = records.iter().map(|violation| violation.code).collect();
        codes.into_iter().collect()
    }
}

#[tokio::test]
async fn a_good_client_provokes_none() {
    let world = World::start().await;
    let tokens = world.good_tokens().await;
    let second = world.good_tokens().await;
    assert_eq!(second["refresh_token"], tokens["refresh_token"]);
    let token = tokens["access_token"].as_str().unwrap();
    assert_eq!(world.api(token, "/my/accounts").await.status, 200);
    let refreshed = world.refresh(tokens["refresh_token"].as_str().unwrap()).await;
    let token = refreshed.json()["access_token"].as_str().unwrap().to_owned();
    assert_eq!(world.api(&token, "/my/accounts?size=1&page=1").await.status, 200);
    let fields = [("token", &*token)];
    assert_eq!(world.post("token/revoke", Some(basic(CLIENT, SECRET)), &fields).await.status, 200);
    assert_eq!(world.bank.violation_records(), []);
}

#[tokio::test]
async fn what_a_client_cannot_know_is_no_breach() {
    let world = World::start().await;
    world.bank.update_knobs(|knobs| knobs.refresh = Refresh::Rotate.into());
    let lost = [
        TokenReply::DropAfterCommit,
        TokenReply::Truncated,
        TokenReply::Reset,
        TokenReply::DuplicateKeys,
    ];
    for reply in lost {
        let tokens = world.good_tokens().await;
        let token = tokens["refresh_token"].as_str().unwrap();
        world.bank.update_knobs(|knobs| knobs.refresh_reply = Knob::next(1, reply.clone()));
        // a client of its own, because a reset takes the whole connection along
        let client = world.tpp_with(vec![Role::AccountInformation], Some(LICENCE));
        let request = client.post(world.tls("/powerauth-webflow/oauth/token"));
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let request = request.header("authorization", basic(CLIENT, SECRET));
        let request = request.body(format!("grant_type=refresh_token&refresh_token={token}"));
        if let Ok(answer) = request.send().await {
            let _ = answer.bytes().await;
        }
        assert_eq!(world.refresh(token).await.status, 400, "{reply:?}: rotated");
        assert_eq!(world.bank.violation_records(), [], "{reply:?}");
        world.bank.revoke_consent("jana");
    }
    // the person's change of mind, and a reload of the login page
    let tokens = world.good_tokens().await;
    world.bank.revoke_consent("jana");
    assert_eq!(world.refresh(tokens["refresh_token"].as_str().unwrap()).await.status, 400);
    let draw = Draw::new();
    let mut browser = Browser::new(&world);
    browser.open(&draw.url(&world)).await;
    browser.open(&draw.url(&world)).await;
    assert_eq!(world.bank.violation_records(), []);
}

#[tokio::test]
async fn a_violation_tells_when_where_and_why() {
    let world = World::start().await;
    let request = world.request(&world.tpp, "/my/accounts").header("cookie", "a=b");
    request.bearer_auth("x").send().await.unwrap();
    let violation = world.bank.violation_records().remove(0);
    let expected = Violation {
        code: "cookie_sent",
        detail: "Cookie sent to /psd2-cobs/cobs/2.0/my/accounts".to_owned(),
        request: Some(world.bank.requests()[0].number),
        at: world.clock.now(),
        standard: "RFC 6265, 8.2",
    };
    assert_eq!(violation, expected);
    assert_eq!(violation.to_string(), world.bank.violations()[0]);
}

/// Codes that the files beside this one provoke; a new code needs a new test.
#[test]
fn every_code_is_tested_and_documented() {
    let tests = [
        include_str!("registration_party.rs"),
        include_str!("violations_api.rs"),
        include_str!("violations_tls.rs"),
        include_str!("violations_token.rs"),
        include_str!("violations_authorization.rs"),
    ]
    .concat();
    let docs = include_str!("../../docs/violations.md");
    let mut known = BTreeSet::new();
    for (code, standard, _) in Violation::CODES {
        assert!(tests.contains(&format!("\"{code}\"")), "no test provokes {code}");
        assert!(docs.contains(&format!("| `{code}` |")), "{code} is not in docs/violations.md");
        assert!(!standard.is_empty() && known.insert(code), "{code}");
    }
}
