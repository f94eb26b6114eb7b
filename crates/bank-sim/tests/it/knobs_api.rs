//! Hostile answers of the API: each is what its position says.

use std::time::Duration;

use bank_sim::{ApiReply, Knob, Role, UnattendedReply};
use reqwest::Response;
use serde_json::json;

use crate::world::{Answer, LICENCE, World};

impl World {
    /// One call for the accounts that meets `reply`.
    async fn met(&self, token: &str, path: &str, reply: ApiReply) -> reqwest::Result<Response> {
        self.bank.update_knobs(|knobs| knobs.api_reply = Knob::next(1, reply));
        let request = self.request(&self.tpp, path).bearer_auth(token);
        request.timeout(Duration::from_secs(5)).send().await
    }

    async fn unattended(&self, token: &str, path: &str) -> Answer {
        let mut request = self.request(&self.tpp, path).bearer_auth(token).build().unwrap();
        request.headers_mut().remove("user-ip-address");
        request.headers_mut().insert("user-involved", "false".parse().unwrap());
        Answer::read(self.tpp.execute(request).await.unwrap()).await
    }

    async fn accounts_token(&self) -> String {
        let tokens = self.connect("jana", "aisp").await;
        tokens["access_token"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_next_page_can_lead_anywhere() {
    let world = World::start().await;
    let token = world.accounts_token().await;
    let place = "https://evil.example/page?token=";
    let answer = world.met(&token, "/my/accounts", ApiReply::NextPage(place.to_owned())).await;
    let answer = Answer::raw(answer.unwrap()).await;
    assert_eq!(answer.header("link"), format!("<{place}>; rel=\"next\""));
    assert_eq!(answer.json()["nextPage"], place);
    assert!(answer.json()["accounts"][0]["id"].is_string(), "the rest is right");

    let seven = [("api_reply".to_owned(), json!({ "next_page": 7 }))].into_iter().collect();
    world.bank.update_knobs(|knobs| *knobs = knobs.patched(&seven).unwrap());
    let answer = world.request(&world.tpp, "/my/accounts").bearer_auth(&token).send().await;
    let answer = Answer::raw(answer.unwrap()).await;
    assert_eq!(
        (answer.json()["nextPage"].as_i64(), answer.header("link")),
        (Some(7), "<7>; rel=\"next\"")
    );
}

#[tokio::test]
async fn good_answers_carry_foreign_headers() {
    let world = World::start().await;
    let token = world.accounts_token().await;
    let place = "https://evil.example/".to_owned();
    let answer =
        world.met(&token, "/my/accounts", ApiReply::Location(place.clone())).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["location"], &*place);

    let many = (0..50).map(|at| (format!("X-More-{at}"), "x".repeat(100))).collect();
    let answer = world.met(&token, "/my/accounts", ApiReply::Headers(many)).await.unwrap();
    assert_eq!(answer.headers()["x-more-49"].len(), 100);
    let twice =
        vec![("X-Twice".to_owned(), "1".to_owned()), ("X-Twice".to_owned(), "2".to_owned())];
    let answer = world.met(&token, "/my/accounts", ApiReply::Headers(twice)).await.unwrap();
    assert_eq!(answer.headers().get_all("x-twice").iter().count(), 2);
    assert_eq!(answer.headers()["content-type"], "application/json");
}

#[tokio::test]
async fn refusals_come_in_all_forms() {
    let world = World::start().await;
    let token = world.accounts_token().await;
    let send =
        async |reply| Answer::raw(world.met(&token, "/my/accounts", reply).await.unwrap()).await;

    let retry = ApiReply::Retry { status: 429, retry_after: "60".to_owned() };
    let answer = send(retry).await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, "60"));

    let code = "AUTH_LIMIT_EXCEEDED".to_owned();
    let answer = send(ApiReply::Error { status: 400, code: code.clone() }).await;
    assert_eq!(answer.error(), (400, code, String::new()));

    let answer = send(ApiReply::InvalidToken).await;
    assert_eq!(answer.oauth_error(), (401, "invalid_token".to_owned()));
    let challenge = answer.header("www-authenticate");
    assert!(challenge.starts_with("Bearer realm=\"oauth2-resource\", error=\"invalid_token\""));

    let answer = send(ApiReply::InsufficientScope).await;
    assert_eq!(answer.oauth_error(), (403, "insufficient_scope".to_owned()));
    assert!(answer.header("www-authenticate").contains("scope=\"aisp\""));
    assert_eq!(answer.json()["scope"], "aisp");
}

#[tokio::test]
async fn bodies_break_in_their_meaning() {
    let world = World::start().await;
    let token = world.accounts_token().await;
    let send =
        async |reply| Answer::raw(world.met(&token, "/my/accounts", reply).await.unwrap()).await;
    let good = send(ApiReply::Normal).await.text;
    let half = send(ApiReply::BrokenJson).await;
    assert_eq!((half.status.as_u16(), &*half.text), (200, &good[..good.len() / 2]));
    assert!(serde_json::from_str::<serde_json::Value>(&half.text).is_err());

    let twice = send(ApiReply::DuplicateKeys).await;
    assert_eq!(twice.text.matches("\"accounts\":").count(), 2);
    assert!(twice.text.ends_with("\"totalCount\":\"other\"}"), "{}", twice.text);
    assert_eq!(twice.json()["accounts"], "other", "a reader that takes the last one is misled");
}

#[tokio::test]
async fn a_lost_answer_and_a_reset_one_end_in_an_error() {
    let world = World::start().await;
    let token = world.accounts_token().await;
    assert!(world.met(&token, "/my/accounts", ApiReply::DropAfterCommit).await.is_err());
    let cut = world.met(&token, "/my/accounts", ApiReply::Reset).await.unwrap();
    assert!(cut.bytes().await.is_err());
    let another = world.tpp_with(vec![Role::AccountInformation], Some(LICENCE));
    let answer = world.request(&another, "/my/accounts").bearer_auth(&token).send().await.unwrap();
    assert_eq!(answer.status(), 200, "only the connection is gone");
}

#[tokio::test]
async fn a_small_answer_under_gzip_grows() {
    let world = World::start().await;
    let token = world.accounts_token().await;
    let bomb = world.met(&token, "/my/accounts", ApiReply::Compressed { bytes: 50_000_000 }).await;
    let bomb = bomb.unwrap();
    assert_eq!(bomb.headers()["content-encoding"], "gzip");
    let packed = bomb.bytes().await.unwrap();
    assert!(packed.len() < 200_000, "{}", packed.len());
    let mut plain = flate2::read::GzDecoder::new(&*packed);
    assert_eq!(std::io::copy(&mut plain, &mut std::io::sink()).unwrap(), 50_000_000);
}

#[tokio::test]
async fn a_gigabyte_streams() {
    let world = World::start().await;
    let token = world.accounts_token().await;
    let reply = ApiReply::Huge { bytes: 1 << 30 };
    world.bank.update_knobs(|knobs| knobs.api_reply = Knob::next(1, reply));
    let request = world.request(&world.tpp, "/my/accounts").bearer_auth(token);
    let mut huge = request.timeout(Duration::from_mins(5)).send().await.unwrap();
    let before = resident();
    let (mut length, mut most) = (0, before);
    while let Some(chunk) = huge.chunk().await.unwrap() {
        length += chunk.len();
        most = most.max(resident());
    }
    assert_eq!(length, 1 << 30);
    assert!(most < before + (200 << 20), "{before} grew to {most}");
}

/// Bytes of memory that this process holds; 0 where the system does not tell.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = pages.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok());
    pages.unwrap_or(0) * 4096
}

#[tokio::test]
async fn the_fifth_unattended_access_of_a_day_is_refused() {
    let world = World::start().await;
    let token = world.accounts_token().await;
    for _ in 0..6 {
        assert_eq!(
            world.unattended(&token, "/my/accounts").await.status,
            200,
            "no limit by default"
        );
    }
    world.bank.update_knobs(|knobs| {
        knobs.unattended_per_day = Some(4).into();
        knobs.access_ttl = Duration::from_hours(72).into();
    });
    world.clock.advance(Duration::from_hours(24));
    let token = world.accounts_token().await;
    let accounts = world.api(&token, "/my/accounts").await.json();
    let balance =
        format!("/my/accounts/{}/balance", accounts["accounts"][0]["id"].as_str().unwrap());
    for _ in 0..4 {
        assert_eq!(world.unattended(&token, &balance).await.status, 200);
    }
    let refused = world.unattended(&token, &balance).await;
    assert_eq!((refused.status.as_u16(), &*refused.text), (429, ""));
    world.bank.update_knobs(|knobs| {
        knobs.unattended_reply = UnattendedReply::AuthLimitExceeded.into();
    });
    let refused = world.unattended(&token, &balance).await;
    assert_eq!(refused.error(), (400, "AUTH_LIMIT_EXCEEDED".to_owned(), String::new()));
    assert_eq!(world.unattended(&token, "/my/accounts").await.status, 200, "another resource");
    assert_eq!(world.api(&token, &balance).await.status, 200, "with the person");
    world.clock.advance(Duration::from_hours(24));
    assert_eq!(world.unattended(&token, &balance).await.status, 200, "another day");
}

#[tokio::test]
async fn later_pages_belong_to_the_first() {
    let world = World::start().await;
    world.bank.update_knobs(|knobs| knobs.unattended_per_day = Some(1).into());
    let token = world.accounts_token().await;
    assert_eq!(world.unattended(&token, "/my/accounts?size=1").await.status, 200);
    assert_eq!(world.unattended(&token, "/my/accounts?size=1&page=1").await.status, 200);
    assert_eq!(world.unattended(&token, "/my/accounts?size=1&page=0").await.status, 429);
}

#[tokio::test]
async fn a_consent_ends_by_itself() {
    let world = World::start().await;
    world.bank.update_knobs(|knobs| {
        knobs.access_ttl = Duration::from_hours(1000 * 24).into();
        knobs.refresh_ttl = Duration::from_hours(1000 * 24).into();
    });
    let tokens = world.connect("jana", "aisp").await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    world.clock.advance(Duration::from_hours(179 * 24));
    let token = world.refresh(refresh).await.json()["access_token"].as_str().unwrap().to_owned();
    let tpp = world.tpp_with(vec![Role::AccountInformation], Some(LICENCE));
    let call = async || {
        Answer::read(world.request(&tpp, "/my/accounts").bearer_auth(&token).send().await.unwrap())
            .await
    };
    assert_eq!(call().await.status, 200);
    world.clock.advance(Duration::from_hours(24));
    assert_eq!(call().await.error().0, 401);
    world.bank.update_knobs(|knobs| knobs.expired_status = 403.into());
    assert_eq!(call().await.error().0, 403);
    let refused = world.refresh(refresh).await;
    assert_eq!(refused.oauth_error(), (400, "invalid_grant".to_owned()));
    assert!(world.bank.live_tokens().is_empty());
    world.connect("jana", "aisp").await;
}
