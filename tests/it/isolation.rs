//! Two hundred people at once, each with a canary that only he has: no answer ever holds another's, whatever is
//! shared below (connections to the bank, refreshes under way, idempotency keys, sessions, two brokers).

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bank_sim::{ApiReply, Clock, Knob, Knobs, Population, Refresh, Rule};
use demo::browser::{Answer, Browser};
use demo::node::Node;
use demo::world::Failure;
use demo::{Options, World};
use reqwest::Method;
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::common::{accounts, refreshes, start};
use crate::payer::{ELSEWHERE, call, connect};

const PEOPLE: usize = 200;
/// Every so many have a connection for payments, too.
const PAYERS: usize = 4;
/// Every so many disconnect in the middle.
const LEAVERS: usize = 10;
/// Everybody's order has this one key.
const KEY: &str = "one-key-of-all-the-people";
/// Five minutes and a second: the access tokens are over.
const OVER: Duration = Duration::from_secs(301);

/// A person, and what only he has.
struct Person {
    user: String,
    /// At the first broker, and at the second.
    browsers: [Browser; 2],
    reading: String,
    paying: Option<String>,
    account: String,
    iban: String,
}

/// Everybody's canaries, and whose each is.
struct Canaries(HashMap<String, String>);

impl Canaries {
    /// What an answer holds of anybody: of this person something, and of nobody else anything.
    fn judge(&self, person: &Person, answer: &Answer) {
        assert_eq!(answer.status, 200, "{}: {}", person.user, answer.text);
        let owners = self.owners(&answer.text);
        assert_eq!(owners, BTreeSet::from([&*person.user]), "{}", answer.text);
    }

    fn owners(&self, text: &str) -> BTreeSet<&str> {
        let words = text.split(|sign: char| !(sign.is_alphanumeric() || sign == '-'));
        words.filter_map(|word| self.0.get(word)).map(String::as_str).collect()
    }
}

/// P13, P14, P29, C18 to C20: forced renewals of all at once, by the clock and by the bank, several callers each
/// at two brokers, one key for everybody's order, and people who leave in the middle.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_sees_his_own_alone() {
    let world = world().await;
    let node = world.join().await.unwrap();
    let people = connect_all(&world, &node).await;
    let canaries = Arc::new(canaries(&people));
    let mut owners = Owners::default();
    owners.learn(&world);
    read_all(&people, &canaries).await;
    // every token is over at once
    world.advance(OVER);
    read_all(&people, &canaries).await;
    owners.learn(&world);
    assert!(refreshes(&world).len() >= PEOPLE);
    // the bank takes nobody's token, once, though it is not over
    world.advance(Duration::from_mins(1));
    let once = |knob: Knob<ApiReply>, person: &Arc<Person>| {
        knob.with(Rule::to(ApiReply::Expired).user(&person.user).times(1))
    };
    let refused = people.iter().fold(Knob::default(), once);
    world.bank.update_knobs(|knobs| knobs.api_reply = refused);
    let before = refreshes(&world).len();
    read_all(&people, &canaries).await;
    owners.learn(&world);
    assert!(refreshes(&world).len() >= before + PEOPLE, "everybody was renewed");
    owners.judge(&world, &people);
    pay_all(&people, &canaries).await;
    // some leave while the others, and they themselves, are being renewed again
    world.advance(OVER);
    leave(&people, &canaries).await;
    owners.learn(&world);
    owners.judge(&world, &people);
    read_all(&staying(&people), &canaries).await;
    assert_eq!(world.bank.violations(), Vec::<String>::new());
    node.stop().await;
}

/// A bank with a crowd, which takes a refresh token once.
async fn world() -> World {
    let today = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / 86_400;
    start(Options {
        // noon: no movement is booked meanwhile
        clock: Clock::manual(UNIX_EPOCH + Duration::from_secs(today * 86_400 + 43_200)),
        population: Population { crowd: u32::try_from(PEOPLE).unwrap(), ..Population::default() },
        knobs: Knobs { refresh: Refresh::RotateWithReuseDetection.into(), ..Knobs::default() },
        ..Options::default()
    })
    .await
}

/// Everybody connects in a browser of his own; only the first two share one.
async fn connect_all(world: &World, node: &Node) -> Vec<Arc<Person>> {
    let users = world.bank.credentials().into_iter();
    let users: Vec<_> = users.filter(|user| user.username.starts_with("klient")).collect();
    let (turn, second) = (Arc::new(Semaphore::new(12)), node.address);
    let mut coming = JoinSet::new();
    let shared = world.browser().as_customer(&users[0].username, &users[0].password);
    let first = connect(&shared, "aisp").await;
    let second_user = shared.as_customer(&users[1].username, &users[1].password);
    let mut people = vec![come(second_user, second, (1, users[1].username.clone())).await];
    let again = people[0].browsers[0].through(world.address);
    people.insert(0, known(again, second, (users[0].username.clone(), first, None)).await);
    for (at, user) in users.into_iter().enumerate().skip(2) {
        let browser = world.browser().as_customer(&user.username, &user.password);
        let turn = turn.clone();
        coming.spawn(async move {
            let _turn = turn.acquire_owned().await;
            come(browser, second, (at, user.username)).await
        });
    }
    people.extend(coming.join_all().await);
    assert_eq!(people.len(), PEOPLE);
    people.into_iter().map(Arc::new).collect()
}

async fn come(
    browser: Browser,
    second: std::net::SocketAddr,
    (at, user): (usize, String),
) -> Person {
    let reading = connect(&browser, "aisp").await;
    let paying =
        if at.is_multiple_of(PAYERS) { Some(connect(&browser, "pisp").await) } else { None };
    known(browser, second, (user, reading, paying)).await
}

/// Finds the person's canary.
async fn known(
    browser: Browser,
    second: std::net::SocketAddr,
    (user, reading, paying): (String, String, Option<String>),
) -> Person {
    let list = accounts(&browser, &reading).await.json();
    let [one] = &list["accounts"].as_array().unwrap()[..] else { panic!("one account: {list}") };
    let (account, iban) = (one["id"].as_str(), one["identification"]["iban"].as_str());
    let (account, iban) = (account.unwrap().to_owned(), iban.unwrap().to_owned());
    let browsers = [browser.through(second), browser];
    Person { user, browsers, reading, paying, account, iban }
}

fn canaries(people: &[Arc<Person>]) -> Canaries {
    let of = |person: &Arc<Person>| {
        [&person.account, &person.iban, &person.user].map(|it| (it.clone(), person.user.clone()))
    };
    let all: HashMap<_, _> = people.iter().flat_map(of).collect();
    assert_eq!(all.len(), 3 * PEOPLE, "nobody has what another has");
    Canaries(all)
}

/// Everybody reads his accounts at both brokers and his movements, all at once.
async fn read_all(people: &[Arc<Person>], canaries: &Arc<Canaries>) {
    let mut calls = JoinSet::new();
    for person in people {
        for part in 0..4 {
            let (person, canaries) = (person.clone(), canaries.clone());
            calls.spawn(async move { canaries.judge(&person, &read(&person, part).await) });
        }
    }
    calls.join_all().await;
}

async fn read(person: &Person, part: usize) -> Answer {
    let api = format!("/connections/{}/api/my/accounts", person.reading);
    let path = match part {
        0 | 1 => api,
        2 => format!("{api}/{}/transactions?size=20", person.account),
        _ => format!("{api}/{}/transactions?size=20&sort=bookingDate&order=desc", person.account),
    };
    patiently(|| person.browsers[part % 2].get(&path)).await
}

/// Asks until there is an answer: so many at once are too many for the store of a slow machine, or for a bank,
/// which is told.
async fn patiently<F: Future<Output = Result<Answer, Failure>>>(ask: impl Fn() -> F) -> Answer {
    loop {
        let answer = ask().await.unwrap();
        if !["internal", "rate_limited"].contains(&&*answer.code()) || answer.status == 500 {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Everybody who may enters an order under the same key, at both brokers, and asks what became of it.
async fn pay_all(people: &[Arc<Person>], canaries: &Arc<Canaries>) {
    let mut calls = JoinSet::new();
    let payers: Vec<_> = people.iter().filter(|person| person.paying.is_some()).collect();
    for (person, at) in payers.iter().flat_map(|person| [(*person, 0), (*person, 1)]) {
        let (person, canaries) = (person.clone(), canaries.clone());
        calls.spawn(async move { pay(&person, at, &canaries).await });
    }
    let names = calls.join_all().await;
    let different: BTreeSet<_> = names.iter().collect();
    assert_eq!((different.len(), names.len()), (payers.len(), 2 * payers.len()), "one order each");
}

/// Answers what the bank calls the order.
async fn pay(person: &Person, at: usize, canaries: &Canaries) -> String {
    let (browser, paying) = (&person.browsers[at], person.paying.as_ref().unwrap());
    let body = json!({
        "paymentIdentification": { "instructionIdentification": person.user },
        "amount": { "instructedAmount": { "value": 150.50, "currency": "CZK" } },
        "debtorAccount": { "identification": { "iban": person.iban } },
        "creditorAccount": { "identification": { "iban": ELSEWHERE } },
    });
    let answer = patiently(|| async {
        let target = (Method::POST, "/my/payments");
        Ok(call(browser, paying, target, Some(&body), Some(KEY)).await)
    });
    let answer = answer.await;
    canaries.judge(person, &answer);
    let orders = format!("/connections/{paying}/orders");
    let kept = patiently(|| browser.get(&orders)).await;
    canaries.judge(person, &kept);
    assert_eq!(kept.json()["orders"].as_array().unwrap().len(), 1);
    answer.json()["transactionIdentification"].as_str().unwrap().to_owned()
}

/// Whether a person disconnects in the middle; the two who share a browser stay.
fn leaves(at: usize) -> bool {
    at % LEAVERS == LEAVERS - 1
}

fn staying(people: &[Arc<Person>]) -> Vec<Arc<Person>> {
    let staying = people.iter().enumerate().filter(|(at, _)| !leaves(*at));
    staying.map(|(_, person)| person.clone()).collect()
}

/// Some disconnect at one broker while everybody reads at both.
async fn leave(people: &[Arc<Person>], canaries: &Arc<Canaries>) {
    let mut calls = JoinSet::new();
    for (at, person) in people.iter().enumerate() {
        for part in 0..4 {
            let (person, canaries) = (person.clone(), canaries.clone());
            calls.spawn(async move {
                let answer = read(&person, part).await;
                if !leaves(at) || answer.status == 200 {
                    return canaries.judge(&person, &answer);
                }
                // 401, or 502 where the tokens were revoked under a call that had just renewed them
                assert!([401, 502].contains(&answer.status.as_u16()), "{}", answer.text);
                assert!(canaries.owners(&answer.text).is_empty(), "{}", answer.text);
            });
        }
        if leaves(at) {
            let person = person.clone();
            calls.spawn(async move {
                let path = format!("/connections/{}", person.reading);
                let gone = patiently(|| person.browsers[0].delete(&path)).await;
                assert_eq!(gone.status, 200, "{}", gone.text);
            });
        }
    }
    calls.join_all().await;
    for (_, person) in people.iter().enumerate().filter(|(at, _)| leaves(*at)) {
        assert_eq!(read(person, 0).await.status, 401);
    }
}

/// Whose every token is that the bank has handed out, as far as it was alive when we looked.
#[derive(Default)]
struct Owners(HashMap<String, String>);

impl Owners {
    fn learn(&mut self, world: &World) {
        for info in world.bank.live_tokens() {
            for token in [info.access_token, info.refresh_token].into_iter().flatten() {
                let before = self.0.insert(token, info.user.clone());
                assert!(before.is_none_or(|before| before == info.user), "one token of two people");
            }
        }
    }

    /// The bank has seen each token for the accounts of its own person only.
    fn judge(&self, world: &World, people: &[Arc<Person>]) {
        let accounts: HashMap<_, _> =
            people.iter().map(|person| (&*person.account, &*person.user)).collect();
        let (mut known, mut asked) = (0, HashMap::new());
        for call in world.bank.requests() {
            let token = call.header("authorization").unwrap_or_default();
            let Some(token) = token.strip_prefix("Bearer ") else { continue };
            let owner = call.path().split('/').find_map(|part| accounts.get(part));
            let Some(owner) = owner else { continue };
            let before = asked.insert(token.to_owned(), *owner);
            assert!(before.is_none_or(|before| before == *owner), "one token for two people");
            if let Some(of) = self.0.get(token) {
                known += 1;
                assert_eq!(of, owner);
            }
        }
        assert!(known >= 2 * PEOPLE, "only {known} calls were judged");
    }
}
