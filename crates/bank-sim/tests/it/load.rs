//! Much data and many people at once: nothing is lost, doubled or mixed up.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use bank_sim::{Credential, Population};
use tokio::sync::{Barrier, Semaphore};
use tokio::task::JoinSet;

use crate::browser::Browser;
use crate::violations::Draw;
use crate::world::{World, client_with, query};

/// People who stand at the same step at once. Only a release build is quick enough for the many.
const CROWD: u32 = if cfg!(debug_assertions) { 300 } else { 10_000 };

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_hundred_thousand_movements_fit_together() {
    let world = World::with(|options| options.population.movements = 100_000).await;
    let tokens = world.connect("obec", "aisp").await;
    let token = tokens["access_token"].as_str().unwrap();
    let accounts = world.api(token, "/my/accounts").await.json();
    let id = accounts["accounts"][0]["id"].as_str().unwrap().to_owned();
    let (mut seen, mut last) = (HashSet::new(), "9999-12-31".to_owned());
    // the beginning, the middle and the end
    let pages: Vec<_> = (0..4).chain(98..102).chain(196..200).collect();
    for page in &pages {
        let path = format!("/my/accounts/{id}/transactions?fromDate=2025-02-08&page={page}");
        let answer = world.api(token, &path).await.json();
        assert_eq!(answer["totalCount"], 100_000);
        assert_eq!(answer["pageCount"], 200);
        assert_eq!(answer["nextPage"].as_u64(), Some(page + 1).filter(|next| *next < 200));
        for entry in answer["transactions"].as_array().unwrap() {
            let day = entry["bookingDate"]["date"].as_str().unwrap();
            assert!(day <= &*last, "newest first");
            day.clone_into(&mut last);
            assert!(seen.insert(entry["entryReference"].as_str().unwrap().to_owned()));
        }
    }
    assert_eq!(seen.len(), 500 * pages.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_log_in_together_get_tokens_of_their_own() {
    let population = Population { crowd: CROWD, ..Population::default() };
    let world = Arc::new(World::with(|options| options.population = population).await);
    let users = world.bank.credentials().into_iter();
    let users: Vec<_> = users.filter(|user| user.username.starts_with("klient")).collect();
    let (browser, gate) = (client_with(&world.bank, None), Arc::new(Barrier::new(users.len())));
    // few at a time may speak, all of them are under way
    let speak = Arc::new(Semaphore::new(100));
    let mut people = JoinSet::new();
    for user in users.clone() {
        let person = Browser::by(browser.clone(), &world);
        people.spawn(walk(world.clone(), person, user, gate.clone(), speak.clone()));
    }
    let owners = people.join_all().await;
    let live = world.bank.live_tokens();
    assert_eq!((owners.len(), live.len()), (users.len(), users.len()));
    let live: HashMap<_, _> =
        live.into_iter().map(|info| (info.user, info.access_token.unwrap())).collect();
    for (user, token) in owners {
        assert_eq!(live[&user.username], token);
    }
    let none: [String; 0] = [];
    assert_eq!(world.bank.violations(), none);
}

/// One person's way to tokens, in step with everybody else. Out: the person and the access token.
async fn walk(
    world: Arc<World>,
    mut person: Browser,
    user: Credential,
    gate: Arc<Barrier>,
    speak: Arc<Semaphore>,
) -> (Credential, String) {
    let draw = Draw::new();
    let url = draw.url(&world);
    for step in 0..5 {
        let turn = speak.acquire().await.unwrap();
        match step {
            0 => person.open(&url).await,
            1 => person.submit(&[("username", &user.username), ("password", &user.password)]).await,
            2 => person.confirm_sms().await,
            3 => {
                let accounts = person.values("account");
                let accounts: Vec<_> = accounts.iter().map(|id| ("account", id.as_str())).collect();
                person.submit(&accounts).await;
            }
            _ => person.submit(&[("consent", "yes")]).await,
        }
        drop(turn);
        gate.wait().await;
    }
    assert_eq!(query(&person.left_to, "state"), Some(draw.state.clone()));
    let code = query(&person.left_to, "code").unwrap();
    let turn = speak.acquire().await.unwrap();
    let tokens = world.exchange_drawn(&code, &draw).await.json();
    drop(turn);
    (user, tokens["access_token"].as_str().unwrap().to_owned())
}
