//! Tokens that a person is using are renewed before a call waits for it (T14); those of nobody are left alone.

use std::time::Duration;

use bank_sim::{Knob, Rule, TokenReply};
use broker::ambient::Pause;
use demo::browser::Browser;
use demo::node::Node;
use demo::{Options, World};

use crate::common::{accounts, connected, eventually, refreshes, start, stepped};
use crate::rounds::Rounds;

const SECOND: Duration = Duration::from_secs(1);

/// A broker beside the world's own whose refreshes ahead of time come when the test says so.
async fn join(world: &World) -> (Rounds, Node) {
    let rounds = Rounds::of(Pause::Ahead).in_loops(2); // of the two banks where people log in
    let node = world.join_with(rounds.clone()).await.unwrap();
    rounds.begun().await;
    (rounds, node)
}

/// T14: a page that reads on and on never waits for a refresh, and the bank sees one per life of a token.
#[tokio::test]
async fn a_page_that_reads_on_never_waits() {
    let world = stepped().await;
    let (browser, id) = connected(&world).await;
    let (rounds, node) = join(&world).await;
    let browser = browser.through(node.address);
    for _ in 0..60 {
        let before = refreshes(&world).len();
        assert_eq!(accounts(&browser, &id).await.status, 200);
        assert_eq!(refreshes(&world).len(), before, "no call waits");
        for _ in 0..4 {
            world.advance(5 * SECOND);
            rounds.one().await;
        }
    }
    // twenty minutes; a life ends 240 to 270 seconds after its begin, and five to be seen
    let seen = refreshes(&world).len();
    assert!((4..=5).contains(&seen), "{seen}");
    assert_eq!(world.bank.violations(), Vec::<String>::new());
}

/// T14: who has gone two minutes ago is not using it, and nor is the app's backend, whatever it reads.
#[tokio::test]
async fn what_nobody_uses_is_left_alone() {
    let admin_settings = "address = \"127.0.0.1:0\"".to_owned();
    let world = start(Options { admin_settings: Some(admin_settings), ..Options::stepped() }).await;
    let (browser, id) = connected(&world).await;
    let (rounds, node) = join(&world).await;
    world.advance(119 * SECOND);
    assert_eq!(accounts(&browser.through(node.address), &id).await.status, 200);
    for second in 119..300 {
        if second == 230 {
            let door = node.admin.unwrap();
            let path = format!("http://{door}/connections/{id}/api/my/accounts");
            let client = reqwest::Client::builder().no_proxy().build().unwrap();
            let asked = client.get(path).bearer_auth(demo::ADMIN_KEY).send().await.unwrap();
            assert_eq!(asked.status(), 200);
        }
        world.advance(SECOND);
        rounds.one().await;
    }
    assert_eq!(refreshes(&world).len(), 0);
}

/// T14, P28: grants that came together, and end together, are not renewed together.
#[tokio::test]
async fn grants_that_end_together_are_spread() {
    let population = bank_sim::Population { crowd: 300, ..Default::default() };
    let world = start(Options { population, ..Options::stepped() }).await;
    let crowd =
        world.bank.credentials().into_iter().filter(|one| one.username.starts_with("klient"));
    let (rounds, node) = join(&world).await;
    let mut people: Vec<(Browser, String)> = Vec::new();
    for credential in crowd {
        let browser = world.browser().as_customer(&credential.username, &credential.password);
        let id = browser.connect("cnb", "aisp").await.unwrap();
        people.push((browser.through(node.address), id));
    }
    assert_eq!(people.len(), 300);
    world.advance(200 * SECOND);
    for (browser, id) in &people {
        assert_eq!(browser.get(&format!("/connections/{id}")).await.unwrap().status, 200);
        assert_eq!(accounts(browser, id).await.status, 200);
    }
    world.bank.clear_requests();
    let mut busiest = 0;
    for second in 200..271 {
        let before = refreshes(&world).len();
        world.advance(SECOND);
        rounds.one().await;
        let now = refreshes(&world).len() - before;
        assert!(now == 0 || second >= 239, "none is early: {second}");
        busiest = busiest.max(now);
    }
    assert_eq!(refreshes(&world).len(), 300);
    assert!(busiest <= 40, "{busiest} in one second, of 10 on average");
    for (browser, id) in &people {
        assert_eq!(accounts(browser, id).await.status, 200);
    }
    assert_eq!(refreshes(&world).len(), 300, "no call waits");
}

/// T14: a bank that does not answer keeps nobody's tokens at another bank from being renewed.
#[tokio::test]
async fn a_slow_bank_keeps_no_other_waiting() {
    let options = Options { second_provider: false, further_banks: 1, ..Options::stepped() };
    let world = start(options).await;
    let (rounds, node) = join(&world).await;
    let mut people = Vec::new();
    for (user, provider) in [("jana", "cnb"), ("petr", "bank-2")] {
        let mut all = world.bank.credentials().into_iter();
        let credential = all.find(|one| one.username == user).unwrap();
        let browser = world.browser().as_customer(user, &credential.password);
        let id = browser.connect(provider, "aisp").await.unwrap();
        people.push((browser.through(node.address), id));
        world.advance(60 * SECOND);
    }
    let silent = Knob::default().with(Rule::to(TokenReply::Hang).user("jana"));
    world.bank.update_knobs(|knobs| knobs.refresh_reply = silent);
    world.advance(80 * SECOND);
    for (browser, id) in &people {
        assert_eq!(accounts(browser, id).await.status, 200);
    }
    world.advance(71 * SECOND); // the end of the first life is near
    rounds.begin();
    eventually("the slow bank is asked", || refreshes(&world).len() == 1).await;
    let (browser, id) = &people[1];
    assert_eq!(accounts(browser, id).await.status, 200);
    world.advance(60 * SECOND);
    rounds.begin();
    eventually("and so is the other", || refreshes(&world).len() == 2).await;
}
