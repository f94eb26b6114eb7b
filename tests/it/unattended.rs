//! The private door: the app's backend reads while the person is away, within the law (K49, T29).

use std::net::SocketAddr;
use std::time::Duration;

use bank_sim::{ApiReply, UnattendedReply};
use demo::browser::{Answer, Browser};
use demo::{ADMIN_KEY, Options, World};
use serde_json::json;

use crate::common::{accounts, api_calls, connected, problem, start};
use crate::logs;

const DAY: u64 = 86_400;

/// A world with a private door, and a clock that stands still.
async fn world() -> World {
    start(options()).await
}

fn options() -> Options {
    let admin_settings = Some("address = \"127.0.0.1:0\"".to_owned());
    Options { admin_settings, ..Options::stepped() }
}

/// The app's backend.
struct Backend {
    browser: Browser,
    client: reqwest::Client,
    address: SocketAddr,
    connection: String,
}

impl Backend {
    fn of(world: &World, connection: &str) -> Self {
        let client = demo::world::http_client(&world.bank);
        let (browser, address) = (world.browser(), world.admin().unwrap());
        Self { browser, client, address, connection: connection.to_owned() }
    }

    fn request(&self, path: &str) -> reqwest::RequestBuilder {
        let url = format!("http://{}/connections/{}{path}", self.address, self.connection);
        self.client.get(url).bearer_auth(ADMIN_KEY)
    }

    async fn get(&self, path: &str) -> Answer {
        self.browser.send(self.request(path)).await.unwrap()
    }

    async fn get_as(&self, action: &str, path: &str) -> u16 {
        let request = self.request(path).header("action-id", action);
        self.browser.send(request).await.unwrap().status.as_u16()
    }

    /// The path of an account of the connection; a person looks it up.
    async fn account(world: &World, browser: &Browser, id: &str) -> String {
        let body = accounts(browser, id).await.json();
        world.bank.clear_requests();
        format!("/api/my/accounts/{}", body["accounts"][0]["id"].as_str().unwrap())
    }
}

/// D.4 `unattended=5th`: the fifth access in 24 hours is refused without asking the bank, for this account
/// alone, and never where the person is there; P25: nothing claims that somebody is.
#[tokio::test]
async fn the_fifth_access_of_an_account_is_refused_here() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let account = Backend::account(&world, &browser, &id).await;
    let backend = Backend::of(&world, &id);
    let balance = format!("{account}/balance");
    for _ in 0..4 {
        assert_eq!(backend.get(&balance).await.status, 200);
        world.advance(Duration::from_mins(10));
    }
    for path in [&*balance, &format!("{account}/transactions")] {
        let body = problem(&backend.get(path).await, 429, "rate_limited");
        assert_eq!(body["retry_after"], DAY - 4 * 600, "{path}");
    }
    let calls = api_calls(&world);
    assert_eq!(calls.len(), 4, "the bank has not heard of the fifth");
    for call in calls {
        assert_eq!(call.header("user-involved").as_deref(), Some("false"));
        for name in ["user-ip-address", "user-ip-port", "user-user-agent", "accept-language"] {
            assert_eq!(call.header(name), None, "{name}");
        }
    }
    assert_eq!(backend.get("/api/my/accounts").await.status, 200, "the list counts apart");
    let with_person = format!("/connections/{id}{balance}");
    assert_eq!(browser.get(&with_person).await.unwrap().status, 200);
    world.advance(Duration::from_secs(DAY - 4 * 600));
    assert_eq!(backend.get(&balance).await.status, 200, "the first counts no more");
    problem(&backend.get(&balance).await, 429, "rate_limited");
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// K49: two brokers race for the fourth; one of them wins, and a third connection of the same person does
/// not help: the account is counted.
#[tokio::test]
async fn two_brokers_race_for_the_fourth() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let account = Backend::account(&world, &browser, &id).await;
    let backend = Backend::of(&world, &id);
    let balance = format!("{account}/balance");
    for _ in 0..3 {
        assert_eq!(backend.get(&balance).await.status, 200);
    }
    let node = world.join().await.unwrap();
    let other = Backend { address: node.admin.unwrap(), ..Backend::of(&world, &id) };
    let (a, b) = tokio::join!(backend.get(&balance), other.get(&balance));
    let mut told = [a.status.as_u16(), b.status.as_u16()];
    told.sort_unstable();
    assert_eq!((told, api_calls(&world).len()), ([200, 429], 4));
    let (_another, second) = connected(&world).await;
    problem(&Backend::of(&world, &second).get(&balance).await, 429, "rate_limited");
    node.stop().await;
}

/// T29: neither a restart nor a call that broke off gives an access back.
#[tokio::test]
async fn what_is_counted_stays_counted() {
    let mut world = world().await;
    let (browser, id) = connected(&world).await;
    let account = Backend::account(&world, &browser, &id).await;
    let balance = format!("{account}/balance");
    let backend = Backend::of(&world, &id);
    world.bank.update_knobs(|knobs| knobs.api_reply = ApiReply::DropAfterCommit.into());
    for _ in 0..2 {
        assert!(!backend.get(&balance).await.status.is_success());
    }
    world.bank.update_knobs(|knobs| knobs.api_reply = ApiReply::Normal.into());
    world.restart_broker().await.unwrap();
    let backend = Backend::of(&world, &id);
    for _ in 0..2 {
        assert_eq!(backend.get(&balance).await.status, 200);
    }
    problem(&backend.get(&balance).await, 429, "rate_limited");
    assert_eq!(api_calls(&world).len(), 4);
}

/// Calls with one `Action-ID` are one access: all pages and resources, each once, for 15 minutes.
#[tokio::test]
async fn calls_of_one_action_are_one_access() {
    logs::begin();
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let account = Backend::account(&world, &browser, &id).await;
    let backend = Backend::of(&world, &id);
    let page = |number| format!("{account}/transactions?size=10&page={number}");
    let balance = format!("{account}/balance");
    for path in [&balance, &page(0), &page(1), &page(2)] {
        assert_eq!(backend.get_as("night-1", path).await, 200, "{path}: the first access");
    }
    let calls = api_calls(&world);
    assert!(calls.iter().all(|call| call.header("action-id").as_deref() == Some("night-1")));
    assert_eq!(backend.get_as("night-1", &balance).await, 200, "once more: the second");
    world.advance(Duration::from_secs(901));
    assert_eq!(backend.get_as("night-1", &page(3)).await, 200, "too late: the third");
    assert_eq!(backend.get_as("no id, as it has spaces", &page(3)).await, 200, "the fourth");
    assert_eq!(backend.get_as("night-2", &page(3)).await, 429);
    assert_eq!(backend.get_as("night-1", &page(2)).await, 200, "the third goes on");
    let events = logs::events("unattended_read");
    assert_eq!(events.len(), 8);
    assert_eq!(events.last().unwrap()["used"], 4);
    let told = format!("{events:?}");
    assert!(!told.contains(account.rsplit('/').next().unwrap()), "no account id in the log");
}

/// D.4 `unattended=5th`, where the local count is wrong: the bank's refusal is told, and not tried again.
#[tokio::test]
async fn a_bank_that_counts_otherwise_is_heard() {
    let provider_settings = "unattended_per_day = 100".to_owned();
    let dangers = vec!["more_unattended"];
    let world = start(Options { provider_settings, dangers, ..options() }).await;
    let (browser, id) = connected(&world).await;
    let account = Backend::account(&world, &browser, &id).await;
    let backend = Backend::of(&world, &id);
    world.bank.update_knobs(|knobs| knobs.unattended_per_day = Some(4).into());
    let balance = format!("{account}/balance");
    for _ in 0..4 {
        assert_eq!(backend.get(&balance).await.status, 200);
    }
    problem(&backend.get(&balance).await, 429, "rate_limited");
    world.bank.update_knobs(|knobs| {
        knobs.unattended_reply = UnattendedReply::AuthLimitExceeded.into();
    });
    let body = problem(&backend.get(&balance).await, 422, "bank_refused");
    assert_eq!(body["bank_codes"], json!(["AUTH_LIMIT_EXCEEDED"]));
    assert_eq!(api_calls(&world).len(), 6, "each asked once");
}

/// What nobody may read any more is told before it is counted; tokens are renewed as for a person.
#[tokio::test]
async fn an_ended_consent_costs_no_access() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let account = Backend::account(&world, &browser, &id).await;
    let backend = Backend::of(&world, &id);
    let balance = format!("{account}/balance");
    world.advance(Duration::from_hours(1));
    assert_eq!(backend.get(&balance).await.status, 200, "with a refresh");
    let told = backend.get("").await.json();
    assert_eq!((&told["status"], &told["id"]), (&json!("connected"), &json!(id)));
    assert!(told["last_used_at"].is_string(), "the person sees that it was used");
    world.advance(Duration::from_secs(180 * DAY));
    world.bank.clear_requests();
    problem(&backend.get(&balance).await, 401, "reconnect");
    assert_eq!(backend.get("").await.json()["status"], "reconnect");
    assert!(world.bank.requests().is_empty());
    problem(&Backend::of(&world, "nobody").get("").await, 404, "not_found");
    problem(&Backend::of(&world, "nobody").get("/api/my/accounts").await, 404, "not_found");
}

/// A connection whose cookie no browser has shown is not there yet: it may still be somebody else's.
#[tokio::test]
async fn a_connection_under_way_is_nobodys() {
    let world = world().await;
    let browser = world.browser();
    let id = browser.connect("cnb", "aisp").await.unwrap();
    problem(&Backend::of(&world, &id).get("").await, 404, "not_found");
    assert_eq!(browser.get(&format!("/connections/{id}")).await.unwrap().status, 200);
    assert_eq!(Backend::of(&world, &id).get("").await.status, 200);
}

/// A bank that misbehaves is told as for a person.
#[tokio::test]
async fn answers_are_judged_as_for_a_person() {
    let world = world().await;
    let (_browser, id) = connected(&world).await;
    world
        .bank
        .update_knobs(|knobs| knobs.api_reply = ApiReply::Html("<p>canary</p>".to_owned()).into());
    problem(&Backend::of(&world, &id).get("/api/my/accounts").await, 502, "bank_unavailable");
}
