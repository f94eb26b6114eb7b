//! Walk two, answers: what the bank says comes through whole, or becomes a problem.

use std::collections::BTreeSet;
use std::time::Duration;

use bank_sim::ApiReply;
use cobs::account::Account;
use cobs::balance::Balance;
use cobs::paging::Paging;
use cobs::transaction::Transaction;
use demo::World;
use demo::browser::{Answer, Browser};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::common::{
    accounts, api_calls, connected, hasty, live_tokens, problem, refreshes, stepped, world,
};

async fn get(browser: &Browser, id: &str, path: &str) -> Answer {
    browser.get(&format!("/connections/{id}/api{path}")).await.unwrap()
}

fn ibans(list: &Value) -> BTreeSet<String> {
    let accounts = list["accounts"].as_array().unwrap().iter();
    accounts.map(|a| a["identification"]["iban"].as_str().unwrap().to_owned()).collect()
}

/// What comes back is what the types of the package say.
#[tokio::test]
async fn bodies_fit_the_types_of_the_standard() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let list = accounts(&browser, &id).await.json();
    let all: Vec<Account> = serde_json::from_value(list["accounts"].clone()).unwrap();
    assert!(!all.is_empty());
    for account in &all {
        assert!(account.identification.iban.as_deref().unwrap().starts_with("CZ"));
        let path = format!("/my/accounts/{}/balance", account.id);
        let body = get(&browser, &id, &path).await.json();
        let balances: Vec<Balance> = serde_json::from_value(body["balances"].clone()).unwrap();
        assert!(!balances.is_empty());
    }
    let current = &all[0].id;
    let (mut page, mut read, mut total) = (Some(0), 0, None);
    while let Some(number) = page {
        let path = format!("/my/accounts/{current}/transactions?size=50&page={number}");
        let body = get(&browser, &id, &path).await.json();
        let paging: Paging = serde_json::from_value(body.clone()).unwrap();
        let some: Vec<Transaction> = serde_json::from_value(body["transactions"].clone()).unwrap();
        read += some.len();
        total = paging.total_count;
        page = paging.next();
    }
    assert_eq!(total, u32::try_from(read).ok());
    assert!(read > 50, "more than one page");
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// P23, K34: the bank's known codes, and not a word more.
#[tokio::test]
async fn error_codes_of_the_bank_are_told_and_nothing_else() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let list = accounts(&browser, &id).await.json();
    let account = list["accounts"][0]["id"].as_str().unwrap().to_owned();
    let of = |path: &str| format!("/my/accounts/{account}/{path}");
    for (path, code) in [
        ("/my/accounts/acc-nobody/balance".to_owned(), "ID_NOT_FOUND"),
        ("/my/accounts?page=99&size=1".to_owned(), "PAGE_NOT_FOUND"),
        (of("transactions?page=9999&size=1"), "PAGE_NOT_FOUND"),
        (of("transactions?fromDate=2999-01-01"), "DT01"),
        (of("transactions?fromDate=1999-01-01"), "DT01"),
        (of("transactions?fromDate=nonsense"), "PARAMETER_INVALID"),
        (of("balance?currency=USD"), "AC09"),
    ] {
        let answer = get(&browser, &id, &path).await;
        let body = problem(&answer, 422, "bank_refused");
        assert_eq!(body["bank_codes"], json!([code]), "{path}");
        for word in ["DATE_IN_FUTURE", "DATE_TO_OLD", "CURRENCY_ALLOWED", "errors", "scope"] {
            assert!(!answer.text.contains(word), "{path}: {}", answer.text);
        }
    }
    assert!(refreshes(&world).is_empty());
}

/// P06, P19, P22, P28: whatever else the bank answers, the page gets a problem, after one call.
#[tokio::test]
async fn answers_of_no_use_become_problems() {
    let world = hasty(|_| ()).await;
    let (browser, id) = connected(&world).await;
    let html = "<script>canary</script>".to_owned();
    let evil = "https://evil.example/canary".to_owned();
    for (reply, status, code) in [
        (ApiReply::Html(html), 502, "bank_unavailable"),
        (ApiReply::Redirect(evil), 502, "bank_unavailable"),
        (ApiReply::Coded("gzip".to_owned()), 502, "bank_unavailable"),
        (ApiReply::Hang, 504, "bank_unavailable"),
        (ApiReply::Status(500), 502, "bank_unavailable"),
        (ApiReply::Status(503), 502, "bank_unavailable"),
        (ApiReply::Status(429), 429, "rate_limited"),
        (ApiReply::Status(400), 422, "bank_refused"),
        (ApiReply::Status(403), 422, "bank_refused"),
        (ApiReply::Status(415), 422, "bank_refused"),
    ] {
        world.bank.clear_requests();
        world.bank.update_knobs(|knobs| knobs.api_reply = reply.clone().into());
        let answer = accounts(&browser, &id).await;
        problem(&answer, status, code);
        assert!(!answer.text.contains("canary"), "{reply:?}: {}", answer.text);
        assert_eq!(api_calls(&world).len(), 1, "{reply:?}: no retry");
        assert!(refreshes(&world).is_empty(), "{reply:?}");
    }
    world.bank.update_knobs(|knobs| knobs.api_reply = ApiReply::Normal.into());
    assert_eq!(accounts(&browser, &id).await.status, 200, "no harm done");
}

/// P18, P19, P20: a body that breaks off, drips or has no end reaches the page as a broken transfer,
/// never as a short one that looks whole.
#[tokio::test]
async fn bodies_out_of_bounds_break_off() {
    let world = hasty(|_| ()).await;
    let (browser, id) = connected(&world).await;
    for reply in [
        ApiReply::Huge { bytes: 3 * 1024 * 1024 },
        ApiReply::Truncated,
        ApiReply::Drip { delay: Duration::from_millis(50) },
        ApiReply::Drip { delay: Duration::from_hours(1) },
    ] {
        world.bank.update_knobs(|knobs| knobs.api_reply = reply.clone().into());
        let answer = browser.get(&format!("/connections/{id}/api/my/accounts")).await;
        if let Ok(answer) = answer {
            assert!(!answer.status.is_success(), "{reply:?}: {} bytes", answer.text.len());
        }
    }
    world.bank.update_knobs(|knobs| knobs.api_reply = ApiReply::Normal.into());
    assert_eq!(accounts(&browser, &id).await.status, 200, "no harm done");
}

/// P20: a big body comes through whole.
#[tokio::test]
async fn a_big_body_is_streamed() {
    let world = world().await;
    let (browser, id) = connected(&world).await;
    let bytes = 20 * 1024 * 1024;
    world.bank.update_knobs(|knobs| knobs.api_reply = ApiReply::Huge { bytes }.into());
    let answer = accounts(&browser, &id).await;
    assert_eq!((answer.status.as_u16(), answer.text.len() as u64), (200, bytes));
}

/// D.4 `consent=revoked_at_bank`: one attempt to renew, then `reconnect`, and no storm.
#[tokio::test]
async fn a_consent_withdrawn_at_the_bank_ends_the_connection() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    let user = world.bank.credentials()[0].username.clone();
    world.bank.revoke_consent(&user);
    world.bank.clear_requests();
    for _ in 0..5 {
        problem(&accounts(&browser, &id).await, 401, "reconnect");
    }
    assert_eq!((api_calls(&world).len(), refreshes(&world).len()), (1, 1));
    let body = browser.get(&format!("/connections/{id}")).await.unwrap().json();
    assert_eq!((&body["status"], &body["reason"]), (&json!("reconnect"), &json!("ended_by_bank")));
}

/// P13, P14, C18: thirty browsers of four customers at once, each sees its own money only.
#[tokio::test]
async fn customers_never_see_each_other() {
    let world = world().await;
    let mut own = Vec::new();
    for credential in world.bank.credentials() {
        let browser = world.browser().as_customer(&credential.username, &credential.password);
        let id = browser.connect("cnb", "aisp").await.unwrap();
        own.push((credential, ibans(&accounts(&browser, &id).await.json())));
    }
    let all: BTreeSet<_> = own.iter().flat_map(|(_, ibans)| ibans.clone()).collect();
    assert_eq!(all.len(), own.iter().map(|(_, ibans)| ibans.len()).sum::<usize>(), "distinct");
    let mut browsers = JoinSet::new();
    for at in 0..30 {
        let (credential, expected) = own[at % own.len()].clone();
        let browser = world.browser().as_customer(&credential.username, &credential.password);
        browsers.spawn(async move { reads_only(&browser, &expected).await });
    }
    while let Some(done) = browsers.join_next().await {
        done.unwrap();
    }
    no_token_is_told(&world, own.len());
}

async fn reads_only(browser: &Browser, expected: &BTreeSet<String>) {
    let id = browser.connect("cnb", "aisp").await.unwrap();
    for _ in 0..3 {
        let list = accounts(browser, &id).await;
        assert_eq!(&ibans(&list.json()), expected, "{}", list.text);
        let account = list.json()["accounts"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/my/accounts/{account}/transactions?size=5");
        assert_eq!(get(browser, &id, &path).await.status, 200);
    }
}

fn no_token_is_told(world: &World, customers: usize) {
    assert_eq!(world.bank.live_tokens().len(), customers, "one pair per customer");
    assert_eq!(live_tokens(world).len(), 2 * customers);
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}
